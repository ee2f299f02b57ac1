"""Activities in the pages: what a person types is what their space holds, and nothing is lost on the way."""

import re

import pytest
from rdflib import Literal, URIRef

from musette_solid.model import activity as activities_model
from musette_solid.model.activity import Activity
from musette_solid.pod import resources
from musette_solid.pod.cache import Cache
from musette_solid.pod.http import Request, Response
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import syntax, terms
from musette_solid.usecases.layout import Bag
from tests.web.conftest import SAMPLES
from tests.web.reviewer import Page, Reviewer

SPHERES = (
    *("employment", "self-employment", "platform-work", "volunteering", "civic-engagement"),
    *("care", "training", "personal-project", "job-search", "break"),
)


def kept(bag: Bag) -> dict[str, Activity]:
    bag.pod.cache = Cache()
    return {a.title: a for a in activities_model.read(resources.read(bag.pod, bag.layout.activities).graph)}


@pytest.mark.parametrize("sphere", SPHERES)
def test_an_activity_of_each_sphere_is_added(newcomer: Reviewer, bag: Bag, sphere: str) -> None:
    answer = newcomer.send(
        newcomer.get("/activities/new"), "/activities/", title="x", sphere=terms.MUS + f"sphere-{sphere}"
    )
    assert answer.status_code == 303
    assert "L’activité est dans votre musette" in newcomer.get(answer.location).text
    assert kept(bag)["x"].sphere == URIRef(terms.MUS + f"sphere-{sphere}")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2019", "2019"),
        ("2019-03", "2019-03"),
        ("03/2019", "2019-03"),
        ("3.2019", "2019-03"),
        ("12/03/2019", "2019-03-12"),
    ],
)
def test_a_date_is_kept_as_precisely_as_it_was_said(newcomer: Reviewer, bag: Bag, typed: str, expected: str) -> None:
    page = newcomer.get("/activities/new")
    newcomer.send(page, "/activities/", title="x", sphere=str(terms.SPHERE_CARE), startDate=typed)
    start = kept(bag)["x"].start
    assert start is not None
    assert start.text == expected


def test_what_does_not_fit_is_said_at_its_place_and_nothing_is_written(newcomer: Reviewer, server: MemoryPod) -> None:
    page = newcomer.get("/activities/new")
    server.requests.clear()
    answer = newcomer.send(
        page, "/activities/", title="Menuiserie", startDate="2020", endDate="2019", weeklyHours="200"
    )
    assert answer.status_code == 422
    found = Page(answer.text)
    for name in ("sphere", "endDate", "weeklyHours"):
        control = next(e for e in found.all if e.attributes.get("id") == f"f-{name}")
        assert control.attributes["aria-invalid"] == "true"
        assert any(a.attributes.get("href") == f"#f-{name}" for a in found.named("a"))
    assert 'value="Menuiserie"' in answer.text
    assert {request.method for request in server.requests} <= {"GET"}


def test_a_correction_changes_what_was_said_and_nothing_else(person: Reviewer, full_bag: Bag) -> None:
    foreign = (URIRef(full_bag.layout.activities + "#a-2"), URIRef("https://other.example/colour"), Literal("blue"))
    resources.insert(full_bag.pod, full_bag.layout.activities, syntax.graph_of([foreign]))
    before = kept(full_bag)["Menuisier"]
    answer = person.send(person.get("/activities/a-2/correct"), "/activities/a-2/correct", location="Demo-sur-Mer")
    assert answer.location == "/activities/a-2"
    after = kept(full_bag)["Menuisier"]
    assert after.location == "Demo-sur-Mer"
    assert (after.start, after.end, after.organization, after.mobilises, after.achievements, after.weekly_hours) == (
        *(before.start, before.end, before.organization),
        *(before.mobilises, before.achievements, before.weekly_hours),
    )
    assert foreign in resources.read(full_bag.pod, full_bag.layout.activities).graph


