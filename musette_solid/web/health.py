"""Is this instance alive, and is it ready for visitors? Asked by a proxy or a supervisor, under whatever host name.

`/healthz`: the process answers. `/readyz`: somebody could sign in here and now. Neither ever asks a person's space or their
provider: one that is ill must not take everybody's application down with it.
"""

import shutil
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from flask import Flask

from musette_solid.web.config import Config
from musette_solid.web.sealed import StoreUnreachable

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from musette_solid.web.session import Sessions

_LEAST_FREE: Final = 0.02
#: A machine that has just begun without knowing the time: every token would be from the future.
_EARLIEST_S: Final = 1_760_000_000


class Health:
    """Answers before the application does: no host check, no session, no page."""

    def __init__(self, app: "WSGIApplication", why_not: Callable[[], str]) -> None:
        self._app = app
        self._why_not = why_not
        self.is_leaving = threading.Event()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        match environ.get("PATH_INFO"):
            case "/healthz":
                reason = ""
            case "/readyz":
                reason = "leaving" if self.is_leaving.is_set() else self._why_not()
            case _:
                return self._app(environ, start_response)
        body = f"{reason or 'ok'}\n".encode()
        start_response(
            "503 Service Unavailable" if reason else "200 OK",
            [
                ("Content-Type", "text/plain; charset=utf-8"),
                ("Content-Length", str(len(body))),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
        return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body]


def install(app: Flask, config: Config) -> None:
    def why_not() -> str:
        sessions: Sessions = app.extensions["musette.sessions"]
        try:
            sessions.check()
        except StoreUnreachable:
            return "sessions cannot be kept"
        if sessions.now() < _EARLIEST_S:
            return "the clock of this machine is wrong"
        space = shutil.disk_usage(config.data)
        return "the disk is full" if space.free < space.total * _LEAST_FREE else ""

    health = Health(app.wsgi_app, why_not)
    app.wsgi_app = health  # type: ignore[method-assign]  # as Flask's documentation has it
    app.extensions["musette.health"] = health


def leave(app: Flask) -> None:
    """From now on this instance says that it is not ready: whoever sends visitors here sends them elsewhere."""
    app.extensions["musette.health"].is_leaving.set()
