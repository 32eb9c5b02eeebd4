"""Serving: by this process, or by several that accept connections from one socket."""

import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING

from broadsheet.cli.logs import start_logging
from broadsheet.cli.output import console
from broadsheet.errors import BroadsheetError
from broadsheet.model.query import MAX_TEXT

if TYPE_CHECKING:
    import uvicorn

    from broadsheet.flow.house import House
    from broadsheet.settings import Settings

# One that keeps ending is not begun more often than this.
_AGAIN_AFTER_S = 1.0
_LOOK_EVERY_S = 0.2
# Requests in hand have five seconds to end.
_PATIENCE_S = 10.0
_QUEUE = 2_048
# The text of a search may be MAX_TEXT characters, which an address writes in up to twelve each; h11 would take 64 KB.
LONGEST_HEAD = 12 * MAX_TEXT + 64 * 1024


@dataclass(frozen=True, slots=True)
class Orders:
    """What a process is to serve: the house of these settings, on a socket it inherits, with the key that all share."""

    settings: "Settings"
    listener: int
    form_key: bytes


class Shared(socket.socket):
    """A socket that several processes accept from; it listens already."""

    def listen(self, _: int = 0, /) -> None:
        """Leave the queue as long as it is."""


def server_of(app: Callable[..., object], *, at_once: int = _QUEUE) -> "uvicorn.Server":
    """Make a server that accepts so many connections at once; beside others one, so that each has its share."""
    import uvicorn

    # Whom a proxy names is for ``entrance.proxies`` to say, which knows whom we trust.
    config = uvicorn.Config(
        app,
        # Its lines are written as ours are, without secrets; addresses that are asked for stand in none.
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
        backlog=at_once,
        h11_max_incomplete_event_size=LONGEST_HEAD,
    )
    return uvicorn.Server(config)


def serve_by(orders: Orders, processes: int) -> None:
    """Let so many processes serve until this one is told to stop (SIGINT, SIGTERM); one that ends is replaced.

    They stop when their standard input ends, and so also when this process is killed.
    """
    told: list[int] = []
    serving: list[subprocess.Popen[bytes]] = []
    with _heeding(told.append):
        try:
            serving += [_begun(orders) for _ in range(processes)]
            while not told:
                time.sleep(_LOOK_EVERY_S)
                for place, one in enumerate(serving):
                    if one.poll() is not None and not told:
                        serving[place] = _replaced(one, orders)
        finally:
            _end(serving)


def serve() -> None:
    """Serve what standard input orders, until it ends; runs in a process of its own."""
    from broadsheet.site import create_app
    from broadsheet.wiring import open_house

    for each in (signal.SIGINT, signal.SIGTERM):
        # The server stops on either and then sends it on; the house shall be closed in order.
        signal.signal(each, lambda *_: None)
    orders: Orders = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own process
    start_logging(orders.settings.log_format)
    with Shared(fileno=orders.listener) as listener, open_house(orders.settings) as house:
        app = create_app(house, host=listener.getsockname()[0], form_key=orders.form_key)
        server = server_of(app, at_once=1)
        Thread(target=_stop_at_end, args=(server,), daemon=True, name="orders").start()
        # What the first readers would wait for is opened and read before they ask.
        warming = Thread(target=_warm, args=(house,), name="warming")
        warming.start()
        try:
            server.run(sockets=[listener])
        finally:
            warming.join()


def _stop_at_end(server: "uvicorn.Server") -> None:
    # Not by sys.stdin, whose lock this thread would still hold when the interpreter ends for another reason.
    while os.read(0, 1):
        pass
    server.should_exit = True


def _warm(house: "House") -> None:
    with suppress(BroadsheetError):
        house.spaces.warm()
        house.text_index.warm()


def _begun(orders: Orders) -> "subprocess.Popen[bytes]":
    """Begin a process that serves; not multiprocessing, which would run the main module again."""
    one = subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, "-P", "-c", f"from {__name__} import serve; serve()"],
        stdin=subprocess.PIPE,
        pass_fds=[orders.listener],
        # Ctrl-C is for this process, which tells the others.
        process_group=0,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    if one.stdin is None:
        raise AssertionError(one.args)
    with suppress(BrokenPipeError):
        one.stdin.write(pickle.dumps(orders))
        one.stdin.flush()
    return one


def _replaced(one: "subprocess.Popen[bytes]", orders: Orders) -> "subprocess.Popen[bytes]":
    console(stderr=True).print(
        f"A serving process has ended ({one.returncode}); another takes its place.", style="red", markup=False
    )
    _end([one])
    time.sleep(_AGAIN_AFTER_S)
    return _begun(orders)


def _end(serving: "Sequence[subprocess.Popen[bytes]]") -> None:
    for one in serving:
        if one.stdin is not None:
            with suppress(BrokenPipeError):
                one.stdin.close()
    for one in serving:
        try:
            one.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            one.kill()
            one.wait()


@contextmanager
def _heeding(hear: Callable[[int], object]) -> Iterator[None]:
    """Hear of signals to stop instead of being stopped by them."""
    before = {each: signal.signal(each, lambda number, _: hear(number)) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
