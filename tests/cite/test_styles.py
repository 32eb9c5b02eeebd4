"""References in six styles, held to the examples of their handbooks and to citeproc's Harvard."""

import warnings
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cite.citing import paper

from broadsheet.cite.csl import csl_item
from broadsheet.cite.styles import STYLES, reference, reference_spans
from broadsheet.errors import Invalid
from broadsheet.model.ids import ExternalId
from broadsheet.model.record import Author

KEYS = [style.key for style in STYLES]
JOURNAL = {"venue": "Journal of Maps", "ids": (ExternalId("doi", "10.1000/a_b"),)}
MEETING = {"venue": "Proceedings of ACL", "ids": (ExternalId("acl", "2020.acl-main.1"),)}
PREPRINT = {"ids": (ExternalId("arxiv", "2603.00001"),)}
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def by(*names: str) -> dict[str, Any]:
    return {"authors": tuple(map(Author, names))}


def of(count: int) -> dict[str, Any]:
    return by(*(f"Ann Author{chr(ord('a') + number)}" for number in range(count)))


def dated(**facts: Any) -> Any:
    return paper(**{"published": "2026-03-01", **facts})


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("apa", "Lee, A. B. (2026). Folding Napkins. Journal of Maps. https://doi.org/10.1000/a_b"),
        ("mla", "Lee, Ann B. “Folding Napkins.” Journal of Maps, 1 Mar. 2026, https://doi.org/10.1000/a_b."),
        ("chicago", "Lee, Ann B. 2026. “Folding Napkins.” Journal of Maps. https://doi.org/10.1000/a_b."),
        ("ieee", "A. B. Lee, “Folding Napkins,” Journal of Maps, Mar. 2026, doi: 10.1000/a_b."),
        ("vancouver", "Lee AB. Folding Napkins. Journal of Maps. 2026 Mar 1. doi: 10.1000/a_b"),
        (
            "harvard",
            "Lee, A.B. (2026) \u2018Folding Napkins\u2019, Journal of Maps. Available at: https://doi.org/10.1000/a_b.",
        ),
    ],
)
def test_an_article_in_a_journal(style: str, expected: str) -> None:
    assert reference(dated(**JOURNAL, **by("Ann B. Lee")), style) == expected


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("apa", "Lee, A., & Chen, B. (2026). Folding Napkins. In Proceedings of ACL. {}"),
        ("mla", "Lee, Ann, and Bo Chen. “Folding Napkins.” Proceedings of ACL, 1 Mar. 2026, {}."),
        ("chicago", "Lee, Ann, and Bo Chen. 2026. “Folding Napkins.” In Proceedings of ACL. {}."),
        ("ieee", "A. Lee and B. Chen, “Folding Napkins,” in Proceedings of ACL, Mar. 2026. [Online]. Available: {}"),
        ("vancouver", "Lee A, Chen B. Folding Napkins. In: Proceedings of ACL; 2026 Mar 1. Available from: {}"),
        (
            "harvard",
            "Lee, A. and Chen, B. (2026) \u2018Folding Napkins\u2019, in Proceedings of ACL. Available at: {}.",
        ),
    ],
)
def test_a_paper_in_proceedings(style: str, expected: str) -> None:
    home = "https://aclanthology.org/2020.acl-main.1"
    assert reference(dated(**MEETING, **by("Ann Lee", "Bo Chen")), style) == expected.format(home)


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("apa", "Lee, A., Chen, B., & Plato. (2026). Folding Napkins (arXiv:2603.00001). arXiv. {}"),
        ("mla", "Lee, Ann, et al. “Folding Napkins.” arXiv, 1 Mar. 2026, {}."),
        ("chicago", "Lee, Ann, Bo Chen, and Plato. 2026. “Folding Napkins.” Preprint, submitted March 1, 2026. {}."),
        ("ieee", "A. Lee, B. Chen, and Plato, “Folding Napkins,” 2026, arXiv:2603.00001."),
        (
            "vancouver",
            "Lee A, Chen B, Plato. Folding Napkins [Preprint]. arXiv:2603.00001; 2026 Mar 1. Available from: {}",
        ),
        (
            "harvard",
            "Lee, A., Chen, B. and Plato (2026) \u2018Folding Napkins\u2019. arXiv. Available at: {}.",
        ),
    ],
)
def test_a_preprint(style: str, expected: str) -> None:
    told = reference(dated(**PREPRINT, **by("Ann Lee", "Bo Chen", "Plato")), style)
    assert told == expected.format("https://arxiv.org/abs/2603.00001")


