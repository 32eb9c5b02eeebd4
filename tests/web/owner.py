"""A browser at the machine itself: it says what browsers say, keeps cookies, and sends the forms it is shown."""

from starlette.testclient import TestClient
from tests.web.conftest import Page

from broadsheet.flow.house import House
from broadsheet.site import create_app
from broadsheet.web.csrf import FIELD

HERE = "http://127.0.0.1:8000"


def browser(house: House, base_url: str = HERE, host: str = "127.0.0.1") -> TestClient:
    """Open a browser on a server that listens on ``host``."""
    return TestClient(
        create_app(house, host=host), base_url=base_url, follow_redirects=False, raise_server_exceptions=False
    )


def token(client: TestClient) -> str:
    """Open the search page and read its form's token, '' when no form is there."""
    shown = Page(client.get("/search?q=tea").text).all("input", name=FIELD)
    return shown[0]["value"] if shown else ""
