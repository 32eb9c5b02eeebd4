"""From JSON to our shapes: what is not known to us is left aside, what is not as it was stated is refused."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")
_Read = Callable[[Any], Any]


class MisshapenError(ValueError):
    """A value that is not of the shape it should have; the message names where it stands."""


def read_as(kind: type[T], told: object) -> T:
    """Make a shape of a JSON value; raises MisshapenError for what is none."""
    hint: Any = kind
    made: T = _reader(hint)(told)
    return made


@cache
def _reader(hint: Any) -> _Read:  # noqa: ANN401 - a type as it is written
    inner, origin = get_args(hint), get_origin(hint)
    if NoneType in inner:
        read = _reader(next(each for each in inner if each is not NoneType))
        return lambda told: None if told is None else read(told)
    if origin is tuple:
        return _several(_reader(inner[0]))
    if origin is Mapping:
        return _named(_reader(inner[1]))
    if is_dataclass(hint):
        return _shape(hint)
    return _PLAIN[hint]


def _shape(kind: Any) -> _Read:  # noqa: ANN401 - a dataclass
    hints = get_type_hints(kind)
    readers = [(each.name, _reader(hints[each.name])) for each in fields(kind)]
    needed = {each.name for each in fields(kind) if each.default is MISSING}

    def read(told: Any) -> Any:  # noqa: ANN401 - what JSON holds
        if not isinstance(told, dict):
            raise MisshapenError("it is no object")
        made = {}
        for name, field in readers:
            if name in told:
                made[name] = _at(name, field, told[name])
            elif name in needed:
                raise MisshapenError(f"{name} is missing")
        return kind(**made)

    return read


def _several(read: _Read) -> _Read:
    def each(told: Any) -> tuple[Any, ...]:  # noqa: ANN401 - what JSON holds
        if not isinstance(told, list):
            raise MisshapenError("it is no list")
        return tuple(map(read, told))

    return each


def _named(read: _Read) -> _Read:
    def each(told: Any) -> dict[str, Any]:  # noqa: ANN401 - what JSON holds
        if not isinstance(told, dict):
            raise MisshapenError("it is no object")
        return {name: _at(name, read, value) for name, value in told.items()}

    return each


def _at(name: str, read: _Read, value: Any) -> Any:  # noqa: ANN401 - what JSON holds
    try:
        return read(value)
    except MisshapenError as error:
        raise MisshapenError(f"{name}: {error}") from None


def _of(kind: type, *also: type) -> _Read:
    def read(told: Any) -> Any:  # noqa: ANN401 - what JSON holds
        # A truth is a number to Python, but never to those who tell of numbers.
        if type(told) is not kind and type(told) not in also:
            raise MisshapenError(f"it is no {kind.__name__}")
        try:
            return kind(told)
        except OverflowError:
            raise MisshapenError("it is too large") from None

    return read


def _moment(told: Any) -> datetime:  # noqa: ANN401 - what JSON holds
    try:
        at = datetime.fromisoformat(told)
    except (TypeError, ValueError):
        raise MisshapenError("it is no time") from None
    if at.tzinfo is None:
        raise MisshapenError("it is a time of nowhere")
    return at


def _day(told: Any) -> date:  # noqa: ANN401 - what JSON holds
    try:
        return date.fromisoformat(told)
    except (TypeError, ValueError):
        raise MisshapenError("it is no day") from None


_PLAIN: Mapping[Any, _Read] = {
    str: _of(str),
    int: _of(int),
    float: _of(float, int),
    bool: _of(bool),
    datetime: _moment,
    date: _day,
    object: lambda told: told,
}
