"""Made-up readers who bring papers and comments: honest ones, and spammers of six kinds.

Honest ones bring real titles and write as readers do; some are new, some link to code, a few bring a lab's page. What
spammers do follows what moderators of sites like this tell of, and nobody measured how often each kind comes: figures
from it are about this world and no other.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from broadsheet.rank.spam import Traits

NOTES = (
    "Nice ablation in section 4.", "The code is out too.", "They finally compare with a tuned baseline.",
    "Short and to the point, worth the read.", "Surprised by the scaling results here.", "There will be a talk on it.",
    "Follow-up to last year's paper.", "The appendix has the interesting part.", "Great paper!", "", "", "", "",
)  # fmt: skip
COMMENTS = (
    "Did you try a larger batch? In our runs the gap closes after 10k steps.",
    "How does this compare with the method in Table 3 of the earlier paper?",
    "Thank you for sharing!", "Is the code available? I could not find a link.",
    "Code is at https://github.com/example/{n} and runs on one card.",
    "I think equation {n} has a sign error; the gradient should point the other way.",
    "We saw the same with our data, see https://arxiv.org/abs/2401.{n:05d} for numbers.",
    "Great work! The discount factor in the loan experiment surprised me.", "Congrats to the team 🎉",
)  # fmt: skip
LURES = (
    "Best online casino bonus {n}: click here", "Cheap essays and essay writing by experts", "Viagra for best price",
    "Earn money from home {n}", "Scopus indexed fast publication in {n} days", "Crypto signals group on Telegram",
    "SEO services and backlinks", "Free spins and jackpot every day", "Buy followers today", "Payday in one hour",
)  # fmt: skip
SITES = ("lab.example", "group.example", "institute.example")


@dataclass(frozen=True, slots=True)
class Case:
    """What somebody brings, of which kind they are, and whether it is spam."""

    kind: str
    traits: Traits
    is_spam: bool = False


def cases(titles: Sequence[str], number: int, seed: int) -> list[Case]:
    """Make up so many cases, one in four of them spam."""
    chance = random.Random(seed)  # noqa: S311 - a world made up, not a secret
    return [(_spam if chance.random() < 0.25 else _honest)(chance, titles) for _ in range(number)]


def _honest(chance: random.Random, titles: Sequence[str]) -> Case:
    days = chance.choice((0.2, 2.0, 5.0, 12.0, 40.0, 200.0, 900.0))
    good = 0 if days < 3 else chance.choice((0, 1, 3, 10))
    common = {"account_days": days, "good": good, "bad": int(good > 2 and chance.random() < 0.05)}
    title, n = chance.choice(titles), chance.randrange(1, 90)
    if chance.random() < 0.5:
        words = chance.choice(COMMENTS).format(n=n)
        per_hour = chance.choice((0, 0, 1, 2, 4))
        return Case("comment", traits=Traits(words=words, title=title, per_hour=per_hour, **common))
    note = chance.choice(NOTES) if chance.random() < 0.9 else f"Code: https://github.com/example/{n}"
    repeats = int(note == "Great paper!") * chance.randrange(4)
    from_page = chance.random() < 0.08
    return Case(
        "page" if from_page else "paper",
        traits=Traits(
            words=note,
            title=title,
            repeats=repeats,
            per_hour=chance.choice((0, 0, 1, 2)),
            has_abstract=not from_page or chance.random() < 0.95,
            known_site=not from_page or chance.random() < 0.6,
            **common,
        ),
    )


def _spam(chance: random.Random, titles: Sequence[str]) -> Case:
    kind = chance.choice(
        ("advert", "advert", "link-only", "campaign", "link-drop", "comment-lure", "comment-lure", "quiet")
    )
    n = chance.randrange(1, 90)
    lure, site = chance.choice(LURES).format(n=n), f"https://offers{n}.example/{n}"
    days = chance.choice((0.01, 0.1, 0.5, 2.0, 6.0))
    made = {
        "advert": lambda: Traits(
            account_days=days, title=lure, words=f"{lure} {site}", has_abstract=chance.random() < 0.5, known_site=False
        ),
        "link-only": lambda: Traits(
            account_days=days, title=f"Official page of offer {n}", words=site, has_abstract=False, known_site=False
        ),
        # A real paper, so that the words beside it are read.
        "campaign": lambda: Traits(
            account_days=days,
            title=chance.choice(titles),
            words=f"Join our community of researchers for more of this today {site}",
            repeats=chance.randrange(1, 60),
            per_hour=chance.randrange(1, 12),
        ),
        "link-drop": lambda: Traits(
            account_days=days, title=chance.choice(titles), words=f"see {site} and {site}a and www.offers{n}.example/b"
        ),
        "comment-lure": lambda: Traits(
            account_days=days, words=f"{lure} {site}", repeats=chance.randrange(9), per_hour=chance.randrange(9)
        ),
        # An account that waited for a month and writes calmly: mostly not caught, and the reason for reports.
        "quiet": lambda: Traits(
            account_days=35.0,
            title=chance.choice(titles),
            words=f"A tool that helped me with this: {site}",
            good=chance.randrange(2),
            bad=chance.randrange(3),
            repeats=chance.choice((0, 3, 9)),
        ),
    }[kind]()
    return Case(kind, is_spam=True, traits=made)
