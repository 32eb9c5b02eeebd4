"""Markdown of strangers: what is set, what is shown as it was written, and that nothing else ever comes out."""

import random
import re
from html.parser import HTMLParser

import pytest
from tests.hostile import HOSTILE

from broadsheet.model.comment import MAX_BODY
from broadsheet.web.markdown import MAX_BRACKETS, MAX_MARKUP, markdown

TAGS = re.compile(
    "p|br|hr|h[3456]|strong|em|s|code|pre|blockquote|ul|ol|li|a|table|thead|tbody|tr|t[hd]|math|m(?:row|i|o|n|text|space|"
    "sup|sub|subsup|frac|sqrt|root|over|under|underover|table|tr|td|padded|style|phantom|enclose|multiscripts)|none"
)
MATHS = re.compile(
    "display|width|height|depth|m(?:in|ax)size|linethickness|scriptlevel|[lr]space|stretchy|fence|form|accent(?:under)?|"
    "mathvariant|displaystyle|movablelimits|columnalign|separator"
)
ADDRESS = re.compile(r"(?:https?://|mailto:|/readers/[a-z0-9-]+$|/search\?q=(?:arxiv|doi)%3A)[^\s<>\"]*", re.IGNORECASE)
SEEDS = (
    "# Head *em* **strong** ~~gone~~ `code`\n\n> quoted\n> - list\n>   1. more\n\n---\n",
    "| a | b |\n|---|:-:|\n| [x](https://e.org 'title') | ![i](https://e.org/i.png) |\n",
    "Set $a_1 < \\frac{b}{c}$ and $$\\sum_{i=1}^n \\text{<b>}$$ or \\(x\\) \\[y\\] $\\href{javascript:alert(1)}{x}$",
    "@ann arXiv:2401.00001 doi:10.1000/a(b)c https://e.org/a_b?c=d&e=f <https://e.org> [r]\n\n[r]: https://e.org/r\n",
    "<script>alert(1)</script><img src=x onerror=alert(1)><svg/onload=alert(1)><a href='javascript:alert(1)'>x</a>",
    "[a](javascript:alert(1)) [b](data:text/html,x) [c](//evil) [d](JaVaScRiPt&#58;alert(1)) [e](vbscript:x)",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math><style>*{x:expression(1)}</style><!-- --><![CDATA[x]]>",
    "```html\n<b onclick=x>\n```\n\n    indented <i>\n\nline  \nbreak \\\nhard &lt;b&gt; &#x3c;script&#62;",
)
TOKENS = (
    *"[]()<>!*_`~$\\|#>-+=&;:\"'/@\n \t{}^%?.,0a",
    "](", "](javascript:", "<a href=", "onload=", "javascript:", "&#x6A;", "\x00", "\u202e", "\u2028", "$$", "\\(",
    "\\)", "https://", "mailto:", "@ann", "arXiv:2401.00001", "</pre>", "<!--", "-->", "]]>", "\\text{", "\\href{",
    "|---|\n",
)  # fmt: skip


