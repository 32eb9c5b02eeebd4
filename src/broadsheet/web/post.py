"""Routes that take a form. Each declares who may send it; one that changes something takes only forms of our own."""

from collections.abc import Awaitable, Callable
from functools import wraps

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from broadsheet.web import csrf
from broadsheet.web.form import read_form
from broadsheet.web.permission import Permission, admit

Answer = Callable[[Request, QueryParams], Response]


class Post(Route):
    """A route for POST whose handler, a plain function, gets the request and the form it brought."""

    def __init__(self, path: str, answer: Answer, *, name: str, permission: Permission) -> None:
        self.permission = permission
        super().__init__(path, _guarded(answer, permission), methods=["POST"], name=name)


def _guarded(answer: Answer, permission: Permission) -> Callable[[Request], Awaitable[Response]]:
    @wraps(answer)
    async def guarded(request: Request) -> Response:
        # Before a byte of the body is read.
        admit(request, permission)
        form = await read_form(request)
        if permission != "read":
            csrf.check(request, form)
        return await run_in_threadpool(answer, request, form)

    return guarded
