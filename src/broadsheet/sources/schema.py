"""The stated schema: one flat JSON object or CSV row a paper, in Broadsheet's words, Hugging Face's or arXiv's dumps'.

Every field but the title is optional. Of the names on one line the first that is filled counts.

================================  =====================================================================
``title``                         text
``abstract`` ``summary`` ``text``  text; ``summary`` beside an ``abstract`` is a one-line summary instead
``id`` ``_id``                    the source's own id; also read as arXiv id, DOI, ACL or OpenReview id
``arxiv`` ``doi`` ``acl`` ``openreview`` ``ids`` ``also``  further ids
``authors`` ``author``            list of names or of ``{name, hidden}``, or one text
``published`` ``publishedAt`` ``date`` ``year``  ISO 8601 of any precision
``updated`` ``update_date``       ISO 8601
``venue`` ``journal-ref`` ``journal`` ``booktitle``  text
``categories``                    list, or text with spaces
``keywords`` ``ai_keywords``      list, or text with semicolons
``organization`` ``organizations``  text, list, or ``{fullname, name}``; ``organization_fullname`` goes before
``url`` ``pdf`` ``project_page`` ``projectPage``  addresses
``github`` ``github_repo`` ``githubRepo`` ``code`` ``data``  addresses
``links``                         list of ``{kind, url}``
``media`` ``mediaUrls`` ``mediaUrl`` ``thumbnail``  addresses of pictures and films
``ai_summary``                    one sentence
``comment`` ``license`` ``licence``  text (``comments`` too when it is text)
``daily_dates`` ``hf_daily`` ``days``  days on a daily page; ``submitted_on_daily_at``, ``submitted_by``
``upvotes`` ``comments`` ``numComments`` ``github_stars`` ``githubStars`` ``citations``  counts
``snapshot_at`` ``fetched_at``    when the counts were so
``versions``                      list of ``{version, created}``
``withdrawn`` ``withdrawnAt`` ``deleted``  flags
================================  =====================================================================
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from broadsheet.model.ids import ExternalId
from broadsheet.model.links import kind_of, page_id
from broadsheet.model.record import LINK_KINDS, Author, Daily, Problem, Record, Signal, Version
from broadsheet.model.text import clean
from broadsheet.sources import fields, names
from broadsheet.sources.streams import MAX_RECORD, problem, too_large

Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose word a record is, where it stands, and when it was said."""

    source: str
    where: str
    observed: datetime | None


_GIVEN_LINKS = (
    ("url", "page"), ("pdf", "pdf"), ("pdf_url", "pdf"), ("github", "code"), ("github_repo", "code"),
    ("githubRepo", "code"), ("code", "code"), ("project_page", "project"), ("projectPage", "project"),
    ("project", "project"), ("data", "data"),
)  # fmt: skip
_COUNTS = (
    ("upvotes", "upvotes"), ("numComments", "comments"), ("comments", "comments"), ("github_stars", "stars"),
    ("githubStars", "stars"), ("citations", "citations"),
)  # fmt: skip
_ID_FIELDS = ("id", "_id", "arxiv", "arxiv_id", "doi", "acl", "openreview")
_ORGANISATIONS = ("organization", "organizations", "organisations")
_SHORT = 64
_MEDIA = ("mediaUrls", "media", "mediaUrl", "thumbnail")
_WITHDRAWN = ("withdrawn", "withdrawnAt")


def read(
    told: Told,
    origin: Origin,
    *,
    key: str = "",
    prefix: str = "",
    days: tuple[Daily, ...] = (),
) -> Record | Problem:
    """Make a record of one flat object; ``key`` and ``days`` replace what the object says, ``prefix`` precedes its id.

    Never raises: a missing title and a record over MAX_RECORD characters are problems, fields of wrong types are empty.
    """
    title = fields.text(told.get("title"))
    if not title:
        return problem(origin.source, origin.where, "no-title", "The record has no title.", str(told))
    abstract, summary = _abstract_and_summary(told)
    if len(title) + len(abstract) > MAX_RECORD:
        return too_large(origin.source, origin.where, title)
    get = told.get
    ids = _ids(told)
    authors = _authors(told)
    comment = get("comment") or get("comments")
    comment = clean(comment) if isinstance(comment, str) else ""
    at = fields.instant(get("snapshot_at") or get("fetched_at")) or origin.observed
    return Record(
        source=origin.source,
        key=key or prefix + _key(told, ids, title, authors),
        title=title,
        abstract=abstract,
        authors=authors,
        ids=ids,
        published=_date(told, "published", "publishedAt", "published_at", "date", "year"),
        updated=_date(told, "updated", "updatedAt", "update_date"),
        categories=fields.texts(get("categories") or get("category"), ";, "),
        keywords=fields.texts(get("keywords") or get("ai_keywords"), ";|"),
        venue=_first(told, "venue", "journal-ref", "journal_ref", "journal", "booktitle"),
        organisations=_organisations(told),
        links=fields.links_of(_links(told), f"{abstract} {comment}" if comment else abstract),
        media=_media(told),
        summary=summary,
        comment=comment,
        licence=_first(told, "license", "licence"),
        versions=_versions(get("versions")),
        daily=days or _days(told),
        signals=() if at is None else tuple(_signals(told, at)),
        withdrawn=any(fields.flag(get(key)) for key in _WITHDRAWN) or fields.is_withdrawn(abstract, comment),
        deleted=fields.flag(get("deleted")),
        observed=at,
    )


