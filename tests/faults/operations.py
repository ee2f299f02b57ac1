"""Every operation of more than one request, made the same each time: so that "before" and "after" can be compared to the letter."""

import json
import random
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from unittest import mock

from rdflib import Literal, URIRef

from musette_solid.model.dossier import Selection, Terms
from musette_solid.model.portfolio import Portfolio
from musette_solid.model.references.shelf import Shelf
from musette_solid.model.request import Need
from musette_solid.pod.errors import AlreadyThere
from musette_solid.pod.http import Upload
from musette_solid.pod.memory import MemoryPod
from musette_solid.pod.session import Pod
from musette_solid.rdf import names, terms
from musette_solid.rdf.syntax import Triple
from musette_solid.usecases import (
    answer_request,
    archive,
    ask,
    follow,
    import_file,
    import_record,
    keep_evidence,
    list_activities,
    log_time,
    propose_skills,
    publish,
    put_back,
    resume_import,
    set_up,
    unpublish,
    write_cv,
)
from musette_solid.usecases import declare_skill as skills
from musette_solid.usecases import leave as leaving
from musette_solid.usecases import revoke as revoking
from musette_solid.usecases import share as sharing
from musette_solid.usecases.correct_activity import correct_activity
from musette_solid.usecases.layout import Bag, Layout
from musette_solid.usecases.log_activity import log_activity

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
#: By then nobody is at work on what was begun at NOW.
LATER = NOW + timedelta(minutes=5)
TOMORROW = NOW + timedelta(days=1)
SHARE_ID = "00000000-0000-4000-8000-00000000000a"
OTHER_SHARE = "00000000-0000-4000-8000-00000000000b"
PICTURE = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
EMPTY = frozenset({"musette/.acl"})
RESUME = json.dumps(
    {
        "basics": {"name": "Demo"},
        "work": [{"name": "Atelier", "position": "Soudeur", "startDate": "2019-03", "endDate": "2021"}],
        "skills": [{"name": "Soudure", "level": "Advanced", "keywords": ["TIG"]}],
    }
).encode()


class _Sequence:
    """In place of `secrets`: the same names each time."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def choice(self, of: str) -> str:
        return self._random.choice(of)


@contextmanager
def same_names(seed: int) -> Iterator[None]:
    """The same names each time, and for everybody: what is named after its owner too."""
    derived = names.derived

    def of_nobody(kind: str, day: date | None, _owner: str, *parts: str) -> str:
        return derived(kind, day, "", *parts)

    with mock.patch.object(names, "secrets", _Sequence(seed)), mock.patch.object(names, "derived", of_nobody):
        yield


def of_two_runs(triples: frozenset[Triple]) -> frozenset[Triple]:
    """What a document says, but for what is new each time: names of registrations in an index, and when something was finished."""
    found = sorted({s for s, _, _ in triples if names.local(str(s)).startswith("r-")}, key=str)
    known = {node: URIRef(f"urn:registration:{number}") for number, node in enumerate(found)}
    return frozenset(
        (known.get(s, s), p, Literal("some time") if p == terms.PROV_INVALIDATED_AT_TIME else o) for s, p, o in triples
    )


@dataclass(frozen=True)
class Place:
    """Where an operation is tried: a person's storage, and somebody to share with, who may ask for something."""

    pod: Pod
    storage: str
    recipient: str
    asking: Bag | None = None

    @property
    def bag(self) -> Bag:
        return Bag(self.pod, Layout.in_storage(self.storage))


@dataclass(frozen=True)
class Operation:
    """`prepare` makes what there is before; `act` is what is interrupted, and may be done again as it was."""

    name: str
    prepare: Callable[[Place], object]
    act: Callable[[Place], object]
    later: datetime = LATER  # when the person signs in again
    #: What the person says of what waits for a word, once signed in again.
    word: Callable[[Bag], object] = lambda _bag: None
    #: What may be there until it is done again: an empty folder that nobody else may read, nothing of a bag.
    residue: frozenset[str] = frozenset()


