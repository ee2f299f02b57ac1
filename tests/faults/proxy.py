"""A proxy that fails on command, between the application and a real pod server.

URL and Host reach the server as they were sent, so that proofs of possession stay valid: the server's base URL is the
proxy's address. A process of its own, told what to do by JSON, a line a command, on its standard input:

    {"do": "rule", "prefix": "/demo/", "at": 3, "when": "before" | "committed" | "answered"}
        hold the third request below /demo/ before it is sent, or its answer once the server has given it, or whatever
        comes after that answer; whatever comes later is held too
    {"do": "cut", "prefix": "/demo/x.ttl", "at": 120, "how": "short" | "chunked"}
        of every answer below the prefix give 120 bytes, announced at full length or in chunks without an end
    {"do": "delay", "prefix": "/demo/", "s": 0.5}
    {"do": "state", "prefix": "/demo/"}   -> {"count": 3, "held": true}
    {"do": "release", "prefix": "/demo/"} what is held, and whatever comes, is dropped without an answer
    {"do": "reset", "prefix": "/demo/"}   nothing fails any more; counting starts again
"""

import json
import socket
import socketserver
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]
_END = b"\r\n\r\n"


@dataclass
class Plan:
    """What happens to the requests below one prefix."""

    count: int = 0
    at: int | None = None
    when: str = ""
    held: bool = False
    dropping: bool = False
    released: threading.Event = field(default_factory=threading.Event)
    delay_s: float = 0


class Plans:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._plans: dict[str, Plan] = {}
        self.cuts: dict[str, tuple[int, str]] = {}

    def of(self, prefix: str) -> Plan:
        with self._lock:
            return self._plans.setdefault(prefix, Plan())

    def begin(self, path: str) -> tuple[Plan | None, int]:
        """The plan for a request, and its number among those below the same prefix."""
        with self._lock:
            for prefix, plan in self._plans.items():
                if path.startswith(prefix):
                    plan.count += 1
                    return plan, plan.count
        return None, 0

    def reset(self, prefix: str) -> None:
        with self._lock:
            old = self._plans.get(prefix)
            self._plans[prefix] = Plan()
            if old is not None:
                old.dropping = True
                old.released.set()
            self.cuts.pop(prefix, None)

    def cut(self, path: str) -> tuple[int, str] | None:
        return next((cut for prefix, cut in list(self.cuts.items()) if path.startswith(prefix)), None)


class _Dropped(Exception):
    pass


class _Handler(socketserver.BaseRequestHandler):
    plans: Plans
    upstream: int

    def handle(self) -> None:
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            while self._one():
                pass
        except (_Dropped, OSError):
            pass

    def _one(self) -> bool:
        head, rest = self._head()
        if not head:
            return False
        path = head.split(b" ", 2)[1].decode()
        body = rest + self._exactly(_length(head) - len(rest))
        # The server asks for profiles itself, through its own address: that is not the application's doing.
        is_ours = b"\r\nuser-agent: lamusette" in head.lower()
        plan, number = self.plans.begin(path) if is_ours else (None, 0)
        if plan is None:
            self._give(path, self._ask(head, body))
            return False
        if plan.delay_s:
            time.sleep(plan.delay_s)
        at = plan.at if plan.at is not None else sys.maxsize
        if plan.dropping:
            raise _Dropped
        if number > at or (number == at and plan.when == "before"):
            self._hold(plan)
        answer = self._ask(head, body)
        if number == at and plan.when == "committed":
            self._hold(plan)
        self._give(path, answer)
        if number == at:  # answered
            plan.held = True
        return False

    def _hold(self, plan: Plan) -> None:
        plan.held = True
        plan.released.wait()
        raise _Dropped

    def _head(self) -> tuple[bytes, bytes]:
        found = b""
        while _END not in found:
            more = self.request.recv(65536)
            if not more:
                return b"", b""
            found += more
        head, _, rest = found.partition(_END)
        return head, rest

    def _exactly(self, size: int) -> bytes:
        found = b""
        while len(found) < size:
            more = self.request.recv(min(65536, size - len(found)))
            if not more:
                raise _Dropped
            found += more
        return found

    def _ask(self, head: bytes, body: bytes) -> bytes:
        """The server's whole answer. One connection a request: what is killed in between is killed cleanly."""
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
        with socket.create_connection(("127.0.0.1", self.upstream), 60) as server:
            server.sendall(b"\r\n".join([*lines, b"Connection: close"]) + _END + body)
            found = b""
            while more := server.recv(65536):
                found += more
        if _END not in found:
            raise _Dropped
        return found

    def _give(self, path: str, answer: bytes) -> None:
        cut = self.plans.cut(path)
        if cut is not None:
            answer = _cut(answer, *cut)
        self.request.sendall(answer)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def _cut(answer: bytes, at: int, how: str) -> bytes:
    head, _, body = answer.partition(_END)
    lines = [
        line
        for line in head.split(b"\r\n")
        if line.partition(b":")[0].lower() not in {b"transfer-encoding", b"content-length"}
    ]
    if b"transfer-encoding: chunked" in head.lower():
        body = _whole(body)
    if how == "chunked":
        part = body[:at]
        return b"\r\n".join([*lines, b"Transfer-Encoding: chunked"]) + _END + b"%x\r\n%b\r\n" % (len(part), part)
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(body)]) + _END + body[:at]


def _whole(body: bytes) -> bytes:
    found = b""
    while body:
        size, _, rest = body.partition(b"\r\n")
        length = int(size.partition(b";")[0], 16)
        found += rest[:length]
        body = rest[length + 2 :]
        if not length:
            break
    return found


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64


def serve(listen: int, upstream: int) -> None:
    plans = Plans()
    handler = type("Handler", (_Handler,), {"plans": plans, "upstream": upstream})
    with _Server(("127.0.0.1", listen), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        _say({"ready": True})
        for line in sys.stdin:
            _say(_obey(plans, json.loads(line)))


def _obey(plans: Plans, said: dict[str, Any]) -> dict[str, Any]:
    prefix = said["prefix"]
    match said["do"]:
        case "rule":
            plan = plans.of(prefix)
            plan.at, plan.when = said["at"], said["when"]
        case "cut":
            plans.cuts[prefix] = (said["at"], said["how"])
        case "delay":
            plans.of(prefix).delay_s = said["s"]
        case "release":
            plan = plans.of(prefix)
            plan.dropping = True
            plan.released.set()
        case "reset":
            plans.reset(prefix)
    plan = plans.of(prefix)
    return {"count": plan.count, "held": plan.held}


def _say(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


class Proxy:
    """The proxy as a process of its own, seen from who gives the commands."""

    def __init__(self, listen: int, upstream: int) -> None:
        self.port = listen
        command = [sys.executable, "-m", "tests.faults.proxy", str(listen), str(upstream)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._read() == {"ready": True}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        return found

    def tell(self, do: str, prefix: str, **more: object) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, "prefix": prefix, **more}) + "\n")
        self._process.stdin.flush()
        return self._read()


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]))
