"""A real sign-in service on the loopback address: OpenID Connect with codes, PKCE, signed tokens and published keys."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from treaty.kit.environment import SignInService

CLIENT, SECRET = "treaty at kestrel", "s3cret:with/signs"
BACK = "http://localhost:8000/accounts/oidc/back/"


@dataclass
class Key:
    """A key of the service and its name."""

    kid: str = "one"
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def published(self) -> dict[str, Any]:
        """Its public half."""
        told: dict[str, Any] = jwt.algorithms.ECAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return told | {"kid": self.kid, "use": "sig", "alg": "ES256"}


@dataclass
class Provider:
    """Who is signed in there, and in what it lies when a test wants it to."""

    claims: dict[str, Any] = field(
        default_factory=lambda: {"email": "ann@kestrel.example", "email_verified": True, "name": "Ann Other"}
    )
    lies: dict[str, Any] = field(default_factory=dict)
    """Claims of the token that are not as they should be; None leaves one out."""
    tells_by_userinfo: bool = False
    userinfo_lies: dict[str, Any] = field(default_factory=dict)
    about_lies: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    key: Key = field(default_factory=Key)
    published: list[Key] = field(default_factory=list)
    algorithm: str = "ES256"
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def issuer(self) -> str:
        """Its name, which is its address."""
        return f"http://127.0.0.1:{self.port}"

    def service(self, **more: Any) -> SignInService:
        """It as Treaty's settings describe it."""
        return SignInService(self.issuer, CLIENT, SECRET, **more)

    def about(self) -> dict[str, Any]:
        """What it says of itself."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize?tenant=kestrel",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
        } | self.about_lies

    def page(self, query: dict[str, str]) -> str:
        """Where the browser is sent from the page on which Ann has just signed in."""
        assert (query["response_type"], query["client_id"], query["redirect_uri"]) == ("code", CLIENT, BACK)
        assert query["tenant"] == "kestrel"
        assert set(query["scope"].split()) >= {"openid", "email"}
        told = {"state": query["state"], "iss": self.issuer}
        if self.error:
            return f"{BACK}?{urlencode(told | {'error': self.error})}"
        code = secrets.token_hex(8)
        self.codes[code] = query
        return f"{BACK}?{urlencode(told | {'code': code})}"

    def tokens(self, form: dict[str, str], authorization: str) -> dict[str, str] | None:
        """The tokens for a code; None where something of it is not right."""
        query = self.codes.pop(form["code"], None)
        client, _, secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        is_right = (
            query is not None
            and (unquote_plus(client), unquote_plus(secret)) == (CLIENT, SECRET)
            and (form["grant_type"], form["redirect_uri"]) == ("authorization_code", BACK)
            and (query["code_challenge_method"], query["code_challenge"]) == ("S256", challenge)
        )
        if query is None or not is_right:
            return None
        return {"access_token": "a-token", "token_type": "Bearer", "id_token": self.token(query["nonce"])}

    def token(self, nonce: str) -> str:
        """Who has signed in, signed."""
        now = int(time.time())
        told: dict[str, Any] = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "7",
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
        }
        told |= {} if self.tells_by_userinfo else self.claims
        told = {name: value for name, value in (told | self.lies).items() if value is not None}
        key: Any = {"ES256": self.key.private, "none": None, "HS256": SECRET.ljust(32)}[self.algorithm]
        return jwt.encode(told, key, algorithm=self.algorithm, headers={"kid": self.key.kid})


class Handler(BaseHTTPRequestHandler):
    """Its pages and doors."""

    made: Provider

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        self.made.asked.append(address.path)
        if address.path == "/authorize":
            query = {name: values[0] for name, values in parse_qs(address.query).items()}
            self.send_response(302)
            self.send_header("Location", self.made.page(query))
            self.end_headers()
        elif address.path == "/userinfo" and self.headers["Authorization"] == "Bearer a-token":
            self.tell({"sub": "7"} | self.made.claims | self.made.userinfo_lies)
        elif address.path == "/keys":
            self.tell({"keys": [key.published() for key in self.made.published]})
        elif address.path == "/.well-known/openid-configuration":
            self.tell(self.made.about())
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        self.made.asked.append(self.path)
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        tokens = self.made.tokens(
            {name: values[0] for name, values in form.items()}, self.headers["Authorization"]
        )
        self.tell({"error": "invalid_grant"} if tokens is None else tokens, 400 if tokens is None else 200)

    def tell(self, told: dict[str, Any], status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def log_message(self, *_args: object) -> None:
        """Says nothing."""


@contextmanager
def provider() -> Iterator[Provider]:
    """A service that runs."""
    made = Provider()
    made.published = [made.key]

    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"made": made}))
    server.daemon_threads = True
    made.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
