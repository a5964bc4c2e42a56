"""A small OpenID provider on loopback: it knows one program, hands out codes once, and signs what it says."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

CLIENT, SECRET = "rig-ledger", "a secret of both"


@dataclass
class Provider:
    """Whom it lets in (`claims`), and what it does wrong on purpose."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    instead: dict[str, Any] = field(default_factory=dict)
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    signs_with: Any = None
    signs: bool = True
    algorithm: str = "ES256"
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def lets_in(self, address: str) -> str:
        """What the person's browser is sent back to after the provider's own sign-in."""
        said = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = secrets.token_urlsafe(16)
        self.codes[code] = said
        return f"{said['redirect_uri']}?{urlencode({'code': code, 'state': said['state']})}"

    def token(self, said: dict[str, str]) -> str:
        """What it says of the person, signed."""
        now = int(time.time())
        told = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": said["nonce"]}
        key = (self.signs_with or self.key) if self.signs else None
        return jwt.encode(
            {**told, **self.claims, **self.instead}, key, algorithm=self.algorithm, headers={"kid": "one"}
        )

    def answer(self, path: str, body: str, headers: Any) -> tuple[int, dict[str, Any]]:
        """What it answers a program."""
        self.asked.append(path)
        if path == "/.well-known/openid-configuration":
            ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            return 200, {"issuer": self.issuer, **{k: f"{self.issuer}/{v}" for k, v in ends.items()}}
        if path == "/keys":
            public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self.key.public_key()))
            return 200, {"keys": [{**public, "kid": "one", "use": "sig", "alg": "ES256"}]}
        if path == "/token":
            return self._exchange({name: values[0] for name, values in parse_qs(body).items()}, headers)
        return 404, {}

    def _exchange(self, asked: dict[str, str], headers: Any) -> tuple[int, dict[str, Any]]:
        login = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        said = self.codes.pop(asked.get("code", ""), None)
        if said is None or headers.get("Authorization") != f"Basic {login}":
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(asked["code_verifier"].encode()).digest()
        is_same = base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == said["code_challenge"]
        if not is_same or asked["redirect_uri"] != said["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self.token(said)}


@contextmanager
def a_provider() -> Iterator[Provider]:
    """A provider for as long as the block lasts."""
    provider = Provider()

    class Talk(BaseHTTPRequestHandler):
        """One request."""

        def do_GET(self) -> None:
            self._tell(provider.answer(self.path, "", self.headers))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._tell(provider.answer(self.path, body, self.headers))

        def _tell(self, answer: tuple[int, dict[str, Any]]) -> None:
            body = json.dumps(answer[1]).encode()
            self.send_response(answer[0])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Talk) as server:
        provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield provider
        server.shutdown()
