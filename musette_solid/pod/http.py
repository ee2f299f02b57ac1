"""The only module that sends. Every outgoing request of the server side passes its guard.

The guard: https only (http for hosts allowed by name), no user name in the URL, public addresses only, checked on the
socket that is really opened (addresses), no redirect followed, no proxy and no credentials taken from the environment,
limits in size and in time, the whole exchange under one deadline (deadlines), and no server that is ill may hold up those
who ask another one (origins).
"""

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Protocol, TypeAlias
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.response import HTTPResponse

from musette_solid.errors import N_
from musette_solid.pod import addresses, deadlines
from musette_solid.pod.errors import NotAllowed, TooLarge, Unreachable
from musette_solid.pod.origins import Origins


@dataclass(frozen=True)
class Upload:
    """A body too large to be held: sent piece by piece. `open` gives it from its beginning, each time it is asked."""

    open: Callable[[], BinaryIO]
    size_bytes: int


Body: TypeAlias = bytes | Upload


@dataclass(frozen=True)
class Request:
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Body | None = None


@dataclass(frozen=True)
class Response:
    """An answer, read to its end. `url` is where it came from: redirects are never followed here."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True)
class Limits:
    """How long and how much one answer may be; `size_bytes` counts after decompression.

    `first_byte_s`: how long until the answer begins, after a request that is soon sent.
    """

    connect_s: float = 5
    first_byte_s: float = 15
    total_s: float = 30
    size_bytes: int = 64 * 1024 * 1024


#: For documents of strangers: profiles, provider metadata, announcements.
SMALL = Limits(total_s=10, size_bytes=1024 * 1024)


class Transport(Protocol):
    """What carries a request. Raises NotAllowed, Unreachable or TooLarge; any HTTP status is an answer."""

    def send(self, request: Request, limits: Limits = ...) -> Response: ...


#: What changes nothing, however often it is sent.
_READS = frozenset({"GET", "HEAD"})
#: A request that is no longer than this is sent at once: the wait for its answer can be told from the sending.
_SHORT_BYTES = 64 * 1024


class Outgoing:
    """The real transport. `allowed_hosts` are `host:port` for which http and private addresses are accepted."""

    def __init__(self, allowed_hosts: frozenset[str] = frozenset(), pool_size: int = 16) -> None:
        self.allowed_hosts = allowed_hosts
        self.origins = Origins()
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.clear()
        self._session.headers["User-Agent"] = "LaMusette/0.1"
        # Identity: a proxy that compresses weakens ETags, and a bomb cannot hide in what is not compressed.
        self._session.headers["Accept-Encoding"] = "identity"
        self._session.cookies.set_policy(_NoCookies())
        adapter = _GuardedAdapter(allowed_hosts, pool_size)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def send(self, request: Request, limits: Limits = Limits()) -> Response:
        """Raises NotAllowed, Unreachable, Busy (refused before it was sent: that server is ill, or asked us to wait)."""
        addresses.checked(request.url, self.allowed_hosts)
        with self.origins.passage(request.url, request.headers.get("Authorization")) as passage:
            try:
                response = self._exchange(request, limits)
            except Unreachable as error:
                passage.failed(anywhere=error.details["cause"] == NewConnectionError.__name__)
                raise
            passage.answered(response.status, response.headers)
            return response

    def _exchange(self, request: Request, limits: Limits) -> Response:
        sent = request.body or b""
        is_short = (sent.size_bytes if isinstance(sent, Upload) else len(sent)) <= _SHORT_BYTES
        first_s = min(limits.first_byte_s, limits.total_s) if is_short else limits.total_s
        with deadlines.exchange(first_s) as exchange:
            ends_at = exchange.ends_at - first_s + limits.total_s
            try:
                answer = self._ask(request, limits, exchange)
                try:
                    exchange.until(ends_at)
                    body = self._read(answer, request.url, limits)
                finally:
                    answer.close()
            except requests.exceptions.InvalidURL as error:
                raise NotAllowed(request.url, reason=N_("it is not a web address")) from error
            except (requests.exceptions.RequestException, HTTPError, OSError) as error:
                if _caused_by(error, addresses.NotPublic):
                    raise NotAllowed(request.url, reason=N_("it is not a public address")) from error
                raise _unreachable(request.url, "deadline" if exchange.late else _cause(error)) from error
            if exchange.late:  # http.client takes the cut for the end of what was sent
                raise _unreachable(request.url, "deadline")
        return Response(request.url, answer.status_code, answer.headers, body)

    def _ask(self, request: Request, limits: Limits, exchange: deadlines.Exchange) -> requests.Response:
        """The beginning of the answer.

        A server may close a connection that we kept in the very moment that we take it up again (RFC 9112, 9.5): what only
        reads is then sent over another one (9.3.1). Of a write nobody knows whether it was done: who sent it looks first.
        """
        while True:
            try:
                return self._session.request(
                    request.method,
                    request.url,
                    headers=dict(request.headers),
                    data=request.body.open() if isinstance(request.body, Upload) else request.body,
                    timeout=(limits.connect_s, limits.total_s),
                    allow_redirects=False,
                    stream=True,
                )
            except requests.exceptions.ConnectionError as error:
                # Each such one has left the pool; the next is another that was kept, and in the end a new one.
                was_kept = not exchange.has_opened and _caused_by(error, ConnectionResetError)
                if request.method not in _READS or not was_kept or exchange.late:
                    raise

    def connect(self, url: str, timeout_s: float = 5) -> socket.socket:
        """A bare connection towards a ws: or wss: address, through the same guard. Raises NotAllowed, Unreachable."""
        scheme, colon, rest = url.partition(":")
        web = {"ws": "http", "wss": "https"}.get(scheme.lower(), "")
        host = addresses.checked(f"{web}{colon}{rest}", self.allowed_hosts)
        port = urlsplit(url).port or (443 if web == "https" else 80)
        trusted = f"{host}:{port}" in self.allowed_hosts
        with deadlines.exchange(timeout_s):
            try:
                return addresses.connect(host, port, timeout_s, trusted=trusted)
            except addresses.NotPublic as error:
                raise NotAllowed(url, reason=N_("it is not a public address")) from error
            except addresses.NoConnection as error:
                raise Unreachable(url, host=host, cause=NewConnectionError.__name__) from error

    @staticmethod
    def _read(answer: requests.Response, url: str, limits: Limits) -> bytes:
        announced = answer.headers.get("Content-Length", "")
        if announced.isdigit() and int(announced) > limits.size_bytes and answer.request.method != "HEAD":
            raise TooLarge(url, answer.status_code)
        chunks: list[bytes] = []
        size_bytes = 0
        # read1: what has come so far. `stream` would wait for a full block.
        while chunk := answer.raw.read1(65536, decode_content=False):
            size_bytes += len(chunk)
            if size_bytes > limits.size_bytes:
                raise TooLarge(url, answer.status_code)
            chunks.append(chunk)
        return b"".join(chunks)


def _unreachable(url: str, cause: str) -> Unreachable:
    return Unreachable(url, host=urlsplit(url).hostname, cause=cause)


def _cause(error: BaseException) -> str:
    return NewConnectionError.__name__ if _caused_by(error, NewConnectionError) else type(error).__name__


def _caused_by(error: BaseException | None, kind: type[BaseException]) -> bool:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, kind):
            return True
        seen.add(id(error))
        reason = getattr(error, "reason", None)
        arguments = [a for a in error.args if isinstance(a, BaseException)]
        error = (
            error.__cause__
            or error.__context__
            or (reason if isinstance(reason, BaseException) else None)
            or (arguments[0] if arguments else None)
        )
    return False


class _GuardedHTTP(HTTPConnection):
    allowed_hosts: frozenset[str] = frozenset()

    def _new_conn(self) -> socket.socket:
        return _connect(self, self.allowed_hosts)

    def request(self, *args: Any, **kwargs: Any) -> None:
        _goes_over(self.sock)
        super().request(*args, **kwargs)

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # urllib3's own, declared so there too
        _goes_over(self.sock)
        return super().getresponse()


class _GuardedHTTPS(HTTPSConnection):
    allowed_hosts: frozenset[str] = frozenset()

    def _new_conn(self) -> socket.socket:
        return _connect(self, self.allowed_hosts)

    def connect(self) -> None:
        super().connect()
        _goes_over(self.sock)  # encrypted by now: another socket than the one that was opened

    def request(self, *args: Any, **kwargs: Any) -> None:
        _goes_over(self.sock)
        super().request(*args, **kwargs)

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # urllib3's own, declared so there too
        _goes_over(self.sock)
        return super().getresponse()


def _goes_over(opened: socket.socket | None, *, is_new: bool = False) -> None:
    exchange = deadlines.current()
    if exchange is not None:
        exchange.has_opened |= is_new
        exchange.goes_over(opened)


def _connect(connection: HTTPConnection, allowed_hosts: frozenset[str]) -> socket.socket:
    host, port = connection.host, connection.port or connection.default_port
    timeout = connection.timeout if isinstance(connection.timeout, int | float) else 5.0
    try:
        opened = addresses.connect(host, port, timeout, trusted=f"{host.lower()}:{port}" in allowed_hosts)
    except (addresses.NotPublic, addresses.NoConnection) as error:
        raise NewConnectionError(connection, str(error)) from error
    _goes_over(opened, is_new=True)
    return opened


class _GuardedAdapter(HTTPAdapter):
    def __init__(self, allowed_hosts: frozenset[str], pool_size: int) -> None:
        self._allowed_hosts = allowed_hosts
        super().__init__(pool_connections=32, pool_maxsize=pool_size, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        allowed = {"allowed_hosts": self._allowed_hosts}
        plain = type("Plain", (_GuardedHTTP,), allowed)
        secure = type("Secure", (_GuardedHTTPS,), allowed)
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }


class _NoCookies(requests.cookies.cookielib.DefaultCookiePolicy):  # type: ignore[misc,name-defined]  # untyped alias
    """No cookie is kept: two people's requests share one connection pool."""

    def set_ok(self, *_: Any) -> bool:
        return False

    def return_ok(self, *_: Any) -> bool:
        return False


def headers(**named: str) -> CaseInsensitiveDict[str]:
    """Headers by keyword: `headers(content_type="text/turtle")`."""
    return CaseInsensitiveDict({name.replace("_", "-"): value for name, value in named.items()})
