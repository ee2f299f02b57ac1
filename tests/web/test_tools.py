"""Tools, methods and resources in the pages."""

import re

from musette_solid.model import tools as tools_model
from musette_solid.model.tools import Tool
from musette_solid.pod import access, resources
from musette_solid.pod.cache import Cache
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import terms
from musette_solid.usecases.keep_tools import list_tools
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.open_to_all import LICENCES
from musette_solid.usecases.pass_on import published
from tests.web.reviewer import Reviewer


def kept(bag: Bag) -> tuple[Tool, ...]:
    bag.pod.cache = Cache()
    return tools_model.read(resources.read(bag.pod, bag.layout.tools).graph)


def test_a_tool_is_added_corrected_deleted_and_put_back(person: Reviewer, full_bag: Bag) -> None:
    one, other = (full_bag.layout.activities + name for name in ("#a-2", "#a-9"))
    answer = person.send(
        person.get("/tools/new"),
        "/tools/",
        title="Scie japonaise",
        toolKind=str(terms.TOOL_KIND_HAND),
        level=str(terms.LEVEL_ADAPTING),
        offer=[str(terms.OFFER_LEND), str(terms.OFFER_TEACH)],
        **{"used-in": [one]},
    )
    assert answer.status_code == 303
    (tool,) = kept(full_bag)
    name = tool.iri.partition("#")[2]
    assert answer.location == f"/tools/{name}"
    assert set(tool.offers) == {terms.OFFER_LEND, terms.OFFER_TEACH}
    assert [a.iri for a in list_tools(full_bag).used_in(tool.iri)] == [one]
    assert "Menuisier" in person.get(f"/tools/{name}").text
    form = person.get(f"/tools/{name}/correct")
    person.send(form, f"/tools/{name}/correct", learntAt="À l’atelier", **{"used-in": [other]})
    full_bag.pod.cache = Cache()
    assert [a.iri for a in list_tools(full_bag).used_in(tool.iri)] == [other]
    assert kept(full_bag)[0].learnt_at == "À l’atelier"
    gone = person.post(f"/tools/{name}/delete")
    assert kept(full_bag) == ()
    assert list_tools(full_bag).used == frozenset()
    assert person.send(gone, "/activities/undo").location == "/tools/"
    assert [t.title for t in kept(full_bag)] == ["Scie japonaise"]
    assert [a.iri for a in list_tools(full_bag).used_in(tool.iri)] == [other]  # and it is used again where it was


def test_a_name_is_needed(person: Reviewer, full_bag: Bag) -> None:
    assert person.post("/tools/", data={"title": ""}).status_code == 422
    assert kept(full_bag) == ()


def test_a_tool_is_passed_on_after_a_look_and_taken_back(person: Reviewer, full_bag: Bag) -> None:
    texts: dict[str, str | list[str]] = {
        "title": "Grille",
        "learntAt": "chez quelqu’un",
        "offer": [str(terms.OFFER_LEND)],
    }
    page = person.send(person.get("/tools/new"), "/tools/", **texts).location
    name = page.rpartition("/")[2]
    iri = f"{full_bag.layout.tools}#{name}"
    assert person.page(f"{page}/pass-on")
    look = person.get(f"{page}/pass-on?licence={LICENCES[0]}&offers=yes")
    assert "Exactement ceci" in look.text
    assert "chez quelqu’un" not in look.text
    assert published(full_bag, iri) is None
    digest = re.findall(r'name="digest" value="([^"]+)"', look.text)[0]
    said = {"licence": LICENCES[0], "offers": "yes", "digest": digest}
    assert person.post(f"{page}/pass-on", data=said).location == page
    full_bag.pod.cache = Cache()
    public = published(full_bag, iri)
    assert public is not None
    assert public.iri in person.get(page).text
    assert "1 outil ou méthode que vous transmettez" in person.get("/shares/who/").text
    assert person.post(f"{page}/pass-on", data={"licence": LICENCES[0], "digest": "other"}).status_code == 409
    assert person.post(f"{page}/take-back").location == page
    full_bag.pod.cache = Cache()
    assert published(full_bag, iri) is None
    assert person.get("/tools/z-none/pass-on").status_code == 404


def test_somebody_elses_tool_is_looked_at_and_taken_up(person: Reviewer, full_bag: Bag, server: MemoryPod) -> None:
    other = server.create_pod("ailleurs", "Ailleurs")
    there = f"{other.storage}open/tool.ttl"
    title = "<http://purl.org/dc/terms/title>"
    licence = f"<http://purl.org/dc/terms/license> <{LICENCES[1]}>"
    body = f'<#it> a <https://w3id.org/musette#Tool> ; {title} "Carte" ; {licence} .'
    server.put_bytes(there, body.encode())
    access.publish(server.pod_for(other.webid), f"{other.storage}open/", other.webid)
    found = person.post("/tools/take-up", data={"address": there})
    assert "CC BY-SA 4.0" in found.text
    assert kept(full_bag) == ()
    taken = person.post("/tools/take-up", data={"address": there, "chosen": f"{there}#it"})
    assert taken.status_code == 303
    assert kept(full_bag)[0].taken_from == (f"{there}#it",)
    for address in ("", "javascript:alert(1)", f"{other.storage}nothing.ttl", there):
        wrong = person.post("/tools/take-up", data={"address": address, "chosen": f"{there}#it"})
        assert wrong.status_code == 422, address
    assert len(kept(full_bag)) == 1
