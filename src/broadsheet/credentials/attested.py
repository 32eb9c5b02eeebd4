"""Does what a device signed prove anything? Every check of a ceremony, by the library that knows their order."""

import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from webauthn import base64url_to_bytes, verify_authentication_response, verify_registration_response
from webauthn.helpers.cose import COSEAlgorithmIdentifier

from broadsheet.errors import Refused

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Known:
    """A passkey as it was kept, and the handle of its owner."""

    id: bytes
    public_key: bytes
    sign_count: int
    user_handle: bytes = field(repr=False)


def registered(
    told: dict[str, Any], challenge: bytes, rp_id: str, origin: str, algorithms: Sequence[int]
) -> tuple[bytes, bytes, int]:
    """Give id, public key and count of signatures of a new passkey (WebAuthn, section 7.1); raises Refused."""
    _check_frame(told)
    proved = _proved(
        lambda: verify_registration_response(
            credential=told,
            expected_challenge=challenge,
            expected_rp_id=rp_id,
            expected_origin=origin,
            require_user_verification=True,
            supported_pub_key_algs=[COSEAlgorithmIdentifier(number) for number in algorithms],
        )
    )
    return proved.credential_id, proved.credential_public_key, proved.sign_count


def signed_in(told: dict[str, Any], challenge: bytes, rp_id: str, origin: str, known: Known) -> int:
    """Give the new count of signatures of a passkey that has signed (WebAuthn, section 7.2); raises Refused."""
    handle = told["response"].get("userHandle")
    if credential_id(told) != known.id or not (handle is None or _is_handle(handle, known.user_handle)):
        raise Refused("This passkey belongs to somebody else.")
    _check_frame(told)
    return _proved(
        lambda: verify_authentication_response(
            credential=told,
            expected_challenge=challenge,
            expected_rp_id=rp_id,
            expected_origin=origin,
            credential_public_key=known.public_key,
            credential_current_sign_count=known.sign_count,
            require_user_verification=True,
        )
    ).new_sign_count


def credential_id(told: dict[str, Any]) -> bytes:
    """Give the id of the passkey that an answer names; raises Refused where it names none."""
    return _proved(lambda: base64url_to_bytes(told["id"]))


def _check_frame(told: dict[str, Any]) -> None:
    """Let pass what was signed on a page of ours that stood in no frame of another site's."""
    client_data = _proved(lambda: json.loads(base64url_to_bytes(told["response"]["clientDataJSON"])))
    if not isinstance(client_data, dict) or client_data.get("crossOrigin", False) is not False:
        raise Refused("The passkey did not prove who you are. Open the page by itself and try again.")


def _is_handle(told: object, handle: bytes) -> bool:
    return isinstance(told, str) and hmac.compare_digest(_proved(lambda: base64url_to_bytes(told)), handle)


def _proved(check: Callable[[], T]) -> T:
    try:
        return check()
    except Exception as error:  # whatever a hostile answer makes a parser of CBOR, ASN.1 and JSON raise
        raise Refused("The passkey did not prove who you are. Try again, or sign in another way.") from error
