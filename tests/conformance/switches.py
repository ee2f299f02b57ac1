"""A pod server with switches: a correct one beneath, real HTTP on loopback, and one switch a habit or a fault of the field.

What each switch stands for was seen on a real server or in a real thread (docs/reference/servers.md).
"""

import gzip
import re
import threading
import time
from collections.abc import Callable  # noqa: TC003  (as everywhere in this house)
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from requests.structures import CaseInsensitiveDict

from musette_solid.pod import patch
from musette_solid.pod.http import Outgoing, Request, Response
from musette_solid.pod.memory import Exchange, MemoryPod, Token, _Refusal, _Stored
from musette_solid.pod.session import Pod
from musette_solid.pod.wac import Mode
from musette_solid.rdf import syntax

#: The weak tag of the two letters OK, which one server sends with every HEAD.
CONSTANT = 'W/"2-nOO9QiTIwXgNtWtBJezz8kv3SLc"'
N3, SPARQL = "text/n3", "application/sparql-update"


@dataclass(frozen=True)
class Switches:
    """The habits of one server; as it stands, a correct one."""

    etag: str = "strong"  # strong, weak, constant (on HEAD, and none on GET), none
    if_match: str = "honoured"  # honoured, ignored
    patch: str = "n3"  # n3, sparql, both, none, ignored (accepted and not done), garbled (typed values lost)
    blank_nodes: str = "refused"  # refused (422), ok
    etag_on_write: bool = False
    rules: str = "wac"  # wac, acp, none
    rule_cache_s: float = 0
    json_ld_only: bool = False
    last_modified: bool = True


@dataclass
class Fault:
    """What happens instead of, or to, the answers of the next requests of some methods."""

    kind: str
    methods: frozenset[str] = frozenset({"GET"})
    times: int = 1
    amount: float = 0  # bytes of a truncated body, seconds of a slow one, a status
    text: str = ""  # Retry-After, Location
    where: str = ""  # only addresses that contain this


class SwitchServer(MemoryPod):
    """`with SwitchServer(Switches(...)) as server:`; agents come by `agent`, faults are put into `faults`."""

    def __init__(self, switches: Switches = Switches()) -> None:
        self.switches = switches
        self.faults: list[Fault] = []
        self.now: Callable[[], float] = time.monotonic
        self._decided: dict[tuple[str, str | None], tuple[float, frozenset[Mode]]] = {}
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 20
            disable_nagle_algorithm = (
                True  # head and body are sent apart: the second would wait 40 ms for an acknowledgement
            )

            def answer(self) -> None:
                server._serve(self)

            do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = do_OPTIONS = answer  # noqa: N815

            def log_message(self, *_: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.port: int = self.http.server_address[1]
        super().__init__(f"http://localhost:{self.port}/", "acp" if switches.rules == "acp" else "wac")
        self.outgoing = Outgoing(frozenset({f"localhost:{self.port}"}))

    def __enter__(self) -> Self:
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.http.shutdown()
        self.http.server_close()

    def agent(self, webid: str | None) -> Pod:
        """An agent's way in over real HTTP."""
        return Pod(self.outgoing, webid, Token(self.token_for(webid)) if webid else None)

    def _modes(self, url: str, agent: str | None) -> frozenset[Mode]:
        if not self.switches.rule_cache_s:
            return super()._modes(url, agent)
        kept = self._decided.get((url, agent))
        if kept is None or self.now() - kept[0] > self.switches.rule_cache_s:
            kept = self._decided[url, agent] = (self.now(), super()._modes(url, agent))
        return kept[1]

    # Over HTTP

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("Content-Length") or 0)
        body = handler.rfile.read(length) if length else None
        request = Request(handler.command, self.base.rstrip("/") + handler.path, dict(handler.headers.items()), body)
        fault = self._fault(request)
        if fault and fault.kind == "silent before":
            self.requests.append(request)
            handler.close_connection = True
            return
        response = self._instead(fault, request) or self.send(request)
        if fault and fault.kind == "silent after":
            handler.close_connection = True
            return
        self._write(handler, request, response, fault)

    def _fault(self, request: Request) -> Fault | None:
        with self._lock:
            for fault in self.faults:
                if fault.times > 0 and request.method in fault.methods and fault.where in request.url:
                    fault.times -= 1
                    return fault
        return None

    def _instead(self, fault: Fault | None, request: Request) -> Response | None:
        """The answer when the server does not do what it was asked."""
        if fault is None:
            return None
        headers: dict[str, str] = {"Content-Type": "text/plain"}
        match fault.kind:
            case "status":
                if fault.text:
                    headers["Retry-After"] = fault.text
                status = int(fault.amount)
            case "expired":  # CSS answers 400 to a token that it cannot verify any more, others 401
                status = int(fault.amount)
            case "moved":
                headers["Location"] = fault.text
                status = int(fault.amount)
            case "html":
                page = b"<!doctype html><title>Sign in to the network</title><p>Welcome to the hotel."
                self.requests.append(request)
                return Response(request.url, 200, CaseInsensitiveDict({"Content-Type": "text/html"}), page)
            case "bomb":
                self.requests.append(request)
                packed = gzip.compress(b" " * int(fault.amount), 9)
                zipped = {"Content-Type": syntax.TURTLE, "Content-Encoding": "gzip"}
                return Response(request.url, 200, CaseInsensitiveDict(zipped), packed)
            case _:
                return None
        self.requests.append(request)
        return Response(request.url, status, CaseInsensitiveDict(headers), b"no")

    def _write(
        self, handler: BaseHTTPRequestHandler, request: Request, response: Response, fault: Fault | None
    ) -> None:
        body = b"" if request.method == "HEAD" or response.status in {204, 205, 304} else response.body
        kind = fault.kind if fault else ""
        if kind == "slow headers":
            self._trickle(handler, b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 10_000, fault)
            return
        handler.send_response(response.status)
        for name, value in response.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if kind == "truncated":
            assert fault is not None
            body = body[: int(fault.amount)]
            handler.close_connection = True
        if kind == "slow body":
            self._trickle(handler, body, fault)
            return
        handler.wfile.write(body)
        handler.wfile.flush()

    @staticmethod
    def _trickle(handler: BaseHTTPRequestHandler, data: bytes, fault: Fault | None) -> None:
        """One byte at a time, for as long as somebody listens."""
        handler.close_connection = True
        try:
            for byte in data:
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()
                time.sleep(fault.amount if fault else 0)
        except OSError:
            pass


