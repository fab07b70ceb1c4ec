"""A passkey without a device, for pages that only show it."""

import json
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

OWNER = b"olu"


def registration() -> dict[str, object]:
    """What a device answers that is asked for a passkey, with a key that nobody keeps (W3C Web Authentication, 6.5)."""
    key = ES256.from_cryptography_key(  # type: ignore[no-untyped-call]
        ec.generate_private_key(ec.SECP256R1()).public_key()
    )
    credential = AttestedCredentialData.create(b"\0" * 16, OWNER, key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    told = AuthenticatorData.create(sha256(b"localhost").digest(), flags, 0, credential)
    origin = {"type": "webauthn.create", "challenge": "", "origin": "http://localhost"}
    return {
        "id": websafe_encode(OWNER),
        "rawId": websafe_encode(OWNER),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(json.dumps(origin).encode()),
            "attestationObject": websafe_encode(AttestationObject.create("none", told, {})),
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    }
