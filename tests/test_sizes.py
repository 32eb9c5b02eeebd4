"""The caps that keep every file readable in one sitting."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT, project_files

FILE_LINES = 400
TEMPLATE_LINES = 120
FUNCTION_STATEMENTS = 30
DIRECT_DEPENDENCIES = 20
ARCHITECTURE_LINES = 250
SOURCES = {".py", ".css", ".js", ".sql", ".sh"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def line_count(path: Path) -> int:
    return len((ROOT / path).read_text("utf-8").splitlines())


def functions(path: Path) -> Iterator[Function]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def statements(function: Function) -> int:
    """Count the statements of a function's body, its docstring aside."""
    inside = sum(isinstance(node, ast.stmt) for node in ast.walk(function)) - 1
    return inside - (ast.get_docstring(function, clean=False) is not None)


def test_no_source_file_is_longer_than_a_sitting() -> None:
    long = {str(p): n for p in project_files() if p.suffix in SOURCES and (n := line_count(p)) > FILE_LINES}
    assert long == {}


def test_no_template_is_longer_than_a_screen_or_two() -> None:
    long = {str(p): n for p in project_files() if p.suffix == ".html" and (n := line_count(p)) > TEMPLATE_LINES}
    assert long == {}


def test_no_function_has_more_statements_than_fit_in_the_head() -> None:
    long = {
        f"{path}:{function.lineno} {function.name}": count
        for path in project_files()
        if path.suffix == ".py"
        for function in functions(path)
        if (count := statements(function)) > FUNCTION_STATEMENTS
    }
    assert long == {}


def test_the_default_install_stays_light() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert len(project["dependencies"]) <= DIRECT_DEPENDENCIES


def test_the_architecture_is_read_in_one_go() -> None:
    assert line_count(Path("ARCHITECTURE.md")) <= ARCHITECTURE_LINES
