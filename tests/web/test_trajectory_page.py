"""The trajectory on a page of its own: nearer, farther, and five hundred activities at once."""

import pytest

from musette_solid.model import activity
from musette_solid.model.dossier import Selection
from musette_solid.model.projection import choose
from musette_solid.pod import resources
from musette_solid.pod.cache import Cache
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import syntax, terms
from musette_solid.usecases.layout import Bag
from tests.web.reviewer import Page, Reviewer


def bars(text: str) -> int:
    return sum(1 for e in Page(text).named("rect") if e.attributes.get("class") == "bar")


def test_nearer_shows_less(person: Reviewer, full_bag: Bag) -> None:
    whole, part = person.get("/trajectory/").text, person.get("/trajectory/?from=2019&to=2020").text
    assert bars(whole) > bars(part) > 0
    assert "Du 1er\u00a0janvier 2019 au 31\u00a0décembre 2020" in part
    assert "/trajectory/?from=2020" in part
    month = person.get("/trajectory/?from=2020-03").text
    assert "/time/2020-03" in month


@pytest.mark.parametrize(
    "query", ["from=x", "from=2020&to=1990", "from=0000", "from=2020-13", "to=2020", "from=9999-12&to=9999"]
)
def test_a_period_that_is_none_is_no_fault(person: Reviewer, full_bag: Bag, query: str) -> None:
    assert person.get(f"/trajectory/?{query}").status_code == 200


def test_five_hundred_activities(newcomer: Reviewer, bag: Bag, server: MemoryPod) -> None:
    head = "".join(f"@prefix {p}: <{n}> .\n" for p, n in syntax.PREFIXES.items())
    lines = "".join(
        f'<#a-{n}> a mus:Activity ; dcterms:title "Activité {n}" ; mus:sphere mus:sphere-volunteering ; '
        f'schema:startDate "{1980 + n % 40}-03"^^xsd:gYearMonth ; schema:endDate "{1981 + n % 40}-06"^^xsd:gYearMonth .\n'
        for n in range(500)
    )
    server.put_bytes(bag.layout.activities, (head + lines).encode())
    assert bars(newcomer.get("/trajectory/").text) == 500


def entries(bag: Bag, server: MemoryPod, year: int, *lines: str) -> None:
    head = "".join(f"@prefix {p}: <{n}> .\n" for p, n in syntax.PREFIXES.items())
    server.put_bytes(bag.layout.time(year), (head + "".join(lines)).encode())


def entry(name: str, activity: str, day: str, minutes: int) -> str:
    return (
        f'<#{name}> a mus:TimeEntry ; mus:activity <../activities.ttl#{activity}> ; dcterms:date "{day}"^^xsd:date ; '
        f"mus:minutes {minutes} .\n"
    )


def test_a_week_shows_its_hours_day_by_day_and_by_sphere(person: Reviewer, full_bag: Bag, server: MemoryPod) -> None:
    entries(
        full_bag,
        server,
        2020,
        entry("t-1", "a-1", "2020-03-03", 90),
        entry("t-2", "a-1", "2020-03-03", 30),
        entry("t-3", "a-1", "2020-03-09", 60),  # the week after
    )
    month = person.get("/trajectory/?from=2020-03").text
    assert "/trajectory/?from=2020-03-02&amp;to=2020-03-08" in month
    week = person.get("/trajectory/?from=2020-03-02&to=2020-03-08").text
    assert "Mardi 3 mars" in week
    assert "2\u00a0h notées" in week
    # A day is looked at in its week, and the weeks beside it are one step away.
    assert "/trajectory/?from=2020-03-09&amp;to=2020-03-15" in person.get("/trajectory/?from=2020-03-04").text


def test_a_week_may_lie_in_two_years(person: Reviewer, full_bag: Bag, server: MemoryPod) -> None:
    entries(full_bag, server, 2019, entry("t-1", "a-1", "2019-12-31", 60))
    entries(full_bag, server, 2020, entry("t-2", "a-1", "2020-01-01", 60))
    assert "2\u00a0h notées" in person.get("/trajectory/?from=2019-12-30&to=2020-01-05").text


def test_a_life_asks_for_two_documents_and_no_time(person: Reviewer, full_bag: Bag, server: MemoryPod) -> None:
    server.requests.clear()
    person.get("/trajectory/")
    assert sorted(r.url.rpartition("/")[2] for r in server.requests) == ["activities.ttl", "skills.ttl"]


def test_rights_stand_on_the_same_axis_when_they_are_asked_for(person: Reviewer, full_bag: Bag) -> None:
    assert 'id="rights"' not in person.get("/trajectory/").text
    text = person.get("/trajectory/?rights=yes").text
    page = Page(text)
    (section,) = [e for e in page.named("section") if e.attributes.get("aria-labelledby") == "rights"]
    states = {e.attributes["class"] for e in page.named("rect") if e.attributes.get("class", "").startswith("state-")}
    assert "state-unknown" in states
    assert "On ne peut pas encore le dire" in section.text
    # Nearer, they stay.
    assert "to=2019-12-31&amp;rights=yes" in text


def test_an_interval_is_named_for_oneself_alone(person: Reviewer, bag: Bag, server: MemoryPod) -> None:
    head = "".join(f"@prefix {p}: <{n}> .\n" for p, n in syntax.PREFIXES.items())
    server.put_bytes(
        bag.layout.activities,
        (
            head + '<#a-1> a mus:Activity ; dcterms:title "Avant" ; mus:sphere mus:sphere-employment ; '
            'schema:startDate "2010"^^xsd:gYear ; schema:endDate "2011"^^xsd:gYear .\n'
            '<#a-2> a mus:Activity ; dcterms:title "Après" ; mus:sphere mus:sphere-employment ; schema:startDate "2014"^^xsd:gYear .\n'
        ).encode(),
    )
    page = person.page("/trajectory/")
    (way,) = [e for e in page.named("a") if "/interval" in (e.attributes.get("href") or "")]
    form = person.get(way.attributes["href"])
    assert "2012-01-01" in form.text
    answer = person.send(form, "/trajectory/interval", title="Ma mère malade", sphere=str(terms.SPHERE_JOB_SEARCH))
    assert answer.location == "/trajectory/"
    shown = person.get("/trajectory/").text
    assert "Ma mère malade" in shown
    assert "/interval" not in shown
    # In a dossier of everything it is not, unless it is chosen by name.
    bag.pod.cache = Cache()
    graph = resources.read(bag.pod, bag.layout.activities).graph
    iris = frozenset(one.iri for one in activity.read(graph))
    (named,) = [one.iri for one in activity.read(graph) if one.title == "Ma mère malade"]
    sources = {bag.layout.activities: graph}
    assert {one.title for one in choose(sources, Selection(iris)).activities} == {"Avant", "Après"}
    assert named in {one.iri for one in choose(sources, Selection(iris, named=frozenset({named}))).activities}
    # Nor does the form of a share, a CV or the portfolio propose it among the others.
    for path in ("/shares/new", "/cv", "/portfolio/"):
        found = person.page(path)
        boxes = [e.attributes for e in found.named("input") if named.partition("#")[2] in e.attributes.get("value", "")]
        assert boxes
        assert all("checked" not in box for box in boxes)


def test_a_name_without_a_word_gets_a_sentence(person: Reviewer, full_bag: Bag) -> None:
    answer = person.post(
        "/trajectory/interval", data={"title": "", "sphere": str(terms.SPHERE_BREAK), "startDate": "2012"}
    )
    assert answer.status_code == 422
    assert "titre" in answer.text
