"""Which lists can be subscribed to, by whom, and in which rhythm."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.readers import make_reader

from broadsheet.errors import BroadsheetError, Invalid, NotFound, Refused
from broadsheet.flow.house import House
from broadsheet.flow.lists import labels
from broadsheet.flow.lists.labels import Wanted
from broadsheet.flow.reading import saved_searches
from broadsheet.flow.shelf.import_files import import_files
from broadsheet.flow.subscribing.lists import check, check_rhythm, named, titled
from broadsheet.model.places import list_url
from broadsheet.model.query import MAX_TEXT, Query
from broadsheet.model.selection import KINDS, Selection
from broadsheet.model.subscription import RHYTHMS
from broadsheet.store.selection_json import decode_selection, encode_selection

TEA = Query(text="tea kettles")


@pytest.fixture
def shelf(site: House, write_papers: Callable[..., Path]) -> House:
    import_files(site, [write_papers()])
    return site


def test_every_list_that_goes_on_can_be_subscribed_to(shelf: House) -> None:
    ada = make_reader(shelf, "ada")
    saved = saved_searches.save(shelf, "Tea", TEA, reader=ada)
    label = labels.make(shelf, ada, Wanted("To read"))
    wanted = [
        Selection("day"),
        Selection("trending"),
        Selection("trending", "week"),
        Selection("search", query=TEA),
        Selection("similar", "2401.00001"),
        Selection("author", "ann-lee"),
        Selection("category", "cs.LG"),
        Selection("label", f"ada/{label.slug}"),
        Selection("saved", saved.slug),
        Selection("following"),
    ]
    kept = [check(shelf, selection, ada) for selection in wanted]
    assert kept == wanted
    assert [decode_selection(encode_selection(selection)) for selection in kept] == wanted
    told = [titled(shelf, selection, ada) for selection in kept]
    assert all(title for title, _ in told)
    assert [path for _, path in told] == [list_url(selection) for selection in wanted]
    assert all(named(selection) for selection in wanted)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (Selection("day", "2024-01-03"), Selection("day")),
        (Selection("trending", "all"), Selection("trending")),
        (
            Selection("search", query=Query(text=" tea ", limit=3, offset=9)),
            Selection("search", query=Query(text="tea")),
        ),
    ],
    ids=["a day", "all that trends", "a piece of a search"],
)
def test_one_list_has_one_name(shelf: House, given: Selection, kept: Selection) -> None:
    assert check(shelf, given, None) == kept


@pytest.mark.parametrize(
    "selection",
    [
        Selection("week", "2024-W01"),
        Selection("month", "2024-01"),
        Selection("trending", "year"),
        Selection("trending", query=TEA),
        Selection("search"),
        Selection("search", query=Query(text="x" * (MAX_TEXT + 1))),
        Selection("search", query=Query(unlike=("2401.00001",))),
        Selection("author", "nobody"),
        Selection("organisation", "nobody"),
        Selection("similar", "nothing"),
        Selection("label", "nobody/nothing"),
        Selection("label", "/"),
    ],
    ids=[
        "a week",
        "a month",
        "no span",
        "narrowed",
        "no search",
        "a long search",
        "a search away from something",
        "no author",
        "no organisation",
        "no paper",
        "no label",
        "no name",
    ],
)
def test_what_is_over_or_is_not_there_cannot_be_subscribed_to(shelf: House, selection: Selection) -> None:
    with pytest.raises((Invalid, NotFound)):
        check(shelf, selection, None)


def test_private_lists_are_their_readers_alone(shelf: House) -> None:
    ada, eve = make_reader(shelf, "ada"), make_reader(shelf, "eve")
    slug = saved_searches.save(shelf, "Tea", TEA, reader=ada).slug
    labels.make(shelf, ada, Wanted("To read"))
    private = [Selection("saved", slug), Selection("label", "ada/to-read")]
    for selection in [*private, Selection("following")]:
        with pytest.raises((Refused, NotFound)):
            check(shelf, selection, None)
        with pytest.raises(BroadsheetError):
            titled(shelf, selection, None)
        assert check(shelf, selection, ada) == selection
    for selection in private:
        with pytest.raises(NotFound):
            check(shelf, selection, eve)
        with pytest.raises(NotFound):
            titled(shelf, selection, eve)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rhythm", [*RHYTHMS, "", "hourly", "Daily"])
def test_what_changes_all_day_does_not_come_at_once(kind: str, rhythm: str) -> None:
    selection = Selection(kind)  # type: ignore[arg-type] # each of the kinds
    if rhythm not in RHYTHMS or (rhythm == "now" and kind in {"day", "trending"}):
        with pytest.raises(Invalid) as error:
            check_rhythm(selection, rhythm)
        assert error.value.field == "rhythm"
    else:
        assert check_rhythm(selection, rhythm) == rhythm
