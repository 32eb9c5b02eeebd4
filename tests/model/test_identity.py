"""Which titles, names and ids tell of one work."""

import re
from itertools import permutations

import pytest
from tests.papers import record

from broadsheet.model.identity import Facts, cluster, contradict, names_of, same_work, title_key
from broadsheet.model.ids import ExternalId
from broadsheet.model.names import agree, read_names
from broadsheet.model.record import Record


def facts_of(told: Record) -> Facts:
    return Facts(told, names_of(told), title_key(told.title))


def one_work(a: Record, b: Record) -> bool:
    return len(cluster([facts_of(a), facts_of(b)])) == 1


def ids(*texts: str) -> tuple[ExternalId, ...]:
    return tuple(ExternalId(*text.split(":", 1)) for text in texts)


@pytest.mark.parametrize(
    "other", ["FOLDING  napkins: a survey", "Folding Napkins—A Survey", "Folding {Napkins} A survey"]
)
def test_spellings_of_a_title_agree(other: str) -> None:
    assert title_key("Folding Napkins: A Survey") == title_key(other)


def test_accents_and_tex_do_not_matter() -> None:
    assert title_key(r"Schr\"{o}dinger Napkins D$^3$") == title_key("Schrödinger Napkins D3")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Findings of the WMT 2020 Shared Task", "Findings of the WMT 2018 Shared Task"),
        ("Napkins, Part I", "Napkins, Part II"),
        ("Reviewers for Volume 32", "Reviewers for Volume 33"),
        ("Hermes 3 Technical Report", "Hermes 4 Technical Report"),
        ("Napkins", "Napkins++ C"),
    ],
)
def test_a_year_part_or_volume_makes_another_title(a: str, b: str) -> None:
    assert title_key(a) != title_key(b)


@pytest.mark.parametrize(
    "title", ["Preface", "INTRODUCTION", "Letter to the Editor", "Asian Conference on Napkins: Preface", "", "?!", "$$"]
)
def test_a_title_that_many_works_bear_identifies_none(title: str) -> None:
    assert title_key(title) == 0
    assert not same_work(facts_of(record(1, title=title, ids=())), facts_of(record(2, title=title, ids=())))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (["Ann Lee", "Bo Chen"], ["A. Lee", "B. Chen"]),
        (["Ann Lee", "Bo Chen"], ["Lee, Ann", "Chen, Bo"]),
        (["Ann Lee", "Bo Chen", "Cy Young"], ["Ann Lee, Bo Chen, Cy Young"]),
        (["Ann Lee", "Bo Chen"], ["Ann Lee and Bo Chen"]),
        (["Ann Lee", "Bo Chen", "Cy Young"], ["Ann Lee", "Cy Young", "Bo Chen"]),
        (["Ann Lee", "Bo Chen", "Cy Young"], ["Ann Lee", "et al."]),
        (["Zoë Müller", "Łukasz Kaiser"], ["Zoe Muller", "Lukasz Kaiser"]),
        (['Zo{\\"e} M{\\"u}ller'], ["Zoë Müller"]),
        (
            ["Tuo Xiang", "Xuemiao Xu", "Yong Li", "Shengfeng He"],
            ["Xiang Tuo", "Xu Xuemiao", "Li Yong", "He Shengfeng"],
        ),
        (["Sam King Jr.", "Bo Chen"], ["Sam King", "Bo Chen"]),
    ],
)
def test_lists_that_name_the_same_people_agree(a: list[str], b: list[str]) -> None:
    assert agree(read_names(a), read_names(b))
    assert agree(read_names(b), read_names(a))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (["Ann Lee"], ["Bo Chen"]),
        (["Ann Lee", "Bo Chen", "Cy Young"], ["Di Ng", "Ed Ox", "Cy Young"]),
        (["Ann Lee", "Bo Chen"], ["Ann Lee", "Cy Young"]),
        (["Ann Lee"], ["Ann Lee", "Bo Chen"]),
    ],
)
def test_lists_that_name_others_do_not_agree(a: list[str], b: list[str]) -> None:
    assert not agree(read_names(a), read_names(b))


def test_nobody_is_read_from_anonymous_or_empty_names() -> None:
    assert read_names(["Anonymous", "", ",", "et al."]).names == ()


def test_the_same_title_by_others_or_long_after_is_another_work() -> None:
    a = record(1, ids=(), abstract="")
    b = record(2, ids=("acl:2024.x-y.1",), title=a.title, abstract="")
    assert one_work(a, b)
    assert not one_work(a, record(2, ids=(), title=a.title, abstract="", authors=("Di Ng",)))
    assert not one_work(a, record(2, ids=(), title=a.title, abstract="", published="2018"))


def test_the_same_opening_of_the_abstract_outweighs_names_and_dates() -> None:
    a = record(1, ids=())
    assert one_work(a, record(2, ids=(), title=a.title, abstract=a.abstract, authors=("Di Ng",), published="1999"))


def test_a_count_of_authors_stands_for_their_names() -> None:
    a = record(1, abstract="")
    assert one_work(a, record(2, ids=(), title=a.title, authors=(), author_count=2, abstract=""))
    assert not one_work(a, record(2, ids=(), title=a.title, authors=(), author_count=3, abstract=""))
    assert one_work(a, record(2, ids=(), title=a.title, authors=(), abstract="", published=""))
    short = record(3, ids=(), title="Napkins", abstract="")
    assert not one_work(short, record(2, ids=(), title="Napkins", authors=(), abstract=""))


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (("arxiv:2401.00001",), ("arxiv:2401.00002",), True),
        (("arxiv:2401.00001",), ("acl:2024.a-b.1",), False),
        (("acl:2024.a-b.1",), ("acl:2024.a-b.2",), True),
        (("doi:10.1/a",), ("doi:10.1/b",), True),
        (("doi:10.1/a",), ("doi:10.2/b",), False),
        (("openreview:aaaaaa",), ("openreview:bbbbbb",), False),
        (("arxiv:2401.00001", "doi:10.1/a"), ("arxiv:2401.00001", "doi:10.1/b"), False),
    ],
)
def test_different_ids_of_one_scheme_contradict(a: tuple[str, ...], b: tuple[str, ...], expected: object) -> None:
    assert contradict(ids(*a), ids(*b)) is expected


def test_groups_do_not_depend_on_the_order() -> None:
    told_ = [
        record(1),
        record(2, title=record(1).title),
        record(3, ids=("acl:2024.a-b.1",), title=record(1).title),
        record(4, ids=("arxiv:2401.00002", "doi:10.1/a")),
        record(5, ids=("doi:10.1/a",), title="Napkins of Yore"),
    ]
    outcomes = set()
    for order in permutations(range(5)):
        groups = cluster([facts_of(told_[i]) for i in order])
        outcomes.add(frozenset(frozenset(order[i] for i in group.members) for group in groups))
    assert outcomes == {frozenset({frozenset({0, 2}), frozenset({1, 3, 4})})}


def test_a_parted_pair_stays_apart() -> None:
    facts = [facts_of(record(n, ids=(), title="Folding of Napkins", abstract="")) for n in range(3)]
    assert [group.members for group in cluster(facts)] == [(0, 1, 2)]
    assert [group.members for group in cluster(facts, {(0, 2), (2, 1)})] == [(0, 1), (2,)]


def test_a_record_without_ids_gets_one_from_its_own_name() -> None:
    (local,) = names_of(record(1, ids=()))
    assert re.fullmatch(r"local/[0-9a-f]{16}", local.slug)
    assert names_of(record(1, ids=(), title="Another")) == (local,)
    assert names_of(record(2, ids=())) != (local,)
