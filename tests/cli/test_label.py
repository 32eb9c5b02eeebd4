"""``broadsheet label push`` as an operator types it."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.flow.lists.loopback_zotero import KEY, zotero
from tests.readers import make_reader
from tests.web.conftest import NOW, shelf

from broadsheet.flow.lists import labels
from broadsheet.flow.lists.labels import Wanted
from broadsheet.flow.shelf.keep import keep
from broadsheet.settings import Settings
from broadsheet.wiring import open_house

BROADSHEET = Path(sys.executable).with_name("broadsheet")


def test_a_label_is_pushed_by_a_key_that_is_no_argument(tmp_path: Path) -> None:
    with open_house(Settings(home=tmp_path), clock=lambda: NOW) as house:
        keep(house.store, shelf(), at=NOW)
        ann = make_reader(house, "ann")
        labels.make(house, ann, Wanted("Tea", "", "me"))
        labels.put(house, ann, "tea", "2502.00001")
    with zotero() as server:
        env = {key: value for key, value in os.environ.items() if not key.startswith("BROADSHEET_")}
        env |= {"BROADSHEET_HOME": str(tmp_path), "BROADSHEET_ADDRESSES": f"zotero={server.base}"}
        env |= {"BROADSHEET_PRIVATE_ADDRESSES": "true", "ZOTERO_API_KEY": KEY}
        done = subprocess.run(
            [BROADSHEET, "label", "push", "tea", "--reader", "ann", "--json"],
            env=env,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"collection": "Tea", "new": 1, "added": 0, "known": 0, "failed": 0}
    assert KEY not in done.stdout + done.stderr
