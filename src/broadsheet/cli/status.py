"""``broadsheet status``: how the house and its sources stand."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from broadsheet.cli.output import HomeOption, JsonOption, console, counted, open_home, print_json
from broadsheet.cli.standing import print_standings, standing_json

if TYPE_CHECKING:
    from broadsheet.flow.upkeep.status import Status


def status(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Tell how the house stands: papers, indexes, and for each source its last success, next run, gaps and problems."""
    from broadsheet.flow.harvesting.standing import gaps_open, standings
    from broadsheet.flow.upkeep import status as flow

    with open_home(home, as_it_is=True) as house:
        found, sources, gaps, at = flow.status(house), standings(house), gaps_open(house), house.clock()
    if as_json:
        print_json({**_as_json(found), "gaps_open": gaps, "harvested": [standing_json(each) for each in sources]})
        return
    out = console()
    out.print(
        f"{counted(found.papers, 'paper')} of {counted(found.records, 'record')}; {found.indexed:,} found by words, "
        f"{found.meaning.embedded if found.meaning else 0:,} by meaning; {counted(found.behind, 'change')} to take in."
    )
    out.print(f"{counted(gaps, 'gap')} open, {counted(found.problems, 'record')} could not be read.")
    print_standings(sources, at)


def _as_json(found: "Status") -> dict[str, Any]:
    return {
        "papers": found.papers,
        "records": found.records,
        "told_by": dict(found.sources),
        "problems_open": found.problems,
        "indexed": found.indexed,
        "behind": found.behind,
        "meaning": asdict(found.meaning) if found.meaning else None,
        "moves": [asdict(move) for move in found.moves],
        "versions": found.versions,
    }
