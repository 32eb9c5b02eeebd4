"""Two questions that readers ask often, put so that an agent answers them from the shelf."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from broadsheet.errors import NotFound
from broadsheet.mcp.arguments import Argument, read

_NEW = """Tell me what is new in: {told}

1. Call search_papers for it with sort "date" and a `since` of a month ago, then once more by relevance without `since`.
2. Call daily_papers and trending_papers, and keep of them what belongs to it.
3. Read the three to six most telling papers with get_paper.

Then write: what changed, in a few sentences; each paper with its title, its url, what it claims and what is unproved; \
and what you did not find. Say of nothing that it is in a paper if its abstract does not say so."""
_RELATED = """Find the related work of this draft:

{told}

1. Call search_by_abstract with the text above.
2. Call similar_papers for the two or three nearest papers, and search_papers for its central terms.
3. Read with get_paper what may have done the same already.

Then group the papers by what they share with the draft; give title and url of each, and one sentence on how the draft \
differs. Name first whatever may have done the same. Say of nothing that it is in a paper if its abstract does not."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt with the one argument that it takes."""

    name: str
    title: str
    about: str
    takes: str
    takes_about: str
    most: int
    text: str


PROMPTS: Final = (
    Prompt(
        "new_in",
        "What is new in a field",
        "Tell what is new in a field, from the papers here.",
        "topic",
        "The field, such as speculative decoding.",
        300,
        _NEW,
    ),
    Prompt(
        "related_work",
        "Related work of a draft",
        "Find the papers here that a draft has to know.",
        "abstract",
        "The abstract of the draft.",
        10_000,
        _RELATED,
    ),
)


def asked(name: str, told: Mapping[str, str]) -> tuple[Prompt, str]:
    """Give a prompt and its text with the argument in place; raises NotFound, and Invalid for the argument."""
    prompt = next((each for each in PROMPTS if each.name == name), None)
    if prompt is None:
        raise NotFound(f"There is no prompt {name[:80]!r}. There are: {', '.join(each.name for each in PROMPTS)}.")
    taken = Argument(name=prompt.takes, about=prompt.takes_about, required=True, most=prompt.most)
    return prompt, prompt.text.format(told=read([taken], told)[prompt.takes])
