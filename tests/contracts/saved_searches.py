"""What every store must do with saved searches; ``tests/store`` runs this against each database."""

import re
from datetime import timedelta

import pytest
from tests.hostile import HOSTILE
from tests.papers import AT, house_around
from tests.readers import make_reader

from broadsheet.errors import Conflict, NotFound
from broadsheet.flow.reading.saved_searches import list_saved, remove, rename, save, show
from broadsheet.model.query import Query
from broadsheet.model.saved_search import SavedSearch
from broadsheet.store import saved_searches as searches
from broadsheet.store.connect import Store
from broadsheet.store.schema import saved_searches as table

NAPKINS = Query(text="napkins", categories=("cs.LG",), has_code=False, years=(2024,))


class SavedSearchContract:
    """Each test gets an empty store as ``store``."""

    def test_what_is_kept_comes_back(self, store: Store) -> None:
        with store.writing() as connection:
            searches.insert(connection, "napkins", "Napkins!", NAPKINS, at=AT)
            searches.insert(connection, "折り紙", "折り紙", Query(text="折り紙"), at=AT)
        with store.reading() as connection:
            assert searches.stream(connection)[0] == SavedSearch(1, "napkins", "Napkins!", NAPKINS, AT, AT)
            found = searches.by_slug(connection, "折り紙")
            assert searches.names(connection) == {"napkins": "Napkins!", "折り紙": "折り紙"}
        assert found is not None
        assert found.query.text == "折り紙"

    def test_a_change_keeps_slug_and_first_moment(self, store: Store) -> None:
        later = AT + timedelta(days=1)
        with store.writing() as connection:
            searches.insert(connection, "napkins", "Napkins", NAPKINS, at=AT)
            searches.update(connection, "napkins", name="Folding", at=later)
            assert searches.by_slug(connection, "napkins") == SavedSearch(1, "napkins", "Folding", NAPKINS, AT, later)
            searches.update(connection, "napkins", name="Tea", query=Query(text="tea"), at=later)
            found = searches.by_slug(connection, "napkins")
        assert found is not None
        assert (found.name, found.query) == ("Tea", Query(text="tea"))

    def test_what_is_removed_is_gone(self, store: Store) -> None:
        with store.writing() as connection:
            searches.insert(connection, "napkins", "Napkins", NAPKINS, at=AT)
            assert searches.remove(connection, "napkins")
            assert not searches.remove(connection, "napkins")
            assert searches.stream(connection) == ()

    @pytest.mark.parametrize("slug", ["", "a/b", "\0", "\ud800", "x" * 10_000, "'; DROP TABLE papers; --"])
    def test_what_cannot_be_a_slug_is_not_there(self, store: Store, slug: str) -> None:
        with store.writing() as connection:
            assert searches.by_slug(connection, slug) is None
            assert not searches.remove(connection, slug)

    @pytest.mark.parametrize("text", [*HOSTILE, "學" * 20_000])
    def test_any_words_come_back_as_they_were(self, store: Store, text: str) -> None:
        query = Query(text=text, venues=(text,))
        with store.writing() as connection:
            searches.insert(connection, "any", "Any", query, at=AT)
            found = searches.by_slug(connection, "any")
        assert found is not None
        assert found.query == query

    @pytest.mark.parametrize("kept", ['{"mood": "calm"}', "{", "[]", '{"text": 1}', '{"way": "smell"}', "[" * 100_000])
    def test_what_cannot_be_read_says_so_and_can_be_removed(self, store: Store, kept: str) -> None:
        save(house_around(store), "Odd", NAPKINS)
        with store.writing() as connection:
            connection.execute(table.update().values(query=kept))
        told = r"“Odd” \(odd\).*broadsheet saved remove odd"
        with store.reading() as connection, pytest.raises(Conflict, match=told):
            searches.by_slug(connection, "odd")
        with store.reading() as connection:
            assert [re.search(told, str(problem)) is not None for problem in searches.stream(connection)] == [True]
        with store.writing() as connection:
            assert searches.names(connection) == {"odd": "Odd"}
            assert searches.remove(connection, "odd")

    def test_each_reader_has_their_own_beside_the_houses(self, store: Store) -> None:
        house = house_around(store)
        ann, bo = make_reader(house, "ann"), make_reader(house, "bo")
        kept = [save(house, "Napkins", NAPKINS, reader=whose) for whose in (None, ann, bo)]
        assert [one.slug for one in kept] == ["napkins", "napkins-2", "napkins-3"]
        assert [one.slug for one in list_saved(house, ann)] == ["napkins-2"]
        assert [one.slug for one in list_saved(house)] == ["napkins"]
        for act in (show, remove):
            with pytest.raises(NotFound):
                act(house, "napkins-3", ann)
        assert rename(house, "napkins-2", "Folding", ann).name == "Folding"
        remove(house, "napkins-2", ann)
        assert list_saved(house, ann) == ()
