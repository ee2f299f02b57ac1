"""An agent's way into pods: who acts, with what credentials, over which transport."""

import time
from collections.abc import Callable, Generator, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

from musette_solid.pod.cache import Cache
from musette_solid.pod.errors import AccessRefused, Busy, PodError, SignInNeeded, Unreachable, for_status
from musette_solid.pod.http import Body, Limits, Request, Response, Transport
from musette_solid.pod.origins import retry_after
from musette_solid.rdf.names import canonical, origin

T = TypeVar("T")

#: How many requests one agent has under way at one time.
CONCURRENCY = 8
#: Asked to come back this soon, a reader waits; longer, the person is told.
SHORT_WAIT_S = 2.0

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
    """Not one pod but one agent before any pod. `webid` is None for an anonymous agent.

    `known`: the only places (their origins) where this agent shows who it is, as in a session of a person: where their own
    profile says that their things are, and where they went themselves (`meet`). Whatever else a document, a link or a
    listing names is asked as a stranger would, without a token. None: everywhere, as a program does that names its own URLs.
    """

    def __init__(
        self,
        transport: Transport,
        webid: str | None = None,
        credentials: Credentials | None = None,
        cache: Cache[Any] | None = None,
        known: Iterable[str] | None = None,
    ) -> None:
        self.transport = transport
        self.webid = webid
        self.credentials = credentials
        self.cache: Cache[Any] = cache if cache is not None else Cache()
        self._written: set[str] = set()
        self._known = None if known is None else {origin(iri) for iri in known}

    def meet(self, *iris: str) -> None:
        """From now on this agent shows who it is where these are."""
        if self._known is not None:
            self._known |= {origin(iri) for iri in iris}

    def _shows_itself(self, url: str) -> bool:
        return self._known is None or origin(url) in self._known

    def anonymous(self) -> "Pod":
        """A stranger over the same transport: what would somebody with no rights at all see?"""
        return Pod(self.transport)

    def failure(self, response: Response) -> PodError:
        """What an answer that is no success means to this agent: only whose proof was refused has to sign in again."""
        if response.status == 401 and self.credentials is not None:
            return SignInNeeded(response.url, response.status)
        return for_status(response.url, response.status)

    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        body: Body | None = None,
        *,
        limits: Limits | None = None,
    ) -> Response:
        """One signed request; signed anew and sent once more when the proof was refused.

        Raises Unreachable, NotAllowed, TooLarge, SignInNeeded, Busy when the server says when to come back, AccessRefused
        where it wants to know who asks and this agent does not say; any other HTTP status is an answer, redirects too.
        """
        url = canonical(url)
        limits = limits or Limits()
        if method not in _READS:
            return self._write(method, url, headers, body, limits)
        return self._proved(method, url, headers, body, limits)

    def _write(
        self, method: str, url: str, headers: Mapping[str, str] | None, body: Body | None, limits: Limits
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
        self, method: str, url: str, headers: Mapping[str, str] | None, body: Body | None, limits: Limits
    ) -> Response:
        response = self._once(method, url, headers, body, limits)
        # CSS answers 400, not 401, to a token that it cannot verify any more.
        if response.status in {400, 401} and self.credentials:
            if not self._shows_itself(url):
                if response.status == 401:  # the session is in order: it is we who do not introduce ourselves there
                    raise AccessRefused(url, response.status)
            elif self.credentials.refused(response):
                response = self._once(method, url, headers, body, limits)
        wait_s = _asked_to_wait_s(response)
        if wait_s is not None and wait_s <= SHORT_WAIT_S and method in {"GET", "HEAD"}:
            time.sleep(wait_s + 0.01)
            response = self._once(method, url, headers, body, limits)
            wait_s = _asked_to_wait_s(response)
        if wait_s is not None:
            raise Busy(url, response.status, host=urlsplit(url).hostname or "", seconds=max(1, round(wait_s)))
        if response.ok and method not in {"GET", "HEAD", "OPTIONS"}:
            self._written.add(url)
        return response

    def take_written(self) -> frozenset[str]:
        """What was written since this was last asked: whoever keeps something derived from it knows that it has to look."""
        taken, self._written = self._written, set()
        return frozenset(taken)

    def _once(
        self, method: str, url: str, headers: Mapping[str, str] | None, body: Body | None, limits: Limits
    ) -> Response:
        def request() -> Request:
            signed = self.credentials.sign(method, url) if self.credentials and self._shows_itself(url) else {}
            return Request(method, url, {**(headers or {}), **signed}, body)

        try:
            return self.transport.send(request(), limits)
        except Unreachable as error:
            # A kept-alive connection that the server had just closed: reading again is harmless, with a new proof.
            if method in {"GET", "HEAD"} and error.details.get("cause") == "ConnectionError":
                return self.transport.send(request(), limits)
            raise

    def together(self, tasks: Iterable[Callable[[], T]], *, head_start_s: float = 0.0) -> list[T]:
        """Run tasks side by side, a few at a time; the answers in order. The first failure is raised.

        The first task runs in the caller's own thread. `head_start_s`: how long the others wait for a server that answers
        one request after another to take up the first before theirs, because most work follows upon it.
        """
        waiting = list(tasks)
        if len(waiting) < 2:
            return [task() for task in waiting]
        first, *others = waiting

        def later(task: Callable[[], T]) -> T:
            if head_start_s:
                time.sleep(head_start_s)
            return task()

        with ThreadPoolExecutor(max_workers=min(CONCURRENCY - 1, len(others))) as pool:
            running = [pool.submit(later, task) for task in others]
            return [first(), *(one.result() for one in running)]

    def one_after_another(self, tasks: Iterable[Callable[[], T]]) -> Generator[T, None, None]:
        """Run tasks side by side, a few at a time; the answers in order, each as soon as it is there and those before it are.

        What the caller makes of an answer takes no turn away from the tasks: the server is kept busy meanwhile. The first failure
        is raised in its place; what has not begun by then, or when the caller goes no further, never does.
        """
        with ThreadPoolExecutor(max_workers=CONCURRENCY) as pool:
            running = [pool.submit(task) for task in tasks]
            try:
                for one in running:
                    yield one.result()
            finally:
                for one in running:
                    one.cancel()


def _asked_to_wait_s(response: Response) -> float | None:
    return retry_after(response.headers) if response.status in {429, 503} else None
