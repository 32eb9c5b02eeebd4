"""What came back to the address that our mails return to: a bounce, a complaint, a wish to hear no more, or nothing.

Read are reports as RFC 3464 and RFC 5965 have them, and what servers write that know neither. Whose mail it was says
the token in the address it came to, or in the mail that it is about; whether that is ours is for others to say.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Literal

from broadsheet.mail.sections import Section, fields, sections
from broadsheet.mail.verdict import judge, phrases

Kind = Literal["hard", "soft", "complaint", "unsubscribe", "none"]

LONGEST_WORDS = 300
_LONGEST_PROSE = 8_000
_LONGEST_REPORT = 32_000
_MOST_GROUPS = 50
# One letter for what it is of, a number, and the proof: what stands behind the plus sign of an address of ours.
_TOKEN = re.compile(r"(?:\+|%2B)([ub]\d{1,18}-[a-z2-7]{16,64})(?![a-z2-7])", re.IGNORECASE)
# Where those who deliver a mail say to whom (RFC 9228 for the first; Postfix, Exim and qmail for others).
_TO = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-rcpt-to", "apparently-to", "to", "cc")
_DAEMON = phrases(
    "mailer.?daemon|postmaster|mail delivery|mdaemon|daemon@|bounces?@|mailsystem|\\bmmdf\\b|undeliver",
    "system administrator|mail administrator|microsoft exchange",
)
_FAILED = phrases(
    "undeliver|not (?:be )?deliver|delivery (?:\\w+ ){0,3}(?:fail|problem|error|report)|failure|failed|qmail-send",
    "returned mail|returned to sender|mail system error|bounced|fatal error|refused|rejected",
    "unzustellbar|nicht zugestellt|non.?remis|no se (?:ha )?pudo|退信|配信|не доставлен",
)
_LATE = phrases(
    "(?:do|does) not need to re-?send|warning message only|will (?:continue|keep) (?:to try|trying)|delivery delayed",
    "still being retried|has been delayed|not yet been delivered|will be retried|\\(delay\\)",
)
# Where the text of our own mail begins, in reports that have no parts.
_COPY = phrases(
    "below this line is a copy|this is a copy of (?:the|your) message|original message (?:follows|headers|below)",
    "--- ?(?:original|unsent|returned|undelivered|forwarded) message|--- ?(?:message header|headers follow)",
    "--- ?(?:the header of the original|included is a copy|transcript of message|nachricht)",
    "the original message was:|your (?:original )?message (?:follows|reads)|^received: ",
)
_MAIL_ADDRESS = re.compile(r"[^\s<>@\"'(),:;=\[\]]{1,120}@([\w.-]{1,120})")
_TELLING = re.compile(r"[45]\d\d|reason|error|because|said|unknown|exist|full|quota", re.IGNORECASE)
_QMAIL = phrases(r"this is the (?:\S+ )?(?:qmail-send program|mail system at)")
_AWAY = phrases(
    "^auto(?:matic|matische|matisk)?[ -]?(?:reply|response|antwort|svar)|^out of (?:the )?office|^away|^vacation",
    "^réponse automatique|^abwesen|^respuesta autom",
)
# Answers repeat our subject, where the title of a paper stands behind a quotation mark, as it is or coded (RFC 2047).
_TITLE = re.compile("“|=E2=80=9C|=93", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,400}>")
_WHO = frozenset({"final-recipient", "original-recipient", "x-actual-recipient"})
_DIAGNOSES = ("diagnostic-code", "x-supplementary-info", "x-display-name")
_FAILURES = frozenset({"failed", "failure", "undeliverable", ""})
_COMPLAINTS = frozenset({"abuse", "fraud", "virus", "other", "miscategorized"})


@dataclass(frozen=True, slots=True)
class Return:
    """What a mail says: ``token`` as it stands in the address, in lower case, empty where there is none.

    ``words`` are the server's, at most 300 letters in one line; of addresses only their hosts are left.
    """

    kind: Kind
    token: str = ""
    words: str = ""


def read_return(message: bytes) -> Return:
    """Read a mail; whatever it is, something comes out."""
    parts = sections(message)
    by_kind = {part.kind: part for part in reversed(parts)}
    if "message/feedback-report" in by_kind:
        return _complaint(by_kind["message/feedback-report"], parts)
    report = by_kind.get("message/delivery-status") or by_kind.get("message/global-delivery-status")
    prose = _prose(parts)
    groups = list(_recipients(report.text if report else prose))
    token = _token(("b",), parts)
    if groups:
        return _reported(groups, token)
    head = parts[0].headers
    wish = _TOKEN.search(_recipient(head))
    if wish and wish[1][0].lower() == "u":
        return Return("none" if _is_answer(head) else "unsubscribe", wish[1].lower())
    if "x-hmxmroriginalrecipient" in head or head.get("subject", "").startswith("complaint about message"):
        return Return("complaint", _token(("b", "u"), parts))
    return _told(head, prose, token)


def _complaint(report: Section, parts: Sequence[Section]) -> Return:
    """Read a report of abuse (RFC 5965, section 3.1, and the types of its registry)."""
    told = fields([line for line in report.text.split("\n") if line.strip()])
    kind = told.get("feedback-type", "").split("\n")[0].split(";")[0].strip().lower()
    words = _line(f"{kind}, told by {told.get('user-agent', 'somebody')}")
    if kind == "opt-out":
        return Return("unsubscribe", _token(("u", "b"), parts), words)
    return Return("complaint" if kind in _COMPLAINTS else "none", _token(("b", "u"), parts), words)


def _reported(groups: Iterable[Mapping[str, str]], token: str) -> Return:
    """Judge a report of delivery by the worst that it says of a recipient (RFC 3464, section 2.3)."""
    found = Return("none", token)
    for group in groups:
        action = re.match(r"\s*(\w*)", group.get("action", "failed"))
        if action is None or action[1].lower() not in _FAILURES:
            continue
        said = "\n".join(group[name] for name in _DIAGNOSES if name in group)
        verdict = judge(said, group.get("status", "")) or "soft"
        if found.kind == "none" or verdict == "hard":
            found = Return(verdict, token, _line(said or group.get("status", "")))
    return found


def _recipients(text: str) -> Iterator[Mapping[str, str]]:
    """Give the fields of each recipient of a report."""
    blocks = re.split(r"\n[ \t]*\n", text[:_LONGEST_REPORT])
    for block in blocks[:_MOST_GROUPS]:
        told = fields(block.split("\n"))
        if not told.keys().isdisjoint(_WHO) and not told.keys().isdisjoint({"action", "status"}):
            yield told


def _told(head: Mapping[str, str], prose: str, token: str) -> Return:
    """Judge what a server wrote in words of its own."""
    subject = _TITLE.split(head.get("subject", ""), 1)[0]
    opening = f"{subject}\n{prose}"
    by_daemon = "x-failed-recipients" in head or _DAEMON.search(head.get("from", "")) or _QMAIL.search(prose)
    if not by_daemon and (_is_answer(head) or not _FAILED.search(subject)):
        return Return("none", token)
    verdict = judge(prose)
    if _LATE.search(opening) or not (verdict or _FAILED.search(opening)):
        return Return("none", token)
    telling = [line for line in prose.split("\n") if _TELLING.search(line)]
    return Return(verdict or "soft", token, _line(" ".join(telling) or prose))


def _is_answer(head: Mapping[str, str]) -> bool:
    """Tell whether a robot answers that somebody is away (RFC 3834, section 5, and what was there before it)."""
    automatic = head.get("auto-submitted", "no").lower().startswith("auto-replied")
    older = "x-autoreply" in head or "x-autorespond" in head or "auto_reply" in head.get("precedence", "").lower()
    return automatic or older or bool(_AWAY.search(head.get("subject", "")))


def _prose(parts: Sequence[Section]) -> str:
    """Give what a mail says itself: its first text, up to where it begins to quote ours."""
    # A report whose parts cannot be told apart is read as one text.
    texts = [part for part in parts if len(parts) == 1 or part.kind in {"text/plain", "text/html"}]
    texts = [part for part in texts if part.text.strip()]
    if not texts:
        return ""
    text = texts[0].text[: 2 * _LONGEST_PROSE]
    if texts[0].kind == "text/html":
        text = unescape(_TAG.sub(" ", text))
    copied = _COPY.search(text)
    return text[: copied.start() if copied else None][:_LONGEST_PROSE]


def _token(kinds: tuple[str, ...], parts: Sequence[Section]) -> str:
    """Find the token of an address that a mail came to, or else one that it speaks of; kinds in their order."""
    texts = [_recipient(parts[0].headers), *(part.text for part in parts)]
    found = [token.lower() for text in texts for token in _TOKEN.findall(text)]
    return next((token for kind in kinds for token in found if token[0] == kind), "")


def _recipient(head: Mapping[str, str]) -> str:
    return "\n".join(head[name] for name in _TO if name in head)


def _line(text: str) -> str:
    shown = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * LONGEST_WORDS])
    return _MAIL_ADDRESS.sub(r"…@\1", " ".join(shown.split()))[:LONGEST_WORDS]
