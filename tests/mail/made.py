"""Digests made of what means harm, from a seed; who they go to, and a key to sign them with."""

import random
from base64 import b64encode
from datetime import UTC, date, datetime
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from tests.hostile import HOSTILE

from broadsheet.mail.port import Facts, Listing, Mail, Rendered
from broadsheet.model.digest import Card, Digest, Section
from broadsheet.model.ids import ExternalId
from broadsheet.model.paper import Paper
from broadsheet.model.record import Author, Link

DAY = date(2026, 11, 20)
HOME = "https://papers.example"
WORTHLESS = "12.bsd_0123456789abcdefghijABCDEFGHIJ01234567"
FACTS = Facts(
    site="The Daily Napkin",
    home_url=HOME,
    unsubscribe_url=f"{HOME}/unsubscribe/{WORTHLESS}",
    manage_url=f"{HOME}/subscriptions/{WORTHLESS}",
    view_url=f"{HOME}/digests/view/{WORTHLESS}",
    why="You get this once a day because you subscribed to “Trending” on The Daily Napkin.",
)
LISTING = Listing(
    id="daily.digests.papers.example",
    unsubscribe_url=FACTS.unsubscribe_url,
    unsubscribe_mail="bounces+u12-abcdefghijklmnopqrstuvwxyz@papers.example",
    archive=f"{HOME}/digests",
    feedback="2026-11-20:daily:digest:broadsheet",
)
# What becomes a header, a recipient, markup, another way to read, or the end of a mail where it is let.
WORDS = (
    *("\r\nBcc: eve@evil.example", "\nSubject: other", "\r\n\r\n<b>body</b>", "\r", "\n.\r\n", "\0", "\x1b[31m"),
    *("=?utf-8?q?=0D=0ABcc=3A_eve@evil.example?=", "=?utf-8?b?4oCu?=", "\u202egnp.exe", "\u2066\u2069", "\ufeff"),
    *("<script>alert(1)</script>", "<img src=//evil.example/x>", "</td></tr></table>", "{{ 7 * 7 }}", "{% raw %}"),
    *("<!--", "-->", "<![endif]-->", "]]>", '" onclick="x', "' style='x", "&lt;", "&amp;amp;", "--=_fence--", "=3D"),
    *("$\\frac{1}{2}$", "\\textbf{bold", "折り紙", "עברית", "العربية", "👩\u200d💻", "é", "e\u0301" * 40, "x" * 1_200),
    *("From ", "> ", ".", "..", "\u2028", "\u2029", "\x85", "\ud800", "\U000e0041", "a b", "napkins", "of", "paper"),
    *HOSTILE,
)


def hostile_text(chance: random.Random, most: int = 12) -> str:
    """Put a text together of what means harm."""
    return chance.choice(("", " ")).join(chance.choice(WORDS) for _ in range(chance.randint(1, most)))


def hostile_paper(chance: random.Random, number: int) -> Paper:
    """Make a paper whose every word means harm."""
    return Paper(
        id=number,
        slug=f"26{number % 12 + 1:02d}.{number:05d}",
        title=hostile_text(chance),
        abstract=hostile_text(chance, 60),
        authors=tuple(Author(hostile_text(chance, 4)) for _ in range(chance.randint(0, 6))),
        ids=(ExternalId("arxiv", f"26{number % 12 + 1:02d}.{number:05d}"),),
        organisations=(hostile_text(chance, 4),) if chance.random() < 0.5 else (),
        links=(Link("code", chance.choice(("https://code.example/x", 'https://x.example/"><b>', "javascript:1"))),),
        upvotes=chance.choice((0, 1, 12, 1_234)),
        stars=chance.choice((0, 3, 45_678)),
        withdrawn=chance.random() < 0.1,
    )


def hostile_digest(seed: int, most: int = 4) -> Digest:
    """Make the digest of a seed: one or two lists, and so many papers in each at most."""
    chance = random.Random(seed)
    sections = []
    for _ in range(chance.randint(1, 2)):
        papers = [hostile_paper(chance, chance.randint(1, 99_999)) for _ in range(chance.randint(1, most))]
        telling = [(hostile_text(chance, 20),) if chance.random() < 0.8 else () for _ in papers]
        cards = tuple(Card(paper, told, hostile_text(chance, 6)) for paper, told in zip(papers, telling, strict=True))
        sections.append(Section(hostile_text(chance, 5), "/trending", cards, chance.choice((0, 7))))
    return Digest(chance.choice(("daily", "weekly", "now")), DAY, tuple(sections))


def plain_digest(papers: int = 12) -> Digest:
    """Make a digest as most are."""
    cards = tuple(
        Card(
            Paper(
                id=number,
                slug=f"2611.{number:05d}",
                title=f"Folding napkin number {number} with attention, and what a kettle has to do with all of it",
                abstract="Napkins are folded. " * 40,
                authors=tuple(Author(f"Ann {letter} Lee") for letter in "ABCDEF"),
                ids=(ExternalId("arxiv", f"2611.{number:05d}"),),
                organisations=("Tea Institute",),
                links=(Link("code", "https://github.com/tea/napkins"),),
                upvotes=3 * number,
                stars=1_200,
            ),
            ("We fold each napkin again and again, until it stands; four of five stood for longer than a minute.",),
            "Trending" if number % 2 else "Matches “napkins”",
        )
        for number in range(1, papers + 1)
    )
    return Digest("daily", DAY, (Section("Trending", "/trending", cards, 7),))


def mail_with(rendered: Rendered, **told: object) -> Mail:
    """Make the mail of a digest that was set."""
    facts: dict[str, object] = {
        "key": "20261120.abc",
        "sender": "daily@papers.example",
        "sender_name": FACTS.site,
        "to": "ada@example.org",
        "subject": rendered.subject,
        "text": rendered.text,
        "html": rendered.html,
        "at": datetime(2026, 11, 20, 7, tzinfo=UTC),
        "return_path": "bounces+b7-abcdefghijklmnopqrstuvwxyz@papers.example",
        "listing": LISTING,
    }
    return Mail(**{**facts, **told})  # type: ignore[arg-type]


def key_in(folder: Path, *, bits: int = 2048) -> tuple[Path, bytes]:
    """Write a new private key, Ed25519 for no bits; gives its file, and what stands in the DNS for it."""
    key = rsa.generate_private_key(65537, bits) if bits else ed25519.Ed25519PrivateKey.generate()
    file = folder / f"{bits}.pem"
    secret = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(key.private_bytes(*secret))
    known = key.public_key().public_bytes(*_SHOWN) if bits else key.public_key().public_bytes(*_RAW)
    return file, f"v=DKIM1; k={'rsa' if bits else 'ed25519'}; p=".encode() + b64encode(known)


_SHOWN = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
_RAW = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)
