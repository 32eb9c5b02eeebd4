"""Python's search for garbage, kept out of the way while batches live."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# A batch is some 50,000 objects in no circle: looking through them each 700 new ones costs a tenth and finds none.
_COLLECT_AFTER = 200_000


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Look for garbage seldom meanwhile; it holds for the whole process."""
    before = gc.get_threshold()
    gc.set_threshold(_COLLECT_AFTER, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
