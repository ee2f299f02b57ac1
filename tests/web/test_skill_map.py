"""The map of skills: everything in it is in the table, and 300 skills are read group by group."""

import time

from musette_solid.pod import resources
from musette_solid.rdf import syntax
from musette_solid.usecases.declare_skill import declare_skill
from musette_solid.usecases.layout import Bag
from musette_solid.web.skill_map import WIDE
from tests.web.conftest import NOW
from tests.web.reviewer import Element, Page, Reviewer


def test_everything_in_the_picture_is_in_the_table_and_can_be_reached(person: Reviewer, full_bag: Bag) -> None:
    page = Page(person.get("/skills/map/").text)
    picture = next(
        svg for svg in page.named("svg") if svg.attributes.get("aria-labelledby", "").startswith("map-title")
    )
    (table,) = page.named("table")
    for name in ("Assembler à tenon et mortaise", "Menuisier", "Repair café"):
        assert name in picture.text
        assert name in table.text
    links = [link.attributes["href"] for link in page.named("a") if "aria-label" in link.attributes]
    assert "/skills/s-1" in links
    assert "/activities/a-2" in links
    for by, said in (("age", "En usage"), ("proof", "Vue par quelqu’un d’autre")):
        assert said in person.get(f"/skills/map/?by={by}").text
    assert person.get("/skills/map/?by=nothing&group=none").status_code == 200


def test_without_skills_it_says_so(newcomer: Reviewer, bag: Bag) -> None:
    assert "Pas encore de compétence" in newcomer.get("/skills/map/").text


def test_three_hundred_skills_are_drawn_group_by_group(person: Reviewer, full_bag: Bag) -> None:
    skills = "".join(f'<#x-{n}> a mus:Skill ; skos:prefLabel "Savoir {n}" .\n' for n in range(300))
    uses = "".join(f"<#a-{1 + n % 9}> mus:mobilises <skills.ttl#x-{n}> .\n" for n in range(300))
    prefixes = "@prefix mus: <https://w3id.org/musette#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    for document, text in ((full_bag.layout.skills, skills), (full_bag.layout.activities, uses)):
        resources.insert(full_bag.pod, document, syntax.parse((prefixes + text).encode(), syntax.TURTLE, document))
    begun = time.perf_counter()
    shown = Page(person.get("/skills/map/").text)
    assert time.perf_counter() - begun < 10
    assert len([one for one in shown.named("circle") if one.attributes.get("cx") == str(WIDE.skill)]) < 150
    whole = Page(person.get("/skills/map/?by=age&group=all").text)
    places = {one.attributes["cy"] for one in whole.named("circle") if one.attributes["cx"] == str(WIDE.skill)}
    assert len(places) >= 303  # each skill on a line of its own


def test_skills_that_no_activity_uses_are_counted_and_the_way_to_tie_them_is_said(
    person: Reviewer, full_bag: Bag
) -> None:
    assert "aucune activité" not in person.get("/skills/map/").text
    declare_skill(full_bag, {"prefLabel": ["Jongler"]}, NOW)
    assert "1 compétence n’est encore liée à aucune activité" in person.get("/skills/map/").text.replace("\u00a0", " ")


def test_the_picture_leaves_no_more_room_on_its_left_than_the_longest_name_takes(person: Reviewer) -> None:
    page = Page(person.get("/skills/map/").text)
    picture = next(
        svg for svg in page.named("svg") if svg.attributes.get("aria-labelledby", "").startswith("map-title")
    )
    start, _, width, _ = map(int, picture.attributes["viewbox"].split())
    assert start + width == 980
    names = [text for text in picture_texts(picture) if text.attributes.get("text-anchor") == "end"]
    assert 0 < start < min(int(text.attributes["x"]) - 6 * len(text.text) for text in names)


def test_a_phone_has_a_picture_of_its_own_with_the_same_skills(person: Reviewer) -> None:
    wide, narrow = (
        svg
        for svg in Page(person.get("/skills/map/").text).named("svg")
        if svg.attributes.get("aria-labelledby", "").startswith("map-title")
    )
    assert int(narrow.attributes["width"]) <= 288  # what a page of 320 pixels holds
    for name in ("Menuisier", "Tenir une"):
        assert name in wide.text
        assert name in narrow.text
    links = [{a.attributes["href"] for a in below(svg) if a.name == "a"} for svg in (wide, narrow)]
    assert links[1] <= links[0]
    assert {link for link in links[0] if link.startswith(("/skills/", "/activities/"))} == links[1]
    # nothing is cut at the edge: 6.6 pixels a letter, on the whole
    for text in picture_texts(narrow):
        lines = [one.text for one in text.children] or [text.text]
        x, room = int(text.attributes["x"]), 6.6 * max(len(line) for line in lines)
        assert (x - room >= -1) if text.attributes.get("text-anchor") == "end" else (x + room <= 288), text.text


def below(element: Element) -> list[Element]:
    return [inner for child in element.children for inner in (child, *below(child))]


def picture_texts(picture: Element) -> list[Element]:
    return [one for one in below(picture) if one.name == "text"]
