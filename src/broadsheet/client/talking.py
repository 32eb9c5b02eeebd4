"""What is said of papers, and what readers do to them."""

from typing import Literal

from broadsheet.client.asked import name, names
from broadsheet.client.asking import Asking
from broadsheet.client.kept import Comment, Voted
from broadsheet.client.paging import Talk


class Talking:
    """Upvotes and comments. All but reading takes a token with the scope ``write``."""

    _asking: Asking

    def comments(self, paper_id: str, order: Literal["oldest", "newest"] = "oldest") -> Talk:
        """Give what is said of a paper: an iterable of comments, each with its answers."""
        return Talk(self._asking, f"/papers/{names(paper_id)}/comments", order)

    def upvote(self, paper_id: str) -> Voted:
        """Upvote a paper; once for each reader."""
        return self._asking.ask(Voted, "PUT", f"/papers/{names(paper_id)}/upvote")

    def take_back_upvote(self, paper_id: str) -> Voted:
        """Take an upvote back; without one nothing changes."""
        return self._asking.ask(Voted, "DELETE", f"/papers/{names(paper_id)}/upvote")

    def comment(self, paper_id: str, text: str, *, answers: int | None = None) -> Comment:
        """Say something about a paper in Markdown, or answer the comment of a number.

        Raises InDoubt where it was sent and not answered. The same words sent again at once are one comment.
        """
        body = {"body": text, "answers_to": answers}
        return self._asking.ask(Comment, "POST", f"/papers/{names(paper_id)}/comments", body)

    def edit_comment(self, number: int, text: str) -> Comment:
        """Let a comment of one's own say something else."""
        return self._asking.ask(Comment, "PATCH", f"/comments/{number}", {"body": text})

    def withdraw_comment(self, number: int) -> None:
        """Take a comment of one's own back, with all it ever said."""
        self._asking.do("DELETE", f"/comments/{number}")

    def react(self, number: int, emoji: str) -> None:
        """Say an emoji to a comment, one of those that the house knows."""
        self._asking.do("PUT", f"/comments/{number}/reactions/{name(emoji)}")

    def take_back_reaction(self, number: int, emoji: str) -> None:
        """Take an emoji back; without it nothing changes."""
        self._asking.do("DELETE", f"/comments/{number}/reactions/{name(emoji)}")
