"""What was written through one worker is shown by the next one, too.

A page may be made from what a worker remembers, while a channel says that nothing moved (pod/channels.py). What was
written through the same worker it forgets at once; of what was written through another it hears a moment later, which may
be too late for the page that follows the form. So the answer to a form leaves a mark in the browser for half a minute, and
a worker that did not leave it asks about everything once more.
"""

import secrets

from flask import Flask, g, request
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
        elsewhere = mark and not mark.startswith(here + ".")
        if request.endpoint == "static" or not (elsewhere or request.method == "POST"):
            return
        there = visitor()
        if there is None:
            return
        if elsewhere:
            there.pod.cache.distrust(mark[:64])
        g.musette_writes = (there.pod.cache, there.pod.cache.writes)

    @app.after_request
    def _mark(response: Response) -> Response:
        cache, writes = g.get("musette_writes", (None, 0))
        if cache is not None and request.method == "POST" and cache.writes != writes:
            mark = f"{here}.{secrets.token_hex(4)}"
            response.set_cookie(
                name, mark, max_age=_MARKED_S, secure=config.is_secure, httponly=True, samesite="Lax", path="/"
            )
        return response
