"""Routes that ask who is there. One that changes something takes only forms of our own."""

from collections.abc import Awaitable, Callable
from functools import wraps

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from broadsheet.entrance.asked import house_of
from broadsheet.entrance.visitor import visitor_of
from broadsheet.flow.accounts import sessions
from broadsheet.web import csrf
from broadsheet.web.again import remember
from broadsheet.web.form import MAX_BODY, read_form
from broadsheet.web.permission import UNASKED, Permission, admit

Answer = Callable[[Request, QueryParams], Response]


class Post(Route):
    """A route for POST whose handler, a plain function, gets the request and the form it brought, of ``most`` bytes."""

    def __init__(self, path: str, answer: Answer, *, name: str, permission: Permission, most: int = MAX_BODY) -> None:
        self.permission = permission
        super().__init__(path, _guarded(answer, permission, most), methods=["POST"], name=name)


class Get(Route):
    """A route for GET that not everybody may see; its handler is a plain function."""

    def __init__(self, path: str, answer: Callable[[Request], Response], *, name: str, permission: Permission) -> None:
        self.permission = permission
        super().__init__(path, _shown(answer, permission), name=name)


def _guarded(answer: Answer, permission: Permission, most: int) -> Callable[[Request], Awaitable[Response]]:
    @wraps(answer)
    async def guarded(request: Request) -> Response:
        # Before a byte of the body is read.
        if permission not in UNASKED:
            await run_in_threadpool(admit, request, permission)
        form = await read_form(request, most=most, parts=permission == "bearer")
        return await run_in_threadpool(_answered, request, form)

    def _answered(request: Request, form: QueryParams) -> Response:
        if permission not in UNASKED:
            csrf.check(request, form)
            _note(request)
        if permission != "read":
            remember(request, form)
        return answer(request, form)

    return guarded


def _shown(answer: Callable[[Request], Response], permission: Permission) -> Callable[[Request], Response]:
    @wraps(answer)
    def shown(request: Request) -> Response:
        if permission not in UNASKED:
            admit(request, permission)
        return answer(request)

    return shown


def _note(request: Request) -> None:
    session = visitor_of(request).session
    if session is not None:
        sessions.seen(house_of(request), session)
