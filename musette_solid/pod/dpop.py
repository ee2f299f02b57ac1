"""Proofs of possession (RFC 9449): one key a session, one new proof a request."""

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from musette_solid.rdf.names import canonical


@dataclass(frozen=True)
class Key:
    """An ES256 key pair. The provider binds the tokens to it, so it lives and dies with them."""

    private: dict[str, Any] = field(repr=False)

    @classmethod
    def generate(cls) -> "Key":
        return cls(dict(ECKey.generate_key("P-256", private=True).as_dict(private=True)))

    @property
    def public(self) -> dict[str, Any]:
        return {name: self.private[name] for name in ("kty", "crv", "x", "y")}

    @property
    def thumbprint(self) -> str:
        """RFC 7638: what a token's `cnf.jkt` must say."""
        return ECKey.import_key(self.public).thumbprint()

    def proof(self, method: str, url: str, *, token: str | None = None, nonce: str | None = None) -> str:
        """A proof for one request. It must not be used twice: CSS refuses a `jti` that it has seen."""
        claims: dict[str, Any] = {
            "jti": secrets.token_urlsafe(18),
            "htm": method,
            "htu": canonical(url.partition("?")[0]),  # RFC 9449 4.2: without query and fragment
            "iat": int(time.time()),
        }
        if token is not None:
            claims["ath"] = base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).rstrip(b"=").decode()
        if nonce is not None:
            claims["nonce"] = nonce
        header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": self.public}
        return jwt.encode(header, claims, self._signing_key, algorithms=["ES256"])

    @property
    def _signing_key(self) -> ECKey:
        return _imported(tuple(sorted((k, v) for k, v in self.private.items() if isinstance(v, str))))


_CACHE: dict[tuple[tuple[str, str], ...], ECKey] = {}


def _imported(items: tuple[tuple[str, str], ...]) -> ECKey:
    """Importing a key costs ten signatures; a few hundred are remembered."""
    found = _CACHE.get(items)
    if found is None:
        if len(_CACHE) > 512:
            _CACHE.clear()
        found = _CACHE[items] = ECKey.import_key(dict(items))
    return found
