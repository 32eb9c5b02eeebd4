"""What a tool takes: one statement of each argument, which gives its JSON Schema and reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from broadsheet.entrance.address import read_day
from broadsheet.errors import Invalid

Kind = Literal["text", "number", "yes or no", "day"]
Value = str | int | bool | date | None
Schema = dict[str, object]
_TYPES: Mapping[Kind, str] = {"text": "string", "number": "integer", "yes or no": "boolean", "day": "string"}
_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One argument: its name, what it is for, and what it may be.

    ``most`` bounds characters of a text and the value of a number, which begins with ``least``; ``choices`` are all
    there are where there are any. Without a value an argument is ``default``, unless it is ``required``.
    """

    name: str
    about: str
    kind: Kind = "text"
    required: bool = False
    default: Value = None
    least: int = 0
    most: int = 0
    choices: tuple[str, ...] = ()

    def schema(self) -> Schema:
        """State it in JSON Schema."""
        stated: Schema = {"type": _TYPES[self.kind], "description": self.about}
        if self.kind == "number":
            stated |= {"minimum": self.least, "maximum": self.most}
        elif self.kind == "day":
            stated |= {"format": "date"}
        elif self.choices:
            stated |= {"enum": list(self.choices)}
        elif self.kind == "text":
            stated |= {"minLength": 1 if self.required else 0, "maxLength": self.most}
        return stated if self.default is None else {**stated, "default": self.default}

    def read(self, told: object) -> Value:
        """Read a value; raises Invalid with a sentence that says what would be one."""
        if self.kind == "number":
            return self._number(told)
        if self.kind == "yes or no":
            if isinstance(told, bool):
                return told
            raise self._wrong("takes true or false", told)
        if not isinstance(told, str):
            raise self._wrong("takes a text", told)
        if self.kind == "day":
            return read_day(told)
        return self._text(told)

    def _number(self, told: object) -> int:
        whole = isinstance(told, (int, float)) and not isinstance(told, bool) and told == told // 1
        if not whole or not self.least <= int(told) <= self.most:  # type: ignore[call-overload]  # it is a number
            raise self._wrong(f"takes a whole number from {self.least} to {self.most}", told)
        return int(told)  # type: ignore[call-overload,no-any-return]  # the same

    def _text(self, told: str) -> str:
        if self.choices and told not in self.choices:
            raise self._wrong(f"takes one of {', '.join(self.choices)}", told)
        if not self.choices and len(told) > self.most:
            raise Invalid(
                f"{self.name!r} takes at most {self.most:,} characters, not {len(told):,}. Shorten it.", field=self.name
            )
        if self.required and not told.strip():
            raise Invalid(f"{self.name!r} is empty. {self.about}", field=self.name)
        return told

    def _wrong(self, wanted: str, told: object) -> Invalid:
        return Invalid(f"{self.name!r} {wanted}, not {str(told)[:_SHOWN]!r}.", field=self.name)


def schema_of(arguments: Sequence[Argument]) -> Schema:
    """State all arguments of a tool in JSON Schema (2020-12)."""
    return {
        "type": "object",
        "properties": {each.name: each.schema() for each in arguments},
        "required": [each.name for each in arguments if each.required],
        "additionalProperties": False,
    }


def read(arguments: Sequence[Argument], told: Mapping[str, object]) -> dict[str, Value]:
    """Read what a tool was called with, every argument by its name; raises Invalid for the first that cannot be."""
    known = {each.name for each in arguments}
    for name in told:
        if name not in known:
            raise Invalid(f"There is no argument {name[:_SHOWN]!r}. There are: {', '.join(sorted(known))}.", field=name)
    return {each.name: _value(each, told.get(each.name)) for each in arguments}


def _value(argument: Argument, told: object) -> Value:
    if told is not None:
        return argument.read(told)
    if argument.required:
        raise Invalid(f"{argument.name!r} is missing. {argument.about}", field=argument.name)
    return argument.default