@pytest.mark.parametrize(
    ("style", "eight", "twenty_five"),
    [
        ("apa", "Authorg, A., & Authorh, A. (2026)", "Authors, A., . . . Authory, A. (2026)"),
        ("mla", "Authora, Ann, et al. “", "Authora, Ann, et al. “"),
        ("chicago", "Ann Authorg, and Ann Authorh. 2026", "Authora, Ann, Ann Authorb, Ann Authorc"),
        ("ieee", "A. Authora et al., “", "A. Authora et al., “"),
        ("vancouver", "Authorf A, et al. Folding", "Authorf A, et al. Folding"),
        ("harvard", "Authora, A. et al. (2026)", "Authora, A. et al. (2026)"),
    ],
)
def test_many_authors_are_cut_as_the_style_says(style: str, eight: str, twenty_five: str) -> None:
    assert eight in reference(dated(**PREPRINT, **of(8)), style)
    assert twenty_five in reference(dated(**PREPRINT, **of(25)), style)
    if style == "chicago":
        assert "Ann Authorg, et al. 2026." in reference(dated(**PREPRINT, **of(25)), style)
        assert "Authorh" not in reference(dated(**PREPRINT, **of(11)), style)
        assert "Authorj. 2026." in reference(dated(**PREPRINT, **of(10)), style)
    if style == "apa":
        assert "Authors, A., & Authort, A. (2026)" in reference(dated(**PREPRINT, **of(20)), style)
    if style in {"ieee", "vancouver"}:
        assert "et al" not in reference(dated(**PREPRINT, **of(6)), style)


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("apa", "Lee, A. (n.d.). Folding Napkins."),
        ("mla", "Lee, Ann. “Folding Napkins.”"),
        ("chicago", "Lee, Ann. n.d. “Folding Napkins.”"),
        ("ieee", "A. Lee, “Folding Napkins,” n.d."),
        ("vancouver", "Lee A. Folding Napkins. [date unknown]."),
        ("harvard", "Lee, A. (no date) \u2018Folding Napkins\u2019."),
    ],
)
def test_without_a_date(style: str, expected: str) -> None:
    assert reference(paper(**by("Ann Lee")), style) == expected


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("apa", "Folding Napkins. (2026). Journal of Maps. https://doi.org/10.1000/a_b"),
        ("mla", "“Folding Napkins.” Journal of Maps, 1 Mar. 2026, https://doi.org/10.1000/a_b."),
        ("chicago", "“Folding Napkins.” 2026. Journal of Maps. https://doi.org/10.1000/a_b."),
        ("ieee", "“Folding Napkins,” Journal of Maps, Mar. 2026, doi: 10.1000/a_b."),
        ("vancouver", "Folding Napkins. Journal of Maps. 2026 Mar 1. doi: 10.1000/a_b"),
        (
            "harvard",
            "\u2018Folding Napkins\u2019 (2026), Journal of Maps. Available at: https://doi.org/10.1000/a_b.",
        ),
    ],
)
def test_without_authors_the_title_comes_first(style: str, expected: str) -> None:
    assert reference(dated(**JOURNAL), style) == expected


