"""The application of this door, to be mounted at ``/api``."""

from fastapi import FastAPI
from starlette.datastructures import State
from starlette.middleware import Middleware

from broadsheet import __version__
from broadsheet.api import around, reads, writes
from broadsheet.api.bounded import Bounded
from broadsheet.api.errors import HANDLERS
from broadsheet.api.memory import Memory
from broadsheet.api.meter import Meter, Metered
from broadsheet.flow.house import House

_ABOUT = (
    "The papers API of Hugging Face, as its public clients speak it: point HF_ENDPOINT here. "
    "Reading takes no token; what changes something takes one of a reader, made on their account's page."
)


def create_api(state: State) -> FastAPI:
    """Build the application; ``state`` is that of the site around it, with ``house`` and ``headers`` among it."""
    house: House = state.house
    # Where nobody signs in there is nobody to be protected from but oneself.
    quota = house.settings.api_quota if house.settings.public_url else 0
    metered = [Middleware(Metered, Meter(quota, house.clock))] if quota else []
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
        middleware=[*metered, Middleware(Bounded)],
    )
    for room in (writes, around, reads):
        api.include_router(room.router)
    state.api_memory = Memory()
    api.state = state
    return api
