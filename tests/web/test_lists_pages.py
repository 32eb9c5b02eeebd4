"""Labels, what is put off, readers' pages, taking along, bringing in and leaving, as a browser sees and sends them."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from starlette.testclient import TestClient
from tests.readers import make_reader
from tests.web.conftest import HOSTILE, NOW, PUBLIC, Page, Public, told

from broadsheet.flow.house import House
from broadsheet.flow.lists import keeping, labels
from broadsheet.flow.lists.labels import Wanted
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.model.reader import Reader
from broadsheet.store import readers
from broadsheet.web.csrf import FIELD

SignIn = Callable[..., str]


@pytest.fixture
def house(public: Public) -> House:
    shelf = [
        told(f"2603.0000{n}", f"Folding napkins {n}", abstract="A napkin folds.", day=NOW.date()) for n in (1, 2, 3)
    ]
    keep(public.house.store, shelf, at=NOW)
    catch_up(public.house)
    return public.house


class Browser:
    """A browser in which a reader is signed in."""

    def __init__(self, client: TestClient, reader: Reader, token: str) -> None:
        self.client, self.reader, self.token = client, reader, token

    def read(self, url: str, status: int = 200) -> str:
        answer = self.client.get(url)
        assert answer.status_code == status, answer.text
        return answer.text

    def post(self, url: str, status: int = 303, **form: Any) -> Any:
        answer = self.client.post(url, data=form | {FIELD: self.token}, headers={"Origin": PUBLIC})
        assert answer.status_code == status, answer.text
        return answer


@pytest.fixture
def enter(public: Public, house: House, sign_in: SignIn) -> Callable[..., Browser]:
    def enter(handle: str) -> Browser:
        client, reader = public.client(), make_reader(house, handle)
        return Browser(client, reader, sign_in(client, reader))

    return enter


Enter = Callable[..., Browser]


def test_a_paper_is_kept_from_its_page(enter: Enter, public: Public) -> None:
    ann = enter("ann")
    assert "/papers/2603.00001/keep" in ann.read("/papers/2603.00001")
    answer = ann.post("/papers/2603.00001/keep", state="later", also_on="Napkins")
    assert answer.headers["location"] == "/papers/2603.00001#keep"
    page = Page(ann.read("/papers/2603.00001"))
    assert "To read later · On 1 label" in page.text
    assert [box["value"] for box in page.all("input", name="label") if "checked" in box] == ["napkins"]
    assert "Folding napkins 1" in Page(ann.read("/reading")).text
    assert "/keep" not in public.client().get("/papers/2603.00001").text


def test_a_label_is_made_changed_noted_and_deleted(enter: Enter) -> None:
    ann = enter("ann")
    url = ann.post("/labels", name="Tea & kettles", about="On boiling.", seen_by="me").headers["location"]
    assert url == "/readers/ann/labels/tea-kettles"
    ann.post("/labels/tea-kettles/papers", paper="2603.00002", note="Loud.")
    page = Page(ann.read(url))
    assert "Folding napkins 2" in page.text
    assert "Loud." in page.text
    assert "eprint = {2603.00002}" in ann.read(f"{url}.bib")
    ann.post("/labels/tea-kettles", name="Tea", about="", seen_by="all")
    ann.post("/labels/tea-kettles/papers/take-off", paper="2603.00002")
    assert "No paper is on this label yet" in ann.read(url)
    ann.post("/labels/tea-kettles", 400, name="", seen_by="all")
    ann.post("/labels/tea-kettles", 400, name="Tea", seen_by="everybody")
    ann.post("/labels/tea-kettles/delete")
    ann.read(url, 404)


def test_others_see_what_is_public_and_nothing_else(enter: Enter, public: Public, house: House) -> None:
    ann, bo = enter("ann"), enter("bo")
    for wanted in (Wanted("Secret plan"), Wanted("Open plan", "", "all")):
        labels.make(house, ann.reader, wanted)
    for browser in (bo.client, public.client()):
        shown = browser.get("/readers/Ann").text
        assert "Open plan" in shown
        assert "Secret plan" not in shown
        assert browser.get("/readers/ann/labels/open-plan").status_code == 200
        assert browser.get("/readers/ann/labels/secret-plan").status_code == 404
        assert browser.get("/readers/ann/labels/secret-plan.bib").status_code == 404
        assert "/labels/open-plan/delete" not in browser.get("/readers/ann/labels/open-plan").text
    assert "Secret plan" in ann.read("/readers/ann")
    assert public.client().get("/readers/nobody").status_code == 404
    bo.post("/labels/open-plan/delete", 404)


def test_what_is_hidden_is_out_of_sight_and_not_gone(enter: Enter, public: Public) -> None:
    ann = enter("ann")
    assert "Folding napkins 2" in ann.read("/")
    ann.post("/papers/2603.00002/keep", state="hidden")
    assert "Folding napkins 2" not in ann.read("/")
    found = ann.read("/search?q=napkins&way=words")
    assert "1 paper that you hid is left out" in found
    assert "/papers/2603.00002" not in found
    assert "/papers/2603.00002" in ann.read("/reading?state=hidden")
    ann.read("/papers/2603.00002")
    assert "Folding napkins 2" in public.client().get("/").text
    ann.post("/reading", paper="2603.00002", state="", before="hidden")
    assert "Folding napkins 2" in ann.read("/")
    ann.read("/reading?state=lost", 400)


def test_each_reader_has_searches_of_their_own(enter: Enter, public: Public) -> None:
    ann, bo = enter("ann"), enter("bo")
    ann.post("/searches", name="Napkins", q="napkin")
    bo.post("/searches", name="Napkins", q="fold")
    assert "/searches/napkins" in ann.read("/searches")
    assert "/searches/napkins-2" in bo.read("/searches")
    bo.post("/searches/napkins/delete", 404)
    bo.post("/searches/napkins", 404, name="Mine")
    assert "/searches/napkins" not in public.client().get("/searches").text
    assert ann.client.get("/searches/napkins").status_code == 303
    assert bo.client.get("/searches/napkins").status_code == 404


def test_everything_can_be_taken_along_and_brought_back(enter: Enter) -> None:
    ann, bo = enter("ann"), enter("bo")
    ann.post("/papers/2603.00001/keep", state="later", also_on="Napkins")
    answer = ann.post("/account/export", 200)
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        document = archive.read("belongings.json").decode()
        assert "2603.00001" in archive.read("labels/napkins.bib").decode()
    assert json.loads(document)["labels"][0]["name"] == "Napkins"
    told_ = Page(bo.post("/account/import", 200, text=document).text).text
    assert "1 paper found in an export of Broadsheet's" in told_
    assert "Folding napkins 1" in bo.read("/readers/bo/labels/napkins")
    for _ in range(4):
        ann.post("/account/export", 200)
    assert ann.post("/account/export", 429).headers["retry-after"]


def test_what_is_pasted_may_be_long_and_no_longer(enter: Enter) -> None:
    ann = enter("ann")
    long = json.dumps({"tea": ["2603.00001"] * 65_000})
    assert len(long) > 900_000
    assert "1 paper found" in ann.post("/account/import", 200, text=long).text
    ann.post("/account/import", 400, text=long + " " * 200_000)
    ann.post("/account/import", 400, text="hello")


def test_a_pasted_list_names_what_is_missing_and_changes_no_paper(enter: Enter) -> None:
    ann = enter("ann")
    pasted = (
        f"@misc{{a, title={{Spam}}, eprint={{2603.00001}}, archiveprefix={{arXiv}}}}\n@misc{{b, title={{{HOSTILE}}}}}"
    )
    answer = ann.post("/account/import", 200, text=pasted, label="Mine").text
    assert "1 paper not here" in answer
    assert "<script>alert" not in answer
    assert "Folding napkins 1" in ann.read("/papers/2603.00001")


def test_who_leaves_is_gone(enter: Enter, public: Public, house: House) -> None:
    ann = enter("ann")
    ann.post("/papers/2603.00001/keep", also_on="Napkins")
    assert "Type your handle" in ann.read("/account/leave")
    ann.post("/account/leave", 400, handle="bo", words="keep")
    ann.post("/account/leave", handle="ann", words="withdraw")
    assert ann.client.get("/reading").status_code in {303, 403}
    assert public.client().get("/readers/ann").status_code == 404
    with house.store.reading() as connection:
        left = readers.by_id(connection, ann.reader.id)
    assert left is not None
    assert left.state == "gone"


def test_hostile_words_stay_words(enter: Enter) -> None:
    ann = enter("ann")
    url = ann.post("/labels", name=HOSTILE[:80], about=HOSTILE, seen_by="all").headers["location"]
    slug = url.rpartition("/")[2]
    ann.post(f"/labels/{slug}/papers", paper="2603.00001", note=HOSTILE)
    for page in (url, "/reading", "/readers/ann", "/papers/2603.00001"):
        text = ann.read(page)
        Page(text)
        assert "<script>alert" not in text
        assert "{{7*7}}" in text or "49" not in text


def test_pages_cost_the_same_however_much_is_kept(enter: Enter, house: House) -> None:
    ann = enter("ann")
    counted: list[list[int]] = []
    seen: list[str] = []

    def see(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    for number in (1, 2, 3):
        labels.make(house, ann.reader, Wanted(f"Label {number}", "", "all"))
        labels.put(house, ann.reader, "label-1", f"2603.0000{number}")
        keeping.mark(house, ann.reader, f"2603.0000{number}", "later")
        costs = []
        for url in ("/reading", "/readers/ann", "/readers/ann/labels/label-1", "/papers/2603.00001"):
            ann.read(url)
            event.listen(Engine, "before_cursor_execute", see)
            seen.clear()
            ann.read(url)
            costs.append(len(seen))
            event.remove(Engine, "before_cursor_execute", see)
        counted.append(costs)
    assert counted[0] == counted[1] == counted[2]
