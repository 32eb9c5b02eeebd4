"""What stores must do to tell moments apart; ``tests/store`` runs this on each database."""

from sqlalchemy import text
from tests.papers import house_around
from tests.readers import make_reader

from broadsheet.store.connect import Store, open_store


class MomentsContract:
    """Each test gets an empty store as ``store``."""

    def test_as_long_as_nothing_is_written_the_moment_is_the_same(self, store: Store) -> None:
        moment = store.moment()
        with store.reading() as connection:
            connection.execute(text("SELECT count(*) FROM papers")).scalar_one()
        assert store.moment() == moment

    def test_every_write_is_another_moment_whichever_process_wrote(self, store: Store) -> None:
        moments = [store.moment()]
        make_reader(house_around(store), "ann")
        moments.append(store.moment())
        other = open_store(store.url, clock=store.clock)
        make_reader(house_around(other), "bo")
        other.close()
        moments.append(store.moment())
        assert len(set(moments)) == len(moments)

    def test_a_store_can_be_closed_twice_and_asked_again(self, store: Store) -> None:
        store.moment()
        store.close()
        store.close()
        assert store.moment() == store.moment()
        store.close()
