"""The web door: a Starlette application over a house."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from broadsheet.flow import keys
from broadsheet.flow.accounts.owner import owner
from broadsheet.flow.house import House
from broadsheet.web.csp import SecurityHeaders
from broadsheet.web.csrf import new_key
from broadsheet.web.errors import HANDLERS
from broadsheet.web.machine import is_loopback
from broadsheet.web.routes import routes


def create_app(house: House, *, host: str | None = None) -> Starlette:
    """Build the application that shows ``house``; it needs no network, and what it keeps ends with it.

    ``host`` is the address it is served at, the setting ``host`` when not given. With a ``public_url`` readers sign in;
    without one whoever sits at the machine is the owner, if it is served on loopback, and nobody can change anything if
    it is not.
    """
    app = Starlette(
        routes=routes(),
        middleware=[Middleware(SecurityHeaders), Middleware(GZipMiddleware, minimum_size=1_000, compresslevel=4)],
        exception_handlers=HANDLERS,
    )
    # A redirect for a missing slash would be built from the Host header, which anybody can write.
    app.router.redirect_slashes = False
    app.state.house = house
    public = house.settings.public_url
    app.state.is_local = not public and is_loopback(house.settings.host if host is None else host)
    app.state.form_key = keys.derived(house, "forms") if public else new_key()
    app.state.origin = public.rstrip("/").lower()
    app.state.owner_id = owner(house).id if app.state.is_local else 0
    return app
