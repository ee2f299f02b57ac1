from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from rdflib import URIRef

from musette_solid.model import receipt as receipts
from musette_solid.model.receipt import NotAReceipt, Receipt
from musette_solid.rdf import syntax, terms
from tests.model.test_grant import GRANT

SHARE = str(UUID(int=7, version=4))
RECEIPT = Receipt(
    iri=f"urn:uuid:{SHARE}",
    person="https://demo.example/profile/card#me",
    person_name="Démo",
    recipient="https://organisation.example/profile/card#me",
    recipient_name="Club",
    dossier=f"https://demo.example/musette/shares/{SHARE}/dossier.ttl#it",
    purpose=terms.PURPOSE_RECRUITMENT,
    given_at=datetime(2026, 11, 22, 10, tzinfo=UTC),
    until=date(2027, 2, 22),
    title="Pour le club",
    detail=frozenset({terms.DETAIL_DATES}),
)
EVERY = [
    RECEIPT,
    replace(RECEIPT, live=True, replaces="urn:uuid:00000000-0000-4000-8000-000000000001"),
    replace(
        RECEIPT, withdrawn_at=datetime(2026, 12, 1, 8, tzinfo=UTC), person_name=None, recipient_name=None, title=""
    ),
]


@pytest.mark.parametrize("one", EVERY)
def test_a_receipt_comes_back_as_it_was_written(one: Receipt) -> None:
    data = syntax.turtle(receipts.graph_of_receipt(one))
    assert receipts.read(syntax.parse(data, syntax.TURTLE, "https://x.example/")) == (one,)


@pytest.mark.parametrize("one", EVERY)
def test_the_copy_in_a_letter_says_the_same(one: Receipt) -> None:
    import json

    data = json.dumps({"@context": {}, **receipts.nested(one)}).encode()
    graph = syntax.parse(data, syntax.JSON_LD, "https://x.example/")
    assert receipts.read(graph) == (one,)
    assert set(graph) == set(receipts.graph_of_receipt(one))


def test_it_is_a_consent_receipt_with_the_fields_of_the_standard() -> None:
    graph = receipts.graph_of_receipt(RECEIPT)
    it = URIRef(RECEIPT.iri)
    assert (it, terms.RDF_TYPE, terms.DPV_CONSENT_RECEIPT) in graph
    for wanted in (
        terms.DCTERMS_IDENTIFIER,
        terms.DPV_HAS_DATA_SUBJECT,
        terms.DPV_HAS_DATA_CONTROLLER,
        terms.DPV_HAS_PURPOSE,
        terms.DPV_HAS_PROCESSING,
        terms.DPV_HAS_LEGAL_BASIS,
        terms.DPV_HAS_CONSENT_STATUS,
        terms.DCTERMS_ISSUED,
        terms.DCTERMS_VALID,
    ):
        assert len(set(graph.objects(it, wanted))) == 1, wanted


@pytest.mark.parametrize(
    ("one", "today", "status"),
    [
        (RECEIPT, date(2027, 2, 22), terms.DPV_CONSENT_GIVEN),
        (EVERY[1], date(2027, 2, 22), terms.DPV_RENEWED_CONSENT_GIVEN),
        (RECEIPT, date(2027, 2, 23), terms.DPV_CONSENT_EXPIRED),
        (EVERY[2], date(2026, 12, 2), terms.DPV_CONSENT_WITHDRAWN),
    ],
)
def test_it_says_whether_it_holds(one: Receipt, today: date, status: URIRef) -> None:
    assert one.status(today) == status
    assert status in set(receipts.graph_of_receipt(one, today).objects(None, terms.DPV_HAS_CONSENT_STATUS))


def test_a_grant_that_says_too_little_gives_no_receipt() -> None:
    with pytest.raises(NotAReceipt):
        receipts.of_grant(GRANT)  # its address holds no name of ours
    dossier = f"https://demo.example/musette/shares/{SHARE}/dossier.ttl#it"
    assert receipts.of_grant(replace(GRANT, dossier=dossier)).iri == RECEIPT.iri
    for lacking in ({"purpose": None}, {"granted_at": None}, {"until": None}):
        with pytest.raises(NotAReceipt):
            receipts.of_grant(replace(GRANT, dossier=dossier, **lacking))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "predicate", [terms.DPV_HAS_DATA_SUBJECT, terms.DPV_HAS_PURPOSE, terms.DOSSIER, terms.DCTERMS_VALID]
)
def test_what_says_too_little_is_no_receipt(predicate: URIRef) -> None:
    graph = receipts.graph_of_receipt(RECEIPT)
    graph.remove((None, predicate, None))
    assert receipts.read(graph) == ()
