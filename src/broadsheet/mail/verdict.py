"""Will a mailbox ever take our mail? What servers say when they did not deliver, judged.

By the enhanced status code (RFC 3463 and the registry iana.org/assignments/smtp-enhanced-status-codes), where that
says who is at fault, else by the words beside it, else by the reply code (RFC 5321, section 4.2).
"""

import re
from typing import Literal

# ``hard``: this mailbox is not there and never will be. ``soft``: not this time, for whatever reason.
Verdict = Literal["hard", "soft"]

# Not beside further digits: 5.1.1.7 is an address, and 4.94.2 the version of a program.
_STATUS = re.compile(r"(?<![\d.])([245])\.([0-7])\.(\d{1,3})(?![\d.]|\w)")
_REPLY = re.compile(r"(?<![\d.\w])([45][0-5]\d)(?=[ \-#,;:)\]]|$)", re.MULTILINE)
# By subject and detail. The rest of class 5 tells of the mail, its sender or the way, and of no mailbox.
_HARD = frozenset({"1.0", "1.1", "1.2", "1.3", "1.4", "1.6", "1.10", "2.1", "4.4"})
_SOFT = frozenset({"1.7", "1.8", "1.9", "2.2", "2.3", "2.4", "4.5", "4.6", "4.7"})
# Codes that servers put before anything at all.
_VAGUE_HARD = frozenset({"0.0", "2.0", "4.1", "5.0"})


def phrases(*told: str) -> re.Pattern[str]:
    """Make the pattern that any of some phrases meets, in capitals or not."""
    return re.compile("|".join(told), re.IGNORECASE | re.MULTILINE)


_FULL = phrases(
    "over ?quota",
    "quota (?:exceeded|violation|limit)",
    r"exceed\w* (?:\w+ ){0,3}(?:quota|storage|mailbox size)",
    r"(?:mailbox|inbox|maildir|account|disk) (?:\w+ ){0,3}full",
    "insufficient (?:disk|system) (?:space|storage)",
    "out of storage|not enough (?:storage|space)",
    "boîte .{0,20}pleine",
    "postfach .{0,20}voll",
)
_GONE = phrases(
    "unknown (?:user|recipient|local|account|address)",
    "no such (?:user|mailbox|recipient|address|person|account|email|domain|host)",
    "(?:mailbox|recipient|address|account|user|email|domain)\\b.{0,60} (?:not|n't) (?:exist|found|valid|known|listed)",
    "(?:mailbox|recipient|address|account|user)\\b.{0,60}(?:unknown|invalid|unavailable|disabled|inactive|deactivated)",
    "(?:mailbox|recipient|address|account|user)\\b.{0,60}(?:suspended|discontinued|closed|deleted|no longer|rejected)",
    "(?:mailbox|recipient|address|account|user)\\b.{0,60}(?:couldn't be found|isn't valid|doesn't exist|doesn't have)",
    "(?:invalid|bad|illegal|incorrect) (?:recipient|mailbox|destination|address|user)",
    "not a (?:known|valid|local) (?:user|recipient|mailbox|address)",
    "no mailbox (?:here )?by that name|nobody here by that name|delivery error: dd",
    "(?:domain|host or domain) name (?:not found|unknown)|unrouteable (?:mail domain|address)|name not found",
    "couldn't find any host|unable to (?:route|resolve)|null ?mx|does not accept mail|no mx record|nxdomain",
    "empfänger .{0,30}unbekannt",
    "destinataire .{0,30}(?:inconnu|introuvable)",
    "usuario .{0,30}(?:no existe|desconocido)",
    "(?:пользователь|ящик).{0,40}не (?:найден|существует)",
    "用户不存在|收件人.{0,20}不存在|宛先.{0,30}存在しません",
)
_NOT_NOW = phrases(
    "spam|black ?list|block ?list|banned|reputation|\\brbl\\b|\\bdnsbl\\b|barracuda|gr[ae]y ?list|unsolicited|virus",
    "policy|\\bdmarc\\b|\\bspf\\b|\\bdkim\\b|content|relay|authentication required|\\btls\\b",
    "try again|temporar|timed? ?out|connection refused|could not connect|retry time|rate.?limit|throttl|deferred|busy",
    "too (?:many|large|big|long)|size (?:limit|exceeds)|message size|\\bloop",
)


def judge(said: str, status: str = "") -> Verdict | None:
    """Judge what a server said, with the status code that a report gives beside it; None where neither says a thing."""
    codes = [found for text in (status, said) for found in _STATUS.finditer(text) if found[1] != "2"]
    replies = _REPLY.findall(said)
    failing = codes[0][1] if codes else replies[0][0] if replies else ""
    if _FULL.search(said):
        return "soft"
    if failing == "4":
        return "soft"
    for code in codes:
        name = f"{code[2]}.{int(code[3])}"
        if name in _HARD or name in _SOFT:
            return "hard" if name in _HARD else "soft"
    return _by_words(said, {f"{code[2]}.{int(code[3])}" for code in codes}, replies)


def _by_words(said: str, names: set[str], replies: list[str]) -> Verdict | None:
    if _GONE.search(said) and not (any(name[0] == "7" for name in names) and _NOT_NOW.search(said)):
        return "hard"
    if _NOT_NOW.search(said):
        return "soft"
    if names:
        return "hard" if names & _VAGUE_HARD else "soft"
    if replies:
        return "hard" if replies[0] in {"550", "551", "553", "556"} else "soft"
    return None
