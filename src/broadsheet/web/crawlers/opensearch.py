"""How a browser puts our search into its own box (OpenSearch 1.1, draft 6)."""

from xml.etree import ElementTree as ET

from starlette.requests import Request
from starlette.responses import Response

from broadsheet.entrance.asked import house_of, origin_of
from broadsheet.entrance.xml import add, document, written

MEDIA_TYPE = "application/opensearchdescription+xml"
# As many characters as the specification lets a name have.
_SHORT, _LONG = 16, 48
_TEMPLATES = (
    ("text/html", "results", "/search?q={searchTerms}&page={startPage?}"),
    ("application/x-suggestions+json", "suggestions", "/suggest.json?q={searchTerms}"),
    ("application/rss+xml", "results", "/search.rss?q={searchTerms}"),
    ("application/atom+xml", "results", "/search.atom?q={searchTerms}"),
    (MEDIA_TYPE, "self", "/opensearch.xml"),
)


def description(request: Request) -> Response:
    """Describe the search, its suggestions and its feeds to a browser."""
    origin, name = origin_of(request), written(house_of(request).settings.site_name) or "Broadsheet"
    root = ET.Element("OpenSearchDescription", {"xmlns": "http://a9.com/-/spec/opensearch/1.1/"})
    add(root, "ShortName", name[:_SHORT].strip())
    add(root, "LongName", name[:_LONG].strip())
    add(root, "Description", f"Search the papers of {name[:_LONG].strip()}")
    for media_type, rel, template in _TEMPLATES:
        add(root, "Url", attributes={"type": media_type, "rel": rel, "template": origin + template})
    icon = {"type": "image/svg+xml", "width": "16", "height": "16"}
    add(root, "Image", f"{origin}/static/icon.svg", icon)
    add(root, "Query", attributes={"role": "example", "searchTerms": "language models"})
    for told, value in (("SyndicationRight", "open"), ("AdultContent", "false"), ("Language", "en")):
        add(root, told, value)
    for told in ("OutputEncoding", "InputEncoding"):
        add(root, told, "UTF-8")
    headers = {"Content-Type": f"{MEDIA_TYPE}; charset=utf-8", "Cache-Control": "max-age=86400"}
    return Response(document(root), headers=headers)
