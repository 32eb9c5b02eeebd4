"""What stands around papers: whose token it is, readers, organisations, and what their clients ask on the way."""

from html import escape

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from broadsheet.api.caller import Known
from broadsheet.api.hf.reads import READ
from broadsheet.api.hf.shapes.objects import Me, OrganizationOverview, UserOverview
from broadsheet.api.hf.shapes.people import me, organization_overview, user_overview
from broadsheet.entrance.asked import house_of
from broadsheet.entrance.memory import answered, personal
from broadsheet.flow.lists import labels, profile
from broadsheet.flow.people import organisations
from broadsheet.model.organisation import INSIDE

_HUES = 12
_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img" aria-label="{letter}">'
    '<rect width="64" height="64" fill="hsl({hue},38%,42%)"/><text x="32" y="43" font-size="32" font-family="serif" '
    'text-anchor="middle" fill="#fff">{letter}</text></svg>'
)

router = APIRouter()


@router.get("/whoami-v2", responses={200: {"model": Me}, **READ}, response_model=None)
def whoami(request: Request, caller: Known) -> Response:
    """Tell whose token it is; nothing that only its owner should know is among it."""
    groups = labels.groups(house_of(request), caller.reader).values()
    writes = "write" in caller.token.scopes
    return personal(me(caller.reader, groups, token=caller.token.name, writes=writes))


@router.get("/users/{handle}/overview", responses={200: {"model": UserOverview}, **READ}, response_model=None)
def user(request: Request, handle: str) -> Response:
    """Tell what everybody may know of a reader."""
    shown = profile.show(house_of(request), handle)
    return answered(request, user_overview(shown.reader, shown.counts), {})


@router.get(
    "/organizations/{slug}/overview", responses={200: {"model": OrganizationOverview}, **READ}, response_model=None
)
def organization(request: Request, slug: str) -> Response:
    """Tell what everybody may know of an organisation: one that papers name, or one that readers made."""
    page = organisations.show(house_of(request), slug)
    members = sum(member.role in INSIDE for member in page.members)
    return answered(request, organization_overview(page, members), {})


@router.get("/collections", responses={200: {"model": list[dict[str, str]]}, **READ}, response_model=None)
def collections(request: Request) -> Response:
    """List the collections that a paper is in: there are none here, as labels belong to their readers."""
    return answered(request, [], {})


@router.get("/agent-harnesses", include_in_schema=False)
def harnesses(request: Request) -> Response:
    """Tell the command line, which asks once a day, that nobody is counted here."""
    return answered(request, {"standardEnvVars": [], "harnesses": {}}, {})


@router.get("/avatars/{letter}.svg", include_in_schema=False)
def avatar(letter: str) -> Response:
    """Draw the letter that a name begins with."""
    shown = letter[:1].upper()[:1]
    shown = shown if shown.isalnum() else "·"
    picture = _PICTURE.format(letter=escape(shown), hue=ord(shown) % _HUES * 360 // _HUES)
    return Response(picture, media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=604800"})
