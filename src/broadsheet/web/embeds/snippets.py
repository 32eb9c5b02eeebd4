"""What an author pastes into a README to show the badge of their paper."""

from broadsheet.entrance.xml import written
from broadsheet.model.paper import Paper
from broadsheet.model.places import paper_url

# What means something in one of the three languages.
_MARKS = str.maketrans(dict.fromkeys("[]()<>\"'&\\|`*_", " "))


def snippets(paper: Paper, *, site_name: str, origin: str) -> tuple[tuple[str, str], ...]:
    """Write the badge of a paper that leads to its page, as ``(language, text)``."""
    page = f"{origin}{paper_url(paper)}"
    badge, words = f"{page}/badge.svg", " ".join(f"Upvotes on {written(site_name)}".translate(_MARKS).split())
    return (
        ("Markdown", f"[![{words}]({badge})]({page})"),
        ("HTML", f'<a href="{page}"><img src="{badge}" alt="{words}"></a>'),
        ("reStructuredText", f".. image:: {badge}\n   :target: {page}\n   :alt: {words}"),
    )
