"""An OpenID Connect provider for tests, run as a process: code flow, PKCE, RS256; can be nasty.

    python -m tests.oidc_provider PORT

Who "signs in" there next, and what is wrong with the answer, is POSTed to /next as JSON.
"""

import base64
import hashlib
import hmac
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import httpx
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.local_server import listening

CLIENT, SECRET = "beatbook", "s3cret-of-the-provider"
KEY, OTHERS_KEY = (RSAKey.generate_key(2048, {"kid": "one"}) for _ in range(2))
NEXT: dict[str, Any] = {}
CODES: dict[str, dict[str, str]] = {}
CALLS: list[str] = []


class Provider:
    """What the test sees of it."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def next(self, *, fault: str = "", **claims: Any) -> None:
        httpx.post(f"{self.url}/next", json={"fault": fault, "claims": claims})

    def calls(self) -> list[str]:
        return httpx.get(f"{self.url}/calls").json()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_words: Any) -> None:
        """Quiet."""

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        CALLS.append(parts.path)
        if parts.path == "/.well-known/openid-configuration":
            return self.answer(200, self.about())
        if parts.path == "/keys":
            return self.answer(200, {"keys": [KEY.as_dict(private=False)]})
        if parts.path == "/authorize":
            return self.authorize(asked)
        return self.answer(200, CALLS) if parts.path == "/calls" else self.answer(404, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.path == "/next":
            NEXT.clear()
            NEXT.update(json.loads(body))
            return self.answer(200, {})
        CALLS.append(self.path)
        return self.hand_out({name: values[0] for name, values in parse_qs(body).items()})

    def about(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def authorize(self, asked: dict[str, str]) -> None:
        """Somebody signs in at once, and comes back with a code."""
        is_good = (
            asked["client_id"] == CLIENT
            and asked["response_type"] == "code"
            and asked["code_challenge_method"] == "S256"
            and "openid" in asked["scope"].split()
        )
        if not is_good:
            return self.answer(400, {"error": "invalid_request"})
        back = {"state": asked["state"]}
        if NEXT["fault"] == "denied":
            back |= {"error": "access_denied"}
        else:
            back["code"] = uuid4().hex
            CODES[back["code"]] = asked
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode(back)}")
        self.send_header("Content-Length", "0")
        self.end_headers()
        return None

    def hand_out(self, asked: dict[str, str]) -> None:
        """A code is good once, for whoever can show the verifier of its challenge."""
        given = base64.b64decode(self.headers.get("Authorization", "").removeprefix("Basic "))
        began = CODES.pop(asked.get("code", ""), None)
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        is_good = (
            began is not None
            and given.decode() == f"{CLIENT}:{SECRET}"
            and asked["redirect_uri"] == began["redirect_uri"]
            and challenge == began["code_challenge"]
        )
        if not is_good or began is None:
            return self.answer(400, {"error": "invalid_grant"})
        token = {"access_token": uuid4().hex, "token_type": "Bearer", "expires_in": 300}
        if NEXT["fault"] != "no-id-token":
            token["id_token"] = self.id_token(began["nonce"])
        return self.answer(200, token)

    def id_token(self, nonce: str) -> str:
        fault, now = NEXT["fault"], int(time.time())
        claims = {
            "iss": "https://elsewhere.example" if fault == "issuer" else self.issuer,
            "aud": "another-client" if fault == "audience" else CLIENT,
            "iat": now - 3600 if fault == "expired" else now,
            "exp": now - 1800 if fault == "expired" else now + 300,
            "nonce": "of another sign-in" if fault == "nonce" else nonce,
        } | NEXT["claims"]
        if fault == "no-nonce":
            del claims["nonce"]
        if fault == "unsigned":
            return f"{encoded({'alg': 'none'})}.{encoded(claims)}."
        if fault == "hmac":  # the public key as a shared secret: careless libraries accept it
            signed = f"{encoded({'alg': 'HS256', 'kid': 'one'})}.{encoded(claims)}"
            mac = hmac.new(KEY.as_pem(private=False), signed.encode(), hashlib.sha256).digest()
            return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
        key = OTHERS_KEY if fault == "signature" else KEY
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)

    def answer(self, status: int, content: Any) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def encoded(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


@contextmanager
def running(port: int) -> Iterator[Provider]:
    with listening("tests.oidc_provider", port):
        yield Provider(port)


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