def test_all_boxes_unticked_is_an_answer(person: Reviewer, full_bag: Bag) -> None:
    person.send(person.get("/activities/a-2/correct"), "/activities/a-2/correct", mobilises=[])
    assert kept(full_bag)["Menuisier"].mobilises == ()


def test_skills_that_could_not_be_read_stay_linked(person: Reviewer, full_bag: Bag, server: MemoryPod) -> None:
    linked = kept(full_bag)["Menuisier"].mobilises
    server.put_bytes(full_bag.layout.skills, b"not Turtle at all")
    full_bag.pod.cache = Cache()
    answer = person.send(person.get("/activities/a-2/correct"), "/activities/a-2/correct", location="Ailleurs")
    assert answer.status_code == 303
    assert kept(full_bag)["Menuisier"].mobilises == linked


def test_both_versions_are_shown_when_somebody_else_was_faster(person: Reviewer, full_bag: Bag) -> None:
    mine, theirs = person.get("/activities/a-2/correct"), person.get("/activities/a-2/correct")
    person.send(theirs, "/activities/a-2/correct", location="Là-bas")
    answer = person.send(mine, "/activities/a-2/correct", location="Ici")
    assert answer.status_code == 412
    assert "Là-bas" in answer.text
    assert "Ici" in answer.text
    assert kept(full_bag)["Menuisier"].location == "Là-bas"
    # Choosing one's own version is one gesture, from the version that was just shown.
    assert person.send(answer, "/activities/a-2/correct").status_code == 303
    after = kept(full_bag)["Menuisier"]
    assert after.location == "Ici"
    assert len(after.mobilises) == 2


def test_after_three_tries_both_versions_are_shown_with_what_was_typed(
    person: Reviewer, full_bag: Bag, server: MemoryPod
) -> None:
    """Somebody else writes at every moment: the document is another one each time."""
    page = person.get("/activities/a-2/correct")
    tries = []

    def busy(request: Request) -> Response | None:
        if request.method != "PATCH":
            return None
        tries.append(request)
        whole = server._stored[full_bag.layout.activities].body
        server.put_bytes(full_bag.layout.activities, whole + f"\n<#theirs-{len(tries)}> <urn:p> 1 .\n".encode())
        return Response(request.url, 412, {})

    server.instead = busy
    answer = person.send(page, "/activities/a-2/correct", location="Ici")
    server.instead = lambda _request: None
    assert answer.status_code == 412
    assert len(tries) == 3
    assert "Ici" in answer.text
    assert kept(full_bag)["Menuisier"].location != "Ici"
    assert person.send(answer, "/activities/a-2/correct").status_code == 303
    assert kept(full_bag)["Menuisier"].location == "Ici"
    graph = resources.read(full_bag.pod, full_bag.layout.activities).graph
    assert len(set(graph.subjects(URIRef("urn:p")))) == 3


def test_a_deletion_asks_first_happens_in_the_space_and_can_be_undone(person: Reviewer, full_bag: Bag) -> None:
    before = resources.read(full_bag.pod, full_bag.layout.activities).graph
    question = person.get("/activities/a-11/delete")
    assert "Repair café" in kept(full_bag)
    answer = person.send(question, "/activities/a-11/delete")
    assert "Repair café" not in kept(full_bag)
    undone = person.send(answer, "/activities/undo")
    assert undone.location == "/activities/"
    full_bag.pod.cache = Cache()
    assert set(resources.read(full_bag.pod, full_bag.layout.activities).graph) == set(before)


def test_undoing_writes_nothing_outside_the_bag(person: Reviewer, full_bag: Bag, server: MemoryPod) -> None:
    server.requests.clear()
    answer = person.post("/activities/undo", data={"packed": "eJwDAAAAAAE="})
    assert answer.status_code == 422
    assert {request.method for request in server.requests} <= {"GET"}


def test_a_mission_is_shown_inside_its_job(person: Reviewer, full_bag: Bag) -> None:
    page = person.get("/activities/new?within=a-2&sphere=employment")
    person.send(page, "/activities/", title="Escalier de la mairie", startDate="2012")
    assert kept(full_bag)["Escalier de la mairie"].part_of == full_bag.layout.activities + "#a-2"
    assert "Escalier de la mairie" in next(
        e.text for e in person.page("/activities/").named("ul") if e.attributes.get("class") == "missions wide"
    )


