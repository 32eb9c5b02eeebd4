"""The table of all pages. A ``Route`` only reads; a ``Post`` says who may send its form."""

from importlib.resources import files
from pathlib import Path

from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from broadsheet.web import (
    account,
    belongings,
    comments,
    daily,
    health,
    history,
    joining,
    labels,
    metrics,
    moderation,
    notices,
    paper,
    ranking,
    readers,
    readings,
    search,
    searches,
    sign_in,
    sources,
    status,
    submissions,
    submit,
    suggest,
    trending,
    upvotes,
)
from broadsheet.web.belongings import MAX_BROUGHT
from broadsheet.web.post import Get, Post


class Static(StaticFiles):
    """Files of our own whose URL carries the edition, so a browser may keep them for good."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Serve a file, or 304 when the browser's copy is good."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def routes() -> list[BaseRoute]:
    """List every address we answer, the first that matches wins."""
    return [
        Route("/", daily.latest, name="latest"),
        Route("/papers/date", daily.turn_to, name="turn_to"),
        Route("/papers/date/{day}", daily.of_day, name="day"),
        Route("/papers/week/{week}", daily.of_week, name="week"),
        Route("/papers/month/{month}", daily.of_month, name="month"),
        Route("/trending", trending.page, name="trending"),
        Route("/ranking", ranking.page, name="ranking"),
        Post("/papers/{slug:path}/upvote", upvotes.cast, name="upvote", permission="reader"),
        Post("/papers/{slug:path}/upvote/undo", upvotes.undo, name="undo_upvote", permission="reader"),
        Post("/papers/{slug:path}/keep", readings.keep, name="keep", permission="reader"),
        Route("/papers/{slug:path}.bib", paper.bib, name="bib"),
        Route("/papers/{slug:path}/comments/{number}/history", comments.history, name="comment_history"),
        Route("/papers/{slug:path}/history", history.page, name="history"),
        Post("/papers/{slug:path}/comments", comments.say, name="say", permission="reader"),
        Post("/papers/{slug:path}/comments/preview", comments.preview, name="preview_comment", permission="reader"),
        Route("/papers/{slug:path}", paper.page, name="paper"),
        Route("/comments", comments.latest, name="comments"),
        Route("/comments/{number}", comments.open_, name="comment"),
        Post("/comments/{number}/edit", comments.edit, name="edit_comment", permission="reader"),
        Post("/comments/{number}/withdraw", comments.withdraw, name="withdraw_comment", permission="self"),
        Post("/comments/{number}/react", comments.react, name="react", permission="reader"),
        Post("/comments/{number}/report", comments.report, name="report_comment", permission="reader"),
        Get("/notices", notices.page, name="notices", permission="self"),
        Post("/notices/seen", notices.mark_seen, name="mark_seen", permission="self"),
        Route("/search", search.by_link, name="search"),
        Post("/search", search.by_text, name="search_text", permission="read"),
        Route("/suggest", suggest.suggestions, name="suggest"),
        Route("/searches", searches.page, name="searches"),
        Post("/searches", searches.save, name="save_search", permission="reader"),
        Route("/searches/{slug}", searches.open_, name="saved_search"),
        Post("/searches/{slug}", searches.rename, name="rename_search", permission="reader"),
        Post("/searches/{slug}/delete", searches.delete, name="delete_search", permission="reader"),
        Route("/sign-in", sign_in.page, name="sign_in"),
        Post("/sign-in", sign_in.ask, name="ask_to_sign_in", permission="guest"),
        Route("/sign-in/sent", sign_in.sent, name="sign_in_sent"),
        Post("/sign-out", sign_in.sign_out, name="sign_out", permission="guest"),
        Route("/letters/{secret}", sign_in.letter, name="letter"),
        Post("/letters", sign_in.open_letter, name="open_letter", permission="guest"),
        Post("/letters/address", sign_in.add_address, name="confirm_address", permission="self"),
        Post("/letters/accept", joining.accept, name="accept_invitation", permission="guest"),
        Post("/join", joining.join, name="join", permission="guest"),
        Get("/account", account.page, name="account", permission="self"),
        Post("/account", account.describe, name="describe_reader", permission="reader"),
        Post("/account/addresses", account.add_address, name="add_address", permission="self"),
        Post("/account/addresses/remove", account.remove_address, name="remove_address", permission="self"),
        Post("/account/sessions/end", account.end_session, name="end_session", permission="self"),
        Post("/account/tokens", account.make_token, name="make_token", permission="reader"),
        Post("/account/tokens/{number}/revoke", account.revoke_token, name="revoke_token", permission="self"),
        Post("/account/invitations", account.invite, name="invite", permission="reader"),
        Post("/account/invitations/take-back", account.take_back, name="take_back_invitation", permission="reader"),
        Post("/account/export", belongings.export, name="export", permission="self"),
        Get("/account/import", belongings.importing, name="importing", permission="reader"),
        Post("/account/import", belongings.bring, name="bring_lists", permission="reader", most=MAX_BROUGHT),
        Get("/account/leave", belongings.ask_to_leave, name="ask_to_leave", permission="self"),
        Post("/account/leave", belongings.leave, name="leave", permission="self"),
        Get("/reading", readings.page, name="reading", permission="self"),
        Post("/reading", readings.mark, name="mark_reading", permission="reader"),
        Post("/labels", labels.make, name="make_label", permission="reader"),
        Post("/labels/{slug}", labels.change, name="change_label", permission="reader"),
        Post("/labels/{slug}/delete", labels.delete, name="delete_label", permission="reader"),
        Post("/labels/{slug}/papers", labels.put, name="put_on_label", permission="reader"),
        Post("/labels/{slug}/papers/take-off", labels.take_off, name="take_off_label", permission="reader"),
        Route("/readers/{handle}", readers.page, name="reader"),
        Route("/readers/{handle}/labels/{slug}.bib", labels.bib, name="label_bib"),
        Route("/readers/{handle}/labels/{slug}", labels.page, name="label"),
        Get("/submit", submit.page, name="submit", permission="reader"),
        Post("/submit", submit.bring, name="bring_in", permission="reader"),
        Get("/submissions", submissions.page, name="submissions", permission="self"),
        Get("/submissions/{number}", submissions.one, name="submission", permission="self"),
        Post("/submissions/{number}/withdraw", submissions.withdraw, name="withdraw_submission", permission="self"),
        Post("/submissions/{number}/retry", submissions.try_again, name="retry_submission", permission="reader"),
        Post("/report", moderation.report, name="report", permission="reader"),
        Route("/moderation/log", moderation.log, name="moderation_log"),
        Get("/moderation", moderation.queue, name="moderation", permission="moderator"),
        Post(
            "/moderation/submissions/{number}/{act}",
            moderation.submission,
            name="rule_submission",
            permission="moderator",
        ),
        Post("/moderation/comments/{number}/{act}", moderation.comment, name="rule_comment", permission="moderator"),
        Post("/moderation/papers/merge", moderation.merge, name="merge_papers", permission="moderator"),
        Post("/moderation/papers/{act}", moderation.paper, name="rule_paper", permission="moderator"),
        Post("/moderation/readers/suspend", moderation.suspend, name="suspend", permission="moderator"),
        Post("/moderation/readers/reinstate", moderation.reinstate, name="reinstate", permission="moderator"),
        Post("/moderation/dismiss", moderation.dismiss, name="dismiss_report", permission="moderator"),
        Route("/status", status.page, name="status"),
        Route("/status/schedule", sources.schedule, name="schedule"),
        Route("/status/{name}", sources.page, name="source"),
        Post("/status/{name}/pause", sources.pause, name="pause_source", permission="admin"),
        Post("/status/{name}/resume", sources.resume, name="resume_source", permission="admin"),
        Post("/status/{name}/run", sources.run, name="run_source", permission="admin"),
        Post("/status/{name}/problems/{number}/retry", sources.retry, name="retry_problem", permission="admin"),
        Post("/status/{name}/problems/{number}/ignore", sources.ignore, name="ignore_problem", permission="admin"),
        Post("/status/{name}/gaps/{number}/ignore", sources.ignore_gap, name="ignore_gap", permission="admin"),
        Route("/metrics", metrics.metrics, name="metrics"),
        Route("/health", health.health, name="health"),
        Route("/robots.txt", health.robots, name="robots"),
        Route("/favicon.ico", health.favicon, name="favicon"),
        Mount("/static", Static(directory=Path(str(files("broadsheet.web") / "static"))), name="static"),
    ]
