"""Answers that prove nothing are refused, each for its own reason: TRUST, row E10, wants forty, all of them."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import OctKey, RSAKey
from tests.conftest import NOW
from tests.credentials.loopback_provider import (
    CLIENT,
    GONE,
    SECRET,
    LoopbackProvider,
    SigningKey,
    answer_in,
    come_back,
    part,
    providing,
    signing_key,
    token_of,
)

from broadsheet.credentials.fetching import Fetching, Question
from broadsheet.credentials.oidc import LASTS, Started, begin, finish
from broadsheet.credentials.provider import Provider
from broadsheet.errors import BroadsheetError, Invalid, Refused, Unavailable
from broadsheet.net.addresses import Network

HERE = "https://papers.example.org/sign-in/loopback"
THEN = NOW.timestamp()
Answer = list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Lie:
    """What is done to an honest sign-in, and why it is refused; ``error`` is what the refusal is."""

    why: str
    site: Callable[[LoopbackProvider], object] = lambda _: None
    started: Callable[[Started], Started] = lambda started: started
    answer: Callable[[Answer], Answer] = lambda answer: answer
    after: timedelta = timedelta()
    max_age: timedelta | None = None
    error: type[BroadsheetError] = Refused


def say(**changes: Any) -> Callable[[LoopbackProvider], object]:
    """Make a provider say so: claims by their names, or ``discovery_``, ``header_``, ``tokens_`` and a name."""

    def tell(site: LoopbackProvider) -> None:
        for name, value in changes.items():
            where, _, rest = name.partition("_")
            if where in {"discovery", "header", "tokens", "userinfo", "back"}:
                getattr(site, where)[rest] = value
            else:
                site.claims[name] = value

    return tell


def with_answer(**changes: object) -> Callable[[Answer], Answer]:
    def change(answer: Answer) -> Answer:
        told: dict[str, Any] = {**dict(answer), **changes}
        return [(name, value) for name, value in told.items() if value is not GONE]

    return change


def says_body(path: str, body: bytes, status: int = 200) -> Callable[[LoopbackProvider], object]:
    def tell(site: LoopbackProvider) -> None:
        site.bodies[path], site.statuses[path] = body, status

    return tell


def forging(forge: Callable[[dict[str, Any], dict[str, Any]], object]) -> Callable[[LoopbackProvider], object]:
    return lambda site: setattr(site, "forge", forge)


def signed_by(*keys: SigningKey) -> Callable[[LoopbackProvider], object]:
    return lambda site: setattr(site, "keys", list(keys))


def in_its_name(algorithm: str, key: Any = None, **header: object) -> Callable[[LoopbackProvider], object]:
    """Sign with another key or algorithm than the provider's, and say so."""
    return forging(lambda said, claims: token_of(said | {"alg": algorithm} | header, claims, algorithm, key))


def edited(change: Callable[[list[str]], list[str]]) -> Callable[[LoopbackProvider], object]:
    """Change the parts of a token after it was signed."""
    return lambda site: setattr(site, "forge", lambda h, c: ".".join(change(site.sign(h, c).split("."))))


def promoted(token: list[str]) -> list[str]:
    claims = json.loads(urlsafe_b64decode(token[1] + "=="))
    return [token[0], part(json.dumps(claims | {"sub": "admin"}).encode()), token[2]]


def secret_key(raw: bytes) -> OctKey:
    """Make one of what the library itself would refuse as a secret."""
    return OctKey(raw, raw)


