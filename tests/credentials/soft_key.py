"""A device that keeps passkeys, in software: what a browser would give a page, for tests that have no finger.

``create`` and ``get`` take the options of a ceremony and give the answer, both as JSON, as
``navigator.credentials.create()`` and ``.get()`` do. What is told to lie is told by name.
"""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

USER_PRESENT, USER_VERIFIED, KEY_INCLUDED = 0x01, 0x04, 0x40
PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey


def coded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "==")


@dataclass(kw_only=True)
class SoftKey:
    """``algorithm`` is -7 (ES256), -8 (EdDSA) or -257 (RS256); ``counts`` is off for devices that do not count."""

    algorithm: int = -7
    counts: bool = True
    verifies: bool = True
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    count: int = 0
    user_handle: bytes = b""

    def __post_init__(self) -> None:
        self.private: PrivateKey = {
            -7: lambda: ec.generate_private_key(ec.SECP256R1()),
            -8: ed25519.Ed25519PrivateKey.generate,
            -257: lambda: rsa.generate_private_key(65_537, 2048),
        }[self.algorithm]()

    def create(self, options: str, origin: str, **lies: Any) -> str:
        """Make the passkey; lies are those of ``get``, and ``format`` of the attestation."""
        asked = json.loads(options)
        self.user_handle = decoded(asked["user"]["id"])
        client_data = self._client_data("webauthn.create", asked, origin, lies)
        stated = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(self._public())
        data = self._data(asked["rp"]["id"], KEY_INCLUDED, lies) + stated
        attestation = {"fmt": lies.get("format", "none"), "attStmt": {}, "authData": data}
        return self._answer(
            {
                "clientDataJSON": coded(client_data),
                "attestationObject": coded(cbor2.dumps(attestation)),
                "transports": ["internal", "hybrid", "teleport"],
            }
        )

    def get(self, options: str, origin: str, **lies: Any) -> str:
        """Sign in; lies are ``type``, ``challenge``, ``cross``, ``rp_id``, ``flags``, ``count`` and ``handle``."""
        asked = json.loads(options)
        if self.counts:
            self.count += 1
        client_data = self._client_data("webauthn.get", asked, origin, lies)
        data = self._data(asked["rpId"], 0, lies)
        return self._answer(
            {
                "clientDataJSON": coded(client_data),
                "authenticatorData": coded(data),
                "signature": coded(self._sign(data + sha256(client_data).digest())),
                "userHandle": coded(lies.get("handle", self.user_handle)),
            }
        )

    def _answer(self, response: dict[str, Any]) -> str:
        name = coded(self.id)
        answer = {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}
        return json.dumps(answer)

    @staticmethod
    def _client_data(kind: str, asked: dict[str, Any], origin: str, lies: dict[str, Any]) -> bytes:
        return json.dumps(
            {
                "type": lies.get("type", kind),
                "challenge": lies.get("challenge", asked["challenge"]),
                "origin": origin,
                "crossOrigin": lies.get("cross", False),
            }
        ).encode()

    def _data(self, rp_id: str, flags: int, lies: dict[str, Any]) -> bytes:
        usual = USER_PRESENT | (USER_VERIFIED if self.verifies else 0)
        place = sha256(lies.get("rp_id", rp_id).encode()).digest()
        return place + bytes([flags | lies.get("flags", usual)]) + lies.get("count", self.count).to_bytes(4, "big")

    def _public(self) -> dict[int, int | bytes]:
        """State the public key in COSE (RFC 9053)."""
        public = self.private.public_key()
        if isinstance(public, ec.EllipticCurvePublicKey):
            point = public.public_numbers()
            return {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        if isinstance(public, ed25519.Ed25519PublicKey):
            return {1: 1, 3: -8, -1: 6, -2: public.public_bytes_raw()}
        numbers = public.public_numbers()
        return {1: 3, 3: -257, -1: numbers.n.to_bytes(256, "big"), -2: numbers.e.to_bytes(3, "big")}

    def _sign(self, data: bytes) -> bytes:
        if isinstance(self.private, ec.EllipticCurvePrivateKey):
            return self.private.sign(data, ec.ECDSA(hashes.SHA256()))
        if isinstance(self.private, ed25519.Ed25519PrivateKey):
            return self.private.sign(data)
        return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256())
