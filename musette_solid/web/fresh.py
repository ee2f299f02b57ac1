"""What was written through one worker is shown by the next one, too.

A page may be made from what a worker remembers, while a channel says that nothing moved (pod/notifications.py). What was
written through the same worker it forgets at once; of what was written through another it hears a moment later, which may
be too late for the page that follows the form. So the answer to a form leaves a mark in the browser for half a minute, and
a worker that did not leave it asks about everything once more.
"""

import secrets

from flask import Flask, request
from werkzeug.wrappers import Response

from musette_solid.web.access import visitor
from musette_solid.web.config import Config

#: Longer than a message takes to arrive; shorter than anybody would notice the requests.
_MARKED_S = 30


def install(app: Flask, config: Config) -> None:
    here = secrets.token_hex(4)
    name = config.cookie("musette-wrote")

    @app.before_request
    def _ask_again() -> None:
        mark = request.cookies.get(name, "")
        if not mark or mark.startswith(here + ".") or request.endpoint == "static":
            return
        there = visitor()
        if there is not None:
            there.pod.cache.distrust(mark[:64])

    @app.after_request
    def _mark(response: Response) -> Response:
        if request.method == "POST" and visitor() is not None:
            mark = f"{here}.{secrets.token_hex(4)}"
            response.set_cookie(
                name, mark, max_age=_MARKED_S, secure=config.is_secure, httponly=True, samesite="Lax", path="/"
            )
        return response
