"""Any text is understood as something."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet.index.grammar import HAS, MAX_DEPTH, MAX_TYPED_WORDS, _tokens, parse
from broadsheet.index.query_tree import And, Days, Node, Not, Or, Phrase, Tag, Word
from broadsheet.model.query import MAX_TEXT

a, b, c = Word("a."), Word("b."), Word("c.")

UNDERSTOOD: dict[str, Node | None] = {
    "": None,
    "   ": None,
    "attention": Word("attention", prefix="typing"),
    "attention.": Word("attention."),
    "graph network": And((Word("graph"), Word("network", prefix="typing"))),
    "graph network ": And((Word("graph"), Word("network", prefix="typing"))),
    "gr": Word("gr"),
    "GPT-4": Word("GPT-4"),
    "self-attention": Word("self-attention", prefix="typing"),
    "C++": Word("C++"),
    "don't": Word("don't"),
    "+ ! ? / & ***": None,
    # phrases
    '"graph network"': Phrase("graph network"),
    "“graph network”": Phrase("graph network"),
    "«graph network»": Phrase("graph network"),
    '"graph" net.': And((Phrase("graph"), Word("net."))),
    'a."b c"d.': And((a, Phrase("b c"), Word("d."))),
    '"!?"': None,
    '""': None,
    # exclusion
    "a. -b.": And((a, Not(b))),
    "-b.": Not(b),
    "a. NOT b.": And((a, Not(b))),
    "NOT NOT a.": a,
    "NOT -a.": a,
    "--a.": Not(a),
    '-"b c"': Not(Phrase("b c")),
    "-title:b.": Not(Word("b.", "title")),
    "-(a. b.)": Not(And((a, b))),
    "a-b.": Word("a-b."),
    "a. - b.": And((a, b)),
    "a. NOT": a,
    "not a.": And((Word("not"), a)),
    # alternatives
    "a. OR b.": Or((a, b)),
    "a. | b.": Or((a, b)),
    "a. || b.": Or((a, b)),
    "a. OR b. OR c.": Or((a, b, c)),
    "a. OR b. c.": And((Or((a, b)), c)),
    "a. b. OR c.": And((a, Or((b, c)))),
    "a. AND b.": And((a, b)),
    "a. && b.": And((a, b)),
    "a. OR -b.": Or((a, Not(b))),
    "OR a.": a,
    "a. OR": a,
    "OR OR": None,
    "a. OR OR b.": Or((a, b)),
    "a. or b.": And((a, Word("or"), b)),
    # groups
    "(a. b.) OR c.": Or((And((a, b)), c)),
    "a. (b. OR c.)": And((a, Or((b, c)))),
    "()": None,
    "(((a.)))": a,
    "a.(b.)": And((a, b)),
    # fields
    "title:attention": Word("attention", "title", "typing"),
    "TITLE:a.": Word("a.", "title"),
    "ti:a. abs:b. au:c.": And((Word("a.", "title"), Word("b.", "abstract"), Word("c.", "author"))),
    "org:mit. venue:acl. authors:lee.": And((Word("mit.", "org"), Word("acl.", "venue"), Word("lee.", "author"))),
    "organisation:mit. organization:mit.": And((Word("mit.", "org"), Word("mit.", "org"))),
    'author:"Ann Lee"': Phrase("Ann Lee", "author"),
    "title:(a. OR b.)": Or((Word("a.", "title"), Word("b.", "title"))),
    "title:(author:a. b.)": And((Word("a.", "author"), Word("b.", "title"))),
    "BERT: a.": And((Word("BERT:"), a)),
    "title:": Word("title:"),
    "title: a.": And((Word("title:"), a)),
    "https://a.b/c.": And((Word("https:"), Word("//a.b/c."))),
    # filters
    "cat:cs.CL": Tag("cat", "cs.CL"),
    "category:cs.CL": Tag("cat", "cs.CL"),
    "source:arxiv": Tag("source", "arxiv"),
    'source:"saved page"': Tag("source", "saved page"),
    "has:Code": Tag("has", "code"),
    "-has:code": Not(Tag("has", "code")),
    "title:cat:cs.CL": Word("cat:cs.CL", "title"),
    # days
    "date:2025-01-15": Days(20250115, 20250115),
    "date:2025-01..2025-06": Days(20250101, 20250631),
    'date:"2025 .. "': Days(20250101, 99999999),
    "year:2024": Days(20240101, 20241231),
    "year:2020..2024": Days(20200101, 20241231),
    "year:..2024": Days(0, 20241231),
    # beginnings
    "transf*": Word("transf*", prefix="asked"),
    "transf* a.": And((Word("transf*", prefix="asked"), a)),
    "title:transf*": Word("transf*", "title", "asked"),
    "self-att*": Word("self-att*", prefix="asked"),
    # not for reading
    "le\u200barning.": Word("learning."),
    "\u202elearning.\u202c": Word("learning."),
    "a\0b.": Word("ab."),
    "a.\ud800": a,
    "\0\ud800\ufffe": None,
    "cafe\u0301.": Word("café."),
    "a.\r\n\tb.": And((a, b)),
    "R&amp;D.": Word("R&D."),
    r"Poincar\'{e} {B}ERT.": And((Word("Poincaré"), Word("BERT."))),
    "$x^2$.": Word("x²."),
}


@pytest.mark.parametrize("text", UNDERSTOOD, ids=ascii)
def test_syntax_is_understood(text: str) -> None:
    parsed = parse(text)
    assert parsed.tree == UNDERSTOOD[text]
    assert parsed.notices == ()
    assert parsed.bag == ""


FORGIVEN: dict[str, tuple[Node | None, str]] = {
    '"graph network': (Phrase("graph network"), "A quotation mark is open"),
    '"': (None, "A quotation mark is open"),
    'a. "': (a, "A quotation mark is open"),
    "(a.": (a, "A parenthesis is open"),
    "(": (None, "A parenthesis is open"),
    "a.)": (a, "closing parenthesis without an opening one"),
    ") a. ) b.": (And((a, b)), "closing parenthesis without an opening one"),
    "(" * 40 + "a." + ")" * 40: (a, f"Parentheses deeper than {MAX_DEPTH} were ignored."),
    "tr*": (Word("tr*"), "A star needs 3 letters before it; 'tr*'"),
    "colour:red.": (And((Word("colour:"), Word("red."))), "There is no field 'colour:'"),
    "cat:(a. b.)": (And((a, b)), "After cat: comes a value, such as cs.CL"),
    "date:soon a.": (a, "date: takes a value such as 2025-01-15"),
    "date:2025-13": (None, "date: takes a value"),
    "date:..": (None, "date: takes a value"),
    "date:" + "9" * 10_000: (None, "'" + "9" * 40 + "' was ignored"),
    "has:wings": (None, "has: takes a value such as code, data or project; 'wings' was ignored."),
    'cat:""': (None, "cat: takes a value such as cs.CL; '' was ignored."),
    "x" * 10_000 + ":y.": (And((Word("x" * 10_000 + ":"), Word("y."))), "There is no field 'xxx"),
    "a. " + " " * MAX_TEXT + "b.": (a, "Only the first 20,000 characters were read."),
}


@pytest.mark.parametrize("text", FORGIVEN, ids=lambda text: ascii(text)[:40])
def test_a_mistake_becomes_a_notice(text: str) -> None:
    tree, notice = FORGIVEN[text]
    parsed = parse(text)
    assert parsed.tree == tree
    assert [notice in sentence for sentence in parsed.notices].count(True) == 1
    assert all(len(sentence) < 250 and sentence.endswith(".") for sentence in parsed.notices)


def test_capital_operators_are_words_in_a_title_that_shouts() -> None:
    *words, last = "TO BE OR NOT TO BE IN THE BEST OF ALL WORLDS".split()
    tree = And((*map(Word, words), Word(last, prefix="typing")))
    assert parse("TO BE OR NOT TO BE IN THE BEST OF ALL WORLDS").tree == tree
    assert parse("RNN OR LSTM").tree == Or((Word("RNN"), Word("LSTM", prefix="typing")))


@pytest.mark.parametrize(
    "text",
    ["word " * (MAX_TYPED_WORDS + 1), '"a b c d" -x (y) ' * 20, "学" * (2 * MAX_TYPED_WORDS + 2), "-a " * 40],
    ids=ascii,
)
def test_a_long_text_is_no_query_and_its_signs_mean_nothing(text: str) -> None:
    parsed = parse(text)
    assert parsed.tree is None
    assert parsed.bag == text.strip()


@pytest.mark.parametrize("kind", HAS)
def test_every_kind_of_link_can_be_asked_for(kind: str) -> None:
    assert parse(f"has:{kind}").tree == Tag("has", kind)


VALUES = st.characters(exclude_categories=("C", "Z"), exclude_characters='"()“”„«»\uff02&\\${')


@given(st.text(VALUES, min_size=1, max_size=300))
def test_a_filter_takes_any_value(value: str) -> None:
    assert parse(f"cat:{value}").tree == parse(f'cat:"{value}"').tree
    assert isinstance(parse(f"source:{value}").tree, Tag)


SIGNS = st.text(st.sampled_from('ab学é "()-*:|.\t\0\ud800\u0301“OR NOTtitlecatdate2025')) | st.text()


@given(st.lists(SIGNS | st.sampled_from(["OR", "NOT", "title:", "cat:", "date:2025..", "((", "-"])).map(" ".join))
@example("(" * 5_000)
@example("(a" * 5_000)
@example(")" * MAX_TEXT)
@example("-" * MAX_TEXT)
@example("- " * 10_000)
@example("NOT " * 5_000)
@example("OR " * 5_000)
@example("title:" * 3_000)
@example("a:" * 10_000)
@example('"' * MAX_TEXT)
@example("e" + "\u0301" * (MAX_TEXT - 1))
@example("&amp;" * 4_000)
def test_any_text_has_a_meaning_no_larger_than_itself(text: str) -> None:
    parsed = parse(text)
    nodes, depth = measured(parsed.tree)
    assert nodes <= 2 * len(text) + 1
    assert depth <= 4 * MAX_DEPTH
    assert sum(map(len, parsed.notices)) < 10_000


@given(st.text())
def test_each_character_belongs_to_one_token(text: str) -> None:
    assert "".join(token for _, token in _tokens(text)) == text


def measured(node: Node | None) -> tuple[int, int]:
    """Count the nodes of a tree, and its depth."""
    children: tuple[Node | None, ...] = ()
    if isinstance(node, And | Or):
        children = node.children
    elif isinstance(node, Not):
        children = (node.child,)
    sizes = [measured(child) for child in children]
    return 1 + sum(size for size, _ in sizes), 1 + max((depth for _, depth in sizes), default=0)
