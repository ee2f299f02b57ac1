import socket
import threading
from contextlib import suppress

import pytest
from rdflib import Literal, URIRef

from musette_solid.rdf import syntax, terms
from musette_solid.rdf.questions import select

BASE = "https://pod.example/a.ttl"
ENTRIES = b"""@prefix mus: <https://w3id.org/musette#> .
<#a> mus:activity <#x> ; mus:minutes 30 . <#b> mus:activity <#x> ; mus:minutes 15 . <#c> mus:activity <#y> ; mus:minutes 5 .
<#d> mus:activity <#z> ."""
TOTALS = f"""SELECT ?activity (SUM(?minutes) AS ?total) {{ ?entry <{terms.ACTIVITY}> ?activity
    OPTIONAL {{ ?entry <{terms.MINUTES}> ?minutes }} }} GROUP BY ?activity ORDER BY ?activity"""


def test_totals_come_by_activity() -> None:
    rows = select(ENTRIES, syntax.TURTLE, BASE, TOTALS)
    assert [(str(activity), total and int(str(total))) for activity, total in rows] == [
        (BASE + "#x", 45),
        (BASE + "#y", 5),
        (BASE + "#z", None),
    ]


def test_json_ld_is_asked_the_same_way() -> None:
    document = b'{"@id": "https://x.example/#it", "https://x.example/says": {"@value": "bonjour", "@language": "fr"}}'
    rows = select(document, syntax.JSON_LD, BASE, "SELECT ?s ?o ?nothing { ?s <https://x.example/says> ?o }")
    assert rows == [(URIRef("https://x.example/#it"), Literal("bonjour", lang="fr"), None)]


@pytest.mark.parametrize("data", [b"<#a> <#b> ", b"\xff", b'<#a> <#b> "c'])
def test_a_damaged_document_answers_nothing(data: bytes) -> None:
    with pytest.raises(syntax.NotRdf):
        select(data, syntax.TURTLE, BASE, TOTALS)


@pytest.mark.parametrize("question", ["", "SELECT", "ASK { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"])
def test_only_a_select_is_a_question(question: str) -> None:
    with pytest.raises(ValueError, match=r"SELECT|SPARQL"):
        select(ENTRIES, syntax.TURTLE, BASE, question)


@pytest.mark.parametrize(
    "clause",
    [
        "SERVICE <{place}> {{ ?s ?p ?o }}",
        "service<{place}>{{ ?s ?p ?o }}",
        "SERVICE SILENT <{place}> {{ ?s ?p ?o }}",
        "\\u0053ERVICE <{place}> {{ ?s ?p ?o }}",
        "?s ?p ?x FILTER(?x<3)SERVICE<{place}>{{?s ?p ?o}}",
        "?s ?p ?x FILTER(?x<3)SERVICE#>\n<{place}>{{?s ?p ?o}}",
        "BIND(<{place}> AS ?there) SERVICE ?there {{ ?s ?p ?o }}",
    ],
)
def test_a_question_reaches_no_other_server(clause: str) -> None:
    """pyoxigraph would send a request to any address, past every guard."""
    touched = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as canary:

        def wait() -> None:
            with suppress(OSError):
                canary.accept()
                touched.set()

        threading.Thread(target=wait, daemon=True).start()
        place = f"http://127.0.0.1:{canary.getsockname()[1]}/"
        with pytest.raises(ValueError, match="nobody else"):
            select(ENTRIES, syntax.TURTLE, BASE, f"SELECT ?s {{ {clause.format(place=place)} }}")
        assert not touched.wait(0.05)


@pytest.mark.parametrize("name", ["<https://x.example/service>", "mus:service"])
def test_the_word_in_a_name_is_no_clause(name: str) -> None:
    question = f"PREFIX mus: <https://w3id.org/musette#> SELECT ?service {{ ?service a {name} }}"
    assert select(ENTRIES, syntax.TURTLE, BASE, question) == []
