"""Signing in with what another site knows: the code flow of OpenID Connect, with PKCE.

OpenID Connect Core 1.0, section 3.1; RFC 7636 (PKCE); RFC 9207 (the issuer in the answer); RFC 9700 (what goes wrong).
"""

import hmac
import re
import secrets
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import quote_plus, urlencode

from broadsheet.credentials.fetching import Fetch, Question
from broadsheet.credentials.id_token import Expected, check_claims, instant, read_claims
from broadsheet.credentials.mail_address import read_mail_address
from broadsheet.credentials.provider import Endpoints, Provider, discover, read_object
from broadsheet.errors import Invalid, Refused

# How long somebody may take to sign in at the provider.
LASTS = timedelta(minutes=15)
_READ = frozenset({"state", "iss", "code", "error"})
_CODE = re.compile(r"[\x20-\x7e]{1,4096}")
_LONGEST_NAME = 200
_ORCID = re.compile(r"(?:[0-9]{4}-){3}[0-9]{3}[0-9X]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A sign-in that has begun: ``url`` is where the browser goes, the rest is kept for it until it comes back.

    It must be kept where only that browser finds it, and be used once.
    """

    url: str = field(repr=False)
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    issuer: str
    redirect_uri: str
    at: datetime
    max_age: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who somebody is to a provider: issuer and subject together, and nothing else, name them.

    ``email`` is None unless the provider says that it has verified it. ``orcid`` is there where the provider is ORCID.
    """

    issuer: str
    subject: str
    email: str | None
    name: str
    orcid: str | None
    auth_time: datetime | None

    @property
    def email_verified(self) -> bool:
        """Tell whether there is a mail address, as there is none that is not verified."""
        return self.email is not None


def begin(
    provider: Provider, redirect_uri: str, fetch: Fetch, now: datetime, max_age: timedelta | None = None
) -> Started:
    """Begin to sign in; ``redirect_uri`` is where the browser comes back to, and best one of this provider alone.

    ``max_age`` asks who signed in longer ago to do so anew. Raises Refused when the provider cannot be used, and what
    ``fetch`` raises.
    """
    endpoints = discover(provider, fetch)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    question = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(provider.scopes),
        "state": state,
        "nonce": nonce,
        "code_challenge": urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    if max_age is not None:
        question["max_age"] = str(int(max_age.total_seconds()))
    return Started(
        url=endpoints.authorization + ("&" if "?" in endpoints.authorization else "?") + urlencode(question),
        state=state,
        nonce=nonce,
        verifier=verifier,
        issuer=provider.issuer,
        redirect_uri=redirect_uri,
        at=now,
        max_age=max_age,
    )


def finish(
    provider: Provider, started: Started, answer: Iterable[tuple[str, str]], fetch: Fetch, now: datetime
) -> Identity:
    """Find out who came back with ``answer``, the names and values in the query of the address.

    ``provider`` is the one whose address the browser came back to. Raises Refused for whatever does not prove it, and
    what ``fetch`` raises.
    """
    told = _read_answer(provider, started, answer, now)
    endpoints = discover(provider, fetch)
    code = _check_answer(provider, endpoints, told)
    tokens = _redeem(provider, endpoints, started, code, fetch)
    access_token = tokens["access_token"] if isinstance(tokens.get("access_token"), str) else ""
    claims, algorithm = read_claims(tokens.get("id_token"), provider, endpoints, fetch)
    expected = Expected(
        nonce=started.nonce, since=started.at, now=now, max_age=started.max_age, access_token=access_token
    )
    check_claims(claims, algorithm, provider, expected)
    if "email" in provider.scopes and "email" not in claims:
        said = _userinfo(provider, endpoints, access_token, claims["sub"], fetch)
        claims = {"name": said.get("name")} | claims | {name: said.get(name) for name in ("email", "email_verified")}
    return Identity(
        issuer=provider.issuer,
        subject=claims["sub"],
        email=_email(claims),
        name=_name(claims),
        orcid=_orcid(provider, claims["sub"]),
        auth_time=instant(claims.get("auth_time")),
    )


def _read_answer(
    provider: Provider, started: Started, answer: Iterable[tuple[str, str]], now: datetime
) -> dict[str, str]:
    """Read what came back, once it is known to be to our question."""
    told: dict[str, str] = {}
    for name, value in answer:
        if name in told:  # RFC 6749, section 3.1
            raise provider.disbelieved("its answer says one thing twice")
        if name in _READ:
            told[name] = value
    if started.issuer != provider.issuer:
        raise provider.disbelieved("another site was asked")
    if not hmac.compare_digest(told.get("state", "").encode("utf-8", "replace"), started.state.encode()):
        raise provider.disbelieved("its answer is to another question")
    if not timedelta() <= now - started.at <= LASTS:
        raise provider.disbelieved("it took too long")
    return told


def _check_answer(provider: Provider, endpoints: Endpoints, told: dict[str, str]) -> str:
    """Give the code of an answer that this provider gave."""
    if told.get("iss", "" if endpoints.names_itself else provider.issuer) != provider.issuer:
        raise provider.disbelieved("another site answered")
    if told.get("error") == "access_denied":
        raise Refused(f"{provider.name} was told not to say who you are. Nothing was changed.")
    if "error" in told:
        raise provider.disbelieved("it answered with an error")
    if not _CODE.fullmatch(told.get("code", "")):
        raise provider.disbelieved("it gave no code")
    return told["code"]


def _redeem(provider: Provider, endpoints: Endpoints, started: Started, code: str, fetch: Fetch) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": started.redirect_uri,
        "code_verifier": started.verifier,
    }
    authorization = ""
    if provider.client_secret and endpoints.takes_basic:  # RFC 6749, section 2.3.1
        pair = f"{quote_plus(provider.client_id)}:{quote_plus(provider.client_secret)}"
        authorization = f"Basic {b64encode(pair.encode()).decode()}"
    else:
        form["client_id"] = provider.client_id
        form |= {"client_secret": provider.client_secret} if provider.client_secret else {}
    tokens = read_object(fetch(Question(endpoints.token, form=form, authorization=authorization)))
    if str(tokens.get("token_type")).lower() != "bearer":
        raise provider.disbelieved("it gave no tokens that can be used")
    return tokens


