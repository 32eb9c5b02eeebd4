"""Pictures for previews: any title is set, soon and in little room, and a house without Pillow does without them."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Event

import pytest
from starlette.testclient import TestClient
from tests.hostile import HOSTILE, TERRIBLE
from tests.waiting import PATIENCE_S, until
from tests.web.conftest import PUBLIC, Page
from tests.web.embeds.conftest import TITLES

from broadsheet.web.csp import HEADERS, SHARED
from broadsheet.web.embeds import fonts, lines, poster
from broadsheet.web.embeds.lines import Type, fit
from broadsheet.web.embeds.poster import Poster

Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
URL = "/papers/2603.00002/preview.png"
TYPE = Type(50, bold=True)


def told(title: str) -> Poster:
    """Say the same of any title."""
    title = fit(title) or "Untitled"
    return Poster("Broadsheet", "Tea Institute", title, "2401.00001", fit("Ann Lee and Bo Chen"), "2026", "1 upvote")


def opened(png: bytes) -> "Image.Image":
    with Image.open(BytesIO(png)) as image:
        image.load()
        return image.convert("RGB")


def test_a_paper_has_a_picture_that_is_drawn_once(web: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    first = web.get(URL)
    assert (first.status_code, first.headers["content-type"]) == (200, "image/png")
    assert opened(first.content).size == (1200, 630)
    drawn: list[Poster] = []
    draw = poster.png
    monkeypatch.setattr(poster, "png", lambda shown: drawn.append(shown) or draw(shown))
    assert web.get(URL).content == first.content
    assert web.get(URL, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    assert drawn == []


def test_of_many_who_want_a_picture_at_once_few_wait_and_one_has_it_drawn(
    web: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, begun, may_end = "/papers/2604.00001/preview.png", Event(), Event()
    drawn: list[Poster] = []
    draw = poster.png

    def slowly(shown: Poster) -> bytes:
        drawn.append(shown)
        begun.set()
        assert may_end.wait(PATIENCE_S)
        return draw(shown)

    monkeypatch.setattr(poster, "png", slowly)
    with ThreadPoolExecutor(20) as readers:
        asked = [readers.submit(web.get, url) for _ in range(20)]
        assert begun.wait(PATIENCE_S)
        until(lambda: sum(each.done() for each in asked) == 12)
        may_end.set()
        codes = sorted(each.result().status_code for each in asked)
    assert (codes, len(drawn)) == ([200] * 8 + [503] * 12, 1)


def test_other_sites_may_show_pictures_of_a_house_that_they_reach(web: TestClient, client: TestClient) -> None:
    answer, here = web.get(URL), client.get(URL)
    assert {name: answer.headers[name] for name in SHARED} == SHARED
    assert {name: here.headers[name] for name in HEADERS} == HEADERS


def test_a_page_names_its_picture(web: TestClient) -> None:
    page = Page(web.get("/papers/2603.00002").text)
    assert page.all("meta", property="og:image")[0]["content"] == f"{PUBLIC}{URL}"
    assert page.all("meta", name="twitter:card")[0]["content"] == "summary_large_image"


def test_a_paper_that_is_not_here_has_no_picture(web: TestClient) -> None:
    answer = web.get("/papers/2601.99999/preview.png")
    assert (answer.status_code, answer.text.count("\n")) == (404, 1)


def test_without_pillow_no_picture_is_promised(web: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poster, "is_available", lambda: False)
    answer = web.get(URL)
    page = Page(web.get("/papers/2603.00002").text)
    assert (answer.status_code, "broadsheet[previews]" in answer.text) == (404, True)
    assert page.all("meta", property="og:image") == []
    assert page.all("meta", name="twitter:card")[0]["content"] == "summary"
    assert "thumbnail_url" not in web.get("/oembed", params={"url": f"{PUBLIC}/papers/2603.00002"}).json()


def test_any_title_is_set() -> None:
    for text in (
        *TITLES,
        " ".join(HOSTILE),
        *(TERRIBLE[name] for name in ("nothing", "marks", "surrogates", "spaces")),
    ):
        assert opened(poster.png(told(text))).size == (1200, 630)


def test_the_title_keeps_within_its_field() -> None:
    for text in ("W" * 400, "word " * 100, "学" * 400, "i" * 3_000, "Short"):
        image = opened(poster.png(told(text)))
        ground = image.getpixel((30, 300))
        margins = [image.crop((0, 180, 70, 540)), image.crop((1132, 180, 1200, 540))]
        assert [margin.getcolors() for margin in margins] == [[(each.width * each.height, ground)] for each in margins]


def test_lines_are_no_wider_than_there_is_room() -> None:
    for text in (fit(each) for each in (*TITLES, *TERRIBLE.values())):
        assert len(text) <= 400
        for line in lines.wrapped(text, TYPE, 500, 4):
            assert lines.width(line, TYPE) <= 500
        assert lines.width(lines.cut(text, TYPE, 500), TYPE) <= 500


def test_no_letter_is_lost_where_a_line_breaks() -> None:
    for text in (fit(TITLES[0]), fit(TITLES[2]), "one two  three", "y" * 300):
        assert "".join("".join(lines.wrapped(text, TYPE, 300, 400)).split()) == "".join(text.split())


def test_texts_are_made_fit_to_set() -> None:
    assert fit(" a\tb\n\u0007c\ud800 ") == "a b c"
    assert fit("e" + "\u0301" * 500) == "e" + "\u0301" * 4
    assert len(fit("x" * 100_000)) == 400
    assert fit("می\u200cشود") == "می\u200cشود"


def test_each_letter_is_set_in_a_font_that_has_it() -> None:
    [(face, piece)] = fonts.runs("plain words", 30, bold=False)
    assert piece == "plain words"
    assert face.getlength(piece) > 0
    assert fonts.face_of("a", 30, bold=False) == 0
    assert fonts.face_of("\U0010fffe", 30, bold=False) is None
    assert fonts.share_of("\U0010fffe\U0010fffe", 30, bold=False) == 0.0
    assert fonts.share_of("a b", 30, bold=True) == 1.0


def test_a_text_runs_the_way_of_its_first_letter() -> None:
    assert lines.runs_left("123 שלום")
    assert not lines.runs_left("BERT مقارنة")
    assert not lines.runs_left("123")