def test_evidence_is_attached(person: Reviewer, full_bag: Bag) -> None:
    page = person.get("/activities/a-7/evidence")
    answer = person.send(
        page, "/activities/a-7/evidence", **{"evidence-title": "Attestation", "evidence-url": "https://proof.example/1"}
    )
    assert answer.status_code == 303
    assert [e.url for e in kept(full_bag)["Soin d’un parent"].evidence] == ["https://proof.example/1"]


def test_an_activity_that_is_not_there_says_so(person: Reviewer) -> None:
    assert person.get("/activities/a-nothing").status_code == 404


MANY = "".join(
    f"<#m-{number}> a <https://w3id.org/musette#Activity> ; <http://purl.org/dc/terms/title> "
    f'"Chantier {number:03} {"fenêtres" if number % 50 == 7 else "portes"}" ; '
    f'<http://schema.org/startDate> "{1990 + number // 15}"^^<http://www.w3.org/2001/XMLSchema#gYear> ; '
    f'<http://schema.org/endDate> "{1990 + number // 15}"^^<http://www.w3.org/2001/XMLSchema#gYear> .\n'
    for number in range(500)
)


@pytest.fixture
def busy(person: Reviewer, full_bag: Bag, server: MemoryPod) -> Reviewer:
    """Somebody with 500 activities more."""
    server.put_bytes(full_bag.layout.activities, (SAMPLES / "activities.ttl").read_bytes() + b"\n" + MANY.encode())
    return person


def test_many_activities_come_in_pages_by_year_and_all_are_there(busy: Reviewer) -> None:
    first = busy.get("/activities/")
    whole = busy.get("/activities/?page=all")
    assert len(first.data) * 4 < len(whole.data)
    assert "En cours" in first.text
    seen: list[str] = []
    address, pages = "/activities/", 0
    while address:
        text = busy.get(address).text
        seen += re.findall(r"Chantier (\d{3})", text)
        pages += 1
        (following,) = re.findall(r'rel="next" href="([^"]+)"', text) or [""]
        address = following.replace("&amp;", "&")
    assert sorted(seen) == [f"{number:03}" for number in range(500)]
    assert sorted(seen) == sorted(re.findall(r"Chantier (\d{3})", whole.text))
    assert pages > 8
    # Every year is an address, wherever it begins.
    (link,) = re.findall(r'href="(/activities/\?page=\d+#y-1995)"', first.text)
    assert 'id="y-1995"' in busy.get(link.partition("#")[0]).text
    assert busy.get("/activities/?page=999").text.count('<li class="activity') > 0
    assert busy.get("/activities/?page=nonsense").status_code == 200


def test_many_activities_are_searched_without_a_script(busy: Reviewer) -> None:
    text = busy.get("/activities/?q=FENETRES+chantier").text
    assert len(re.findall(r"Chantier \d{3} fenêtres", text)) == 10
    assert "10 activités trouvées" in text
    none = busy.get("/activities/?q=introuvable")
    assert "0 activité trouvée" in none.text
    assert 'value="&lt;b&gt;"' in busy.get("/activities/?q=<b>").text


def test_a_short_list_stays_one_list(person: Reviewer) -> None:
    text = person.get("/activities/").text
    assert 'role="search"' not in text
    assert 'data-enhance="filter"' in text


def test_a_sphere_without_an_activity_says_so_and_offers_one(newcomer: Reviewer) -> None:
    form = newcomer.get("/activities/new")
    newcomer.send(form, "/activities/", title="Repair café", sphere=str(terms.SPHERE_VOLUNTEERING))
    assert "Rien de cette sphère" in newcomer.get("/activities/?sphere=care").text
    page = newcomer.page("/activities/?sphere=care")
    assert any(e.attributes.get("href") == "/activities/new?sphere=care" for e in page.named("a"))
