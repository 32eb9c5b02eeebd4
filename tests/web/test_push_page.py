"""The form on a label's page that pushes it to Zotero."""

from collections.abc import Callable

from tests.web.conftest import Page, Public
from tests.web.test_sign_in import with_address

from broadsheet.flow.lists import labels
from broadsheet.flow.lists.labels import Wanted
from broadsheet.web.csrf import FIELD


def test_a_label_of_ones_own_has_a_form_whose_key_is_shown_to_nobody(
    public: Public, sign_in: Callable[..., str]
) -> None:
    client, ada = public.client(), with_address(public.house)
    labels.make(public.house, ada, Wanted("Mine", "", "all"))
    token = sign_in(client, ada)
    assert "Push to Zotero" not in client.get("/readers/ada/labels/mine").text
    told = {"zotero_key": "NotAKey-butSecret!", FIELD: token}
    answer = client.post("/labels/mine/push", data=told)
    assert (answer.status_code, "NotAKey" in answer.text) == (400, False)
    assert "no key of Zotero" in Page(answer.text).text
    assert client.post("/labels/absent/push", data={**told, "zotero_key": "A" * 24}).status_code == 404
    stranger = public.client()
    assert stranger.post("/labels/mine/push", data={"zotero_key": "A" * 24}).status_code in {303, 401, 403}
