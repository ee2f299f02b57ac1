"""An agent's way into pods: who acts, with what credentials, over which transport."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

from musette_solid.pod.cache import Cache
from musette_solid.pod.errors import Unreachable
from musette_solid.pod.http import Limits, Request, Response, Transport
from musette_solid.rdf.names import canonical, origin

T = TypeVar("T")

#: How many requests one agent has under way at one time.
CONCURRENCY = 8

_READS = frozenset({"GET", "HEAD", "OPTIONS"})


class Credentials(Protocol):
    """What signs a request."""

    def sign(self, method: str, url: str) -> Mapping[str, str]:
        """Headers that prove who asks. Raises SignInNeeded when there is nothing left to prove it with."""
        ...

    def refused(self, response: Response) -> bool:
        """The server did not take the proof: get ready for one more try. False when that would change nothing."""
        ...


class Pod:
    """Not one pod but one agent before any pod. `webid` is None for an anonymous agent."""

    def __init__(
        self,
        transport: Transport,
        webid: str | None = None,
        credentials: Credentials | None = None,
        cache: Cache[Any] | None = None,
    ) -> None:
        self.transport = transport
        self.webid = webid
        self.credentials = credentials
        self.cache: Cache[Any] = cache if cache is not None else Cache()

    def anonymous(self) -> "Pod":
        """A stranger over the same transport: what would somebody with no rights at all see?"""
        return Pod(self.transport)

    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        *,
        limits: Limits | None = None,
    ) -> Response:
        """One signed request; signed anew and sent once more when the proof was refused.

        Raises Unreachable, NotAllowed, TooLarge, SignInNeeded; any HTTP status is an answer. Redirects are answers too.
        """
        url = canonical(url)
        limits = limits or Limits()
        if method not in _READS:
            return self._write(method, url, headers, body, limits)
        return self._proved(method, url, headers, body, limits)

    def _write(
        self, method: str, url: str, headers: Mapping[str, str] | None, body: bytes | None, limits: Limits
    ) -> Response:
        """Read your writes: what is kept of `url` ends before the request leaves, and again when its answer is there."""
        self.cache.writing(url)
        try:
            response = self._proved(method, url, headers, body, limits)
        except BaseException:
            self.cache.writing(url)  # it may have been done all the same
            raise
        if response.ok:
            self.cache.written(url)
        else:
            self.cache.writing(url)
        return response

    def _proved(
        self, method: str, url: str, headers: Mapping[str, str] | None, body: bytes | None, limits: Limits
    ) -> Response:
        response = self._once(method, url, headers, body, limits)
        # CSS answers 400, not 401, to a token that it cannot verify any more.
        if response.status in {400, 401} and self.credentials and self.credentials.refused(response):
            response = self._once(method, url, headers, body, limits)
        return response

    def _once(
        self, method: str, url: str, headers: Mapping[str, str] | None, body: bytes | None, limits: Limits
    ) -> Response:
        def request() -> Request:
            signed = self.credentials.sign(method, url) if self.credentials else {}
            return Request(method, url, {**(headers or {}), **signed}, body)

        try:
            return self.transport.send(request(), limits)
        except Unreachable as error:
            # A kept-alive connection that the server had just closed: reading again is harmless, with a new proof.
            if method in {"GET", "HEAD"} and error.details.get("cause") == "ConnectionError":
                return self.transport.send(request(), limits)
            raise

    def together(self, tasks: Iterable[Callable[[], T]]) -> list[T]:
        """Run tasks side by side, a few at a time; the answers in order. The first failure is raised."""
        waiting = list(tasks)
        if len(waiting) < 2:
            return [task() for task in waiting]
        with ThreadPoolExecutor(max_workers=min(CONCURRENCY, len(waiting))) as pool:
            return list(pool.map(lambda task: task(), waiting))

    def same_origin(self, one: str, other: str) -> bool:
        return origin(one) == origin(other)
