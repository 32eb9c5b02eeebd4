"""Another site that says who somebody is, and what it says about itself (OpenID Connect Discovery 1.0)."""

import json
from dataclasses import dataclass, field
from typing import Any

from broadsheet.credentials.fetching import Fetch, Question
from broadsheet.errors import BroadsheetError, Refused
from broadsheet.net.addresses import read_url

# Signatures with a private key of the provider's, by names of RFC 7518, RFC 8037 and RFC 9864. Neither ``none`` nor HS,
# for which anybody could take the provider's public key as the secret.
ALGORITHMS = frozenset("RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split())
_ORCID = "https://orcid.org"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A site as its operator registered us there; without ``client_secret`` we are a public client.

    ``issuer`` is its address exactly as it writes it itself. ``plain_http`` allows one without TLS, in a network of
    one's own. ``gives_orcid`` says that its subjects are ORCID iDs.
    """

    name: str
    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    plain_http: bool = False
    gives_orcid: bool = False

    def disbelieved(self, why: str) -> Refused:
        """Make the error that says why this provider's word is not taken."""
        return Refused(f"{self.name} did not prove who you are: {why}. Nothing was changed; try to sign in again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """Where a provider is asked for what, and how it signs.

    ``userinfo`` is empty where there is none. ``takes_basic``: our secret goes to it as a header, else in the form.
    ``names_itself``: its answers tell their issuer (RFC 9207).
    """

    authorization: str
    token: str
    keys: str
    userinfo: str
    algorithms: frozenset[str]
    takes_basic: bool
    names_itself: bool


def orcid(client_id: str, client_secret: str) -> Provider:
    """Describe ORCID, which knows researchers by their iD and never tells a mail address.

    info.orcid.org/documentation/api-tutorials/api-tutorial-get-and-authenticated-orcid-id
    """
    return Provider(
        name="ORCID",
        issuer=_ORCID,
        client_id=client_id,
        client_secret=client_secret,
        scopes=("openid",),
        gives_orcid=True,
    )


def discover(provider: Provider, fetch: Fetch) -> Endpoints:
    """Ask a provider about itself; raises Refused when what it says cannot be used, and what ``fetch`` raises."""
    _check_url(provider, provider.issuer, "issuer")
    url = provider.issuer.removesuffix("/") + "/.well-known/openid-configuration"
    told = read_object(fetch(Question(url)))
    if told.get("issuer") != provider.issuer:
        raise provider.disbelieved("what it says about itself is about another site")
    _check_abilities(provider, told)
    methods = _strings(told, "token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Endpoints(
        authorization=_check_url(provider, told.get("authorization_endpoint"), "authorization_endpoint"),
        token=_check_url(provider, told.get("token_endpoint"), "token_endpoint"),
        keys=_check_url(provider, told.get("jwks_uri"), "jwks_uri"),
        userinfo=_check_url(provider, told["userinfo_endpoint"], "userinfo_endpoint")
        if "userinfo_endpoint" in told
        else "",
        algorithms=ALGORITHMS & set(_strings(told, "id_token_signing_alg_values_supported", ["RS256"])),
        takes_basic="client_secret_basic" in methods,
        names_itself=told.get("authorization_response_iss_parameter_supported") is True,
    )


def read_object(raw: bytes) -> dict[str, Any]:
    """Read a JSON object; whatever else it is gives an empty one."""
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _check_abilities(provider: Provider, told: dict[str, Any]) -> None:
    if "code" not in _strings(told, "response_types_supported", ["code"]):
        raise provider.disbelieved("it does not know the code flow")
    if "S256" not in _strings(told, "code_challenge_methods_supported", ["S256"]):
        raise provider.disbelieved("it does not know PKCE with S256")


def _check_url(provider: Provider, url: object, what: str) -> str:
    """Let an address pass that can be asked; one without TLS only where the issuer itself may be and is without."""
    try:
        scheme = read_url(url).scheme if isinstance(url, str) and "#" not in url else ""
    except BroadsheetError:
        scheme = ""
    allowed = {"https", "http"} if provider.plain_http and provider.issuer.startswith("http:") else {"https"}
    if not isinstance(url, str) or scheme not in allowed:
        raise provider.disbelieved(f"its {what} is no https address")
    return url


def _strings(told: dict[str, Any], name: str, usual: list[str]) -> list[str]:
    values = told.get(name, usual)
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []
