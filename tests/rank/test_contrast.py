"""What sets one text apart from another: telling words, pairs before their parts, nothing both have."""

from broadsheet.rank.contrast import Term, contrast

PAPERS = {"the": 990, "graph": 40, "napkin": 3, "fold": 20, "fast": 300, "gnn": 15, "tea": 5, "kettl": 4}


def terms(text: str, *, title: bool = False) -> list[Term]:
    stems = {"Kettles": "kettl", "kettles": "kettl", "Napkins": "napkin", "napkins": "napkin", "Folding": "fold"}
    return [
        Term(stem, word, PAPERS.get(stem, 2), in_title=title)
        for word in text.split()
        for stem in (stems.get(word, word.lower()),)
    ]


def test_rare_words_that_the_other_lacks_come_first() -> None:
    assert contrast(terms("the graph napkins"), terms("the teapots"), 1_000) == ("napkins", "graph")


def test_words_of_both_and_common_words_set_nothing_apart() -> None:
    assert contrast(terms("the fast napkins"), terms("napkins"), 1_000) == ()


def test_a_pair_that_stands_there_twice_stands_for_both_its_words() -> None:
    text = terms("tea kettles and graph then tea kettles")
    assert contrast(text, terms("and then"), 1_000)[0] == "tea kettles"
    assert "kettles" not in contrast(text, terms("and then"), 1_000)


def test_titles_lose_their_capitals_and_acronyms_keep_theirs() -> None:
    assert contrast(terms("Kettles GNN", title=True), [], 1_000) == ("kettles", "GNN")


def test_a_word_no_other_paper_has_tells_nothing_to_a_reader() -> None:
    assert contrast([Term("zxqv", "zxqv", 1)], [], 1_000) == ()


def test_no_words_are_no_contrast() -> None:
    assert contrast([], [], 0) == ()
