"""A public house with a shelf, and what a browser does there to get lists: read forms, press buttons, open mails."""

import re
from email import message_from_bytes
from email.policy import SMTP
from html.parser import HTMLParser

from starlette.testclient import TestClient
from tests.web.conftest import NOW, PUBLIC, shelf

from broadsheet.flow.house import House
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up


def furnish(house: House) -> None:
    """Put papers on the shelf, so that every list has some."""
    keep(house.store, shelf(), at=NOW)
    catch_up(house)


def mails(house: House) -> list[str]:
    """Read the texts of the mails that were written, the latest last."""
    files = sorted(house.settings.outbox_folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    return [message_from_bytes(file.read_bytes(), policy=SMTP).get_content() for file in files]


def letters(house: House) -> list[str]:
    """Give the paths of the links that confirm an address."""
    return [found[1] for text in mails(house) if (found := re.search(rf"{PUBLIC}(/letters/\S+)", text))]


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((told.get("action", ""), {}))
        elif self.forms and tag == "select":
            self._select = told.get("name", "")
        elif self.forms and tag == "option" and ("selected" in told or self._select not in self.forms[-1][1]):
            self.forms[-1][1][self._select] = told.get("value", "")
        elif self.forms and tag == "input" and told.get("name") and _is_sent(told):
            self.forms[-1][1][told["name"]] = told.get("value", "")


def _is_sent(told: dict[str, str]) -> bool:
    return told.get("type") not in {"radio", "checkbox"} or "checked" in told


def fields(html: str, action: str) -> dict[str, str]:
    """Give what the first form for an action sends as it stands, as a browser without JavaScript would."""
    reader = _Forms()
    reader.feed(html)
    return next(told for where, told in reader.forms if where == action)


def press(client: TestClient, url: str, action: str, **typed: str) -> tuple[int, str, str]:
    """Open a page, fill its form in and send it; gives the status, where that leads, and the page that came."""
    sent = fields(client.get(url).text, action) | typed
    answer = client.post(action, data=sent)
    return answer.status_code, answer.headers.get("location", ""), answer.text


def confirm(client: TestClient, house: House) -> str:
    """Open the latest letter and press its button; gives where that leads."""
    status, leads_to, _ = press(client, letters(house)[-1], "/letters/subscribe")
    return leads_to if status == 303 else str(status)
