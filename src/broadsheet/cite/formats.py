"""The formats that papers are cited in: what the file is called, its media type, and who writes it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from broadsheet.cite.bibtex import biblatex_list, bibtex_list
from broadsheet.cite.csl import csl_list
from broadsheet.cite.ris import ris_list
from broadsheet.model.paper import Paper


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name for readers, the ending of its files, its media type, and how papers are written in it."""

    name: str
    suffix: str
    media_type: str
    write: Callable[[Sequence[Paper]], str]


FORMATS: Final = (
    Format("BibTeX", "bib", "application/x-bibtex; charset=utf-8", bibtex_list),
    Format("BibLaTeX", "biblatex", "application/x-bibtex; charset=utf-8", biblatex_list),
    Format("RIS", "ris", "application/x-research-info-systems; charset=utf-8", ris_list),
    Format("CSL-JSON", "csl.json", "application/vnd.citationstyles.csl+json; charset=utf-8", csl_list),
)
