"""The page that everybody may see: exactly what was chosen, nothing else, and gone in one gesture."""

import json
import re
from dataclasses import replace

import pytest
from rdflib import URIRef

from musette_solid import shipped
from musette_solid.model.dossier import USUAL, Selection
from musette_solid.model.identity import FacetsMixed
from musette_solid.model.portfolio import Portfolio
from musette_solid.pod import access, resources
from musette_solid.pod.http import Request, Response
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import terms
from musette_solid.usecases import publish, unpublish
from musette_solid.usecases.intents import Settled
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.share import NothingChosen, PreviewOutdated
from tests.usecases.conftest import NOW

SAMPLES = shipped.VOCAB / "examples"
CANARY = "canari-d-un-secret"

PREFIXES = """@prefix mus: <https://w3id.org/musette#> . @prefix dcterms: <http://purl.org/dc/terms/> . @prefix schema: <http://schema.org/> .
@prefix org: <http://www.w3.org/ns/org#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix prov: <http://www.w3.org/ns/prov#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
HOSTILE = "</script><script>alert(1)</script><!-- {{7*7}} '\\\" onload=x"
ACTIVITIES = f"""{PREFIXES}
<#a-1> a mus:Activity ; dcterms:title "Repair café : l'atelier" ; mus:sphere mus:sphere-volunteering ; schema:startDate "2019-03"^^xsd:gYearMonth ;
  org:organization <#o-1> ; dcterms:description "Animer l'atelier." ; mus:achievement "120 objets réparés" ; mus:mobilises <#s> , <skills.ttl#s-1> , <skills.ttl#s-2> ;
  mus:evidence <#e-1> , <#e-2> ; mus:with <people.ttl#v-{CANARY}> ; dcterms:source <import.ttl#{CANARY}> ; mus:other "{CANARY}" .
<#o-1> a org:Organization ; foaf:name "Atelier démo" ; schema:url <https://atelier.example/> ; schema:identifier "{CANARY}" .
<#e-1> a mus:Evidence ; dcterms:title "Article" ; schema:url <https://journal.example/a> .
<#e-2> a mus:Evidence ; dcterms:title "Attestation" ; schema:url <evidence/{CANARY}.pdf> .
<#a-2> a mus:Activity ; dcterms:title "{CANARY} soin" ; mus:sphere mus:sphere-care ; schema:startDate "2020"^^xsd:gYear .
<#a-3> a mus:Activity ; dcterms:title "Job {CANARY}" ; mus:sphere mus:sphere-employment .
<#a-4> a mus:Activity ; dcterms:title "Hostile" ; mus:sphere mus:sphere-employment ; dcterms:description {json.dumps(HOSTILE)} .
"""
SKILLS = f"""{PREFIXES}
<#s-1> a mus:Skill ; skos:prefLabel "animer un groupe" ; dcterms:description "Faire parler chacun." .
<#s-2> a mus:Skill ; skos:prefLabel "{CANARY}" .
<#x-1> a mus:Assessment ; mus:skill <#s-1> ; mus:level mus:level-autonomous ; dcterms:date "2026-01-02"^^xsd:date ;
  prov:wasAttributedTo <https://{CANARY}.example/#me> ; dcterms:description "{CANARY}" .