PUBLIC = signing_key().key.get_op_key("verify")
PEM = secret_key(PUBLIC.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
MODULUS = secret_key(signing_key().stated["n"].encode())
OURS = secret_key(SECRET.encode())
FOREIGN = signing_key("RS256", "foreign")
SHORT = SigningKey("first", "RS256", RSAKey(rsa.generate_private_key(65_537, 1024), None))  # noqa: S505 - that is the point
SECRET_KEY = signing_key("HS256")
UNPROVED, UNSIGNED, UNREAD = "proves nothing", "not signed with its key", "no token that can be read"
SELF, LIST = "about itself", "no https address"

LIES = {
    # What the browser brings back.
    "another state": Lie(why="another question", answer=with_answer(state="guessed")),
    "an empty state": Lie(why="another question", answer=with_answer(state="")),
    "no state": Lie(why="another question", answer=with_answer(state=GONE)),
    "a state of half a letter": Lie(why="another question", answer=with_answer(state="\ud800")),
    "two states": Lie(why="twice", answer=lambda a: [*a, ("state", "guessed")]),
    "two codes": Lie(why="twice", answer=lambda a: [("code", "guessed"), *a]),
    "the issuer of another": Lie(why="another site answered", answer=with_answer(iss="https://evil.example")),
    "almost the issuer": Lie(why="another site answered", answer=lambda a: [(n, v + "/" * (n == "iss")) for n, v in a]),
    "no issuer though it was promised": Lie(why="another site answered", answer=with_answer(iss=GONE)),
    "an error": Lie(why="with an error", answer=with_answer(error="server_error")),
    "an error with a message": Lie(why="with an error", answer=with_answer(error="<script>", code=GONE)),
    "a denial": Lie(why="was told not to say", answer=with_answer(error="access_denied", code=GONE)),
    "no code": Lie(why="no code", answer=with_answer(code=GONE)),
    "an empty code": Lie(why="no code", answer=with_answer(code="")),
    "a code in two lines": Lie(why="no code", answer=with_answer(code="code-0\n")),
    "an endless code": Lie(why="no code", answer=with_answer(code="a" * 5_000)),
    "a guessed code": Lie(why="refuses", answer=with_answer(code="guessed")),
    "an answer that comes too late": Lie(why="too long", after=LASTS + timedelta(seconds=1)),
    "an answer before the question": Lie(why="too long", after=-timedelta(seconds=1)),
    # What we kept of the question.
    "a sign-in begun elsewhere": Lie(
        why="another site was", started=lambda s: replace(s, issuer="https://evil.example")
    ),
    "the verifier of another": Lie(why="refuses", started=lambda s: replace(s, verifier="v" * 43)),
    "another address to come back to": Lie(why="refuses", started=lambda s: replace(s, redirect_uri=HERE + "/")),
    # What the provider says about itself.
    "itself under another name": Lie(why=SELF, site=say(discovery_issuer="https://evil.example")),
    "itself with a slash more": Lie(why=SELF, site=lambda s: say(discovery_issuer=f"{s.issuer}/")(s)),
    "itself as a list": Lie(why=SELF, site=says_body("/.well-known/openid-configuration", b"[]")),
    "itself as no JSON": Lie(why=SELF, site=says_body("/.well-known/openid-configuration", b"<html>")),
    "itself without end": Lie(why=SELF, site=says_body("/.well-known/openid-configuration", b"[" * 100_000)),
    "itself elsewhere": Lie(why="refuses", site=says_body("/.well-known/openid-configuration", b"", 302)),
    "itself not at all": Lie(
        why="does not answer now", site=says_body("/.well-known/openid-configuration", b"", 503), error=Unavailable
    ),
    "itself at too great length": Lie(
        why="larger", site=says_body("/.well-known/openid-configuration", b" " * 600_000), error=Invalid
    ),
    "no place for tokens": Lie(why=LIST, site=say(discovery_token_endpoint=GONE)),
    "tokens in a file": Lie(why=LIST, site=say(discovery_token_endpoint="file:///etc/passwd")),  # noqa: S106 - a field's name
    "sign-in by a script": Lie(why=LIST, site=say(discovery_authorization_endpoint="javascript:alert(1)//x")),
    "sign-in at a fragment": Lie(why=LIST, site=lambda s: say(discovery_authorization_endpoint=f"{s.issuer}/#a")(s)),
    "keys that are a number": Lie(why=LIST, site=say(discovery_jwks_uri=7)),
    "userinfo with a user": Lie(why=LIST, site=say(discovery_userinfo_endpoint="https://a:b@evil.example/")),
    "only the plain challenge": Lie(why="PKCE", site=say(discovery_code_challenge_methods_supported=["plain"])),
    "only the implicit flow": Lie(why="code flow", site=say(discovery_response_types_supported=["id_token"])),
    "no way to sign": Lie(why=UNPROVED, site=say(discovery_id_token_signing_alg_values_supported="RS256")),  # noqa: S106 - a field's name
    # What it gives for a code.
    "no token": Lie(why=UNREAD, site=say(tokens_id_token=GONE)),
    "a token that is a number": Lie(why=UNREAD, site=say(tokens_id_token=7)),
    "an endless token": Lie(why=UNREAD, site=say(tokens_id_token="a." * 40_000)),
    "tokens that are no bearer's": Lie(why="no tokens that can be used", site=say(tokens_token_type="mac")),  # noqa: S106 - a field's name
    "tokens that are no JSON": Lie(why="no tokens that can be used", site=says_body("/token", b"access_token=a")),
    "tokens elsewhere": Lie(why="refuses", site=says_body("/token", b"", 307)),
    "tokens later": Lie(why="does not answer now", site=says_body("/token", b"", 500), error=Unavailable),
    # How a token is signed.
    "not at all": Lie(why=UNPROVED, site=in_its_name("none")),
    "not at all, in capitals": Lie(
        why=UNPROVED, site=forging(lambda h, c: token_of(h | {"alg": "nOnE"}, c, "none", None))
    ),
    "with our secret": Lie(why=UNPROVED, site=in_its_name("HS256", OURS)),
    "with its public key as the secret": Lie(why=UNPROVED, site=in_its_name("HS256", PEM)),
    "with its modulus as the secret": Lie(why=UNPROVED, site=in_its_name("HS256", MODULUS)),
    "with a secret that it publishes": Lie(why=UNPROVED, site=signed_by(SECRET_KEY)),
    "with a secret in place of RS256": Lie(
        why=UNSIGNED, site=forging(lambda h, c: token_of(h | {"alg": "RS256"}, c, "HS256", PEM))
    ),
    "no algorithm": Lie(why=UNREAD, site=say(header_alg=GONE)),
    "an algorithm that is a list": Lie(why=UNPROVED, site=say(header_alg=["RS256"])),
    "an algorithm it does not use": Lie(why=UNPROVED, site=in_its_name("PS256", signing_key().key)),
    "an algorithm that is not its key's": Lie(
        why=UNSIGNED,
        site=lambda s: (
            say(discovery_id_token_signing_alg_values_supported=["RS256", "PS256"])(s),
            in_its_name("PS256", signing_key().key)(s),
        ),
    ),
    "with another key under the same name": Lie(why=UNSIGNED, site=in_its_name("RS256", FOREIGN.key)),
    "with a key of another name": Lie(why=UNSIGNED, site=in_its_name("RS256", FOREIGN.key, kid="foreign")),
    "with a key that it brings along": Lie(
        why=UNSIGNED, site=in_its_name("RS256", FOREIGN.key, jwk=FOREIGN.stated, jku="https://evil.example/keys")
    ),
    "with a key for encryption": Lie(
        why=UNSIGNED, site=signed_by(SigningKey("first", "RS256", signing_key().key, {"use": "enc"}))
    ),
    "with one of two keys, not saying which": Lie(
        why=UNSIGNED, site=lambda s: (signed_by(signing_key(), FOREIGN)(s), say(header_kid=GONE)(s))
    ),
    "with one of two keys of one name": Lie(
        why=UNSIGNED, site=signed_by(signing_key(), SigningKey("first", "RS256", FOREIGN.key))
    ),
    "with a key that is too short": Lie(why=UNSIGNED, site=signed_by(SHORT)),
    "with keys that are gone": Lie(why=UNSIGNED, site=says_body("/keys", b'{"keys": {}}')),
    "with an extension that must be understood": Lie(why=UNREAD, site=say(header_crit=["exp"], header_exp=1)),
    "with half a signature": Lie(why=UNSIGNED, site=edited(lambda t: [*t[:2], t[2][: len(t[2]) // 2]])),
    "with an empty signature": Lie(why=UNSIGNED, site=edited(lambda t: [*t[:2], ""])),
    "and changed afterwards": Lie(why=UNSIGNED, site=edited(promoted)),
    "without a signature": Lie(why=UNREAD, site=edited(lambda t: t[:2])),
    "for our eyes only": Lie(why=UNREAD, site=edited(lambda t: [*t, "a", "b"])),
    "under a header that is a list": Lie(why=UNREAD, site=edited(lambda t: [part(b'["alg"]'), *t[1:]])),
    # What a token says.
    "nothing": Lie(why="issued by another", site=lambda s: forging(lambda h, _: s.sign(h, []))(s)),  # type: ignore[arg-type]
    "the issuer is another": Lie(why="issued by another", site=say(iss="https://evil.example")),
    "no issuer": Lie(why="issued by another", site=say(iss=GONE)),
    "no subject": Lie(why="names nobody", site=say(sub=GONE)),
    "an empty subject": Lie(why="names nobody", site=say(sub="")),
    "a subject that is a number": Lie(why="names nobody", site=say(sub=7)),
    "an endless subject": Lie(why="names nobody", site=say(sub="a" * 256)),
    "a subject in two lines": Lie(why="names nobody", site=say(sub="ada\nadmin")),
    "it is for another": Lie(why="is for another", site=say(aud="another")),
    "it is for another as well": Lie(why="is for another", site=say(aud=[CLIENT, "another"])),
    "it is for nobody": Lie(why="is for another", site=say(aud=GONE)),
    "it was made for another": Lie(why="made for another", site=say(azp="another")),
    "it is out of date": Lie(why="out of date", site=say(exp=THEN - 121)),
    "it is good for ever": Lie(why="out of date", site=say(exp=GONE)),
    "it is good until a word": Lie(why="out of date", site=say(exp="tomorrow")),
    "it is good until true": Lie(why="out of date", site=say(exp=True)),
    "it is good without end": Lie(why="out of date", site=say(exp=float("inf"))),
    "it is good until the sun dies": Lie(why="out of date", site=say(exp=10**30)),
    "it is of no time": Lie(why="not of now", site=say(iat=GONE)),
    "it is older than the question": Lie(why="not of now", site=say(iat=THEN - 121)),
    "it is of tomorrow": Lie(why="not of now", site=say(iat=THEN + 121)),
    "it begins tomorrow": Lie(why="not valid yet", site=say(nbf=THEN + 121)),
    "it begins at a word": Lie(why="not valid yet", site=say(nbf="now")),
    "it begins at true": Lie(why="not valid yet", site=say(nbf=True)),
    "another nonce": Lie(why="another question", site=say(nonce="guessed")),
    "no nonce": Lie(why="another question", site=say(nonce=GONE)),
    "a nonce in a list": Lie(why="another question", site=say(nonce=["guessed"])),
    "the hash of another token": Lie(why="belong together", site=say(at_hash="guessed")),
    "signed in long ago": Lie(why="too long ago", site=say(auth_time=THEN - 3_721), max_age=timedelta(hours=1)),
    "signed in nobody knows when": Lie(why="too long ago", site=say(auth_time=GONE), max_age=timedelta(hours=1)),
    "signed in tomorrow": Lie(why="too long ago", site=say(auth_time=THEN + 121), max_age=timedelta(hours=1)),
    "the address of somebody else": Lie(why="somebody else", site=say(email=GONE, userinfo_sub="eve")),
}


def fetching() -> Fetching:
    return Fetching(Network(allow_private=True), lambda: NOW)


def sign_in(site: LoopbackProvider, lie: Lie) -> None:
    provider, fetch = site.registered(HERE), fetching()
    started = begin(provider, HERE, fetch, NOW, lie.max_age)
    answer = lie.answer(answer_in(come_back(started.url)))
    finish(provider, lie.started(started), answer, fetch, NOW + lie.after)


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_what_proves_nothing_is_refused(lie: Lie) -> None:
    with providing(lambda: NOW) as site:
        lie.site(site)
        with pytest.raises(BroadsheetError, match=lie.why) as refusal:
            sign_in(site, lie)
    assert type(refusal.value) is lie.error
    assert "<script>" not in str(refusal.value)


def test_there_are_more_lies_than_forty() -> None:
    assert len(LIES) > 100


def test_a_code_is_good_once() -> None:
    with providing(lambda: NOW) as site:
        provider = site.registered(HERE)
        started = begin(provider, HERE, fetching(), NOW)
        answer = answer_in(come_back(started.url))
        finish(provider, started, answer, fetching(), NOW)
        with pytest.raises(Refused):
            finish(provider, started, answer, fetching(), NOW)


def test_an_answer_of_another_browser_is_refused_before_its_code_goes_anywhere() -> None:
    with providing(lambda: NOW) as site:
        provider = site.registered(HERE)
        mine, theirs = (begin(provider, HERE, fetching(), NOW) for _ in range(2))
        with pytest.raises(Refused, match="another question"):
            finish(provider, mine, answer_in(come_back(theirs.url)), fetching(), NOW)
        assert "/token" not in site.paths()


def test_a_code_put_into_another_sign_in_is_refused_by_its_challenge() -> None:
    with providing(lambda: NOW) as site:
        provider = site.registered(HERE)
        mine, theirs = (begin(provider, HERE, fetching(), NOW) for _ in range(2))
        stolen = dict(answer_in(come_back(theirs.url)))["code"]
        answer = [(name, stolen if name == "code" else value) for name, value in answer_in(come_back(mine.url))]
        with pytest.raises(Refused, match="refuses"):
            finish(provider, mine, answer, fetching(), NOW)


@pytest.mark.parametrize("tells_its_issuer", [True, False])
def test_two_providers_cannot_be_mixed_up(tells_its_issuer: bool) -> None:  # noqa: FBT001 - both ways are tested
    """The attack of RFC 9700, section 4.4: a false provider sends the browser on to an honest one, to get its code."""
    with providing(lambda: NOW) as honest, providing(lambda: NOW) as false:
        provider, trap = honest.registered(HERE), false.registered(HERE)
        honest.back["iss"] = honest.issuer if tells_its_issuer else GONE
        honest.discovery["authorization_response_iss_parameter_supported"] = tells_its_issuer
        false.discovery |= {"authorization_endpoint": f"{honest.issuer}/authorize"}
        started = begin(trap, HERE, fetching(), NOW)
        answer = answer_in(come_back(started.url))
        with pytest.raises(Refused, match="another site answered"):
            finish(trap, started, answer, fetching(), NOW)
        with pytest.raises(Refused, match="another site was asked"):
            finish(provider, started, answer, fetching(), NOW)
        assert "/token" not in honest.paths() + false.paths()


def test_a_provider_that_lives_under_tls_sends_nobody_to_an_open_line() -> None:
    told = {
        "issuer": "https://id.example.org",
        "authorization_endpoint": "https://id.example.org/a",
        "token_endpoint": "http://id.example.org/t",
        "jwks_uri": "https://id.example.org/k",
    }
    for plain_http in (True, False):
        provider = Provider(name="X", issuer=told["issuer"], client_id="x", plain_http=plain_http)
        with pytest.raises(Refused, match="token_endpoint"):
            begin(provider, HERE, lambda _: json.dumps(told).encode(), NOW)


def test_a_provider_without_tls_is_not_asked_unless_it_is_allowed() -> None:
    with providing(lambda: NOW) as site:
        with pytest.raises(Refused, match="issuer"):
            begin(site.registered(HERE, plain_http=False), HERE, fetching(), NOW)
        assert site.asked == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=8,
)
NAMES = st.sampled_from(
    "issuer authorization_endpoint token_endpoint jwks_uri keys kty kid n e crv x y id_token token_type".split()
)


@given(st.dictionaries(NAMES, JSON | st.just("https://id.example.org")), st.lists(st.tuples(st.text(), st.text())))
def test_whatever_is_said_is_refused_and_nothing_worse(said: dict[str, object], answer: Answer) -> None:
    provider = Provider(name="X", issuer="https://id.example.org", client_id="x")
    honest = {
        "issuer": provider.issuer,
        "authorization_endpoint": f"{provider.issuer}/a",
        "token_endpoint": f"{provider.issuer}/t",
        "jwks_uri": f"{provider.issuer}/k",
    }

    def fetch(question: Question) -> bytes:
        if question.form is not None:
            header = part(json.dumps({"alg": "RS256", "kid": said.get("kid")}).encode())
            tokens = {"token_type": "bearer", "id_token": f"{header}.{part(json.dumps(said).encode())}.AAAA"}
            return json.dumps(tokens | {"id_token": said.get("id_token", tokens["id_token"])}).encode()
        if question.url.endswith("/k"):
            return json.dumps({"keys": [said | {"kty": kind} for kind in ("RSA", "EC", "OKP", "oct")]}).encode()
        return json.dumps(honest).encode()

    started = begin(provider, HERE, fetch, NOW)
    for told in (answer, [("state", started.state), ("code", "x"), *answer]):
        with pytest.raises(BroadsheetError):
            finish(provider, started, told, fetch, NOW)
    with pytest.raises(BroadsheetError):
        begin(replace(provider, issuer="https://other.example.org"), HERE, lambda _: json.dumps(said).encode(), NOW)
