"""The person's side of a request: see who asks, check that it is really them, decide, and not be asked twice.

Nothing is accepted by itself: accepting is preparing a dossier, looking at it, and saying yes.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from rdflib import URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.model import activity as activities_model
from musette_solid.model import request as requests_
from musette_solid.model import skill as skills_model
from musette_solid.model.activity import Activity
from musette_solid.model.grant import Grant
from musette_solid.model.request import AccessRequest, Answer, NotARequest, graph_of_answer, is_met, silenced
from musette_solid.model.skill import Skill
from musette_solid.pod import resources, webid
from musette_solid.pod.errors import AccessRefused, PodError, SignInNeeded
from musette_solid.pod.http import Limits
from musette_solid.pod.webid import NotAProfile, Profile, is_web_address
from musette_solid.rdf import names, syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases import acknowledge, letters
from musette_solid.usecases.documents import read_documents
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.letters import Letter

#: A request is a page of text.
_REQUEST = Limits(total_s=10, size_bytes=64 * 1024)


class RequestChanged(MusetteError):
    what = N_("This request is not the one you looked at: it was changed.")
    do = N_("Nothing was shown. Read it again, then decide.")


class Forged(MusetteError):
    what = N_("This request does not come from who it names.")
    do = N_("Nothing was shown, and nothing should be: it does not lie in the space of %(sender)s.")


@dataclass(frozen=True)
class Opened:
    """A request as it lies in its sender's space now, and a mark of it. The sender is proved: it lies in their space."""

    request: AccessRequest
    shown: str
    sender: Profile
    answered: Answer | None = None

    @property
    def name(self) -> str:
        return self.sender.name or self.request.sender_name or self.request.sender

    @property
    def host(self) -> str:
        return names.origin(self.request.sender).partition("://")[2]


@dataclass(frozen=True)
class Letterbox:
    """The requests that wait for an answer, and the decisions taken, the newest first."""

    waiting: tuple[Letter, ...]
    decided: tuple[Answer, ...]
    has_letterbox: bool = True
    is_overfull: bool = False  # it could not be read in time
    came: tuple[Letter, ...] = ()  # everything that was read in it


def letterbox(bag: Bag, now: datetime | None = None, read: Callable[[], tuple[Letter, ...]] | None = None) -> Letterbox:
    """What waits; what recipients of closed dossiers said is noted on the way. `read`: in place of reading it now.

    Raises NotUnderstood when the decisions cannot be read: somebody who was silenced must not come back through that.
    """
    given = _answers(bag)
    try:
        came = read() if read else letters.received(bag.pod)
    except (letters.NoInbox, AccessRefused):
        return Letterbox((), given, has_letterbox=False)
    except letters.Overfull:
        return Letterbox((), given, is_overfull=True)
    quiet = silenced(given)
    done = {one.request for one in given if one.decision != terms.DECISION_ASKED_BACK}
    acknowledge.note(bag, came, now or datetime.now(UTC))
    waiting = [
        letter
        for letter in came
        if letter.kind == terms.AS_OFFER and letter.about not in done and letter.sender not in quiet
    ]
    return Letterbox(tuple(waiting), given, came=came)


def _answers(bag: Bag) -> tuple[Answer, ...]:
    return requests_.answers(resources.read(bag.pod, bag.layout.answers).graph)


def open_request(bag: Bag, url: str) -> Opened:
    """Fetch a request as a stranger would, and prove its sender.

    Raises NotARequest, Forged, and as reading does. The proof: it lies in a storage that the sender's own profile names, or
    in the one that holds this profile.
    """
    if not is_web_address(url):
        raise NotARequest
    stranger = bag.pod.anonymous()
    try:
        found = resources.read(stranger, url, limits=_REQUEST)
    except (SignInNeeded, AccessRefused) as error:  # it was taken back, or never opened
        raise NotARequest from error
    if not found.exists:
        raise NotARequest
    request = requests_.read(found.graph)
    if names.document(request.iri) != found.iri or not is_web_address(request.sender):
        raise NotARequest
    try:
        sender = webid.profile(bag.pod.transport, request.sender)
    except NotAProfile as error:
        raise Forged(sender=request.sender) from error
    if not letters.lies_with(bag.pod, request.iri, sender):
        raise Forged(sender=request.sender)
    answered = next((one for one in _answers(bag) if one.request == request.iri), None)
    return Opened(request, syntax.digest(found.graph), sender, answered)


