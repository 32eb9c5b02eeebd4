"""The application of this door, to be mounted at ``/api``."""

import re

from fastapi import FastAPI
from starlette.datastructures import State
from starlette.middleware import Middleware
from starlette.routing import Mount

from broadsheet import __version__
from broadsheet.api.bounded import Bounded
from broadsheet.api.errors import HANDLERS, too_many
from broadsheet.api.hf import around, reads, writes
from broadsheet.entrance.memory import Memory, Quick
from broadsheet.entrance.meter import Meter, Metered
from broadsheet.flow.house import House

_ABOUT = (
    "The papers API of Hugging Face, as its public clients speak it: point HF_ENDPOINT here. "
    "Reading takes no token; what changes something takes one of a reader, made on their account's page."
)


def door(state: State) -> Mount:
    """Give the place of the application in a site; ``state`` is the site's, with ``house`` and ``headers`` among it."""
    mount = Mount("/api", create_api(state), name="api")
    # A line break in a path is a character like others, and no reason to lead to the pages.
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    return mount


def create_api(state: State) -> FastAPI:
    """Build the application by itself; ``state`` as for ``door``."""
    house: House = state.house
    # Where nobody signs in there is nobody to be protected from but oneself.
    quota = house.settings.api_quota if house.settings.public_url else 0
    metered = [Middleware(Metered, Meter(quota, house.clock), too_many)] if quota else []
    state.api_memory = Memory()
    api = FastAPI(
        title=f"{house.settings.site_name}: papers",
        version=__version__,
        description=_ABOUT,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        root_path_in_servers=False,
        servers=[{"url": "/api"}],
        exception_handlers=HANDLERS,
        middleware=[*metered, Middleware(Quick, state.api_memory, house), Middleware(Bounded)],
    )
    for room in (writes, around, reads):
        api.include_router(room.router)
    api.state = state
    return api
