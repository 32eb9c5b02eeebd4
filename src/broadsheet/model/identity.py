"""Which records tell of one work. Pure: the answer depends on the set of records, never on their order of arrival.

Evidence, strongest first: a shared external id, then the same title told with agreeing authors and dates. Two
different arXiv ids (or ACL ids, or DOIs of one registrant) are two works, whatever their titles say. A wrong union
mixes two papers while a missed one only shows a paper twice, so in doubt records stay apart.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations, product

from broadsheet.model.ids import SCHEMES, ExternalId, doi, expand
from broadsheet.model.names import Names, agree, fold, read_names
from broadsheet.model.record import Record
from broadsheet.model.text import plain

# Titles that many works bear: they say nothing about identity, so they never join anything.
GENERIC = frozenset(
    """
    abstract abstracts acknowledgements acknowledgments afterword announcement announcements appendix authorindex
    bookreview bookreviews booksreceived callforpapers closingremarks commentary comments conclusion conclusions
    concludingremarks contents contributors correction corrigendum demonstrations discussion discussions dedication
    editorial editorialboard editorialintroduction editorialnote editorsintroduction editorsnote epilogue errata erratum
    foreword frontmatter generaldiscussion guesteditorial guesteditorsintroduction index introduction introductions
    introductoryremarks invitedpaper invitedtalk invitedtalks keynote keynoteaddress keynotes keynotespeech keynotetalk
    letter letters lettertotheeditor letterstotheeditor listofparticipants listofreviewers message news note notes
    obituary openingaddress openingremarks organization organizers outline overview panel paneldiscussion panels preface
    prefaces presentation presentations programcommittee programme prologue remarks reply report review reviewers
    reviews sessionintroduction sponsors subjectindex summary summation summationbychairman
    tableofcontents thefinitestring thefinitestringnewsletter titlepage tutorial tutorials untitled welcome
    welcomeaddress welcomemessage
    """.split()
)
_GENERIC_ENDS = ("preface", "foreword", "frontmatter")
_MAX_YEARS = 3
_OPENING = 80
_MIN_OPENING = 40
_TELLING_TITLE = 16
# Schemes that give one work one id. An OpenReview id names a submission, and a work may be submitted twice.
_ONE_EACH = ("arxiv", "acl")
# Ids that sources sometimes give to a whole volume; they join only what titles or authors do not contradict.
_LOOSE = frozenset({"doi", "url", "openreview"})


def number(data: bytes) -> int:
    """Hash bytes to 63 bits (BLAKE2b), the same on every machine and fit for a signed column."""
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big") >> 1


def title_key(title: str) -> int:
    """Hash a title so that all spellings of it agree; 0 for one that identifies nothing, such as *Preface*.

    A year, a part or a volume is part of the title, so titles that differ in one differ here.
    """
    letters = fold(plain(title))
    if not letters or letters in GENERIC or letters.endswith(_GENERIC_ENDS):
        return 0
    return number(letters.encode()) or 1


def names_of(record: Record) -> tuple[ExternalId, ...]:
    """Give all ids a record is known by, best first; one that brings none gets a local id made from its own name."""
    if record.ids:
        return expand(record.ids)
    return (_local(record.source, record.key),)


def spare_id(record: Record) -> ExternalId:
    """Give an id that no other telling bears, for a paper that shares each of its ids with another."""
    return _local(record.source, record.key, str(record.version))


def _local(*name: str) -> ExternalId:
    return ExternalId("local", f"{number(chr(0x1F).join(name).encode()):016x}")


@dataclass(slots=True)
class Facts:
    """What identity looks at in one record; what only titles in common ask for is read when they do."""

    record: Record
    ids: tuple[ExternalId, ...]
    title_key: int
    _authors: Names | None = None
    _opening: str | None = None

    @property
    def name(self) -> tuple[str, str, int]:
        """The record's own name, which makes the order of decisions independent of the order of arrival."""
        return self.record.source, self.record.key, self.record.version

    @property
    def authors(self) -> Names:
        """The authors' names."""
        if self._authors is None:
            self._authors = read_names([author.name for author in self.record.authors])
        return self._authors

    @property
    def author_count(self) -> int:
        """How many authors there are, 0 when the source is silent."""
        return len(self.authors.names) or self.record.author_count

    @property
    def year(self) -> int:
        """The year of publication, 0 when the source is silent."""
        year = self.record.published[:4]
        return int(year) if year.isdecimal() else 0

    @property
    def opening(self) -> str:
        """The first letters of the abstract."""
        if self._opening is None:
            self._opening = fold(plain(self.record.abstract[: 4 * _OPENING]))[:_OPENING]
        return self._opening


