"""Which sentences tell most."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.embed.static import StaticEmbedder
from broadsheet.rank.telling import Vectors, telling

TITLE = "Folding Napkins with Graph Networks"
ABSTRACT = [
    "Napkins have been folded by hand for centuries, and many ways to do so are known in restaurants of all kinds.",
    "We propose to fold napkins with graph networks, which see each crease of a napkin as an edge of its graph.",
    "We show that napkins folded by graph networks stand for twice as long as others, in 97% of all restaurants.",
    "Code is available at https://github.com/example/folding-napkins-with-graph-networks.",
]


def vectors_of(sentences: list[str]) -> Vectors:
    """Place sentences by meaning."""
    return StaticEmbedder().embed(sentences)


def test_what_authors_did_and_found_tells_more_than_what_is_known_or_where_code_lies() -> None:
    assert telling(TITLE, ABSTRACT, vectors_of(ABSTRACT)) == (1, 2)


def test_a_second_sentence_says_something_else() -> None:
    same = [ABSTRACT[1], ABSTRACT[1], ABSTRACT[2]]
    assert telling(TITLE, same, vectors_of(same)) in {(0, 2), (1, 2)}


def test_no_sentence_tells_nothing() -> None:
    assert telling(TITLE, [], np.zeros((0, 8), np.float32)) == ()


@given(st.text(), st.lists(st.text(), max_size=6), st.integers(0, 3))
def test_any_sentences_give_as_many_as_there_are_in_their_order(title: str, sentences: list[str], most: int) -> None:
    vectors = vectors_of(sentences) if sentences else np.zeros((0, 8), np.float32)
    chosen = telling(title, sentences, vectors, most)
    assert len(chosen) == min(most, len(sentences))
    assert list(chosen) == sorted(set(chosen))
    assert chosen == telling(title, sentences, vectors, most)
