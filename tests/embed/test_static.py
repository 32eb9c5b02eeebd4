"""The bundled model keeps the contract, knows words and guesses the rest, and fits in the package."""

import threading
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from tests.contracts.embedder import EmbedderContract

from broadsheet.embed import static
from broadsheet.embed.port import Embedder
from broadsheet.embed.static import StaticEmbedder
from broadsheet.errors import Unavailable

SHARED = StaticEmbedder()
LARGEST = 16 * 1024 * 1024


def cosine(one: str, other: str) -> float:
    first, second = SHARED.embed([one, other])
    return float(first @ second)


class TestStatic(EmbedderContract):
    @pytest.fixture
    def embedder(self) -> Embedder:
        return SHARED


def test_two_loads_of_the_model_give_the_same_vectors() -> None:
    assert np.array_equal(SHARED.embed(["protein folding"]), StaticEmbedder().embed(["protein folding"]))


def test_threads_may_share_one_embedder() -> None:
    texts = [f"paper {number} on unheardofword{number}" for number in range(50)]
    fresh, found = StaticEmbedder(), {}

    def embed(number: int) -> None:
        found[number] = fresh.embed(texts)

    threads = [threading.Thread(target=embed, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = SHARED.embed(texts)
    assert all(np.array_equal(found[number], expected) for number in range(4))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("neural network", "neural networks"),
        ("NEURAL NETWORK", "neural network"),
        ("na\N{COMBINING DIAERESIS}ive Bayes", "n\N{LATIN SMALL LETTER A WITH DIAERESIS}ive Bayes"),
        ("deep-learning", "deep learning"),
    ],
)
def test_spellings_of_one_thing_lie_in_one_place(one: str, other: str) -> None:
    assert cosine(one, other) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("malignant tumour", "cancer", "programming language"),
        ("machine translation", "translating between languages", "image segmentation"),
        ("aircraft wing", "aerodynamic lift", "library catalogue"),
    ],
)
def test_other_words_for_a_topic_are_nearer_than_another_topic(text: str, near: str, far: str) -> None:
    assert cosine(text, near) > cosine(text, far)


def test_an_unknown_word_lies_where_it_is_found_again_and_near_its_like() -> None:
    assert cosine("qzyxomabine", "qzyxomabine") == pytest.approx(1, abs=1e-5)
    assert cosine("qzyxomabine", "qzyxomabines") > cosine("qzyxomabine", "wvutsrplk")


def test_order_and_case_do_not_matter_and_repetition_counts_less_each_time() -> None:
    assert cosine("gene expression in yeast", "Yeast: expression, in gene") == pytest.approx(1, abs=1e-5)
    once, twice, often = SHARED.embed(["gene yeast", "gene gene yeast", "gene " * 50 + "yeast"])
    assert once @ twice > once @ often


def test_a_paper_lies_nearer_to_its_title_than_to_a_sentence_of_its_abstract() -> None:
    title, sentence = "Gene expression in yeast", "We measured with arrays on glass"
    paper, near, far = SHARED.embed([SHARED.text_of(title, f"{sentence}."), title, sentence])
    assert paper @ near > paper @ far


def test_a_text_without_words_points_equally_along_all_axes() -> None:
    vector = SHARED.embed(["…"])[0]
    assert vector == pytest.approx(np.full(SHARED.dimension, SHARED.dimension**-0.5), abs=1e-6)


def test_the_model_fits_in_the_package_and_has_its_card() -> None:
    folder = Path(str(resources.files("broadsheet.embed")))
    assert (folder / static.MODEL).stat().st_size <= LARGEST
    card = (folder / "MODEL_CARD.md").read_text("utf-8")
    assert f"version {SHARED.version}" in card
    assert f"{SHARED.dimension} numbers" in card


def test_a_model_that_cannot_be_read_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(static, "MODEL", "__init__.py")
    with pytest.raises(Unavailable, match="install Broadsheet anew"):
        StaticEmbedder().embed(["any"])
