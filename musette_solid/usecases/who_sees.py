"""Who can see what, as the rules of the person's own space say it now: not as we remember having written them.

Every share is compared with the rules that are there, and every other place of the bag is looked at too: another application
may have opened something.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Final, Literal, TypeAlias

from musette_solid.errors import N_, MusetteError
from musette_solid.model import calendar_feed
from musette_solid.model import dossier as dossiers
from musette_solid.model.dossier import Dossier, NotADossier
from musette_solid.pod import access, containers, resources
from musette_solid.pod.access import ACP, Rules
from musette_solid.pod.errors import AccessRefused, NotThere, PodError, RulesRefused, SignInNeeded
from musette_solid.pod.wac import AUTHENTICATED, PUBLIC, Mode
from musette_solid.rdf import names, terms
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.revoke import Revoked, ShareLine, Shares, list_shares, revoke

#: over: its last day has passed and it is still open. unknown: the space did not say.
State: TypeAlias = Literal["effective", "pending", "failed", "wider", "over", "unknown", "closed"]
Readers: TypeAlias = Mapping[str, frozenset[Mode]]

#: What a recipient may do with a dossier.
_MEANT: Final = frozenset({Mode.READ})
#: Containers above the bag whose rules may reach into it; a storage is never as deep as this.
_DEEPEST: Final = 8
#: How deep the places of a share lie whose rules decide who reads it: it, its dossier, its comments.
_IN_A_SHARE: Final = 2
#: No look takes in more places than this; what is left out is said.
_MOST_PLACES: Final = 600


class NotOurs(MusetteError):
    what = N_("This place is not in your bag.")
    do = N_("Nothing was changed.")


@dataclass(frozen=True)
class Item:
    """One thing of a dossier. `key` is the same for the same thing in every dossier."""

    key: str
    name: str
    is_skill: bool


@dataclass(frozen=True)
class Sight:
    """One share as the rules have it. `readers`: everybody but the owner who may do something to it; `items`: what it holds."""

    line: ShareLine
    state: State
    readers: Readers
    items: tuple[Item, ...] = ()
    changed: datetime | None = None  # a live dossier: when it last followed its sources

    @property
    def recipient(self) -> str:
        return self.line.grant.recipient

    @property
    def name(self) -> str | None:
        return self.line.grant.recipient_name

    @property
    def others(self) -> tuple[str, ...]:
        """Those who were never meant to read it."""
        return tuple(sorted(set(self.readers) - {self.recipient}))

    @property
    def is_open(self) -> bool:
        """Whether somebody can read it, or may be able to."""
        return self.state in {"effective", "wider", "over", "unknown"}


@dataclass(frozen=True)
class Opening:
    """Somebody may do something in a place by a rule that no share of ours explains. `rules_of`: whose rules say so."""

    place: str
    agent: str
    modes: frozenset[Mode]
    rules_of: str
    can_close: bool


@dataclass(frozen=True)
class Event:
    """Something that happened to a share: opened, renewed, changed, closed; its recipient said that no copy is left."""

    at: datetime
    kind: Literal["opened", "renewed", "changed", "closed", "deleted"]
    line: ShareLine


@dataclass(frozen=True)
class Picture:
    sights: tuple[Sight, ...]
    openings: tuple[Opening, ...]
    unreadable: tuple[str, ...]  # places whose rules could not be read
    looked_at: int
    cut: bool = False  # there were more places than one look takes in
    public_page: bool = False  # the page that the person published is open to everybody
    public_calendar: bool = False  # whoever has the address of their calendar reads it
    passed_on: int = 0  # tools that everybody may read

    @property
    def by_recipient(self) -> tuple[tuple[str, str | None, tuple[Sight, ...]], ...]:
        """Recipient, name, what they were given and is not over; the widest first."""
        found: dict[str, list[Sight]] = {}
        for sight in self.sights:
            if sight.state != "closed":
                found.setdefault(sight.recipient, []).append(sight)
        return tuple((who, next((s.name for s in those if s.name), None), tuple(those)) for who, those in found.items())

    @property
    def by_item(self) -> tuple[tuple[Item, tuple[Sight, ...]], ...]:
        """Each thing that somebody can see, by name, and through which dossiers."""
        found: dict[str, tuple[Item, list[Sight]]] = {}
        for sight in self.sights:
            for item in sight.items if sight.is_open else ():
                found.setdefault(item.key, (item, []))[1].append(sight)
        by_name = sorted(found.values(), key=lambda pair: (pair[0].is_skill, pair[0].name.casefold()))
        return tuple((item, tuple(sights)) for item, sights in by_name)

    @property
    def history(self) -> tuple[Event, ...]:
        """Everything that ever happened to a share, the newest first."""
        events: list[Event] = []
        for sight in self.sights:
            grant, line = sight.line.grant, sight.line
            if grant.granted_at:
                events.append(Event(grant.granted_at, "renewed" if grant.replaces else "opened", line))
            if sight.changed:
                events.append(Event(sight.changed, "changed", line))
            if grant.revoked_at:
                events.append(Event(grant.revoked_at, "closed", line))
            if grant.copies_deleted_at:
                events.append(Event(grant.copies_deleted_at, "deleted", line))
        return tuple(sorted(events, key=lambda one: (one.at.isoformat(), one.line.share_id), reverse=True))

    @property
    def troubles(self) -> tuple[Sight, ...]:
        return tuple(sight for sight in self.sights if sight.state in {"wider", "failed", "over", "unknown"})


def who_sees(bag: Bag, today: date, *, everywhere: bool = False) -> Picture:
    """What the rules say now of every share and every place of the bag; with `everywhere`, however deep it lies.

    Reads only. A place whose rules cannot be read is named, never taken for private.
    """
    shares = list_shares(bag, today)
    found, unlisted = _places(bag, everywhere=everywhere)
    places = found[:_MOST_PLACES]
    rules = _Rules(bag, places)
    shared = {bag.layout.share(line.share_id): line for line in shares.lines}
    dossiers_, unread = _dossiers(bag, [line for line in shares.lines if bag.layout.share(line.share_id) in places])
    calendar, calendar_unread = _calendar(bag)
    unreadable = (*rules.unreadable, *unlisted, *unread, *calendar_unread)
    # What lies among comments is named where it cannot be listed; who reads the dossier is known without it.
    decisive = [iri for iri in unlisted if not _is_for_comments(bag, iri)]
    unknown = frozenset((*rules.unreadable, *decisive, *unread, *found[_MOST_PLACES:]))
    sights = tuple(_sight(bag, line, rules, dossiers_.get(line.share_id), unknown) for line in shares.lines)
    openings = tuple(
        opening
        for place in places
        if not any(names.is_within(container, place) for container in shared)
        for opening in _unexplained(bag, place, rules, calendar)
    )
    return Picture(
        sights,
        _outermost(openings),
        tuple(dict.fromkeys((*unreadable, *shares.unreadable))),
        len(places),
        len(found) > len(places),
        any(agent == PUBLIC for agent, _ in rules.effective(bag.layout.published)),
        any(agent == PUBLIC for agent, _ in rules.effective(calendar)) if calendar else False,
        sum(
            any(agent == PUBLIC for agent, _ in rules.effective(place))
            for place in places
            if place.endswith("/") and place != bag.layout.commons and names.is_within(bag.layout.commons, place)
        ),
    )


def _calendar(bag: Bag) -> tuple[str | None, tuple[str, ...]]:
    """Where the calendar lies that the person published; and what could not be read to know it."""
    try:
        found = calendar_feed.read(resources.read(bag.pod, bag.layout.calendar).graph)
    except PodError:
        return None, (bag.layout.calendar,)
    return (found.container if found and found.state != "withdrawn" else None), ()


def _places(bag: Bag, *, everywhere: bool) -> tuple[list[str], list[str]]:
    """The bag, what lies in it, and one level more where things are opened to others; or all of it.

    Shares come before whatever else there is: a bag with more places than one look takes in is no reason not to say who reads
    a dossier; what recipients left in them comes last. And the containers that could not be listed.
    """
    layout = bag.layout
    first = [member.iri for member in containers.members(bag.pod, layout.root)]
    opened = {layout.shares, layout.requests, layout.calendars, layout.commons}
    found, unlisted = [layout.root, *first], []

    def inside(iri: str) -> list[str] | None:
        try:
            return [member.iri for member in containers.members(bag.pod, iri)]
        except PodError:
            return None

    level = [iri for iri in first if iri.endswith("/") and (everywhere or iri in opened)]
    while level:
        inner = bag.pod.together([partial(inside, iri) for iri in level])
        unlisted += [iri for iri, those in zip(level, inner, strict=True) if those is None]
        below = [iri for those in inner for iri in those or ()]
        found += below
        # A share is looked into, because its dossier could have rules of its own.
        deeper = everywhere and len(found) <= _MOST_PLACES
        level = [iri for iri in below if iri.endswith("/") and (deeper or names.is_within(layout.shares, iri))]

    def rank(iri: str) -> int:
        if iri == layout.root:
            return 0
        if not names.is_within(layout.shares, iri):
            return 2
        return 1 if iri.removeprefix(layout.shares).rstrip("/").count("/") < _IN_A_SHARE else 3

    return sorted(found, key=rank), unlisted


def _is_for_comments(bag: Bag, iri: str) -> bool:
    within = iri.removeprefix(bag.layout.shares)
    return within != iri and within.endswith("/comments/") and within.count("/") == _IN_A_SHARE


class _Rules:
    """The rules of many places, and what they add up to."""

    def __init__(self, bag: Bag, places: Iterable[str]) -> None:
        self._bag = bag
        wanted = list(places)
        answers = bag.pod.together([lambda iri=iri: self._read(iri) for iri in wanted])  # type: ignore[misc]
        # What went away between listing and looking is there for nobody.
        self._found = {iri: rules for iri, rules in zip(wanted, answers, strict=True) if isinstance(rules, Rules)}
        self.unreadable = tuple(iri for iri, rules in zip(wanted, answers, strict=True) if rules == "unreadable")
        root = self._found.get(bag.layout.root)
        if root is not None and (root.kind == ACP or not root.exists):
            self._look_above()

    def _read(self, iri: str) -> Rules | Literal["gone", "unreadable"]:
        try:
            # Somebody may have filled what others may add to: its rules are found without asking for what is in it.
            return access.rules(self._bag.pod, iri, like=self._beside(iri))
        except NotThere:
            return "gone"
        except (PodError, RulesRefused):
            return "unreadable"

    def _beside(self, iri: str) -> str | None:
        layout = self._bag.layout
        if layout.letterbox_number(iri):
            return layout.root
        return names.resolve(iri, "../") if _is_for_comments(self._bag, iri) else None

    def _look_above(self) -> None:
        """Rules of the containers above: under WAC those that hold when the bag has none, under ACP all that reach in."""
        place = self._bag.layout.root
        for _ in range(_DEEPEST):
            above = names.resolve(place, "../")
            if above == place:
                return
            place = above
            try:
                self._found[place] = access.rules(self._bag.pod, place)
            except (AccessRefused, SignInNeeded, NotThere, RulesRefused):
                # Above a storage nobody may look; inside it the owner may.
                return
            except PodError:
                self.unreadable = (*self.unreadable, place)
                return

    def __contains__(self, place: str) -> bool:
        return place in self._found

    def effective(self, place: str) -> Mapping[tuple[str, str], frozenset[Mode]]:
        """Who but the owner may do what here: (agent, the resource whose rules say so) to modes."""
        own = self._found.get(place)
        if own is None:
            return {}
        said: dict[tuple[str, str], frozenset[Mode]] = {}

        def add(rules: Rules, *, inherited: bool) -> None:
            for agent, modes in rules.agents(inherited=inherited).items():
                if agent not in {self._bag.owner, str(terms.ACP_OWNER_AGENT)} and modes:
                    key = (agent, rules.target)
                    said[key] = said.get(key, frozenset()) | modes

        if own.kind == ACP or own.exists:
            add(own, inherited=False)
        if own.kind == ACP or not own.exists:
            above = place
            while True:
                further = names.resolve(above, "../" if above.endswith("/") else "./")
                if further == above or further not in self._found:
                    break
                above = further
                rules = self._found[above]
                if rules.kind == ACP or rules.exists:
                    add(rules, inherited=True)
                    if rules.kind != ACP:
                        break
        return said


def _dossiers(bag: Bag, lines: Iterable[ShareLine]) -> tuple[dict[str, Dossier], list[str]]:
    """What lies in the shares that are there, as it is now; and the dossiers that could not be read."""

    def one(place: str) -> Dossier | str | None:
        try:
            found = resources.read(bag.pod, place)
            return dossiers.read(found.graph) if found.exists else None
        except NotADossier:
            return None
        except PodError:
            return place

    wanted = [line.share_id for line in lines]
    read = bag.pod.together([partial(one, bag.layout.dossier(share_id)) for share_id in wanted])
    dossiers_ = {i: found for i, found in zip(wanted, read, strict=True) if isinstance(found, Dossier)}
    return dossiers_, [found for found in read if isinstance(found, str)]


def _sight(bag: Bag, line: ShareLine, rules: _Rules, dossier: Dossier | None, unknown: AbstractSet[str]) -> Sight:
    container, document = bag.layout.share(line.share_id), bag.layout.dossier(line.share_id)
    comments = bag.layout.comments(line.share_id)
    readers: dict[str, frozenset[Mode]] = {}
    for place in (container, document):
        for (agent, _), modes in rules.effective(place).items():
            readers[agent] = readers.get(agent, frozenset()) | modes
    # Whoever was invited also reads what lies beside the dossier: that is not the dossier.
    is_shown = line.grant.recipient in readers
    for (agent, _), modes in rules.effective(comments).items():
        meant = {Mode.APPEND} if agent == line.grant.recipient and line.grant.comments else frozenset()
        if modes - meant:
            readers[agent] = readers.get(agent, frozenset()) | (modes - meant)
    items = _items(dossier) if dossier else ()
    changed = dossier.modified if dossier and dossier.live and dossier.modified != dossier.issued else None
    is_known = unknown.isdisjoint({bag.layout.shares, container, document, comments})
    return Sight(line, _state(line, dossier, readers, is_shown=is_shown, is_known=is_known), readers, items, changed)


def _state(line: ShareLine, dossier: Dossier | None, readers: Readers, *, is_shown: bool, is_known: bool) -> State:
    """`is_shown`: the recipient reads the dossier itself. `is_known`: everything that decides it was looked at. What was not is never told as open to nobody."""
    wider = set(readers) - {line.grant.recipient} or readers.get(line.grant.recipient, _MEANT) != _MEANT
    if line.state == "revoked":
        return "wider" if readers else "closed" if is_known else "unknown"
    if wider:
        return "wider"
    if not is_known:
        return "unknown"
    if line.state in {"opening", "closing"}:
        return "pending"
    if dossier is None or not is_shown:
        return "failed"
    return "over" if line.state == "expired" else "effective"


def _items(dossier: Dossier) -> tuple[Item, ...]:
    return (
        *(Item(f"activity {names.local(one.iri)}", one.title, is_skill=False) for one in dossier.activities),
        *(Item(f"skill {names.local(one.iri)}", one.label, is_skill=True) for one in dossier.skills),
        *(Item(f"right {names.local(one.iri)}", one.title, is_skill=False) for one in dossier.accounts),
    )


def _unexplained(bag: Bag, place: str, rules: _Rules, calendar: str | None) -> Iterable[Opening]:
    layout = bag.layout
    for (agent, rules_of), modes in sorted(rules.effective(place).items()):
        drops = layout.letterbox_number(place) and agent in {PUBLIC, AUTHENTICATED} and modes == {Mode.APPEND}
        asks = (
            agent == PUBLIC
            and modes == _MEANT
            and rules_of not in {layout.requests, layout.commons}
            and (names.is_within(layout.requests, rules_of) or names.is_within(layout.commons, rules_of))
        )
        page = agent == PUBLIC and modes == _MEANT and rules_of in {layout.published, calendar}
        if not drops and not asks and not page:
            yield Opening(place, agent, modes, rules_of, names.is_within(layout.root, rules_of))


def _outermost(openings: tuple[Opening, ...]) -> tuple[Opening, ...]:
    """One rule that holds for a container and all that is in it is one opening, not hundreds."""
    said = {(one.agent, one.rules_of) for one in openings if one.place == one.rules_of}
    return tuple(one for one in openings if one.place == one.rules_of or (one.agent, one.rules_of) not in said)


def make_private_again(bag: Bag, place: str) -> None:
    """Take away every rule that opens a place of the bag to anybody but its owner. Raises NotOurs, and as writing rules does.

    Where our own way of working opens something (letters, requests, shares) there are other gestures.
    """
    layout = bag.layout
    if (
        not names.is_within(layout.root, place)
        or layout.letterbox_number(place)
        or names.is_within(layout.requests, place)
    ):
        raise NotOurs
    access.rules(bag.pod, place)  # what cannot be read is not written over
    access.make_private(bag.pod, place, bag.owner)


def revoke_all(bag: Bag, recipient: str, now: datetime, shares: Shares | None = None) -> tuple[Revoked, ...]:
    """Close everything that is open to one recipient; one that fails does not keep the others open."""
    closed = []
    for line in (shares or list_shares(bag, now.date())).lines:
        if line.grant.recipient == recipient and line.state != "revoked":
            try:
                closed.append(revoke(bag, line.share_id, now))
            except (PodError, RulesRefused):
                closed.append(Revoked(line.share_id, verified=False))
    return tuple(closed)
