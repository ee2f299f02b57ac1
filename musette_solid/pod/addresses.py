"""Where requests may go: web addresses of the public internet, and the few hosts that were allowed by name.

A name is looked up once, every address that it leads to is checked, and the connection is opened to one of the very
addresses that were checked: a name cannot be pointed elsewhere between the check and the connection (DNS rebinding).
"""

import ipaddress
import queue
import socket
import threading
from typing import Any
from urllib.parse import urlsplit

from musette_solid.errors import N_
from musette_solid.pod import deadlines
from musette_solid.pod.errors import NotAllowed

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
#: How long a name may take to look up: the resolver's own patience is longer than anybody's at a page.
_LOOK_UP_S = 5.0


class NotPublic(Exception):
    """A name leads to an address that is not public."""


class NoConnection(Exception):
    """A name leads nowhere, or nobody answers there."""


def checked(url: str, allowed_hosts: frozenset[str]) -> str:
    """The host of an address that may be asked. Raises NotAllowed. `allowed_hosts` are `host:port`."""
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
    if f"{host}:{port}" not in allowed_hosts:
        if parts.scheme != "https":
            raise NotAllowed(url, reason=N_("it does not begin with https://"))
        if _is_number(host):
            raise NotAllowed(url, reason=N_("it is a bare number, not a name"))
    return host


def _is_number(host: str) -> bool:
    """Whether `host` is an address in any notation that a resolver would take (127.1, 0x7f000001, [::1])."""
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


def connect(host: str, port: int, connect_s: float, *, trusted: bool) -> socket.socket:
    """A socket to an address that was checked, and to no other. Raises NotPublic, NoConnection.

    `trusted`: this host and port were allowed by name, wherever they lead.
    """
    exchange = deadlines.current()

    def within(seconds: float) -> float:
        return max(0.001, min(seconds, exchange.left_s) if exchange else seconds)

    found = _looked_up(host.strip("[]"), port, within(_LOOK_UP_S))
    if not trusted and not all(is_public(str(place[4][0])) for place in found):
        raise NotPublic(host)
    last: OSError | None = None
    for family, kind, protocol, _name, place in found:
        opened = None
        try:
            opened = socket.socket(family, kind, protocol)
            opened.settimeout(within(connect_s))
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            opened.connect(place)
        except OSError as error:
            last = error
            if opened is not None:
                opened.close()
        else:
            return opened
    raise NoConnection(f"{host}:{port}: {last}") from last


def _looked_up(host: str, port: int, within_s: float) -> list[Any]:
    """The addresses of a name. The resolver knows no deadline, so it is asked beside, and left alone when it is late."""
    answers: queue.SimpleQueue[list[Any] | Exception] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            answers.put(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=look_up, name="look-up", daemon=True).start()
    try:
        answer = answers.get(timeout=within_s)
    except queue.Empty:
        raise NoConnection(f"no address for {host} in time") from None
    if isinstance(answer, Exception):
        raise NoConnection(f"no address for {host}") from answer
    return answer
