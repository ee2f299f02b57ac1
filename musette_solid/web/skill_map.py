"""The graph of skills as a picture: activities on the left, skills in the middle, what shows them and people on the right.

Each thing has a line of its own, in the order that crosses the fewest edges, so that 300 skills can be read; beyond what
an eye takes in at once, one group is drawn at a time. Widths are in pixels, so the picture is drawn twice: wide, and for a
phone, with activities and skills alone. The table below says the same.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from textwrap import wrap
from typing import Final, NamedTuple

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from musette_solid.model.skill_graph import Age, By, Group, Kind, Linked, Node, SkillGraph
from musette_solid.rdf.names import local
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.map_skills import map_skills
from musette_solid.web import clock, i18n, things
from musette_solid.web import evidence as proofs
from musette_solid.web.access import with_bag
from musette_solid.web.i18n import gettext

bp = Blueprint("skill_map", __name__, url_prefix="/skills/map")

TOP: Final = 34
_LETTER: Final = 8  # a wide one


@dataclass(frozen=True)
class Frame:
    """Where the columns stand, in pixels, and how many letters a name may take on a line there."""

    width: int
    row: int
    activity: int
    skill: int
    right_of_skill: int
    right: int  # 0: what shows the skills, and people, are left to the table
    letters_left: int
    letters_skill: int
    letters_right: int
    lines: int = 1


WIDE: Final = Frame(980, 26, 268, 420, 690, 800, 34, 34, 21)
#: As wide as what a page of 320 pixels holds.
NARROW: Final = Frame(286, 44, 106, 158, 286, 0, 14, 18, 0, lines=2)
#: More than this at once, and one group is drawn at a time.
MOST: Final = 90


class Dot(NamedTuple):
    y: int
    name: tuple[str, ...]  # by line
    full: str
    address: str
    kind: str
    slug: str


class Edge(NamedTuple):
    path: str
    slug: str


class Heading(NamedTuple):
    y: int
    name: str


@dataclass(frozen=True)
class Drawn:
    frame: Frame
    start: int
    height: int
    headings: tuple[Heading, ...]
    activities: tuple[Dot, ...]
    skills: tuple[Dot, ...]
    others: tuple[Dot, ...]
    edges: tuple[Edge, ...]


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    asked = request.args.get("by", "")
    by = By(asked) if asked in set(By) else By.SPHERE
    found = map_skills(bag, clock.today(), by)
    whole = found.graph
    names = [group_name(by, group.key) for group in whole.groups]
    chosen = request.args.get("group")
    keys = {group_slug(group.key): group.key for group in whole.groups}
    key = keys.get(chosen or "")
    if key is None and len(whole.skills) > MOST and whole.groups and chosen != "all":
        key = whole.groups[0].key
    shown = whole if key is None else whole.only(key)
    return render_template(
        "pages/skill_map.html",
        by=by.value,
        ways=[
            (By.SPHERE.value, gettext("by sphere")),
            (By.AGE.value, gettext("by last use")),
            (By.PROOF.value, gettext("by proof")),
        ],
        groups=[
            (group_slug(group.key), name, len(group.skills), group.key == key)
            for group, name in zip(whole.groups, names, strict=True)
        ],
        is_whole=key is None,
        total=len(whole.skills),
        pictures=[drawn(shown, WIDE), drawn(shown, NARROW)] if shown.skills else [],
        loose=sum(not one.activities for one in whole.skills),
        rows=[_row(one, whole) for one in shown.skills],
        unreadable=found.unreadable,
    )


def _start(activities: Iterable[tuple[str, Dot]], frame: Frame) -> int:
    """Where the picture begins: room on the left for the longest name and no more."""
    if frame.lines > 1:
        return 0
    longest = max((len(line) for _, one in activities for line in one.name), default=0)
    return max(0, frame.activity - 24 - longest * _LETTER)


def group_slug(key: str) -> str:
    return local(key) if key.startswith("http") else key or "none"


def group_name(by: By, key: str) -> str:
    if by == By.SPHERE:
        return i18n.sentence_case(i18n.label(URIRef(key))) if key else gettext("Not linked to an activity")
    if by == By.PROOF:
        if key == "attested":
            return gettext("Seen by somebody else")
        return i18n.sentence_case(i18n.label(URIRef(key))) if key else gettext("Your word alone")
    return age_name(Age(key))


def age_name(age: Age) -> str:
    match age:
        case Age.NOW:
            return gettext("In use now")
        case Age.RECENT:
            return gettext("Used within two years")
        case Age.DORMANT:
            return gettext("Dormant for two to five years")
        case Age.OLD:
            return gettext("Dormant for longer")
        case _:
            return gettext("No date tells")


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    label: str
    address: str
    spheres: tuple[URIRef, ...]
    activities: tuple[tuple[str, str], ...]
    evidence: tuple[tuple[str, str], ...]
    people: str
    age: str
    proof: str


def _row(one: Linked, graph: SkillGraph) -> Row:
    def named(iris: Iterable[str], address: Callable[[str], str]) -> tuple[tuple[str, str], ...]:
        return tuple((graph.nodes[iri].label, address(iri)) for iri in iris)

    return Row(
        one.label or gettext("Skill without a name"),
        url_for("skills.show", name=local(one.iri)),
        one.standing.spheres,
        named(one.activities, _activity),
        named(one.evidence, proofs.address),
        ", ".join(graph.nodes[iri].label for iri in one.people),
        age_name(one.age),
        group_name(By.PROOF, one.proof),
    )


def _activity(iri: str) -> str:
    return url_for("activities.show", name=local(iri))


def drawn(graph: SkillGraph, frame: Frame) -> Drawn:
    """Skills under the headings of their groups; what they are linked to lies where its edges are shortest."""
    y = TOP
    headings: list[Heading] = []
    skills: list[Dot] = []
    places: dict[str, list[int]] = {}
    links: list[tuple[Linked, int, tuple[str, ...]]] = []
    for group in graph.groups:
        headings.append(Heading(y, group_name(graph.by, group.key)))
        y += 26
        for one in _in_order(group):
            slug = things.sphere_slug(group.key) if graph.by == By.SPHERE else _slug_of(one)
            full = one.label or gettext("Skill without a name")
            name = _lines(full, frame.letters_skill, frame.lines)
            skills.append(Dot(y, name, full, url_for("skills.show", name=local(one.iri)), _mark(one), slug))
            # Under a sphere, the activities of that sphere: the others are drawn under theirs.
            here = tuple(
                a for a in one.activities if graph.by != By.SPHERE or str(graph.nodes[a].sphere or "") == group.key
            )
            links.append((one, y, here))
            for iri in (*here, *one.evidence, *one.people) if frame.right else here:
                places.setdefault(iri, []).append(y)
            y += frame.row
        y += 13
    activities = _column(graph.nodes, places, {Kind.ACTIVITY}, frame.letters_left, frame)
    others = _column(graph.nodes, places, {Kind.EVIDENCE, Kind.PERSON}, frame.letters_right, frame)
    at = {iri: dot.y for iri, dot in (*activities, *others)}
    edges = [
        Edge(_curve(frame.activity + 8, at[iri], frame.skill - 8, y_), things.sphere_slug(graph.nodes[iri].sphere))
        for _, y_, here in links
        for iri in here
    ]
    edges += [
        Edge(_curve(frame.right_of_skill, y_, frame.right - 10, at[iri]), "none")
        for one, y_, _ in links
        for iri in (*one.evidence, *one.people)
        if iri in at
    ]
    bottom = max([y, *(dot.y + frame.row for _, dot in (*activities, *others))])
    return Drawn(
        frame,
        _start(activities, frame),
        bottom + 8,
        tuple(headings),
        tuple(dot for _, dot in activities),
        tuple(skills),
        tuple(dot for _, dot in others),
        tuple(edges),
    )


def _in_order(group: Group) -> Sequence[Linked]:
    """Those of the same activities together: their edges run side by side."""
    return sorted(group.skills, key=lambda one: (min(one.activities, default="~"), one.label))


def _slug_of(one: Linked) -> str:
    return things.sphere_slug(next(iter(one.standing.spheres), None))


def _mark(one: Linked) -> str:
    """The shape of a skill says its proof: full when something shows it, hollow for one's word alone."""
    return "full" if one.proof and not one.proof.endswith("declared") else "hollow"


