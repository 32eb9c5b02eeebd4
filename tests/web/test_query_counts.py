"""How many SQL statements a page costs: everything the application sends to the database, the BEGIN too."""

from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from tests.web.serving import serving

from broadsheet.flow.house import House
from broadsheet.web.app import create_app

# Each look is a BEGIN and a SELECT, mostly: who asks and what waits for them, whose vectors, papers of this title, the
# papers of the page, an id; and of a paper what speaks for it, what is said of it, who brought it in, what is ruled.
AT_MOST = 28


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


@pytest.mark.parametrize(
    ("url", "status", "shows"),
    [
        ("/", 200, "Monday, 9 March 2026"),
        ("/papers/date/2026-03-06", 200, "Folding napkins"),
        ("/papers/date/2026-03-07", 200, "Nothing was printed"),
        ("/search?q=kettle", 200, "Organisation"),
        ("/search?q=kettle&year=2024&category=cs.LG&sort=date", 200, "Organisation"),
        ("/search?q=zzyzx", 200, "zzyzx"),
        ("/search?q=2603.99999", 200, "2603.99999"),
        ("/search?q=2603.00001", 303, ""),
        ("/search?like=2502.00001&unlike=2502.00002", 200, "not like: Kettle study number 2"),
        ("/suggest?q=kett", 200, "Kettle study"),
        ("/searches", 200, "No search is saved yet"),
        ("/searches/none", 404, "There is no saved search"),
        ("/papers/2603.00002", 200, "Journal of Maps"),
        ("/papers/doi/10.1000/a(b)c", 308, ""),
        ("/papers/2603.99999", 404, "2603.99999"),
    ],
)
def test_a_page_costs_a_handful_of_statements(
    server: HTTPConnection, statements: list[str], url: str, status: int, shows: str
) -> None:
    server.request("GET", url)
    answer = server.getresponse()
    assert (answer.status, shows in answer.read().decode()) == (status, True)
    assert {statement.split()[0] for statement in statements} <= {"BEGIN", "SELECT"}
    assert len(statements) <= AT_MOST, "\n".join(statements)


def test_a_longer_page_costs_no_more(server: HTTPConnection, statements: list[str]) -> None:
    costs = []
    for url in ("/search?q=napkins", "/search?q=kettle"):
        statements.clear()
        server.request("GET", url)
        server.getresponse().read()
        # Whether others have embedded something is asked every half second, whatever the page.
        costs.append(sum(" papers" in statement for statement in statements))
    assert costs[0] == costs[1] > 0
