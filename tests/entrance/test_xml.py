"""Elements of XML: any text is written so that any reader of XML reads it back."""

from xml.etree import ElementTree as ET

from tests.hostile import HOSTILE, TERRIBLE
from tests.web.two_readers import read

from broadsheet.entrance.xml import add, document, written


def test_any_text_is_one_line_that_two_readers_read_alike() -> None:
    for text in (*HOSTILE, *(each[:2_000] for each in TERRIBLE.values())):
        root = ET.Element("told")
        add(root, "text", written(text), {"also": written(text)})
        [element] = read(document(root))
        assert (element.text or "", element.get("also")) == (written(text), written(text))
        assert "\n" not in written(text)
