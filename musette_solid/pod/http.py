"""The only module that sends. Every outgoing request of the server side passes its guard.

The guard: https only (http for hosts allowed by name), no user name in the URL, public addresses only, checked on the
socket that is really opened (so a name cannot be pointed elsewhere between the check and the connection), no redirect
followed, no proxy and no credentials taken from the environment, limits in time and size.
"""

import ipaddress
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.response import HTTPResponse

from musette_solid.errors import N_
from musette_solid.pod.errors import NotAllowed, TooLarge, Unreachable


@dataclass(frozen=True)
class Request:
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


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
    """How long and how much one answer may be; `size_bytes` counts after decompression."""

    connect_s: float = 5
    total_s: float = 30
    size_bytes: int = 64 * 1024 * 1024


#: For documents of strangers: profiles, provider metadata, announcements.
SMALL = Limits(total_s=10, size_bytes=1024 * 1024)


class Transport(Protocol):
    """What carries a request. Raises NotAllowed, Unreachable or TooLarge; any HTTP status is an answer."""

    def send(self, request: Request, limits: Limits = ...) -> Response: ...


class _NotPublic(Exception):
    pass


class Outgoing:
    """The real transport. `allowed_hosts` are `host:port` for which http and private addresses are accepted."""

    def __init__(self, allowed_hosts: frozenset[str] = frozenset(), pool_size: int = 16) -> None:
        self.allowed_hosts = allowed_hosts
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
        host = self._check(request.url)
        deadline = time.monotonic() + limits.total_s
        try:
            answer = self._session.request(
                request.method,
                request.url,
                headers=dict(request.headers),
                data=request.body,
                timeout=(limits.connect_s, limits.total_s),
                allow_redirects=False,
                stream=True,
            )
            try:
                body = self._read(answer, request.url, limits, deadline)
            finally:
                answer.close()
        except requests.exceptions.InvalidURL as error:
            raise NotAllowed(request.url, reason=N_("it is not a web address")) from error
        except (requests.exceptions.RequestException, HTTPError, OSError) as error:
            if _caused_by_guard(error):
                raise NotAllowed(request.url, reason=N_("it is not a public address")) from error
            raise Unreachable(request.url, host=host, cause=type(error).__name__) from error
        return Response(request.url, answer.status_code, answer.headers, body)

    def connect(self, url: str, timeout_s: float = 5) -> socket.socket:
        """A bare connection towards a ws: or wss: address, through the same guard. Raises NotAllowed, Unreachable."""
        scheme, colon, rest = url.partition(":")
        web = {"ws": "http", "wss": "https"}.get(scheme.lower(), "")
        host = self._check(f"{web}{colon}{rest}")
        port = urlsplit(url).port or (443 if web == "https" else 80)
        try:
            return _connect(HTTPConnection(host, port, timeout=timeout_s), self.allowed_hosts)
        except (HTTPError, OSError) as error:
            if _caused_by_guard(error):
                raise NotAllowed(url, reason=N_("it is not a public address")) from error
            raise Unreachable(url, host=host, cause=type(error).__name__) from error

    def _check(self, url: str) -> str:
        try:
            parts = urlsplit(url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError as error:
            raise NotAllowed(url, reason=N_("it is not a web address")) from error
        host = (parts.hostname or "").lower()
        if not host or parts.scheme not in {"https", "http"}:
            raise NotAllowed(url, reason=N_("it is not a web address"))
        if parts.username is not None or parts.password is not None:
            raise NotAllowed(url, reason=N_("it contains a user name"))
        if any(ord(character) < 33 or character in '<>"{}|\\^`' for character in url):
            raise NotAllowed(url, reason=N_("it is not a web address"))
        if f"{host}:{port}" not in self.allowed_hosts:
            if parts.scheme != "https":
                raise NotAllowed(url, reason=N_("it does not begin with https://"))
            if _is_address(host):
                raise NotAllowed(url, reason=N_("it is a bare number, not a name"))
        return host

    @staticmethod
    def _read(answer: requests.Response, url: str, limits: Limits, deadline: float) -> bytes:
        announced = answer.headers.get("Content-Length", "")
        if announced.isdigit() and int(announced) > limits.size_bytes and answer.request.method != "HEAD":
            raise TooLarge(url, answer.status_code)
        chunks: list[bytes] = []
        size_bytes = 0
        # read1: what has come so far. `stream` would wait for a full block, and each byte would start the clock anew.
        while chunk := answer.raw.read1(65536, decode_content=False):
            size_bytes += len(chunk)
            if size_bytes > limits.size_bytes:
                raise TooLarge(url, answer.status_code)
            if time.monotonic() > deadline:
                raise Unreachable(url, answer.status_code, host=urlsplit(url).hostname, cause="deadline")
            chunks.append(chunk)
        return b"".join(chunks)


def _is_address(host: str) -> bool:
    """Whether `host` is a number in any notation that a resolver would take (127.1, 0x7f000001, [::1])."""
    try:
        socket.inet_aton(host)
    except OSError:
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return False
    return True


def is_public(address: str) -> bool:
    """Whether an address is on the public internet, after unwrapping the IPv6 forms that carry an IPv4 one."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is None and found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def _caused_by_guard(error: BaseException | None) -> bool:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, _NotPublic):
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

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # urllib3's own, declared so there too
        with _cut_in_time(self.sock):
            return super().getresponse()


class _GuardedHTTPS(HTTPSConnection):
    allowed_hosts: frozenset[str] = frozenset()

    def _new_conn(self) -> socket.socket:
        return _connect(self, self.allowed_hosts)

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # urllib3's own, declared so there too
        with _cut_in_time(self.sock):
            return super().getresponse()


@contextmanager
def _cut_in_time(opened: socket.socket | None) -> Iterator[None]:
    """Headers that come one by one start the socket's own clock anew each time: this one runs through."""
    if opened is None or opened.gettimeout() is None:
        yield
        return
    late = threading.Event()

    def cut() -> None:
        late.set()
        with suppress(OSError):
            opened.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(opened.gettimeout() or 0, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
    if late.is_set():  # http.client takes the cut for the end of the headers
        raise TimeoutError


def _connect(connection: HTTPConnection, allowed_hosts: frozenset[str]) -> socket.socket:
    """Open a socket to an address that was checked, and to no other: names are resolved once."""
    host, port = connection.host, connection.port or connection.default_port
    timeout = connection.timeout if isinstance(connection.timeout, int | float) else 5.0
    trusted = f"{host.lower()}:{port}" in allowed_hosts
    last: OSError | None = None
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NewConnectionError(connection, f"no address for {host}") from error
    if not trusted and not all(is_public(str(place[4][0])) for place in found):
        raise NewConnectionError(connection, "not public") from _NotPublic()
    for family, kind, protocol, _name, place in found:
        try:
            opened = socket.socket(family, kind, protocol)
            opened.settimeout(timeout)
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            opened.connect(place)
        except OSError as error:
            last = error
            opened.close()
        else:
            return opened
    raise NewConnectionError(connection, f"no connection to {host}:{port}: {last}") from last


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
