from datetime import date

import pytest

from musette_solid.model.activity import Activity, Organization
from musette_solid.model.dates import PartialDate
from musette_solid.model.picking import Search, found
from musette_solid.model.skill import Skill


def activity(name: str, title: str, start: str | None = None, end: str | None = None, *skills: str) -> Activity:
    return Activity(
        iri=name,
        title=title,
        start=PartialDate.from_text(start) if start else None,
        end=PartialDate.from_text(end) if end else None,
        organization=Organization(iri="o", name="Café associatif") if name == "treasurer" else None,
        mobilises=tuple(skills),
    )


ACTIVITIES = (
    activity("treasurer", "Trésorière", "2019", "2021-06", "accounts"),
    activity("rides", "Livraisons", "2021-07-01"),
    activity("undated", "Coups de main"),
)
SKILLS = (Skill(iri="accounts", label="Tenir les comptes"), Skill(iri="bike", label="Réparer un vélo"))


@pytest.mark.parametrize(
    ("search", "wanted"),
    [
        (Search(), set()),
        (Search("TRESORIERE"), {"treasurer"}),
        (Search("cafe"), {"treasurer"}),
        (Search("comptes tenir"), {"accounts"}),
        (Search("vélo comptes"), set()),
        (Search(first=date(2020, 1, 1), last=date(2020, 12, 31)), {"treasurer", "accounts"}),
        (Search(first=date(2021, 6, 30), last=date(2021, 6, 30)), {"treasurer", "accounts"}),
        (Search(first=date(2021, 7, 1)), {"rides"}),
        (Search(through=frozenset({"treasurer"})), {"treasurer", "accounts"}),
        (Search("comptes", through=frozenset({"treasurer"})), set()),
        (Search(first=date(2021, 7, 1), through=frozenset({"treasurer", "rides"})), {"rides"}),
        (Search(through=frozenset()), set()),
        (Search(last=date(2018, 12, 31)), set()),
        (Search(last=date(2019, 1, 1)), {"treasurer", "accounts"}),
        (Search("livraisons", first=date(2019, 1, 1), last=date(2020, 1, 1)), set()),
    ],
)
def test_what_a_search_finds(search: Search, wanted: set[str]) -> None:
    assert found(search, ACTIVITIES, SKILLS) == wanted