def _bag(place: Place) -> Bag:
    bag = set_up.create(place.pod, place.storage, NOW)
    with same_names(1):
        activity = log_activity(bag, {"title": ["Trésorerie"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}, NOW)
        log_activity(bag, {"title": ["CANARY private"], "sphere": [str(terms.SPHERE_CARE)]}, NOW)
        skills.declare_skill(bag, {"prefLabel": ["Tenir les comptes"]}, NOW, used_in=[activity])
        log_time.log_time(bag, activity, 90, NOW.date())
    return bag


def _activity(bag: Bag) -> str:
    with same_names(1):
        return f"{bag.layout.activities}#{names.fragment('a', NOW.date())}"


def _skill(bag: Bag) -> str:
    with same_names(1):
        names.fragment("a")
        names.fragment("a")
        return f"{bag.layout.skills}#{names.fragment('s')}"


def _entry(bag: Bag) -> str:
    with same_names(1):
        for _ in range(3):
            names.fragment("a")
        return f"{bag.layout.time(NOW.year)}#{names.fragment('t', NOW.date())}"


def _share(
    place: Place, share_id: str, until: date = date(2027, 2, 22), *, live: bool = False, request: str | None = None
) -> None:
    bag = place.bag
    selection = Selection(frozenset({_activity(bag)}), frozenset({_skill(bag)}), live=live)
    agreed = Terms("Dossier", bag.owner, "Demo", place.recipient, str(terms.PURPOSE_RECRUITMENT), NOW, until)
    recipient = sharing.Recipient(place.recipient, "Demo association", None, ("https://issuer.example/",))
    sharing.share(bag, selection, agreed, recipient, share_id, request=request)


def _with_share(place: Place) -> None:
    _bag(place)
    _share(place, SHARE_ID)
    revoking.list_shares(place.bag, NOW.date())  # looked at: it is confirmed


def _with_two_that_end(place: Place) -> None:
    _bag(place)
    for share_id in (SHARE_ID, OTHER_SHARE):
        _share(place, share_id, NOW.date())
    revoking.list_shares(place.bag, NOW.date())


def _with_import(place: Place) -> None:
    _bag(place)
    _import(place)
    import_record.settle(place.bag, NOW)  # looked at: it is known to have ended


def _import(place: Place) -> None:
    with same_names(2):
        import_file.import_file(place.bag, RESUME, "cv.json", NOW)


def _run(bag: Bag) -> str:
    (run,) = import_file.runs(bag, NOW)
    return run.iri


def _goes_on(bag: Bag) -> None:
    for run in import_file.runs(bag, LATER):
        if run.can_go_on:
            resume_import.resume(bag, run.iri, LATER)


def _is_taken_back(bag: Bag) -> None:
    for run in import_file.runs(bag, LATER):
        if run.state == "cut":
            import_file.undo(bag, run.iri, LATER)


def _record(place: Place) -> None:
    with same_names(3):
        skills.declare_skill(place.bag, {"prefLabel": ["Souder"]}, NOW, used_in=[_activity(place.bag)])


def _correct(place: Place) -> None:
    bag = place.bag
    seen = skills.one_skill(bag, _skill(bag)).version
    skills.correct_skill(bag, _skill(bag), {"prefLabel": ["Tenir les livres"]}, NOW, seen, used_in=[])


def _move(place: Place) -> None:
    bag = place.bag
    log_time.correct_entry(bag, _entry(bag), _activity(bag), 60, date(2025, 12, 31), None, "moved", now=NOW)


def _propose(place: Place) -> None:
    """Two skills proposed for an activity: one of them kept, one set aside."""
    bag = place.bag
    concepts = {"http://data.europa.eu/esco/skill/0000": "Souder à plat"}
    with same_names(4):
        propose_skills.answer(bag, Shelf(), _activity(bag), concepts, ["http://data.europa.eu/esco/skill/0001"], NOW)


def _keep_cv(place: Place) -> None:
    made = write_cv.write_cv(place.bag, NOW)
    with same_names(5):
        write_cv.keep(place.bag, made, b"%PDF-1.7 CANARY", "Demo association", NOW)


def _import_with_file(place: Place) -> None:
    with same_names(2):
        found = import_file.look(place.bag, RESUME, "cv.json", NOW)
        import_file.take_in(place.bag, found, NOW, import_file.Choices(), RESUME)


def _with_file(place: Place) -> None:
    _bag(place)
    _import_with_file(place)
    import_record.settle(place.bag, NOW)


def _archive() -> bytes:
    """Of another bag, with a document, a year of time and a file of another kind."""
    server = MemoryPod()
    person = server.create_pod("elsewhere")
    place = Place(server.pod_for(person.webid), person.storage, person.webid)
    with same_names(6):
        bag = set_up.create(place.pod, place.storage, NOW)
        activity = log_activity(bag, {"title": ["Ailleurs"], "sphere": [str(terms.SPHERE_CARE)]}, NOW)
        log_time.log_time(bag, activity, 30, date(2025, 3, 1))
        _keep_cv(place)
    return archive.make(bag, NOW).data


ARCHIVE = _archive()


def _restore(place: Place) -> None:
    put_back.restore(place.bag, ARCHIVE, "archive.zip", now=NOW)


def _ask(place: Place) -> None:
    need = Need(terms.Activity)
    with mock.patch.object(ask, "new_id", return_value=SHARE_ID):
        ask.ask(place.bag, "Mission", terms.PURPOSE_RECRUITMENT, 30, (need,), {"fr": "Pour vous connaître."}, NOW)


def _with_request(place: Place) -> None:
    _bag(place)
    _ask(place)


def _asked(place: Place) -> None:
    """Somebody asks for activities, in their own space."""
    _bag(place)
    assert place.asking is not None
    need = Need(terms.Activity)
    with mock.patch.object(ask, "new_id", return_value=OTHER_SHARE), suppress(AlreadyThere):
        ask.ask(place.asking, "Mission", terms.PURPOSE_RECRUITMENT, 30, (need,), {"fr": "Pour vous connaître."}, NOW)


def _answer(place: Place) -> None:
    assert place.asking is not None
    bag = place.bag
    opened = answer_request.open_request(bag, place.asking.layout.request(OTHER_SHARE))
    _share(place, SHARE_ID, request=opened.request.iri)
    chosen = [list_activities.one_activity(bag, _activity(bag)).activity]
    answer_request.accepted(bag, opened, chosen, NOW)


def _attach(place: Place) -> None:
    given = keep_evidence.Given(Upload(lambda: BytesIO(PICTURE), len(PICTURE)), "CANARY.png")
    with same_names(7):
        keep_evidence.attach_file(place.bag, _activity(place.bag), given, {}, NOW)


def _with_evidence(place: Place) -> None:
    _bag(place)
    _attach(place)


def _remove_evidence(place: Place) -> None:
    for piece in keep_evidence.kept_evidence(place.bag).pieces:
        keep_evidence.remove_evidence(place.bag, piece.evidence.iri, NOW)


def _prepared(place: Place) -> None:
    """A page for everybody, chosen and not yet shown."""
    _bag(place)
    bag = place.bag
    selection = Selection(frozenset({_activity(bag)}), frozenset({_skill(bag)}))
    publish.prepare(bag, Portfolio(iri="", name="Demo", saved_at=NOW, selection=selection))


def _with_page(place: Place) -> None:
    _prepared(place)
    publish.publish(place.bag, NOW)


def _with_live_share(place: Place) -> None:
    _bag(place)
    _share(place, SHARE_ID, live=True)
    revoking.list_shares(place.bag, NOW.date())


def _edit_what_is_shared(place: Place) -> None:
    bag = place.bag
    seen = list_activities.one_activity(bag, _activity(bag)).version
    texts = {"title": ["Trésorerie du club"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}
    correct_activity(bag, _activity(bag), texts, NOW, seen)
    follow.follow(bag, NOW, [bag.layout.activities])


OPERATIONS = (
    Operation("set up", lambda _place: None, lambda place: set_up.create(place.pod, place.storage, NOW), residue=EMPTY),
    Operation("share", _bag, lambda place: _share(place, SHARE_ID)),
    Operation("revoke", _with_share, lambda place: revoking.revoke(place.bag, SHARE_ID, NOW)),
    Operation("expire", _with_two_that_end, lambda place: revoking.expire(place.bag, TOMORROW), TOMORROW),
    Operation("import", _bag, _import, word=_goes_on),
    Operation("import taken back", _bag, _import, word=_is_taken_back),
    Operation("undo an import", _with_import, lambda place: import_file.undo(place.bag, _run(place.bag), NOW)),
    Operation("record", _bag, _record),
    Operation("correct", _bag, _correct),
    Operation("move", _bag, _move),
    Operation(
        "remove",
        _bag,
        lambda place: skills.remove_skill(place.bag, _skill(place.bag), NOW),
    ),
    Operation("proposals", _bag, _propose),
    Operation("keep a CV", _bag, _keep_cv),
    Operation("import with its file", _bag, _import_with_file, word=_goes_on),
    Operation("undo with its file", _with_file, lambda place: import_file.undo(place.bag, _run(place.bag), NOW)),
    Operation("restore an archive", _bag, _restore),
    Operation("publish", _bag, _ask),
    Operation("unpublish", _with_request, lambda place: ask.withdraw(place.bag, SHARE_ID, NOW)),
    # One write, and what follows from it: no intent is waited for.
    Operation("follow", _with_live_share, _edit_what_is_shared, NOW),
    Operation("attach a file", _bag, _attach),
    Operation("remove its evidence", _with_evidence, _remove_evidence),
    Operation("answer", _asked, _answer),
    # Showing it, cut, ends in "withdrawn": closed as before, and said so (tests/usecases/test_portfolio.py).
    Operation("withdraw a page", _with_page, lambda place: unpublish.withdraw(place.bag, NOW)),
    Operation("leave", _with_share, lambda place: leaving.leave(place.bag), residue=EMPTY),
)
