"""Who calls, as the framework asks for it: a reader by a token of theirs, or anybody."""

from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPBearer
from starlette.requests import Request

from broadsheet.entrance.caller import Caller, in_scope, known, read_by, written_by
from broadsheet.model.reader import Reader

# Only tells programs where a token goes; entrance/caller.py reads it.
_BEARER = HTTPBearer(auto_error=False, description="A token that a reader makes on their account's page.")


def _writing(request: Request, _: Annotated[object, Depends(_BEARER)]) -> Reader:
    return written_by(request)


def _known(request: Request, _: Annotated[object, Depends(_BEARER)]) -> Caller:
    return known(request)


def _reading(request: Request, _: Annotated[object, Depends(_BEARER)]) -> Reader:
    caller = known(request)
    in_scope(request, caller, "read")
    return caller.reader


Anybody = Annotated[Reader | None, Depends(read_by)]
Known = Annotated[Caller, Depends(_known)]
Writing = Annotated[Reader, Depends(_writing)]
Reading = Annotated[Reader, Depends(_reading)]
