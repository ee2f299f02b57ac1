import re

import pytest
from rdflib import URIRef
from rdflib.namespace import DCTERMS, FOAF, ODRL2, ORG, OWL, PROV, RDF, RDFS, SDO, SKOS, XSD

from musette_solid.model import labels
from musette_solid.rdf import generate_terms, syntax, terms

NAMES = {name: value for name, value in vars(terms).items() if isinstance(value, URIRef)}


def test_terms_are_current() -> None:
    assert generate_terms.TARGET.read_text("utf-8") == generate_terms.module(), "run `make vocab`"


def test_the_check_of_the_generator_agrees() -> None:
    assert generate_terms.main(["--check"]) == 0


@pytest.mark.parametrize(
    ("local_name", "name"),
    [
        ("weeklyHours", "WEEKLY_HOURS"),
        ("sphere-care", "SPHERE_CARE"),
        ("relationKind-cared-for", "RELATION_KIND_CARED_FOR"),
        ("RDFSource", "RDF_SOURCE"),
        ("gYearMonth", "G_YEAR_MONTH"),
        ("title", "TITLE"),
    ],
)
def test_names_are_split_at_case_and_hyphens(local_name: str, name: str) -> None:
    assert generate_terms.capitals(local_name) == name


def test_classes_and_properties_do_not_meet() -> None:
    assert str(terms.Activity) == "https://w3id.org/musette#Activity"
    assert str(terms.ACTIVITY) == "https://w3id.org/musette#activity"
    assert str(terms.ORG_ORGANIZATION) == "http://www.w3.org/ns/org#organization"
    assert str(terms.ORG_ORGANIZATION_CLASS) == "http://www.w3.org/ns/org#Organization"


def test_every_term_of_the_vocabulary_has_a_name() -> None:
    own = {
        subject
        for subject in labels.graph().subjects()
        if isinstance(subject, URIRef) and subject.startswith(terms.MUS) and subject != URIRef(terms.MUS)
    }
    assert own <= set(NAMES.values())


def test_no_name_is_a_term_that_was_taken_out() -> None:
    declared = {*labels.graph().subjects(), *labels.shapes_graph().subjects()}
    assert {value for value in NAMES.values() if value.startswith(terms.MUS)} <= declared


KNOWN = {
    "DCTERMS": DCTERMS,
    "FOAF": FOAF,
    "ODRL": ODRL2,
    "ORG": ORG,
    "OWL": OWL,
    "PROV": PROV,
    "RDF": RDF,
    "RDFS": RDFS,
    "SKOS": SKOS,
    "XSD": XSD,
}


@pytest.mark.parametrize("prefix", sorted(KNOWN))
def test_outside_terms_exist_in_their_vocabulary(prefix: str) -> None:
    namespace = KNOWN[prefix]
    for name, iri in NAMES.items():
        if name.startswith(f"{prefix}_") and iri.startswith(str(namespace)):
            assert iri in namespace, f"{iri} is no term of {prefix}"


def test_schema_terms_exist() -> None:
    # NGO's name is in capitals; schema:uri and domainIncludes come from SolidOS and from schema.org's meta vocabulary.
    for name, iri in NAMES.items():
        if name.startswith("SCHEMA_") and iri != URIRef("http://schema.org/uri"):
            assert SDO[iri.removeprefix("http://schema.org/")] in SDO, iri


def test_every_prefix_is_one_of_those_we_declare() -> None:
    namespaces = {iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in NAMES.values()}
    undeclared = namespaces - set(syntax.PREFIXES.values())
    # The older Dublin Core is written in one place alone: the title of an address book, as SolidOS names its own.
    older = "http://purl.org/dc/elements/1.1/"
    assert {re.sub(r".*/(\w+)#$", r"\1", iri) for iri in undeclared} == {"acp", "dash", "shacl", older}


def test_two_terms_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(generate_terms.OUTSIDE, "org", "has-member hasMember")
    with pytest.raises(ValueError, match="would both be called ORG_HAS_MEMBER"):
        generate_terms.module()
