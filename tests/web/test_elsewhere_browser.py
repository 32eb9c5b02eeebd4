"""There and back in a real Chromium: our policy lets the browser leave, and what comes back goes on by itself."""

from pathlib import Path

import pytest
from tests.credentials.loopback_provider import LoopbackProvider
from tests.web.conftest import Public
from tests.web.test_sign_in_elsewhere import linked, public, site
from tests.web.visiting import CHROMIUM, visiting

__all__ = ["public", "site"]
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without"])
def test_a_reader_signs_in_elsewhere_and_is_back_where_they_were(
    public: Public, site: LoopbackProvider, tmp_path: Path, *, scripts: bool
) -> None:
    linked(public, site)
    with visiting(public.app, tmp_path, java_script_enabled=scripts) as page:
        page.goto("/sign-in?next=/trending")
        page.click("button:has-text('Sign in with Lab')")
        if not scripts:
            page.click("button:has-text('Go on')")
        page.wait_for_url("**/trending")
        assert "Ada" in page.inner_text(".who summary")
        assert not scripts or page.evaluate("window.blocked") == []
        assert not any(name.startswith("__Host-broadsheet-provider") for name in names(page.context.cookies()))


def names(cookies: list[dict[str, str]]) -> list[str]:
    return [cookie["name"] for cookie in cookies]
