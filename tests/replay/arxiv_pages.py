"""arXiv's query API (info.arxiv.org/help/api/user-manual) and its announcements (info.arxiv.org/help/rss)."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from html import escape
from random import Random

from tests.replay.site import Reply, Request
from tests.replay.world import NEW_YORK, Paper, Telling, World

_ATOM = "application/atom+xml; charset=utf-8"
_SPACES = 'xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"'


# The paper that arXiv's documentation asks for, and whoever wants to know whether the service is well.
WITNESS = Paper(
    id="0804.2273",
    title="Korbai stelmun",
    abstract="Trimund sel.",
    authors=(("Kai", "Trel"),),
    categories=("hep-ex",),
    versions=(datetime(2008, 4, 15, tzinfo=UTC),),
)


@dataclass(frozen=True, slots=True)
class ArxivApi:
    """``/query?id_list=&start=&max_results=``: single papers by id; twisted ``empty`` it is valid without entries."""

    world: World

    def answer(self, request: Request, at: datetime, twist: str = "") -> Reply:
        """Answer with the papers that are known by then, in the order asked for."""
        wanted = [one.strip().partition("v")[0] for one in request.query.get("id_list", "").split(",")]
        first, most = int(request.query.get("start", 0)), int(request.query.get("max_results", 10))
        known = {own: told.paper for own, told in self.world.papers_at(at).items()} | {WITNESS.id: WITNESS}
        found = [known[one] for one in wanted if one in known and not known[one].deleted]
        if twist == "reordered":
            Random(at.timestamp()).shuffle(found)
        shown = "".join(_entry(paper) for paper in ([] if twist == "empty" else found[first : first + most]))
        return Reply(
            (
                f'<?xml version="1.0" encoding="UTF-8"?>\n<feed {_SPACES} '
                'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"><title>ArXiv Query</title>'
                f"<id>http://arxiv.org/api/replay</id><updated>{at:%Y-%m-%dT%H:%M:%SZ}</updated>"
                f"<opensearch:totalResults>{len(found)}</opensearch:totalResults>"
                f"<opensearch:startIndex>{first}</opensearch:startIndex>"
                f"<opensearch:itemsPerPage>{most}</opensearch:itemsPerPage>{shown}</feed>"
            ).encode(),
            _ATOM,
        )


def _entry(paper: Paper) -> str:
    number = len(paper.versions)
    authors = "".join(f"<author><name>{escape(f'{first} {last}')}</name></author>" for first, last in paper.authors)
    comment = f"<arxiv:comment>{escape(paper.comment)}</arxiv:comment>" if paper.comment else ""
    doi = f"<arxiv:doi>{paper.doi}</arxiv:doi>" if paper.doi else ""
    categories = "".join(f'<category term="{one}" scheme="http://arxiv.org/schemas/atom"/>' for one in paper.categories)
    return (
        f"<entry><id>http://arxiv.org/abs/{paper.id}v{number}</id>"
        f"<updated>{paper.versions[-1]:%Y-%m-%dT%H:%M:%SZ}</updated>"
        f"<published>{paper.versions[0]:%Y-%m-%dT%H:%M:%SZ}</published><title>{escape(paper.title)}</title>"
        f"<summary>  {escape(paper.abstract)}\n</summary>{authors}{comment}{doi}"
        f'<link href="http://arxiv.org/abs/{paper.id}v{number}" rel="alternate" type="text/html"/>'
        f'<arxiv:primary_category term="{paper.categories[0]}" scheme="http://arxiv.org/schemas/atom"/>'
        f"{categories}</entry>\n"
    )


@dataclass(frozen=True, slots=True)
class Announcements:
    """``/rss/cs.CL+math.CO`` and ``/atom/cs.CL``: today's mailing, made at midnight in New York; has an ETag."""

    world: World

    def answer(self, request: Request, at: datetime, twist: str = "") -> Reply:
        """Answer with what is announced on the day it is in New York."""
        form, _, asked = request.path.strip("/").partition("/")
        made = datetime.combine(at.astimezone(NEW_YORK).date(), time(), NEW_YORK)
        mark = f'"{made.date()}-{asked}"'
        if request.headers.get("if-none-match") == mark:
            return Reply(status=304, headers={"ETag": mark})
        wanted = asked.split("+")
        found = [] if twist == "empty" else [t for t in self.world.announced_on(made.date()) if _is_in(t.paper, wanted)]
        headers = {"ETag": mark, "Last-Modified": f"{made.astimezone(UTC):%a, %d %b %Y %H:%M:%S GMT}"}
        if form == "atom":
            return Reply(_atom(found, asked, made), _ATOM, headers=headers)
        return Reply(_rss(found, asked, made), "application/rss+xml; charset=utf-8", headers=headers)