class _Switched(Exchange):
    """One exchange with a server that has habits."""

    server: SwitchServer

    @property
    def switches(self) -> Switches:
        return self.server.switches

    # What it says

    def _get(self) -> Response:
        response = super()._get()
        headers = CaseInsensitiveDict(response.headers)
        match self.switches.etag:
            case "weak" if "ETag" in headers:
                headers["ETag"] = "W/" + headers["ETag"]
            case "constant":
                headers.pop("ETag", None)
                if self.request.method == "HEAD":
                    headers["ETag"] = CONSTANT
            case "none":
                headers.pop("ETag", None)
        if not self.switches.last_modified:
            headers.pop("Last-Modified", None)
        return replace(response, headers=headers)

    def _described(self) -> dict[str, str]:
        headers = super()._described()
        accepted = {"n3": N3, "ignored": N3, "garbled": N3, "sparql": SPARQL, "both": f"{N3}, {SPARQL}"}
        headers.pop("Accept-Patch")
        if self.switches.patch in accepted:
            headers["Accept-Patch"] = accepted[self.switches.patch]
        else:
            headers["Allow"] = headers["Allow"].replace(", PATCH", "")
        if self.switches.rules == "none":
            headers["Link"] = re.sub(r', <[^>]*>; rel="acl"', "", headers["Link"])
            del headers["WAC-Allow"]
        if self.switches.json_ld_only:
            headers["Accept-Put"] = syntax.JSON_LD
        return headers

    def _representation(self, current: _Stored) -> tuple[bytes, str]:
        if self.switches.json_ld_only and (current.is_rdf or self.url.endswith("/")):
            # Whatever the Accept says.
            body = syntax.turtle(self.server._listing(self.url)) if self.url.endswith("/") else current.body
            kind = syntax.TURTLE if self.url.endswith("/") else current.media_type
            return syntax.json_ld_bytes(syntax.parse(body, kind, self.url)), syntax.JSON_LD
        return super()._representation(current)

    # What it does

    def _check_conditions(self) -> None:
        if self.switches.if_match == "ignored":
            self.headers.pop("If-Match", None)
            self.headers.pop("If-Unmodified-Since", None)
        super()._check_conditions()

    def _keep(self, stored: _Stored) -> Response:
        if self.switches.json_ld_only and stored.media_type.partition(";")[0] == syntax.TURTLE and not self._patching:
            raise _Refusal(415, "only JSON-LD")
        response = super()._keep(stored)
        if not self.switches.etag_on_write:
            return response
        current = self.current
        assert current is not None
        return replace(response, headers={**response.headers, "ETag": self._etag(current)})

    _patching = False

    def _patch(self) -> Response:
        kind = self.headers["Content-Type"].partition(";")[0].strip().lower()
        accepted = {
            "n3": {N3},
            "ignored": {N3},
            "garbled": {N3},
            "sparql": {SPARQL},
            "both": {N3, SPARQL},
            "none": set(),
        }[self.switches.patch]
        if not accepted:
            raise _Refusal(405, "no patches here", {"Allow": "GET, HEAD, PUT, DELETE"})
        if kind not in accepted:
            raise _Refusal(415, "not in this language")
        self._patching = True
        if kind == SPARQL:
            return self._sparql()
        if self.switches.patch == "ignored":
            self._require_write(Mode.APPEND)
            self._check_conditions()
            return self._respond(204)
        if self.switches.patch == "garbled":
            return self._garbled()
        if self.switches.blank_nodes == "ok":
            self.body = re.sub(rb"_:(?!p\b|patch\b)(\w+)", rb"<urn:bnode:\1>", self.body)
        return super()._patch()

    def _garbled(self) -> Response:
        """Conditions unchecked, what is to be taken out forgotten when it is not there, datatypes lost."""
        self._require_write(Mode.APPEND)
        self._check_conditions()
        body = re.sub(rb'"\^\^<[^>]*>', b'"', self.body)
        change = patch.read(body, self.url)
        after = (set(self._graph()) - change.deletes) | change.inserts
        return self._keep(_Stored(syntax.turtle(syntax.graph_of(after)), syntax.TURTLE))

    def _sparql(self) -> Response:
        """DELETE DATA and INSERT DATA; taking out what is not there is no error."""
        self._require_write(Mode.WRITE)
        self._check_conditions()
        after = set(self._graph())
        for verb, data in re.findall(rb"(DELETE|INSERT) DATA \{\n(.*?)\n\}(?=;|\s*$)", self.body, re.DOTALL):
            triples = set(syntax.parse(data, syntax.TURTLE, self.url))
            after = after - triples if verb == b"DELETE" else after | triples
        return self._keep(_Stored(syntax.turtle(syntax.graph_of(after)), syntax.TURTLE))


SwitchServer.exchange = _Switched
