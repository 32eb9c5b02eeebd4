"""A provider of OpenID Connect on loopback, over real HTTP, that can be told to lie.

As it is, it is an honest and exact one: it asks nobody anything, and sends whoever comes to its authorisation endpoint
straight back with a code. ``come_back`` does what a browser would.
"""

import http.client
import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from broadsheet.clock import Clock, system_clock
from broadsheet.credentials.provider import Provider

CLIENT, SECRET = "broadsheet: at/home", "s%c+r:e t, long enough"
GONE = object()  # as a value: leave this name out
_MAKERS: dict[str, Callable[[], Key]] = {
    "RS": lambda: RSAKey.generate_key(2048),
    "PS": lambda: RSAKey.generate_key(2048),
    "ES": lambda: ECKey.generate_key("P-256"),
    "Ed": lambda: OKPKey.generate_key("Ed25519"),
    "HS": lambda: OctKey.generate_key(256),
}


@dataclass(frozen=True)
class SigningKey:
    """A private key, the algorithm it signs with, and what the provider says of it beside the key itself."""

    kid: str
    algorithm: str
    key: Key
    says: dict[str, Any] = field(default_factory=dict)

    @property
    def stated(self) -> dict[str, Any]:
        public = self.key.as_dict(private=isinstance(self.key, OctKey))
        said = {"kid": self.kid, "alg": self.algorithm, "use": "sig"}
        return changed({name: value for name, value in public.items() if name != "kid"} | said, self.says)


@cache
def signing_key(algorithm: str = "RS256", kid: str = "first") -> SigningKey:
    """Make a key once for each algorithm and name."""
    return SigningKey(kid, algorithm, _MAKERS[algorithm[:2]]())


def changed(said: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (said | changes).items() if value is not GONE}


def part(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def token_of(header: dict[str, Any], claims: object, algorithm: str, key: Key | None) -> str:
    """Sign with any algorithm, also ``none``, whatever the header says."""
    body = f"{part(json.dumps(header).encode())}.{part(json.dumps(claims).encode())}"
    return f"{body}.{part(JWSRegistry.algorithms[algorithm].sign(body.encode(), key))}"


class LoopbackProvider(ThreadingHTTPServer):
    """``person`` is who is signed in there: claims beside those that make the token valid.

    ``discovery``, ``claims``, ``header``, ``tokens`` and ``userinfo`` change what it says, ``back`` the answer that a
    browser carries; ``statuses`` and ``bodies`` are for paths; ``forge`` makes the token of its header and claims.
    ``asked`` holds method, path and what was sent.
    """

    daemon_threads = True

    def __init__(self, clock: Clock = system_clock) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.clock = clock
        self.redirect_uris: set[str] = set()
        self.person: dict[str, Any] = {"sub": "ada-1815", "email": "Ada@Example.org", "email_verified": True}
        self.keys = [signing_key()]
        self.discovery: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.tokens: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.back: dict[str, Any] = {}
        self.statuses: dict[str, int] = {}
        self.bodies: dict[str, bytes] = {}
        self.forge: Callable[[dict[str, Any], dict[str, Any]], object] = self.sign
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.codes: dict[str, dict[str, str]] = {}

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def registered(self, redirect_uri: str, **facts: Any) -> Provider:
        """Register us with an address to come back to, and give what our operator would write down."""
        self.redirect_uris.add(redirect_uri)
        usual = {"name": "Loopback", "issuer": self.issuer, "client_id": CLIENT, "client_secret": SECRET}
        return Provider(**(usual | {"plain_http": True} | facts))

    def paths(self) -> list[str]:
        return [path for _, path, _ in self.asked]

    def sign(self, header: dict[str, Any], claims: dict[str, Any]) -> str:
        return token_of(header, claims, self.keys[0].algorithm, self.keys[0].key)

    def describe(self) -> dict[str, Any]:
        usual = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": sorted({"RS256", *(key.algorithm for key in self.keys)}),
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "authorization_response_iss_parameter_supported": True,
        }
        return changed(usual, self.discovery)

    def authorize(self, asked: dict[str, str]) -> str | None:
        """Give where the browser goes back to, None for a question that an exact provider refuses."""
        right = asked.get("client_id") == CLIENT and asked.get("redirect_uri") in self.redirect_uris
        if not right or asked.get("response_type") != "code" or asked.get("code_challenge_method") != "S256":
            return None
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        back = changed({"code": code, "state": asked.get("state", ""), "iss": self.issuer}, self.back)
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def redeem(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        asked = self.codes.pop(form.get("code", ""), {})
        challenge = part(sha256(form.get("code_verifier", "").encode()).digest())
        exact = asked.get("redirect_uri") == form.get("redirect_uri") and asked.get("code_challenge") == challenge
        if not asked or not exact or form.get("grant_type") != "authorization_code" or not _is_us(form, authorization):
            return None
        now = int(self.clock().timestamp())
        usual = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked.get("nonce")}
        claims = changed(usual | {"auth_time": now} | self.person, self.claims)
        header = changed({"alg": self.keys[0].algorithm, "kid": self.keys[0].kid}, self.header)
        answer = {"access_token": "access", "token_type": "Bearer", "id_token": self.forge(header, claims)}
        return changed(answer, self.tokens)


def _is_us(form: dict[str, str], authorization: str) -> bool:
    if form.get("client_id") == CLIENT:
        return form.get("client_secret", SECRET) == SECRET
    name, _, secret = b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
    return (unquote_plus(name), unquote_plus(secret)) == (CLIENT, SECRET)


class _Handler(BaseHTTPRequestHandler):
    server: LoopbackProvider
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = dict(parse_qsl(parts.query))
        self.server.asked.append(("GET", parts.path, asked))
        if parts.path == "/authorize":
            back = self.server.authorize(asked)
            self._say(303 if back else 400, b"", back or "")
        elif parts.path == "/.well-known/openid-configuration":
            self._tell(self.server.describe())
        elif parts.path == "/keys":
            self._tell({"keys": [key.stated for key in self.server.keys]})
        elif parts.path == "/userinfo" and self.headers["Authorization"] == "Bearer access":
            self._tell(changed(self.server.person, self.server.userinfo))
        else:
            self._say(404, b"")

    def do_POST(self) -> None:
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        self.server.asked.append(("POST", self.path, form))
        tokens = self.server.redeem(form, self.headers.get("Authorization", ""))
        self._tell({"error": "invalid_grant"} if tokens is None else tokens, 400 if tokens is None else 200)

    def _tell(self, said: object, status: int = 200) -> None:
        self._say(status, json.dumps(said).encode())

    def _say(self, status: int, body: bytes, location: str = "") -> None:
        path = urlsplit(self.path).path
        body = self.server.bodies.get(path, body)
        self.send_response(self.server.statuses.get(path, status))
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def providing(clock: Clock = system_clock) -> Iterator[LoopbackProvider]:
    """Open a provider on a free port."""
    with LoopbackProvider(clock) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


def come_back(url: str) -> str:
    """Go where a sign-in begins, as a browser would, and give the address that it is sent back to."""
    parts = urlsplit(url)
    with closing(http.client.HTTPConnection(parts.netloc, timeout=30)) as connection:
        connection.request("GET", f"{parts.path}?{parts.query}")
        with connection.getresponse() as answer:
            return answer.headers["Location"]


def answer_in(address: str) -> list[tuple[str, str]]:
    """Give the names and values that a browser brings back."""
    return parse_qsl(urlsplit(address).query, keep_blank_values=True)
