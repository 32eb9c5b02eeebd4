"""Comments, and what became of a submission."""

from broadsheet.api.hf.shapes.objects import Answer, Comment, Submitted
from broadsheet.api.hf.shapes.people import user
from broadsheet.api.hf.shapes.values import stamp
from broadsheet.flow.talking.thread import Remark
from broadsheet.model.paper import Paper
from broadsheet.model.submission import Submission


def comment(remark: Remark) -> Comment:
    """Make a comment with its answers; of one that was taken back or down only the place is left."""
    return {**_answer(remark), "replies": [_answer(each) for each in remark.answers]}


def _answer(remark: Remark) -> Answer:
    kept = remark.said.comment
    made: Answer = {
        "id": str(kept.id),
        "createdAt": stamp(kept.at),
        "type": "comment",
        "data": {
            "edited": kept.edited_at is not None,
            "hidden": kept.state in {"hidden", "withdrawn"},
            "latest": {"raw": kept.body, "updatedAt": stamp(kept.edited_at or kept.at)},
            "reactions": [{"reaction": each.emoji, "count": each.count} for each in remark.tallies],
        },
    }
    if remark.said.handle:
        made["author"] = user(remark.said.handle, remark.said.name)
    if kept.parent_id is not None:
        made["parentCommentId"] = str(kept.parent_id)
    return made


def submitted(paper: Paper | None, submission: Submission | None) -> Submitted:
    """Tell what became of a submission, or that the paper is here already."""
    made: Submitted = {"state": "known", "why": ""}
    if submission is not None:
        made.update({"id": submission.id, "state": submission.state, "why": submission.why})
    if paper is not None:
        made["paperId"] = paper.slug
    return made
