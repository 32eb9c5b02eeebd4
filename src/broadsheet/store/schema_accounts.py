"""The tables of who reads here: readers, how they prove who they are, and how often anybody may ask.

A column that refers to ``readers.id`` says whose row it is: what a reader may take along, and what goes with them.
"""

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, LargeBinary, Table, Text

from broadsheet.store.schema import Id, metadata, own_id

readers = Table(
    "readers",
    metadata,
    own_id(),
    Column("handle", Text, nullable=False, unique=True),  # lower case, in addresses and mentions
    Column("name", Text, nullable=False),  # as shown
    Column("role", Text, nullable=False),  # reader, moderator or admin
    Column("state", Text, nullable=False),  # active, suspended or gone
    Column("about", Text, nullable=False),
    Column("choices", Text, nullable=False),  # JSON: what the reader set
    Column("at", Text, nullable=False),
    Column("invited_by", Id, ForeignKey("readers.id")),
    Column("suspended_until", Text, nullable=False),  # empty for no end, or for nobody suspended
    Column("suspended_why", Text, nullable=False),
)

addresses = Table(
    "reader_addresses",
    metadata,
    Column("key", Text, primary_key=True),  # the address as compared
    Column("reader_id", Id, ForeignKey("readers.id"), nullable=False, index=True),
    Column("address", Text, nullable=False),  # as typed
    Column("verified_at", Text, nullable=False),
)

identities = Table(
    "identities",
    metadata,
    Column("issuer", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("reader_id", Id, ForeignKey("readers.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("at", Text, nullable=False),
)

passkeys = Table(
    "passkeys",
    metadata,
    Column("id", Text, primary_key=True),  # the credential's own, base64url
    Column("reader_id", Id, ForeignKey("readers.id"), nullable=False, index=True),
    Column("user_handle", LargeBinary, nullable=False),  # what devices know the account by
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("transports", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("used_at", Text, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("hash", Text, primary_key=True),  # of the cookie's secret
    Column("reader_id", Id, ForeignKey("readers.id"), nullable=False, index=True),
    Column("method", Text, nullable=False),  # link, oidc or passkey
    Column("agent", Text, nullable=False),  # the browser, as it calls itself
    Column("network", Text, nullable=False),  # the address, cut to its network
    Column("at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("until", Text, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    own_id(),
    Column("reader_id", Id, ForeignKey("readers.id"), nullable=False, index=True),
    Column("hash", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("scopes", Text, nullable=False),  # with spaces between
    Column("at", Text, nullable=False),
    Column("until", Text, nullable=False),  # empty for no end
    Column("used_at", Text, nullable=False),
)

# Secrets that go out once and come back once: mailed links, invitations, the first administrator's link.
letters = Table(
    "letters",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("reader_id", Id, ForeignKey("readers.id"), index=True),
    Column("address", Text, nullable=False),
    Column("payload", Text, nullable=False),  # JSON
    Column("at", Text, nullable=False),
    Column("until", Text, nullable=False),
    Column("used_at", Text, nullable=False),
)

# What a ceremony in a browser has begun: a provider's sign-in, a passkey's challenge.
ceremonies = Table(
    "ceremonies",
    metadata,
    Column("hash", Text, primary_key=True),  # of the secret in the browser's cookie
    Column("kind", Text, nullable=False),
    Column("reader_id", Id, ForeignKey("readers.id"), index=True),
    Column("payload", Text, nullable=False),  # JSON
    Column("until", Text, nullable=False),
)

# How far somebody is ahead of a rate, for all processes together.
limits = Table(
    "limits",
    metadata,
    Column("name", Text, primary_key=True),  # what and who, hashed where that is an address
    Column("free_at", Float, nullable=False),  # seconds since 1970; the theoretical arrival time
)

# What the house was told once, and what it made itself, such as whether there was a first administrator.
facts = Table(
    "facts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("secret", Boolean, nullable=False),
)
