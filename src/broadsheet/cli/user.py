"""``broadsheet user``: accounts, for who operates the house."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from broadsheet.cli.output import HomeOption, JsonOption, console, open_home, print_json
from broadsheet.errors import Invalid

if TYPE_CHECKING:
    from broadsheet.flow.house import House
    from broadsheet.model.reader import Reader, Role

app = typer.Typer(name="user", help="Readers' accounts: who they are and what they may.", no_args_is_help=True)

HandleArgument = Annotated[str, typer.Argument(help="The reader's handle.")]
RoleOption = Annotated[str, typer.Option("--role", help="reader, moderator or admin.")]


@app.command("list")
def list_(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List all readers."""
    from rich.table import Table
    from rich.text import Text

    from broadsheet.flow.accounts.standing import everybody

    with open_home(home, as_it_is=True) as house:
        found = everybody(house)
    if as_json:
        print_json({"users": [_as_dict(reader) for reader in found]})
        return
    if not found:
        console().print("Nobody has an account yet. Invite somebody: broadsheet user invite ada@example.org")
        return
    table = Table("Handle", "Name", "Role", "State", "Since", box=None, padding=(0, 1))
    for reader in found:
        since = reader.at.date().isoformat()
        table.add_row(*map(Text, (reader.handle, reader.name, reader.role, reader.state, since)))
    console().print(table)


@app.command("add")
def add(
    handle: HandleArgument,
    mail: Annotated[
        str, typer.Option("--mail", help="The address they sign in with; nobody asks whether it is theirs.")
    ],
    name: Annotated[str, typer.Option("--name", help="The name that is shown. [default: the handle]")] = "",
    role: RoleOption = "reader",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make an account for somebody whose mail address you know."""
    from broadsheet.flow.accounts import first_run

    with open_home(home, as_it_is=True) as house:
        reader = first_run.add(house, handle, name, mail, _role(role))
    _told(reader, f"{reader.handle} can sign in with {mail}.", as_json=as_json)


@app.command("role")
def role(
    handle: HandleArgument,
    new: Annotated[str, typer.Argument(metavar="ROLE", help="reader, moderator or admin.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a reader another role; they are signed out everywhere, and their tokens are revoked."""
    from broadsheet.flow.accounts import standing

    with open_home(home, as_it_is=True) as house:
        standing.set_role(house, standing.named(house, handle), _role(new))
        reader = standing.named(house, handle)
    _told(reader, f"{reader.handle} is {reader.role} now, and signs in anew.", as_json=as_json)


@app.command("suspend")
def suspend(
    handle: HandleArgument,
    why: Annotated[str, typer.Option("--why", help="The reason, which the reader is shown.")] = "",
    days: Annotated[
        int | None, typer.Option("--days", min=1, max=3650, help="For how long. [default: for good]")
    ] = None,
    lift: Annotated[bool, typer.Option("--lift", help="End a suspension.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let a reader read only, or end that."""
    from broadsheet.flow.accounts import standing

    with open_home(home, as_it_is=True) as house:
        reader = standing.named(house, handle)
        if lift:
            standing.restore(house, reader)
        else:
            until = None if days is None else house.clock() + timedelta(days=days)
            standing.suspend(house, reader, until=until, why=why)
        reader = standing.named(house, handle)
    _told(reader, f"{reader.handle} is {reader.state}.", as_json=as_json)


@app.command("end-sessions")
def end_sessions(handle: HandleArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Sign a reader out everywhere."""
    from broadsheet.flow.accounts import sessions, standing

    with open_home(home, as_it_is=True) as house:
        reader = standing.named(house, handle)
        ended = sessions.end_all(house, reader)
    if as_json:
        print_json({"ended": ended})
    else:
        console().print(f"Sessions ended: {ended}.")


@app.command("forget-passkeys")
def forget_passkeys(handle: HandleArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Forget the passkeys of a reader who has lost them, and sign them out; they sign in otherwise and add new ones."""
    from broadsheet.flow.accounts import passkeys, standing

    with open_home(home, as_it_is=True) as house:
        forgotten = passkeys.forget_all(house, standing.named(house, handle))
    if as_json:
        print_json({"forgotten": forgotten})
    else:
        console().print(f"Passkeys forgotten: {forgotten}.")


@app.command("admin-link")
def admin_link(
    handle: Annotated[
        str | None, typer.Argument(help="An administrator. [default: the owner, or somebody new]")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print a link that signs an administrator in, once within 24 hours; links printed before are worthless then."""
    from broadsheet.flow.accounts import first_run, standing

    with open_home(home, as_it_is=True) as house:
        _needs_public_url(house)
        link = first_run.admin_link(house, None if handle is None else standing.named(house, handle))
    _print_link(link, as_json=as_json)


@app.command("invite")
def invite(
    mail: Annotated[str | None, typer.Argument(help="Where to mail the invitation. [default: nowhere]")] = None,
    role: RoleOption = "reader",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print a link that lets one person join within seven days, and mail it if you say where."""
    from broadsheet.flow.accounts import invitations

    with open_home(home, as_it_is=True) as house:
        _needs_public_url(house)
        link = invitations.invite(house, None, typed=mail or "", role=_role(role))
    _print_link(link, as_json=as_json)


def _needs_public_url(house: "House") -> None:
    if not house.settings.public_url:
        raise Invalid(
            "Without the setting 'public_url' nobody can sign in from elsewhere. Write it to broadsheet.toml, or set "
            "BROADSHEET_PUBLIC_URL: https://papers.example.org",
            field="public_url",
        )


def _role(told: str) -> "Role":
    from broadsheet.model.reader import ROLES

    if told not in ROLES:
        raise Invalid(f"A role is one of {', '.join(ROLES)}.", field="role")
    return told


def _print_link(link: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"url": link})
    else:
        typer.echo(link)


def _told(reader: "Reader", sentence: str, *, as_json: bool) -> None:
    if as_json:
        print_json(_as_dict(reader))
    else:
        console().print(sentence, markup=False)


def _as_dict(reader: "Reader") -> dict[str, Any]:
    return {
        "handle": reader.handle,
        "name": reader.name,
        "role": reader.role,
        "state": reader.state,
        "at": reader.at.isoformat(),
    }
