"""Digests of a usual kind, of a large one, and of a hostile one."""

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from broadsheet.model.digest import Card, Digest, Section
from broadsheet.model.ids import ExternalId
from broadsheet.model.paper import Paper
from broadsheet.model.record import Author, Link
from broadsheet.push.port import Facts

DAY = date(2026, 11, 20)
HOME = "https://papers.example.org"
FACTS = Facts(
    key="digest-7",
    site="Broadsheet",
    at=datetime(2026, 11, 20, 7, tzinfo=UTC),
    home_url=HOME,
    view_url=f"{HOME}/digests/view/7.token",
    manage_url=f"{HOME}/subscriptions",
    why="You get this because you subscribed to Trending.",
)
SENTENCE = "We show that one sentence, well chosen from the abstract, tells most readers whether to open a paper."
# What means something to one service or another, or breaks a text.
NASTY = (
    "@everyone", "@channel", "@here", "<!channel>", "<@U12345>", "<@&123456789012345678>", "<#C1>", "~town-square",
    "#tag", "/start", "](https://evil.example)", "[x](javascript:alert(1))", "**", "__", "~~", "||", "`", "```",
    "*a*", "_b_", "# ", "> ", "- ", "+ ", "1. ", "1) ", "===", "---", "|", "\\", "\\*", "&", "&lt;", "&amp;amp;", "<",
    ">", "<script>alert(1)</script>", "<b>", "</a>", "<!--", "https://evil.example/x", ":tada:", "$x^2$", "{", "}",
    "(", ")", "[", "]", "!", ".", "=", "\n", "\r\n", "\t", "\x00", "\x1b[31m", "\u202e", "\u200b", "\ud800", "\udfff",
    "\U0001d518\U0001d52b", "👩‍👩‍👧", "é", "论文", "مقالة", " ", "words ", "a" * 400, "\U0001d54f" * 300,
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(NASTY) | st.characters(), max_size=8).map("".join)
_URLS = st.sampled_from(
    ("https://ok.example/a_b(c)*d|e", "https://ok.example/&x=<y>", "javascript:alert(1)", "https://münchen.example/é",
     "http://ok.example/" + "a" * 1_500, "https://ok.example/~x#y[z]", "ftp://x.example/")
)  # fmt: skip
_LINKS = st.builds(Link, st.sampled_from(("code", "pdf", "project")), _URLS)
_IDS = st.sampled_from(
    (ExternalId("arxiv", "2511.12345"), ExternalId("doi", "10.1000/a(b)<c>"), ExternalId("url", "x"))
)


def paper(number: int, title: str = "") -> Paper:
    """Give a paper that has all that is told of one."""
    return Paper(
        id=number,
        slug=f"arxiv/2511.{10_000 + number}",
        title=title or f"Paper {number} of the day: how to read it in ten languages",
        ids=(ExternalId("arxiv", f"2511.{10_000 + number}"),),
        authors=(Author("Ada Lovelace"), Author("Alan Turing"), Author("Grace Hopper"), Author("Emmy Noether")),
        organisations=("Example Lab",),
        links=(Link("code", "https://github.com/a/b"),),
        published="2026-11-19",
        upvotes=1_200 - number,
    )


def digest(count: int = 3, *, more: int = 0, sections: int = 1) -> Digest:
    """Give a digest with so many papers in each of so many lists."""
    return Digest(
        "daily",
        DAY,
        tuple(
            Section(
                f"List {each}" if each else "Trending",
                "/trending",
                tuple(Card(paper(100 * each + number), (SENTENCE,), "Trending") for number in range(count)),
                more,
            )
            for each in range(sections)
        ),
    )


_PAPERS = st.builds(
    Paper,
    slug=st.sampled_from(("arxiv/2511.12345", "local/a(b)*c", "url/é", "doi/10.1000/[x]")),
    title=TEXTS,
    ids=st.lists(_IDS, max_size=2).map(tuple),
    authors=st.lists(st.builds(Author, TEXTS), max_size=5).map(tuple),
    organisations=st.lists(TEXTS, max_size=2).map(tuple),
    links=st.lists(_LINKS, max_size=3).map(tuple),
    published=TEXTS,
    upvotes=st.sampled_from((0, 7, 10**12)),
)
_CARDS = st.builds(Card, _PAPERS, st.lists(TEXTS, max_size=2).map(tuple), TEXTS)
_SECTIONS = st.builds(
    Section, TEXTS, st.just("/trending"), st.lists(_CARDS, max_size=4).map(tuple), st.sampled_from((0, 1, 10**6))
)
HOSTILE = st.builds(
    Digest, st.sampled_from(("daily", "weekly", "now")), st.just(DAY), st.lists(_SECTIONS, max_size=3).map(tuple)
)
HOSTILE_FACTS = st.builds(
    Facts,
    key=TEXTS.map(lambda text: text.encode("utf-8", "replace").decode()),
    site=TEXTS,
    at=st.just(FACTS.at),
    home_url=st.sampled_from((HOME, "", "http://127.0.0.1:8000")),
    view_url=st.sampled_from(("", FACTS.view_url)),
    manage_url=st.sampled_from(("", FACTS.manage_url)),
    why=TEXTS,
)