"""
IDENTITIES = f"""{PREFIXES}
<#i-1> a foaf:OnlineAccount ; foaf:accountName "demo-pro" ; foaf:homepage <https://forge.example/demo-pro> ; mus:facet mus:facet-professional .
<#i-2> a foaf:OnlineAccount ; foaf:accountName "nuitbleue-{CANARY}" ; foaf:homepage <https://social.example/@nuitbleue> ; mus:facet mus:facet-personal .
"""


@pytest.fixture
def full(bag: Bag, server: MemoryPod) -> Bag:
    for name, body in (("activities", ACTIVITIES), ("skills", SKILLS), ("identities", IDENTITIES)):
        server.put_bytes(bag.layout.document(name), body.encode())
    return bag


def chosen(bag: Bag, **more: object) -> Portfolio:
    selection = Selection(
        frozenset({f"{bag.layout.activities}#a-1"}),
        frozenset({f"{bag.layout.skills}#s-1"}),
        USUAL,
        live=bool(more.pop("live", False)),
    )
    made = Portfolio(iri="", name="Demo Un", saved_at=NOW, headline="Animatrice d’atelier", selection=selection)
    return replace(made, **more)  # type: ignore[arg-type]


def stranger_sees(server: MemoryPod, url: str) -> tuple[int, bytes, str]:
    answer = server.send(Request("GET", url, {"Accept": "text/html"}))
    return answer.status, answer.body, answer.headers.get("Content-Type", "")


def test_what_was_looked_at_is_what_everybody_sees_to_the_byte(full: Bag, server: MemoryPod) -> None:
    publish.prepare(full, chosen(full))
    draft = publish.standing(full).draft
    assert draft is not None
    shown = publish.preview(full, draft)
    assert stranger_sees(server, full.layout.page)[0] in {401, 403, 404}
    done = publish.publish(full, NOW, shown.digest)
    assert stranger_sees(server, done.url) == (200, shown.page.data, "text/html")
    now = publish.standing(full).public
    assert now is not None
    assert (now.state, now.sha256, now.page) == ("published", shown.digest, done.url)
    assert publish.publish(full, NOW, shown.digest) == done  # again: nothing changes


def test_nothing_else_is_opened(full: Bag, server: MemoryPod) -> None:
    publish.prepare(full, chosen(full))
    publish.publish(full, NOW)
    rules = access.rules(full.pod, full.layout.published)
    assert {agent: {mode.name for mode in modes} for agent, modes in rules.agents().items() if agent != full.owner} == {
        "http://xmlns.com/foaf/0.1/Agent": {"READ"}
    }
    for url in list(server._stored):
        if url.startswith(full.layout.root) and not url.startswith(full.layout.published):
            assert stranger_sees(server, url)[0] in {401, 403, 404}, url


def test_no_private_word_is_anywhere_in_its_bytes(full: Bag) -> None:
    page = publish.preview(full, chosen(full, accounts=frozenset({f"{full.layout.identities}#i-1"}))).page.data.decode()
    assert CANARY not in page
    assert full.layout.root not in page
    assert full.owner not in page
    assert "nuitbleue" not in page
    assert "demo-pro" in page
    assert "Repair café\u00a0: l’atelier" in page


def test_no_script_runs_and_nothing_is_asked_of_anybody(full: Bag) -> None:
    both = replace(chosen(full).selection, activities=frozenset({f"{full.layout.activities}#a-{n}" for n in (1, 4)}))
    page = publish.preview(full, chosen(full, selection=both, about=HOSTILE, name=HOSTILE)).page.data.decode()
    assert re.findall(r"<script[^>]*>", page) == ['<script type="application/ld+json">']
    assert not re.search(r"<(img|link|iframe|object|form|embed|base)\b", page)
    assert not re.search(r"\son[a-z]+=(?!x)", page.partition("</style>")[2].replace(" onload=x", ""))
    assert re.findall(r'(?:src|href)="([^"]*)"', page) == ["https://atelier.example/", "https://journal.example/a"]
    assert re.findall(r'url\((?!"data:)', page) == []
    assert "default-src 'none'" in page
    (said,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    person = json.loads(said)["mainEntity"]
    assert person["name"] == HOSTILE
    assert person["memberOf"][0]["memberOf"]["name"] == "Atelier démo"
    assert [one["name"] for one in person["knowsAbout"]] == ["animer un groupe"]


def test_it_is_withdrawn_in_one_gesture_and_a_stranger_is_asked(full: Bag, server: MemoryPod) -> None:
    publish.prepare(full, chosen(full))
    publish.publish(full, NOW)
    server.requests.clear()
    assert unpublish.withdraw(full, NOW).verified
    sent = [(request.method, request.url) for request in server.requests]
    rule = next(n for n, (method, url) in enumerate(sent) if method == "PUT" and url.endswith(".acl"))
    gone = sent.index(("DELETE", full.layout.page))
    assert rule < gone  # the rule first, the content after
    assert stranger_sees(server, full.layout.page)[0] in {401, 403, 404}
    assert [url for url in server._stored if url.startswith(full.layout.published)] == []
    now = publish.standing(full)
    assert now.public is not None
    assert now.public.state == "withdrawn"
    assert now.draft is not None  # the choice stays, so that it can be published again
    assert unpublish.withdraw(full, NOW).verified
    publish.publish(full, NOW)
    assert stranger_sees(server, full.layout.page)[0] == 200


def test_sensitive_things_stay_out_unless_they_are_named(full: Bag) -> None:
    care = f"{full.layout.activities}#a-2"
    selection = replace(chosen(full).selection, activities=frozenset({care, f"{full.layout.activities}#a-1"}))
    shown = publish.preview(full, chosen(full, selection=selection))
    assert shown.held_back == (f"{CANARY} soin",)
    assert CANARY not in shown.page.data.decode()
    named = publish.preview(full, chosen(full, selection=replace(selection, named=frozenset({care}))))
    assert named.inferred
    assert f"{CANARY} soin" in named.page.data.decode()


def test_two_sides_of_a_life_never_meet_on_a_page(full: Bag) -> None:
    both = frozenset({f"{full.layout.identities}#i-1", f"{full.layout.identities}#i-2"})
    with pytest.raises(FacetsMixed):
        publish.preview(full, chosen(full, accounts=both))
    one = frozenset({f"{full.layout.identities}#i-1"})
    with pytest.raises(publish.GivenAway):
        publish.preview(full, chosen(full, accounts=one, about="Aussi sur social.example/@nuitbleue !"))


def test_what_changed_since_the_look_is_not_published(full: Bag, server: MemoryPod) -> None:
    publish.prepare(full, chosen(full))
    draft = publish.standing(full).draft
    assert draft is not None
    digest = publish.preview(full, draft).digest
    server.put_bytes(full.layout.skills, SKILLS.replace("animer un groupe", "animer une équipe").encode())
    with pytest.raises(PreviewOutdated):
        publish.publish(full, NOW, digest)
    assert stranger_sees(server, full.layout.page)[0] in {401, 403, 404}


def test_an_empty_choice_is_no_page(bag: Bag) -> None:
    with pytest.raises(NothingChosen):
        publish.publish(bag, NOW)
    with pytest.raises(NothingChosen):
        publish.preview(bag, replace(chosen(bag), selection=Selection()))


@pytest.mark.parametrize("live", [True, False])
def test_a_page_follows_the_bag_or_stays_as_it_was(full: Bag, server: MemoryPod, live: bool) -> None:
    publish.prepare(full, chosen(full, live=live))
    publish.publish(full, NOW)
    before = stranger_sees(server, full.layout.page)[1]
    assert not publish.follow(full, NOW)
    server.put_bytes(full.layout.skills, SKILLS.replace("animer un groupe", "animer une équipe").encode())
    assert publish.follow(full, NOW) is live
    assert ("animer une équipe".encode() in stranger_sees(server, full.layout.page)[1]) is live
    assert (stranger_sees(server, full.layout.page)[1] == before) is not live
    unpublish.withdraw(full, NOW)
    assert not publish.follow(full, NOW)
    assert stranger_sees(server, full.layout.page)[0] in {401, 403, 404}


def test_what_was_interrupted_is_closed_unless_it_was_as_meant(full: Bag, server: MemoryPod) -> None:
    publish.prepare(full, chosen(full))
    done = publish.publish(full, NOW)
    document = resources.read(full.pod, full.layout.portfolio)
    it = publish.standing(full).public
    assert it is not None
    # The answer to the last step was lost: it is as it was meant, and only says so from now on.
    publish._say(full, document, replace(it, under_way=terms.OPERATION_PUBLISH))
    assert publish.settle(full, NOW, everything=True) == Settled(terms.OPERATION_PUBLISH, "completed")
    assert stranger_sees(server, done.url)[0] == 200
    # Something else than what was meant is there: closed.
    document = resources.read(full.pod, full.layout.portfolio)
    publish._say(full, document, replace(it, under_way=terms.OPERATION_PUBLISH, sha256="0"))
    assert publish.settle(full, NOW, everything=True) == Settled(terms.OPERATION_PUBLISH, "undone")
    assert stranger_sees(server, done.url)[0] in {401, 403, 404}
    now = publish.standing(full).public
    assert now is not None
    assert now.state == "withdrawn"
    assert publish.settle(full, NOW, everything=True) is None


def test_a_space_that_gives_it_out_as_something_else_is_taken_back(
    full: Bag, server: MemoryPod, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish.prepare(full, chosen(full))
    monkeypatch.setattr(publish, "as_a_stranger", _as_bytes)
    with pytest.raises(publish.NotShown):
        publish.publish(full, NOW)
    assert stranger_sees(server, full.layout.page)[0] in {401, 403, 404}


def _as_bytes(bag: Bag, url: str) -> Response:
    answer = bag.pod.anonymous().send("GET", url, {"Accept": "*/*"})
    return Response(answer.url, answer.status, {"Content-Type": "application/octet-stream"}, answer.body)


def test_foreign_words_in_the_document_of_the_choice_survive(full: Bag, server: MemoryPod) -> None:
    server.put_bytes(full.layout.portfolio, b'<#other> <https://other.example/says> "kept" .')
    publish.prepare(full, chosen(full))
    publish.publish(full, NOW)
    unpublish.withdraw(full, NOW)
    graph = resources.read(full.pod, full.layout.portfolio).graph
    assert (URIRef(f"{full.layout.portfolio}#other"), None, None) in graph
