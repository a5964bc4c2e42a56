"""An authenticator in software: makes passkeys, counts their use, and answers what a browser would pass on."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode

PRESENT, VERIFIED, WITH_CREDENTIAL = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One passkey at one name; `origin` is where the browser believes itself to be."""

    origin: str = "http://localhost"
    name: str = "localhost"
    flags: int = PRESENT | VERIFIED
    uses: int = 0
    user: bytes = b""
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def made(self, question: dict[str, Any]) -> str:
        """The answer to a question for a new passkey."""
        self.user = websafe_decode(question["user"]["id"])
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        size = len(self.credential_id).to_bytes(2, "big")
        told = self._told(WITH_CREDENTIAL) + bytes(16) + size + self.credential_id + public
        attested = cbor.encode({"fmt": "none", "attStmt": {}, "authData": told})
        client = self._client("webauthn.create", question)
        return self._answer({"clientDataJSON": client, "attestationObject": attested})

    def shown(self, question: dict[str, Any], **instead: bytes) -> str:
        """The answer to a question for a passkey; `instead` puts other parts into it."""
        self.uses += 1
        client, told = self._client("webauthn.get", question), self._told()
        signature = self.key.sign(told + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        parts = {"clientDataJSON": client, "authenticatorData": told, "signature": signature}
        return self._answer({**parts, "userHandle": self.user, **instead})

    def _told(self, more: int = 0) -> bytes:
        head = hashlib.sha256(self.name.encode()).digest()
        return head + bytes([self.flags | more]) + self.uses.to_bytes(4, "big")

    def _client(self, kind: str, question: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": question["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, parts: dict[str, bytes]) -> str:
        return json.dumps(
            {
                "id": websafe_encode(self.credential_id),
                "rawId": websafe_encode(self.credential_id),
                "type": "public-key",
                "clientExtensionResults": {},
                "response": {name: websafe_encode(part) for name, part in parts.items()},
            }
        )
