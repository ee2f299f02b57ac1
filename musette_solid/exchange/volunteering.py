"""Volunteering opportunities as the Volunteering Data Standard publishes them, said in the words of a JobPosting.

https://standard.volunteeringdata.io: an Activity of an Organisation, with its Roles and Sessions, in JSON-LD or Turtle. Its context is
not fetched: its words are read as they stand, where the context is named or the types are addresses of its namespace.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from rdflib import RDF, Graph, URIRef
from rdflib.term import Node

_OURS: Final = "volunteeringdata.io"
_NAMESPACES: Final = ("https://ns.volunteeringdata.io/", "https://id.volunteeringdata.io/schema/", "volunteering:")
_HUMPS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_MOST: Final = 40
#: The skill of a role of an activity, the place of its session: what lies deeper says nothing of the offer.
_DEEPEST: Final = 2


def names_the_standard(node: dict[str, Any]) -> bool:
    """Whether the words of this object are those of the standard."""
    context = node.get("@context")
    return any(isinstance(one, str) and _OURS in one for one in _several(context))


def kind_of(node: dict[str, Any], *, is_known: bool) -> str:
    """`Activity` or `Role`; empty for anything else. `is_known`: a context around it says whose words these are."""
    for kind in _several(node.get("type", node.get("@type"))):
        if isinstance(kind, str):
            plain = next((kind.removeprefix(place) for place in _NAMESPACES if kind.startswith(place)), "")
            plain = plain or (kind if is_known else "")
            if plain in {"Activity", "Role"}:
                return plain
    return ""


def as_posting(node: dict[str, Any], kind: str) -> dict[str, Any]:
    """One offer for an activity with all its roles, or for a role that stands alone; absent properties are absent."""
    activity, roles = (node, _objects(node.get("role"))) if kind == "Activity" else ({}, (node,))
    whole = activity or next(iter(_objects(node.get("activity"))), {})
    sessions = _objects(whole.get("session"))
    said = [_text(whole.get("description"))]
    for role in roles:
        title, about = (_text(role.get(name)) for name in ("title", "description"))
        said.append(": ".join(part for part in (title if role is not node else "", about) if part))
        said.append(_text(role.get("commitment")))
    said += [_called(one) for session in sessions for one in _several(session.get("time"))]
    links = [_text(role.get("applyLink")) for role in roles]
    places = [place for session in sessions for place in _objects(session.get("location"))]
    organisation = next(iter(_objects(whole.get("organisation"))), {})
    return {
        "title": _text(node.get("title")) or _text(whole.get("title")),
        "url": next(filter(None, links), node.get("id", node.get("@id"))),
        "identifier": node.get("id", node.get("@id")),
        "hiringOrganization": {"name": _text(organisation.get("name"))},
        "jobLocation": next(({"address": _text(one.get("address")) or _text(one.get("name"))} for one in places), None),
        "description": "\n".join(dict.fromkeys(part for part in said if part)),
        "datePosted": whole.get("publishStart"),
        "validThrough": whole.get("publishEnd"),
        "skills": [_called(one) for role in roles for one in _several(role.get("skill"))][:_MOST],
        "employmentType": "VOLUNTEER",
    }


def from_graph(graph: Graph) -> list[dict[str, Any]]:
    """What a graph says in the words of the standard, as its JSON-LD would: activities, and roles that stand alone."""
    told: dict[tuple[Node, int], dict[str, Any]] = {}
    activities = _of_type(graph, "Activity")
    theirs = {role for node in activities for role in _values(graph, node, "role")}
    alone = [node for node in _of_type(graph, "Role") if node not in theirs]
    return [_object(graph, node, 0, told) for node in (*activities, *alone)]


def _of_type(graph: Graph, kind: str) -> list[Node]:
    nodes = {node for place in _NAMESPACES[:2] for node in graph.subjects(RDF.type, URIRef(place + kind))}
    return sorted(nodes, key=str)


def _values(graph: Graph, node: Node, name: str) -> set[Node]:
    return {value for place in _NAMESPACES[:2] for value in graph.objects(node, URIRef(place + name))}


def _object(graph: Graph, node: Node, depth: int, told: dict[tuple[Node, int], dict[str, Any]]) -> dict[str, Any]:
    """A node and what it holds, by the last part of each property's name; each node once a depth, whoever points at it."""
    if (known := told.get((node, depth))) is not None:
        return known
    said: dict[str, Any] = {"id": str(node)} if isinstance(node, URIRef) else {}
    for path, value in sorted(graph.predicate_objects(node), key=str):
        name = "type" if path == RDF.type else re.split(r"[/#:]", str(path))[-1]
        if name == "id":
            continue
        is_told = name != "type" and depth < _DEEPEST and (value, None, None) in graph
        said.setdefault(name, [])
        if len(said[name]) < _MOST:
            said[name].append(_object(graph, value, depth + 1, told) if is_told else str(value))
    found = {name: one[0] if isinstance(one, list) and len(one) == 1 else one for name, one in said.items()}
    told[node, depth] = found
    return found


def inside(node: dict[str, Any]) -> Iterator[Any]:
    """Where an organisation or a list keeps its activities."""
    for name in ("@graph", "activity", "activities", "items"):
        if name in node:
            yield node[name]


def _several(value: Any) -> tuple[Any, ...]:
    return tuple(value[:_MOST]) if isinstance(value, list) else (value,)


def _objects(value: Any) -> tuple[dict[str, Any], ...]:
    return tuple(one for one in _several(value) if isinstance(one, dict))


def _text(value: Any) -> str:
    """Of several, as in several languages, the first that says something."""
    return next((one.strip() for one in _several(value) if isinstance(one, str) and one.strip()), "")


def _called(value: Any) -> str:
    """What a concept is called: its label, else the words of its name (`EmpathyAndCompassion`)."""
    if isinstance(value, dict):
        return next(
            (said for name in ("rdfs:label", "label", "prefLabel", "name") if (said := _text(value.get(name)))), ""
        )
    name = re.split(r"[/#:]", value)[-1] if isinstance(value, str) else ""
    return " ".join(_HUMPS.split(name)).capitalize()
