"""What is typed is kept in the browser until it is saved: sealed, for the person who typed it, on their own machine.

The page gives the key, to nobody but the person who is signed in; the application keeps neither text nor key. Whoever uses
the same browser afterwards finds what they cannot read, and signing out removes it (web/static/js/drafts.js).
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from flask import Flask

from musette_solid.web import access
from musette_solid.web.config import Config


@dataclass(frozen=True)
class Marks:
    """`person` tells two people's drafts apart and names nobody; `key` is 256 bits, in base64url."""

    person: str
    key: str


def install(app: Flask, config: Config) -> None:
    secret = config.key("drafts")

    def marks() -> Marks | None:
        visitor = access.visitor()
        if visitor is None or visitor.pod.webid is None:
            return None
        return Marks(_of(secret, "name", visitor.pod.webid)[:16], _of(secret, "key", visitor.pod.webid))

    app.jinja_env.globals["draft_marks"] = marks


def _of(secret: bytes, what: str, webid: str) -> str:
    digest = hmac.new(secret, f"{what} {webid}".encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")
