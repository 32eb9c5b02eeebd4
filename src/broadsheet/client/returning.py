"""What a reader comes back to, and brings in: saved searches, follows, submissions."""

from dataclasses import dataclass
from typing import Literal, Unpack

from broadsheet.client.asked import Words, in_words, name, names
from broadsheet.client.asking import Asking
from broadsheet.client.kept import Followed, SavedSearch, Submission

Followable = Literal["author", "organisation", "category", "label", "search"]


class Searches:
    """One's own saved searches. ``client.saved(slug)`` gives what answers one now."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def all(self) -> tuple[SavedSearch, ...]:
        """Give all of them by name."""
        return self._asking.ask(_Searches, "GET", "/searches").searches

    def one(self, slug: str) -> SavedSearch:
        """Give one."""
        return self._asking.ask(SavedSearch, "GET", f"/searches/{name(slug)}")

    def save(self, called: str, text: str = "", **words: Unpack[Words]) -> SavedSearch:
        """Save a search under a name."""
        body = {"name": called, "query": in_words({"text": text, **words})}
        return self._asking.ask(SavedSearch, "POST", "/searches", body)

    def replace(self, slug: str, called: str, text: str = "", **words: Unpack[Words]) -> SavedSearch:
        """Let one be called so and ask for this; its slug stays."""
        body = {"name": called, "query": in_words({"text": text, **words})}
        return self._asking.ask(SavedSearch, "PUT", f"/searches/{name(slug)}", body)

    def delete(self, slug: str) -> None:
        """Forget one."""
        self._asking.do("DELETE", f"/searches/{name(slug)}")


class Follows:
    """What a reader follows. ``client.following()`` gives the papers of all of it."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def all(self) -> tuple[Followed, ...]:
        """Give all of it, first come first."""
        return self._asking.ask(_Follows, "GET", "/following").following

    def add(self, kind: Followable, target: str) -> None:
        """Follow a slug, a category, or ``handle/slug`` of a label."""
        self._asking.do("PUT", f"/following/{kind}/{names(target)}")

    def drop(self, kind: Followable, target: str) -> None:
        """Follow it no longer; what was not followed stays so."""
        self._asking.do("DELETE", f"/following/{kind}/{names(target)}")


class Submissions:
    """What a reader brought in; ``client.submit()`` brings in more."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def all(self) -> tuple[Submission, ...]:
        """Give the newest first, 50 at most."""
        return self._asking.ask(_Submissions, "GET", "/submissions").submissions

    def one(self, number: int) -> Submission:
        """Tell what became of one."""
        return self._asking.ask(Submission, "GET", f"/submissions/{number}")

    def withdraw(self, number: int) -> Submission:
        """Take one back; what is known of the paper stays."""
        return self._asking.ask(Submission, "DELETE", f"/submissions/{number}")


@dataclass(frozen=True, slots=True)
class _Searches:
    searches: tuple[SavedSearch, ...]


@dataclass(frozen=True, slots=True)
class _Follows:
    following: tuple[Followed, ...]


@dataclass(frozen=True, slots=True)
class _Submissions:
    submissions: tuple[Submission, ...]
