"""A row table is a dictionary from ids to rows, for many at once."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.index.vector_table import NOWHERE, RowTable

IDS = st.integers(0, 3_000) | st.integers(-(2**63), 2**63 - 1)


@given(st.lists(st.dictionaries(IDS, st.integers(NOWHERE, 1_000), max_size=20), max_size=8), st.lists(IDS))
def test_ids_are_found_where_they_were_put_last(puts: list[dict[int, int]], others: list[int]) -> None:
    table, expected = RowTable(), dict[int, int]()
    for put in puts:
        table.put(np.array(list(put), np.int64), np.array(list(put.values()), np.int64))
        expected |= put
    asked = [*expected, *others]
    assert table.find(np.array(asked, np.int64)).tolist() == [expected.get(number, NOWHERE) for number in asked]
