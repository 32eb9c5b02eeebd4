"""What searches find is final once words and vectors hold all that is stored."""

from tests.papers import record

from broadsheet.flow.house import House
from broadsheet.flow.reading.search import search
from broadsheet.flow.reading.settled import is_settled
from broadsheet.flow.shelf import embedding
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.model.query import Query


def test_searches_are_settled_once_all_is_indexed_and_embedded(house: House) -> None:
    keep(house.store, [record(1)], at=house.clock())
    assert not is_settled(house)
    catch_up(house)
    house.spaces.look_again()
    search(house, Query(text="kettle"))
    assert is_settled(house)
    keep(house.store, [record(2)], at=house.clock())
    assert not is_settled(house)


def test_searches_are_not_settled_while_vectors_were_not_looked_at(house: House) -> None:
    keep(house.store, [record(1)], at=house.clock())
    catch_up(house)
    house.spaces.look_again()
    search(house, Query(text="kettle"))
    keep(house.store, [record(2)], at=house.clock())
    embedding.catch_up(house)
    assert not house.spaces.holds_all()
    house.spaces.look_again()
    search(house, Query(text="kettle"))
    assert house.spaces.holds_all()
