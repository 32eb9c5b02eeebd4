"""What answers a query is marked, in the title and in the sentence that says most of it."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet.index import highlight
from broadsheet.index.han import WORD_OR_RUN, is_han, is_mark
from broadsheet.index.highlight import SNIPPET_CHARACTERS, Marks
from broadsheet.index.words import fold, stem, terms
from broadsheet.model.query import Span
from broadsheet.model.text import plain

ATTENTION = Marks(frozenset({"attent", "network"}), ())


def whole(marks: Marks, text: str) -> tuple[Span, ...]:
    return highlight.marked(plain(text), marks.places(plain(text)))


def snippet(marks: Marks, text: str, start: int = -1) -> tuple[Span, ...]:
    return highlight.snippet(plain(text), marks.places(plain(text)), start)


def marked(marks: Marks, text: str) -> list[str]:
    return [span.text for span in whole(marks, text) if span.matched]


def joined(spans: tuple[Span, ...]) -> str:
    return "".join(span.text for span in spans)


@pytest.mark.parametrize(
    ("stems", "prefixes", "text", "expected"),
    [
        ({"network"}, (), "Networks, NETWORK; networking!", ["Networks", "NETWORK", "networking"]),
        ({"network"}, (), "net subnetwork nets work -network-- net work", ["network"]),
        ({"pretrain"}, (), "Pre-training a pre-trained, pre training", ["Pre-training", "pre-trained"]),
        ({"train"}, (), "Pre-training", ["training"]),
        ({"ภา", "าษ", "ษา"}, (), "เรียนรู้ภาษาไทย", ["ภาษา"]),
        ({"รู"}, (), "เรียนรู้ภาษา", ["รู้"]),
        ({"theori"}, (), "A theory of theories, theorem", ["theory", "theories"]),
        ({"use"}, (), "use uses using used user", ["use", "uses", "using", "used"]),
        ({"die"}, (), "dying dies died dye", ["dying", "dies", "died"]),
        ({"4", "gpt"}, (), "GPT-4 GPT4 gpt_4", ["GPT", "4", "gpt", "4"]),
        ({"renyi"}, (), "Erdős–Rényi renyi RÉNYI", ["Rényi", "renyi", "RÉNYI"]),
        ({"strass"}, (), "Straße strasse", ["Straße", "strasse"]),
        ({"istanbul"}, (), "İstanbul and after İstanbul", ["İstanbul", "İstanbul"]),
        (set(), ("transf",), "Transformers transfer trans", ["Transformers", "transfer"]),
        (set(), ("ren",), "Rényi Renault", ["Rényi", "Renault"]),
        ({"学习"}, (), "深度学习方法 学 习", ["学习"]),
        ({"机器", "器学", "学习"}, (), "用机器学习", ["机器学习"]),
        ({"学"}, (), "学习 paper", ["学"]),
        ({"bert"}, (), "用BERT学习 BERTs", ["BERT", "BERTs"]),
        ({"bert"}, (), "{BERT} and $BERT$", ["BERT", "BERT"]),
        (set(), (), "nothing asked", []),
        ({"a"}, (), "", []),
    ],
)  # fmt: skip
def test_words_of_the_same_stem_or_beginning_are_marked(
    stems: set[str], prefixes: tuple[str, ...], text: str, expected: list[str]
) -> None:
    assert marked(Marks(frozenset(stems), prefixes), text) == expected


def test_a_title_is_shown_readable_and_whole() -> None:
    spans = whole(ATTENTION, r"Poincar\'e {A}ttention networks")
    assert spans == (
        Span("Poincaré "), Span("Attention", matched=True), Span(" "), Span("networks", matched=True)
    )  # fmt: skip


def test_the_snippet_is_the_sentence_with_the_most_different_words() -> None:
    text = "Networks are many. Attention, attention, attention! In networks attention helps. The end."
    spans = snippet(ATTENTION, text)
    assert joined(spans) == "In networks attention helps. The end."
    assert [span.text for span in spans if span.matched] == ["networks", "attention"]


def test_without_a_match_the_snippet_is_the_beginning() -> None:
    assert snippet(ATTENTION, "First. Second.") == (Span("First. Second."),)
    assert snippet(ATTENTION, "") == ()


def test_a_match_deep_in_a_long_sentence_is_shown() -> None:
    spans = snippet(ATTENTION, "word " * 200 + "attention " + "word " * 200)
    text = joined(spans)
    assert text.startswith("… word ")
    assert text.endswith(" …")
    assert len(text) <= SNIPPET_CHARACTERS
    assert Span("attention", matched=True) in spans


def test_a_snippet_ends_at_a_space() -> None:
    assert joined(snippet(ATTENTION, "abcdefg " * 100)).removesuffix(" …").endswith("abcdefg")


def test_a_sentence_in_chinese_needs_no_space() -> None:
    assert joined(snippet(Marks(frozenset({"学习"}), ()), "这是开始。机器学习方法。")) == "机器学习方法。"


WORDS = (
    "attention Attentions networks NET naïve Rényi 学习 深度学习 の 한국어 GPT4 x_1 İ ß dying study Ω ﬁne ½ Ⅳ १२ हिन्दी"
    " net-work pre-training e-mail เรียนรู้ ภาษา ລາວ ភាសា မြန်မာ ｶﾅ"
).split()
TEXTS = st.lists(
    st.sampled_from(WORDS) | st.text(st.characters(exclude_categories=("Cs",))) | st.sampled_from("-_. 。\n\u0301")
).map("".join)
ASKED = st.frozensets(st.sampled_from(WORDS) | st.text(min_size=1, max_size=3), max_size=4)


def slowly_marked(stems: frozenset[str], prefixes: tuple[str, ...], text: str) -> set[int]:
    """Find the marked characters word by word."""
    places = set[int]()
    for word in WORD_OR_RUN.finditer(text):
        if is_han(word[0]):
            places |= slowly_marked_run(stems, text, word.start(), word.end())
        elif stem(word[0]) in stems or (prefixes and fold(word[0]).startswith(prefixes)):
            places.update(range(*word.span()))
    for joined in re.finditer(r"(?<![^\W_])([a-z]{1,8})-", text.lower()):
        second = WORD_OR_RUN.match(text, joined.end())
        if second and stem(joined[1] + second[0]) in stems:
            places.update(range(joined.start(), second.end()))
    return places


def slowly_marked_run(stems: frozenset[str], text: str, start: int, end: int) -> set[int]:
    """Find the marked characters of a run of Han by its pairs."""
    places = set[int]()
    for at in range(start, end):
        following = [after for after in range(at + 1, end) if not is_mark(text[after])] + [end, end]
        if not is_mark(text[at]) and text[at] + text[following[0] : min(following[0] + 1, end)] in stems:
            places.update(range(at, following[1] if following[0] < end else end))
        elif text[at] in stems:
            places.update(range(at, following[0]))
    return places


@given(TEXTS, ASKED, ASKED)
@example("Dying studies", frozenset({"dying", "study"}), frozenset())
@example("学习\U0002ee5e", frozenset({"学习"}), frozenset())
def test_looking_for_beginnings_finds_what_reading_every_word_finds(
    text: str, asked: frozenset[str], begun: frozenset[str]
) -> None:
    stems = frozenset(token for word in asked for token, _ in terms(word))
    prefixes = tuple(sorted({fold(word) for word in begun if not is_han(fold(word))} - {""}))
    places, at = set[int](), 0
    for span in whole(Marks(stems, prefixes), text):
        places.update(range(at, at + len(span.text)) if span.matched else ())
        at += len(span.text)
    assert places == slowly_marked(stems, prefixes, plain(text))


@given(TEXTS, ASKED)
def test_marked_pieces_join_to_the_whole_text(text: str, asked: frozenset[str]) -> None:
    spans = whole(Marks(frozenset(map(stem, asked)) - {""}, ()), text)
    assert joined(spans) == plain(text)
    assert all(span.text for span in spans)


@pytest.mark.parametrize("length", range(220, 310))
def test_a_snippet_is_short_wherever_it_begins(length: int) -> None:
    text = "word " * 60 + "attention " + "x" * length
    assert len(joined(snippet(ATTENTION, text))) <= SNIPPET_CHARACTERS


@given(st.text() | st.text(st.sampled_from("ab. 。学"), max_size=2_000), ASKED)
@example("a " * 400 + "attention" * 100, frozenset({"a"}))
def test_a_snippet_is_a_short_piece_of_the_text(text: str, asked: frozenset[str]) -> None:
    shown = joined(snippet(Marks(frozenset(map(stem, asked)) - {""}, ()), text))
    assert len(shown) <= SNIPPET_CHARACTERS
    assert shown.removeprefix("… ").removesuffix(" …") in plain(text)
