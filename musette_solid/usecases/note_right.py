"""Note what rights depend on: a fact or an income, an official balance, the movements of a simulation."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from rdflib import URIRef

from musette_solid.model.entry import entry
from musette_solid.model.rights import accounts
from musette_solid.model.rights.life import Outcome
from musette_solid.model.rights.schemes import Scheme
from musette_solid.model.validation import Unfit
from musette_solid.pod import resources
from musette_solid.pod.errors import NotThere
from musette_solid.rdf import names, terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases.documents import said_of
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import timestamp
from musette_solid.usecases.take_out import Removed, remove

Texts = Mapping[str, Sequence[str]]


def note_fact(bag: Bag, texts: Texts, now: datetime, *, is_income: bool = False) -> str:
    """Write a fact, or an income statement; its IRI. Raises Unfit; then nothing was written."""
    document = bag.layout.rights
    iri = URIRef(f"{document}#{names.fragment('f', now.date())}")
    made = entry(terms.IncomeStatementShape if is_income else terms.RightsFactShape, iri, texts)
    if made.findings:
        raise Unfit(findings=made.findings)
    made.graph.add((iri, terms.DCTERMS_CREATED, timestamp(now)))
    resources.insert(bag.pod, document, made.graph)
    return str(iri)


def remove_fact(bag: Bag, iri: str) -> Removed:
    """Raises NotThere."""
    base = resources.read(bag.pod, bag.layout.rights)
    if not iri.startswith(bag.layout.rights + "#f-") or not said_of(base.graph, iri):
        raise NotThere(iri, 404)
    return remove(bag, bag.layout.rights, frozenset({iri}))


def copy_balance(bag: Bag, scheme: Scheme, balance: Decimal, on: date, expires: date | None = None) -> None:
    """Keep an official balance beside the simulated one, and the day it expires when the statement says one."""
    document = bag.layout.rights
    base = resources.read(bag.pod, document)
    account = next((a for a in accounts.read(base.graph) if a.scheme == scheme.iri), None)
    copied = frozenset(accounts.copied(document, scheme, balance, on, account))
    expiry = accounts.expiring(base.graph, document, scheme, expires) if expires else Delta()
    resources.change(bag.pod, base, Delta(expiry.out, (copied | expiry.into) - frozenset(base.graph)))


def keep_movements(bag: Bag, outcome: Outcome, schemes: Sequence[Scheme]) -> int:
    """Write the movements of a simulation, each with its proofs; those of an earlier one give way. How many changed."""
    document = bag.layout.rights
    base = resources.read(bag.pod, document)
    wanted = accounts.simulated(document, outcome, schemes)
    delta = accounts.kept(base.graph, wanted)
    if delta == Delta():
        return 0
    resources.change(bag.pod, base, delta)
    return len({s for s, _, _ in (*delta.out, *delta.into)})