class Nodes(HTMLParser):
    """What a browser would build that is not on the list; an attribute as ``tag.name=value``."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.foreign: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not TAGS.fullmatch(tag):
            self.foreign.append(tag)
        self.foreign += [f"{tag}.{name}={value}" for name, value in attrs if not self.allowed(tag, name, value or "")]

    def handle_comment(self, data: str) -> None:
        self.foreign.append(f"<!--{data}")

    def handle_decl(self, decl: str) -> None:
        self.foreign.append(decl)

    def unknown_decl(self, data: str) -> None:
        self.foreign.append(data)

    def handle_pi(self, data: str) -> None:
        self.foreign.append(data)

    @staticmethod
    def allowed(tag: str, name: str, value: str) -> bool:
        if tag == "a":
            is_known = name == "title" or (name == "rel" and value == "nofollow ugc noopener")
            return is_known or (name == "href" and ADDRESS.match(value) is not None)
        return (tag == "ol" and name == "start" and value.isdecimal()) or MATHS.fullmatch(name) is not None


def mutated(chance: random.Random) -> str:
    """Make a text out of pieces of others, with what matters to a parser strewn in."""
    pieces = []
    for _ in range(chance.randint(1, 6)):
        seed = chance.choice(SEEDS)
        start = chance.randrange(len(seed))
        pieces += [seed[start : start + chance.randint(1, 80)], chance.choice(TOKENS) * chance.randint(0, 3)]
    return "".join(pieces)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <s>c</s> <code>d</code></p>"),
        ("# Head\n###### Six", "<h3>Head</h3>\n<h6>Six</h6>"),
        ("x  \ny", "<p>x<br>\ny</p>"),
        ("3. c", '<ol start="3">\n<li>c</li>\n</ol>'),
        ("<b>x</b> &lt; &copy;", "<p>&lt;b&gt;x&lt;/b&gt; &lt; ©</p>"),
        ("$5 or $10, `$x$`", "<p>$5 or $10, <code>$x$</code></p>"),
        (r"$\def\a{b}$", r"<p><code>$\def\a{b}$</code></p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("[x](//evil.example)", "<p>[x](//evil.example)</p>"),
        ("[x](/searches)", "<p>[x](/searches)</p>"),
    ],
)
def test_what_is_written_is_set(text: str, html: str) -> None:
    assert markdown(text).strip() == html


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("@ann, @Bo! ann@ann.org x@ann /@ann \\@ann `@ann` [@ann](https://e.org)", ["/readers/ann", "https://e.org"]),
        ("arXiv:2401.00001v2.", ["/search?q=arxiv%3A2401.00001"]),
        ("(arXiv: hep-th/9901001)", ["/search?q=arxiv%3Ahep-th%2F9901001"]),
        ("doi:10.1000/a(b)c, 10.1000/Xy.", ["/search?q=doi%3A10.1000%2Fa%28b%29c", "/search?q=doi%3A10.1000%2Fxy"]),
        ("(https://e.org/a_b_(c)), https://e.org/d.", ["https://e.org/a_b_(c)", "https://e.org/d"]),
        ("<https://e.org/x> <mailto:a@e.org>", ["https://e.org/x", "mailto:a@e.org"]),
        ("![a picture](https://e.org/p.png) ![](https://e.org/q.png)", ["https://e.org/p.png", "https://e.org/q.png"]),
        ("[![a](https://e.org/p.png)](https://e.org)", ["https://e.org"]),
        ("[a]() ![b]() [c](<>)", []),
        ("ftp://e.org 10.5 arXiv:9999 2401.00001", []),
    ],
)  # fmt: skip
def test_what_can_be_opened_is_a_link(text: str, links: list[str]) -> None:
    html = markdown(text, {"ann"})
    assert re.findall(r'href="([^"]*)"', html) == links
    assert "<img" not in html
    assert html.count('rel="nofollow ugc noopener"') == len(links)


def test_formulas_are_set_before_their_signs_mean_anything() -> None:
    html = markdown("$a_1 * b_2 * c$ and $$x \\\\ y$$ and \\(z_*\\)")
    assert (html.count("<math"), html.count('display="block"'), "<em>" in html) == (3, 1, False)
    assert markdown("$x$ " * 60).count("<math") == 50


def test_what_is_too_much_is_shown_as_it_was_written() -> None:
    for text in (
        "*a*" + "x" * MAX_BODY,
        "[" * (MAX_BRACKETS + 1) + "*a*",
        "|a" * 30 + "\n" + "|-" * 30 + "\nx" * 4_000,
    ):
        html = markdown(text)
        assert ("<em>" in html or "<table>" in html, "a" in html) == (False, True)
        assert len(html) <= MAX_MARKUP


def test_hostile_texts_come_to_nothing() -> None:
    for text in (*HOSTILE, *SEEDS):
        assert Nodes(markdown(text[:MAX_BODY], {"ann"})).foreign == []


def test_no_mutation_brings_in_what_is_not_on_the_list() -> None:
    chance = random.Random(20261120)
    for _ in range(3_000):
        text = mutated(chance)
        assert Nodes(markdown(text, {"ann"})).foreign == [], text
