"""Claims that a paper proves are granted at once; names that may be the same person's are only shown."""

from dataclasses import replace

from tests.papers import AT, record
from tests.readers import make_reader

from broadsheet.flow.house import House
from broadsheet.flow.people import authors, claims
from broadsheet.flow.people.similar_names import similar_names
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.model.reader import Reader
from broadsheet.model.record import Author
from broadsheet.store import addresses
from broadsheet.store.addresses import Address
from broadsheet.store.schema_accounts import identities

ORCID = "0000-0002-1825-0097"


def signed_in_with_orcid(house: House, handle: str) -> Reader:
    reader = make_reader(house, handle)
    row = {"issuer": claims.ORCID, "subject": ORCID if handle == "ann" else handle, "name": "", "at": AT.isoformat()}
    with house.store.writing() as connection:
        connection.execute(identities.insert().values(row | {"reader_id": reader.id}))
    return reader


def shelved(house: House, *authors: Author, comment: str = "") -> None:
    keep(house.store, [replace(record(2), authors=authors, comment=comment)], at=AT)
    catch_up(house)


def test_an_orcid_beside_the_name_grants_once_and_not_to_a_second_reader(house: House) -> None:
    shelved(house, Author("Ann Lee", "", ORCID), Author("Bo Chen"))
    ann, eve = signed_in_with_orcid(house, "ann"), signed_in_with_orcid(house, "eve")
    made = claims.claim(house, ann, "ann-lee", "")
    assert (made.state, made.method, made.paper_id) == ("granted", "orcid", 1)
    assert claims.claim(house, eve, "ann-lee", "Me too").state == "open"
    assert claims.claim(house, ann, "bo-chen", "").state == "open"


def test_an_address_in_a_paper_grants_unless_somebody_is_that_author_already(house: House) -> None:
    shelved(house, Author("Ann Lee"), comment="Mail ann@tea.example")
    readers = [make_reader(house, handle) for handle in ("ann", "bob")]
    with house.store.writing() as connection:
        addresses.insert(connection, Address("ann@tea.example", readers[0].id, "ann@tea.example", AT))
    first = claims.claim(house, readers[1], "ann-lee", "")
    assert first.state == "open"
    assert claims.claim(house, readers[0], "ann-lee", "").state == "granted"


def test_names_beside_the_same_coauthors_are_shown_and_nothing_is_changed(house: House) -> None:
    beside = ("Bo Chen", "Cy Young")
    keep(house.store, [record(1, authors=("Ann Lee", *beside)), record(2, authors=("A. Lee", *beside))], at=AT)
    keep(house.store, [record(3, authors=("Al Lee", "Di Ng"))], at=AT)
    catch_up(house)
    shown = authors.show(house, "ann-lee")
    assert [tuple(one) for one in similar_names(house, shown)] == [("A. Lee", 2)]
    assert shown.total == authors.show(house, "ann-lee").total == 1
