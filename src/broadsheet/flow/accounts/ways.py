"""Ways in: nobody takes away the last one that they have."""

from broadsheet.errors import Conflict
from broadsheet.flow.accounts.registered import read_providers
from broadsheet.flow.house import House
from broadsheet.store import addresses, identities, passkeys
from broadsheet.store.connect import Connection


def keep_one(connection: Connection, house: House, reader_id: int) -> None:
    """Let pass what takes one way in away from a reader who has another; raises Conflict for the last.

    An account at a site that we ask no more is no way in.
    """
    issuers = {provider.issuer for provider in read_providers(house.settings).values()}
    count = (
        len(addresses.of_reader(connection, reader_id))
        + passkeys.count(connection, reader_id)
        + identities.count(connection, reader_id, issuers)
    )
    if count <= 1:
        raise Conflict("This is your only way to sign in. Add another one first: an address, a passkey, another site.")