@pytest.mark.parametrize(
    ("printed", "apa", "ieee", "vancouver"),
    [
        ("Ludwig van Beethoven", "van Beethoven, L.", "L. van Beethoven", "van Beethoven L"),
        ("Beethoven, Ludwig van", "van Beethoven, L.", "L. van Beethoven", "van Beethoven L"),
        ("van der Maaten, Laurens", "van der Maaten, L.", "L. van der Maaten", "van der Maaten L"),
        ("Martin Luther King Jr.", "King, M. L., Jr.", "M. L. King Jr.", "King ML Jr"),
        ("King, Jr., Martin Luther", "King, M. L., Jr.", "M. L. King Jr.", "King ML Jr"),
        ("Jean-Luc Picard", "Picard, J.-L.", "J.-L. Picard", "Picard JL"),
        ("J. K. Rowling", "Rowling, J. K.", "J. K. Rowling", "Rowling JK"),
        ("JK Rowling", "Rowling, J. K.", "J. K. Rowling", "Rowling JK"),
        ("J.K. Rowling", "Rowling, J. K.", "J. K. Rowling", "Rowling JK"),
        ("José María García", "García, J. M.", "J. M. García", "García JM"),
        ("Ólafur Þór Élan", "Élan, Ó. Þ.", "Ó. Þ. Élan", "Élan ÓÞ"),
        ("Пётр Капица", "Капица, П.", "П. Капица", "Капица П"),
        ("山田太郎", "山田太郎", "山田太郎", "山田太郎"),
        ("山田 太郎", "山田 太郎", "山田 太郎", "山田 太郎"),
        ("محمد علي", "محمد علي", "محمد علي", "محمد علي"),
        ("Plato", "Plato", "Plato", "Plato"),
        ("The ATLAS Collaboration", "The ATLAS Collaboration", "The ATLAS Collaboration", "The ATLAS Collaboration"),
        ("Gemini Team", "Gemini Team", "Gemini Team", "Gemini Team"),
        (r"Kurt G{\"o}del", "Gödel, K.", "K. Gödel", "Gödel K"),
        ("Van Nguyen", "Nguyen, V.", "V. Nguyen", "Nguyen V"),
        ("The Anh Han", "Han, T. A.", "T. A. Han", "Han TA"),
        ("Zhang Wei Xi", "Xi, Z. W.", "Z. W. Xi", "Xi ZW"),
        ("John Smith III", "Smith, J., III", "J. Smith III", "Smith J 3rd"),
        ("Smith, John, Jr.", "Smith, J., Jr.", "J. Smith Jr.", "Smith J Jr"),
        ("Thomas (Tom) Smith", "Smith, T.", "T. Smith", "Smith T"),
        ("Xiaodong “Jerry” Zhu", "Zhu, X.", "X. Zhu", "Zhu X"),
        ("LI WEI", "WEI, L.", "L. WEI", "WEI L"),
        ("ibn Sina", "ibn Sina", "ibn Sina", "ibn Sina"),
        ("Institute of Physics", "Institute of Physics", "Institute of Physics", "Institute of Physics"),
        ("Meta AI", "Meta AI", "Meta AI", "Meta AI"),
    ],
)
def test_a_name(printed: str, apa: str, ieee: str, vancouver: str) -> None:
    told = dated(**PREPRINT, **by(printed))
    assert reference(told, "apa").startswith(f"{apa}{'' if apa.endswith('.') else '.'} (2026)")
    assert reference(told, "ieee").startswith(f"{ieee}, “")
    assert reference(told, "vancouver").startswith(f"{vancouver}. Folding")


@pytest.mark.parametrize("venue", ["CoRR", "arXiv preprint arXiv:2603.00001", "ArXiv", "arXiv.org"])
@pytest.mark.parametrize("style", KEYS)
def test_a_preprint_server_is_no_proceedings(style: str, venue: str) -> None:
    told, plain = (reference(dated(venue=each, **PREPRINT, **by("Ann Lee")), style) for each in (venue, ""))
    assert told == plain


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("apa", "Lee, A. (2026). Folding Napkins. bioRxiv. {}"),
        ("mla", "Lee, Ann. “Folding Napkins.” bioRxiv, 1 Mar. 2026, {}."),
        ("chicago", "Lee, Ann. 2026. “Folding Napkins.” bioRxiv. {}."),
        ("ieee", "A. Lee, “Folding Napkins,” bioRxiv, Mar. 2026, doi: 10.1101/1."),
        ("vancouver", "Lee A. Folding Napkins [Preprint]. bioRxiv; 2026 Mar 1. doi: 10.1101/1"),
        ("harvard", "Lee, A. (2026) \u2018Folding Napkins\u2019. bioRxiv. Available at: {}."),
    ],
)
def test_a_preprint_of_another_server(style: str, expected: str) -> None:
    told = dated(venue="bioRxiv", ids=(ExternalId("doi", "10.1101/1"),), **by("Ann Lee"))
    assert reference(told, style) == expected.format("https://doi.org/10.1101/1")


