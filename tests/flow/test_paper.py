"""One paper under all its names."""

from collections.abc import Callable
from pathlib import Path

import pytest

from broadsheet.errors import NotFound
from broadsheet.flow.house import House
from broadsheet.flow.paper import show
from broadsheet.flow.shelf.import_files import import_files


@pytest.mark.parametrize(
    "reference",
    [
        "2401.00001",
        "2401.00001v2",
        "arXiv:2401.00001",
        "https://arxiv.org/abs/2401.00001",
        "http://arxiv.org/pdf/2401.00001v3.pdf",
        "https://huggingface.co/papers/2401.00001",
        "10.48550/arXiv.2401.00001",
        "https://doi.org/10.48550/arXiv.2401.00001",
    ],
)
def test_every_name_leads_to_the_paper(house: House, write_papers: Callable[..., Path], reference: str) -> None:
    import_files(house, [write_papers()])
    assert show(house, reference).slug == "2401.00001"


@pytest.mark.parametrize("reference", ["", "9999.99999", "words", "../../etc/passwd", "\x00", "a" * 100_000])
def test_an_unknown_name_is_not_found(house: House, reference: str) -> None:
    with pytest.raises(NotFound):
        show(house, reference)
