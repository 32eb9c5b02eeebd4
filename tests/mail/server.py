"""A small SMTP server on loopback: it takes what it is told to take, and remembers it."""

import socketserver
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread


class Postbox(socketserver.ThreadingTCPServer):
    """``refusing`` is what it answers to RCPT instead of 250; ``taken`` are the messages as they came.

    ``refusing_mail`` is the same for MAIL, and ``on_data`` is called before a message is read. What has no end is not
    taken. ``verdict`` is what it answers to a message, nothing where that is empty, and ``farewell`` what to QUIT. With
    a ``context`` it can encrypt the line.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.taken: list[bytes] = []
        self.refusing = self.refusing_mail = ""
        self.on_data: Callable[[], None] = lambda: None
        self.verdict, self.farewell = "250 taken", "221 bye"
        self.offers = ""
        self.commands: list[str] = []
        self.context: ssl.SSLContext | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class _Session(socketserver.StreamRequestHandler):
    server: Postbox

    def handle(self) -> None:
        self._say("220 here")
        while raw := self.rfile.readline():
            line = raw.decode().strip()
            self.server.commands.append(line)
            word = line.split(" ")[0].split(":")[0].upper()
            if word == "QUIT":
                self._say(self.server.farewell)
                return
            if not self._answer(word):
                return

    def _answer(self, word: str) -> bool:
        if word == "EHLO":
            self._say("250-here\r\n250 " + (self.server.offers or "8BITMIME"))
        elif word == "STARTTLS" and self.server.context:
            self._say("220 go on")
            return self._encrypt(self.server.context)
        elif word == "RCPT" and self.server.refusing:
            self._say(self.server.refusing)
        elif word == "MAIL" and self.server.refusing_mail:
            self._say(self.server.refusing_mail)
        elif word == "DATA":
            self.server.on_data()
            self._say("354 go on")
            message = self._message()
            if message is None:
                return False
            self.server.taken.append(message)
            if not self.server.verdict:
                return False
            self._say(self.server.verdict)
        else:
            self._say("250 ok")
        return True

    def _encrypt(self, context: ssl.SSLContext) -> bool:
        try:
            self.connection = context.wrap_socket(self.connection, server_side=True)
        except OSError:  # whoever called does not trust us
            return False
        self.rfile.close()
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)
        return True

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def _message(self) -> bytes | None:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return None
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, answer: str) -> None:
        self.wfile.write(answer.encode() + b"\r\n")


@contextmanager
def postbox() -> Iterator[Postbox]:
    """Open a mail server on a free port."""
    with Postbox() as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