def same_work(a: Facts, b: Facts) -> bool:
    """Decide by title, abstract, authors and dates alone whether two records tell of one work."""
    if not a.title_key or a.title_key != b.title_key or contradict(a.ids, b.ids):
        return False
    if _same_opening(a.opening, b.opening):
        return True
    if a.year and b.year and abs(a.year - b.year) > _MAX_YEARS:
        return False
    if a.authors.names and b.authors.names:
        return agree(a.authors, b.authors)
    if a.author_count and b.author_count and a.author_count != b.author_count:
        return False
    both_tell = len(a.opening) >= _MIN_OPENING and len(b.opening) >= _MIN_OPENING
    return not both_tell and len(fold(plain(a.record.title))) >= _TELLING_TITLE


def _same_opening(a: str, b: str) -> bool:
    shorter = min(len(a), len(b))
    return shorter >= _MIN_OPENING and a[:shorter] == b[:shorter]


def contradict(ours: Iterable[ExternalId], theirs: Iterable[ExternalId]) -> bool:
    """Tell whether two sets of ids name two works: the best scheme that both have decides."""
    mine, other = _by_kind(ours), _by_kind(theirs)
    for kind in sorted(mine.keys() & other.keys()):
        if mine[kind] & other[kind]:
            return False
        if kind[1] in _ONE_EACH or kind[1].startswith("10."):
            return True
    return False


def _by_kind(ids: Iterable[ExternalId]) -> dict[tuple[int, str], set[str]]:
    kinds: dict[tuple[int, str], set[str]] = {}
    for i in ids:
        # A journal's DOI and a publisher's may name one work; two of one registrant may not.
        kind = i.value.partition("/")[0] if i.scheme == "doi" else i.scheme
        kinds.setdefault((SCHEMES.index(i.scheme), kind), set()).add(i.value)
    return kinds


@dataclass(frozen=True, slots=True)
class Cluster:
    """Records of one work, by position; ``cores`` are its parts that hang together by ids alone.

    ``denied`` are ids that additions name although another work bears them, or they contradict the work's own.
    """

    members: tuple[int, ...]
    cores: tuple[tuple[int, ...], ...]
    denied: frozenset[ExternalId] = frozenset()


def cluster(facts: Sequence[Facts], apart: Collection[tuple[int, int]] = ()) -> tuple[Cluster, ...]:
    """Group records into works; ``apart`` holds pairs of positions that a person has parted.

    Joins by id come before joins by title, each in the order of the records' own names, and a join that would put
    contradicting ids or a parted pair into one group is left out, so the groups depend on the set of records alone.
    Records that only add come last: each joins the group that bears the id it was asked for under.
    """
    groups = _Groups(facts, apart)
    order = [i for i in _order(facts) if not facts[i].record.adds]
    for i, j in _id_edges(facts, order):
        groups.join(i, j)
    cores = groups.members()
    for i, j in _titled_pairs(facts, order):
        if groups.root(i) != groups.root(j) and same_work(facts[i], facts[j]):
            groups.join(i, j)
    if len(order) < len(facts):
        cores = _Additions(facts, groups, cores).settle()
    inside: dict[int, list[tuple[int, ...]]] = {}
    for core in cores:
        inside.setdefault(groups.root(core[0]), []).append(core)
    return tuple(
        Cluster(members, tuple(inside[groups.root(members[0])]), _denied(facts, groups, members))
        for members in groups.members()
    )


def _denied(facts: Sequence[Facts], groups: "_Groups", members: Sequence[int]) -> frozenset[ExternalId]:
    named = {i for member in members if facts[member].record.adds for i in facts[member].ids}
    return frozenset(i for i in named if not groups.bears(members[0], (i,)))


