"""Other ways to spell the same English word: British and American, and compounds with a hyphen, a space or neither."""

import re
from functools import lru_cache

# Each ending or piece of one standard, and what the other writes; which of them are words the index decides.
_RULES = tuple(
    (re.compile(pattern), other)
    for pattern, other in (
        (r"is(?=(?:e|ed|es|er|ers|ing|ation|ations|ational|able)\Z)", "iz"),
        (r"iz(?=(?:e|ed|es|er|ers|ing|ation|ations|ational|able)\Z)", "is"),
        (r"(?<=.{3})our(?=(?:|s|ed|ing|al|ally|able|ful|less|hood|hoods|ist|ists|ism|ite|ites)\Z)", "or"),
        (r"(?<=.{3})or(?=(?:|s|ed|ing|al|ally|able|ful|less|hood|hoods|ist|ists|ism|ite|ites)\Z)", "our"),
        (r"(?<=[aeiou])ll(?=(?:ed|ing|er|ers|ings)\Z)", "l"),
        (r"(?<=[aeiou])l(?=(?:ed|ing|er|ers|ings)\Z)", "ll"),
        (r"(?<=[aeiou][tb])re(?=s?\Z)", "er"),
        (r"(?<=[aeiou][tb])er(?=s?\Z)", "re"),
        (r"(?<=n[tb])re(?=s?\Z)", "er"),
        (r"(?<=n[tb])er(?=s?\Z)", "re"),
        (r"ogue(?=s?\Z)", "og"),
        (r"og(?=s?\Z)", "ogue"),
        (r"yse(?=[drs]?\Z)|ys(?=ing\Z)", "yz"),
        (r"yz(?=(?:e|ed|er|es|ing)\Z)", "ys"),
        (r"(?<=[cft]en)ce(?=(?:s|less)?\Z)", "se"),
        (r"(?<=[cft]en)se(?=(?:s|less)?\Z)", "ce"),
        (r"(?<=.{3})mme(?=s?\Z)", "m"),
        (r"ae", "e"),
        (r"oe", "e"),
    )
)
_SHORTEST = 5
_LONGEST_FIRST = 7
# It begins with what it looks for, which is the fastest way through a long text.
_SECOND = re.compile(r"-([A-Za-z]{2,}+)(?!-)")


@lru_cache(maxsize=1 << 14)
def respelt(word: str) -> tuple[str, ...]:
    """Give the spellings that the rules make of a word in lower case; most of them are no words."""
    if len(word) < _SHORTEST:
        return ()
    found = {pattern.sub(other, word, count=1): None for pattern, other in _RULES}
    found.pop(word, None)
    return tuple(found)


def compounds(text: str) -> list[str]:
    """Give the hyphenated words of two parts in a text as one word each: *pre-training* as *pretraining*.

    A long first part makes no compound that anybody would write as one word.
    """
    found = []
    for match in _SECOND.finditer(text):
        at = match.start()
        first = text[max(0, at - _LONGEST_FIRST - 1) : at].rpartition(" ")[2].lstrip("([\"'")
        if first.isalpha() and len(first) <= _LONGEST_FIRST:
            found.append(first + match[1])
    return found


def splits(word: str) -> list[tuple[str, str]]:
    """Give the ways to part a word in two with at least two letters each."""
    return [(word[:at], word[at:]) for at in range(2, len(word) - 1)]
