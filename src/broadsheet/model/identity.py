"""Which records tell of one work. Pure: the answer depends on the set of records, never on their order of arrival.

Evidence, strongest first: a shared external id, then the same title told with agreeing authors and dates. Two
different arXiv ids (or ACL ids, or DOIs of one registrant) are two works, whatever their titles say. A wrong union
mixes two papers while a missed one only shows a paper twice, so in doubt records stay apart.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations

from broadsheet.model.ids import SCHEMES, ExternalId, expand
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
    """Records of one work, by position; ``cores`` are its parts that hang together by ids alone."""

    members: tuple[int, ...]
    cores: tuple[tuple[int, ...], ...]


def cluster(facts: Sequence[Facts], apart: Collection[tuple[int, int]] = ()) -> tuple[Cluster, ...]:
    """Group records into works; ``apart`` holds pairs of positions that a person has parted.

    Joins by id come before joins by title, each in the order of the records' own names, and a join that would put
    contradicting ids or a parted pair into one group is left out, so the groups depend on the set of records alone.
    Records that only add come last: they follow their ids into groups that stand without them.
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
        cores = _add(facts, groups, cores)
    inside: dict[int, list[tuple[int, ...]]] = {}
    for core in cores:
        inside.setdefault(groups.root(core[0]), []).append(core)
    return tuple(Cluster(members, tuple(inside[groups.root(members[0])])) for members in groups.members())


def _order(facts: Sequence[Facts]) -> list[int]:
    return sorted(range(len(facts)), key=lambda i: facts[i].name)


def _add(facts: Sequence[Facts], groups: "_Groups", cores: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Let records that only add join by their ids; gives what hangs together by ids then.

    Each id leads to one record at most, one of the same title first; whoever shares no author may not be led there.
    """
    hanging = {i: list(core) for core in cores for i in core}
    holders = _holders(facts, _order(facts))
    for i in _order(facts):
        for external_id in facts[i].ids if facts[i].record.adds else ():
            fitting = [j for j in holders[external_id] if j != i and _fits(facts[i], facts[j], external_id)]
            if not fitting:
                continue
            j = min(fitting, key=lambda j: (facts[j].record.adds, facts[j].title_key != facts[i].title_key))
            if groups.join(i, j) and hanging[i] is not hanging[j]:
                hanging[i] += hanging[j]
                hanging.update(dict.fromkeys(hanging[j], hanging[i]))
    return sorted({tuple(sorted(core)) for core in hanging.values()})


def _fits(addition: Facts, other: Facts, shared: ExternalId) -> bool:
    """Tell whether an addition may follow an id: of a loose one, silence about title and authors is not enough."""
    if shared.scheme not in _LOOSE:
        return _compatible(addition, other)
    if addition.title_key == other.title_key and addition.title_key:
        return True
    return not addition.authors.surnames.isdisjoint(other.authors.surnames)


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
        self._ids = [set(f.ids) for f in facts]
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

    def members(self) -> list[tuple[int, ...]]:
        """Give every group as sorted positions, in the order of their first."""
        return [tuple(sorted(self._members[i])) for i in range(len(self._parent)) if self._parent[i] == i]

    def _parted(self, a: int, b: int) -> bool:
        if not self._apart:
            return False
        return any((i, j) in self._apart for i in self._members[a] for j in self._members[b])
