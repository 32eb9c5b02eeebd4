"""``broadsheet digest``: send what is due; what cron runs where no worker does."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from broadsheet.cli.output import HomeOption, JsonOption, console, counted, open_home, print_json, warn
from broadsheet.cli.stopping import stopping
from broadsheet.errors import BroadsheetError, Invalid

if TYPE_CHECKING:
    from broadsheet.flow.house import House
    from broadsheet.flow.sending.outcomes import Counts

_DAY = ["%Y-%m-%d"]


def digest(
    date: Annotated[
        datetime | None,
        typer.Option(formats=_DAY, metavar="YYYY-MM-DD", help="A day of which nobody gets a second digest."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write the mail that --to would get; send and note nothing.")
    ] = False,
    to: Annotated[str, typer.Option(metavar="ADDRESS", help="With --dry-run: who would get it.")] = "",
    lists: Annotated[
        list[str] | None,
        typer.Option(
            "--list",
            metavar="PATH",
            help="With --dry-run: the address of a list's page, such as /trending; repeat for more.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="With --dry-run: the file for the mail, instead of stdout.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Send again, after a backup was put back, what becomes due from now on.")
    ] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="With --resume: also what was due before; nobody has sent it.")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send the digests that are due, or those of a day that have not been made.

    Each of them goes out once, however often this runs and whatever else sends: workers of `broadsheet up` and
    `broadsheet worker` do so by themselves. Ctrl-C stops after the mails in hand. Exits with 1 when nothing may be
    sent.

    Examples: `broadsheet digest`, `broadsheet digest --date 2026-11-20`, `broadsheet digest --dry-run --to
    ada@example.org --list /trending --out digest.eml`.
    """
    _check(rehearsed=dry_run, only=(to, lists, out), resume=resume, keep=keep, moved=bool(date or dry_run))
    with open_home(home) as house:
        if dry_run:
            _rehearse(house, to, lists or [], date, out)
        elif resume:
            _resume(house, keep=keep, as_json=as_json)
        else:
            _send(house, date, as_json=as_json)


def _check(*, rehearsed: bool, only: tuple[object, ...], resume: bool, keep: bool, moved: bool) -> None:
    if rehearsed != bool(only[0]) or (any(only) and not rehearsed):
        raise Invalid("Say --dry-run and --to together, and --list and --out only with them.", field="to")
    if resume and moved:
        raise Invalid("Say --resume alone: what is due is sent when you ask again.", field="resume")
    if keep and not resume:
        raise Invalid("Say --keep only with --resume.", field="keep")


def _send(house: "House", date: datetime | None, *, as_json: bool) -> None:
    from broadsheet.flow.sending.run import send_due
    from broadsheet.flow.subscribing import due

    called = due.call_up_day(house, date.date()) if date else due.call_up(house)
    with stopping("Stopping after the mails in hand …") as stop:
        counts = send_due(house, stop=stop)
    if as_json:
        ends = {str(state): number for state, number in counts.ends.items()}
        print_json({"called_up": called, **ends, "later": counts.later, "held": counts.held})
    else:
        console().print(_told(called, counts), markup=False)
    if counts.held:
        warn(f"Digests are not sent: {counts.held}")
        raise typer.Exit(1)


def _told(called: int, counts: "Counts") -> str:
    ends = [f"{number:,} {state}" for state, number in counts.ends.items() if number]
    ends += [f"{counts.later:,} to be tried again"] if counts.later else []
    return f"{counted(called, 'digest')} due" + (f": {', '.join(ends)}." if ends else ".")


def _resume(house: "House", *, keep: bool, as_json: bool) -> None:
    from broadsheet.flow.sending import holding

    why = holding.reason(house)
    given_up = holding.resume(house, keep=keep) if why else 0
    if as_json:
        print_json({"held": why, "given_up": given_up})
    elif why:
        console().print(f"Digests are sent again; {counted(given_up, 'digest')} given up. Held until now: {why}")
    else:
        console().print("Nothing is held.")


def _rehearse(house: "House", to: str, lists: list[str], date: datetime | None, out: Path | None) -> None:
    from broadsheet.entrance.lists import read_list
    from broadsheet.flow.digests.rehearsing import rehearse

    chosen = [read_list(each if "/" in each else f"/{each}") for each in lists]
    mail = rehearse(house, to, chosen, date.date() if date else None)
    if mail is None or house.press is None:
        warn("Nothing is new, so there would be no mail.")
        return
    content = house.press.packed(mail)
    if out is None:
        typer.echo(content.decode("ascii"), nl=False)
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise BroadsheetError(f"{out} cannot be written: {error.strerror}.") from error
    console(stderr=True).print(f"{out}: {mail.subject}", markup=False)
