"""Every promise in the docs is kept: commands, options, settings, links, examples, and what is not written there."""

import re
import runpy
import tomllib
from dataclasses import fields
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import typer
from tests.conftest import ROOT, project_files

import broadsheet
from broadsheet.cli.app import app
from broadsheet.settings import Settings

TOP: dict[str, Any] = typer.main.get_command(app).commands
# The commands of a group stand beside it by their two words.
COMMANDS = TOP | {
    f"{name} {part}": inner for name, group in TOP.items() for part, inner in getattr(group, "commands", {}).items()
}
PAGES = sorted(path.relative_to(ROOT) for path in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")))
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
# Put together here so that this file does not hold what it looks for.
ELSEWHERE = re.compile(
    r"(?<![\w.])/(?:work|home|root|Users|farm|opt)/|"
    + "|".join(
        re.escape(name + end) for name, end in (("pypi", ".org/simple"), ("python", "hosted"), ("registry.", "npmjs"))
    )
)


def text_of(path: Path) -> str:
    return (ROOT / path).read_text("utf-8", errors="replace")


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text_of(page), re.DOTALL | re.MULTILINE)


def calls(page: Path) -> list[list[str]]:
    """Give the words of every `./run X` and `broadsheet X` on a page, in blocks and in running text."""
    shown = [line.partition(" #")[0] for block in blocks(page, "sh") for line in block.splitlines()]
    shown += re.findall(r"`((?:\./run|broadsheet) [^`]+)`", text_of(page))
    return [line.split()[1:] for line in shown if line.startswith(("./run ", "broadsheet "))]


def options_of(command: str) -> set[str]:
    return {name for p in COMMANDS[command].params for name in (*p.opts, *p.secondary_opts)}


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_command_on_a_page_exists_with_its_options(page: Path) -> None:
    for command, *words in calls(page):
        if command in {"X", "check"} or command.startswith("-"):
            continue
        assert command in COMMANDS, command
        whole = " ".join((command, *words[:1])) if hasattr(COMMANDS[command], "commands") else command
        assert {word for word in words if word.startswith("--")} <= options_of(whole) | {"--help"}, words


def test_the_readme_begins_with_the_two_commands() -> None:
    first = blocks(Path("README.md"), "sh")[0]
    assert [line.partition("#")[0].strip() for line in first.splitlines()] == ["./run up", "./run check"]


def test_every_command_and_option_is_in_the_reference() -> None:
    reference = text_of(Path("docs/cli.md"))
    for name in COMMANDS:
        section = reference.partition(f"## broadsheet {name}\n")[2].partition("\n## ")[0]
        assert {
            option for option in options_of(name) if option.startswith("-") and f"`{option}`" not in section
        } == set()


def test_every_option_says_what_it_is_for() -> None:
    silent = [f"{name} {p.name}" for name, command in COMMANDS.items() for p in command.params if not p.help]
    assert silent == []


def test_every_setting_is_in_the_reference() -> None:
    reference = text_of(Path("docs/settings.md"))
    assert {f.name for f in fields(Settings) if f"`BROADSHEET_{f.name.upper()}`" not in reference} == set()


def test_every_generated_page_is_checked_for_freshness() -> None:
    generated = {str(page) for page in PAGES if "[[[cog" in text_of(page)}
    checked = next(line for line in text_of(Path("run")).splitlines() if "--check --diff" in line)
    assert generated == set(re.findall(r"[\w/]+\.md", checked))


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_link_on_a_page_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)", text_of(page))
    inside = [target for target in targets if not target.startswith(("http://", "https://"))]
    assert [target for target in inside if not (ROOT / page.parent / target).exists()] == []


def test_the_library_example_finds_a_paper(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "library.bib").write_text(
        "@article{turing, title={On Computable Numbers}, author={Turing, Alan}, year={1937}, doi={10.1112/plms/s2-42}}",
        "utf-8",
    )
    (example,) = blocks(Path("README.md"), "python")
    (tmp_path / "example.py").write_text(example, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BROADSHEET_HOME", str(tmp_path / "home"))
    runpy.run_path(str(tmp_path / "example.py"))
    assert capsys.readouterr().out.split(maxsplit=1)[0] == "1"


def test_the_settings_example_is_a_valid_file(tmp_path: Path) -> None:
    (example,) = blocks(Path("docs/settings.md"), "toml")
    (tmp_path / "broadsheet.toml").write_text(example, "utf-8")
    assert broadsheet.read_settings(tmp_path, {}).port == tomllib.loads(example)["port"]


def test_every_public_name_can_be_had() -> None:
    assert len(broadsheet.__all__) <= 30
    assert {name for name in broadsheet.__all__ if getattr(broadsheet, name, None) is None} == set()


def test_the_changelog_tells_of_this_version() -> None:
    assert f"## {broadsheet.__version__} " in text_of(Path("CHANGELOG.md"))


def test_every_decision_has_a_number_a_date_and_a_because() -> None:
    decisions = re.split(r"^## ", text_of(Path("DECISIONS.md")), flags=re.MULTILINE)[1:]
    assert [int(d.partition(".")[0]) for d in decisions] == list(range(1, len(decisions) + 1))
    for decision in decisions:
        assert re.search(r" – \d{4}-\d\d-\d\d\n", decision), decision
        assert "*Because*" in decision, decision


def test_every_dependency_has_its_because() -> None:
    decided = text_of(Path("DECISIONS.md"))
    project = tomllib.loads(text_of(Path("pyproject.toml")))["project"]
    names = {re.split(r"[<>=\[]", line)[0] for line in project["dependencies"]}
    assert {name for name in names if f"`{name}`" not in decided} == set()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_has_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text("utf-8")
    assert not re.search(r"://| @ |--(?:index|extra|find|trusted)", text)
    for package in re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]:
        assert re.match(r"[\w.-]+==\S+ (?:; .*)?\\\n\s+--hash=sha256:[0-9a-f]{64}", package), package[:80]


def test_the_locks_agree_with_each_other_and_with_the_project() -> None:
    pins = {lock.name: dict(re.findall(r"^([\w.-]+)==(\S+)", lock.read_text("utf-8"), re.MULTILINE)) for lock in LOCKS}
    for name in ("postgres.txt", "dev.txt"):
        assert pins["run.txt"].items() <= pins[name].items()
    project = tomllib.loads(text_of(Path("pyproject.toml")))["project"]
    wanted = [*project["dependencies"], *chain.from_iterable(project["optional-dependencies"].values())]
    assert {re.split(r"[<>=\[]", line)[0] for line in wanted} <= pins["dev.txt"].keys()


def test_no_file_names_a_place_on_somebodys_machine_or_a_registry() -> None:
    found = {str(path): match[0] for path in project_files() if (match := ELSEWHERE.search(text_of(path)))}
    assert found == {}