def _userinfo(
    provider: Provider, endpoints: Endpoints, access_token: str, subject: str, fetch: Fetch
) -> dict[str, Any]:
    """Ask for what the token leaves out (Core, section 5.3), and believe only what is said about the same one."""
    if not endpoints.userinfo or not access_token.isascii() or not access_token.isprintable() or not access_token:
        return {}
    told = read_object(fetch(Question(endpoints.userinfo, authorization=f"Bearer {access_token}")))
    if told and told.get("sub") != subject:
        raise provider.disbelieved("it speaks of somebody else")
    return told


def _email(claims: dict[str, Any]) -> str | None:
    if claims.get("email_verified") is not True or not isinstance(claims.get("email"), str):
        return None
    try:
        return read_mail_address(claims["email"]).text
    except Invalid:
        return None


def _name(claims: dict[str, Any]) -> str:
    parts = [claims.get("name")] if claims.get("name") else [claims.get("given_name"), claims.get("family_name")]
    said = " ".join(part for part in parts if isinstance(part, str))
    plain = "".join(letter if letter.isprintable() else " " for letter in said[: 2 * _LONGEST_NAME])
    return " ".join(plain.split())[:_LONGEST_NAME]


def _orcid(provider: Provider, subject: str) -> str | None:
    return subject if provider.gives_orcid and _ORCID.fullmatch(subject) and _is_whole(subject) else None


def _is_whole(orcid: str) -> bool:
    """Tell whether the last character is right (ISO 7064, MOD 11-2)."""
    total = 0
    for digit in orcid.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11] == orcid[-1]
