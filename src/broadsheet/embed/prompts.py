"""What some models want to read before a query or a paper, to know which of the two it is."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prompts:
    """The words put before a query and before a paper's text; empty where the model reads both as they are."""

    query: str = ""
    paper: str = ""


_SENTENCE = "Represent this sentence for searching relevant passages: "
# Families that tell of their prompts on the model's card and not in a file. The cards: intfloat/e5-small-v2,
# BAAI/bge-small-en-v1.5, mixedbread-ai/mxbai-embed-large-v1, nomic-ai/nomic-embed-text-v1.5 and
# Snowflake/snowflake-arctic-embed-m (-v2.0), as published in 2024.
_FAMILIES = (
    (re.compile(r"(?<![a-z])e5-(?:small|base|large)(?!.*instruct)"), Prompts("query: ", "passage: ")),
    (re.compile(r"(?<![a-z])bge-(?:small|base|large)-en|mxbai-embed-large"), Prompts(_SENTENCE)),
    (re.compile(r"nomic-embed-text"), Prompts("search_query: ", "search_document: ")),
    (re.compile(r"snowflake-arctic-embed(?:2|-[lm]-v2)"), Prompts("query: ")),
    (re.compile(r"snowflake-arctic-embed"), Prompts(_SENTENCE)),
)


def prompts_of(model: str) -> Prompts:
    """Give the prompts that the card of the model's family asks for; none for a model that is not known."""
    spelled = model.lower()
    return next((prompts for family, prompts in _FAMILIES if family.search(spelled)), Prompts())