def _order(facts: Sequence[Facts]) -> list[int]:
    return sorted(range(len(facts)), key=lambda i: facts[i].name)


def is_about(addition: Record, told: Iterable[Record]) -> bool:
    """Tell whether what an addition says is of the work that records tell of: it bears a title or the authors of one.

    An id alone is not enough for what would do harm, such as a retraction.
    """
    key, authors = title_key(addition.title), read_names([author.name for author in addition.authors])
    for record in told:
        if key and key == title_key(record.title):
            return True
        if _alike(authors, read_names([author.name for author in record.authors])):
            return True
    return False


def _alike(a: Names, b: Names) -> bool:
    """Tell whether two lists name nearly the same people: an article may have gained or lost one since its preprint."""
    if not a.names or not b.names:
        return False
    shared = len(a.surnames & b.surnames)
    return agree(a, b) or 2 * shared > max(len(a.surnames), len(b.surnames))


def _asked(record: Record) -> tuple[ExternalId, ...]:
    """Give the id that an addition is about, and what that implies: the one under which it was asked for."""
    key = doi(record.key)
    return expand((key,)) if key in record.ids else expand(record.ids[:1]) or names_of(record)


class _Additions:
    """Brings records that only add home: each to the group that bears the id it was asked for under.

    Whatever else it names counts for that group, unless another group bears it. Two groups that stand without an
    addition become one by it only where tellings of both have one title and agreeing authors.
    """

    def __init__(self, facts: Sequence[Facts], groups: "_Groups", cores: list[tuple[int, ...]]) -> None:
        self._facts, self._groups = facts, groups
        self._hanging = {i: list(core) for core in cores for i in core}
        self._waiting = [i for i in _order(facts) if facts[i].record.adds]
        self._standing = _holders(facts, [i for i in _order(facts) if not facts[i].record.adds])
        self._claimed: dict[ExternalId, list[int]] = {}

    def settle(self) -> list[tuple[int, ...]]:
        """Bring home what has one; gives what hangs together by ids then."""
        # Who was asked for under an id that another addition brought comes home after that one.
        while len(homeless := [i for i in self._waiting if not self._comes_home(i)]) < len(self._waiting):
            self._waiting = homeless
        return sorted({tuple(sorted(core)) for core in self._hanging.values()})

    def _comes_home(self, i: int) -> bool:
        if (home := self._home(i)) is None or not self._groups.join(i, home):
            return False
        self._hang(i, home)
        self._claim(i)
        return True

    def _home(self, i: int) -> int | None:
        """Find who bears the id that was asked for, one of the same title first."""
        addition = self._facts[i]
        asked = _asked(addition.record)
        borne = [(j, name) for name in asked for j in self._standing.get(name, ())]
        fitting = [j for j, name in borne if _fits(addition, self._facts[j], name)]
        if not fitting:
            claimed = [(j, name) for name in asked for j in self._claimed.get(name, ())]
            fitting = [j for j, name in claimed if any(_fits(addition, told, name) for told in self._told(j))]
        return min(fitting, key=lambda j: self._facts[j].title_key != addition.title_key, default=None)

    def _told(self, i: int) -> list[Facts]:
        members = (self._facts[j] for j in self._groups.group(i))
        return [facts for facts in members if not facts.record.adds]

    def _claim(self, i: int) -> None:
        """Let a group have the ids that one of its additions names, as far as nobody else has them."""
        for named in self._facts[i].record.ids:
            also = expand((named,))
            if self._is_free(i, also) and self._groups.take(i, also):
                for name in also:
                    self._claimed.setdefault(name, []).append(i)

    def _is_free(self, i: int, names: tuple[ExternalId, ...]) -> bool:
        if self._groups.bears(i, names):
            return True
        for j in (j for name in names for j in self._standing.get(name, ())):
            if not self._agree(i, j) or not self._groups.join(i, j):
                return False
            self._hang(i, j)
        return True

    def _agree(self, i: int, j: int) -> bool:
        if self._groups.root(i) == self._groups.root(j):
            return True
        return any(
            a.title_key == b.title_key != 0 and a.authors.names and b.authors.names and agree(a.authors, b.authors)
            for a, b in product(self._told(i), self._told(j))
        )

    def _hang(self, i: int, j: int) -> None:
        if self._hanging[i] is not self._hanging[j]:
            self._hanging[i] += self._hanging[j]
            self._hanging.update(dict.fromkeys(self._hanging[j], self._hanging[i]))


