"""A page made from memory shows what was written through another worker."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from musette_solid.model.activity import Outline
from musette_solid.model.trajectory import Trajectory, draw
from musette_solid.pod.session import Pod
from musette_solid.rdf import terms
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import log_activity
from musette_solid.web import clock
from tests.web.conftest import NOW
from tests.web.reviewer import Reviewer
from tests.web.test_session import as_another
from tests.web.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def pod_of(browser: Reviewer) -> Pod:
    """What the worker behind this browser remembers of the one person who is signed in."""
    (pod,) = browser.application.extensions["musette.sessions"]._warm.values()
    assert isinstance(pod, Pod)
    return pod


def carry(one: Reviewer, other: Reviewer) -> None:
    """The browser takes its cookies to the other worker."""
    mark = one.get_cookie("musette-wrote")
    assert mark is not None
    other.set_cookie("musette-wrote", mark.value)


def live(browser: Reviewer, *documents: str) -> None:
    """As after the messages of a channel: nothing is asked."""
    for document in documents:
        pod_of(browser).cache.live(document)


def test_what_one_worker_wrote_the_other_shows(world: World) -> None:
    here = world.browser(world.instance())
    world.sign_in(here)
    here.post("/setup", data={"storage": world.person.storage})
    there = as_another(world, here)
    layout = world.bag().layout
    assert there.get("/").status_code == 200
    live(there, layout.activities, layout.skills)
    there.get("/skills/")  # from now on it remembers, and asks for nothing
    world.pods.requests.clear()
    there.get("/skills/")
    assert layout.skills not in {request.url for request in world.pods.requests}

    here.post("/skills/", data={"prefLabel": "Animer une réunion"})
    assert "Animer une réunion" not in there.get("/skills/").text  # the message has not come yet
    carry(here, there)
    assert "Animer une réunion" in there.get("/skills/").text


def test_a_mark_makes_a_worker_ask_once_and_its_own_mark_never(world: World) -> None:
    here = world.browser(world.instance())
    world.sign_in(here)
    here.post("/setup", data={"storage": world.person.storage})
    there = as_another(world, here)
    there.get("/")
    skills = world.bag().layout.skills
    carry(here, there)

    def asked(browser: Reviewer) -> bool:
        world.pods.requests.clear()
        browser.get("/skills/")
        return skills in {request.url for request in world.pods.requests}

    for browser in (here, there):
        browser.get("/skills/")
        live(browser, skills)
        asked(browser)
    assert [asked(there), asked(there)] == [False, False]
    assert not asked(here)  # it left the mark itself


def test_the_picture_is_drawn_once_and_follows_the_activities_the_day_and_the_language(
    person: Reviewer, full_bag: Bag, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[date] = []

    def counted(activities: Sequence[Outline], today: date) -> Trajectory:
        drawn.append(today)
        return draw(activities, today)

    monkeypatch.setattr("musette_solid.web.home.draw", counted)
    first, second = person.get("/?lang=fr").text, person.get("/?lang=fr").text
    assert first == second
    assert len(drawn) == 1
    assert "Trajectory from" in person.get("/?lang=en").text
    assert "Trajectoire de" in person.get("/?lang=fr").text
    monkeypatch.setattr(clock, "today", lambda: date(2031, 5, 1))
    assert drawn[-1].year != 2031
    person.get("/?lang=fr")
    assert drawn[-1] == date(2031, 5, 1)
    log_activity(
        full_bag, {"title": ["Un chantier de plus"], "sphere": [str(terms.SPHERE_CARE)], "startDate": ["2030"]}, NOW
    )
    assert "Un chantier de plus" in person.get("/?lang=fr").text
