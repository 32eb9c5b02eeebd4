"""What every store must do with authors, claims, organisations and follows; ``tests/store`` runs this on each."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.papers import AT, record
from tests.readers import make_reader

from broadsheet.errors import BroadsheetError, Conflict
from broadsheet.flow.house import House
from broadsheet.flow.lists import labels
from broadsheet.flow.lists.labels import Wanted
from broadsheet.flow.people import authors as people
from broadsheet.flow.people import claims, following, membership, organisations, shaping
from broadsheet.flow.people.organisations import Told
from broadsheet.flow.people.shaping import Another, Verdict
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.merge import merges, undo_merge
from broadsheet.model.reader import Reader
from broadsheet.settings import Settings
from broadsheet.store import addresses, bulk, follows, papers, readers
from broadsheet.store import authors as store_authors
from broadsheet.store.addresses import Address
from broadsheet.store.connect import Store
from broadsheet.store.schema_lists import label_papers
from broadsheet.store.schema_lists import labels as label_rows
from broadsheet.store.schema_people import author_names, author_papers, authors
from broadsheet.store.schema_people import claims as claims_table
from broadsheet.wiring import open_house

NAMES = ("Ann Lee", "A. Lee", "Bo Chen", "Cy Young")
SLUGS = ("ann-lee", "a-lee", "bo-chen", "cy-young")
PAPERS = [f"2401.{number:05d}" for number in range(1, 9)]
WHY = "It is so."


def index(house: House) -> None:
    """Let the words of all papers be found; nothing is embedded, for nobody asks by meaning here."""
    with house.store.reading() as connection:
        house.text_index.write(papers.stream(connection, 0, 1_000), (), 1)


def state(house: House) -> dict[str, Any]:
    """Give all that is known of authors, but when it was noted."""
    with house.store.reading() as connection:
        return {
            "authors": {row.slug: (row.name, row.merged_into) for row in connection.execute(authors.select())},
            "names": {(row.key, row.author_id, row.name) for row in connection.execute(author_names.select())},
            "papers": {tuple(row) for row in connection.execute(author_papers.select())},
            "claims": {row.id: row.author_id for row in connection.execute(claims_table.select())},
        }


def acts(house: House) -> list[int]:
    """Give the numbers of all acts that stand, oldest first."""
    with house.store.reading() as connection:
        return [act.id for act in store_authors.acts_after(connection, 0)][::-1]


def seen(house: House, slug: str) -> list[str]:
    return [paper.slug for paper in people.show(house, slug).papers]


class PeopleContract:
    """Each test gets an empty store as ``store``, and a house around it with eight papers that are found."""

    @pytest.fixture
    def house(self, store: Store, tmp_path: Path) -> Iterator[House]:
        with open_house(Settings(home=tmp_path / "home", database_url=store.url), clock=lambda: AT) as opened:
            told = [
                record(number, authors=(NAMES[number % 4], NAMES[(number + 1) % 4]), published=f"2024-01-{number:02d}")
                for number in range(1, 9)
            ]
            keep(opened.store, told, at=AT)
            index(opened)
            yield opened

    @pytest.fixture
    def mo(self, house: House) -> Reader:
        return make_reader(house, "mo", role="moderator")

    def test_a_page_is_of_a_name_and_keeps_nothing(self, house: House) -> None:
        before = state(house)
        assert seen(house, "ann-lee") == [PAPERS[index] for index in (7, 6, 3, 2)]
        page = people.show(house, "ann-lee")
        assert (page.person.id, page.person.name, page.total) == (0, "Ann Lee", 4)
        assert page.coauthors == (("A. Lee", 2), ("Cy Young", 2))
        assert state(house) == before

    def test_a_merge_leads_on_and_moves_names_marks_and_claims(self, house: House, mo: Reader) -> None:
        reader = make_reader(house, "al")
        claims.claim(house, reader, "a-lee", "It is me.")
        shaping.mark(house, mo, "a-lee", Verdict(PAPERS[5], theirs=True), WHY)
        shaping.merge(house, mo, "ann-lee", "a-lee", WHY)
        assert seen(house, "a-lee") == seen(house, "ann-lee") == [PAPERS[i] for i in (7, 6, 5, 4, 3, 2, 0)]
        page = people.show(house, "a-lee")
        assert page.person.slug == "ann-lee"
        assert claims.standing(house, page.person, reader).own[0].author_id == page.person.id

    def test_undoing_a_merge_restores_exactly_what_was(self, house: House, mo: Reader) -> None:
        shaping.mark(house, mo, "a-lee", Verdict(PAPERS[5], theirs=True), WHY)
        shaping.mark(house, mo, "ann-lee", Verdict(PAPERS[5], theirs=False), WHY)
        claims.claim(house, make_reader(house, "al"), "a-lee", "It is me.")
        before = state(house)
        shaping.merge(house, mo, "ann-lee", "a-lee", WHY)
        assert state(house) != before
        shaping.undo(house, mo, acts(house)[-1])
        assert state(house) == before
        assert seen(house, "a-lee") == [PAPERS[index] for index in (7, 5, 4, 3, 0)]

    def test_wrong_acts_of_any_kind_undone_backwards_restore_every_state_on_the_way(
        self, house: House, mo: Reader
    ) -> None:
        chance = random.Random(7)
        for _ in range(3):
            states = []
            for _ in range(8):
                before, known = state(house), acts(house)
                any_act(house, mo, chance)
                if acts(house) != known:
                    states.append(before)
            for before in reversed(states):
                shaping.undo(house, mo, acts(house)[-1])
                after = state(house)
                # Who was kept for an act stays, part of whom they were taken from, so that addresses lead on.
                assert {key: after["authors"][key] for key in before["authors"]} == before["authors"]
                assert all(after[name] == before[name] or name == "authors" for name in after if name != "names")
                own = {row for row in after["names"] if row in before["names"]}
                assert own == before["names"]

    def test_an_act_undone_out_of_order_is_as_if_it_had_never_been(self, house: House, mo: Reader) -> None:
        chance = random.Random(11)
        for slug in SLUGS:
            shaping.mark(house, mo, slug, Verdict(PAPERS[0], theirs=True), WHY)
        first = acts(house)[-1]
        refused = undone = 0
        for _ in range(12):
            before = state(house)
            any_act(house, mo, chance)
            any_act(house, mo, chance)
            done = [act for act in acts(house) if act > first]
            if len(done) == 2:
                try:
                    shaping.undo(house, mo, done[0])
                    undone += 1
                except Conflict:
                    refused += 1
            for act in reversed([act for act in acts(house) if act > first]):
                shaping.undo(house, mo, act)
            after = state(house)
            assert all(after[name] == before[name] for name in ("papers", "claims"))
            assert after["names"] >= before["names"]
        assert refused
        assert undone

    def test_what_was_built_on_an_act_is_undone_first(self, house: House, mo: Reader) -> None:
        shaping.merge(house, mo, "a-lee", "ann-lee", WHY)
        first = acts(house)[-1]
        shaping.merge(house, mo, "bo-chen", "a-lee", WHY)
        with pytest.raises(Conflict, match="Undo first"):
            shaping.undo(house, mo, first)
        assert people.show(house, "ann-lee").person.slug == "bo-chen"
        shaping.undo(house, mo, acts(house)[-1])
        shaping.undo(house, mo, first)
        assert [people.show(house, slug).person.slug for slug in SLUGS[:3]] == list(SLUGS[:3])
        with pytest.raises(Conflict, match="already"):
            shaping.undo(house, mo, first)

    def test_two_people_of_one_name_are_told_apart(self, house: House, mo: Reader) -> None:
        other = shaping.split(house, mo, "ann-lee", Another(papers=PAPERS[2:4]), WHY)
        assert other.slug == "ann-lee-2"
        assert seen(house, "ann-lee") == [PAPERS[7], PAPERS[6]]
        assert seen(house, "ann-lee-2") == [PAPERS[3], PAPERS[2]]
        shaping.undo(house, mo, acts(house)[-1])
        assert seen(house, "ann-lee-2") == seen(house, "ann-lee") == [PAPERS[index] for index in (7, 6, 3, 2)]

    def test_names_are_told_apart_again(self, house: House, mo: Reader) -> None:
        shaping.also(house, mo, "ann-lee", "Lee, A.", WHY)
        assert people.show(house, "a-lee").person.name == "Ann Lee"
        other = shaping.split(house, mo, "ann-lee", Another(names=["A. Lee"]), WHY)
        assert other.slug == "a-lee"
        assert seen(house, "a-lee") == [PAPERS[index] for index in (7, 4, 3, 0)]

    def test_marks_follow_a_paper_that_becomes_part_of_another_and_go_back(self, house: House, mo: Reader) -> None:
        shaping.mark(house, mo, "ann-lee", Verdict(PAPERS[1], theirs=True), WHY)
        keep(house.store, [record(9, ids=("arxiv:2401.00001", "arxiv:2401.00002"), authors=("Di Ng",))], at=AT)
        index(house)
        assert PAPERS[0] in seen(house, "ann-lee")
        undo_merge(house, merges(house)[0].id)
        index(house)
        assert PAPERS[0] not in seen(house, "ann-lee")
        assert PAPERS[1] in seen(house, "ann-lee")

    def test_claims_are_decided_and_appealed(self, house: House, mo: Reader) -> None:
        al, other = make_reader(house, "al"), make_reader(house, "other", role="moderator")
        made = claims.claim(house, al, "ann-lee", "It is me.")
        assert (made.state, made.method) == ("open", "moderator")
        with pytest.raises(Conflict):
            claims.claim(house, al, "ann-lee", "Again")
        claims.decide(house, mo, made.id, "Says who?", grant=False)
        claims.appeal(house, al, made.id, "My page says so.")
        with pytest.raises(BroadsheetError, match="somebody else"):
            claims.decide(house, mo, made.id, "No", grant=False)
        assert [shown.claim.id for shown in claims.queue(house, other)] == [made.id]
        claims.decide(house, other, made.id, "It does.", grant=True)
        standing = claims.standing(house, people.show(house, "ann-lee").person, al)
        assert [shown.handle for shown in standing.granted] == ["al"]
        shaping.mark(house, al, "ann-lee", Verdict(PAPERS[7], theirs=False), "Not mine")
        assert PAPERS[7] not in seen(house, "ann-lee")
        with pytest.raises(BroadsheetError, match="like Ann Lee"):
            shaping.also(house, al, "ann-lee", "Geoffrey Hinton", "Mine")
        with pytest.raises(BroadsheetError, match="like Ann Lee"):
            shaping.mark(house, al, "ann-lee", Verdict(PAPERS[1], theirs=True), "Mine")

    def test_an_organisation_gathers_members_names_and_papers(self, house: House, mo: Reader) -> None:
        keep(house.store, [record(30, organisations=("Tea Lab",), authors=("Ed Po",))], at=AT)
        index(house)
        assert organisations.show(house, "tea-lab").organisation.id == 0
        ann, bo = make_reader(house, "ann"), make_reader(house, "bo")
        with pytest.raises(Conflict, match="Papers name"):
            organisations.make(house, ann, "tea LAB")
        assert membership.join(house, ann, "tea-lab") == "asked"
        membership.place(house, mo, "tea-lab", "ann", "keeper")
        with house.store.writing() as connection:
            readers.change(connection, mo.id, role="admin")
            addresses.insert(connection, Address("bo@tea.example", bo.id, "bo@tea.example", AT))
        with house.store.reading() as connection:
            admin = readers.by_id(connection, mo.id)
        assert admin
        told = Told("Tea Lab", "We boil.", "https://tea.example/", "tea.example", ("Tea Laboratory",))
        organisations.describe(house, admin, "tea-lab", told)
        assert membership.join(house, bo, "tea-lab") == "member"
        made = claims.claim(house, bo, "bo-chen", "Me")
        claims.decide(house, admin, made.id, "Yes", grant=True)
        page = organisations.show(house, "tea-lab")
        assert [(each.handle, each.role) for each in page.members] == [("ann", "keeper"), ("bo", "member")]
        assert page.total == 1 + people.show(house, "bo-chen").total
        assert organisations.show(house, "tea-laboratory").organisation.slug == "tea-lab"
        with pytest.raises(Conflict, match="last keeper"):
            membership.leave(house, ann, "tea-lab")

    def test_what_is_followed_comes_in_one_order(self, house: House, mo: Reader) -> None:
        told = record(40, authors=("Ed Po",), categories=("cs.LG",), published="2024-01-03")
        keep(house.store, [told], at=AT)
        index(house)
        for kind, target in (("author", "ann-lee"), ("author", "a-lee"), ("category", "cs")):
            following.follow(house, mo, kind, target)
        shaping.merge(house, mo, "ann-lee", "a-lee", WHY)
        news = following.news(house, mo)
        assert [paper.slug for paper, _ in news.papers] == [
            *(PAPERS[index] for index in (7, 6, 4, 3, 2)),
            "2401.00040",
            PAPERS[0],
        ]
        assert {why[0].name for _, why in news.papers} == {"Ann Lee", "cs"}
        following.unfollow(house, mo, "author", "ann-lee")
        assert [paper.slug for paper, _ in following.news(house, mo).papers] == ["2401.00040"]

    def test_labels_with_old_papers_or_none_are_followed_too(self, house: House, mo: Reader) -> None:
        al = make_reader(house, "al")
        empty, quiet, busy = (
            labels.make(house, al, Wanted(name, seen_by="all")).slug for name in ("Empty", "Quiet", "Busy")
        )
        targets = [f"al/{slug}" for slug in (empty, quiet, busy)]
        with house.store.writing() as connection:
            numbers = {row.slug: row.id for row in connection.execute(label_rows.select())}
            rows = [
                (numbers[quiet], 1, "", "2026-01-01"),
                *((numbers[busy], number, "", "2026-02-02") for number in (2, 3)),
            ]
            bulk.insert(connection, label_papers, rows)
            told = follows.labelled(connection, targets, mo.id, 2)
        assert told == {
            targets[0]: ("Empty", frozenset()),
            targets[1]: ("Quiet", frozenset()),
            targets[2]: ("Busy", frozenset({2, 3})),
        }

    def test_following_much_costs_no_more_statements(self, house: House, mo: Reader, statements: list[str]) -> None:
        costs = []
        for slugs in (SLUGS[:1], SLUGS):
            for slug in slugs:
                following.follow(house, mo, "author", slug)
            following.follow(house, mo, "category", "cs" if slugs == SLUGS else "math")
            statements.clear()
            following.news(house, mo)
            costs.append(len(statements))
        assert costs[0] <= costs[1] <= 7
        assert costs[1] - costs[0] <= 1


def any_act(house: House, by: Reader, chance: random.Random) -> None:
    """Do something to authors, whatever chance says; what is refused is not done."""
    one, two = chance.sample(SLUGS, 2)
    paper = chance.choice(PAPERS)
    verbs = (
        lambda: shaping.merge(house, by, one, two, WHY),
        lambda: shaping.mark(house, by, one, Verdict(paper, theirs=chance.random() < 0.5), WHY),
        lambda: shaping.split(house, by, one, Another(papers=[paper]), WHY),
        lambda: shaping.split(house, by, one, Another(names=[chance.choice(NAMES)]), WHY),
        lambda: shaping.also(house, by, one, chance.choice(("Anna Lee", *NAMES)), WHY),
        lambda: shaping.rename(house, by, one, chance.choice(NAMES), WHY),
    )
    try:
        chance.choice(verbs)()
    except BroadsheetError:
        return
