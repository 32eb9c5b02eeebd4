"""Claims that a paper proves are granted at once; names that may be the same person's are only shown."""

from dataclasses import replace

import pytest
from tests.papers import AT, record
from tests.readers import make_reader

from broadsheet.errors import Refused
from broadsheet.flow.house import House
from broadsheet.flow.people import authors, claims, shaping
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


def test_initials_lead_an_author_to_nobody_elses_name(house: House) -> None:
    shelved(house, Author("Ann Lee", "", ORCID), Author("Bo Chen"))
    ann = signed_in_with_orcid(house, "ann")
    claims.claim(house, ann, "ann-lee", "")
    shaping.also(house, ann, "ann-lee", "A. Lee", "So I sign.")
    shaping.also(house, ann, "ann-lee", "Ann B. Lee", "So, too.")
    with pytest.raises(Refused, match="like Ann Lee"):
        shaping.also(house, ann, "ann-lee", "Amy Lee", "Mine")


def test_what_somebody_did_is_theirs_to_undo_while_they_may_do_it(house: House) -> None:
    shelved(house, Author("Ann Lee", "", ORCID), Author("A. Lee"))
    ann, mo = signed_in_with_orcid(house, "ann"), make_reader(house, "mo", role="moderator")
    made = claims.claim(house, ann, "ann-lee", "")
    shaping.also(house, ann, "ann-lee", "Ann B. Lee", "So I sign.")
    shaping.undo(house, ann, 1)
    shaping.also(house, ann, "ann-lee", "Ann C. Lee", "So I sign.")
    claims.decide(house, mo, made.id, "It was not.", grant=False)
    with pytest.raises(Refused):
        shaping.undo(house, ann, 2)
    shaping.merge(house, mo, "ann-lee", "a-lee", "One.")
    once = replace(mo, role="reader")
    with pytest.raises(Refused):
        shaping.undo(house, once, 3)
    shaping.undo(house, mo, 3)
