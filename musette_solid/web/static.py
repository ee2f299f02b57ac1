"""Addresses of shipped files that change when the file changes, so that browsers may keep them for a year."""

from functools import lru_cache
from hashlib import sha256

from flask import Flask, Response, request

from musette_solid import shipped


@lru_cache(maxsize=64)
def _digest(name: str) -> str:
    return sha256((shipped.WEB / "static" / name).read_bytes()).hexdigest()[:12]


@lru_cache(maxsize=64)
def address(name: str) -> str:
    """Made once: a long page names its icons hundreds of times."""
    return f"/static/{name}?v={_digest(name)}"


def install(app: Flask) -> None:
    app.jinja_env.globals["static"] = address
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 300

    @app.after_request
    def keep_named_versions(response: Response) -> Response:
        name = (request.view_args or {}).get("filename", "")
        # The version that was asked for, and no other: a newer page may meet an older server for a moment.
        if request.endpoint == "static" and response.status_code == 200 and request.args.get("v") == _digest(name):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
