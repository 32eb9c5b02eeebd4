"""A repository that speaks OAI-PMH 2.0 in process, with all that the protocol leaves open and some that it does not."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html import escape
from io import BytesIO
from urllib.parse import parse_qsl, urlsplit

from broadsheet.errors import Unavailable
from broadsheet.model.record import Problem, Record
from broadsheet.sources.adapter import Answer, Ask, Mark, Service, Want
from broadsheet.sources.live.oai import OaiSource

SERVICE = Service(name="model", base="https://repository.example/oai")
# So many tries in vain end a run, and the next one begins anew.
MOST_FAILURES = 3
BEGINNING = datetime(2025, 3, 3, 20, tzinfo=UTC)


@dataclass(frozen=True)
class Item:
    """What the repository has."""

    number: int
    text: str
    stamp: datetime
    sets: tuple[str, ...] = ("cs",)
    deleted: bool = False

    @property
    def key(self) -> str:
        return f"2401.{self.number:05}"


@dataclass(frozen=True, kw_only=True)
class Habits:
    """How one repository differs from another."""

    page: int = 3
    seconds: bool = False  # its granularity
    by_id: bool = False  # what it sorts by
    sizes: bool = False  # tells completeListSize and cursor
    ends_bare: bool = False  # the last page has no token at all
    tokens_expire: bool = True  # at midnight

    @classmethod
    def drawn(cls, chance: random.Random) -> "Habits":
        flags = {name: chance.random() < 0.5 for name in ("seconds", "by_id", "sizes", "ends_bare", "tokens_expire")}
        return cls(page=chance.randint(1, 4), **flags)


@dataclass
class Repository:
    """Items by number, a clock, and faults that come when they are asked for."""

    habits: Habits = Habits()
    now: datetime = BEGINNING
    items: dict[int, Item] = field(default_factory=dict)
    stuck: str = ""  # "same" or "circle": how its tokens go wrong
    asked: list[Mapping[str, str]] = field(default_factory=list)

    def put(self, number: int, text: str, *, late: timedelta = timedelta(), **told: object) -> None:
        before = self.items.get(number, Item(number, text, self.now))
        self.items[number] = replace(before, text=text, stamp=self.now - late, **told)

    def current(self, of_set: str = "") -> dict[str, tuple[str, bool]]:
        """Give what a harvester should have in the end: text and whether it was taken back, by key."""
        return {i.key: ("" if i.deleted else i.text, i.deleted) for i in self.items.values() if _in(i, of_set)}

    def answer(self, url: str) -> bytes:
        asked = dict(parse_qsl(urlsplit(url).query))
        self.asked.append(asked)
        token = asked.get("resumptionToken")
        if token is not None:
            assert asked.keys() == {"verb", "resumptionToken"}, "a token is an exclusive argument"
            asked = dict(parse_qsl(token))
            if self.habits.tokens_expire and asked.pop("issued") != str(self.now.date()):
                return self.document('<error code="badResumptionToken">It expired.</error>')
        after = asked.get("after", "")
        listed = [i for i in self._listed(asked) if self._place(i) > after]
        if not listed and token is None:
            return self.document('<error code="noRecordsMatch"/>')
        page = listed[: self.habits.page]
        told = "".join(map(self._record, page))
        return self.document(f"<ListRecords>{told}{self._token(asked, page, len(listed))}</ListRecords>")

    def document(self, inside: str) -> bytes:
        said = f"<responseDate>{self.now:%Y-%m-%dT%H:%M:%SZ}</responseDate><request>https://repository.example/oai</request>"
        return f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">{said}{inside}</OAI-PMH>'.encode()

    def _listed(self, asked: Mapping[str, str]) -> list[Item]:
        first, last = asked.get("from", ""), asked.get("until", "9999")
        found = [
            i
            for i in self.items.values()
            if _in(i, asked.get("set", "")) and first <= self._stamp(i) and self._stamp(i)[: len(last)] <= last
        ]
        return sorted(found, key=self._place)

    def _token(self, asked: Mapping[str, str], page: list[Item], left: int) -> str:
        whole = len(self._listed(asked))
        sizes = f' completeListSize="{whole}" cursor="{whole - left}"' if self.habits.sizes else ""
        if left <= len(page) and not self.stuck:
            resumed = "after" in asked
            return "" if self.habits.ends_bare or not resumed else f"<resumptionToken{sizes}/>"
        after = self._place(page[-1]) if page else asked.get("after", "")
        if self.stuck:
            after = "" if self.stuck == "same" or after == asked.get("after") else after
            after = after if left > len(page) else ""
        kept = {name: value for name, value in asked.items() if name not in {"verb", "after", "issued"}}
        token = "&".join(
            f"{name}={value}" for name, value in (kept | {"after": after, "issued": str(self.now.date())}).items()
        )
        return f"<resumptionToken{sizes}>{escape(token)}</resumptionToken>"

    def _place(self, item: Item) -> str:
        return item.key if self.habits.by_id else f"{self._stamp(item)} {item.key}"

    def _stamp(self, item: Item) -> str:
        return f"{item.stamp:%Y-%m-%dT%H:%M:%SZ}" if self.habits.seconds else f"{item.stamp:%Y-%m-%d}"

    def _record(self, item: Item) -> str:
        gone = ' status="deleted"' if item.deleted else ""
        header = f"<identifier>oai:arXiv.org:{item.key}</identifier><datestamp>{self._stamp(item)}</datestamp>"
        told = f"<id>{item.key}</id><title>{escape(item.text)}</title><abstract>{escape(item.text)}</abstract>"
        metadata = "" if item.deleted else f"<metadata><arXiv>{told}</arXiv></metadata>"
        return f"<record><header{gone}>{header}</header>{metadata}</record>"


def _in(item: Item, of_set: str) -> bool:
    return not of_set or any(f"{one}:".startswith(f"{of_set}:") for one in item.sets)


@dataclass
class Harvester:
    """The smallest loop there is: ask, read, keep; it forgets nothing but what it holds when it is killed."""

    repository: Repository
    source: OaiSource = field(default_factory=lambda: OaiSource(service=SERVICE, prefix="arXiv"))
    want: Want = field(default_factory=Want)
    mark: Mark = field(default_factory=dict)
    ask: Ask | None = None
    kept: dict[str, tuple[str, bool]] = field(default_factory=dict)
    told: list[Record] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    skew: timedelta = timedelta()  # how far our clock is ahead of the repository's
    failures: int = 0  # in a row
    said: list[str] = field(default_factory=list)  # by the failures

    def begin(self) -> None:
        self.ask = self.ask or self.source.begin(self.want, self.mark, self.repository.now + self.skew)

    def page(self, body: bytes | None = None) -> None:
        """Ask once and keep what came; what is to be asked for again changes nothing, until too often in a row."""
        assert self.ask is not None
        raw = self.repository.answer(self.ask.url) if body is None else body
        answer = Answer(url=self.ask.url, body=BytesIO(raw), at=self.repository.now + self.skew)
        try:
            page = self.source.read(self.want, self.mark, self.ask, answer)
        except Unavailable as error:
            self.said.append(str(error))
            self.failures += 1
            self.ask = None if self.failures >= MOST_FAILURES else self.ask
            return
        self.failures = 0
        for one in page.told:
            if isinstance(one, Problem):
                self.problems.append(one)
            else:
                self.told.append(one)
                self.kept[one.key] = (one.title, one.deleted)
        self.mark, self.ask = page.mark, page.next

    def run(self, most: int = 500) -> int:
        """Harvest to the end, or until too many failures; gives how many pages that took."""
        self.begin()
        self.failures = 0
        for number in range(most):
            if self.ask is None:
                return number
            self.page()
        raise AssertionError("the run does not end")

    @property
    def moments(self) -> Iterator[datetime]:
        return (datetime.fromisoformat(at) for at in self.mark.get("from", {}).values())
