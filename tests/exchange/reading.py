"""Read a file of any format as somebody chose it, for the tests of every reader."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rdflib import URIRef

from musette_solid.exchange.draft import Bag, Recognised
from musette_solid.exchange.recognition import Asked, recognise
from musette_solid.model import activity, skill, time
from musette_solid.model.activity import Activity
from musette_solid.model.skill import Skill
from musette_solid.model.time import TimeEntry
from musette_solid.rdf import syntax

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
ROOT = "https://demo.example/musette/"
ME = "https://demo.example/card#me"
BAG = Bag(ROOT, ME, f"{ROOT}log/2026.ttl#import-1", NOW)
SHARED = Path(__file__).parents[3] / "shared" / "data"


def read(data: bytes | str, name: str = "file", format_: str = "", mapping: dict[str, str] | None = None) -> Recognised:
    return recognise(data.encode() if isinstance(data, str) else data, name, BAG, Asked(format_, mapping))


def sample(path: str) -> bytes:
    """A third party's sample, where the workspace has them: none is in the repository."""
    file = SHARED / path
    if not file.is_file():
        pytest.skip("the third parties' samples are not beside this repository")
    return file.read_bytes()


def activities(found: Recognised) -> list[Activity]:
    return list(activity.read(found.graphs.get("activities", syntax.empty())))


def skills(found: Recognised) -> list[Skill]:
    return list(skill.read(found.graphs.get("skills", syntax.empty())))


def times(found: Recognised) -> list[TimeEntry]:
    graphs = [graph for key, graph in found.graphs.items() if key.startswith("time/")]
    return [entry for graph in graphs for entry in time.read(graph)]


def kinds(found: Recognised) -> dict[str, int]:
    return dict(Counter(line.kind for line in found.lines))


def lost(found: Recognised) -> list[tuple[str, str]]:
    return [(loss.place, loss.sentence()) for loss in found.losses]


def places(found: Recognised) -> dict[str, str]:
    return {line.label: line.place for line in found.lines}


def sphere(name: str) -> URIRef:
    return URIRef(f"https://w3id.org/musette#sphere-{name}")
