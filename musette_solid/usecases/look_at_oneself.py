"""Say where one stands in a frame of competences, and see how that moves."""

from collections.abc import Mapping
from datetime import date, datetime

from rdflib import URIRef

from musette_solid.model import frames
from musette_solid.model.entry import entry
from musette_solid.model.frames import Frame
from musette_solid.model.validation import Finding, Unfit
from musette_solid.pod import resources
from musette_solid.pod.errors import NotThere
from musette_solid.rdf import names, syntax, terms
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import timestamp


def my_frames(bag: Bag) -> tuple[Frame, ...]:
    """Raises NotUnderstood when the document of skills is damaged."""
    return frames.read(resources.read(bag.pod, bag.layout.skills).graph, bag.owner)


def my_frame(bag: Bag, key: str) -> Frame:
    """One of them by its name (`lifecomp`). Raises NotThere, NotUnderstood."""
    scheme = frames.scheme_of(key)
    if scheme is None:
        raise NotThere(key, 404)
    return next(frame for frame in my_frames(bag) if frame.iri == str(scheme))


def look_at_oneself(bag: Bag, key: str, levels: Mapping[str, str], on: date, now: datetime) -> int:
    """Add what one says of competences of a frame (by concept), in one write; what was said before stays.

    How many were added. Raises NotThere, and Unfit (a level outside the scale, a concept of another frame): then nothing
    was written.
    """
    known = {competence.iri for competence in my_frame(bag, key).competences}
    graph, findings = syntax.empty(), list[Finding]()
    for concept, level in levels.items():
        if concept not in known:
            raise NotThere(concept, 404)
        node = URIRef(f"{bag.layout.skills}#{names.fragment('m', on)}")
        texts = {
            "skill": [concept],
            "level": [level],
            "date": [on.isoformat()],
            "wasAttributedTo": [bag.owner],
            "assessmentWay": [str(terms.ASSESSMENT_WAY_LOOKING_BACK)],
        }
        made = entry(terms.AssessmentShape, node, texts)
        made.graph.add((node, terms.DCTERMS_CREATED, timestamp(now)))
        graph += made.graph
        findings += made.findings
    if findings:
        raise Unfit(findings=tuple(findings))
    resources.insert(bag.pod, bag.layout.skills, graph)
    return len(levels)
