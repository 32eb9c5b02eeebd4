"""How many SQL statements a feed costs: as many for a long one as for a short one."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from tests.feeds.conftest import World

# Each look is a BEGIN and a SELECT; now and then whose vectors answer is looked up, too.
AT_MOST = 16


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
    "url",
    [
        "/latest.rss",
        "/papers/month/2026-03.atom",
        "/trending.json",
        "/search.rss?q=kettle",
        "/authors/ann-lee.ris",
        "/organisations/tea-institute-co.bib",
        "/readers/ann/labels/tea.csl.json",
        "/papers/2603.00002.bib",
    ],
)
def test_a_feed_costs_a_handful_of_statements(world: World, statements: list[str], url: str) -> None:
    # What no other test has asked for, so that nothing of it is remembered.
    assert world.get(f"{url}{'&' if '?' in url else '?'}nothing=1").status_code == 200
    assert {statement.split()[0] for statement in statements} <= {"BEGIN", "SELECT"}
    assert len(statements) <= AT_MOST, "\n".join(statements)
