"""Words that nobody ever wrote: syllables put together, always the same ones for the same seed."""

from random import Random

_HEADS = "b br c ch d dr f fl g gr h j k kl l m n p pl qu r s sk st t tr v w z".split()
_HEARTS = "a e i o u ai ei ou".split()
_TAILS = "n r l s t x m nd rk lt sh".split() + [""] * 6


def word(draw: Random) -> str:
    """Make up a word of two or three syllables."""
    return "".join(
        draw.choice(_HEADS) + draw.choice(_HEARTS) + draw.choice(_TAILS) for _ in range(draw.choice((2, 2, 3)))
    )


def title(draw: Random) -> str:
    """Make up a title; now and then with the mathematics that titles have."""
    words = [word(draw) for _ in range(draw.randrange(5, 10))]
    if draw.random() < 0.1:
        words.insert(2, draw.choice(("$a<b$", r"$\mathcal{O}(n^2)$", "A & B", "Poincaré")))
    return " ".join(words).capitalize()


def abstract(draw: Random, sentences: int = 4) -> str:
    """Make up an abstract."""
    return " ".join(
        " ".join(word(draw) for _ in range(draw.randrange(8, 16))).capitalize() + "." for _ in range(sentences)
    )


def name(draw: Random) -> tuple[str, str]:
    """Make up an author: ``(forenames, surname)``."""
    return word(draw).capitalize(), word(draw).capitalize()
