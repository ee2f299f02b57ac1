"""Tools, methods and resources in the pages."""

from musette_solid.model import tools as tools_model
from musette_solid.model.tools import Tool
from musette_solid.pod import resources
from musette_solid.pod.cache import Cache
from musette_solid.rdf import terms
from musette_solid.usecases.keep_tools import list_tools
from musette_solid.usecases.layout import Bag
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


def test_a_name_is_needed(person: Reviewer, full_bag: Bag) -> None:
    assert person.post("/tools/", data={"title": ""}).status_code == 422
    assert kept(full_bag) == ()
