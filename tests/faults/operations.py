"""Every operation of more than one request, made the same each time: so that "before" and "after" can be compared to the letter."""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from unittest import mock

from musette_solid.model.dossier import Selection, Terms
from musette_solid.pod.session import Pod
from musette_solid.rdf import names, terms
from musette_solid.usecases import declare_skill as skills
from musette_solid.usecases import import_file, import_record, log_time, set_up
from musette_solid.usecases import revoke as revoking
from musette_solid.usecases import share as sharing
from musette_solid.usecases.layout import Bag, Layout
from musette_solid.usecases.log_activity import log_activity

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
#: By then nobody is at work on what was begun at NOW.
LATER = NOW + timedelta(minutes=5)
TOMORROW = NOW + timedelta(days=1)
SHARE_ID = "00000000-0000-4000-8000-00000000000a"
OTHER_SHARE = "00000000-0000-4000-8000-00000000000b"
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
    with mock.patch.object(names, "secrets", _Sequence(seed)):
        yield


@dataclass(frozen=True)
class Place:
    """Where an operation is tried: a person's storage, and somebody to share with."""

    pod: Pod
    storage: str
    recipient: str

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


def _share(place: Place, share_id: str, until: date = date(2027, 2, 22)) -> None:
    bag = place.bag
    selection = Selection(frozenset({_activity(bag)}), frozenset({_skill(bag)}))
    agreed = Terms("Dossier", bag.owner, "Demo", place.recipient, str(terms.PURPOSE_RECRUITMENT), NOW, until)
    recipient = sharing.Recipient(place.recipient, "Demo association", None, ("https://issuer.example/",))
    sharing.share(bag, selection, agreed, recipient, share_id)


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
    (run,) = import_file.runs(bag, NOW.year)
    return run.iri


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


OPERATIONS = (
    Operation("set up", lambda _place: None, lambda place: set_up.create(place.pod, place.storage, NOW)),
    Operation("share", _bag, lambda place: _share(place, SHARE_ID)),
    Operation("revoke", _with_share, lambda place: revoking.revoke(place.bag, SHARE_ID, NOW)),
    Operation("expire", _with_two_that_end, lambda place: revoking.expire(place.bag, TOMORROW), TOMORROW),
    Operation("import", _bag, _import),
    Operation("undo an import", _with_import, lambda place: import_file.undo(place.bag, _run(place.bag), NOW)),
    Operation("record", _bag, _record),
    Operation("correct", _bag, _correct),
    Operation("move", _bag, _move),
    Operation(
        "remove",
        _bag,
        lambda place: skills.remove_skill(place.bag, _skill(place.bag), NOW),
    ),
)
