"""No body is read beyond what can be meant."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from broadsheet.model.comment import MAX_BODY

# A character may be written as two escapes of six bytes; the rest is for the other fields.
MOST = 12 * MAX_BODY + 10_000


class Bounded:
    """ASGI middleware that stops reading a body of more than MOST bytes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; raises HTTPException 413 where its body is read on beyond MOST."""
        read = 0

        async def receive_within() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > MOST:
                raise HTTPException(413)
            return message

        await self._app(scope, receive_within, send)
