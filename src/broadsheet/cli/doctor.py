"""``broadsheet doctor``: do store and index agree, and will mails arrive?"""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from broadsheet.cli.output import HomeOption, JsonOption, console, open_home, print_json

if TYPE_CHECKING:
    from broadsheet.flow.upkeep.doctor import Diagnosis


def doctor(
    heal: Annotated[bool, typer.Option("--heal/--no-heal", help="Mend the indexes from the store.")] = True,
    mail: Annotated[
        bool, typer.Option("--mail", help="Check what mailbox providers want of who sends mails, and nothing else.")
    ] = False,
    name_server: Annotated[
        str, typer.Option(metavar="ADDRESS[:PORT]", help="Whom to ask what the DNS says; the system's, unless given.")
    ] = "",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check the house: versions, the database's integrity, and that store and indexes hold the same papers."""
    from broadsheet.cli import mail_doctor
    from broadsheet.flow.upkeep import doctor as flow

    if mail:
        mail_doctor.examine(home, name_server, as_json=as_json)
        return
    with open_home(home, as_it_is=True) as house:
        diagnosis = flow.doctor(house, heal=heal)
        folder = str(house.settings.home)
    if as_json:
        print_json(_as_json(diagnosis))
    else:
        _as_text(diagnosis, folder)
    if not diagnosis.well:
        raise typer.Exit(1)


def _as_json(diagnosis: "Diagnosis") -> dict[str, Any]:
    return {
        "well": diagnosis.well,
        "papers": diagnosis.papers,
        "indexed": diagnosis.indexed,
        "behind": diagnosis.behind,
        "differences": diagnosis.differences,
        "missing": diagnosis.missing,
        "stale": diagnosis.stale,
        "extra": diagnosis.extra,
        "healed": diagnosis.healed,
        "damage": list(diagnosis.damage),
        "faults": list(diagnosis.faults),
        "versions": diagnosis.versions,
        "meaning": asdict(diagnosis.meaning),
    }


def _as_text(diagnosis: "Diagnosis", home: str) -> None:
    from rich.table import Table
    from rich.text import Text

    facts = Table.grid(padding=(0, 2))
    facts.add_row("Home", Text(home))
    facts.add_row("Papers", f"{diagnosis.papers:,} in the store, {diagnosis.indexed:,} in the index")
    facts.add_row(
        "Differences",
        f"{diagnosis.missing:,} missing, {diagnosis.stale:,} stale, {diagnosis.extra:,} extra; "
        f"{diagnosis.behind:,} changes behind",
    )
    meaning = diagnosis.meaning
    facts.add_row("Embedded", Text(f"{meaning.embedded:,} papers by {meaning.embedder or 'nobody'}"))
    facts.add_row(
        "Differences",
        f"{meaning.missing:,} missing, {meaning.stale:,} stale, {meaning.extra:,} extra, {meaning.adrift:,} adrift; "
        f"{meaning.behind:,} changes behind",
    )
    for name, version in diagnosis.versions.items():
        facts.add_row(Text(name), Text(version))
    out = console()
    out.print(facts)
    for sentence in filter(None, (*diagnosis.faults, *diagnosis.damage, meaning.trouble)):
        out.print(Text(sentence, style="red"))
    if diagnosis.well:
        out.print("Healed: store and index agree now." if diagnosis.healed else "All is well.")
    elif not diagnosis.faults:
        out.print("Store and index differ; run `broadsheet doctor --heal`.")
