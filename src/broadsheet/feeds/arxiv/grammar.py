"""Read arXiv's query syntax: ``au:lecun_y AND (ti:"deep learning" OR abs:network*) ANDNOT cat:cs.CV``.

AND and ANDNOT bind tighter than OR, and words that nothing joins must all be there. Signs that mean nothing are no
reason to refuse a text; a field that nothing here answers is.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from broadsheet.feeds.arxiv.tree import All, Any, Category, Days, Id, Node, Not, Term, Unanswerable
from broadsheet.feeds.oai.sets import CATEGORIES
from broadsheet.model.ids import arxiv_id
from broadsheet.model.text import clean

MOST_CHARACTERS: Final = 4_000
MOST_DEEP: Final = 12
_FIELDS: Final = {"ti": "title", "au": "author", "abs": "abstract", "jr": "venue", "all": "", "cat": "", "id": ""}
_UNANSWERED: Final = {"co": "comments", "rn": "report numbers", "lastupdateddate": "dates of change"}
_TOKEN: Final = re.compile(
    r'(?P<days>submittedDate:\s*(?:\[[^\]]*\]?|[^\s()]*))|(?P<quote>"[^"]*"?)|(?P<open>\()|(?P<close>\))|(?P<word>[^\s"()]+)',
    re.IGNORECASE,
)
_FIELD: Final = re.compile(r"(?P<name>[A-Za-z]+):(?P<rest>.*)", re.DOTALL)
_END: Final = r"\s*(\*|[0-9]{8}(?:[0-9]{4,6})?)\s*"
_DAYS: Final = re.compile(rf"\w+:\s*\[{_END}\bTO\b{_END}\]", re.IGNORECASE)
# What our own search takes for more than a letter, and what arXiv's does.
_SIGNS: Final = re.compile(r'[_"():|&\[\]{}\\/^~?$+!=<>\u201c-\u201e\u00ab\u00bb\uff02]+')
_SHORTEST_BEGINNING: Final = 3
_Token = tuple[str, str]


def parse(text: str) -> Node | None:
    """Read a query, None where it asks for nothing; raises Unanswerable for what cannot be answered here."""
    if len(text) > MOST_CHARACTERS:
        raise Unanswerable(f"A query takes at most {MOST_CHARACTERS:,} characters.")
    return _Parser(clean(text)).parse()


class _Parser:
    """Recursive descent, at most MOST_DEEP deep."""

    def __init__(self, text: str) -> None:
        self._tokens = [(match.lastgroup or "word", match[0]) for match in _TOKEN.finditer(text)]
        self._at = 0

    def parse(self) -> Node | None:
        """Read everything; a closing parenthesis too many is passed over."""
        found: list[Node] = []
        while self._at < len(self._tokens):
            node = self._either("all", 0)
            found += [node] if node else []
            self._at += 1
        return _joined(found, any_of=False)

    def _either(self, field: str, depth: int) -> Node | None:
        """Read up to a closing parenthesis, which is left standing, or the end."""
        choices: list[list[Node]] = [[]]
        negated = False
        while self._at < len(self._tokens) and self._tokens[self._at][0] != "close":
            token = self._tokens[self._at]
            self._at += 1
            if token == ("word", "OR"):
                choices.append([])
            elif token in {("word", "ANDNOT"), ("word", "NOT")}:
                negated = True
            elif token != ("word", "AND") and (node := self._operand(token, field, depth)) is not None:
                choices[-1].append(Not(node) if negated else node)
                negated = False
        return _joined([node for one in choices if (node := _joined(one, any_of=False))], any_of=True)

    def _operand(self, token: _Token, field: str, depth: int) -> Node | None:
        kind, text = token
        match kind:
            case "days":
                return _days(text)
            case "open":
                return self._group(field, depth)
            case "quote":
                return _term(field, text, is_phrase=True)
        named = _FIELD.fullmatch(text)
        if named is None or (name := named["name"].lower()) not in _FIELDS | _UNANSWERED:
            return _term(field, text)
        if name in _UNANSWERED:
            raise Unanswerable(f"Papers cannot be found by their {_UNANSWERED[name]} here ({named['name']}:).")
        if named["rest"]:
            return _term(name, named["rest"])
        return self._after_field(name, depth)

    def _after_field(self, name: str, depth: int) -> Node | None:
        """Read what a field stands right before: a phrase or a group; before a blank it means nothing."""
        if self._at == len(self._tokens) or self._tokens[self._at][0] not in {"quote", "open"}:
            return None
        self._at += 1
        return self._operand(self._tokens[self._at - 1], name, depth)

    def _group(self, field: str, depth: int) -> Node | None:
        if depth >= MOST_DEEP:
            raise Unanswerable(f"Parentheses go at most {MOST_DEEP} deep.")
        node = self._either(field, depth + 1)
        self._at += 1
        return node


def _joined(nodes: list[Node], *, any_of: bool) -> Node | None:
    if len(nodes) <= 1:
        return next(iter(nodes), None)
    return Any(tuple(nodes)) if any_of else All(tuple(nodes))


def _term(field: str, text: str, *, is_phrase: bool = False) -> Node | None:
    match field:
        case "cat":
            return _category(_SIGNS.sub(" ", text).strip())
        case "id":
            found = arxiv_id(text.strip('"'))
            if found is None:
                raise Unanswerable(f"incorrect id format for {text[:80]}")
            return Id(found[0])
    words = tuple(_words(text))
    if field == "au" and not (is_phrase and all(len(word) > 1 for word in words)):
        # lecun_y: names are printed whole here, so an initial finds nothing.
        words, is_phrase = tuple(word for word in words if len(word) > 1) or words, False
    return Term(_FIELDS[field], words, is_phrase) if words else None


def _category(text: str) -> Node | None:
    """Read a category, an archive for all below it, or what several begin with: ``cs.CL``, ``cs*``, ``cs.C*``."""
    name = text.rstrip("* .")
    if "." in name and text.endswith("*"):
        begun = [one for one in CATEGORIES if one.casefold().startswith(name.casefold())]
        return _joined([Category(one) for one in begun or [name]], any_of=True)
    return Category(name) if name else None


def _words(text: str) -> Iterator[str]:
    for piece in _SIGNS.sub(" ", text).split():
        word = piece.strip("-*'.,;")
        if any(map(str.isalnum, word)):
            is_beginning = piece.endswith("*") and len(word) >= _SHORTEST_BEGINNING
            yield f"{word}*" if is_beginning else word


def _days(text: str) -> Days:
    """Read a range of moments as days, to which all is held here; one that ends as a day begins ends the day before."""
    told = _DAYS.fullmatch(text)
    try:
        if told:
            first, last = (None if end == "*" else date.fromisoformat(end[:8]) for end in told.groups())
            if last and first != last and set(told[2][8:]) == {"0"}:
                last -= timedelta(days=1)
            return Days(first, last)
    except (ValueError, OverflowError):
        pass
    raise Unanswerable("A range of dates is written submittedDate:[202301010600 TO 202401010600].")
