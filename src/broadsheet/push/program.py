"""Programs: a digest as JSON, signed by Standard Webhooks.

See github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from broadsheet.push.brief import Brief, Item, largest, line
from broadsheet.push.port import Facts, Target
from broadsheet.push.request import Request, as_json
from broadsheet.push.signing import secrets_in, signatures
from broadsheet.push.sizes import utf8

# The specification asks for less than 20 kB, so that receivers can bound what they read.
_LONGEST_BODY = 20_000
_MOST_AUTHORS, _LONGEST_NAME = 10, 100


def request(brief: Brief, target: Target, facts: Facts) -> Request:
    """Make the signed request; ``webhook-id`` is the same whenever a digest is sent again, so it can be taken once."""
    body = as_json(message(largest(brief, lambda told: _fits(told, facts)), facts)).encode()
    name, timestamp = f"msg_{sha256(facts.key.encode()).hexdigest()[:32]}", int(facts.at.timestamp())
    headers = {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signatures(secrets_in(target.fields["secret"]), name, timestamp, body),
    }
    return Request(url=target.fields["url"], body=body, headers=headers)


def message(brief: Brief, facts: Facts) -> dict[str, Any]:
    """Write an event, whether it is too long or not."""
    return {
        "type": f"digest.{brief.kind}",
        "timestamp": facts.at.isoformat(),
        "data": {
            "day": brief.day.isoformat(),
            "headline": brief.headline,
            "why": brief.why,
            "url": brief.url,
            "lists": [
                {"title": part.title, "url": part.url, "papers": list(map(_paper, part.items)), "more": part.more}
                for part in brief.parts
            ],
            "more": brief.beyond,
        },
    }


def _fits(brief: Brief, facts: Facts) -> bool:
    return utf8(as_json(message(brief, facts))) <= _LONGEST_BODY


def _paper(item: Item) -> dict[str, Any]:
    paper = item.paper
    return {
        "title": item.title,
        "url": item.url,
        "ids": {external.scheme: line(external.value, _LONGEST_NAME) for external in reversed(paper.ids)},
        "authors": list(_authors(item)),
        "author_count": max(len(paper.authors), paper.author_count),
        "organisations": [line(name, _LONGEST_NAME) for name in paper.organisations[:_MOST_AUTHORS]],
        "published": line(paper.published, _LONGEST_NAME),
        "sentence": item.telling,
        "why": item.why,
        "upvotes": paper.upvotes,
        "links": {word.lower(): url for word, url in item.links},
    }


def _authors(item: Item) -> Iterator[str]:
    return filter(None, (line(author.name, _LONGEST_NAME) for author in item.paper.authors[:_MOST_AUTHORS]))
