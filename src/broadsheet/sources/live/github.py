"""GitHub: how many stars a repository has (https://docs.github.com/en/rest/repos/repos#get-a-repository).

No ETag is kept: a 304 is free only for those who send a token, and they have 5,000 requests an hour, more than the
pace here comes to.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from broadsheet.errors import Unavailable
from broadsheet.model.paper import Paper
from broadsheet.model.record import Problem, Record, Signal
from broadsheet.sources import fields
from broadsheet.sources.adapter import Answer, Ask, Service
from broadsheet.sources.live.answered import whole_json
from broadsheet.sources.services import GITHUB
from broadsheet.sources.streams import problem

SOURCE = "github"
# An account's name has letters, digits and single hyphens, a repository's dots and underscores too.
_REPOSITORY = re.compile(
    r"https?://(?:www\.)?github\.com/([a-z\d](?:-?[a-z\d]){0,38})/([a-z\d._-]{1,100})(?:[/?#].*)?", re.IGNORECASE
)
# Pages of the site itself that stand where accounts do.
_PAGES = frozenset(
    "about apps collections contact customer-stories enterprise events explore features gist login marketplace orgs "
    "pricing search security settings signup site sponsors stars team topics trending users".split()
)
_GAP_SIGNED_IN_S = 1.0
_FEW_ASKS, _MANY_ASKS = 60, 3_000


@dataclass(frozen=True, slots=True, kw_only=True)
class GitHub:
    """Asks for the first repository that a paper's links name; whoever signs in may ask sixty times as often."""

    signed_in: bool = False
    base: Service = GITHUB
    source: str = SOURCE
    most_at_once: int = 1

    @property
    def service(self) -> Service:
        """Say who is asked and how often."""
        return replace(self.base, gap_s=_GAP_SIGNED_IN_S) if self.signed_in else self.base

    @property
    def most_asks(self) -> int:
        """Say how many requests one run may make: what an hour allows."""
        return _MANY_ASKS if self.signed_in else _FEW_ASKS

    def wanted(self, paper: Paper) -> str:
        """Give the first repository among the paper's links to code."""
        return next((name for url in paper.links_of("code") if (name := repository(url))), "")

    def ask(self, keys: Sequence[str]) -> Ask:
        """Ask for one repository; one that has moved answers from its new place, another is gone."""
        return Ask(url=f"{self.service.base}/repos/{keys[0]}", accept="application/vnd.github+json", may_be_gone=True)

    def read(self, keys: Sequence[str], answer: Answer) -> list[Record | Problem]:
        """Read a repository's stars. Raises Unavailable for what is no repository's JSON."""
        told = whole_json(answer, self.service)
        if not isinstance(told, dict):
            raise Unavailable("github answered with no repository.")
        stars = fields.count(told.get("stargazers_count"))
        if stars is None:
            return [problem(SOURCE, keys[0], "no-stars", "The repository has no count of stars.", str(told))]
        signals = (Signal("stars", stars, answer.at),)
        return [Record(source=SOURCE, key=keys[0], title="", signals=signals, observed=answer.at)]


def repository(url: str) -> str:
    """Read ``owner/repository`` off an address at github.com, in lower case; empty for any other."""
    match = _REPOSITORY.fullmatch(url.strip())
    if match is None or match[1].lower() in _PAGES:
        return ""
    name = match[2].lower().rstrip(".").removesuffix(".git")
    return f"{match[1].lower()}/{name}" if name.strip(".") else ""
