"""One instance of the application with people already signed in: a process of its own, for `fifty_people`.

Reads a JSON object from its input (port, data, pod server, accounts); says {"cookies": [...]} when it is ready; ends when its
input ends. Each answer names the requests to the person's space that it took, so that they can be sent again directly, and
how much processor time it took.
"""

import base64
import json
import logging
import sys
import threading
import time
from collections import deque
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, g
from waitress.server import create_server
from werkzeug.wrappers import Response as Answer

from musette_solid.pod.dpop import Key
from musette_solid.pod.http import Limits, Outgoing, Request, Response
from musette_solid.pod.providers import Client, provider
from musette_solid.pod.tokens import ask_for_tokens, tokens_of
from musette_solid.start import settle
from musette_solid.web import Config, create_app, session

#: What says how a request was meant; the proof is made anew by whoever sends it again.
_MEANT = ("Accept", "Content-Type", "If-Match", "If-None-Match", "Link")


class Recording(Outgoing):
    """The real transport, remembering for a moment what it sent."""

    def __init__(self, allowed_hosts: frozenset[str]) -> None:
        super().__init__(allowed_hosts)
        self.recent: deque[tuple[float, Request]] = deque(maxlen=4096)

    def send(self, request: Request, limits: Limits = Limits()) -> Response:  # noqa: B008
        self.recent.append((time.perf_counter(), request))
        return super().send(request, limits)


def _said(request: Request) -> dict[str, Any]:
    headers = {name: value for name, value in request.headers.items() if name in _MEANT}
    body = base64.b64encode(request.body).decode() if isinstance(request.body, bytes) else None
    return {"method": request.method, "url": request.url, "headers": headers, "body": body}


def _name_requests(app: Flask, transport: Recording) -> None:
    @app.before_request
    def _begin() -> None:
        g.begun, g.processor = time.perf_counter(), time.thread_time()

    @app.after_request
    def _end(response: Answer) -> Answer:
        # Of this thread; and so far of all of them: what is done beside a page, for one or for nobody, counts too.
        response.headers["X-Processor"] = f"{time.thread_time() - g.processor} {time.process_time()}"
        there = session.current()
        if there is not None and there.root is not None:
            root, begun = there.root, g.begun
            sent = [(at, one) for at, one in list(transport.recent) if at >= begun and one.url.startswith(root)]
            # The look at the storage before a channel is opened is nobody's waiting time.
            named = [{"at": at - begun, **_said(one)} for at, one in sent if one.method != "HEAD"]
            response.headers["X-Requests"] = json.dumps(named)
        return response


def main() -> None:
    logging.getLogger("waitress").setLevel(logging.ERROR)
    told = json.loads(sys.stdin.readline())
    allowed = frozenset({urlsplit(told["pods"]).netloc})
    config = Config(base_url=f"http://localhost:{told['port']}", data=Path(told["data"]), allowed_hosts=allowed)
    app = create_app(config)
    transport = Recording(allowed)
    session.install(app, config, transport)
    _name_requests(app, transport)
    sessions: session.Sessions = app.extensions["musette.sessions"]
    at = provider(transport, told["pods"])
    cookies = []
    with app.app_context():
        for account in told["accounts"]:
            client, key = Client(account["client_id"], account["client_secret"]), Key.generate()
            form = {"grant_type": "client_credentials", "scope": "webid"}
            granted = ask_for_tokens(transport, at, client, key, form)
            tokens = tokens_of(granted, account["webid"], at, client, key)
            cookies.append(str(sessions.begin(tokens, account["root"]).ticket))
    settle()
    server = create_server(app, host="127.0.0.1", port=told["port"], threads=16, ident=None)
    threading.Thread(target=server.run, daemon=True).start()
    sys.stdout.write(json.dumps({"cookies": cookies, "name": sessions.cookie_name}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
    server.close()


if __name__ == "__main__":
    main()
