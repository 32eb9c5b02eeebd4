"""Whether searches already see all that is stored: what they find then stays true until something is written."""

from broadsheet.flow.house import House
from broadsheet.store import changes


def is_settled(house: House) -> bool:
    """Tell whether words and vectors hold all that was stored and embedded by now, by whichever process."""
    with house.store.reading() as connection:
        head = changes.head(connection)
    return house.text_index.seen() >= head and house.spaces.holds_all()
