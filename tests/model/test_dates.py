from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Literal
from rdflib.namespace import XSD

from musette_solid.model.dates import PartialDate

partial_dates = st.dates(min_value=date(1, 1, 1)).flatmap(
    lambda day: st.sampled_from(
        [PartialDate(day.year), PartialDate(day.year, day.month), PartialDate(day.year, day.month, day.day)]
    )
)


@pytest.mark.parametrize(
    ("text", "first", "last", "datatype"),
    [
        ("2019", date(2019, 1, 1), date(2019, 12, 31), XSD.gYear),
        ("2019-02", date(2019, 2, 1), date(2019, 2, 28), XSD.gYearMonth),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29), XSD.gYearMonth),
        ("2019-03-12", date(2019, 3, 12), date(2019, 3, 12), XSD.date),
    ],
)
def test_a_date_is_kept_as_precise_as_it_was_said(text: str, first: date, last: date, datatype: str) -> None:
    said = PartialDate.from_text(text)
    assert (said.text, said.first(), said.last()) == (text, first, last)
    assert said.literal() == Literal(text, datatype=datatype)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "19",
        "2019-3",
        "2019-13",
        "2019-00",
        "2019-02-00",
        "2019-02-30",
        "2013-12-021",
        "0000",
        "12/03/2019",
        " 2019",
        "2019\n",
        "٢٠١٩",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        PartialDate.from_text(text)


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        (Literal("2019", datatype=XSD.gYear), "2019"),
        (Literal("2019-03"), "2019-03"),
        (Literal("2019-03-12T23:30:00Z", datatype=XSD.dateTime), "2019-03-12"),
        (Literal("2019-03-12+02:00", datatype=XSD.date), "2019-03-12"),
        (Literal(" 2019-03-12 "), "2019-03-12"),
    ],
)
def test_dates_of_other_applications_are_read(literal: Literal, text: str) -> None:
    assert PartialDate.from_literal(literal).text == text


@pytest.mark.parametrize("text", ["2013-12-021", "soon", "2019-031", "2019-03-12 or so"])
def test_a_literal_that_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        PartialDate.from_literal(Literal(text))


@settings(deadline=None)  # the machine may be busy
@given(partial_dates)
def test_text_and_literal_say_the_same_date_again(said: PartialDate) -> None:
    assert PartialDate.from_text(said.text) == said
    assert PartialDate.from_literal(said.literal()) == said
    assert said.first() <= said.last()


@settings(deadline=None)  # the machine may be busy
@given(partial_dates, partial_dates)
def test_the_order_is_that_of_the_first_days(one: PartialDate, two: PartialDate) -> None:
    if one < two:
        assert one.first() <= two.first()


def test_a_less_precise_date_agrees_with_a_more_precise_one() -> None:
    assert PartialDate(2019).agrees_with(PartialDate(2019, 3, 12))
    assert not PartialDate(2019, 4).agrees_with(PartialDate(2019, 3, 12))
