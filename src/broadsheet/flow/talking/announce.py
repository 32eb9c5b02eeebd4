"""Tell those whom a comment concerns, each once: who is answered, who is mentioned, whose paper it is about."""

from collections.abc import Iterable
from datetime import datetime

from broadsheet.model.author import author_keys
from broadsheet.model.comment import Comment, mentions, opening
from broadsheet.model.notice import Kind
from broadsheet.store import comments, notices, papers
from broadsheet.store.connect import Connection


def announce(connection: Connection, comment: Comment, at: datetime) -> None:
    """Keep a notice for everybody whom a comment concerns and who was not told of it before."""
    kinds: dict[int, Kind] = dict.fromkeys(_of_the_paper(connection, comment.paper_id), "comment")
    kinds |= dict.fromkeys(comments.active(connection, mentions(comment.body)).values(), "mention")
    answered = comments.by_id(connection, comment.parent_id) if comment.parent_id else None
    if answered and answered.reader_id:
        kinds[answered.reader_id] = "answer"
    for known in (*notices.told(connection, comment.id), comment.reader_id):
        kinds.pop(known or 0, None)
    words = opening(comment.body)
    notices.tell(connection, kinds, notices.Matter(words, at, comment.reader_id, comment.paper_id, comment.id))


def _of_the_paper(connection: Connection, paper_id: int) -> Iterable[int]:
    """Give who brought a paper in and who is its author here."""
    found = papers.by_ids(connection, (paper_id,))
    return comments.bearers(connection, paper_id, author_keys(found[0])) if found else ()
