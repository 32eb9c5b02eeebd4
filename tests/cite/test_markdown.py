"""A paper as Markdown says all that is known, and nothing in it is taken for more than text."""

import re

from markdown_it import MarkdownIt
from tests.web.conftest import HOSTILE, shelf

from broadsheet.cite.markdown import markdown
from broadsheet.model.compose import compose
from broadsheet.model.ids import ExternalId
from broadsheet.model.paper import Paper
from broadsheet.model.record import Author, Link

PAPER = Paper(
    slug="2401.00001",
    title="On $\\infty$ kettles",
    abstract="We boil $x < y$.\n# Not a heading\n1. no list",
    authors=(Author("Ann Lee"), Author("Bo Chen")),
    ids=(ExternalId("arxiv", "2401.00001"),),
    published="2024-01-02",
    summary="Water boils.",
    links=(Link("code", "https://github.com/a/b"), Link("code", "javascript:alert(1)")),
)


def test_a_paper_is_told_whole() -> None:
    assert markdown(PAPER) == (
        "# On ∞ kettles\n\n**Authors:** Ann Lee, Bo Chen\n\n"
        "- **arxiv:** 2401.00001\n- **published:** 2024-01-02\n- **code:** <https://github.com/a/b>\n\n"
        "> Water boils.\n\n## Abstract\n\n"
        "We boil $x < y$.\n\\# Not a heading\n\\1. no list\n\nThe full text is not kept here.\n"
    )


def test_what_is_not_known_is_left_out() -> None:
    bare = markdown(Paper(slug="local/1", title="Bare", withdrawn=True))
    assert "Authors" not in bare
    assert "This paper was withdrawn." in bare
    assert "No source gives an abstract." in bare


def test_no_source_s_words_become_raw_html_or_a_script() -> None:
    for record in shelf():
        html = MarkdownIt("commonmark").render(markdown(compose([record])))
        assert not re.search(r"<(?:script|img|/?textarea|/?title)", html), record.title
        assert 'href="javascript:' not in html
    assert HOSTILE.split("<")[0] in markdown(compose([shelf()[-1]]))
