"""The site: one application over a house, put together from all doors that speak HTTP."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from broadsheet.api.app import door
from broadsheet.api.hf import markdown
from broadsheet.entrance.machine import is_loopback
from broadsheet.entrance.memory import Memory, Quick
from broadsheet.entrance.proxies import read_proxies
from broadsheet.feeds import routes as feeds
from broadsheet.feeds.arxiv.door import beside_the_api
from broadsheet.feeds.reader import anybody
from broadsheet.flow import keys
from broadsheet.flow.accounts.owner import owner
from broadsheet.flow.accounts.registered import read_providers
from broadsheet.flow.going_public import check
from broadsheet.flow.house import House
from broadsheet.mcp import over_http as agents
from broadsheet.web import routes as pages
from broadsheet.web.crawlers.robots import read_robots
from broadsheet.web.csp import HEADERS, ONLY_TLS, SecurityHeaders
from broadsheet.web.csrf import new_key
from broadsheet.web.embeds import preview
from broadsheet.web.errors import HANDLERS
from broadsheet.web.host import OurHost


def create_app(house: House, *, host: str | None = None, form_key: bytes | None = None) -> Starlette:
    """Build the application that shows ``house``; it needs no network, and what it keeps ends with it.

    ``host`` is the address it is served at, the setting ``host`` when not given. With a ``public_url`` readers sign in;
    without one whoever sits at the machine is the owner, if it is served on loopback, and nobody can change anything if
    it is not. ``form_key`` signs forms there, the same in all processes that serve the house; made when not given.
    Raises Invalid for settings that are not safe in public (``flow.going_public``), and for other sites that cannot be
    read (``flow.accounts.registered``).
    """
    public = house.settings.public_url
    if public:
        check(house.settings, with_mail=False)
    read_providers(house.settings)
    read_robots(house.settings)
    headers = HEADERS | (ONLY_TLS if public else {})
    app = Starlette(
        # A feed stands at the address of a page with a suffix, which that page's own route would take for a name.
        routes=[*feeds.routes(), *markdown.routes(), *pages.routes()],
        middleware=[
            Middleware(SecurityHeaders, headers),
            Middleware(OurHost, public),
            Middleware(Quick, Memory(), house, anybody),
            Middleware(GZipMiddleware, minimum_size=1_000, compresslevel=4),
        ],
        exception_handlers=HANDLERS,
    )
    # A redirect for a missing slash would be built from the Host header, which anybody can write.
    app.router.redirect_slashes = False
    app.state.house = house
    app.state.headers = headers
    app.state.is_local = not public and is_loopback(house.settings.host if host is None else host)
    app.state.form_key = keys.derived(house, "forms") if public else form_key or new_key()
    app.state.origin = public.rstrip("/").lower()
    app.state.pictures = Memory(preview.MOST_BYTES)
    app.state.proxies = read_proxies(house.settings)
    app.state.owner_id = owner(house).id if app.state.is_local else 0
    # First of all: programs ask more often than anybody, and no page stands there.
    app.router.routes[:0] = [beside_the_api(), door(app.state), *agents.door(app.state)]
    app.state.has_agents = agents.is_installed()
    return app
