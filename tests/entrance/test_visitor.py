"""Who is here bears the role that may be used here."""

from datetime import UTC, datetime

import pytest

from broadsheet.entrance.visitor import narrowed
from broadsheet.model.account import Token
from broadsheet.model.reader import Reader, Role

AT = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("role", "scopes", "passkeys", "lent"),
    [
        ("reader", "read write", 1, "reader"),
        ("reader", "read write moderate admin", 1, "reader"),
        ("moderator", "read", 1, "reader"),
        ("moderator", "read write", 1, "reader"),
        ("moderator", "moderate", 1, "moderator"),
        ("moderator", "moderate", 0, "reader"),
        ("moderator", "moderate admin", 1, "moderator"),
        ("admin", "moderate", 1, "moderator"),
        ("admin", "moderate admin", 1, "admin"),
        ("admin", "moderate admin", 0, "reader"),
    ],
)
def test_a_token_lends_no_more_than_it_was_made_for(role: Role, scopes: str, passkeys: int, lent: Role) -> None:
    reader = Reader(1, "ann", "Ann", AT, role)
    token = Token(1, 1, "Program", tuple(scopes.split()), AT, AT)
    assert narrowed(reader, token, passkeys).role == lent
