"""What programs send us."""

from pydantic import BaseModel, Field

from broadsheet.model.comment import MAX_BODY
from broadsheet.model.submission import MAX_ASKED, MAX_MEDIA, MAX_NOTE


class ToIndex(BaseModel):
    """What to bring in, by its arXiv id."""

    arxivId: str = Field(pattern=r"^\d{4}\.\d{4,5}$", examples=["2401.00001"])


class ToSubmit(BaseModel):
    """What to bring in and put on the daily page: an id or an address, a note, a picture or video."""

    paperId: str = Field(min_length=1, max_length=MAX_ASKED, examples=["2401.00001"])
    note: str = Field("", max_length=MAX_NOTE)
    mediaUrl: str = Field("", max_length=MAX_MEDIA)


class ToSay(BaseModel):
    """A comment in Markdown."""

    comment: str = Field(min_length=1, max_length=MAX_BODY)
