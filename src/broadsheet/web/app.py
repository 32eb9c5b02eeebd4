"""The web door: a Starlette application over a house."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from broadsheet.flow.house import House
from broadsheet.web.csp import SecurityHeaders
from broadsheet.web.csrf import new_key
from broadsheet.web.errors import HANDLERS
from broadsheet.web.permission import is_loopback
from broadsheet.web.routes import routes


def create_app(house: House, *, host: str | None = None) -> Starlette:
    """Build the application that shows ``house``; it needs no network, and what it keeps ends with it.

    ``host`` is the address it is served at, the setting ``host`` when not given: only on loopback may pages change what
    the house keeps (``web.permission``).
    """
    app = Starlette(
        routes=routes(),
        middleware=[Middleware(SecurityHeaders), Middleware(GZipMiddleware, minimum_size=1_000, compresslevel=4)],
        exception_handlers=HANDLERS,
    )
    # A redirect for a missing slash would be built from the Host header, which anybody can write.
    app.router.redirect_slashes = False
    app.state.house = house
    app.state.is_local = is_loopback(house.settings.host if host is None else host)
    app.state.form_key = new_key()
    return app