def _abstract_and_summary(told: Told) -> tuple[str, str]:
    abstract, summary = fields.text(told.get("abstract")), fields.text(told.get("summary"))
    one_line = fields.text(told.get("ai_summary"))
    if abstract:
        return abstract, one_line or summary
    return summary or fields.text(told.get("text")), one_line


def _first(told: Told, *keys: str) -> str:
    for key in keys:
        if (value := told.get(key)) and (found := fields.text(value)):
            return found
    return ""


def _date(told: Told, *keys: str) -> str:
    for key in keys:
        if (value := told.get(key)) and (found := fields.iso(value)):
            return found
    return ""


def _ids(told: Told) -> tuple[ExternalId, ...]:
    get = told.get
    found = [value for key in _ID_FIELDS if (value := get(key)) and isinstance(value, str)]
    for more in (get("ids"), get("also")):
        if isinstance(more, list):
            found.extend(one for one in more if isinstance(one, str))
    ids = fields.ids_of(found)
    url = told.get("url")
    page = page_id(url) if isinstance(url, str) and url else None
    return ids if page is None or page in ids else (*ids, page)


def _key(told: Told, ids: tuple[ExternalId, ...], title: str, authors: tuple[Author, ...]) -> str:
    """Name the record: an id that is one in the world as it is, a bare number or word only together with its title."""
    own = told.get("id") or told.get("_id")
    if not isinstance(own, (str, int)) or own is True:
        return fields.key_for(ids, title, authors)
    own = clean(str(own))
    if ":" in own or "/" in own or fields.ids_of([own]):
        return fields.own_key(own)
    return f"{own[:_SHORT]}:{fields.digest(title, authors[0].name if authors else '')}"


def _authors(told: Told) -> tuple[Author, ...]:
    value = told.get("authors") or told.get("author")
    if isinstance(value, str):
        return names.split(value)
    if not isinstance(value, list):
        return ()
    if all(isinstance(one, str) for one in value):
        return names.listed(value)
    return names.listed([name for one in value if (name := _name(one))])


def _name(one: object) -> str:
    if isinstance(one, str):
        return one
    told = fields.mapping(one)
    name = told.get("name") or told.get("fullname")
    return name if isinstance(name, str) and told.get("hidden") is not True else ""


def _organisations(told: Told) -> tuple[str, ...]:
    if full := _first(told, "organization_fullname"):
        return (full,)
    value = next((told[key] for key in _ORGANISATIONS if told.get(key)), None)
    if value is None:
        return ()
    found = value if isinstance(value, list) else [value]
    spoken = (fields.text(one) or _organisation(fields.mapping(one)) for one in found if isinstance(one, (str, dict)))
    return tuple(dict.fromkeys(name for name in spoken if name))


def _organisation(told: Told) -> str:
    return fields.text(told.get("fullname")) or fields.text(told.get("name"))


def _links(told: Told) -> Iterator[tuple[str, str]]:
    for key, kind in _GIVEN_LINKS:
        url = told.get(key)
        if url and isinstance(url, str):
            # Many a project's page is its repository.
            yield ("code" if kind == "project" and kind_of(url) == "code" else kind), clean(url)
    more = told.get("links")
    for one in more if isinstance(more, list) else ():
        link = fields.mapping(one)
        stated = fields.text(link.get("kind"))
        yield (stated if stated in LINK_KINDS else "other"), fields.text(link.get("url"))


def _media(told: Told) -> tuple[str, ...]:
    if told.keys().isdisjoint(_MEDIA):
        return ()
    found: list[object] = []
    for key in _MEDIA:
        if value := told.get(key):
            found.extend(value if isinstance(value, list) else [value])
    return tuple(url for url in fields.texts(found) if url.startswith(("http://", "https://")))


def _versions(value: object) -> tuple[Version, ...]:
    if not isinstance(value, list):
        return ()
    told = [fields.mapping(one) for one in value]
    numbered = [
        (fields.count(str(one.get("version") or one.get("number") or "").removeprefix("v")), one) for one in told
    ]
    return tuple(Version(number, fields.iso(one.get("created") or one.get("at"))) for number, one in numbered if number)


def _days(told: Told) -> tuple[Daily, ...]:
    value = told.get("daily_dates") or told.get("days") or told.get("hf_daily")
    submitted_at = fields.iso(told.get("submitted_on_daily_at") or told.get("submittedOnDailyAt"))
    if not value and not submitted_at:
        return ()
    days = [
        day for one in (value if isinstance(value, list) else [value or submitted_at]) if (day := fields.day_of(one))
    ]
    by = submitter(told)
    # Who submitted and when is told once: it belongs to the day it happened on, else to the first.
    chosen = next((day for day in days if submitted_at.startswith(day.isoformat())), days[0] if days else None)
    return tuple(Daily(day, submitted_at, by) if day == chosen else Daily(day) for day in dict.fromkeys(days))


def submitter(told: Told) -> str:
    """Give the handle of the reader who brought the paper to its daily page; empty when the source is silent."""
    for key in ("submitted_by", "submittedOnDailyBy", "submittedBy"):
        value = told.get(key)
        person = fields.mapping(value)
        if found := fields.text(value) or fields.text(person.get("user") or person.get("name")):
            return found
    return ""


def _signals(told: Told, at: datetime) -> Iterator[Signal]:
    seen: set[str] = set()
    for key, kind in _COUNTS:
        value = told.get(key)
        if value is not None and kind not in seen and (number := fields.count(value)) is not None:
            seen.add(kind)
            yield Signal(kind, number, at)
