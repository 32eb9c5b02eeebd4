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


class ToLink(BaseModel):
    """Where a paper's code and its project's page are; null takes an address away, and what is not there stays."""

    githubRepo: str | None = Field(None, max_length=MAX_MEDIA, examples=["https://github.com/lab/kettle"])
    projectPage: str | None = Field(None, max_length=MAX_MEDIA)
    organizationId: str | None = Field(None, max_length=24, description="Organisations are joined on their pages.")


class ToClaim(BaseModel):
    """Which author of a paper a reader is: ids as this API gives them in `authors` and in `whoami-v2`."""

    paperId: str = Field(min_length=1, max_length=MAX_ASKED, examples=["2401.00001"])
    claimAuthorId: str = Field(pattern=r"^[0-9a-f]{24}$")
    targetUserId: str = Field(pattern=r"^[0-9a-f]{24}$")
