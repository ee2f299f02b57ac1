"""Change several documents as if they were one: what is about to be done is written first, and removed last.

Whatever happens in between, the operation is finished or taken back when the person next signs in, or by
`musette recover`. Nothing here opens anything to anybody: sharing and closing keep their intent in the grant itself.
"""

import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Literal as OneOf
from typing import TypeAlias

from rdflib import Graph, URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.model.intent import Change, Intent, graph_of_intent, read
from musette_solid.pod import containers, files, resources
from musette_solid.pod.errors import AlreadyThere, NotUnderstood, PodError, SignInNeeded, Unreachable
from musette_solid.pod.http import Upload
from musette_solid.pod.resources import Resource
from musette_solid.rdf import names, syntax
from musette_solid.usecases.layout import Bag

#: Younger than this, an operation may be at work on another device; older, nobody is.
AT_WORK = timedelta(minutes=2)

#: completed, undone: as if it had been done in one go, or never. partly: something was changed by somebody meanwhile and was
#: left alone. left: not possible now (a damaged document); it is tried again next time. waiting: the person is asked.
Outcome: TypeAlias = OneOf["completed", "undone", "partly", "left", "waiting"]


class Interrupted(Unreachable):
    what = N_("The connection was lost in the middle: %(host)s does not answer.")
    do = N_(
        "Nothing is lost: when you next sign in, what was begun is finished or taken back. Look there before you repeat it."
    )


@dataclass(frozen=True)
class Settled:
    operation: URIRef
    outcome: Outcome


