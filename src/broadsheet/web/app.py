"""The web door: a Starlette application over a house."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from broadsheet.flow.house import House
from broadsheet.web.csp import SecurityHeaders
from broadsheet.web.errors import HANDLERS
from broadsheet.web.routes import routes


def create_app(house: House) -> Starlette:
    """Build the application that shows ``house``; it needs no network and keeps nothing of its own."""
    app = Starlette(
        routes=routes(),
        middleware=[Middleware(SecurityHeaders), Middleware(GZipMiddleware, minimum_size=1_000, compresslevel=4)],
        exception_handlers=HANDLERS,
    )
    # A redirect for a missing slash would be built from the Host header, which anybody can write.
    app.router.redirect_slashes = False
    app.state.house = house
    return app
