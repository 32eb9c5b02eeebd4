"""What stores must tell of the pages that are here; ``tests/store`` runs this on each database."""

from datetime import date

from tests.papers import AT, house_around
from tests.readers import make_reader
from tests.web.conftest import FRIDAY, MONDAY, THURSDAY, shelf, told

from broadsheet.flow.moderating import papers as ruling
from broadsheet.flow.paper import show
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.voting import places
from broadsheet.flow.voting.places import Place
from broadsheet.store import sitemap
from broadsheet.store.connect import Store


class SitemapContract:
    """Each test gets an empty store as ``store``."""

    def test_papers_stand_in_parts_by_their_numbers(self, store: Store) -> None:
        keep(store, shelf(), at=AT)
        with store.reading() as connection:
            numbers = sitemap.parts(connection, 10)
            parts = [sitemap.part(connection, number, 10) for number in numbers]
            assert sitemap.part(connection, 4, 10) == []
        assert list(numbers) == [0, 1, 2, 3]
        assert [len(part) for part in parts] == [10, 10, 10, 5]
        assert ("2603.00002", "2026-03-01T10:00:00Z", "2026-03-05T10:00:00Z") in parts[3]

    def test_days_that_have_papers_are_given_latest_first(self, store: Store) -> None:
        keep(store, shelf(), at=AT)
        with store.reading() as connection:
            days = sitemap.days(connection, 10)
            assert list(sitemap.days(connection, 1)) == [MONDAY.isoformat()]
        assert list(days) == [day.isoformat() for day in (MONDAY, FRIDAY, THURSDAY)]

    def test_what_is_hidden_is_in_no_part_and_makes_no_day(self, store: Store) -> None:
        day = date(2026, 3, 20)
        keep(store, [told("2603.00009", "Spam", day=day), told("2603.00010", "Ham")], at=AT)
        house = house_around(store)
        ruling.hide(house, make_reader(house, "mod", role="moderator"), "2603.00009", "It is spam.")
        with store.reading() as connection:
            assert [row[0] for row in sitemap.part(connection, 0, 10)] == ["2603.00010"]
            assert list(sitemap.days(connection, 10)) == []

    def test_a_paper_has_a_place_on_its_day(self, store: Store) -> None:
        keep(store, shelf(), at=AT)
        house = house_around(store)
        found = {
            slug: places.on_its_day(house, show(house, slug)) for slug in ("2603.00001", "2603.00002", "2502.00001")
        }
        assert found == {"2603.00001": Place(2, FRIDAY), "2603.00002": Place(1, FRIDAY), "2502.00001": None}
