"""Which activity a few words mean; `tests/model/test_time.py` has the table of whole lines."""

from datetime import date

from musette_solid.model.activity import Activity
from musette_solid.model.dates import PartialDate
from musette_solid.model.recognition import recognise

TODAY = date(2026, 11, 22)
BIKE = Activity("#bike", "Atelier vélo", start=PartialDate(2020))
SEWING = Activity("#sewing", "Atelier couture", start=PartialDate(2020))


def test_a_word_that_two_activities_share_offers_both() -> None:
    found = recognise(["atelier"], [BIKE, SEWING], TODAY)
    assert (found.activity, set(found.candidates)) == (None, {BIKE, SEWING})


def test_one_word_more_decides() -> None:
    assert recognise(["atelier", "couture"], [BIKE, SEWING], TODAY).activity == SEWING


def test_articles_name_nothing() -> None:
    assert recognise(["de", "la"], [Activity("#a", "De la terre")], TODAY).candidates == ()


def test_the_order_of_the_activities_does_not_matter() -> None:
    for said in (["atelier"], ["velo"], ["atelier", "couture", "vélo"]):
        one = recognise(said, [BIKE, SEWING], TODAY)
        two = recognise(said, [SEWING, BIKE], TODAY)
        assert (one.activity, set(one.candidates)) == (two.activity, set(two.candidates))


def test_nothing_is_recognised_among_nothing() -> None:
    assert recognise(["atelier"], [], TODAY).activity is None
    assert recognise([], [BIKE], TODAY).activity is None
    assert recognise(["atelier"], [Activity("#untitled")], TODAY).activity is None
