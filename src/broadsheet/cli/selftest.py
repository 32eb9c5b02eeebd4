"""``broadsheet selftest``: does search find what is on this shelf?"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from broadsheet.cli.output import HomeOption, JsonOption, console, counted, open_home, print_json
from broadsheet.errors import NotFound

if TYPE_CHECKING:
    from broadsheet.model.selftest import SelfTest


def selftest(
    queries: Annotated[int, typer.Option(min=20, max=10_000, help="How many queries of each kind.")] = 300,
    seed: Annotated[int, typer.Option(help="Which papers are drawn; the same ones for the same number.")] = 1,
    keep_weight: Annotated[
        bool, typer.Option("--keep-weight", help="Only measure; leave the share of meaning as it is.")
    ] = False,
    show: Annotated[bool, typer.Option("--show", help="Show what the last self-test found, and test nothing.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Test search on this shelf's own papers: titles, halves of titles, sentences, whole abstracts.

    Each query is made from a paper and asked by words, by meaning and by both; counted is how often that paper is
    found. The share of meaning beside words is then set to what finds most here, where that is more than chance and no
    look-up by title suffers.
    """
    from broadsheet.flow.upkeep import selftest as flow

    with open_home(home, as_it_is=show) as house:
        if show:
            found = flow.latest(house)
        else:
            with _progress() as progress:
                found = flow.selftest(house, papers=queries, seed=seed, tune=not keep_weight, progress=progress)
    if found is None:
        raise NotFound("Search has not been tested on this shelf yet; `broadsheet selftest` does it.")
    if as_json:
        print_json(_as_json(found))
    else:
        _as_text(found)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    from rich.progress import Progress

    stderr = console(stderr=True)
    with Progress(console=stderr, transient=True, disable=not stderr.is_terminal) as bar:
        task = bar.add_task("Searching", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _as_json(found: "SelfTest") -> dict[str, Any]:
    return asdict(found) | {"at": found.at.isoformat()}


def _as_text(found: "SelfTest") -> None:
    from rich.table import Table

    table = Table("Query", "By", "Asked", "First", "In ten", "MRR", "ms", box=None, padding=(0, 1))
    for each in sorted(found.measured, key=lambda one: [m.kind for m in found.measured].index(one.kind)):
        shares = f"{each.first:.1%}", f"{each.tenth:.1%}", f"{each.mrr:.3f}", f"{each.ms:.1f}"
        table.add_row(each.kind, each.way, f"{each.queries:,}", *shares)
    out = console()
    out.print(table)
    out.print(
        f"{counted(found.papers, 'paper')} drawn, embedder {found.embedder} {found.version}, "
        f"{found.at:%Y-%m-%d %H:%M} UTC.",
        markup=False,
    )
    for trial in found.trials:
        out.print(f"  share of meaning {trial.weight:.2f}: MRR {trial.mrr:.3f}{'' if trial.fit else ', spoils titles'}")
    out.print(_decided(found))


def _decided(found: "SelfTest") -> str:
    if found.weight is not None:
        return (
            f"The share of meaning is {found.weight:.2f} on this shelf, instead of the embedder's {found.default:.2f}."
        )
    reason = "no other finds more here" if found.trials else "as the embedder has it"
    return f"The share of meaning is {found.default:.2f}: {reason}."
