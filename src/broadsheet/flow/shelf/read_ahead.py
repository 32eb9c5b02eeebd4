"""Read a file in batches; a large one in a process of its own, so that the next is parsed while one is kept."""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path
from typing import Any, BinaryIO

from broadsheet.errors import Invalid, Unavailable
from broadsheet.flow.garbage import collecting_seldom
from broadsheet.model.ids import ExternalId
from broadsheet.model.record import Author, Link, Problem, Record, Signal
from broadsheet.sources.detect import read

BATCH = 2_000
# Starting a process takes as long as parsing about half of this.
WORTH_A_PROCESS_BYTES = 4 * 1024 * 1024
Batch = tuple[list[Record], list[Problem], int]


def read_ahead(path: Path, *, format_name: str | None = None) -> Generator[Batch, None, None]:
    """Give what a file tells as ``(records, problems, bytes read so far)``, about BATCH of both at a time.

    Records are observed at the file's last change unless it says otherwise. Raises Invalid for a file that cannot be
    read, and Unavailable when the process that reads it is ended by others.
    """
    try:
        yield from _batches(path, format_name)
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.", field="path") from error


def _batches(path: Path, format_name: str | None) -> Generator[Batch, None, None]:
    with path.open("rb") as stream, collecting_seldom():
        about = os.fstat(stream.fileno())
        observed = datetime.fromtimestamp(about.st_mtime, UTC)
        way = _aside if about.st_size >= WORTH_A_PROCESS_BYTES else _here
        yield from way(stream, path.name, observed, format_name)


def _here(stream: BinaryIO, name: str, observed: datetime, format_name: str | None) -> Generator[Batch, None, None]:
    records: list[Record] = []
    problems: list[Problem] = []
    for told in read(stream, name=name, observed=observed, format=format_name):
        if isinstance(told, Record):
            records.append(told)
        elif isinstance(told, Problem):
            problems.append(told)
        if len(records) + len(problems) >= BATCH:
            yield records, problems, _position(stream)
            records, problems = [], []
    yield records, problems, _position(stream)


def _position(stream: BinaryIO) -> int:
    return stream.tell() if stream.seekable() else 0  # a pipe has none


def _aside(stream: BinaryIO, name: str, observed: datetime, format_name: str | None) -> Generator[Batch, None, None]:
    # Not multiprocessing: it would run the main module again, and a caller's script may not expect that.
    command = [sys.executable, "-P", "-c", f"from {__name__} import tell; tell()"]
    with subprocess.Popen(  # noqa: S603 - our own code
        [*command, name, observed.isoformat(), format_name or ""],
        stdin=stream,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    ) as reader:
        try:
            while (batch := _received(reader, name)) is not None:
                yield batch
        finally:
            reader.kill()


def _received(reader: "subprocess.Popen[bytes]", name: str) -> Batch | None:
    try:
        return pickle.load(reader.stdout)  # type: ignore[arg-type, no-any-return]  # noqa: S301 - from our own process
    except (EOFError, pickle.UnpicklingError):
        raise Unavailable(f"The process that read {name} has ended before the file did.") from None


def tell() -> None:
    """Parse standard input and write batches to standard output, None after the last; runs in a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that asked decides when to stop
    name, observed, format_name = sys.argv[1:]
    with collecting_seldom(), suppress(BrokenPipeError), os.fdopen(os.dup(1), "wb") as out:
        for batch in _here(sys.stdin.buffer, name, datetime.fromisoformat(observed), format_name or None):
            _send(batch, out)
        _send(None, out)


def _send(batch: Batch | None, out: BinaryIO) -> None:
    pickler = pickle.Pickler(out, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _REDUCERS
    pickler.dump(batch)
    out.flush()


def _record(*values: object) -> Record:
    told: dict[str, Any] = dict(zip(_RECORD, values, strict=True))
    return Record(**told)


def _as_call(kind: type, rebuild: Callable[..., Any]) -> Callable[[Any], tuple[Any, ...]]:
    """Pickle a dataclass as the call that makes it: half the time of what frozen ones with slots do by themselves."""
    values = attrgetter(*_names(kind))
    return lambda thing: (rebuild, values(thing))


def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


_RECORD = _names(Record)
_REDUCERS: dict[type, Callable[[Any], tuple[Any, ...]]] = {Record: _as_call(Record, _record)}
_REDUCERS |= {kind: _as_call(kind, kind) for kind in (Author, ExternalId, Link, Signal)}
