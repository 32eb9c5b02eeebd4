"""What is kept for a while only goes when its time is over, and nothing else."""

from dataclasses import replace
from datetime import timedelta

from tests.conftest import NOW
from tests.contracts.store import rows
from tests.readers import make_reader

from broadsheet.flow.accounts import invitations, sessions
from broadsheet.flow.house import House
from broadsheet.flow.limits import HOUR_S, Rate, take
from broadsheet.flow.sweeping import NETWORKS_KEPT, sweep


def swept(house: House, span: timedelta) -> dict[str, int]:
    return {name: count for name, count in sweep(replace(house, clock=lambda: NOW + span)).items() if count}


def test_each_goes_in_its_time(house: House) -> None:
    lasting = replace(house, settings=replace(house.settings, session_days=60, public_url="https://papers.example"))
    ada = make_reader(house, "ada", role="admin")
    sessions.begin(lasting, ada, "link", sessions.Browser("A browser", "192.0.2.0/24"))
    invitations.invite(lasting, ada)
    take(house, "it", "ada", [Rate(2, HOUR_S)])
    before = rows(house.store)
    assert swept(house, timedelta()) == {}
    assert rows(house.store) == before
    assert swept(house, timedelta(hours=1)) == {"limits": 1}
    assert swept(house, timedelta(days=7)) == {}
    assert swept(house, timedelta(days=14, seconds=1)) == {"letters": 1}
    swept(house, NETWORKS_KEPT)
    assert sessions.listed(house, ada)[0].network == "192.0.2.0/24"
    swept(house, NETWORKS_KEPT + timedelta(seconds=1))
    assert sessions.listed(house, ada)[0].network == ""
    assert swept(house, timedelta(days=60)) == {"sessions": 1}
