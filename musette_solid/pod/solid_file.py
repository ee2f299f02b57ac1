"""A `SolidAPI` of the solid-file library over one of our agents: its users get Solid-OIDC, DPoP and the guard.

solid-file 0.2.1 signs in with node-solid-server's cookie only. Here its HTTP client is ours: whatever it asks goes through
`Pod.send`. Optional: `pip install musette-solid[solid-file]`, then `pip install --no-deps solid-file==0.2.1` (its pins
are older than what everything else here needs).
"""

from typing import TYPE_CHECKING, Any

import httpx

from musette_solid.pod.session import Pod

if TYPE_CHECKING:
    from solid.solid_api import SolidAPI

#: What the two HTTP clients settle between themselves and their own servers.
_OWN = frozenset(
    {"host", "connection", "content-length", "accept-encoding", "user-agent", "authorization", "dpop", "cookie"}
)


class PodTransport(httpx.BaseTransport):
    """httpx over an agent: one request in, one signed request out. Raises what `Pod.send` raises."""

    def __init__(self, pod: Pod) -> None:
        self._pod = pod

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _OWN}
        body = request.read()
        has_body = bool(body) or request.method in {"PUT", "POST", "PATCH"}
        answer = self._pod.send(request.method, str(request.url), headers, body if has_body else None)
        kept = [(n, v) for n, v in answer.headers.items() if n.lower() not in {"content-encoding", "transfer-encoding"}]
        return httpx.Response(answer.status, headers=kept, content=answer.body, request=request)


class PodAuth:
    """What solid-file calls `auth`: signed in from the start, with an httpx client in `client`."""

    def __init__(self, pod: Pod) -> None:
        self.client = httpx.Client(transport=PodTransport(pod), trust_env=False, follow_redirects=False)
        self._pod = pod

    @property
    def is_login(self) -> bool:
        return self._pod.credentials is not None

    def login(self, *_: Any) -> None:
        """Nothing to do: the agent is who it is."""


def solid_api(pod: Pod) -> "SolidAPI":
    """solid-file's own object, acting for `pod`. Raises ImportError when the library is not installed."""
    from solid.solid_api import SolidAPI  # noqa: PLC0415  (optional, installed beside the lock)

    return SolidAPI(PodAuth(pod))
