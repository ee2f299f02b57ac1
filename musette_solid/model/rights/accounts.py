"""Accounts of rights as a bag keeps them: movements simulated here beside those copied from official statements."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rdflib import Graph, Literal, URIRef

from musette_solid.model.dates import day
from musette_solid.model.described import Described, Index
from musette_solid.model.rights.conclusions import Quantity
from musette_solid.model.rights.life import Outcome
from musette_solid.model.rights.schemes import Scheme, short
from musette_solid.rdf import names, syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.rdf.syntax import Triple


@dataclass(frozen=True, slots=True)
class Entry:
    iri: str
    on: date
    amount: Decimal
    is_official: bool
    proofs: tuple[str, ...] = ()
    description: str | None = None


@dataclass(frozen=True)
class Account:
    """One account. Its balance is the sum of its movements, official and simulated apart."""

    iri: str
    title: str
    scheme: str | None
    unit: str
    valid: date | None
    entries: tuple[Entry, ...]

    def balance(self, *, official: bool) -> Decimal:
        return sum((e.amount for e in self.entries if e.is_official is official), Decimal(0))

    @property
    def official(self) -> Quantity | None:
        """What the person copied from the official statement; None when nothing was."""
        known = any(e.is_official for e in self.entries)
        return Quantity(self.balance(official=True), self.unit) if known else None

    @property
    def simulated(self) -> Quantity | None:
        """What simulations that were kept add up to; None when none was."""
        known = any(not e.is_official for e in self.entries)
        return Quantity(self.balance(official=False), self.unit) if known else None

    @property
    def copied_on(self) -> date | None:
        return max((e.on for e in self.entries if e.is_official), default=None)


def read(graph: Graph) -> tuple[Account, ...]:
    """By title. Movements that cannot be counted (no day, no amount) are left out."""
    index = Index(graph)
    movements: dict[str, list[Entry]] = defaultdict(list)
    for node in index.of_type(terms.RightsMovement):
        entry = _entry(node)
        if entry is not None:
            movements[node.iri_of(terms.DCTERMS_IS_PART_OF) or ""].append(entry)
    return tuple(
        sorted(
            (_account(node, movements.get(node.iri, [])) for node in index.of_type(terms.RightsAccount)),
            key=lambda a: (a.title, a.iri),
        )
    )


def _entry(node: Described) -> Entry | None:
    on, amount = node.day(terms.DCTERMS_DATE), node.decimal(terms.AMOUNT)
    if on is None or amount is None:
        return None
    official = node.iri_of(terms.MOVEMENT_STATE) == str(terms.MOVEMENT_STATE_OFFICIAL)
    return Entry(node.iri, on, amount, official, node.iris(terms.PROV_USED), node.text(terms.DCTERMS_DESCRIPTION))


def _account(node: Described, entries: list[Entry]) -> Account:
    return Account(
        iri=node.iri,
        title=node.text(terms.DCTERMS_TITLE) or "",
        scheme=node.iri_of(terms.SCHEME),
        unit=short(node.iri_of(terms.UNIT)),
        valid=node.day(terms.DCTERMS_VALID),
        entries=tuple(sorted(entries, key=lambda e: (e.on, e.iri))),
    )


def account_iri(document: str, scheme: Scheme) -> URIRef:
    return URIRef(f"{document}#u-{scheme.slug}")


def account_triples(document: str, scheme: Scheme) -> set[Triple]:
    """The account of a scheme, named after it: written twice, it is one."""
    iri = account_iri(document, scheme)
    return {
        (iri, terms.RDF_TYPE, terms.RightsAccount),
        (iri, terms.DCTERMS_TITLE, Literal(scheme.title.get("fr", scheme.slug))),
        (iri, terms.SCHEME, URIRef(scheme.iri)),
        (iri, terms.UNIT, URIRef(f"{terms.MUS}unit-{scheme.unit}")),
    }


def exact(amount: Decimal) -> Literal:
    """A decimal that every server leaves alone: `240.0`, `-22.0`, `1419.88`."""
    text = f"{amount.normalize():f}"
    return Literal(text if "." in text else text + ".0", datatype=terms.XSD_DECIMAL)


#: What we write of a simulated movement; anything else that is said of it stays.
_MANAGED = frozenset(
    {
        terms.RDF_TYPE,
        terms.DCTERMS_IS_PART_OF,
        terms.DCTERMS_DATE,
        terms.AMOUNT,
        terms.UNIT,
        terms.MOVEMENT_STATE,
        terms.PROV_USED,
    }
)


def simulated(document: str, outcome: Outcome, schemes: Iterable[Scheme]) -> set[Triple]:
    """Accounts and movements of an outcome, as a bag keeps them. The same outcome is always the same triples."""
    by_iri = {scheme.iri: scheme for scheme in schemes}
    found: set[Triple] = set()
    for conclusion in outcome.conclusions:
        scheme = by_iri.get(conclusion.rule.scheme)
        if scheme is None or scheme.is_proposal:
            continue
        for movement in conclusion.movements:
            subject = f"-{names.local(conclusion.subject)}" if conclusion.subject else ""
            iri = URIRef(
                f"{document}#v-{scheme.slug}-{names.local(conclusion.rule.iri)}-{movement.on.isoformat()}{subject}"
            )
            found |= account_triples(document, scheme)
            found |= {
                (iri, terms.RDF_TYPE, terms.RightsMovement),
                (iri, terms.DCTERMS_IS_PART_OF, account_iri(document, scheme)),
                (iri, terms.DCTERMS_DATE, day(movement.on)),
                (iri, terms.AMOUNT, exact(movement.counted.number)),
                (iri, terms.UNIT, URIRef(f"{terms.MUS}unit-{movement.counted.unit}")),
                (iri, terms.MOVEMENT_STATE, terms.MOVEMENT_STATE_SIMULATED),
                *((iri, terms.PROV_USED, URIRef(proof)) for proof in movement.proofs),
            }
    return found


def kept(graph: Graph, wanted: set[Triple]) -> Delta:
    """The change that makes the simulated movements of a document those of `wanted`; official ones are never touched."""
    before = {
        triple
        for iri in graph.subjects(terms.MOVEMENT_STATE, terms.MOVEMENT_STATE_SIMULATED)
        for triple in graph.triples((iri, None, None))
        if triple[1] in _MANAGED
    }
    accounts = {triple for triple in wanted if str(triple[0]).rpartition("#")[2].startswith("u-")}
    # An account that is there keeps the title it was given.
    new = {t for t in accounts if (t[0], terms.RDF_TYPE, terms.RightsAccount) not in graph}
    movements = wanted - accounts
    return Delta(out=frozenset(before - movements), into=frozenset((movements - before) | new))


def expiring(graph: Graph, document: str, scheme: Scheme, expires: date) -> Delta:
    """The change that makes an account end on a day."""
    iri = account_iri(document, scheme)
    wanted = frozenset({(iri, terms.DCTERMS_VALID, day(expires))})
    before = frozenset(graph.triples((iri, terms.DCTERMS_VALID, None)))
    return Delta(out=before - wanted, into=wanted - before)


def copied(document: str, scheme: Scheme, balance: Decimal, on: date, account: Account | None) -> Graph:
    """An official balance as the movement that makes the official sum equal to it."""
    before = account.balance(official=True) if account else Decimal(0)
    iri = URIRef(f"{document}#{names.fragment('v', on)}")
    triples: set[Triple] = {
        (iri, terms.RDF_TYPE, terms.RightsMovement),
        (iri, terms.DCTERMS_IS_PART_OF, account_iri(document, scheme)),
        (iri, terms.DCTERMS_DATE, day(on)),
        (iri, terms.AMOUNT, exact(balance - before)),
        (iri, terms.UNIT, URIRef(f"{terms.MUS}unit-{scheme.unit}")),
        (iri, terms.MOVEMENT_STATE, terms.MOVEMENT_STATE_OFFICIAL),
    }
    return syntax.graph_of([*triples, *(account_triples(document, scheme) if account is None else ())])
