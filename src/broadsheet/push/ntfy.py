"""ntfy: a notification in plain text, published as JSON to the root of its server.

See docs.ntfy.sh/publish/#publish-as-json and docs.ntfy.sh/publish/#limitations.
"""

from broadsheet.push.brief import Brief, largest
from broadsheet.push.lines import as_plain, below_headline
from broadsheet.push.port import Facts, Target
from broadsheet.push.request import Request, json_request
from broadsheet.push.sizes import cut, utf8

# What is longer arrives as a file; a title has no published limit, and phones show one line of it.
_LONGEST_MESSAGE, _LONGEST_TITLE = 4_096, 250


def request(brief: Brief, target: Target, _facts: Facts) -> Request:
    """Make the request that publishes to a topic; a touch opens the digest or its list."""
    server, _, topic = target.fields["url"].rpartition("/")
    brief = largest(brief, _fits)
    told = {
        "topic": topic,
        "title": cut(brief.headline, _LONGEST_TITLE, utf8),
        "message": message(brief),
        "tags": ["newspaper"],
        **({"click": brief.url} if brief.url else {}),
    }
    token = target.fields.get("token", "")
    return json_request(f"{server}/", told, {"Authorization": f"Bearer {token}"} if token else {})


def message(brief: Brief) -> str:
    """Write a message, whether it is too long or not; never empty, as ntfy puts words of its own there."""
    return "\n".join(map(as_plain, below_headline(brief))).strip("\n") or brief.headline


def _fits(brief: Brief) -> bool:
    return utf8(message(brief)) <= _LONGEST_MESSAGE
