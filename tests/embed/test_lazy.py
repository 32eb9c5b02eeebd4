"""An embedder is opened when it is needed, once, and not asked again at once after it failed."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from tests.vectors import WordEmbedder

from broadsheet.embed import lazy
from broadsheet.embed.lazy import LazyEmbedder
from broadsheet.errors import Unavailable


def test_it_is_the_embedder_it_stands_for() -> None:
    words = WordEmbedder()
    stand_in = LazyEmbedder(lambda: words)
    assert (stand_in.name, stand_in.version, stand_in.dimension, stand_in.weight) == ("words", "1", 8, 0.4)
    assert stand_in.text_of("A title", "An abstract.") == words.text_of("A title", "An abstract.")
    assert stand_in.query_text("napkins") == words.query_text("napkins")
    assert np.array_equal(stand_in.embed(["napkins"]), words.embed(["napkins"]))


def test_threads_open_it_once() -> None:
    opened: list[WordEmbedder] = []

    def open_embedder() -> WordEmbedder:
        opened.append(WordEmbedder())
        return opened[-1]

    stand_in = LazyEmbedder(open_embedder)
    assert opened == []
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: stand_in.embed(["napkins"]), range(32)))
    assert len(opened) == 1


def test_what_failed_is_tried_again_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(lazy, "monotonic", lambda: now)
    tried: list[float] = []

    def open_embedder() -> WordEmbedder:
        tried.append(now)
        if len(tried) == 1:
            raise Unavailable("It is down.")
        return WordEmbedder()

    stand_in = LazyEmbedder(open_embedder)
    for _ in range(2):
        with pytest.raises(Unavailable, match="It is down"):
            stand_in.embed(["napkins"])
    assert len(tried) == 1
    now += lazy.TRY_AGAIN_S
    assert stand_in.name == "words"
    assert len(tried) == 2
