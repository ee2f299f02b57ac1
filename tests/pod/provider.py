"""A sign-in provider that can misbehave: a real HTTP server on loopback, with one switch a misbehaviour."""

import base64
import hashlib
import json
import secrets
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

CLIENT = "http://localhost/client-id.jsonld"


@dataclass
class Provider:
    """`mode` says what goes wrong; the empty mode is a correct provider that also hosts one profile.

    What no mode names can be set: what it says of itself (`metadata`; None takes a name away), the answer that the browser
    brings back (`back`), the answer with the tokens (`answer`), the ID token (`forge`: claims to token), its keys (`keys`)
    and the profile (`profile`: its bytes and media type).
    """

    mode: str = ""
    hits: Counter[str] = field(default_factory=Counter)
    taken_back: list[str] = field(default_factory=list)
    nonce: str = ""
    thumbprint: str = ""
    webid: str = ""
    client: str = CLIENT
    lifetime_s: int = 600
    metadata: dict[str, Any] = field(default_factory=dict)
    back: dict[str, str | None] = field(default_factory=dict)
    answer: dict[str, Any] = field(default_factory=dict)
    forge: Callable[[dict[str, Any]], str] | None = None
    keys: list[Any] | None = None
    profile: tuple[bytes, str] | None = None
    slow_s: float = 0  # how long it thinks before it gives tokens

    def __post_init__(self) -> None:
        self.codes: dict[str, dict[str, str]] = {}  # what each code was given for; it opens once
        # Rotation with detection of reuse (RFC 9700 4.14.2): who each refresh token is for; None once it is spent.
        self.families: dict[str, str | None] = {}
        self.refreshes = 0
        self.reuses = 0
        self.last_access_token = ""
        self.faults: list[str] = []  # of this provider as a program: it could not do what it was told
        self._lock = threading.Lock()
        self.key = ECKey.generate_key("P-256", private=True)
        self.other_key = ECKey.generate_key("P-256", private=True)
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.answer_get(self)

            def do_POST(self) -> None:
                provider.answer_post(self)

            def log_message(self, *_: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: Any) -> None:
                error = sys.exc_info()[1]
                if not isinstance(error, ConnectionError):  # who is told too much hangs up
                    provider.faults.append(repr(error))

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.issuer = f"http://localhost:{self.port}/"
        self.webid = self.webid or f"{self.issuer}profile#me"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def public_key(self) -> dict[str, Any]:
        return dict(self.key.as_dict(private=False)) | {"use": "sig", "alg": "ES256"}

    def as_before(self) -> None:
        """A correct provider again."""
        self.mode, self.forge, self.keys, self.profile, self.slow_s = "", None, None, None, 0
        for changed in (self.metadata, self.back, self.answer, self.hits, self.faults):
            changed.clear()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def visit(self, address: str) -> str:
        """What the person's browser does: go to the sign-in page, agree, and be sent back. The address to go back to."""
        parts = urlsplit(address)
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", f"{parts.path}?{parts.query}")
            return connection.getresponse().headers["Location"]
        finally:
            connection.close()

    # --- answers

    def answer_get(self, handler: BaseHTTPRequestHandler) -> None:
        path = handler.path.partition("?")[0]
        self.hits[path] += 1
        if path == "/.well-known/openid-configuration":
            self._json(handler, self._metadata())
        elif path == "/jwks":
            public = self.public_key
            keys = [{"kty": "nonsense"}, public] if self.mode == "unparsable_key" else [public]
            self._json(handler, {"keys": keys if self.keys is None else self.keys})
        elif path == "/auth":
            self._authorize(handler)
        elif path == "/page" or path.startswith("/everywhere"):
            self._send(handler, 200, b"<html>hello</html>", "text/html")
        elif path.startswith("/broken"):
            self._send(handler, 500, b"", "text/plain")
        elif path == "/profile":
            listed = {
                "profile_lists_nobody": "",
                "profile_lists_another": "<#me> solid:oidcIssuer <https://another.example/> .",
                "profile_lists_two": f"<#me> solid:oidcIssuer <{self.issuer}>, <https://another.example/> .",
                "profile_lists_for_another_subject": f"<#other> solid:oidcIssuer <{self.issuer}> .",
            }.get(self.mode, f"<#me> solid:oidcIssuer <{self.issuer}> .")
            body = "@prefix solid: <http://www.w3.org/ns/solid/terms#> .\n" + listed
            if self.profile is not None:
                self._send(handler, 200, *self.profile)
            elif self.mode == "profile_is_html":
                self._send(handler, 200, b"<html>hello</html>", "text/html")
            else:
                self._send(handler, 200, body.encode(), "text/turtle")
        else:
            self._send(handler, 404, b"", "text/plain")

    def _authorize(self, handler: BaseHTTPRequestHandler) -> None:
        """Straight back with a code, as if the person had said yes (or, in one mode, no)."""
        asked = {k: v[0] for k, v in parse_qs(urlsplit(handler.path).query).items()}
        answer: dict[str, str | None] = {"state": asked["state"], "iss": self.issuer}
        if self.mode == "consent_refused":
            answer["error"] = "access_denied"
        elif self.mode == "error_with_script":
            answer |= {"error": "server_error", "error_description": "<script>alert('SCRIPT')</script>" * 500}
        else:
            answer["code"] = code = secrets.token_urlsafe(12)
            self.codes[code] = asked
        answer |= self.back
        said = {name: value for name, value in answer.items() if value is not None}
        self._send(handler, 303, b"", "text/plain", {"Location": asked["redirect_uri"] + "?" + urlencode(said)})

    def _redeem(self, form: dict[str, str]) -> bool:
        """Whether the code is one of ours, unspent, and shown by who asked for it (RFC 7636 4.6)."""
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None:
            return form.get("code") == "good"  # tests that never went to the sign-in page
        challenge = hashlib.sha256(form["code_verifier"].encode()).digest()
        self.nonce, self.client = asked["nonce"], asked["client_id"]
        return base64.urlsafe_b64encode(challenge).rstrip(b"=").decode() == asked["code_challenge"]

    def _metadata(self) -> dict[str, Any]:
        said: dict[str, Any] = {
            "issuer": self.issuer,
            "authorization_endpoint": self.issuer + "auth",
            "token_endpoint": self.issuer + "token",
            "jwks_uri": self.issuer + "jwks",
            "authorization_response_iss_parameter_supported": True,
            "registration_endpoint": self.issuer + "register",
            "revocation_endpoint": self.issuer + "revoke",
        }
        if self.mode == "issuer_mismatch":
            said["issuer"] = "https://another.example/"
        if self.mode == "javascript_endpoint":
            said["authorization_endpoint"] = "javascript:alert(1)"
        if self.mode == "no_token_endpoint":
            del said["token_endpoint"]
        return {name: value for name, value in (said | self.metadata).items() if value is not None}

    def answer_post(self, handler: BaseHTTPRequestHandler) -> None:
        self.hits[handler.path] += 1
        if handler.path == "/register":
            self._json(handler, {"client_id": "registered"}, 201)
            return
        length = int(handler.headers.get("Content-Length", "0"))
        form = {k: v[0] for k, v in parse_qs(handler.rfile.read(length).decode()).items()}
        if handler.path == "/revoke":
            self.taken_back.append(form.get("token", ""))
            self._json(handler, {}, 503 if self.mode == "cannot_revoke" else 200)
            return
        proof = handler.headers.get("DPoP", "")
        claims = json.loads(_decoded(proof.split(".")[1]))
        header = json.loads(_decoded(proof.split(".")[0]))
        self.thumbprint = ECKey.import_key(header["jwk"]).thumbprint()
        if self.mode in {"wants_nonce", "wants_nonces_for_ever"} and (
            claims.get("nonce") != "fresh" or self.mode == "wants_nonces_for_ever"
        ):
            self._json(handler, {"error": "use_dpop_nonce"}, 400, {"DPoP-Nonce": "fresh"})
            return
        if self.mode.startswith("out_of_order"):
            time.sleep(self.slow_s)
            self._send(handler, 503, b"<html>back soon</html>", "text/html")
            return
        time.sleep(self.slow_s)
        refreshing = form.get("grant_type") == "refresh_token"
        if form.get("grant_type") == "client_credentials":
            is_good = handler.headers.get("Authorization", "").startswith("Basic ")
        else:
            is_good = self._spend(form.get("refresh_token", "")) if refreshing else self._redeem(form)
        if self.mode == "invalid_grant" or not is_good:
            self._json(handler, {"error": "invalid_grant"}, 400)
            return
        if self.mode == "fat_answer":
            self._send(handler, 200, b" " * 1_000_000, "application/json")
            return
        self.last_access_token = self._access_token()
        answer: dict[str, Any] = {
            "access_token": self.last_access_token,
            "token_type": "Bearer" if self.mode == "bearer" else "DPoP",
            "expires_in": self.lifetime_s,
            "refresh_token": self._new_refresh_token(),
        }
        if form.get("grant_type") == "authorization_code" or self.mode.startswith("refresh_"):
            answer["id_token"] = self._id_token(form)
        answer |= self.answer
        self._json(handler, {name: value for name, value in answer.items() if value is not None})

    def _new_refresh_token(self) -> str:
        token = secrets.token_urlsafe(12)
        with self._lock:
            self.families[token] = self.webid
        return token

    def _spend(self, token: str) -> bool:
        """Whether a refresh token is good; used twice, it ends them all."""
        with self._lock:
            family = self.families.get(token)
            if family is None:
                self.reuses += token in self.families
                if token in self.families:
                    self.families = dict.fromkeys(self.families)
                return False
            self.families[token] = None
            self.refreshes += 1
            return True

    def _access_token(self) -> str:
        bound = self.other_key.thumbprint() if self.mode == "bound_to_another" else self.thumbprint
        claims = {"webid": self.webid, "cnf": {"jkt": bound}, "n": self.hits["/token"]}
        return jwt.encode({"alg": "ES256"}, claims, self.key)

    def _id_token(self, form: dict[str, str]) -> str:
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "sub": self.webid,
            "webid": self.webid,
            "aud": [self.client, "solid"],
            "azp": self.client,
            "iat": now,
            "exp": now + 600,
            "nonce": self.nonce,
        }
        changes: dict[str, dict[str, Any]] = {
            "other_issuer_in_token": {"iss": "https://another.example/"},
            "issuer_without_slash": {"iss": self.issuer.rstrip("/")},
            "other_audience": {"aud": ["https://another.example/client", "solid"]},
            "only_solid_audience": {"aud": ["solid"]},
            "other_azp": {"azp": "https://another.example/client"},
            "expired": {"exp": now - 300, "iat": now - 900},
            "from_the_future": {"iat": now + 300},
            "not_yet": {"nbf": now + 300},
            "other_nonce": {"nonce": "somebody-else's"},
            "webid_is_script": {"webid": "javascript:alert(1)"},
            "webid_is_file": {"webid": "file:///etc/passwd"},
            "webid_with_user": {"webid": "https://user:pass@pod.example/#me"},
            "webid_too_long": {"webid": "https://pod.example/" + "a" * 9000},
            "refresh_other_webid": {"webid": self.issuer + "profile#other"}
            if form.get("grant_type") == "refresh_token"
            else {},
        }
        claims |= changes.get(self.mode, {})
        if self.forge is not None:
            return self.forge(claims)
        if self.mode == "no_nonce":
            del claims["nonce"]
        if self.mode == "alg_none":
            return f"{_encoded({'alg': 'none'})}.{_encoded(claims)}."
        if self.mode == "hs256_with_public_key":
            shared = OctKey.import_key(json.dumps(self.key.as_dict(private=False)))
            return jwt.encode({"alg": "HS256"}, claims, shared)
        if self.mode == "signed_by_another":
            return jwt.encode({"alg": "ES256"}, claims, self.other_key)
        if self.mode == "key_in_header":
            header = {"alg": "ES256", "jwk": self.other_key.as_dict(private=False)}
            return jwt.encode(header, claims, self.other_key)
        return jwt.encode({"alg": "ES256"}, claims, self.key)

    def _json(
        self,
        handler: BaseHTTPRequestHandler,
        said: dict[str, Any],
        status: int = 200,
        more: dict[str, str] | None = None,
    ) -> None:
        self._send(handler, status, json.dumps(said).encode(), "application/json", more)

    @staticmethod
    def _send(
        handler: BaseHTTPRequestHandler, status: int, body: bytes, kind: str, more: dict[str, str] | None = None
    ) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in (more or {}).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _encoded(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
