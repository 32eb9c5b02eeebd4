"""New papers of followed authors are told of once."""

from dataclasses import replace

from tests.papers import AT, record
from tests.readers import make_reader

from broadsheet.flow.house import House
from broadsheet.flow.people import following, shaping
from broadsheet.flow.people.shaping import Verdict
from broadsheet.flow.people.tidings import MOST_EACH, tell_of_new_papers
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.flow.talking import notices

NEW = "2026-11-19"


def test_a_new_paper_is_told_of_once_and_an_old_one_never(house: House) -> None:
    keep(house.store, [record(1)], at=AT)
    catch_up(house)
    ann, bo = make_reader(house, "ann"), make_reader(house, "bo")
    following.follow(house, ann, "author", "ann-lee")
    assert tell_of_new_papers(house) == 0
    keep(house.store, [record(2, published=NEW), record(3), record(4, published=NEW, authors=("Cy Young",))], at=AT)
    assert tell_of_new_papers(house) == 1
    assert tell_of_new_papers(house) == 0
    keep(house.store, [replace(record(2, published=NEW), abstract="Said otherwise.")], at=AT)
    assert tell_of_new_papers(house) == 0
    (told,) = notices.of_reader(house, ann)
    assert (told.kind, told.words, told.slug) == ("follow", "A new paper by Ann Lee", "2401.00002")
    assert notices.of_reader(house, bo) == ()


def test_nobody_is_flooded(house: House) -> None:
    keep(house.store, [record(1)], at=AT)
    catch_up(house)
    ann = make_reader(house, "ann", role="moderator")
    following.follow(house, ann, "author", "ann-lee")
    tell_of_new_papers(house)
    shaping.mark(house, ann, "ann-lee", Verdict("2401.00001", theirs=False), "No")
    keep(house.store, [record(number, published=NEW) for number in range(100, 130)], at=AT)
    assert tell_of_new_papers(house) == MOST_EACH
