"""What a comment's body is, and whom it mentions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.hostile import HOSTILE

from broadsheet.model.comment import MAX_MENTIONS, fit, mentions, opening


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("\n\n    code\n\n", "    code"),
        ("a\x00\x1b[31m\u202eb\u200b\ufeff", "a[31mb"),
        ("&lt;b&gt; *x*  y", "&lt;b&gt; *x*  y"),
        ("e\u0301", "é"),
        ("می\u200cروم", "می\u200cروم"),
    ],
)
def test_a_body_keeps_its_lines_and_loses_what_cannot_be_seen(text: str, body: str) -> None:
    assert fit(text) == body


@given(st.one_of(st.text(), st.sampled_from(HOSTILE)))
def test_what_is_fit_stays_as_it_is(text: str) -> None:
    assert fit(fit(text)) == fit(text)


@pytest.mark.parametrize(
    ("body", "handles"),
    [
        ("@ann and @Bo-Chen, (@cy)! @ann", ("ann", "bo-chen", "cy")),
        ("ann@example.org /@ann x.@ann \\@ann @@ann @ann@example.org", ()),
        ("`@ann` ``x @bo`` @cy\n```\n@di\n```\n~~~\n@ed", ("cy",)),
        ("@-a @a- @" + "a" * 33, ("a",)),
        (" ".join(f"@r{number}" for number in range(99)), tuple(f"r{number}" for number in range(MAX_MENTIONS))),
    ],
)
def test_mentions_are_handles_outside_code_and_addresses(body: str, handles: tuple[str, ...]) -> None:
    assert mentions(body) == handles


def test_the_opening_is_one_line() -> None:
    assert opening("a\n\n  b") == "a b"
    assert (len(opening("word " * 99)), opening("word " * 99)[-1]) == (160, "…")
