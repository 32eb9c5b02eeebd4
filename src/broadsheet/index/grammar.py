"""The search syntax: any text whatsoever is understood as something, in linear time.

words            all of them count; papers with all come first
"these words"    in this order, in exactly these forms
-word  NOT word  must not occur
a OR b           either; binds tighter than the space between words
( … )            groups
transf*          beginning of a word; the last word needs no star while it is being typed
title: abstract: author: org: venue:     where a word, phrase or group must stand
cat: source: has:                        filters
date:2025-01..2025-06  year:2024..       ranges; one day, month or year without dots
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

from broadsheet.index.days import read_days
from broadsheet.index.han import is_han, words
from broadsheet.index.query_tree import And, Days, Node, Not, Or, Parsed, Phrase, Tag, TextField, Word
from broadsheet.model.query import MAX_TEXT
from broadsheet.model.text import clean, plain

MAX_DEPTH = 32
# A longer text is a title with its subtitle or a pasted abstract, not a query: its signs are punctuation.
MAX_TYPED_WORDS = 32
SHORTEST_PREFIX = 3
# A text all in capitals is a title from here on, not a few acronyms with operators between them.
_SHOUTED_TOKENS = 11
# A notice repeats this many characters of what it is about.
_SHOWN = 40
HAS = ("code", "project", "data", "pdf", "page", "video", "other", "abstract")

_ALIASES = {
    "ti": "title",
    "abs": "abstract",
    "au": "author",
    "authors": "author",
    "organisation": "org",
    "organization": "org",
    "category": "cat",
}
_TEXT_FIELDS: dict[str, TextField] = {name: name for name in get_args(TextField) if name}
_FIELDS = (*_TEXT_FIELDS, "cat", "source", "has", "date", "year")
_TOKEN = re.compile(
    r'(?P<space>\s+)|(?P<quote>"[^"]*"?)|(?P<open>\()|(?P<close>\))|(?P<minus>(?<![^\s(])-+(?=[^\s)-]))'
    r'|(?P<field>(?<![^\s(-])[A-Za-z]+:(?=[^\s)]))|(?P<word>[^\s"()]+)'
)
_TEX = re.compile(r"[\\${]")
_QUOTES = str.maketrans({"\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"', "\uff02": '"'})
_Token = tuple[str, str]


def parse(text: str) -> Parsed:
    """Understand a search text; never raises. Text beyond MAX_TEXT characters is not read."""
    notices: list[str] = []
    if len(text) > MAX_TEXT:
        text = text[:MAX_TEXT]
        notices.append(f"Only the first {MAX_TEXT:,} characters were read.")
    text = clean(text)
    # A pasted title or abstract may hold TeX, and papers are indexed without.
    text = (plain(text) if _TEX.search(text) else text).translate(_QUOTES)
    if _size(text) > MAX_TYPED_WORDS:
        return Parsed(bag=text, notices=tuple(notices))
    return _Parser(text, notices).parse()


def _size(text: str) -> int:
    """Count words; a run of a script without spaces counts a word for two characters."""
    return sum(max(1, len(word) // 2) if is_han(word) else 1 for word in words(text))


def _tokens(text: str) -> Iterator[_Token]:
    # Every character is in one of the token classes, so nothing is skipped and one pass is enough.
    for match in _TOKEN.finditer(text):
        yield match.lastgroup or "word", match[0]


class _Parser:
    """Recursive descent over the tokens; recursion is bounded by MAX_DEPTH."""

    def __init__(self, text: str, notices: list[str]) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0
        self._notices = notices
        self._shouted = text.isupper() and len(self._tokens) > _SHOUTED_TOKENS
        self._typing = len(self._tokens) - 1 if self._tokens and self._tokens[-1][0] == "word" else -1

    def parse(self) -> Parsed:
        """Read everything; a closing parenthesis too many is skipped."""
        children: list[Node] = []
        while self._at < len(self._tokens):
            children += self._sequence("", 0)
            if self._at < len(self._tokens):
                self._at += 1
                self._note("A closing parenthesis without an opening one was ignored.")
        return Parsed(tree=_all(children), notices=tuple(self._notices))

    def _note(self, sentence: str) -> None:
        if sentence not in self._notices:
            self._notices.append(sentence)

    def _sequence(self, field: TextField, depth: int) -> list[Node]:
        """Read up to a closing parenthesis, which is left standing, or the end."""
        children: list[Node] = []
        joining = False
        while self._at < len(self._tokens) and self._tokens[self._at][0] != "close":
            kind, text = self._tokens[self._at]
            operator = self._operator(kind, text)
            if kind == "space" or operator == "AND":
                self._at += 1
            elif operator == "OR":
                self._at += 1
                joining = bool(children)
            elif (node := self._term(field, depth)) is not None:
                children.append(_either(children.pop(), node) if joining else node)
                joining = False
        return children

    def _operator(self, kind: str, text: str) -> str:
        """Name the operator a token is; in a text all in capitals AND, OR and NOT are words."""
        if kind != "word" or self._shouted:
            return ""
        return {"|": "OR", "||": "OR", "&&": "AND"}.get(text, text if text in {"AND", "OR", "NOT"} else "")

    def _term(self, field: TextField, depth: int) -> Node | None:
        negated = False
        while self._at < len(self._tokens):
            kind, text = self._tokens[self._at]
            if kind != "minus" and not (self._operator(kind, text) == "NOT" or (kind == "space" and negated)):
                break
            negated = negated != (kind != "space")
            self._at += 1
        node = self._operand(field, depth)
        return Not(node) if negated and node is not None else node

    def _operand(self, field: TextField, depth: int) -> Node | None:
        if self._at == len(self._tokens) or self._tokens[self._at][0] == "close":
            return None
        at, (kind, text) = self._at, self._tokens[self._at]
        self._at += 1
        if kind == "quote":
            return self._phrase(text, field)
        if kind == "open":
            return self._group(field, depth)
        if kind == "field":
            return self._fielded(text, field, depth)
        return self._word(text, field, typing=at == self._typing)

    def _phrase(self, text: str, field: TextField) -> Node | None:
        if len(text) == 1 or text[-1] != '"':
            self._note("A quotation mark is open; the phrase was taken to go to the end.")
        inside = text.strip('"')
        return Phrase(inside, field) if words(inside) else None

    def _group(self, field: TextField, depth: int) -> Node | None:
        if depth >= MAX_DEPTH:
            self._note(f"Parentheses deeper than {MAX_DEPTH} were ignored.")
            return None
        children = self._sequence(field, depth + 1)
        if self._at == len(self._tokens):
            self._note("A parenthesis is open; it was taken to close at the end.")
        self._at += 1
        return _all(children)

    def _word(self, text: str, field: TextField, *, typing: bool) -> Node | None:
        word = Word(text, field)
        letters = words(text)
        if not letters:
            return None
        long_enough = len(letters[-1]) >= SHORTEST_PREFIX
        if text.endswith("*") and not long_enough:
            short = f"A star needs {SHORTEST_PREFIX} letters before it"
            self._note(f"{short}; {text[:_SHOWN]!r} was searched as a whole word.")
        elif text.endswith("*"):
            return replace(word, prefix="asked")
        return replace(word, prefix="typing") if typing and long_enough and text[-1].isalnum() else word

    def _fielded(self, text: str, outer: TextField, depth: int) -> Node | None:
        name = _ALIASES.get(text[:-1].lower(), text[:-1].lower())
        if name in _TEXT_FIELDS:
            return self._operand(_TEXT_FIELDS[name], depth)
        if name in _FIELDS:
            return self._filter(name)
        following = self._tokens[self._at]
        if following[0] == "word" and not following[1].startswith("/"):
            known = ", ".join(f"{known}:" for known in _FIELDS)
            self._note(f"There is no field {text[:_SHOWN]!r}, so it was searched as a word. Fields: {known}.")
        return self._word(text, outer, typing=False)

    def _filter(self, name: str) -> Node | None:
        kind, text = self._tokens[self._at]
        if kind not in {"word", "quote"}:
            self._note(f"After {name}: comes a value, such as {_EXAMPLES[name]}; it was ignored.")
            return None
        self._at += 1
        value = text.strip('"').strip()
        node = _FILTERS[name](value) if value else None
        if node is None:
            self._note(f"{name}: takes a value such as {_EXAMPLES[name]}; {value[:_SHOWN]!r} was ignored.")
        return node


def _days(value: str) -> Days | None:
    found = read_days(value)
    return Days(*found) if found else None


def _has(value: str) -> Tag | None:
    return Tag("has", value.lower()) if value.lower() in HAS else None


_FILTERS = {
    "cat": lambda value: Tag("cat", value),
    "source": lambda value: Tag("source", value),
    "has": _has,
    "date": _days,
    "year": _days,
}
_EXAMPLES = {
    "cat": "cs.CL",
    "source": "arxiv",
    "has": "code, data or project",
    "date": "2025-01-15, 2025-01..2025-06 or 2025..",
    "year": "2024, 2020..2024 or 2024..",
}


def _all(children: list[Node]) -> Node | None:
    return And(tuple(children)) if children[1:] else next(iter(children), None)


def _either(left: Node, right: Node) -> Or:
    return Or((*(left.children if isinstance(left, Or) else (left,)), right))