def _is_in(paper: Paper, wanted: list[str]) -> bool:
    return any(one == each or one.startswith(f"{each}.") for one in paper.categories for each in wanted)


def _facts(telling: Telling) -> tuple[str, str, str]:
    paper = telling.paper
    own = f"{paper.id}v{len(paper.versions)}"
    said = f"arXiv:{own} Announce Type: {telling.kind} \nAbstract: {paper.abstract}"
    return own, escape(said), escape(", ".join(f"{first} {last}" for first, last in paper.authors))


def _rss(found: list[Telling], asked: str, made: datetime) -> bytes:
    date = f"{made:%a, %d %b %Y %H:%M:%S %z}"
    items = ""
    for telling in found:
        own, said, authors = _facts(telling)
        paper = telling.paper
        items += (
            f"<item><title>{escape(paper.title)}</title><link>https://arxiv.org/abs/{paper.id}</link>"
            f'<description>{said}</description><guid isPermaLink="false">oai:arXiv.org:{own}</guid>'
            + "".join(f"<category>{one}</category>" for one in paper.categories)
            + f"<pubDate>{date}</pubDate><arxiv:announce_type>{telling.kind}</arxiv:announce_type>"
            f"<dc:rights>http://arxiv.org/licenses/nonexclusive-distrib/1.0/</dc:rights>"
            f"<dc:creator>{authors}</dc:creator></item>\n"
        )
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0">'
        f"<channel><title>{asked} updates on arXiv.org</title><link>http://rss.arxiv.org/rss/{asked}</link>"
        f"<description>{asked} updates on the arXiv.org e-print archive.</description><language>en-us</language>"
        f"<lastBuildDate>{date}</lastBuildDate><pubDate>{date}</pubDate>"
        f"<skipDays><day>Sunday</day><day>Saturday</day></skipDays>{items}</channel></rss>"
    ).encode()


def _atom(found: list[Telling], asked: str, made: datetime) -> bytes:
    entries = ""
    for telling in found:
        own, said, authors = _facts(telling)
        paper = telling.paper
        entries += (
            f"<entry><id>oai:arXiv.org:{own}</id><title>{escape(paper.title)}</title>"
            f"<updated>{made.isoformat()}</updated>"
            f'<link href="https://arxiv.org/abs/{paper.id}" rel="alternate" type="text/html"/><summary>{said}</summary>'
            + "".join(f'<category term="{one}"/>' for one in paper.categories)
            + f"<published>{made.isoformat()}</published><arxiv:announce_type>{telling.kind}</arxiv:announce_type>"
            f"<dc:creator>{authors}</dc:creator></entry>\n"
        )
    return (
        f"<?xml version='1.0' encoding='UTF-8'?>\n<feed {_SPACES} xmlns:dc=\"http://purl.org/dc/elements/1.1/\">"
        f"<id>http://rss.arxiv.org/atom/{asked}</id><title>{asked} updates on arXiv.org</title>"
        f"<updated>{made.isoformat()}</updated>{entries}</feed>"
    ).encode()
