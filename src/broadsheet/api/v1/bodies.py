"""What programs send us; what a body may not have is refused by name."""

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from broadsheet.api.v1.grammar import Filters
from broadsheet.model import comment, label, saved_search
from broadsheet.model.submission import MAX_ASKED, MAX_MEDIA, MAX_NOTE

_MOST = 2**53
Number = Annotated[int, Path(ge=1, le=_MOST)]
Words = Annotated[str, Field(min_length=1, max_length=comment.MAX_BODY, description="Markdown.")]
Note = Annotated[str, Field(max_length=label.MAX_NOTE)]
LabelName = Annotated[str, Field(min_length=1, max_length=label.MAX_NAME)]
About = Annotated[str, Field(max_length=label.MAX_ABOUT)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ToSay(_Body):
    """A comment; ``answers_to`` is the number of the one it answers."""

    body: Words
    answers_to: Annotated[int, Field(ge=1, le=_MOST)] | None = None


class ToEdit(_Body):
    """What a comment shall say."""

    body: Words


class ToSubmit(_Body):
    """What to bring in: an id or an address, a note, a picture or video; ``put_on_page`` puts it on today's page."""

    asked: str = Field(min_length=1, max_length=MAX_ASKED, examples=["2401.00001"])
    note: str = Field("", max_length=MAX_NOTE)
    media: str = Field("", max_length=MAX_MEDIA)
    put_on_page: bool = True


class ToLabel(_Body):
    """A label; ``organisation`` is the name of one that the reader is a member of, where ``seen_by`` is ``group``."""

    name: LabelName
    about: About = ""
    seen_by: label.SeenBy = "me"
    organisation: str | None = None


class ToRelabel(_Body):
    """What of a label shall be otherwise; the rest stays."""

    name: LabelName | None = None
    about: About | None = None
    seen_by: label.SeenBy | None = None
    organisation: str | None = None


class ToKeep(_Body):
    """A note to a paper on a label; null leaves the one that is there."""

    note: Note | None = None


class ToSearch(Filters):
    """A search by the words of its parameters; one that is not known is refused, or it would find too much."""

    model_config = ConfigDict(extra="forbid")


class ToSave(_Body):
    """A search under a name."""

    name: str = Field(min_length=1, max_length=saved_search.MAX_NAME)
    query: ToSearch
