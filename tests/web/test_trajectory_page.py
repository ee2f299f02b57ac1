"""The trajectory on a page of its own: nearer, farther, and five hundred activities at once."""

import pytest

from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import syntax
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
