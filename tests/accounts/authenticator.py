"""An authenticator in software: it makes and uses passkeys as a telephone would."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT_AND_VERIFIED = 0x05
WITH_CREDENTIAL = 0x40


class Authenticator:
    """One passkey for one site; `count` is the counter it reports next, 0 = it does not count."""

    def __init__(self, host: str, origin: str) -> None:
        self.host, self.origin = host, origin
        self.flags = PRESENT_AND_VERIFIED
        self.count = 0
        self.credential_id = secrets.token_bytes(32)
        self._key = ec.generate_private_key(ec.SECP256R1())

    def register(self, options: str) -> str:
        """Answer the options of a registration."""
        client = self._client_data("webauthn.create", options)
        credential = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id
        data = self._data(WITH_CREDENTIAL) + credential + self._public_key()
        attestation: bytes = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(clientDataJSON=_text(client), attestationObject=_text(attestation))

    def authenticate(self, options: str) -> str:
        """Answer the options of a sign-in."""
        client = self._client_data("webauthn.get", options)
        data = self._data(0)
        signed = self._key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            clientDataJSON=_text(client), authenticatorData=_text(data), signature=_text(signed)
        )

    def _client_data(self, kind: str, options: str) -> bytes:
        challenge = json.loads(options)["challenge"]
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _data(self, flags: int) -> bytes:
        counter = self.count.to_bytes(4, "big")
        return hashlib.sha256(self.host.encode()).digest() + bytes([self.flags | flags]) + counter

    def _public_key(self) -> bytes:
        numbers = self._key.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        encoded: bytes = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        return encoded

    def _answer(self, **response: str) -> str:
        identity = _text(self.credential_id)
        answer: dict[str, Any] = {"id": identity, "rawId": identity, "type": "public-key"}
        return json.dumps({**answer, "response": response, "clientExtensionResults": {}})


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
