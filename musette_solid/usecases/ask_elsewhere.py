"""Ask for something that somebody publishes: as a stranger, through the guard, limited in size and in time."""

from musette_solid.errors import N_
from musette_solid.pod import webid
from musette_solid.pod.errors import PodError, for_status
from musette_solid.pod.http import Response, Transport
from musette_solid.pod.resources import ACCEPT


class NotOpen(PodError):
    what = N_("What is at this address is not open to everybody.")
    do = N_(
        "It is asked for as a stranger, never in your name. Ask whoever keeps it for an address that anybody can read."
    )


def ask_elsewhere(transport: Transport, url: str, accept: str = ACCEPT) -> Response:
    """What came, whatever it is. Raises NotOpen, NotThere, NotAllowed, Unreachable, NotUnderstood.

    A refusal there says nothing about the person's own session.
    """
    response = webid.get_following(transport, url, accept)
    if response.status in {401, 403}:
        raise NotOpen(url, response.status)
    if not response.ok:
        raise for_status(url, response.status)
    return response
