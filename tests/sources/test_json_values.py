"""JSON values of any arrangement come one by one, and a broken one costs only itself."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sources.reading import Trickle

from broadsheet.model.record import Problem
from broadsheet.sources.json_values import values

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 10**20) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=9,
)
OBJECTS = st.lists(st.dictionaries(st.text(max_size=5), JSON, min_size=1, max_size=3), min_size=1, max_size=5)


def found(data: bytes | str, *, cap: int = 1_000, size: int = 0) -> list[Any]:
    """Give values as they are and problems as their kinds."""
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    stream: Any = Trickle(raw, size) if size else io.BytesIO(raw)
    told = values(stream, source="test", name="f", cap=cap)
    return [one.kind if isinstance(one, Problem) else one[1] for one in told]


@given(OBJECTS, st.integers(1, 9))
def test_every_arrangement_gives_the_same_values(objects: list[Any], size: int) -> None:
    rows = [json.dumps(one) for one in objects]
    for data in ("\n".join(rows), "\r\n".join(rows) + "\r\n", " ".join(rows), json.dumps(objects)):
        assert found(data, size=size) == objects
    assert found(f"[{','.join(rows)}", size=size) == [*objects, "truncated"]
    assert found(json.dumps(objects, indent=1, ensure_ascii=False), size=size) == objects


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("", []),
        ("[]", []),
        (" \n\n ", []),
        ("[[1, 2], [3]]", [1, 2, 3]),
        ('{"a": 1}\nwords\n{"b": 2}\n', [{"a": 1}, "bad-json", {"b": 2}]),
        ('{"a": 1\n{"b": 2}\n', ["bad-json", {"b": 2}]),
        ('[{"a": 1}, {"b": x}, {"c": 3}]', [{"a": 1}, "bad-json", {"c": 3}]),
        ('[{"a": "}]"}, {"b": "\\"}]" x}, {"c": 3}]', [{"a": "}]"}, "bad-json", {"c": 3}]),
        ("[words, {'a': 1}, {\"c\": 3}]", ["bad-json", "bad-json", {"c": 3}]),
        ('[{"a": 1}, {"b": 2', [{"a": 1}, "truncated"]),
        ('[{"a": 1},', [{"a": 1}, "truncated"]),
        ('{"a": 1}\0\0\n{"b": 2}', ["bad-json", {"b": 2}]),
        ('{"a": "\0\x1f"}', [{"a": "\0\x1f"}]),
        ('\ufeff{"a": 1}\n{"b": 2}', [{"a": 1}, {"b": 2}]),
        ('\ufeff[{"a": 1}]', [{"a": 1}]),
        ('{"a": LONG}', ["too-large"]),
        ('[{"a": "LONG"}, {"b": 2}]', ["too-large", {"b": 2}]),
        ('{"a": 1}\n{"a": "LONG"}\n{"b": 2}', [{"a": 1}, "too-large", {"b": 2}]),
        ('DEEP {"b": 2}', [{"b": 2}]),
        ('[{"a": DEEP}, {"b": 2}]', ["too-large", {"b": 2}]),
    ],
)
def test_what_is_broken_is_a_problem_and_the_rest_comes(data: str, expected: list[Any]) -> None:
    hostile = data.replace("LONG", "9" * 5_000).replace("DEEP", "[" * 100_000 + "]" * 100_000)
    assert found(hostile) == expected


def test_objects_without_end_are_a_problem() -> None:
    assert found('{"a":' * 100_000) == ["truncated"]


def test_bytes_that_are_not_utf8_are_told_once() -> None:
    assert found(b'{"a": "\xe9"}\n{"b": "\xe8"}') == ["encoding", {"a": "é"}, {"b": "è"}]
    assert found(b'[{"a": "\xe9"}, {"b": "\xe8"}]') == [{"a": "é"}, "encoding", {"b": "è"}]


def test_a_line_of_ten_megabytes_costs_only_itself() -> None:
    data = '{"a": 1}\n{"a": "' + "x" * 10_000_000 + '"}\n{"b": 2}\n'
    assert found(data, cap=2_000_000) == [{"a": 1}, "too-large", {"b": 2}]
    assert found(f"[{','.join(data.splitlines())}]", cap=2_000_000) == [{"a": 1}, "too-large", {"b": 2}]


@given(OBJECTS, st.data())
def test_any_damage_is_survived(objects: list[Any], data: st.DataObject) -> None:
    text = json.dumps(objects)
    at = data.draw(st.integers(0, len(text)))
    damage = data.draw(st.sampled_from(['"', "{", "}", "[", "]", "\\", "\0", ",", "x"]) | st.text(max_size=3))
    damaged = text[:at] + damage + text[at + data.draw(st.integers(0, 3)) :]
    assert sorted(map(str, found(damaged))) == sorted(map(str, found(damaged, size=2)))


@given(st.binary(max_size=60))
def test_any_bytes_are_survived(data: bytes) -> None:
    assert sorted(map(str, found(data))) == sorted(map(str, found(data, size=3)))
