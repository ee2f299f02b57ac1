"""What can go wrong between us and a pod.

PodError            url, status
|- SignInNeeded     401 to one who showed who they are
|- AccessRefused    403
|  `- NotForStrangers  401 to one who did not say who asks: it ends nobody's session
|- NotThere         404, 410
|- ChangedMeanwhile 409, 412
|- AlreadyThere     412 on create
|- TooLarge         the answer passes the limit that was set for it
|- StorageFull      413, 507
|- Unreachable      no answer: name, connection, time
|  `- Busy          429, 503, or not even asked: that server is ill or wants us to wait
|- NotKept          the space said yes and did not do it
|- NotAllowed       the outgoing guard refused the address, before anything was sent
|- NoChannel        the space does not tell of changes, or not us
`- NotUnderstood    anything else, or RDF that does not parse
SignInFailed        the provider, its tokens or the profile do not add up
RulesRefused        an access rule that we will not write
"""

from typing import Any
from urllib.parse import urlsplit

from musette_solid.errors import N_, MusetteError


class PodError(MusetteError):
    what = N_("The space answered in a way we did not expect (%(status)s).")
    do = N_("Nothing was changed. Try again in a moment.")

    def __init__(self, url: str = "", status: int = 0, **details: Any) -> None:
        super().__init__(url=url, status=status, **details)
        self.url = url
        self.status = status


class SignInNeeded(PodError):
    what = N_("Your session has ended.")
    do = N_("Sign in again; what you typed is kept.")


class AccessRefused(PodError):
    what = N_("This document is not open to you.")
    do = N_("Ask the person it belongs to, or save a copy in your own space.")


class NotForStrangers(AccessRefused):
    """Another class than SignInNeeded, so that a question asked as a stranger is never taken for the end of a session."""

    what = N_("This is not open to everybody.")
    do = N_("If it is meant for you, sign in and open it as yourself; otherwise ask the person it belongs to.")


class NotThere(PodError):
    what = N_("There is nothing at this address.")
    do = N_("Check the address; the document may have been withdrawn or deleted.")


class ChangedMeanwhile(PodError):
    what = N_("This was changed somewhere else while you were writing.")
    do = N_("Both versions are shown; choose what to keep.")


class AlreadyThere(PodError):
    what = N_("Something is already kept at this address.")
    do = N_("Nothing was overwritten. Reload the page and look at what is there.")


class TooLarge(PodError):
    what = N_("The answer is larger than what we accept to read.")
    do = N_("Nothing was changed. Ask for a smaller document.")


class StorageFull(PodError):
    what = N_("There is not enough room left in the space.")
    do = N_("Make some room there, then try again.")


class Unreachable(PodError):
    what = N_("No answer from %(host)s.")
    do = N_("Check the connection and try again in a moment; nothing was lost.")


class Busy(Unreachable):
    """`details["seconds"]`: when to come back. `details["sent"]` is False when nothing was sent at all."""

    what = N_("%(host)s cannot answer at the moment.")
    do = N_("Nothing was changed. Try again in a moment.")


class NotAllowed(PodError):
    what = N_("We do not go to this address: %(reason)s.")
    do = N_("Check the address; it must begin with https:// and be public.")


class NoChannel(PodError):
    what = N_("This space does not tell us when something changes.")
    do = N_("Nothing is lost: we ask it each time instead.")


class NotUnderstood(PodError):
    what = N_("This document could not be read: %(reason)s.")
    do = N_("It was left as it is. Open it with the application that wrote it last.")


class NotKept(PodError):
    what = N_("Your space said that it kept this, and did not.")
    do = N_("What you typed is still here. Tell the service that keeps your space, or use another one.")


class SignInFailed(MusetteError):
    what = N_("Signing in did not succeed: %(reason)s.")
    do = N_("Check your address or choose another provider, then try again.")


class RulesRefused(MusetteError):
    what = N_("We will not write this access rule: %(reason)s.")
    do = N_("Nothing was shared and nothing was changed.")


def for_status(url: str, status: int) -> PodError:
    """The error that an HTTP status means to a stranger; to an agent, who may have shown who they are, see `Pod.failure`."""
    match status:
        case 401:
            return NotForStrangers(url, status)
        case 403:
            return AccessRefused(url, status)
        case 404 | 410:
            return NotThere(url, status)
        case 409 | 412:
            return ChangedMeanwhile(url, status)
        case 413 | 507:
            return StorageFull(url, status)
        case 429 | 503:
            return Busy(url, status, host=urlsplit(url).hostname or "", seconds=5)
        case _:
            return PodError(url, status)
