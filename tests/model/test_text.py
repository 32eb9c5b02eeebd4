"""Text is cleaned once, and addresses in it are found without what follows them."""
# ruff: noqa: RUF001 - quotation marks that look alike are what is read

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.model.text import clean, urls
from broadsheet.model.unicode import is_nfc, nfc

MESSY = st.text(
    st.sampled_from("ab &;#x0aé\u0301\u0323\0\x85\x93\xc2\xa0\u200b\u200d\u202e\ufeff\ud800\U000e0041\t\n<amplgt")
    | st.characters(),
    max_size=60,
)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("  two\n\twords  ", "two words"),
        ("a&nbsp;b &amp;amp; c", "a b & c"),
        ("&lt;b&gt; &#233; &#xe9; &eacute;", "<b> é é é"),
        ("AT&T; R&D &unknown;", "AT&T; R&D &unknown;"),
        ("a\0b\x07c\x7f", "abc"),
        ("soft\xadhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("right\u202eto left", "rightto left"),
        ("\ufeffmark", "mark"),
        ("half \ud800", "half"),
        ("e\u0301", "é"),
        ("\xc3\xa9lan \x93quoted\x94", "Ã©lan “quoted”"),
        ("it\xe2\x80\x99s", "it’s"),
        ("$a<b$ \\'e", "$a<b$ \\'e"),
        ("می‌خواهم 👩\u200d👧", "می‌خواهم 👩\u200d👧"),
        ("", ""),
    ],
)
def test_what_no_reader_should_see_is_gone(said: str, text: str) -> None:
    assert clean(said) == text


@given(MESSY)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert once.strip() == once
    assert "  " not in once
    assert once.encode().decode() == once
    assert nfc(once) == once


@given(st.text(max_size=60))
def test_ascii_words_survive(text: str) -> None:
    words = [word for word in text.split() if word.isascii() and word.isalnum() and word.isprintable()]
    assert all(word in clean(" ".join(words)).split() for word in words)


@pytest.mark.parametrize("filler", ["&amp;", "&", ";", "&#x26;", "\u0301", "e\u0301", "\x93", "\xe2\x80", " ", "&lt"])
def test_long_texts_are_cleaned_in_time(filler: str) -> None:
    long = "a" + filler * 200_000
    assert clean(clean(long)) == clean(long)


def test_long_texts_are_composed_too() -> None:
    assert nfc("e\u0301" * 5_000) == "é" * 5_000
    assert not is_nfc("e\u0301")
    assert is_nfc("é")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("See https://github.com/a/b.", ["https://github.com/a/b"]),
        ("(https://github.com/a/b)", ["https://github.com/a/b"]),
        ("[code](https://github.com/a/b), [data](https://d.org/1)", ["https://github.com/a/b", "https://d.org/1"]),
        ("https://en.wikipedia.org/wiki/Fold_(cloth).", ["https://en.wikipedia.org/wiki/Fold_(cloth)"]),
        ("https://github.com/a/b{https://github.com/a/b}.", ["https://github.com/a/b"]),
        (r"\href{https://a.org/x}{here} and \url{https://a.org/y\_z}", ["https://a.org/x", "https://a.org/y_z"]),
        ("https://a.org/x,https://b.org/y;", ["https://a.org/x", "https://b.org/y"]),
        ("“https://a.org/x”, ‘https://b.org’", ["https://a.org/x", "https://b.org"]),
        ("<https://a.org/x>", ["https://a.org/x"]),
        ("$https://a.org/x$", ["https://a.org/x"]),
        ("https://a.org/?q=1&r=2#top!", ["https://a.org/?q=1&r=2#top"]),
        ("https://github.com/a/long- name", ["https://github.com/a/long-name"]),
        ("at www.fold.org, github.com/a/b and ann.github.io/x.", ["https://www.fold.org", "https://github.com/a/b",
                                                                  "https://ann.github.io/x"]),
        ("HTTPS://A.org/X", ["HTTPS://A.org/X"]),
        ("mail ann@github.com/x or notgithub.com/x", []),
        ("http:// and https://localhost and ftp://a.org", []),
        ("https://a.org https://a.org", ["https://a.org"]),
        ("no address at all", []),
    ],
)  # fmt: skip
def test_addresses_come_without_what_follows_them(said: str, found: list[str]) -> None:
    assert list(urls(said)) == found


PROSE = st.lists(st.sampled_from([*"ahtps:/.wgiub()[]{}\\_-, \n%&é", "https://", "www.", "github.com/"]), max_size=60)


@given(PROSE.map("".join))
def test_any_text_has_addresses_or_none(text: str) -> None:
    for url in urls(text):
        assert url.lower().startswith(("http://", "https://"))
        assert not url.endswith((".", ",", ";", ":", "!", "?", "("))
        assert " " not in url


@pytest.mark.parametrize("filler", ["http://a.b)", "http://a.b.,", "www.", "github.com/", "-", " https://a.b/x- "])
def test_long_texts_are_searched_in_time(filler: str) -> None:
    assert urls("https://a.org/" + filler * 20_000)
