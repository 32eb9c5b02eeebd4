"""TeX as a person reads it."""
# ruff: noqa: RUF001 - letters that look alike are what is read

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.model.tex import plain


@pytest.mark.parametrize(
    ("tex", "words"),
    [
        (r"Schr\"odinger, Schr\"{o}dinger, Schr{\"o}dinger, Schr\"{ o }dinger", "Schrödinger, " * 3 + "Schrödinger"),
        (
            r"\'Elan, na\"{\i}ve, \c{c}a, \v Cech, \~n, \aa, S\o ren, \L{}ukasz",
            "Élan, naïve, ça, Čech, ñ, å, Søren, Łukasz",
        ),
        (r"\H{o}, \k{a}, \r u, \d{s}, \u{g}, \.z, \=a, \^{}", "ő, ą, ů, ṣ, ğ, ż, ā, ^"),
        ("$O(n^2)$ and $x_1$, $x^{10}$", "O(n²) and x₁, x¹⁰"),
        (r"$\alpha$-$\beta$, $\mathcal{O}(n)$, $\frac{1}{2}$, $90^\circ$", "α-β, O(n), 1/2, 90°"),
        (r"\(x^2\) costs \$5 and $10", "x² costs $5 and $10"),
        ("$5 and $10", "$5 and $10"),
        (r"\textbf{Bold} {\em words} \emph{here}", "Bold words here"),
        (r"R\&D, 50\%, a\_b, \#1, \{x\}", "R&D, 50%, a_b, #1, {x}"),
        ("``quoted'' and --- dashed -- pages 1--2", "“quoted” and — dashed – pages 1–2"),
        (r"as shown \cite{lee2024} in \ref{fig}", "as shown in"),
        (r"\unknown{word}", "unknownword"),
        ("A~tie, ~/path and a ~ b", "A tie, ~/path and a ~ b"),
        ("{N}apkins", "Napkins"),
        ("no tex at all  ", "no tex at all  "),
        ("", ""),
        ("\\", "\\"),
        ("$", "$"),
    ],
)
def test_tex_is_read(tex: str, words: str) -> None:
    assert plain(tex) == words


TEX = st.lists(
    st.sampled_from([*"\\{}$~^_'\"`-ab1 \n", r"\'", r"\c", r"\frac", r"\cite", r"\alpha", r"\unicode{x", "\\("]),
    max_size=40,
).map("".join)


@given(TEX)
def test_any_tex_is_read(tex: str) -> None:
    assert isinstance(plain(tex), str)


@given(st.text(max_size=60).filter(lambda text: not set(text) & set("\\${}~-`'")))
def test_text_without_tex_comes_back_as_it_is(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    "filler",
    [
        "\\",
        "{",
        "}",
        "$",
        "$a ",
        "^{",
        "\\frac{",
        "\\frac{a}",
        "\\cite ",
        "\\'{ ",
        "\\c ",
        "~",
        "-",
        "`",
        "\\alpha",
        " ",
    ],
)
@pytest.mark.parametrize("start", ["", "\\cite", "\\'{", "$^", "\\frac", "\\c"])
def test_long_texts_are_read_in_time(start: str, filler: str) -> None:
    assert isinstance(plain(start + filler * 50_000), str)