def check_unchanged(bag: Bag, url: str, shown: str) -> Opened:
    """Raises RequestChanged when the request is not the one that was looked at (security.md H-86)."""
    found = open_request(bag, url)
    if found.shown != shown:
        raise RequestChanged
    return found


def accepted(bag: Bag, opened: Opened, chosen: Iterable[Activity | Skill], now: datetime) -> Answer:
    """Keep that a dossier answers it: in whole when each thing asked for has something in it, otherwise in part. Once."""
    given = opened.answered
    if given is not None and given.decision in {terms.DECISION_ACCEPTED, terms.DECISION_IN_PART}:
        return given
    things = tuple(chosen)
    whole = all(is_met(need, things) for need in opened.request.needs)
    return _decide(bag, opened, terms.DECISION_ACCEPTED if whole else terms.DECISION_IN_PART, now)


def catch_up(bag: Bag, grants: Iterable[Grant]) -> int:
    """Keep that a dossier answers its request, where that could not be kept after opening it; how many were missing.

    One request where nothing is missing, none where no dossier answers a request. Raises as reading does.
    """
    answering = {grant.request: grant for grant in grants if grant.request and grant.granted_at}
    if not answering:
        return 0
    known = {one.request for one in _answers(bag) if one.decision != terms.DECISION_ASKED_BACK}
    missing = [grant for request, grant in answering.items() if request not in known]
    for grant in missing:
        assert grant.granted_at is not None
        try:
            opened = open_request(bag, str(grant.request))
            documents = read_documents(bag, (bag.layout.activities, bag.layout.skills))
            things: list[Activity | Skill] = [
                *activities_model.read(documents.graph(bag.layout.activities)),
                *skills_model.read(documents.graph(bag.layout.skills)),
            ]
            accepted(bag, opened, [one for one in things if one.iri in grant.selection], grant.granted_at)
        except MusetteError:  # it was taken back meanwhile, or cannot be read: the dossier is open all the same
            said = Answer(
                _new(bag, grant.granted_at), grant.recipient, terms.DECISION_IN_PART, grant.granted_at, grant.request
            )
            _keep(bag, said)
    return len(missing)


def decline(bag: Bag, opened: Opened, now: datetime, words: str = "") -> bool:
    """Refuse, for good: kept first, told second. True when the sender was told."""
    _decide(bag, opened, terms.DECISION_DECLINED, now)
    return _tell(bag, opened, terms.AS_REJECT, words, now)


def ask_back(bag: Bag, opened: Opened, words: str, now: datetime) -> bool:
    """Ask the sender something before deciding; True when they were told."""
    told = _tell(bag, opened, terms.AS_QUESTION, words, now)
    if told:
        _decide(bag, opened, terms.DECISION_ASKED_BACK, now)
    return told


def silence(bag: Bag, sender: str, now: datetime, request: str | None = None) -> None:
    """Show nothing more of a sender. They are not told."""
    _keep(bag, Answer(_new(bag, now), sender, terms.DECISION_SILENCED, now, request))


def hear_again(bag: Bag, sender: str) -> None:
    """Take back that a sender was silenced."""
    base = resources.read(bag.pod, bag.layout.answers)
    gone = {
        URIRef(one.iri)
        for one in requests_.answers(base.graph)
        if one.sender == sender and one.decision == terms.DECISION_SILENCED
    }
    resources.change(bag.pod, base, Delta(out=frozenset(t for t in base.graph if t[0] in gone)))


def _decide(bag: Bag, opened: Opened, decision: URIRef, now: datetime) -> Answer:
    request = opened.request
    answer = Answer(_new(bag, now), request.sender, decision, now, request.iri, request.title, opened.shown)
    _keep(bag, answer)
    return answer


def _new(bag: Bag, now: datetime) -> str:
    return f"{bag.layout.answers}#{names.fragment('r', now.date())}"


def _keep(bag: Bag, answer: Answer) -> None:
    resources.insert(bag.pod, bag.layout.answers, graph_of_answer(answer))


def _tell(bag: Bag, opened: Opened, kind: URIRef, words: str, now: datetime) -> bool:
    request = opened.request
    try:
        name = webid.profile(bag.pod.transport, bag.owner).name
    except PodError:
        name = None
    return letters.send(
        bag.pod,
        opened.sender.inbox,
        kind,
        request.iri,
        request.sender,
        request.title,
        now,
        name=name,
        words=words.strip(),
        reply_to=request.iri,
    )
