"""What Prometheus reads: held to the grammar of its text format, version 0.0.4."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.empty_store import empty_home
from tests.flow.sending.coming_back import digest, report, somebody
from tests.web.conftest import NOW
from tests.web.owner import browser

from broadsheet.flow.house import House
from broadsheet.flow.sending.returned import take
from broadsheet.model.harvest import Source
from broadsheet.model.record import Problem
from broadsheet.settings import Settings
from broadsheet.store import gaps, problems, runs, sources
from broadsheet.web import metrics
from broadsheet.wiring import open_house

# https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-details
_NAME, _LABEL = r"[a-zA-Z_:][a-zA-Z0-9_:]*", r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*"'
HELP = re.compile(rf"# HELP ({_NAME}) (?:[^\\\n]|\\[\\n])*")
TYPE = re.compile(rf"# TYPE ({_NAME}) (?:counter|gauge|histogram|summary|untyped)")
SAMPLE = re.compile(rf"({_NAME})(\{{{_LABEL}(?:,{_LABEL})*\}})? (-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?)")


def samples(text: str) -> dict[str, float]:
    """Read a page strictly: each metric's HELP, TYPE and samples in one group, no sample twice."""
    assert text.endswith("\n")
    found: dict[str, float] = {}
    done: set[str] = set()
    current = ""
    for line in text[:-1].split("\n"):
        if told := HELP.fullmatch(line):
            assert told[1] not in done
            current = told[1]
            done.add(current)
        elif told := TYPE.fullmatch(line):
            assert told[1] == current
        else:
            told = SAMPLE.fullmatch(line)
            assert told is not None, line
            assert told[1] == current, line
            key = f"{told[1]}{told[2] or ''}"
            assert key not in found
            found[key] = float(told[3])
    return found


@pytest.fixture
def house(tmp_path: Any) -> Iterator[House]:
    """A house with two sources, one of which has run."""
    with open_house(Settings(home=empty_home(tmp_path / "home")), clock=lambda: NOW) as opened:
        with opened.store.writing() as connection:
            facts = {"kind": "hf", "every_s": 3600, "at": NOW - timedelta(days=1), "next_at": NOW}
            made = sources.add(connection, Source(name="hf", succeeded_at=NOW - timedelta(seconds=90), **facts))
            sources.add(connection, Source(name="new", failures=4, **facts))
            run = runs.begin(connection, made.id, NOW)
            runs.save(connection, replace(run, outcome="done", ended_at=NOW, records=10, new=4, changed=1))
            gaps.found(connection, "day", "hf", ["2026-11-19"], NOW)
            problems.note(connection, [Problem("hf", "1", "k", "m")], at=NOW)
        yield opened


def test_every_source_is_told_in_numbers(house: House) -> None:
    with browser(house) as client:
        answer = client.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    found = samples(answer.text)
    own = '{source="hf",kind="hf"}'
    assert found[f"broadsheet_source_last_success_timestamp_seconds{own}"] == NOW.timestamp() - 90
    told = ("lag_seconds", "failures", "records", "new_papers", "problems_open", "gaps_open", "healthy")
    assert [found[f"broadsheet_source_{name}{own}"] for name in told] == [90, 0, 10, 4, 1, 1, 1]
    other = '{source="new",kind="hf"}'
    assert f"broadsheet_source_last_success_timestamp_seconds{other}" not in found
    assert (found[f"broadsheet_source_healthy{other}"], found[f"broadsheet_source_lag_seconds{other}"]) == (0, 86_400)
    assert (found["broadsheet_papers"], found["broadsheet_sources"], found["broadsheet_gaps_open"]) == (0, 2, 1)


def test_digests_and_who_gets_them_are_told_in_numbers(house: House) -> None:
    ann = somebody(house)
    digest(house, ann, "2026-11-19")
    take(house, report(house, ann, digest(house, ann, "2026-11-20")))
    with browser(house) as client:
        found = samples(client.get("/metrics").text)
    assert found['broadsheet_subscribers{way="mail",state="suspended"}'] == 1
    assert [found[f'broadsheet_digests{{state="{state}"}}'] for state in ("sent", "bounced")] == [1, 1]
    assert found['broadsheet_digests_returned{kind="hard"}'] == 1
    assert found["broadsheet_digests_last_sent_timestamp_seconds"] == NOW.timestamp()
    assert found["broadsheet_digests_held"] == 0


def test_an_empty_house_has_numbers(empty_client: TestClient) -> None:
    assert samples(empty_client.get("/metrics").text)["broadsheet_sources"] == 0


def test_whatever_a_label_holds_is_escaped() -> None:
    told = metrics._labels({"source": 'a"b\\c\nd', "kind": "é\u2028"})
    assert told == '{source="a\\"b\\\\c\\nd",kind="é\u2028"}'
    samples(f"# HELP x y\n# TYPE x gauge\nx{told} 1\n")
