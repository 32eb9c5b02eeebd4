"""Why a paper is there is read off its text, and the sentence shown is the one that says so."""

from pathlib import Path

import pytest

from broadsheet.index.engine import open_index
from broadsheet.index.port import Shown, TextIndex
from broadsheet.model.paper import Paper
from broadsheet.model.query import Query
from broadsheet.model.record import Author

FOLDING = Paper(
    id=1,
    slug="1",
    title="Folding Napkins with Graph Networks",
    abstract="We study tables. Graph attention networks fold each napkin. "
    "Tea is served by graph neural networks (GNNs).",
    authors=(Author("Ann B. Lee"), Author("Bo Chen")),
    venue="Journal of Tea",
    keywords=("etiquette",),
    stamp=1,
)
KETTLES = Paper(id=2, slug="2", title="Kettles whistle", abstract="A kettle is a pot.", stamp=1)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> TextIndex:
    index = open_index(Path(tmp_path_factory.mktemp("index")))
    index.write([FOLDING, KETTLES], (), 1)
    return index


def shown(shelf: TextIndex, text: str, paper: Paper = FOLDING, *, passage: bool = False) -> Shown:
    return shelf.search(Query(text=text, passage=passage), deadline_ms=60_000).highlighter.shown(paper)


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("graph attention networks", "phrase"),
        ("Napkins with Graph", "phrase"),
        ("folding napkins with graph net", "all words"),
        ('"graph attention"', "phrase"),
        ('"graph attention" "fold each"', "phrase"),
        ('"graph attention" napkin', "all words"),
        ("attention graph", "all words"),
        ("networks attention", "all words"),
        ("napkin", "all words"),
        ("napkin tea lee", "all words"),
        ("gnn", "all words"),
        ("graph neural networks", "phrase"),
        ("author:lee", "all words"),
        ("author:lee napkins", "all words"),
        ("(napkin OR kettle)", "all words"),
        ("napkin kettle", "some words"),
        ("etiquette kettle", "some words"),
        ("kettle whistle", "same topic"),
        ("", None),
        ("has:abstract", None),
    ],
)
def test_the_strongest_evidence_that_holds_is_told(shelf: TextIndex, text: str, evidence: str | None) -> None:
    assert shown(shelf, text).evidence == evidence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("attention graph", "Graph attention networks fold each napkin. "),
        ('"graph neural"', "Tea is served by graph neural networks (GNNs)."),
        ("tables", "We study tables. "),
        ("lee", "Ann B. Lee, Bo Chen"),
        ("etiquette", "etiquette"),
    ],
)
def test_the_sentence_shown_is_the_one_that_matched(shelf: TextIndex, text: str, sentence: str) -> None:
    assert sentence in "".join(span.text for span in shown(shelf, text).sentence)


def test_a_phrase_shows_the_sentence_it_stands_in(shelf: TextIndex) -> None:
    first = "".join(span.text for span in shown(shelf, "graph neural networks").sentence)
    assert first.startswith(("Tea is served", "… Tea is served"))


def test_a_passage_is_judged_by_its_telling_words(shelf: TextIndex) -> None:
    assert shown(shelf, "Napkins, whistles and kettles: all of them.", passage=True).evidence == "some words"
    assert shown(shelf, KETTLES.abstract, KETTLES, passage=True).evidence == "all words"


def test_a_paper_of_names_alone_shows_them_marked(shelf: TextIndex) -> None:
    found = [span.text for span in shown(shelf, "author:chen").sentence if span.matched]
    assert found == ["Chen"]


@pytest.mark.parametrize(
    ("text", "abstract", "sentence"),
    [
        ('"量子计算"', "我们研究茶。水壶会响。用BERT做量子计算的方法。最后是结论。", "量子计算"),
        ("bert量子", "我们研究茶。水壶会响。用BERT量子的方法。", "BERT"),
        ("量子 计算", "我们研究茶。水壶会响。用量子计算的方法。", "量子计算"),
        ('"ディープラーニング"', "お茶を飲む。やかんが鳴る。ディープラーニングを使う。", "ディープラーニング"),
        ('"เครื่อง"', "ชา. กา. การเรียนรู้ของเครื่อง.", "เครื่อง"),
        ('"딥러닝"', "차를 마신다. 주전자. 딥러닝을 쓴다.", "딥러닝"),
        ('"œuvre complete"', "Tea is hot. A kettle whistles. This is the œuvre complète of tea.", "uvre compl"),
        ('"cafe noir"', "Le thé. La bouilloire. Un café noir.", "café noir"),
    ],
)
def test_a_phrase_of_any_script_shows_its_sentence(tmp_path: Path, text: str, abstract: str, sentence: str) -> None:
    found = Paper(id=1, slug="1", title="Kettles", abstract=abstract.replace("水壶会响。", "水壶会响。" * 60), stamp=1)
    index = open_index(tmp_path)
    index.write([found], (), 1)
    told = shown(index, text, found)
    assert told.evidence == "phrase"
    assert sentence in "".join(span.text for span in told.sentence)
    assert not "".join(span.text for span in told.sentence).startswith(("我们", "お茶", "Tea is", "Le thé"))
    other = Paper(id=2, slug="2", title="Kettles", abstract="水壶。A kettle whistles, très hot.", stamp=1)
    assert shown(index, text, other).evidence != "phrase"
