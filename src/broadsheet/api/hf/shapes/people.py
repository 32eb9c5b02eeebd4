"""Readers and organisations."""

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from broadsheet.api.hf.shapes.objects import Me, Organization, OrganizationOverview, User, UserOverview
from broadsheet.api.hf.shapes.values import object_id
from broadsheet.model.organisation import OrganisationPage, organisation_slug
from broadsheet.model.reader import Reader


def user_id(handle: str) -> str:
    """Name a user."""
    return object_id("user", handle)


def user(handle: str, name: str = "") -> User:
    """Make a user, of a reader here or of somebody whom a source names."""
    return {
        "_id": user_id(handle),
        "user": handle,
        "name": handle,
        "fullname": name or handle,
        "avatarUrl": _avatar(name or handle),
        "type": "user",
        "isPro": False,
        "isHf": False,
        "isHfAdmin": False,
        "isMod": False,
        "followerCount": 0,
        "isUserFollowing": False,
    }


def organization(name: str, slug: str = "") -> Organization:
    """Make an organisation of its name as printed."""
    slug = slug or organisation_slug(name)
    picture = _avatar(name)
    return {
        "_id": object_id("organisation", slug),
        "name": slug,
        "fullname": name,
        "avatar": picture,
        "avatarUrl": picture,
    }


def me(reader: Reader, groups: Iterable[str], *, token: str, writes: bool) -> Me:
    """Tell a reader who they are; no address of theirs is among it."""
    return {
        "type": "user",
        "id": user_id(reader.handle),
        "name": reader.handle,
        "fullname": reader.name,
        "avatarUrl": _avatar(reader.name),
        "isPro": False,
        "orgs": [organization(name) for name in groups],
        "auth": {"type": "access_token", "accessToken": {"displayName": token, "role": "write" if writes else "read"}},
    }


def user_overview(reader: Reader, counts: Mapping[str, int]) -> UserOverview:
    """Tell what everybody may know of a reader."""
    return {
        **user(reader.handle, reader.name),
        "isMod": reader.may("moderator"),
        "details": reader.about,
        "numPapers": counts.get("submissions", 0),
        "numDiscussions": counts.get("comments", 0),
        "orgs": [],
    }


def organization_overview(page: OrganisationPage, members: int) -> OrganizationOverview:
    """Tell what everybody may know of an organisation."""
    told = page.organisation
    return {
        **organization(told.name, told.slug),
        "details": told.about,
        "isVerified": bool(told.domain),
        "isFollowing": False,
        "numUsers": members,
        "numPapers": page.total,
        "numModels": 0,
        "numDatasets": 0,
        "numSpaces": 0,
        "numFollowers": 0,
    }


def _avatar(name: str) -> str:
    return f"/api/avatars/{quote(name[:1] or '-', safe='')}.svg"
