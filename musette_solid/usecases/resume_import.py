"""Go on with an import that was cut: what it was going to write is in its record, and what is there is left alone."""

from contextlib import suppress
from datetime import datetime

from rdflib import Graph, URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.exchange.losses import Loss
from musette_solid.model import matching
from musette_solid.pod import files, resources
from musette_solid.pod.errors import NotThere, PodError, Unreachable
from musette_solid.pod.resources import Resource
from musette_solid.rdf import syntax
from musette_solid.rdf.delta import Delta
from musette_solid.usecases import import_plan, import_record
from musette_solid.usecases.import_file import ImportCut, ImportReport, Told, untold
from musette_solid.usecases.import_plan import Plan
from musette_solid.usecases.intents import here
from musette_solid.usecases.layout import Bag

_NOT_KEPT = N_("the file itself had not come through, and is not kept")


class CannotGoOn(MusetteError):
    what = N_("This import cannot go on where it ended.")
    do = N_("Take it back if it is not whole, then choose the file again: nothing comes in twice.")


def resume(bag: Bag, run: str, now: datetime, told: Told = untold, *, everything: bool = False) -> ImportReport:
    """Write what is still missing of it. Doing it twice, or dying in it, changes nothing; `losses`: files not kept.

    `told` as in `take_in`: what it raises takes the whole import back; any other failure leaves it where it is then.
    `everything`: the person says that nothing is at work on it.
    Raises NoSuchImport, StillUnderWay, and CannotGoOn when it had ended or it is not known what it was going to write.
    """
    log, node = import_record.log_of(bag, run).graph, URIRef(run)
    plan = import_plan.read(bag, log, node)
    if plan is None or not import_record.was_cut(bag, log, node, now, everything=everything):
        raise CannotGoOn
    with here.at_work(run):
        try:
            left_out = _resume(bag, plan, log, node, told)
        except Unreachable as error:
            raise ImportCut(error.url, error.status, host=error.details.get("host", "")) from error
        except (PodError, CannotGoOn):
            raise
        except (MusetteError, KeyboardInterrupt):
            with suppress(PodError):  # what cannot be taken back now waits for a word again
                import_record.take_back(bag, log, node, now)
            raise
    import_record.ended(bag, log, node)
    return ImportReport(run, dict(plan.counts), tuple(Loss.of(name, _NOT_KEPT) for name in left_out), plan.format)


def _resume(bag: Bag, plan: Plan, log: Graph, run: URIRef, told: Told) -> list[str]:
    """The large files of which not all had come through, and which are therefore not kept: nothing else is left out."""
    steps, root = 1 + len(plan.files) + len(plan.changes), bag.layout.root
    told(0, steps)
    left_out = [name for name, size in plan.sizes.items() if _size(bag, root + name) != size]
    for name in left_out:
        if not name.startswith("imports/"):
            raise CannotGoOn  # what comes in points at it
        resources.delete(bag.pod, root + name)
        import_record.keeps_no_more(bag, run, root + name)
    for number, (name, data) in enumerate(plan.files.items(), 1):
        told(number, steps)
        if _size(bag, root + name) != len(data):
            resources.delete(bag.pod, root + name)  # a server that was killed may have kept a part of it
            resources.put(bag.pod, root + name, data, import_record.media_type(name), {"If-None-Match": "*"})
    lacking = _lacking(bag, plan, log, run)
    for number, (base, delta) in enumerate(lacking, 1 + len(plan.files)):
        told(number, steps)
        if delta:
            resources.change(bag.pod, base, delta)
    told(steps, steps)
    return left_out


def _lacking(bag: Bag, plan: Plan, log: Graph, run: URIRef) -> list[tuple[Resource, Delta]]:
    """What each document still lacks. What came in another way since is compared by meaning, as when it was looked at."""
    since = import_record.began_at(log, run)
    bases = [resources.read(bag.pod, change.document) for change in plan.changes]
    deltas = [
        import_plan.missing(change, base.graph, run, since) for change, base in zip(plan.changes, bases, strict=True)
    ]
    younger = {base.iri: import_plan.came_since(base.graph, log, run, since) for base in bases}
    if any(len(graph) for graph in younger.values()):
        into = {base.iri: syntax.graph_of(delta.into) for base, delta in zip(bases, deltas, strict=True)}
        new = matching.split(into, younger).new
        deltas = [Delta(delta.out, frozenset(new[base.iri])) for base, delta in zip(bases, deltas, strict=True)]
    return list(zip(bases, deltas, strict=True))


def _size(bag: Bag, iri: str) -> int | None:
    """The bytes of a file that is there; of a large one, what the server says of them when asked for the first piece."""
    try:
        found = files.read_pieces(bag.pod, iri)
    except NotThere:
        return None
    return sum(map(len, found.pieces)) if found.size_bytes is None else found.size_bytes
