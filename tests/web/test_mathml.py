"""Formulas on the server."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.web.mathml import MAX_FORMULA, MAX_FORMULAS, formula, tex


def test_plain_words_are_only_escaped() -> None:
    assert tex("Cats & <dogs>") == "Cats &amp; &lt;dogs&gt;"


def test_a_formula_becomes_mathml() -> None:
    page = tex("for $x^2$ and more")
    assert page.startswith("for <math ")
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in page
    assert page.endswith("</math> and more")


@pytest.mark.parametrize("text", [r"\(x\)", r"\[x\]", "$$x$$", "$x$"])
def test_every_way_to_write_a_formula_is_known(text: str) -> None:
    assert tex(text).count("<math ") == 1
    assert "$" not in tex(text)


def test_display_formulas_stand_on_their_own_line() -> None:
    assert 'display="block"' in tex("$$x$$")
    assert 'display="inline"' in tex("$x$")


@pytest.mark.parametrize("text", ["it costs $5 or $10", "$3 million", r"\$1 and \$2", "a $ b $ c"])
def test_money_is_no_formula(text: str) -> None:
    assert "<math" not in tex(text)


def test_accents_outside_formulas_become_unicode() -> None:
    assert tex(r"Poincar\'e and \emph{G\"odel}") == "Poincaré and Gödel"


def test_a_macro_nobody_knows_is_shown_by_its_name() -> None:
    page = tex(r"$\poly(n)$")
    assert "poly" in page
    assert "\\" not in page


@pytest.mark.parametrize(
    "source",
    [
        "x" * (MAX_FORMULA + 1),
        r"\frac" * 300,
        "{" * 900,
        "{" * 500 + "x" + "}" * 500,
        r"\newcommand{\a}{\b\b\b}\newcommand{\b}{xxx}\a",
        r"\def\a{\a\a}\a",
        r"x^{a}^{b}",
    ],
)
def test_what_cannot_be_set_is_shown_as_its_source(source: str) -> None:
    assert formula(source) is None
    assert tex(f"${source}$") == f'<code class="tex">${source}$</code>'


@pytest.mark.parametrize(
    "source",
    [
        r"\text{<script>alert(1)</script>}",
        r"\href{javascript:alert(1)}{x}",
        r"\style{position:fixed}{x}",
        r"\class{skip}{x}",
        r"\color{red}x",
        r"\text{&lt;img src=x onerror=alert(1)&gt;}",
        r"\hspace{99999em}x",
        r"\rule{999em}{999em}",
        'x" onload="alert(1)',
    ],
)
def test_hostile_formulas_bring_no_markup_of_their_own(source: str) -> None:
    page = str(tex(f"${source}$"))
    tags = set(re.findall(r"<([a-z]+)", page))
    assert tags <= {"math", "mrow", "mi", "mo", "mn", "mtext", "mspace", "mstyle", "code"}
    inside = " ".join(re.findall(r"<[^>]*>", page))
    for word in ("href", "style=", "class=s", "color", "onload=", "99em", "99999em", "javascript"):
        assert word not in inside


def test_formulas_beyond_the_limit_stay_source() -> None:
    assert tex("$x$ " * (MAX_FORMULAS + 5)).count("<math ") == MAX_FORMULAS


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=r"\{}$^_()[]&<>'\"ab1 ", max_size=80))
def test_anything_at_all_can_be_set(text: str) -> None:
    page = str(tex(text))
    assert not re.search(r"<(?!/?(?:m[a-z]+|code)[ >])", page)


def test_long_hostile_text_takes_no_time() -> None:
    for text in (r"\(" * 30_000, "$a " * 30_000, "$$" * 30_000, r"\[\(" * 20_000, "$x$" * 20_000):
        started = time.process_time()
        tex(text)
        assert time.process_time() - started < 1
