"""Say a query of arXiv's API in ours: what filters can say by filters, the rest in the grammar of the search."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from broadsheet.feeds.arxiv.tree import All, Any, Category, Days, Id, Node, Not, Term, Unanswerable
from broadsheet.model.query import Query

# A longer text is no query to our search but a pasted abstract (index/grammar.py).
MOST_WORDS: Final = 32
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A query of ours, None where nothing is asked, and papers of arXiv's that it is asked among, None for all."""

    query: Query | None = None
    ids: tuple[str, ...] | None = None


def translate(tree: Node | None) -> Wanted:
    """Say a tree in our words; raises Unanswerable for what has none: too much, or ids among other alternatives."""
    wanted, query, rest = Wanted(), Query(), []
    for node in tree.children if isinstance(tree, All) else (tree,) if tree else ():
        choices = node.children if isinstance(node, Any) else (node,)
        if all(isinstance(one, Id) for one in choices):
            ids = tuple(one.external_id.value for one in choices if isinstance(one, Id))
            wanted = Wanted(ids=ids if wanted.ids is None else tuple(i for i in wanted.ids if i in ids))
        elif not query.categories and all(isinstance(one, Category) for one in choices):
            query = replace(query, categories=tuple(one.name for one in choices if isinstance(one, Category)))
        elif isinstance(node, Days) and query.since is query.until is None:
            query = replace(query, since=node.first, until=node.last)
        else:
            rest.append(node)
    query = replace(query, text=_text(rest))
    return replace(wanted, query=None if query == Query() else query)


def _text(nodes: list[Node]) -> str:
    # In parentheses, since a word at the very end is taken for one that is still being typed.
    text = f"({' '.join(map(_said, nodes))})" if nodes else ""
    if len(_WORD.findall(text)) > MOST_WORDS:
        raise Unanswerable(
            f"A query takes about {MOST_WORDS} words, and any number of categories that are alternatives."
        )
    # In capitals throughout it would be taken for a title.
    return text.lower() if text.isupper() else text


def _said(node: Node) -> str:
    match node:
        case Term(field, words, is_phrase):
            return _named(field, _term(words, is_phrase=is_phrase))
        case Category(name):
            return f'cat:"{name}"'
        case Days(first, last):
            return f"date:{first or ''}..{last or ''}"
        case Not(child):
            return f"-{_said(child)}"
        case All(children):
            return f"({' '.join(map(_said, children))})"
        case Any(children):
            return f"({' | '.join(map(_said, children))})"
        case Id():
            raise Unanswerable("An id stands alone, or among ids that are alternatives.")


def _term(words: tuple[str, ...], *, is_phrase: bool) -> str:
    if is_phrase:
        return f'"{" ".join(word.rstrip("*") for word in words)}"'
    return f"({' '.join(_plain(words))})" if len(words) > 1 else next(_plain(words))


def _plain(words: tuple[str, ...]) -> Iterator[str]:
    """Give words so that none is taken for an operator."""
    for word in words:
        yield word.lower() if word in {"AND", "OR", "NOT"} else word


def _named(field: str, said: str) -> str:
    return f"{field}:{said}" if field else said
