"""The small shelf in a house that others reach."""

from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import HOST, NOW, PUBLIC, SECRET_KEY, shelf, told

from broadsheet.flow.house import House
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.model.record import Author
from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.wiring import open_house

# Titles that mean harm, or are hard to set.
TITLES = (
    "\"'><script>alert(1)</script>]]><!--{{7*7}}",
    "نماذج اللغة الكبيرة with BERT مقارنة",
    "大规模语言模型" * 40,
    "Z" + "\u0301\u0302" * 300 + " marks",
    "👨\u200d👩\u200d👧 🚀 families",
    "x" * 5_000,
    "\u202eright to left \u0007 bell",
    r"$\frac{a}{\sqrt{" * 200,
)


def visiting(house: House, base_url: str = PUBLIC) -> AbstractContextManager[TestClient]:
    """Open a browser at a house."""
    return TestClient(create_app(house), base_url=base_url, follow_redirects=False, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def open_to_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The shelf, and papers with odd titles, where others reach them."""
    home = tmp_path_factory.mktemp("open")
    settings = Settings(home=home, public_url=PUBLIC, secret_key=SECRET_KEY, mail_from=f"post@{HOST}")
    odd = [
        told(f"2604.{number:05d}", title, authors=(Author(title[:300]),), abstract="Odd.", published="2026-04-01")
        for number, title in enumerate(TITLES, 1)
    ]
    gone = told("2604.00100", "Taken back", published="2026-04-01", withdrawn=True)
    with open_house(settings, clock=lambda: NOW) as house:
        keep(house.store, [*shelf(), *odd, gone], at=NOW)
        catch_up(house)
        yield house


@pytest.fixture(scope="module")
def web(open_to_all: House) -> Iterator[TestClient]:
    """A browser that comes from elsewhere."""
    with visiting(open_to_all) as client:
        yield client
