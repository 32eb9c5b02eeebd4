"""The applications of this door, to be mounted at ``/api/v1`` and ``/api``."""

import re

from fastapi import FastAPI
from starlette.datastructures import State
from starlette.middleware import Middleware
from starlette.routing import Mount, Router
from starlette.types import ASGIApp

from broadsheet import __version__
from broadsheet.api.bounded import Bounded
from broadsheet.api.errors import HANDLERS, too_many
from broadsheet.api.hf import around, reads, writes
from broadsheet.api.methods import Methods
from broadsheet.api.v1.app import create_v1
from broadsheet.entrance.memory import Memory, Quick
from broadsheet.entrance.meter import Meter, Metered
from broadsheet.flow.house import House

_ABOUT = (
    "The papers API of Hugging Face, as its public clients speak it: point HF_ENDPOINT here. "
    "Reading takes no token; what changes something takes one of a reader, made on their account's page."
)


def door(state: State) -> Mount:
    """Give the place of the applications in a site, our own beside that of Hugging Face, which it stands in.

    ``state`` is the site's, with ``house`` and ``headers`` among it. Both count requests, and remember, together.
    """
    house: House = state.house
    # Where nobody signs in there is nobody to be protected from but oneself.
    quota = house.settings.api_quota if house.settings.public_url else 0
    meter, memory = Meter(quota, house.clock) if quota else None, Memory()
    state.api_memory = memory
    own, theirs = create_v1(state, meter, memory), create_api(state, meter, memory)
    # Pages tell people of them.
    state.documents = {"v1": own.openapi, "hugging-face": theirs.openapi}
    return _mounted("/api", Router([_mounted("/v1", own), _mounted("", theirs)]))


def create_api(state: State, meter: Meter | None, memory: Memory) -> FastAPI:
    """Build the application of the Hugging Face API by itself."""
    metered = [Middleware(Metered, meter, too_many)] if meter else []
    routers = [room.router for room in (writes, around, reads)]
    api = FastAPI(
        title=f"{state.house.settings.site_name}: papers",
        version=__version__,
        description=_ABOUT,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        root_path_in_servers=False,
        servers=[{"url": "/api"}],
        exception_handlers=HANDLERS,
        middleware=[
            Middleware(Methods, routers),
            *metered,
            Middleware(Quick, memory, state.house),
            Middleware(Bounded),
        ],
    )
    for router in routers:
        api.include_router(router)
    api.state = state
    return api


def _mounted(place: str, app: ASGIApp) -> Mount:
    mount = Mount(place, app)
    # A line break in a path is a character like others, and no reason to lead to the pages.
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    return mount
