"""``broadsheet up``: open the house and serve it."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, Annotated

import typer

from broadsheet.cli.output import HomeOption, console
from broadsheet.errors import BroadsheetError, Unavailable

if TYPE_CHECKING:
    from broadsheet.flow.house import House

# Whoever imports does the work; this is for what a killed process leaves behind.
_LOOK_EVERY_S = 5.0
_TRY_AGAIN_S = 60.0


def up(
    host: Annotated[str | None, typer.Option(help="The address to listen on. [default: 127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="The port; 0 picks a free one.")] = None,
    starter: Annotated[
        bool | None, typer.Option("--starter/--no-starter", help="Fill an empty house with the starter shelf.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Open the house, creating it if there is none, and serve its pages; uses no network of its own."""
    import uvicorn

    from broadsheet.settings import read_settings
    from broadsheet.web.app import create_app
    from broadsheet.wiring import open_house

    settings = read_settings(home)
    listener = _listen(host or settings.host, settings.port if port is None else port)
    with listener, open_house(settings) as house:
        _offer_starter_shelf(house, starter)
        address, number = listener.getsockname()[:2]
        shown = f"[{address}]" if ":" in address else address
        console().print(f"Broadsheet is up at http://{shown}:{number}  (state in {settings.home}; Ctrl-C stops it)")
        # A supervisor reads this line through a pipe, where nothing flushes it until we end.
        sys.stdout.flush()
        server = uvicorn.Server(
            uvicorn.Config(
                create_app(house, host=address), log_level="warning", server_header=False, timeout_graceful_shutdown=5
            )
        )
        with _catching_up(house):
            server.run(sockets=[listener])


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
    from broadsheet.flow import starter

    if wanted is False or not starter.is_empty(house):
        return
    if wanted is None and sys.stdin.isatty() and sys.stdout.isatty():
        wanted = typer.confirm("The house is empty. Start with the starter shelf of landmark papers?", default=True)
    if wanted is not False:
        kept = starter.fill(house)
        console().print(f"The starter shelf is laid out: {kept.new} landmark papers.")


@contextmanager
def _catching_up(house: "House") -> Iterator[None]:
    """Index and embed what is left to do beside the pages that are already served, and what others leave behind."""
    stop = Event()
    worker = Thread(target=_catch_up, args=(house, stop), name="catch-up")
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join()


def _catch_up(house: "House", stop: Event) -> None:
    told = ""
    wait_s = 0.0
    while not stop.wait(wait_s):
        trouble = _caught_up(house, stop)
        if trouble and trouble != told:
            console(stderr=True).print(
                f"Not all papers can be found yet, trying again: {trouble}", style="red", markup=False
            )
        told = trouble
        wait_s = _TRY_AGAIN_S if trouble else _LOOK_EVERY_S


def _caught_up(house: "House", stop: Event) -> str:
    """Do what is left to do; gives what stands in the way, if anything does."""
    from broadsheet.flow.reindex import catch_up

    try:
        # What the first readers would wait for is opened and read before they ask.
        house.spaces.warm()
        house.text_index.warm()
        trouble = catch_up(house, stop=stop, effort="gentle").trouble
        house.spaces.save()
    except BroadsheetError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - a fault of ours is told and must not end the work for good
        return f"{type(error).__name__}: {error}"
    return str(trouble or "")
