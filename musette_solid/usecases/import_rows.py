"""An import as somebody looks at it: rows in groups, so many of each at a time, and which of all its lines are taken.

A file may give twenty thousand lines. A page shows some hundred; what was said of the others travels with it as numbers.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import groupby
from typing import Any, Final

from musette_solid.exchange.losses import Loss
from musette_solid.model.activity import Activity, read
from musette_solid.model.skill import Skill
from musette_solid.usecases.preview_import import ImportPreview, Item

#: Rows of a group on one page; titles of a calendar, each with a list of activities, are fewer.
AT_ONCE: Final = 200
TITLES_AT_ONCE: Final = 25
#: In this order, after the activities of each sphere.
_KINDS: Final = ("activity", "skill", "evidence", "rating", "income", "opportunity", "account", "person")
THERE: Final = "there"
TIME: Final = "time"


@dataclass(frozen=True)
class Row:
    """One line. `number` is its name in the form; dates as they are written in a graph."""

    number: int
    label: str
    place: str = ""
    detail: str = ""
    start: str = ""
    end: str = ""
    start_as_written: str = ""
    end_as_written: str = ""
    organization: str = ""
    sphere: str = ""
    level: str = ""
    target: str = ""
    is_taken: bool = False
    existing: "Row | None" = None  # what the bag has instead


@dataclass(frozen=True)
class Rows:
    """Some rows of a group: from `first` (counted from 0) of `total`."""

    name: str
    rows: tuple[Row, ...]
    first: int = 0
    total: int = 0
    most: int = AT_ONCE

    @property
    def is_whole(self) -> bool:
        return len(self.rows) == self.total

    @property
    def before(self) -> str:
        """What asks for the rows before these; nothing when there are none."""
        return f"{self.name}:{self.first - self.most}" if self.first else ""

    @property
    def after(self) -> str:
        end = self.first + len(self.rows)
        return f"{self.name}:{end}" if end < self.total else ""


@dataclass(frozen=True)
class Said:
    """What somebody said of the lines so far. None for `taken`: what is proposed.

    `at`: from which row a group is shown; `all_of`, `none_of`: groups of which every line is to be taken, or none;
    `times`: where the time of a title goes, by its number.
    """

    taken: frozenset[int] | None = None
    at: Mapping[str, int] = field(default_factory=dict)
    all_of: frozenset[str] = frozenset()
    none_of: frozenset[str] = frozenset()
    times: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Overview:
    """`elsewhere`: the lines that are taken and not among the rows, in ranges; `times_elsewhere`: the same of titles."""

    groups: tuple[Rows, ...]
    times: Rows
    there: Rows
    there_count: int
    activities: int
    skills: int
    lines: int
    offers_nothing: bool
    losses: tuple[Loss, ...]
    elsewhere: str = ""
    times_elsewhere: tuple[tuple[int, str], ...] = ()
    known: tuple[tuple[str, str], ...] = ()  # activities of the bag to which time may go: address and title


def overview(shown: ImportPreview, said: Said) -> Overview:
    activities = _by_iri(shown.recognised.graphs)
    skills = {one.iri: one for one in shown.skills}
    known = {one.iri: one for one in shown.known}
    by_group: dict[str, list[tuple[int, Item]]] = {}
    for number, item in enumerate(shown.items):
        by_group.setdefault(_group(item, activities), []).append((number, item))
    taken = _taken(shown.items, said, by_group)

    def rows(name: str, most: int = AT_ONCE) -> Rows:
        found = by_group.get(name, [])
        first = max(0, min(said.at.get(name, 0), len(found) - 1) // most * most)
        some = (
            _row(number, item, activities, skills, known, taken, said) for number, item in found[first : first + most]
        )
        return Rows(name, tuple(some), first, len(found), most)

    groups = tuple(rows(name) for name in _in_order(by_group))
    times, there = rows(TIME, TITLES_AT_ONCE), rows(THERE)
    seen = {row.number for some in (*groups, times, there) for row in some.rows}
    others = [(number, item) for number, item in by_group.get(TIME, []) if number not in seen]
    return Overview(
        groups,
        times,
        there,
        sum(1 for item in shown.items if item.there),
        len(shown.activities),
        len(shown.skills),
        len(shown.items),
        shown.offers_nothing,
        shown.recognised.losses,
        ranges(taken - seen),
        tuple((number, target) for number, item in others if (target := said.times.get(number, item.target))),
        tuple((one.iri, one.title) for one in shown.known) if times.rows else (),
    )


def _by_iri(graphs: Mapping[str, Any]) -> dict[str, Activity]:
    return {one.iri: one for one in read(graphs["activities"])} if "activities" in graphs else {}


def _group(item: Item, activities: Mapping[str, Activity]) -> str:
    """The sphere of an activity, the kind of anything else; what is there already under its very name is in none."""
    if item.there:
        return THERE if item.there != item.line.node else ""
    if item.line.kind != "activity":
        return item.line.kind
    one = activities.get(item.line.node)
    return str(one.sphere) if one is not None and one.sphere is not None else "activity"


def _in_order(names: Collection[str]) -> list[str]:
    spheres = sorted(name for name in names if "://" in name)
    return [*spheres, *(kind for kind in _KINDS if kind in names)]


def _taken(items: Sequence[Item], said: Said, by_group: Mapping[str, Sequence[tuple[int, Item]]]) -> frozenset[int]:
    proposed = {number for number, item in enumerate(items) if item.is_proposed and item.line.kind != TIME}
    taken = set(said.taken) if said.taken is not None else proposed
    for name in said.all_of:
        taken |= {number for number, _ in by_group.get(name, ())}
    for name in said.none_of:
        taken -= {number for number, _ in by_group.get(name, ())}
    return frozenset(number for number in taken if number < len(items))


def _row(
    number: int,
    item: Item,
    activities: Mapping[str, Activity],
    skills: Mapping[str, Skill],
    known: Mapping[str, Activity],
    taken: Collection[int],
    said: Said,
) -> Row:
    line, skill = item.line, skills.get(item.line.node)
    existing = known.get(item.there)
    return replace(
        _of(number, line.label, activities.get(line.node)),
        place=line.place,
        detail=line.detail,
        level=(skill.current.as_stated or "") if skill is not None and skill.current else "",
        target=said.times.get(number, item.target),
        is_taken=number in taken,
        existing=_of(-1, existing.title, existing) if existing is not None else None,
    )


def _of(number: int, label: str, one: Activity | None) -> Row:
    if one is None:
        return Row(number, label)
    return Row(
        number,
        label,
        start=one.start.text if one.start else "",
        end=one.end.text if one.end else "",
        start_as_written=one.start_as_written or "",
        end_as_written=one.end_as_written or "",
        organization=one.organization.name if one.organization else "",
        sphere=str(one.sphere or ""),
    )


def ranges(numbers: Iterable[int]) -> str:
    """`0-99,105`: thousands of lines that are taken are few ranges."""
    said = []
    for _, run in groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0]):
        found = [number for _, number in run]
        said.append(f"{found[0]}-{found[-1]}" if len(found) > 1 else str(found[0]))
    return ",".join(said)


def numbers_in(text: str, most: int) -> frozenset[int]:
    """What `ranges` said, below `most`; what it did not say is nothing."""
    found: set[int] = set()
    for part in text.split(",") if len(text) < 1_000_000 else ():
        first, _, last = part.partition("-")
        if first.isdecimal() and (last or first).isdecimal() and len(first) < 7 and len(last) < 7:
            found |= set(range(int(first), min(int(last or first), most - 1) + 1))
    return frozenset(found)


def to_json(said: Overview) -> dict[str, Any]:
    return asdict(said)


def from_json(said: dict[str, Any]) -> Overview:
    rest = {key: said[key] for key in ("there_count", "activities", "skills", "lines", "offers_nothing", "elsewhere")}
    return Overview(
        groups=tuple(map(_rows, said["groups"])),
        times=_rows(said["times"]),
        there=_rows(said["there"]),
        losses=tuple(Loss(**one) for one in said["losses"]),
        times_elsewhere=tuple((number, target) for number, target in said["times_elsewhere"]),
        known=tuple((iri, title) for iri, title in said["known"]),
        **rest,
    )


def _rows(said: dict[str, Any]) -> Rows:
    return Rows(said["name"], tuple(map(_row_of, said["rows"])), said["first"], said["total"], said["most"])


def _row_of(said: dict[str, Any]) -> Row:
    existing = said["existing"]
    return Row(**{**said, "existing": Row(**existing) if existing else None})
