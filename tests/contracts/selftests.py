"""What every store must do with self-tests; ``tests/store`` runs this against each database."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.papers import AT

from broadsheet.model.selftest import Measured, SelfTest, Trial
from broadsheet.store import selftests, spaces
from broadsheet.store.connect import Connection, Store
from broadsheet.store.schema import selftests as table
from broadsheet.store.spaces import Identity

FOUND = SelfTest(
    at=AT,
    embedder="onnx:some/モデル",
    version="2",
    papers=300,
    seed=7,
    default=0.3,
    weight=None,
    measured=(Measured(kind="half title", way="both", queries=300, first=0.97, tenth=1.0, mrr=0.98, ms=12.5),),
    trials=(Trial(weight=0.1, mrr=0.9, fit=True), Trial(weight=0.6, mrr=0.95, fit=False)),
)


def begun(connection: Connection) -> int:
    spaces.add(connection, Identity("some", "1", 4), "token", AT)
    return spaces.live(connection)[-1].id


class SelfTestContract:
    """Each test gets an empty store as ``store``."""

    def test_what_is_kept_comes_back(self, store: Store) -> None:
        with store.writing() as connection:
            assert selftests.latest(connection) is None
            selftests.add(connection, begun(connection), FOUND)
            assert selftests.latest(connection) == FOUND

    def test_the_newest_is_given(self, store: Store) -> None:
        later = replace(FOUND, at=AT + timedelta(days=1), weight=0.5, trials=())
        with store.writing() as connection:
            space = begun(connection)
            selftests.add(connection, space, FOUND)
            selftests.add(connection, space, later)
            assert selftests.latest(connection) == later

    def test_one_outlives_its_space(self, store: Store) -> None:
        with store.writing() as connection:
            space = begun(connection)
            selftests.add(connection, space, FOUND)
            spaces.drop(connection, [space], AT)
            spaces.forget(connection, space)
            assert selftests.latest(connection) == FOUND

    @pytest.mark.parametrize(
        "report", ["", "{", "[]", "1", "{}", '{"measured": [], "trials": []}', '{"measured": 1}', "[" * 100_000]
    )
    def test_one_in_another_shape_is_none(self, store: Store, report: str) -> None:
        with store.writing() as connection:
            selftests.add(connection, begun(connection), FOUND)
            connection.execute(table.update().values(report=report))
            assert selftests.latest(connection) is None
