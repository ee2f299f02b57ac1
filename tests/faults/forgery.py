"""Tokens that a hostile provider signs: other claims, another header, another key."""

import base64
import hmac
import json
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import ECKey

from tests.faults.hostile_world import Lab

ELSEWHERE = "https://another.example/"


def forged(
    lab: Lab, header: dict[str, Any] | None = None, key: ECKey | None = None, **changes: Any
) -> Callable[..., str]:
    """A token with other claims (None takes one away), another header, another key."""

    def forge(claims: dict[str, Any]) -> str:
        said = {name: value for name, value in (claims | changes).items() if value is not None}
        return signed({"alg": "ES256", **(header or {})}, said, key or lab.provider.key)

    return forge


def signed(header: dict[str, Any], claims: dict[str, Any], key: ECKey | bytes) -> str:
    """By hand: a library would not sign everything that somebody hostile signs."""
    text = f"{encoded(header)}.{encoded(claims)}"
    if isinstance(key, bytes):
        size = str(header["alg"])[-3:]
        signature = hmac.new(key, text.encode(), f"sha{size}").digest()
    else:
        assert key.private_key is not None
        r, s = utils.decode_dss_signature(key.private_key.sign(text.encode(), ec.ECDSA(SHA256())))
        signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return f"{text}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
