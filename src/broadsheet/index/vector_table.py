"""Which row of the vector index holds a paper: from ids to row numbers, many at once."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]

NOWHERE = -1
# Ids are given out in order, so neighbours exist together: 512 of them share a page of 2 kB.
_BITS = 9
_WITHIN = (1 << _BITS) - 1


class RowTable:
    """Row numbers by paper id, about 4 bytes a paper where ids are dense."""

    def __init__(self) -> None:
        self._keys: Numbers = np.empty(0, np.int64)
        self._slots: Numbers = np.empty(0, np.int64)
        self._pages = np.full((1, 1 << _BITS), NOWHERE, np.int32)

    def find(self, ids: Numbers) -> Numbers:
        """Give the row of each id, NOWHERE for one that has none."""
        if not len(self._keys):
            return np.full(len(ids), NOWHERE, np.int64)
        keys = ids >> _BITS
        first, last = self._keys[0], self._keys[-1]
        # Ids without a gap of a whole page, as nearly always, need no looking up.
        gapless = last - first < len(self._keys)
        at = np.clip(keys - first, 0, last - first) if gapless else np.searchsorted(self._keys, np.minimum(keys, last))
        rows: Numbers = self._pages[self._slots[at], ids & _WITHIN].astype(np.int64)
        rows[self._keys[at] != keys] = NOWHERE
        return rows

    def put(self, ids: Numbers, rows: Numbers) -> None:
        """Say where these papers are now; NOWHERE takes one out."""
        keys = ids >> _BITS
        self._make(np.setdiff1d(keys, self._keys))
        self._pages[self._slots[np.searchsorted(self._keys, keys)], ids & _WITHIN] = rows

    def _make(self, keys: Numbers) -> None:
        """Add empty pages; the array doubles, so that adding stays cheap."""
        if not len(keys):
            return
        used, total = len(self._keys), len(self._keys) + len(keys)
        if total > len(self._pages):
            pages = np.full((max(total, 2 * len(self._pages)), 1 << _BITS), NOWHERE, np.int32)
            pages[:used] = self._pages[:used]
            self._pages = pages
        places = np.searchsorted(self._keys, keys)
        self._keys = np.insert(self._keys, places, keys)
        self._slots = np.insert(self._slots, places, np.arange(used, total))