def _fits(addition: Facts, other: Facts, shared: ExternalId) -> bool:
    """Tell whether an addition may follow an id: of a loose one, silence about title and authors is not enough."""
    if shared.scheme not in _LOOSE:
        return _compatible(addition, other)
    if addition.title_key == other.title_key and addition.title_key:
        return True
    return _alike(addition.authors, other.authors)


def _holders(facts: Sequence[Facts], order: Sequence[int]) -> dict[ExternalId, list[int]]:
    holders: dict[ExternalId, list[int]] = {}
    for i in order:
        for external_id in facts[i].ids:
            holders.setdefault(external_id, []).append(i)
    return holders


def _id_edges(facts: Sequence[Facts], order: Sequence[int]) -> Iterator[tuple[int, int]]:
    holders = _holders(facts, order)
    for external_id in sorted(holders, key=lambda e: (SCHEMES.index(e.scheme), e.value)):
        for i, j in combinations(holders[external_id], 2):
            if external_id.scheme not in _LOOSE or _compatible(facts[i], facts[j]):
                yield i, j


def _compatible(a: Facts, b: Facts) -> bool:
    if a.title_key == b.title_key and a.title_key:
        return True
    return not (a.authors.names and b.authors.names) or not a.authors.surnames.isdisjoint(b.authors.surnames)


def _titled_pairs(facts: Sequence[Facts], order: Sequence[int]) -> Iterator[tuple[int, int]]:
    holders: dict[int, list[int]] = {}
    for i in order:
        if facts[i].title_key:
            holders.setdefault(facts[i].title_key, []).append(i)
    for members in sorted(holders.values(), key=lambda m: facts[m[0]].name):
        yield from combinations(members, 2)


class _Groups:
    """Disjoint sets of positions that refuse a union their ids or a parted pair forbid."""

    def __init__(self, facts: Sequence[Facts], apart: Collection[tuple[int, int]]) -> None:
        self._parent = list(range(len(facts)))
        self._ids = [set(_asked(f.record) if f.record.adds else f.ids) for f in facts]
        self._members = [[i] for i in range(len(facts))]
        self._apart = {pair for a, b in apart for pair in ((a, b), (b, a))}

    def root(self, i: int) -> int:
        while self._parent[i] != i:
            i = self._parent[i]
        return i

    def join(self, i: int, j: int) -> bool:
        """Unite two groups; False where that is forbidden."""
        a, b = self.root(i), self.root(j)
        if a == b:
            return True
        if self._parted(a, b) or contradict(self._ids[a], self._ids[b]):
            return False
        low, high = min(a, b), max(a, b)
        self._parent[high] = low
        self._ids[low] |= self._ids[high]
        self._members[low] += self._members[high]
        return True

    def group(self, i: int) -> list[int]:
        """Give the positions that are in one group with this one."""
        return self._members[self.root(i)]

    def bears(self, i: int, names: Iterable[ExternalId]) -> bool:
        """Tell whether the group has all these ids."""
        return self._ids[self.root(i)].issuperset(names)

    def take(self, i: int, names: Iterable[ExternalId]) -> bool:
        """Let a group have more ids; False where they contradict those it has."""
        own = self._ids[self.root(i)]
        if contradict(own, names):
            return False
        own.update(names)
        return True

    def members(self) -> list[tuple[int, ...]]:
        """Give every group as sorted positions, in the order of their first."""
        return [tuple(sorted(self._members[i])) for i in range(len(self._parent)) if self._parent[i] == i]

    def _parted(self, a: int, b: int) -> bool:
        if not self._apart:
            return False
        return any((i, j) in self._apart for i in self._members[a] for j in self._members[b])
