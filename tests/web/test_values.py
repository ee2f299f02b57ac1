"""What activities count for, in the pages: said dimension by dimension, said again later, never added up."""

import re
from datetime import date

import pytest
from rdflib import URIRef

from musette_solid.model import values as values_model
from musette_solid.model.values import ValueStatement
from musette_solid.pod import resources
from musette_solid.pod.cache import Cache
from musette_solid.rdf import terms
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.say_value import list_values
from musette_solid.web.values import WIDEST, radar
from tests.web.conftest import today
from tests.web.reviewer import Reviewer


def kept(bag: Bag) -> tuple[ValueStatement, ...]:
    bag.pod.cache = Cache()
    return values_model.read(resources.read(bag.pod, bag.layout.values).graph)


def test_several_sides_are_said_at_once_and_one_of_ones_own(person: Reviewer, full_bag: Bag) -> None:
    page = person.get("/values/a-2")
    answer = person.send(
        page, "/values/a-2", **{"w-2": "4", "s-2": "On s’y retrouve.", "w-4": "3", "own": "le calme", "own-weight": "2"}
    )
    assert answer.location == "/values/a-2"
    said = {one.dimension: one for one in kept(full_bag)}
    assert said[terms.DIMENSION_SOCIAL_TIE].weight == 4
    assert said[terms.DIMENSION_SOCIAL_TIE].text == "On s’y retrouve."
    assert said[terms.DIMENSION_MEANING].on == today()
    assert len(said) == 3
    shown = person.get("/values/a-2").text
    assert 'class="radar"' in shown
    assert "le calme" in shown
    assert "le calme" in person.get("/values/").text


def test_ones_own_dimension_is_one_dimension(person: Reviewer, full_bag: Bag) -> None:
    for activity in ("a-2", "a-9"):
        person.post(f"/values/{activity}", data={"own": "Le calme", "own-weight": "1"})
    full_bag.pod.cache = Cache()
    graph = resources.read(full_bag.pod, full_bag.layout.values).graph
    assert list(values_model.own_dimensions(graph).values()) == ["Le calme"]


@pytest.mark.parametrize("data", [{"d-1": str(terms.DIMENSION_CARE), "w-1": "7"}, {"own": "x", "own-weight": "99"}])
def test_an_intensity_that_is_none_is_refused(person: Reviewer, full_bag: Bag, data: dict[str, str]) -> None:
    assert person.post("/values/a-2", data=data).status_code == 422
    assert kept(full_bag) == ()


def test_nothing_said_nothing_written(person: Reviewer, full_bag: Bag) -> None:
    assert person.post("/values/a-2", data={}).status_code == 303
    assert kept(full_bag) == ()
    assert person.get("/values/nothing").status_code == 404


def test_the_last_word_holds_and_earlier_ones_stay() -> None:
    first = ValueStatement("#1", "#a", terms.DIMENSION_CARE, 1, date(2025, 1, 1))
    again = ValueStatement("#2", "#a", terms.DIMENSION_CARE, 3, date(2026, 1, 1))
    assert values_model.latest([first, again])[terms.DIMENSION_CARE] == again
    assert values_model.latest([first, again], date(2025, 6, 1))[terms.DIMENSION_CARE] == first
    assert values_model.days([again, first]) == (date(2025, 1, 1), date(2026, 1, 1))


def test_one_thing_that_was_said_is_taken_back_and_put_back(person: Reviewer, full_bag: Bag) -> None:
    care = {"d-1": str(terms.DIMENSION_CARE)}
    person.post("/values/a-2", data={**care, "w-1": "4", "s-1": "les autres"})
    page = person.get("/values/a-2")
    assert "les autres" in page.text
    (address,) = re.findall(r'action="(/values/a-2/said/[^"]+/delete)"', page.text)
    gone = person.post(address)
    full_bag.pod.cache = Cache()
    assert list_values(full_bag).statements == ()
    assert person.post(address).status_code == 404
    assert person.send(gone, "/activities/undo").location == "/values/"
    full_bag.pod.cache = Cache()
    assert [one.text for one in list_values(full_bag).statements] == ["les autres"]


def test_a_dimension_of_ones_own_goes_with_what_was_said_through_it(person: Reviewer, full_bag: Bag) -> None:
    person.post("/values/a-2", data={"own": "Voix", "own-weight": "3"})
    (address,) = re.findall(r'href="(/values/dimension/[^"]+/delete)"', person.get("/values/").text)
    asked = person.get(address)
    assert "Voix" in asked.text
    assert "la seule chose que vous avez dite" in asked.text
    gone = person.post(address)
    full_bag.pod.cache = Cache()
    assert (list_values(full_bag).statements, dict(list_values(full_bag).own)) == ((), {})
    assert person.get(address).status_code == 404
    person.send(gone, "/activities/undo")
    full_bag.pod.cache = Cache()
    listed = list_values(full_bag)
    assert list(listed.own.values()) == ["Voix"]
    assert [one.weight for one in listed.statements] == [3]


def test_a_long_name_stays_inside_the_picture() -> None:
    names = ["Sens", "La voix que cela donne à celles que personne n’écoute", "Anticonstitutionnellement", "Soin"]
    drawn = radar([(URIRef(f"https://x.example/#{number}"), name) for number, name in enumerate(names)], [{}])
    assert drawn is not None
    for axis in drawn.axes:
        assert 1 <= len(axis.lines) <= 2
        assert all(len(line) <= WIDEST for line in axis.lines)
    assert drawn.axes[0].lines == ("Sens",)
    assert drawn.axes[1].lines == ("La voix que", "cela donne à c…")
