"""What every embedder must do, whatever model is behind it; ``tests/embed`` runs this against each."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.embed.port import Embedder

PAPER = "Graph neural networks for molecules. We predict the properties of molecules from their graphs."
TEXTS = (PAPER, "folding napkins", "折り紙の数学", "Ünïcode – naïve café", "", " \n\t", "\0", "🦉", "x" * 5_000)


class EmbedderContract:
    @pytest.fixture
    def embedder(self) -> Embedder:
        raise NotImplementedError

    def test_it_says_who_it_is(self, embedder: Embedder) -> None:
        assert embedder.name
        assert embedder.version
        assert embedder.dimension > 0

    def test_every_text_has_a_row_of_its_dimension_in_single_precision(self, embedder: Embedder) -> None:
        vectors = embedder.embed(TEXTS)
        assert vectors.shape == (len(TEXTS), embedder.dimension)
        assert vectors.dtype == np.float32

    def test_a_paper_is_told_by_its_title_and_its_abstract(self, embedder: Embedder) -> None:
        text = embedder.text_of("Folding napkins", "We fold them well.")
        assert "Folding napkins" in text
        assert "We fold them well." in text

    def test_a_query_is_told_by_what_was_asked(self, embedder: Embedder) -> None:
        assert "folding napkins" in embedder.query_text("folding napkins")

    def test_a_weight_is_a_share(self, embedder: Embedder) -> None:
        assert 0 <= embedder.weight <= 1

    def test_no_texts_are_no_rows(self, embedder: Embedder) -> None:
        assert embedder.embed([]).shape == (0, embedder.dimension)

    def test_every_vector_has_unit_length_also_that_of_nothing(self, embedder: Embedder) -> None:
        assert np.linalg.norm(embedder.embed(TEXTS), axis=1) == pytest.approx(1, abs=1e-5)

    def test_the_same_text_has_the_same_vector(self, embedder: Embedder) -> None:
        assert np.array_equal(embedder.embed(TEXTS), embedder.embed(TEXTS))

    def test_what_stands_beside_a_text_does_not_matter(self, embedder: Embedder) -> None:
        together = embedder.embed(TEXTS)
        alone = np.concatenate([embedder.embed([text]) for text in TEXTS])
        assert together == pytest.approx(alone, abs=1e-6)

    def test_a_text_is_nearer_to_its_topic_than_to_another(self, embedder: Embedder) -> None:
        paper, near, far = embedder.embed(
            [PAPER, "neural networks on molecular graphs", "a history of library catalogues"]
        )
        assert paper @ near > paper @ far

    def test_any_text_whatsoever_has_a_vector(self, embedder: Embedder) -> None:
        @settings(deadline=None)
        @given(text=st.text())
        def holds(text: str) -> None:
            assert np.linalg.norm(embedder.embed([text])[0]) == pytest.approx(1, abs=1e-5)

        holds()
