from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from musette_solid.model import grant
from musette_solid.model.grant import Grant
from musette_solid.rdf import syntax, terms

IRI = "https://demo.example/musette/grants/1.ttl#it"
GRANT = Grant(
    iri=IRI,
    recipient="https://organisation.example/profile/card#me",
    granted_by="https://demo.example/profile/card#me",
    dossier="https://demo.example/musette/shares/1/dossier.ttl#it",
    purpose=terms.PURPOSE_RECRUITMENT,
    granted_at=datetime(2026, 11, 22, 10, tzinfo=UTC),
    until=date(2027, 2, 22),
    title="Pour le club",
    recipient_name="Club",
    person_name="Démo",
    selection=("https://demo.example/musette/activities.ttl#a-1", "https://demo.example/musette/skills.ttl#s-1"),
)
REVOKED = replace(GRANT, revoked_at=datetime(2026, 12, 1, 8, 30, tzinfo=UTC))


@pytest.mark.parametrize("one", [GRANT, REVOKED, replace(GRANT, selection=(), title="", recipient_name=None)])
def test_a_grant_comes_back_as_it_was_written(one: Grant) -> None:
    data = syntax.turtle(grant.graph_of_grant(one))
    assert grant.read(syntax.parse(data, syntax.TURTLE, IRI)) == one


def test_a_grant_is_what_other_vocabularies_call_it() -> None:
    graph = grant.graph_of_grant(GRANT)
    kinds = set(graph.objects(None, terms.RDF_TYPE))
    assert kinds == {terms.Grant, terms.ODRL_AGREEMENT, terms.DPV_CONSENT_RECORD, terms.INTEROP_ACCESS_RECEIPT}


def test_revoking_only_adds() -> None:
    assert set(grant.graph_of_grant(GRANT)) < set(grant.graph_of_grant(REVOKED))


@pytest.mark.parametrize(
    ("one", "today", "state"),
    [
        (GRANT, date(2026, 11, 22), "active"),
        (GRANT, date(2027, 2, 22), "active"),
        (GRANT, date(2027, 2, 23), "expired"),
        (REVOKED, date(2026, 12, 1), "revoked"),
        (REVOKED, date(2030, 1, 1), "revoked"),
        (replace(GRANT, until=None), date(2030, 1, 1), "active"),
    ],
)
def test_the_state_of_a_grant(one: Grant, today: date, state: str) -> None:
    assert one.state(today) == state


@pytest.mark.parametrize("turtle", ["", "<#it> a <https://w3id.org/musette#Grant> ."])
def test_a_document_without_a_grant_says_so(turtle: str) -> None:
    with pytest.raises(grant.NotAGrant):
        grant.read(syntax.parse(turtle.encode(), syntax.TURTLE, IRI))


def test_a_moment_without_its_time_zone_is_refused() -> None:
    with pytest.raises(ValueError):
        grant.graph_of_grant(replace(GRANT, granted_at=datetime(2026, 11, 22)))  # noqa: DTZ001