class _Here:
    """What this process has under way, and what it had to leave in the middle: those need no waiting."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at_work: set[str] = set()
        self._left: set[str] = set()

    @contextmanager
    def at_work(self, iri: str) -> Iterator[None]:
        """Left in the middle, unless `forget` is said before the end."""
        with self._lock:
            self._at_work.add(iri)
            self._left.add(iri)
        try:
            yield
        finally:
            with self._lock:
                self._at_work.discard(iri)

    def is_at_work(self, iri: str) -> bool:
        with self._lock:
            return iri in self._at_work

    def was_left(self, iri: str) -> bool:
        with self._lock:
            return iri in self._left

    def left_in(self, root: str) -> bool:
        with self._lock:
            return any(iri.startswith(root) for iri in self._left)

    def forget(self, iri: str) -> None:
        with self._lock:
            self._left.discard(iri)


here = _Here()


def is_over(iri: str, begun_at: datetime | None, now: datetime) -> bool:
    """Whether nobody is at work on an operation any more, so that it may be settled."""
    if here.is_at_work(iri):
        return False
    if here.was_left(iri) or begun_at is None:
        return True
    begun_at = begun_at if begun_at.tzinfo else begun_at.replace(tzinfo=UTC)
    return now - begun_at >= AT_WORK


@dataclass(frozen=True)
class File:
    """Bytes to be put where nothing is. What is there already stays, and is not ours to take back."""

    iri: str
    data: bytes | Upload
    media_type: str


#: Called before each step with its number and how many there are; what it raises takes everything back.
Told: TypeAlias = Callable[[int, int], object]


def _untold(_step: int, _steps: int) -> None:
    """Nobody is watching."""


def carry_out(
    bag: Bag,
    operation: URIRef,
    changes: Sequence[Change],
    now: datetime,
    bases: Sequence[Resource] = (),
    *,
    files: Sequence[File] = (),
    deletes: Sequence[str] = (),
    told: Told = _untold,
) -> None:
    """Put the files, make the changes in their order, delete: all of it or nothing, now or when the person next signs in.

    Two requests more than the steps, and one for each file; none when there is only one step. `bases`: documents that
    were read to find out what to take out. `deletes`: only inside the bag. Raises Interrupted when the space stopped
    answering in the middle; any other failure is raised with everything as it was.
    """
    changes = [change for change in changes if change.delta]
    known = {base.iri: base for base in bases}
    if here.left_in(bag.layout.intents):
        settle(bag, now)
    new = [file for file in files if not _is_there(bag, file.iri)]
    if len(changes) + len(new) + len(deletes) < 2:
        _put(bag, new)
        for change in changes:
            _make(bag, change, known)
        _delete(bag, deletes)
        return
    intent = Intent("", operation, now, tuple(changes), tuple(file.iri for file in new), tuple(deletes))
    steps = len(new) + len(changes)
    with _noted(bag, intent) as made:
        for number, file in enumerate(new):
            told(number, steps)
            _put(bag, [file])
        for number, change in enumerate(changes, len(new)):
            told(number, steps)
            _make_or_look(bag, change, known)
            made.append(change)


@contextmanager
def under_way(
    bag: Bag,
    operation: URIRef,
    now: datetime,
    changes: Sequence[Change] = (),
    *,
    makes: Sequence[str] = (),
    deletes: Sequence[str] = (),
) -> Iterator[list[Change]]:
    """What is done inside was written down before, and is finished or taken back whatever happens. Raises as `carry_out`.

    Gives the list of the changes that were made, to be filled: only those are taken back when one after them is refused.

    `makes` is made inside, then `changes`; what is there already is not ours to take back. `deletes` is deleted afterwards:
    what cannot be deleted then is deleted at the next sign-in.
    """
    new = tuple(iri for iri in makes if not _is_there(bag, iri))
    with _noted(bag, Intent("", operation, now, tuple(changes), new, tuple(deletes))) as made:
        yield made


@contextmanager
def _noted(bag: Bag, intent: Intent) -> Iterator[list[Change]]:
    document = bag.layout.intent(str(uuid.uuid4()))
    intent = replace(intent, iri=f"{document}#it")
    with here.at_work(document):
        resources.create(bag.pod, document, graph_of_intent(intent))
        made: list[Change] = []
        try:
            yield made
        except Unreachable as error:
            raise Interrupted(error.url, error.status, host=error.details.get("host", "")) from error
        except SignInNeeded:
            # Our own session has ended (what strangers are refused is another error): nothing can be taken back without
            # one. Signing in again settles it.
            raise
        except MusetteError:
            with suppress(PodError):  # what cannot be taken back now is settled later
                _take_back(bag, made, intent.makes)
                _remove(bag, document)
            raise
        # It is done: an intent that stays behind is found to be finished, and removed then.
        with suppress(PodError):
            _delete(bag, intent.deletes)
            _remove(bag, document)


def _is_there(bag: Bag, iri: str) -> bool:
    response, _ = resources.look(bag.pod, iri)
    return response.status not in {404, 410}


def _put(bag: Bag, new: Sequence[File]) -> None:
    for file in new:
        with suppress(AlreadyThere):
            if isinstance(file.data, Upload):
                files.put_new(bag.pod, file.iri, file.data, file.media_type)
            else:
                resources.put(bag.pod, file.iri, file.data, file.media_type, {"If-None-Match": "*"})


def _delete(bag: Bag, iris: Sequence[str]) -> bool:
    """Whether anything was there. Nothing outside the bag, whatever an intent says, nor the bag itself."""
    found = False
    for iri in iris:
        container = iri if iri.endswith("/") else f"{iri}/"
        if not names.is_within(bag.layout.root, iri) or names.is_within(container, bag.layout.root):
            continue
        if iri.endswith("/"):
            found |= _is_there(bag, iri)
            containers.remove(bag.pod, iri)
        else:
            found |= resources.delete(bag.pod, iri)
    return found


def _take_back(bag: Bag, made: Sequence[Change], makes: Sequence[str]) -> None:
    """Only what was done here: what the others would have brought may have been there before."""
    for change in reversed(made):
        _finish(bag, change.inverse)
    _delete(bag, makes)


def _remove(bag: Bag, document: str) -> None:
    resources.delete(bag.pod, document)
    here.forget(document)


def _make(bag: Bag, change: Change, known: dict[str, Resource]) -> None:
    if not change.delta.out:
        resources.insert(bag.pod, change.document, _graph(change))
    else:
        base = known.get(change.document) or resources.read(bag.pod, change.document)
        resources.change(bag.pod, base, change.delta)


def _graph(change: Change) -> Graph:
    return syntax.graph_of(change.delta.into)


def _make_or_look(bag: Bag, change: Change, known: dict[str, Resource]) -> None:
    """One change. Where no answer came, nobody knows whether it was made: look, and do only what is missing."""
    try:
        _make(bag, change, known)
    except Unreachable:
        _finish(bag, change)


def _finish(bag: Bag, change: Change) -> tuple[bool, bool]:
    """Do what is missing of a change; whether anything was, and whether something had been changed by others."""
    base = resources.read(bag.pod, change.document)
    missing = change.remaining(base.graph)
    others = "other" in change.states(base.graph).values()
    if missing:
        resources.change(bag.pod, base, missing)
    return bool(missing), others


#: Whether an operation that only makes something has come to its end, by what the space says.
Ends: TypeAlias = Mapping[URIRef, Callable[[Bag, Intent], bool]]


def settle(
    bag: Bag, now: datetime, *, everything: bool = False, ends: Ends = MappingProxyType({})
) -> tuple[Settled, ...]:
    """Finish or take back every operation that was interrupted; those that a device may be working on are left alone.

    `everything`: the person says that nothing is at work. One request when there is nothing to do.
    """
    settled = []
    for member in containers.members(bag.pod, bag.layout.intents):
        if here.is_at_work(member.iri):
            continue
        try:
            found = resources.read(bag.pod, member.iri)
            intent = read(found.graph) if found.exists else None
        except NotUnderstood:
            intent = None
        begun_at = intent.begun_at if intent else _moment(member.modified)
        if not everything and not is_over(member.iri, begun_at, now):
            continue
        # One that was cut while it was being written: nothing was begun before it was whole.
        outcome = _settle(bag, intent, ends) if intent else None
        if outcome != "left":
            _remove(bag, member.iri)
        if intent and outcome:
            settled.append(Settled(intent.operation, outcome))
    return tuple(settled)


def _moment(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


def _settle(bag: Bag, intent: Intent, ends: Ends) -> Outcome | None:
    """Forward when anything of it is there already, else it never was. None: it was finished, only the intent was left."""
    try:
        states = {
            one
            for change in intent.changes
            for one in change.states(resources.read(bag.pod, change.document).graph).values()
        }
        if states == {"before"} or (not states and intent.makes):
            # What it makes comes before its changes, which point there.
            is_done = not states and all(_is_there(bag, iri) for iri in intent.makes)
            if is_done and ends.get(intent.operation, _is_done)(bag, intent):
                return None
            _delete(bag, intent.makes)
            return "undone"
        done = [_finish(bag, change) for change in intent.changes] if states != {"after"} else []
        deleted = _delete(bag, intent.deletes)
    except NotUnderstood:
        return "left"
    if any(others for _, others in done):
        return "partly"
    return "completed" if deleted or done else None


def _is_done(_bag: Bag, _intent: Intent) -> bool:
    return True
