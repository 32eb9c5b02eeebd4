"""The application of our own API."""

from fastapi import FastAPI
from starlette.datastructures import State
from starlette.middleware import Middleware
from starlette.requests import Request

from broadsheet import __version__
from broadsheet.api.bounded import Bounded
from broadsheet.api.methods import Methods
from broadsheet.api.v1 import around, follows, labels, lists, papers, writes
from broadsheet.api.v1.documented import document_of
from broadsheet.api.v1.grammar import ROOT, wants_lines
from broadsheet.api.v1.problems import HANDLERS, too_many
from broadsheet.entrance.memory import Memory, Quick, without_token
from broadsheet.entrance.meter import Meter, Metered

ROOMS = (lists, papers, around, writes, labels, follows)
_ABOUT = (
    "Any list of papers by one grammar, papers by any name, and what readers do. Reading takes no token but for what "
    "is private (scope `read`); what changes something takes one of a reader with the scope `write`, made on their "
    "account's page. Addresses are relative to this site. Times are of ISO 8601 in UTC; what is not known is null. "
    "docs/api.md has examples."
)


def create_v1(state: State, meter: Meter | None, memory: Memory) -> FastAPI:
    """Build the application by itself; ``meter`` is shared with other doors for programs, None where nobody counts."""
    metered = [Middleware(Metered, meter, too_many)] if meter else []
    routers = [room.router for room in ROOMS]
    api = FastAPI(
        title=f"{state.house.settings.site_name}: API",
        version=__version__,
        description=_ABOUT,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        root_path_in_servers=False,
        separate_input_output_schemas=False,
        servers=[{"url": ROOT}],
        exception_handlers=HANDLERS,
        middleware=[
            Middleware(Methods, routers),
            *metered,
            Middleware(Quick, memory, state.house, _is_anybody),
            Middleware(Bounded),
        ],
    )
    for router in routers:
        api.include_router(router)
    api.openapi = document_of(api)  # type: ignore[method-assign] # as the framework says to extend it
    api.state = state
    return api


def _is_anybody(request: Request) -> bool:
    """Tell whether who asks is answered what is remembered: lines are made as they are read."""
    return without_token(request) and not wants_lines(request)
