"""What a person takes along and shows, on every server: an archive put back from another brand, a page for everybody, a profile."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rdflib import URIRef
from rdflib.compare import isomorphic

from musette_solid.exchange import archive as archives
from musette_solid.model.dossier import Selection
from musette_solid.model.portfolio import Portfolio
from musette_solid.pod import access, resources
from musette_solid.pod.http import Response
from musette_solid.pod.memory import MemoryPod, Person
from musette_solid.pod.session import Pod
from musette_solid.rdf import names, syntax, terms
from musette_solid.usecases import archive, publish, put_back, set_up, show_in_profile, unpublish
from musette_solid.usecases.layout import Bag, Layout

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
PodFor = Callable[[str | None], Pod]

PREFIXES = """@prefix mus: <https://w3id.org/musette#> . @prefix dcterms: <http://purl.org/dc/terms/> . @prefix schema: <http://schema.org/> .
@prefix org: <http://www.w3.org/ns/org#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix prov: <http://www.w3.org/ns/prov#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DOCUMENTS = {
    "activities.ttl": f"""{PREFIXES} <#a-1> a mus:Activity ; dcterms:title "Atelier vélo"@fr ; mus:sphere mus:sphere-volunteering ;
        schema:startDate "2019-03"^^xsd:gYearMonth ; mus:weeklyHours 2.5 ; mus:evidence <evidence/p%20q.png> , <#e-1> ; mus:mobilises <skills.ttl#s-1> .
        <#e-1> a mus:Evidence ; dcterms:title "Photo" ; schema:url <evidence/p.png> . <#a-1> <https://other.example/says> "à d'autres" .
        <#a-2> a mus:Activity ; dcterms:title "canari" .""",
    "skills.ttl": f'{PREFIXES} <#s-1> a mus:Skill ; skos:prefLabel "réparer" .',
    "time/2026.ttl": f"""{PREFIXES} <#t-1> a mus:TimeEntry ; mus:activity <../activities.ttl#a-1> ; mus:minutes 150 ;
        dcterms:date "2026-03-01"^^xsd:date ; prov:wasAttributedTo <OWNER> .""",
}
PICTURE = bytes(range(256)) * 20
BADGE = b'{"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"]  }\n'


@pytest.fixture(scope="module")
def elsewhere() -> Bag:
    """A bag on a server of another brand, with documents, a picture and a credential."""
    server = MemoryPod("https://elsewhere.example/")
    person = server.create_pod("before", "Before")
    bag = set_up.create(server.pod_for(person.webid), person.storage, NOW)
    for path, text in DOCUMENTS.items():
        server.put_bytes(bag.layout.root + path, text.replace("OWNER", bag.owner).encode())
    resources.put(bag.pod, bag.layout.root + "evidence/p.png", PICTURE, "image/png", {"If-None-Match": "*"})
    resources.put(
        bag.pod, bag.layout.root + "credentials/b.jsonld", BADGE, "application/ld+json", {"If-None-Match": "*"}
    )
    resources.create(
        bag.pod, bag.layout.root + "shares/x/dossier.ttl", syntax.graph_of([_word("shares/x/dossier.ttl")])
    )
    return bag


def _word(path: str) -> tuple[URIRef, URIRef, URIRef]:
    return (URIRef(f"https://elsewhere.example/{path}#it"), terms.RDF_TYPE, terms.Dossier)


@pytest.fixture
def bag(pod: Pod, owner: Person, box: str) -> Bag:
    """An empty bag of the owner, for this test alone."""
    layout = Layout(box)
    it = URIRef(layout.bag + "#it")
    about = [(it, terms.RDF_TYPE, terms.Musette), (it, terms.HOLDER, URIRef(owner.webid))]
    resources.create(pod, layout.bag, syntax.graph_of(about))
    return Bag(pod, layout)


def as_a_stranger(bag: Bag, url: str) -> Response:
    return bag.pod.anonymous().send("GET", url, {"Accept": "text/html,*/*;q=0.8"})


def test_an_archive_of_another_brand_is_put_back_whole_and_opens_nothing(bag: Bag, elsewhere: Bag) -> None:
    data = archive.make(elsewhere, NOW).data
    done = put_back.restore(bag, data, now=NOW)
    assert "shares/x/dossier.ttl" in done.left
    was, now = (elsewhere.layout.root, elsewhere.owner), (bag.layout.root, bag.owner)
    for path in DOCUMENTS:
        there = resources.read(bag.pod, bag.layout.root + path).graph
        here = resources.read(elsewhere.pod, elsewhere.layout.root + path).graph
        assert isomorphic(there, archives.moved(here, was, now)), path
    for path, body, accept in (
        ("evidence/p.png", PICTURE, "image/png"),
        ("credentials/b.jsonld", BADGE, "application/ld+json"),
    ):
        assert resources.fetch(bag.pod, bag.layout.root + path, accept).body == body
        assert as_a_stranger(bag, bag.layout.root + path).status in {401, 403, 404}
    again = put_back.restore(bag, data, now=NOW)
    assert set(again.kept) >= {"evidence/p.png", "credentials/b.jsonld"}
    # And on from here to a third place: nothing was lost on the way.
    server = MemoryPod("https://third.example/")
    person = server.create_pod("after", "After")
    third = set_up.create(server.pod_for(person.webid), person.storage, NOW)
    put_back.restore(third, archive.make(bag, NOW).data, now=NOW)
    for path in DOCUMENTS:
        here = resources.read(elsewhere.pod, elsewhere.layout.root + path).graph
        there = resources.read(third.pod, third.layout.root + path).graph
        assert isomorphic(there, archives.moved(here, was, (third.layout.root, third.owner))), path


