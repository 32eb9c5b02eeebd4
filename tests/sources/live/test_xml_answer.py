"""An answer in XML is believed when it has its end, whatever comments follow."""

from datetime import UTC, datetime
from io import BytesIO

import pytest

from broadsheet.errors import Unavailable
from broadsheet.sources.adapter import Answer, Service
from broadsheet.sources.live.xml_answer import whole_xml

AT = datetime(2026, 11, 21, tzinfo=UTC)


def whole(body: bytes) -> bytes:
    return whole_xml(Answer(url="https://a.example/", body=BytesIO(body), at=AT), "rss|feed", Service(name="a"))


@pytest.mark.parametrize(
    "after", [b"", b"\n", b"<!-- made by a machine -->", b" <!--a-->\n<!-- b\nb --> ", b"\0\0", b"<!---->" * 500]
)
def test_comments_and_space_may_follow_the_end(after: bytes) -> None:
    for root in (b"rss", b"x:feed"):
        body = b"<" + root + b"></" + root + b" >" + after
        assert whole(body) == body


@pytest.mark.parametrize("after", [b"x", b"-->", b"<!--", b"<!-- --> x", b"<!---->" * 500 + b"x", b" " * 4_000 + b"x"])
def test_anything_else_after_it_makes_it_no_whole_answer(after: bytes) -> None:
    """Five hundred comments: a pattern that tries each in two ways would never come to its end."""
    with pytest.raises(Unavailable, match="no whole"):
        whole(b"<rss></rss>" + after)
