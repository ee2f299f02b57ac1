"""Shipped files: their addresses change when the file changes, so that browsers may keep them for a year; texts travel packed.

Only these are packed here: they hold nothing of anybody, so their length tells nothing (BREACH).
"""

import gzip
from functools import lru_cache
from hashlib import sha256

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue

from musette_solid import shipped


@lru_cache(maxsize=64)
def _digest(name: str) -> str:
    return sha256((shipped.WEB / "static" / name).read_bytes()).hexdigest()[:12]


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    folder = shipped.WEB / "static"
    return frozenset(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@lru_cache(maxsize=64)
def address(name: str) -> str:
    """Made once: a long page names its icons hundreds of times."""
    return f"/static/{name}?v={_digest(name)}"


_PACKED = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@lru_cache(maxsize=64)
def _packed(name: str) -> bytes:
    return gzip.compress((shipped.WEB / "static" / name).read_bytes(), 9, mtime=0)


def install(app: Flask) -> None:
    app.jinja_env.globals["static"] = address
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 300

    @app.before_request
    def packed() -> ResponseReturnValue | None:
        """A named version, to who takes it packed; everything else is answered as Flask does."""
        name = (request.view_args or {}).get("filename", "")
        media_type = _PACKED.get(name[name.rfind(".") :]) if request.endpoint == "static" else None
        is_asked = request.method in {"GET", "HEAD"} and request.accept_encodings.quality("gzip") > 0
        # A name that is there and of the version asked for: no path climbs out of the folder.
        if not (media_type and is_asked and request.args.get("v") and name in _names()):
            return None
        if request.args["v"] != _digest(name):
            return None
        return Response(
            _packed(name), content_type=f"{media_type}; charset=utf-8", headers={"Content-Encoding": "gzip"}
        )

    @app.after_request
    def keep_named_versions(response: Response) -> Response:
        name = (request.view_args or {}).get("filename", "")
        # The version that was asked for, and no other: a newer page may meet an older server for a moment.
        if request.endpoint == "static" and response.status_code == 200 and request.args.get("v") == _digest(name):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