def test_a_page_is_seen_by_everybody_then_by_nobody_and_the_rest_never(bag: Bag) -> None:
    for path in ("activities.ttl", "skills.ttl"):
        graph = syntax.parse(DOCUMENTS[path].encode(), syntax.TURTLE, bag.layout.root + path)
        resources.create(bag.pod, bag.layout.root + path, graph)
    selection = Selection(frozenset({f"{bag.layout.activities}#a-1"}), frozenset({f"{bag.layout.skills}#s-1"}))
    publish.prepare(bag, Portfolio(iri="", name="Demo", saved_at=NOW, selection=selection))
    done = publish.publish(bag, NOW)
    seen = as_a_stranger(bag, done.url)
    assert (seen.status, seen.headers["Content-Type"].partition(";")[0]) == (200, "text/html")
    assert "Atelier vélo" in seen.body.decode()
    assert b"canari" not in seen.body
    for private in ("activities.ttl", "portfolio.ttl", "skills.ttl", ""):
        assert as_a_stranger(bag, bag.layout.root + private).status in {401, 403, 404}
    assert unpublish.withdraw(bag, NOW).verified
    assert as_a_stranger(bag, done.url).status in {401, 403, 404, 410}
    assert publish.publish(bag, NOW).sha256 == done.sha256
    unpublish.withdraw(bag, NOW)


@pytest.mark.browser
def test_a_browser_shows_the_page_for_everybody_as_a_page(
    bag: Bag, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    if not bag.layout.root.startswith("http://localhost:"):
        pytest.skip("a server in memory answers no browser")
    browser = request.getfixturevalue("browser")  # asked for only where it is needed
    for path in ("activities.ttl", "skills.ttl"):
        graph = syntax.parse(DOCUMENTS[path].encode(), syntax.TURTLE, bag.layout.root + path)
        resources.create(bag.pod, bag.layout.root + path, graph)
    selection = Selection(frozenset({f"{bag.layout.activities}#a-1"}), frozenset({f"{bag.layout.skills}#s-1"}))
    publish.prepare(bag, Portfolio(iri="", name="Demo", saved_at=NOW, selection=selection))
    done = publish.publish(bag, NOW)
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    asked: list[str] = []
    told: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.on("console", lambda one: told.append(one.text))
    page.goto(done.url)
    page.screenshot(
        path=Path(os.environ.get("PICTURES", tmp_path)) / f"{bag.layout.root.rpartition(':')[2].partition('/')[0]}.png"
    )
    assert (page.locator("h1").text_content() or "").strip() == "Demo"
    assert page.get_by_text("Atelier vélo").first.is_visible()
    # Its style is taken (the server forbids none of it), and it asks nobody else.
    assert page.evaluate("document.fonts.check('20px Besley')")
    assert page.evaluate("getComputedStyle(document.body).marginInlineStart") != "8px"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert [url for url in asked if not url.startswith(("data:", done.url)) and not url.endswith("/favicon.ico")] == []
    assert told == []
    context.close()
    unpublish.withdraw(bag, NOW)


def test_a_profile_is_written_and_cleaned(bag: Bag) -> None:
    graph = syntax.parse(DOCUMENTS["activities.ttl"].encode(), syntax.TURTLE, bag.layout.activities)
    resources.create(bag.pod, bag.layout.activities, graph)
    card = names.document(bag.owner)
    before = frozenset(resources.read(bag.pod, card).graph)
    show_in_profile.show(bag, Selection(frozenset({f"{bag.layout.activities}#a-1"})), NOW)
    shown = resources.read(bag.pod, card).graph
    assert before <= frozenset(shown)
    (role,) = [s for s in shown.subjects(terms.ORG_MEMBER, URIRef(bag.owner)) if s not in {t[0] for t in before}]
    assert str(shown.value(role, terms.VCARD_ROLE)) == "Atelier vélo"
    show_in_profile.show(bag, Selection(), NOW)
    assert frozenset(resources.read(bag.pod, card).graph) == before


def test_the_rules_of_what_is_published_name_nobody_but_everybody(bag: Bag) -> None:
    resources.put(bag.pod, bag.layout.page, b"<!doctype html>", "text/html", {"If-None-Match": "*"})
    rules = access.publish(bag.pod, bag.layout.published, bag.owner)
    others = {agent: modes for agent, modes in rules.agents().items() if agent != bag.owner}
    assert {agent: {mode.name for mode in modes} for agent, modes in others.items()} == {
        "http://xmlns.com/foaf/0.1/Agent": {"READ"}
    }
    unpublish.narrow(bag)
