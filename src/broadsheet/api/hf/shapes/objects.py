"""What we answer with, object by object."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

Repo = Literal["models", "datasets", "spaces"]


class User(TypedDict):
    """Somebody who reads here, or whom a source names."""

    _id: str
    user: str
    name: str
    fullname: str
    avatarUrl: str
    type: Literal["user"]
    isPro: bool
    isHf: bool
    isHfAdmin: bool
    isMod: bool
    followerCount: int
    isUserFollowing: bool


class Organization(TypedDict):
    """Who works together; ``name`` stands in addresses."""

    _id: str
    name: str
    fullname: str
    avatar: str
    avatarUrl: str


class Author(TypedDict):
    """A name on a paper."""

    _id: str
    name: str
    hidden: bool


class Linked(TypedDict):
    """A model, data set or space on the hub; ``id`` is its owner and name."""

    _id: str
    id: str
    tags: list[str]
    private: bool


class Shared(TypedDict):
    """What a paper says of itself in lists as well as alone."""

    id: str
    authors: list[Author]
    publishedAt: str
    title: str
    summary: str
    upvotes: int
    discussionId: str
    mediaUrls: list[str]
    githubStars: int
    projectPage: NotRequired[str]
    githubRepo: NotRequired[str]
    ai_summary: NotRequired[str]
    ai_keywords: NotRequired[list[str]]
    organization: NotRequired[Organization]
    submittedOnDailyAt: NotRequired[str]
    submittedOnDailyBy: NotRequired[User]
    withdrawnAt: NotRequired[str]


class Item(TypedDict):
    """A paper in a list: the paper, and beside it what clients read from the outside, repeated for those that do."""

    paper: Shared
    publishedAt: str
    title: str
    summary: str
    thumbnail: str
    numComments: int
    isAuthorParticipating: bool
    upvotes: int
    source: str
    githubStars: int
    submittedBy: NotRequired[User]
    organization: NotRequired[Organization]
    projectPage: NotRequired[str]
    githubRepo: NotRequired[str]
    ai_summary: NotRequired[str]
    ai_keywords: NotRequired[list[str]]


class Piece(TypedDict):
    """A piece of a text, and whether it is what was searched for."""

    type: Literal["text", "highlight"]
    text: str


class Found(Item):
    """A paper that answers a search."""

    upvoted: bool
    highlightedTitle: list[Piece]
    highlightedSummary: list[Piece]


class Whole(Shared):
    """A paper alone."""

    numComments: int
    source: str
    thumbnail: str
    upvoted: bool
    linkedModels: list[Linked]
    numTotalModels: int
    linkedDatasets: list[Linked]
    numTotalDatasets: int
    linkedSpaces: list[Linked]
    numTotalSpaces: int


class Text(TypedDict):
    """What a comment says now; ``raw`` is Markdown."""

    raw: str
    updatedAt: str


class Reaction(TypedDict):
    """An emoji and how many readers said it."""

    reaction: str
    count: int


class Said(TypedDict):
    """The inside of a comment."""

    edited: bool
    hidden: bool
    latest: Text
    reactions: list[Reaction]


class Answer(TypedDict):
    """An answer to a comment."""

    id: str
    author: NotRequired[User]
    createdAt: str
    type: Literal["comment"]
    data: Said
    parentCommentId: NotRequired[str]


class Comment(Answer):
    """A comment with the answers to it."""

    replies: list[Answer]


class Error(TypedDict):
    """Why there is no better answer: in words that clients know, and in a sentence."""

    error: str
    message: str


class Access(TypedDict):
    """A token: what its maker calls it, and the most it may do."""

    displayName: str
    role: Literal["read", "write"]


class Auth(TypedDict):
    """How a request showed whose it is."""

    type: Literal["access_token"]
    accessToken: Access


class Me(TypedDict):
    """Whose token it is."""

    type: Literal["user"]
    id: str
    name: str
    fullname: str
    avatarUrl: str
    isPro: bool
    orgs: list[Organization]
    auth: Auth


class UserOverview(User):
    """What everybody may know of a reader."""

    details: str
    numPapers: int
    numDiscussions: int
    orgs: list[Organization]


class OrganizationOverview(Organization):
    """What everybody may know of an organisation."""

    details: str
    isVerified: bool
    isFollowing: bool
    numUsers: int
    numPapers: int
    numModels: int
    numDatasets: int
    numSpaces: int
    numFollowers: int


class Repos(TypedDict):
    """What stands on the hub and is linked to a paper."""

    models: list[Linked]
    datasets: list[Linked]
    spaces: list[Linked]


class Upvoted(TypedDict):
    """How many upvotes a paper has, and whether the reader's own is one of them; one that ``waits`` counts later."""

    upvotes: int
    upvoted: bool
    waits: bool


class Claimed(TypedDict):
    """What became of a claim: ``open`` waits for a moderator."""

    state: Literal["open", "granted"]


class Submitted(TypedDict):
    """What became of a submission: ``state`` is ``known`` for a paper that is here already."""

    id: NotRequired[int]
    paperId: NotRequired[str]
    state: Literal["known", "fetching", "held", "shown", "refused", "withdrawn"]
    why: str


class Nothing(TypedDict):
    """An answer that says no more than that it was done."""
