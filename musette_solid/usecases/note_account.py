"""The person's accounts on platforms and networks: note one, correct it, take it out. In a document of its own, never in a dossier."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from rdflib import URIRef

from musette_solid.model import identity
from musette_solid.model.entry import entry
from musette_solid.model.identity import Account
from musette_solid.model.shapes import fields
from musette_solid.model.validation import Unfit
from musette_solid.pod import resources
from musette_solid.pod.errors import ChangedMeanwhile, NotThere
from musette_solid.rdf import names, terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases.documents import said_of, version_of, without
from musette_solid.usecases.layout import Bag

Texts = Mapping[str, Sequence[str]]


def list_accounts(bag: Bag) -> tuple[Account, ...]:
    """Raises NotUnderstood when the document is damaged."""
    return identity.read(resources.read(bag.pod, bag.layout.identities).graph)


def note_account(bag: Bag, texts: Texts) -> str:
    """A new account; its IRI. Raises Unfit: then nothing was written."""
    iri = f"{bag.layout.identities}#{names.fragment('i')}"
    made = entry(terms.AccountShape, iri, texts)
    if made.findings:
        raise Unfit(findings=made.findings)
    resources.insert(bag.pod, bag.layout.identities, made.graph)
    return iri


def account_to_correct(bag: Bag, iri: str) -> tuple[Account, str]:
    """The account, and the mark of the version that a form is made from. Raises NotThere."""
    base = resources.read(bag.pod, bag.layout.identities)
    found = next((one for one in identity.read(base.graph) if one.iri == iri), None)
    if found is None:
        raise NotThere(iri, 404)
    return found, version_of(base.graph, iri)


def correct_account(bag: Bag, iri: str, texts: Texts, seen: str) -> None:
    """Replace what the form says; what other applications said of it stays. Raises Unfit, NotThere, ChangedMeanwhile."""
    base = resources.read(bag.pod, bag.layout.identities)
    before = said_of(base.graph, iri)
    if not before:
        raise NotThere(iri, 404)
    if version_of(base.graph, iri) != seen:
        raise ChangedMeanwhile(iri, 412, theirs=base)
    made = entry(terms.AccountShape, iri, texts)
    if made.findings:
        raise Unfit(findings=made.findings)
    ours = {field.path for field in fields(terms.AccountShape)}
    out = {triple for triple in before if triple[1] in ours}
    into = set(made.graph) - set(base.graph)
    resources.change(bag.pod, base, Delta(frozenset(out - set(made.graph)), frozenset(into)))


def remove_account(bag: Bag, iri: str, now: datetime) -> None:
    """Take it out. Raises NotThere."""
    base = resources.read(bag.pod, bag.layout.identities)
    if (URIRef(iri), None, None) not in base.graph:
        raise NotThere(iri, 404)
    resources.change(bag.pod, base, without(base.graph, {iri}, now))
