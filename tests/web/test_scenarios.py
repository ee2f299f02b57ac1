"""What-ifs in the pages: imagined, filled, compared, corrected, deleted and put back; from what was supposed of rights, too."""

from musette_solid.model.scenario import Scenario
from musette_solid.pod.cache import Cache
from musette_solid.rdf import terms
from musette_solid.usecases.imagine import list_scenarios
from musette_solid.usecases.layout import Bag
from tests.web.reviewer import Reviewer


def kept(bag: Bag) -> tuple[Scenario, ...]:
    bag.pod.cache = Cache()
    return list_scenarios(bag).scenarios


def imagined(person: Reviewer, title: str = "Quatre jours", **more: str) -> str:
    form = person.get("/scenarios/new?startDate=2026-12-01&endDate=2027-11-30")
    answer = person.send(form, "/scenarios/", title=title, **more)
    assert answer.status_code == 303, answer.text
    return answer.location


def test_an_empty_page_helps_to_begin(newcomer: Reviewer) -> None:
    page = newcomer.page("/scenarios/")
    links = [str(one.attributes.get("href")) for one in page.named("a")]
    first = next(link for link in links if link.startswith("/scenarios/new?title="))
    assert newcomer.page(first).first("form")


def test_a_what_if_is_imagined_filled_compared_corrected_deleted_and_put_back(person: Reviewer, full_bag: Bag) -> None:
    page = imagined(person)
    name = page.rpartition("/")[2]
    assert "Quatre jours" in person.get(page).text
    dimension = "w-dimension-meaning"
    answer = person.send(
        person.get(f"/scenarios/supposed/new?isPartOf={name}"),
        "/scenarios/supposed/",
        title="Atelier à mon compte",
        sphere=str(terms.SPHERE_SELF_EMPLOYMENT),
        weeklyHours="12,5",
        wouldLearn="faire un devis\nfacturer",
        **{dimension: "3"},
    )
    assert answer.status_code == 303, answer.text
    inside = answer.location
    assert person.get(inside).location == page
    (one,) = kept(full_bag)
    assert one.supposed[0].learns == ("facturer", "faire un devis")
    text = person.get(page).text
    for said in ("12,5", "faire un devis", "3 – Atelier à mon compte", "supposé"):
        assert said in text, said
    assert "Atelier à mon compte" not in person.get("/activities/").text
    form = person.get(f"{inside}/correct")
    assert 'value="3" selected' in form.text
    assert person.send(form, f"{inside}/correct", weeklyHours="10", **{dimension: ""}).location == inside
    assert list_scenarios(full_bag).weights(one.supposed[0].iri) == {}
    other = imagined(person, "Un an de formation")
    both = person.get(f"/scenarios/?with={name}&with={other.rpartition('/')[2]}").text
    assert "Un an de formation" in both
    gone = person.post(f"{page}/delete")
    assert [s.title for s in kept(full_bag)] == ["Un an de formation"]
    assert person.send(gone, "/activities/undo").location == "/scenarios/"
    assert len(kept(full_bag)) == 2


def test_what_was_supposed_of_rights_is_kept_under_a_name(person: Reviewer, full_bag: Bag) -> None:
    asked = "/rights/suppose?sphere=volunteering&hours=4&start=2026-12-01&end=2027-05-31&figures=go-on"
    answer = person.send(person.get(asked), "/scenarios/keep", title="Bénévole le jeudi")
    assert answer.status_code == 303, answer.text
    (one,) = kept(full_bag)
    assert (one.title, one.start.text if one.start else "") == ("Bénévole le jeudi", "2026-12-01")
    assert one.supposed[0].sphere == terms.SPHERE_VOLUNTEERING
    assert person.get(answer.location).status_code == 200


def test_bad_input_is_said_and_leaves_nothing(person: Reviewer, full_bag: Bag) -> None:
    for wrong in ({"title": ""}, {"endDate": "2020"}, {"endDate": "2099"}, {"startDate": "bientôt"}):
        said = {"title": "X", "startDate": "2026-12-01", "endDate": "2027-11-30", **wrong}
        assert person.post("/scenarios/", data=said).status_code == 422, wrong
    assert person.post("/scenarios/supposed/", data={"title": "X"}).status_code == 422
    assert person.post("/scenarios/keep", data={"title": "X"}).status_code == 422
    assert person.get("/scenarios/w-none").status_code == 404
    assert person.get("/scenarios/supposed/u-none").status_code == 404
    assert kept(full_bag) == ()
