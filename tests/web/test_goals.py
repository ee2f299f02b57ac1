"""Goals in the pages: set, planned in steps, moved, corrected, set aside, deleted and put back."""

from musette_solid.model.goal import Goal
from musette_solid.pod.cache import Cache
from musette_solid.rdf import terms
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.pursue_goal import list_goals
from tests.web.reviewer import Page, Reviewer


def kept(bag: Bag) -> tuple[Goal, ...]:
    bag.pod.cache = Cache()
    return list_goals(bag).goals


def made(person: Reviewer, bag: Bag) -> str:
    answer = person.send(
        person.get("/goals/new"), "/goals/", title="Ouvrir un atelier", valid="03/2028", condition="À vélo\nTrois jours"
    )
    assert answer.status_code == 303, answer.text
    return answer.location


def test_a_goal_is_set_with_its_steps(person: Reviewer, full_bag: Bag) -> None:
    page = made(person, full_bag)
    for title in ("Trouver un lieu", "Faire le budget"):
        assert person.post(f"{page}/steps", data={"title": title, "by": "2027"}).status_code == 303
    (goal,) = kept(full_bag)
    assert goal.by is not None
    assert (goal.title, goal.by.text, goal.conditions) == ("Ouvrir un atelier", "2028-03", ("Trois jours", "À vélo"))
    assert [step.title for step in goal.steps] == ["Trouver un lieu", "Faire le budget"]
    text = person.get(page).text
    assert "Faire le budget" in text
    assert "Suite\u00a0: Trouver un lieu" in " ".join(Page(person.get("/goals/").text).root.text.split(" "))


def test_a_step_is_moved_deleted_and_put_back(person: Reviewer, full_bag: Bag) -> None:
    page = made(person, full_bag)
    person.post(f"{page}/steps", data={"title": "Trouver un lieu"})
    step = kept(full_bag)[0].steps[0].iri.partition("#")[2]
    person.post(f"{page}/steps/{step}", data={"state": str(terms.STEP_STATE_DONE)})
    assert kept(full_bag)[0].steps[0].state == terms.STEP_STATE_DONE
    assert person.post(f"{page}/steps/{step}", data={"state": "nonsense"}).status_code == 422
    assert person.post(f"{page}/steps/k-other", data={"state": str(terms.STEP_STATE_DONE)}).status_code == 404
    gone = person.post(f"{page}/steps/{step}/delete")
    assert kept(full_bag)[0].steps == ()
    assert person.send(gone, "/activities/undo").location == "/goals/"
    assert len(kept(full_bag)[0].steps) == 1


def test_a_step_is_corrected_on_its_own_page(person: Reviewer, full_bag: Bag) -> None:
    page = made(person, full_bag)
    person.post(f"{page}/steps", data={"title": "Trouver un lieu"})
    step = kept(full_bag)[0].steps[0].iri.partition("#")[2]
    assert f"/goals/steps/{step}/correct" in person.get(page).text
    person.post(f"{page}/steps/{step}", data={"state": str(terms.STEP_STATE_UNDER_WAY)})
    form = person.get(f"/goals/steps/{step}/correct")
    told = person.send(form, f"/goals/steps/{step}/correct", title="Visiter trois lieux", valid="05/2027")
    assert person.get(told.location).location == f"{page}#steps"
    (one,) = kept(full_bag)[0].steps
    assert one.by is not None
    assert (one.title, one.by.text, one.state, one.position) == (
        "Visiter trois lieux",
        "2027-05",
        terms.STEP_STATE_UNDER_WAY,
        1,
    )
    assert person.send(form, f"/goals/steps/{step}/correct", title="Autre").status_code == 412
    form = person.get(f"/goals/steps/{step}/correct")
    assert person.send(form, f"/goals/steps/{step}/correct", title="").status_code == 422
    assert person.get("/goals/steps/k-other/correct").status_code == 404
    assert person.get("/goals/steps/k-other").status_code == 404
    assert person.get("/goals/steps/new").status_code == 404


def test_a_goal_is_reached_and_corrected_and_deleted(person: Reviewer, full_bag: Bag) -> None:
    page = made(person, full_bag)
    person.post(f"{page}/state", data={"state": str(terms.GOAL_STATE_REACHED)})
    assert kept(full_bag)[0].state == terms.GOAL_STATE_REACHED
    form = person.get(f"{page}/correct")
    assert person.send(form, f"{page}/correct", title="Ouvrir un atelier partagé").location == page
    (goal,) = kept(full_bag)
    assert (goal.title, goal.state) == ("Ouvrir un atelier partagé", terms.GOAL_STATE_REACHED)
    assert person.send(form, f"{page}/correct", title="Autre").status_code == 412
    gone = person.post(f"{page}/delete")
    assert kept(full_bag) == ()
    person.send(gone, "/activities/undo")
    assert len(kept(full_bag)) == 1


def test_a_step_needs_words(person: Reviewer, full_bag: Bag) -> None:
    page = made(person, full_bag)
    assert person.post(f"{page}/steps", data={"title": " "}).status_code == 422
    assert person.post(f"{page}/steps", data={"title": "x", "by": "2027-13"}).status_code == 422
    assert kept(full_bag)[0].steps == ()