def _column(
    nodes: Mapping[str, Node], places: Mapping[str, Sequence[int]], kinds: set[Kind], letters: int, frame: Frame
) -> list[tuple[str, Dot]]:
    wanted = [(fmean(at), iri) for iri, at in places.items() if nodes[iri].kind in kinds]
    found: list[tuple[str, Dot]] = []
    y = TOP
    for mean, iri in sorted(wanted):
        y = max(y, round(mean))
        node = nodes[iri]
        full = node.label or "–"
        found.append(
            (iri, Dot(y, _lines(full, letters, frame.lines), full, _address(node), node.kind.value, _sphere(node)))
        )
        y += frame.row
    return found


def _sphere(node: Node) -> str:
    return things.sphere_slug(node.sphere)


def _address(node: Node) -> str:
    match node.kind:
        case Kind.ACTIVITY:
            return _activity(node.iri)
        case Kind.EVIDENCE:
            return proofs.address(node.iri)
        case _:
            return ""


def _lines(text: str, letters: int, lines: int) -> tuple[str, ...]:
    """The name as it fits: cut where one line is all there is, else between words."""
    if lines == 1:
        return (text if len(text) <= letters else text[: letters - 1].rstrip() + "…",)
    first = wrap(text, letters) or [text]
    if len(first) > lines:
        first = [*first[: lines - 1], first[lines - 1][: letters - 1].rstrip() + "…"]
    return tuple(first)


def _curve(x1: int, y1: int, x2: int, y2: int) -> str:
    middle = (x1 + x2) // 2
    return f"M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}"
