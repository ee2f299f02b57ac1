"""People in the pages: initials, a map and its table, forgetting somebody everywhere."""

import pytest
from rdflib import Literal, URIRef

from musette_solid.model import people as people_model
from musette_solid.model.people import Person, initials, plain
from musette_solid.pod import resources
from musette_solid.pod.cache import Cache
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import syntax, terms
from musette_solid.usecases.know_person import names_them
from musette_solid.usecases.layout import Bag
from tests.web.reviewer import Reviewer


def kept(bag: Bag) -> tuple[Person, ...]:
    bag.pod.cache = Cache()
    return people_model.read(resources.read(bag.pod, bag.layout.people).graph)


def added(person: Reviewer, bag: Bag, name: str = "D. M.") -> Person:
    answer = person.post(
        "/people/",
        data={
            "fn": name,
            "relationKind": [str(terms.RELATION_KIND_MENTOR), str(terms.RELATION_KIND_PEER)],
            "circle": str(terms.CIRCLE_CLOSE),
            "through": [bag.layout.activities + "#a-2"],
            "whatIReceive": "des conseils",
            "lastContact": "2026-11-01",
            "thanksFor": "deux soirées",
        },
    )
    assert answer.status_code == 303, answer.text
    return next(one for one in kept(bag) if one.name == plain(name))


def test_somebody_is_kept_with_what_goes_between_us(person: Reviewer, full_bag: Bag) -> None:
    relation = added(person, full_bag).relation
    assert relation is not None
    assert set(relation.kinds) == {terms.RELATION_KIND_MENTOR, terms.RELATION_KIND_PEER}
    assert (relation.received, relation.given, relation.thanks_for) == ("des conseils", None, "deux soirées")
    page = person.get("/people/").text
    assert page.count("D. M.") >= 3  # the map, its table, whom to thank
    assert "one-way" in page


def test_contact_applications_find_an_address_book(person: Reviewer, full_bag: Bag) -> None:
    one = added(person, full_bag)
    graph = resources.read(full_bag.pod, full_bag.layout.people).graph
    book = URIRef(full_bag.layout.people + "#book")
    assert (book, terms.RDF_TYPE, terms.VCARD_ADDRESS_BOOK) in graph
    assert (URIRef(one.iri), terms.VCARD_IN_ADDRESS_BOOK, book) in graph
    assert (URIRef(one.iri), terms.VCARD_FN, Literal("D. M.")) in graph


def test_signs_that_turn_letters_are_taken_out_of_a_name(person: Reviewer, full_bag: Bag) -> None:
    assert added(person, full_bag, "D\u202eM\u2066 K").name == "DM K"


def test_initials() -> None:
    assert [initials(name) for name in ("demo person", "D. M.", "x", "", "demo-first second")] == [
        "D. P.",
        "D. M.",
        "x",
        "",
        "D. F. S.",
    ]


def test_what_is_said_of_somebody_is_corrected(person: Reviewer, full_bag: Bag) -> None:
    one = added(person, full_bag)
    name = one.iri.partition("#")[2]
    form = person.get(f"/people/{name}/correct")
    answer = person.send(form, f"/people/{name}/correct", thanksFor="", whatIGive="un coup de main")
    assert answer.location == f"/people/{name}"
    (after,) = kept(full_bag)
    assert after.relation is not None
    assert (after.relation.thanks_for, after.relation.given) == (None, "un coup de main")
    assert person.send(form, f"/people/{name}/correct", whatIGive="autre").status_code == 412


def test_nobody_without_a_name(person: Reviewer, full_bag: Bag) -> None:
    assert person.post("/people/", data={"fn": "\u202e "}).status_code == 422
    assert kept(full_bag) == ()


def test_somebody_is_forgotten_everywhere(person: Reviewer, full_bag: Bag, server: MemoryPod) -> None:
    one = added(person, full_bag, "Demo Person")
    name = one.iri.partition("#")[2]
    person.post("/journal/", data={"description": "Appelé Demo Person", "date": "2025-03-01", "with": [one.iri]})
    node = URIRef(one.iri)
    for place, subject, path in (
        (full_bag.layout.activities, "#a-2", terms.WITH),
        (full_bag.layout.skills, "#s-1", terms.LEARNT_FROM),
    ):
        resources.insert(full_bag.pod, place, syntax.graph_of([(URIRef(place + subject), path, node)]))
    question = person.get(f"/people/{name}/forget").text
    assert "3 renvois" in question
    assert "Appelé Demo Person" in question
    assert "/journal/2025-" in question  # where the text is corrected
    assert person.post(f"/people/{name}/forget").location == "/people/"
    full_bag.pod.cache = Cache()
    layout = full_bag.layout
    for place in (layout.people, layout.activities, layout.skills, layout.journal(2025)):
        graph = resources.read(full_bag.pod, place).graph
        assert not list(graph.triples((None, None, node))), place
    assert kept(full_bag) == ()
    assert person.get(f"/people/{name}").status_code == 404
    # Whatever is stored says nothing of them; a name without meaning and the day it went keep repairs from bringing them back.
    left = [url for url, stored in server._stored.items() if name.encode() in stored.body and "/kept/" not in url]
    assert left == [layout.people]
    graph = resources.read(full_bag.pod, layout.people).graph
    assert {path for subject, path, _ in graph if str(subject) == one.iri} == {terms.PROV_INVALIDATED_AT_TIME}


@pytest.mark.parametrize(
    ("text", "name", "is_named"),
    [
        ("Appelé D. M. pour les comptes.", "D. M.", True),
        ("d.m. a rappelé", "D. M.", True),
        ("Vu K. hier", "K.", True),
        ("un kilo", "K.", False),
        ("les comptes d’un mois", "D. M.", False),
        ("Demo Personne", "Demo Person", False),
        ("demo person,", "Démo Person", True),
        ("x", "", False),
    ],
)
def test_initials_are_found_in_a_text_as_words_of_their_own(text: str, name: str, is_named: bool) -> None:
    assert names_them(text, name) is is_named
