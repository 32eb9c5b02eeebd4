"""How many SQL statements a page costs its owner: everything the application sends to the database.

Each look is a BEGIN and a SELECT, mostly: who asks and what waits for them, whose vectors, the papers of the page and
their upvotes; and of one paper what speaks for it, what is said of it, who brought it in, where it is kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from tests.web.serving import serving

from broadsheet.flow.house import House
from broadsheet.site import create_app


@pytest.fixture(scope="module")
def server(house: House) -> Iterator[HTTPConnection]:
    """The application behind its real server, and a connection to it."""
    with serving(create_app(house)) as address:
        connection = HTTPConnection(urlsplit(address).netloc, timeout=30)
        yield connection
        connection.close()


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Every statement that any engine of this process was given."""
    seen: list[str] = []

    def see(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", see)
    yield seen
    event.remove(Engine, "before_cursor_execute", see)


@dataclass(frozen=True)
class Look:
    """A page, how it answers, what it shows, and how many statements it may take."""

    url: str
    status: int
    shows: str
    most: int


LOOKS = [
    Look("/", 200, "Monday, 9 March 2026", 16),
    Look("/papers/date/2026-03-06", 200, "Folding napkins", 16),
    Look("/papers/date/2026-03-07", 200, "Nothing was printed", 12),
    Look("/search?q=kettle", 200, "Organisation", 18),
    Look("/search?q=kettle&year=2024&category=cs.LG&sort=date", 200, "Organisation", 16),
    Look("/search?q=zzyzx", 200, "zzyzx", 12),
    Look("/search?q=2603.99999", 200, "2603.99999", 12),
    Look("/search?q=2603.00001", 303, "", 2),
    Look("/search?like=2502.00001&unlike=2502.00002", 200, "not like: Kettle study number 2", 16),
    Look("/suggest?q=kett", 200, "Kettle study", 2),
    Look("/searches", 200, "No search is saved yet", 8),
    Look("/searches/none", 404, "There is no saved search", 8),
    Look("/papers/2603.00002", 200, "Journal of Maps", 30),
    Look("/papers/2603.00002/badge.svg", 200, "12 upvotes", 2),
    Look("/papers/2603.00002/badge.svg?show=rank", 200, "#1 on 6 March 2026", 4),
    Look("/papers/2603.00002/badge.svg?show=trending", 200, "trending", 4),
    Look("/papers/2603.00002/card", 200, "12 upvotes", 2),
    Look("/oembed?url=http://127.0.0.1/papers/2603.00002", 404, "Only papers", 2),
    Look("/sitemap.xml", 200, "days.xml", 4),
    Look("/sitemaps/1.xml", 200, "2603.00002", 4),
    Look("/sitemaps/days.xml", 200, "2026-03-06", 4),
    Look("/opensearch.xml", 200, "suggest.json", 0),
    Look("/robots.txt", 200, "Disallow: /", 0),
    Look("/papers/doi/10.1000/a(b)c", 308, "", 8),
    Look("/papers/2603.99999", 404, "2603.99999", 8),
    Look("/authors/ann-lee", 200, "30 papers", 16),
    Look("/authors/nobody-here", 404, "nobody here", 8),
    Look("/organisations/tea-institute-co", 200, "Tea Institute", 14),
    Look("/organisations", 200, "No organisation has members yet", 8),
]


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.url)
def test_a_page_costs_a_handful_of_statements(server: HTTPConnection, statements: list[str], look: Look) -> None:
    server.request("GET", look.url)
    answer = server.getresponse()
    assert (answer.status, look.shows in answer.read().decode()) == (look.status, True)
    # A statement that begins with WITH here reads too: pages stand on connections that cannot write.
    assert {statement.split()[0] for statement in statements} <= {"BEGIN", "SELECT", "WITH"}
    assert len(statements) <= look.most, "\n".join(statements)


def test_a_longer_page_costs_no_more(server: HTTPConnection, statements: list[str]) -> None:
    costs = []
    for url in ("/search?q=napkins", "/search?q=kettle"):
        statements.clear()
        server.request("GET", url)
        server.getresponse().read()
        # Whether others have embedded something is asked every half second, whatever the page.
        costs.append(sum(" papers" in statement for statement in statements))
    assert costs[0] == costs[1] > 0
