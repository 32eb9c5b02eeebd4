"""A line of the log is one line, whatever stands in it, and can be read back."""

import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.cli.logs import JsonLines, KeyValues, start_logging
from broadsheet.credentials.secret import Kind, new_secret
from broadsheet.errors import Invalid


def event(facts: dict[str, object], message: str = "run ended") -> logging.LogRecord:
    record = logging.LogRecord("broadsheet", logging.WARNING, "x.py", 1, message, (), None)
    record.facts = facts
    return record


@given(st.text(max_size=300), st.text(max_size=100))
def test_every_event_is_one_line_of_json(reason: str, message: str) -> None:
    line = JsonLines().format(event({"source": "arxiv", "pages": 3, "reason": reason}, message.replace("%", "")))
    told = json.loads(line)
    assert "\n" not in line
    assert (told["level"], told["source"], told["pages"], told["reason"]) == ("warning", "arxiv", 3, reason)


@given(st.text(max_size=300))
def test_every_event_is_one_line_of_words_and_colours_no_terminal(reason: str) -> None:
    line = KeyValues().format(event({"source": "arxiv", "reason": reason}))
    assert line.isprintable()
    assert 'event="run ended" source=arxiv reason=' in line


def test_a_fault_of_ours_is_told_with_its_trace() -> None:
    record = event({})
    try:
        _ = 1 / len("")
    except ZeroDivisionError as error:
        record.exc_info = (type(error), error, error.__traceback__)
    assert "ZeroDivisionError: division by zero" in json.loads(JsonLines().format(record))["error"]
    assert KeyValues().format(record).isprintable()


@pytest.mark.parametrize("written", ["{}", "token%3D{}", "x{}x", "/feed.atom?token={}&a=1"])
def test_no_secret_is_told_wherever_it_stands(written: str) -> None:
    for kind in Kind:
        secret = new_secret(kind)
        for form in (JsonLines(), KeyValues()):
            line = form.format(event({"path": written.format(secret)}, written.format(secret).replace("%", "%%")))
            assert secret[4:] not in line
            assert f"{kind}_\u2026" in line or f"{kind}_\\u2026" in line
            assert secret[4:] not in form.format(event({"path": written.format(secret.replace("_", "%5F"))}))


def test_a_format_that_there_is_not_is_refused() -> None:
    with pytest.raises(Invalid, match="log_format"):
        start_logging("yaml")
