"""Words and meaning together: nothing lost, nothing twice, guesses told from matches, filters kept."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.papers import record

from broadsheet.clock import Clock
from broadsheet.errors import Invalid, NotFound, Unavailable
from broadsheet.flow.house import House
from broadsheet.flow.reading.search import search
from broadsheet.flow.reading.similar import similar
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.flow.spaces import Spaces
from broadsheet.index.port import VectorIndex
from broadsheet.model.query import Query
from broadsheet.model.record import Author
from broadsheet.settings import Settings
from broadsheet.store import papers
from broadsheet.wiring import open_house

TEA = [
    ("Brewing green tea", "Green tea leaves steep in hot water in a teapot."),
    ("The temperature of kettles", "A kettle boils water for beverages such as coffee."),
    ("Coffee roasting curves", "Espresso beans are roasted until they crack."),
]
LEARNING = [
    ("Convolutional networks for image recognition", "We train deep neural networks to classify photographs."),
    ("Recurrent neural translation", "An encoder and a decoder translate sentences between languages."),
    ("Policy gradients for robots", "Reinforcement learning teaches a robot arm to grasp objects."),
    ("Object detection in photographs", "A detector finds cars and pedestrians in pictures."),
]
FILLING = [
    (f"Tax law of county number {number}", f"We list statutes and fees, volume {number}, of a county court.")
    for number in range(60)
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(Settings(home=Path(tmp_path_factory.mktemp("home")))) as opened:
        told = [
            record(
                number,
                title=title,
                abstract=abstract,
                authors=(f"Writer {chr(65 + number % 26)}lastname{number}",),
                categories=("cs.CV",) if "photograph" in title + abstract else ("cs.XX",),
            )
            for number, (title, abstract) in enumerate([*TEA, *LEARNING, *FILLING])
        ]
        keep(opened.store, told, at=opened.clock())
        catch_up(opened)
        yield opened


def titles(house: House, query: Query) -> list[str]:
    return [hit.paper.title for hit in search(house, query).hits]


def slug(house: House, title: str) -> str:
    return search(house, Query(text=f'"{title}"', way="words")).hits[0].paper.slug


def test_meaning_finds_what_shares_no_word(house: House) -> None:
    found = search(house, Query(text="pictures of animals"))
    by_title = {hit.paper.title: hit for hit in found.hits}
    assert "Object detection in photographs" in by_title
    guess = by_title["Convolutional networks for image recognition"]
    assert guess.evidence == "same topic"
    assert found.related >= 1


def test_a_guess_shows_its_nearest_sentence_word_for_word(house: House) -> None:
    for hit in search(house, Query(text="pictures of animals")).hits:
        if hit.evidence == "same topic":
            assert "".join(span.text for span in hit.snippet).strip("… ") in hit.paper.abstract


def test_what_is_no_match_by_words_is_marked_as_a_guess(house: House) -> None:
    found = search(house, Query(text="pictures of animals"))
    guesses = [hit.paper.title for hit in found.hits if hit.guess]
    assert "Convolutional networks for image recognition" in guesses
    assert "Object detection in photographs" not in guesses
    assert len(guesses) == found.related
    assert not [hit for hit in search(house, Query(text="pictures of animals", way="words")).hits if hit.guess]


def test_a_way_can_be_chosen(house: House) -> None:
    words = search(house, Query(text="pictures", way="words"))
    meaning = search(house, Query(text="pictures", way="meaning"))
    assert {hit.evidence for hit in words.hits} <= {"all words", "phrase", "some words"}
    assert words.related == 0
    assert meaning.total == 0
    assert len(meaning.hits) > len(words.hits)
    assert meaning.notices == ()


def test_the_few_papers_with_all_words_come_before_all_others(house: House) -> None:
    found = search(house, Query(text="robot arm images photographs neural", way="both")).hits
    strict = search(house, Query(text="kettle water", way="both")).hits
    assert [hit.evidence for hit in strict][:1] == ["all words"]
    assert "all words" not in [hit.evidence for hit in found]


def test_a_whole_title_finds_its_paper_first_however_it_is_typed(house: House) -> None:
    for title, _ in (*TEA, *LEARNING, *FILLING):
        assert titles(house, Query(text=title.upper() + "."))[0] == title
    assert titles(house, Query(text="Brewing green tea", categories=("cs.CV",))) == []


def test_every_page_goes_on_where_the_last_one_ended(house: House) -> None:
    query = Query(text="sentences photographs robot tea kettle espresso", limit=2)
    total = search(house, query)
    seen: list[str] = []
    for offset in range(0, total.total + total.related + 2, 2):
        seen += [hit.paper.slug for hit in search(house, replace(query, offset=offset)).hits]
    assert len(seen) == len(set(seen)) == total.total + total.related
    assert [hit.rank for hit in search(house, replace(query, offset=2)).hits] == [3, 4]


@pytest.mark.parametrize("way", ["both", "meaning"])
def test_filters_fields_and_exclusions_hold_for_guesses_too(house: House, way: str) -> None:
    query = Query(text="pictures", way=way)  # type: ignore[arg-type]
    both = {"Convolutional networks for image recognition", "Object detection in photographs"}
    assert set(titles(house, replace(query, categories=("cs.CV",)))) == both
    assert "Object detection in photographs" not in titles(house, replace(query, text="pictures -detection"))
    assert titles(house, replace(query, text="pictures author:nobody")) == []
    assert titles(house, replace(query, text='pictures "finds cars"')) == ["Object detection in photographs"]
    assert titles(house, replace(query, years=(1999,))) == []


def test_another_order_than_relevance_is_one_of_words(house: House) -> None:
    found = search(house, Query(text="photographs", sort="date"))
    assert found.total == len(found.hits) == 2


def test_letters_without_meaning_find_nothing(house: House) -> None:
    found = search(house, Query(text="xqzvw"))
    assert len(found.hits) <= 3
    assert all(hit.evidence == "same topic" for hit in found.hits)


def test_papers_like_some_and_unlike_others(house: House) -> None:
    tea, photographs = slug(house, "Brewing green tea"), slug(house, "Object detection in photographs")
    like = titles(house, Query(like=(tea,)))
    assert like[0] == "The temperature of kettles"
    assert "Brewing green tea" not in like
    mixed = titles(
        house, Query(like=(photographs,), unlike=(slug(house, "Convolutional networks for image recognition"),))
    )
    assert "Convolutional networks for image recognition" not in mixed
    worded = titles(house, Query(text="coffee", like=(tea,)))
    assert "Coffee roasting curves" in worded[:2]


def test_papers_to_be_like_must_be_there_and_not_too_many(house: House) -> None:
    with pytest.raises(NotFound):
        search(house, Query(like=("2401.99999",)))
    with pytest.raises(Invalid, match="at most 20"):
        search(house, Query(like=("2401.00001",) * 21))
    with pytest.raises(Invalid, match="beside"):
        search(house, Query(unlike=("2401.00001",)))


def test_a_passage_is_taken_as_text_whatever_signs_it_has(house: House) -> None:
    text = 'author:nobody "A detector -finds cars AND pedestrians in (photographs'
    assert titles(house, Query(text=text, passage=True))[0] == "Object detection in photographs"


def test_a_whole_abstract_finds_its_own_paper_first(house: House) -> None:
    for title, abstract in (*TEA, *LEARNING):
        assert titles(house, Query(text=abstract, passage=True))[0] == title


def test_similar_papers_say_what_sets_them_apart(house: House) -> None:
    with house.store.reading() as connection:
        paper = papers.stream(connection, 0, 1)[0]
    found = similar(house, paper, 3)
    assert found[0].paper.title == "The temperature of kettles"
    assert all(each.paper.id != paper.id for each in found)
    assert not {"tea", "water", "green"} & {word.lower() for each in found for word in each.apart}


def test_without_an_embedder_words_answer_and_say_so(house: House, tmp_path: Path) -> None:
    class Away:
        name, version, dimension, weight = "away", "1", 4, 0.5

        def text_of(self, title: str, abstract: str) -> str:
            return title + abstract

        def query_text(self, query: str) -> str:
            return query

        def embed(self, texts: object) -> object:
            raise Unavailable("It is away.")

    def no_index(folder: Path, dimension: int) -> VectorIndex:
        raise AssertionError(folder, dimension)

    alone = replace(house, spaces=Spaces(house.store, [Away()], tmp_path, no_index))  # type: ignore[list-item]
    found = search(alone, Query(text="kettle"))
    assert [hit.paper.title for hit in found.hits] == ["The temperature of kettles"]
    assert "by words alone" in found.notices[0]
    with pytest.raises(Unavailable, match="not"):
        search(alone, Query(like=(found.hits[0].paper.slug,)))


def test_what_narrows_holds_where_many_are_left_and_few_are_embedded(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("broadsheet.flow.reading.near.MOST_AMONG", 1)
    query = Query(text="pictures", way="meaning")
    assert "Object detection in photographs" in titles(house, query)
    assert "Object detection in photographs" not in titles(house, replace(query, text="pictures -detection"))
    assert set(titles(house, replace(query, categories=("cs.CV",)))) <= {
        "Convolutional networks for image recognition",
        "Object detection in photographs",
    }


def test_an_abstract_of_nothing_but_markup_is_shown_and_breaks_nothing(tmp_path: Path, clock: Clock) -> None:
    with open_house(Settings(home=tmp_path / "home"), clock=clock) as opened:
        told = [record(1, title="Object detection in photographs", abstract="{}"), record(2, abstract="$$")]
        keep(opened.store, told, at=opened.clock())
        catch_up(opened)
        assert search(opened, Query(text="pictures of cars", way="meaning")).hits


def test_words_alone_cannot_find_what_is_like_a_paper(house: House) -> None:
    with pytest.raises(Invalid, match="words and meaning"):
        search(house, Query(like=("2401.00001",), way="words"))


def test_pages_of_papers_like_one_repeat_and_lose_nothing(house: House) -> None:
    query = Query(like=(slug(house, "Tax law of county number 7"),), limit=9)
    whole = search(house, query)
    count = whole.total + whole.related
    seen = [
        hit.paper.slug for offset in range(0, count + 9, 9) for hit in search(house, replace(query, offset=offset)).hits
    ]
    assert len(seen) == len(set(seen)) == count


def test_a_deleted_paper_is_found_by_neither(tmp_path: Path, clock: Clock, write_papers: Callable[..., Path]) -> None:
    with open_house(Settings(home=tmp_path / "home"), clock=clock) as opened:
        told = [
            record(number, title=title, abstract=abstract, authors=(f"Ann Lee{number}",))
            for number, (title, abstract) in enumerate(TEA)
        ]
        keep(opened.store, told, at=opened.clock())
        catch_up(opened)
        assert "Brewing green tea" in titles(opened, Query(text="a hot beverage"))
        keep(opened.store, [replace(told[0], deleted=True, authors=(Author("Ann Lee0"),))], at=opened.clock())
        catch_up(opened)
        assert "Brewing green tea" not in titles(opened, Query(text="a hot beverage"))
