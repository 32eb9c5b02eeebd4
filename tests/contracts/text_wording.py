"""What every word index must make of slips, of scripts without spaces and of what is being typed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.contracts.text_index_papers import PAPERS, paper
from tests.hostile import HOSTILE

from broadsheet.index.port import TextIndex
from broadsheet.model.query import Query


class TextWordingContract:
    """Each test gets an empty index as ``index``; ``filled`` holds PAPERS for a whole class."""

    def test_a_misspelt_word_is_read_as_it_was_meant(self, filled: TextIndex) -> None:
        found = filled.search(Query(text="atention"), deadline_ms=60_000)
        assert {paper_id for paper_id, _ in found.hits} == {1, 2, 3}
        assert found.notices == (
            "No paper has “atention”; “attention” was searched instead. Quote it to search it as it is.",
        )
        assert filled.search(Query(text='"atention"'), deadline_ms=60_000).hits == ()

    @pytest.mark.parametrize(
        ("title", "text", "other"),
        [
            ("การเรียนรู้ของเครื่อง", "เรียนรู้", "เครียน"),
            ("ການຮຽນຮູ້ຂອງເຄື່ອງ", "ຮຽນຮູ້", "ຮູຮຽນ"),
            ("ការរៀនម៉ាស៊ីន", "ម៉ាស៊ីន", "សម៉ា"),
            ("စက်သင်ယူမှု", "သင်ယူ", "ယူသင်"),
            ("ディープラーニング", "ラーニング", "グラー"),
            ("ﾃﾞｨｰﾌﾟ", "ｨｰﾌ", "ﾌｨ"),
            ("佐々木の方法", "佐々木", "木佐"),
            ("딥러닝을", "러닝", "닝러"),
        ],
    )
    def test_a_piece_of_a_text_without_spaces_is_found_and_marked(
        self, index: TextIndex, title: str, text: str, other: str
    ) -> None:
        index.write([paper(1, title), paper(2, "Kettles")], (), 1)
        found = index.search(Query(text=text), deadline_ms=60_000)
        assert [paper_id for paper_id, _ in found.hits] == [1]
        assert text in "".join(span.text for span in found.highlighter.shown(paper(1, title)).title if span.matched)
        assert index.search(Query(text=f'"{other}"'), deadline_ms=60_000).hits == ()

    def test_what_may_be_typed_next_is_suggested(self, filled: TextIndex) -> None:
        assert filled.suggest("attention is", 5).titles[:1] == (1,)
        assert set(filled.suggest("teapo", 5).titles) == {2, 3}
        assert [author.papers for author in filled.suggest("erd", 5).authors] == [1]
        assert [name.name for name in filled.suggest("kett", 5).organisations] == ["Kettle Lab"]
        assert [name.name for name in filled.suggest("tea", 5).venues] == ["TeaConf"]

    def test_any_beginning_is_answered(self, filled: TextIndex) -> None:
        @settings(max_examples=200, deadline=None)
        @given(text=st.text() | st.lists(st.sampled_from(HOSTILE) | st.text(max_size=5), max_size=9).map(" ".join))
        def holds(text: str) -> None:
            found = filled.suggest(text, 3)
            assert len(found.titles) <= 3
            assert {*found.titles, *(author.paper_id for author in found.authors)} <= {each.id for each in PAPERS}

        holds()
