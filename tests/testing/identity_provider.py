"""A small OpenID Connect provider on loopback: discovery, a page to choose a person, signed identity tokens."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey


@dataclass
class Provider:
    """The people it knows by their subject, and the codes that it gave out."""

    people: Mapping[str, Mapping[str, Any]]
    base: str = ""
    age: float = 0.0  # seconds since the sign-in of the next token
    codes: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k", "alg": "RS256", "use": "sig"}))

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.base,
            "authorization_endpoint": f"{self.base}/authorize",
            "token_endpoint": f"{self.base}/token",
            "jwks_uri": f"{self.base}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def page(self, asked: dict[str, str]) -> str:
        """A link for each person; a click on it signs that person in."""
        links = []
        for subject in self.people:
            code = secrets.token_urlsafe(12)
            self.codes[code] = (subject, asked)
            target = f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
            links.append(f'<p><a href="{target}">{subject}</a></p>')
        return f"<title>Who are you?</title>{''.join(links)}"

    def token(self, code: str) -> dict[str, Any]:
        subject, asked = self.codes.pop(code)
        now = int(time.time() - self.age)
        claims = {
            "iss": self.base,
            "sub": subject,
            "aud": asked["client_id"],
            "iat": now,
            "exp": int(time.time()) + 600,
        }
        claims |= {"nonce": asked["nonce"]} if "nonce" in asked else {}
        signed = jwt.encode({"alg": "RS256", "kid": "k"}, {**claims, **self.people[subject]}, self.key)
        return {"access_token": "x", "token_type": "Bearer", "expires_in": 600, "id_token": signed}


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/authorize":
            self._send(self.provider.page(asked).encode(), "text/html")
        elif parts.path == "/keys":
            self._send(json.dumps({"keys": [self.provider.key.as_dict(private=False)]}).encode())
        else:
            self._send(json.dumps(self.provider.discovery()).encode())

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self._send(json.dumps(self.provider.token(form["code"][0])).encode())

    def _send(self, body: bytes, kind: str = "application/json") -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def identity_provider(people: Mapping[str, Mapping[str, Any]]) -> Iterator[Provider]:
    """Serve until the block ends."""
    provider = Provider(people)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"provider": provider}))
    provider.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def sign_in_text(provider: str, address: str) -> str:
    """The sign-in file of a server at this address, with a group for each role."""
    auth = {
        "redirect_uri": f"{address}/oauth2callback",
        "cookie_secret": "c" * 40,
        "client_id": "tminus",
        "client_secret": "s" * 20,
        "server_metadata_url": f"{provider}/.well-known/openid-configuration",
    }
    lines = ["[auth]", *(f"{key} = {json.dumps(value)}" for key, value in auth.items())]
    roles = ['readers = ["team"]', 'reviewers = ["leads"]', 'maintainers = ["admins"]']
    return "\n".join([*lines, "[tminus]", *roles, ""])
