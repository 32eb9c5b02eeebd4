"""What a view of the vectors says of rows that are still to come."""

import numpy as np
import pytest

from broadsheet.index.vector_view import bits


@pytest.mark.parametrize("rows", range(1, 10))
def test_rows_to_come_are_held_to_the_last_bit(rows: int) -> None:
    packed = np.unpackbits(bits(np.zeros(rows, np.bool_)), bitorder="little")
    assert not packed[:rows].any()
    assert packed[rows:].all()
    assert len(packed) >= 2 * rows + 64
