"""Why an upvote waits, in a word for the store and in words for its reader."""

from typing import Final

from broadsheet.store.upvotes import Voter

NEW: Final = "new"
# As ``rank.rings`` has them, which takes numpy along.
_VOUCHED, _VERIFIED = 1, 2


def trust_of(voter: Voter) -> int:
    """Tell how far an account is trusted: 2 for moderators and for authors by a granted claim, 1 if invited, else 0."""
    if voter.is_author or voter.role != "reader":
        return _VERIFIED
    return _VOUCHED if voter.invited else 0


def why(waits: str, probation_h: float) -> str:
    """Tell a reader why an upvote waits; "" for one that counts, or was never given."""
    from broadsheet.rank.rings import Reason  # noqa: PLC0415 - it takes numpy along, which most commands do without

    if not waits:
        return ""
    if waits == NEW:
        return f"Your account is new: its upvotes count once it is {probation_h:g} hours old."
    return f"{Reason[waits.upper()]} It counts once others explain it."
