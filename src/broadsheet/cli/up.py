"""``broadsheet up``: open the house and serve it."""

import signal
import socket
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from broadsheet.cli.background import catching_up, working
from broadsheet.cli.logs import start_logging
from broadsheet.cli.output import HomeOption, console
from broadsheet.cli.serving import Orders, serve_by, server_of
from broadsheet.errors import Invalid, Unavailable

if TYPE_CHECKING:
    from broadsheet.flow.house import House
    from broadsheet.settings import Settings


def up(
    host: Annotated[str | None, typer.Option(help="The address to listen on. [default: 127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="The port; 0 picks a free one.")] = None,
    starter: Annotated[
        bool | None, typer.Option("--starter/--no-starter", help="Fill an empty house with the starter shelf.")
    ] = None,
    worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Harvest what is due, or leave that to others.")
    ] = True,
    public: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The https:// address at which others reach it; they sign in by mailed link."),
    ] = None,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Let others read at an address that is not public; nobody signs in.")
    ] = False,
    processes: Annotated[
        int, typer.Option(min=1, max=64, help="How many processes serve; more than one to use several cores.")
    ] = 1,
    home: HomeOption = None,
) -> None:
    """Open the house, creating it if there is none, serve its pages, and harvest its sources when they are due.

    At this machine you are its owner, without a sign-in. Uses no network of its own until a source is added.
    """
    from broadsheet.settings import read_settings
    from broadsheet.wiring import open_house

    settings = read_settings(home)
    settings = settings if public is None else replace(settings, public_url=public)
    start_logging(settings.log_format)
    with _listen(host or settings.host, settings.port if port is None else port) as listener:
        address, number = listener.getsockname()[:2]
        _check_openness(settings, address, read_only=read_only)
        with open_house(settings) as house:
            _offer_starter_shelf(house, starter)
            shown = f"[{address}]" if ":" in address else address
            console().print(f"Broadsheet is up at http://{shown}:{number}  (state in {settings.home}; Ctrl-C stops it)")
            _offer_admin_link(house)
            # A supervisor reads this line through a pipe, where nothing flushes it until we end.
            sys.stdout.flush()
            _serve(house, listener, worker=worker, processes=processes)


def _serve(house: "House", listener: socket.socket, *, worker: bool, processes: int) -> None:
    from broadsheet.site import create_app

    app = create_app(house, host=listener.getsockname()[0])
    # The server stops on SIGTERM and then sends it on; what runs beside it shall end in order.
    signal.signal(signal.SIGTERM, lambda *_: None)
    with working(house, wanted=worker), catching_up(house):
        if processes > 1:
            # What is due, and what is left to do, is done here alone.
            serve_by(Orders(house.settings, listener.fileno(), app.state.form_key), processes)
        else:
            server_of(app).run(sockets=[listener])


def _check_openness(settings: "Settings", address: str, *, read_only: bool) -> None:
    """Let others come only to what is ready for them, or to what nobody can change."""
    from broadsheet.entrance.machine import is_loopback
    from broadsheet.flow.going_public import check

    if settings.public_url:
        check(settings)
    elif not (is_loopback(address) or read_only):
        raise Invalid(
            f"At {address} others can reach Broadsheet. For them to sign in, say at which address they do: "
            "broadsheet up --public https://papers.example.org. For them to read only: broadsheet up --read-only.",
            field="public_url",
        )


def _offer_admin_link(house: "House") -> None:
    from broadsheet.flow.accounts.first_run import admin_link, needs_administrator

    if house.settings.public_url and needs_administrator(house):
        console().print("Nobody can administer it yet. Open this once, within 24 hours, in your browser:", style="bold")
        typer.echo(f"  {admin_link(house)}")
        console().print("For another one: broadsheet user admin-link")


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
        # Connections inherit it; without it the second request of each waits 40 ms for the first one's acknowledgement.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError as error:
        raise Unavailable(
            f"Cannot listen on {host} port {port}: {error.strerror}. Choose another with --port (0 picks a free one)."
        ) from error
    return listener


def _offer_starter_shelf(house: "House", wanted: bool | None) -> None:
    from broadsheet.flow.shelf import starter

    if wanted is False or not starter.is_empty(house):
        return
    if wanted is None and sys.stdin.isatty() and sys.stdout.isatty():
        wanted = typer.confirm("The house is empty. Start with the starter shelf of landmark papers?", default=True)
    if wanted is not False:
        kept = starter.fill(house)
        console().print(f"The starter shelf is laid out: {kept.new} landmark papers.")