def test_a_shortened_journal_is_one() -> None:
    told = dated(venue="Phys. Rev. Lett. 120, 030001 (2018)", **by("Ann Lee"))
    assert reference(told, "apa") == "Lee, A. (2026). Folding Napkins. Phys. Rev. Lett. 120, 030001 (2018)."


def test_csl_keeps_the_particle_of_a_name_without_a_given_one() -> None:
    assert csl_item(dated(**by("ibn Sina")))["author"] == [{"literal": "ibn Sina"}]


@pytest.mark.parametrize("style", KEYS)
def test_a_question_ends_itself_and_tex_becomes_words(style: str) -> None:
    told = reference(dated(title=r"Is $\alpha$-Folding {B}etter?", **JOURNAL, **by("Ann Lee")), style)
    assert "Is \u03b1-Folding Better?" in told
    assert not any(wrong in told for wrong in ("?.", "?,", "$", "{", "\\"))


@pytest.mark.parametrize("style", KEYS)
def test_italics_are_told_apart_and_leave_no_mark(style: str) -> None:
    spans = reference_spans(dated(**JOURNAL, **by("Ann Lee")), style)
    assert [text for text, is_italic in spans if is_italic] == ([] if style == "vancouver" else ["Journal of Maps"])
    assert "".join(text for text, _ in spans).isprintable()


@pytest.mark.parametrize("style", KEYS)
def test_any_text_gives_one_line_with_no_end_doubled(style: str) -> None:
    @given(WORDS, WORDS, WORDS, st.lists(WORDS, max_size=4), st.sampled_from(["", "1999", "2026-02-31", "x"]))
    def holds(title: str, venue: str, doi: str, names: list[str], published: str) -> None:
        ids = (ExternalId("doi", doi), ExternalId("arxiv", "2603.00001"))[: 1 if doi else 2]
        told = reference(paper(title=title, venue=venue, ids=ids, published=published, **by(*names)), style)
        assert told.splitlines() == [told]
        assert told.strip() == told
        assert not set(told) & {"\x0e", "\x0f"}

    holds()


def test_a_style_that_there_is_not_is_named() -> None:
    with pytest.raises(Invalid, match="apa, mla, chicago, ieee, vancouver, harvard"):
        reference(paper(), "turabian")


@lru_cache(maxsize=1)
def harvard() -> Any:
    """Open the style that citeproc brings along: Harvard, Cite Them Right."""
    citeproc = pytest.importorskip("citeproc")
    styles = Path(citeproc.__file__).parent / "data" / "styles"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return citeproc.CitationStylesStyle(str(styles / "harvard-cite-them-right.csl"), validate=False)


def by_citeproc(told: Any) -> str:
    citeproc = pytest.importorskip("citeproc")
    source = pytest.importorskip("citeproc.source.json")
    # It knows CSL 1.0.1, in which items have no key of their own.
    item = {name: value for name, value in csl_item(told).items() if name != "citation-key"}
    items = source.CiteProcJSON([item])
    listed = citeproc.CitationStylesBibliography(harvard(), items, citeproc.formatter.plain)
    listed.register(citeproc.Citation([citeproc.CitationItem(told.slug.lower())]))
    return str(listed.bibliography()[0])


@pytest.mark.parametrize("count", [1, 2, 3, 8, 25])
@pytest.mark.parametrize("published", ["2026-03-01", "2026", ""], ids=["day", "year", "no date"])
@pytest.mark.parametrize("facts", [JOURNAL, MEETING, PREPRINT, {}], ids=["article", "proceedings", "preprint", "bare"])
def test_harvard_is_citeprocs_but_for_what_its_style_adds(facts: dict[str, Any], published: str, count: int) -> None:
    told = paper(published=published, **facts, **of(count))
    theirs = by_citeproc(told).replace("“", "\u2018").replace("”", "\u2019")
    # A journal's article without a volume is a preprint to that style; proceedings come without "in".
    expected = theirs.replace(" [Preprint]", "").replace(", Proceedings", ", in Proceedings")
    assert reference(told, "harvard") == expected


def test_no_date_of_today_slips_in() -> None:
    assert all(str(date.today().year) not in reference(paper(**PREPRINT), key) for key in KEYS)  # noqa: DTZ011 - any zone
