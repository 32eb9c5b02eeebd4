"""XML gives its elements one by one, whatever is wrong with the rest of it."""

import io

import pytest

from broadsheet.model.record import Problem
from broadsheet.sources import xml_elements
from broadsheet.sources.xml_elements import Wanted, attribute, child, child_text, children, elements, text_of

WANTED = Wanted("list", records=("item", "line"), beside=("note",))


def found(data: bytes | str) -> list[str]:
    """Give what comes out: places and texts of elements, kinds of problems."""
    raw = data.encode() if isinstance(data, str) else data
    return [
        one.kind if isinstance(one, Problem) else f"{one[0]} {text_of(one[1])}"
        for one in elements(io.BytesIO(raw), WANTED, source="test", name="f")
    ]


def test_records_are_counted_and_what_stands_beside_them_is_not() -> None:
    told = "<list><note>n</note><item>a</item><other/><line>b</line><note>m</note></list>"
    assert found(told) == ["f#0 n", "f#1 a", "f#2 b", "f#2 m"]


def test_an_element_inside_one_of_another_name_belongs_to_it() -> None:
    assert found("<list><item>a<line>b</line><note>c</note></item><line>d</line></list>") == ["f#1 abc", "f#2 d"]


def test_namespaces_and_prefixes_do_not_matter() -> None:
    assert found('<x:list xmlns:x="urn:x"><x:item>a</x:item><item xmlns="urn:y">b</item></x:list>') == [
        "f#1 a",
        "f#2 b",
    ]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("<list><item>a</item><item>b</list>", ["f#1 a", "f#2 b", "malformed", "truncated"]),
        ("<list><item>a</item><item>b", ["f#1 a", "truncated"]),
        ("<list><item>a\0b</item><item>c</item></list>", ["f#1 ab", "f#2 c", "malformed", "malformed"]),
        ("<list><item>a<item>b</item></item><item>c</item></list>", ["f#1 b", "malformed", "f#3 c"]),
        ("<list><item>a</itm><item>b</item></list>", ["f#1 a", "f#2 b", "malformed"]),
        ("<list><item a='<'>a</item><item>b</item></list>", ["f#1 a", "f#2 b"]),
        ("<list><item>a</item></list><list><item>b</item></list>", ["f#1 a", "malformed"]),
        ("<other><item>a</item></other>", ["f#1 a", "wrong-format"]),
        ("", ["malformed"]),
        ("words", ["malformed", "wrong-format"]),
    ],
)
def test_broken_xml_is_a_problem_and_whole_elements_still_come(told: str, expected: list[str]) -> None:
    assert found(told) == expected


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ("R&D of AT&T; & so on", "R&D of AT&T; & so on"),
        ("p < 0.05 and <2", "p < 0.05 and <2"),
        ("&Eacute;lan &lt;b&gt; &amp;amp;", "Élan <b> &"),
        ("<![CDATA[a < b & &eacute;]]>", "a < b & é"),
        ("&#233;&#x1F600;&#1;", "é😀"),
        ("a&#xD800;&#55296;b", "a��b"),
    ],
)
def test_signs_and_entities_in_running_text_are_read(told: str, text: str) -> None:
    assert found(f"<list><item>{told}</item><item>b</item></list>") == [f"f#1 {text}", "f#2 b"]


def test_a_reference_to_no_character_in_a_name_does_no_harm() -> None:
    assert found('<list xmlns:x="&#xD800;"><x:item>a</x:item></list>') == ["f#1 a"]


def test_bytes_that_are_not_utf8_are_read_as_windows_1252() -> None:
    assert found(b"<list><item>\xe9lan \x93x\x94</item></list>") == ["f#1 élan “x”", "encoding"]


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1251", "shift_jis", "gb18030"])
def test_a_declared_encoding_is_read(encoding: str) -> None:
    told = f'<?xml version="1.0" encoding="{encoding}"?><list><item>Дa</item></list>'
    assert found(told.encode(encoding, "xmlcharrefreplace")) == ["f#1 Дa"]


@pytest.mark.parametrize("encoding", ["utf-16", "bogus", "zlib", "idna", "iso-8859-12"])
def test_a_declared_encoding_that_is_none_is_passed_over(encoding: str) -> None:
    assert found(f'<?xml version="1.0" encoding="{encoding}"?><list><item>é</item></list>')[0] == "f#1 é"


def test_signs_are_read_wherever_the_pieces_part(monkeypatch: pytest.MonkeyPatch) -> None:
    for size in range(1, 9):
        monkeypatch.setattr(xml_elements, "_PIECE", size)
        assert found("<list><item>a&#233;&amp;&eacute;é < b</item></list>") == ["f#1 aé&éé < b"]


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "told",
    [
        f'<!DOCTYPE list [<!ENTITY l0 "lol">{LAUGHS}]><list><item>&l9;</item></list>',
        f'<!DOCTYPE list [<!ENTITY l0 "lol">{LAUGHS}]><list><item a="&l9;">x</item></list>',
        '<!DOCTYPE list [<!ENTITY e SYSTEM "file:///etc/passwd">]><list><item>&e;</item></list>',
        '<!DOCTYPE list [<!ENTITY % e SYSTEM "file:///etc/passwd">%e;]><list><item>x</item></list>',
        '<!DOCTYPE list SYSTEM "http://192.0.2.1/x.dtd"><list><item>x</item></list>',
        "<list>" + "<a>" * 100_000,
    ],
)
def test_no_entity_is_expanded_and_nothing_is_fetched(told: str) -> None:
    shown = found(told)
    assert shown
    assert all("root:" not in one and len(one) < 100 for one in shown)


def test_a_record_that_is_too_large_is_left_out_and_the_next_one_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_elements, "MAX_RECORD", 100)
    assert found(f"<list><item>{'a' * 101}</item><item>b</item></list>") == ["too-large", "f#2 b"]


def test_what_never_ends_is_given_up_before_it_fills_the_memory() -> None:
    assert found(f"<list><item>{'<a/>' * 1_100_000}</item></list>") == ["too-large"]


def test_what_has_been_read_is_forgotten() -> None:
    data = "<list>" + "<box><item>a</item></box>" * 3 + "<box><item>b</item></box></list>"
    for one in elements(io.BytesIO(data.encode()), WANTED, source="test", name="f"):
        assert isinstance(one, tuple)
        box = one[1].getparent()
        assert box is not None
        assert box.getprevious() is None or len(box.getprevious()) <= 1
    assert one[0] == "f#4"


def test_parts_of_an_element_are_found_by_local_name() -> None:
    told = '<list xmlns:x="urn:x"><item k=" &amp;amp; v "><x:a> one </x:a><a>two</a></item></list>'
    for one in elements(io.BytesIO(told.encode()), WANTED, source="test", name="f"):
        assert isinstance(one, tuple)
        item = one[1]
        assert child_text(item, "a") == "one"
        assert [text_of(each) for each in children(item, "a")] == ["one", "two"]
        assert (child(item, "b"), child_text(item, "b"), attribute(item, "z"), attribute(None, "k")) == (
            None,
            "",
            "",
            "",
        )
        assert attribute(item, "k") == "& v"
