"""What a line says, in French and English; and the totals, exact to the minute."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musette_solid.model import time
from musette_solid.model.activity import Activity, Organization
from musette_solid.model.dates import PartialDate
from musette_solid.model.time import Month, Unclear, understand
from musette_solid.rdf import syntax, terms

TODAY = date(2026, 11, 22)  # a Sunday
DOCUMENT = "https://demo.example/musette/time/2026.ttl"


def _activity(iri: str, title: str, organization: str = "", **more: object) -> Activity:
    since = {
        "start": PartialDate(2020),
        "organization": Organization(f"#{organization}", organization) if organization else None,
    }
    return Activity(iri, title, **(since | more))  # type: ignore[arg-type]


REPAIR = _activity("repair", "Repair café")
ACCOUNTS = _activity("accounts", "Comptabilité du club")
READING = _activity("reading", "Les 24 heures de lecture")
MONDAY = _activity("monday", "Café du lundi")
RESTOS = _activity("restos", "Bénévole", "Restos du cœur")
DRIVER = _activity("driver", "Chauffeur", "VéloCargo", role="Livreur")
OLD_CHOIR = _activity("old-choir", "Chorale", end=PartialDate(2022))
CHOIR = _activity("choir", "Chorale")
MATHS = _activity("maths", "Cours de maths")
CARE = _activity("care", "Aide à ma mère")
COURSE = _activity("course", "Python class", "Community college")
ALL = (REPAIR, ACCOUNTS, READING, MONDAY, RESTOS, DRIVER, OLD_CHOIR, CHOIR, MATHS, CARE, COURSE)

YESTERDAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("line", "minutes", "on", "activity", "rest"),
    [
        # The first ones are what people are shown as an example.
        ("2 h 30 repair café hier", 150, YESTERDAY, REPAIR, ""),
        ("2h30 repair café aujourd’hui", 150, TODAY, REPAIR, ""),
        ("repair café 2h30 aujourd’hui", 150, TODAY, REPAIR, ""),
        ("3h de compta pour le club lundi", 180, date(2026, 11, 16), ACCOUNTS, ""),
        ("2\u00a0h\u202f30 repair\u00a0café hier", 150, YESTERDAY, REPAIR, ""),
        # How long, in French
        ("2h30", 150, TODAY, None, ""),
        ("2 h", 120, TODAY, None, ""),
        ("2h5", 125, TODAY, None, ""),
        ("2h05", 125, TODAY, None, ""),
        ("1h30min", 90, TODAY, None, ""),
        ("1 h 30 mn", 90, TODAY, None, ""),
        ("1 heure et 20 minutes", 80, TODAY, None, ""),
        ("45 min repair", 45, TODAY, REPAIR, ""),
        ("45mn", 45, TODAY, None, ""),
        ("45m", 45, TODAY, None, ""),
        ("45'", 45, TODAY, None, ""),
        ("1,5 h", 90, TODAY, None, ""),
        ("1.5h", 90, TODAY, None, ""),
        ("0,25 h chorale", 15, TODAY, CHOIR, ""),
        ("90 minutes", 90, TODAY, None, ""),
        ("2:30", 150, TODAY, None, ""),
        ("0:45 chorale", 45, TODAY, CHOIR, ""),
        ("½ h", 30, TODAY, None, ""),
        ("1/2 h", 30, TODAY, None, ""),
        ("1½ h", 90, TODAY, None, ""),
        ("1 h ½", 90, TODAY, None, ""),
        ("1 h 1/2", 90, TODAY, None, ""),
        ("une heure", 60, TODAY, None, ""),
        ("une demi-heure", 30, TODAY, None, ""),
        ("demi heure de chorale", 30, TODAY, CHOIR, ""),
        ("une heure et demie", 90, TODAY, None, ""),
        ("1h et quart", 75, TODAY, None, ""),
        ("un quart d’heure", 15, TODAY, None, ""),
        ("trois quarts d'heure de compta", 45, TODAY, ACCOUNTS, ""),
        ("1 h et trois quarts d'heure", 105, TODAY, None, ""),
        ("deux heures trente", 150, TODAY, None, ""),
        ("quarante-cinq minutes", 45, TODAY, None, ""),
        ("vingt et une minutes", 21, TODAY, None, ""),
        ("14h-16h30 repair café", 150, TODAY, REPAIR, ""),
        ("de 14 h à 16 h 30, repair café", 150, TODAY, REPAIR, ""),
        ("chauffeur de 22h à 1h", 180, TODAY, DRIVER, ""),
        # In English
        ("an hour", 60, TODAY, None, ""),
        ("half an hour", 30, TODAY, None, ""),
        ("an hour and a half of choir", 90, TODAY, None, "choir"),
        ("one and a half hours", 90, TODAY, None, ""),
        ("two hours", 120, TODAY, None, ""),
        ("2 hours and 15 minutes", 135, TODAY, None, ""),
        ("three quarters of an hour", 45, TODAY, None, ""),
        ("2hrs python class", 120, TODAY, COURSE, ""),
        ("from 2pm to 4:30pm python class", 150, TODAY, COURSE, ""),
        ("a 2h python class yesterday", 120, YESTERDAY, COURSE, ""),
        # When, in French
        ("1h avant-hier", 60, date(2026, 11, 20), None, ""),
        ("1h hier soir", 60, YESTERDAY, None, ""),
        ("1h ce matin", 60, TODAY, None, ""),
        ("1h dimanche", 60, date(2026, 11, 15), None, ""),
        ("1h samedi dernier", 60, YESTERDAY, None, ""),
        ("1h lundi matin", 60, date(2026, 11, 16), None, ""),
        ("1h le 12/03", 60, date(2026, 3, 12), None, ""),
        ("1h 12/03/2025", 60, date(2025, 3, 12), None, ""),
        ("1h 12.03.25 chorale", 60, TODAY, CHOIR, "12.03.25"),
        ("1h 12.03.2025", 60, date(2025, 3, 12), None, ""),
        ("1h 12 mars", 60, date(2026, 3, 12), None, ""),
        ("1h le 1er mai", 60, date(2026, 5, 1), None, ""),
        ("2 h 12 mars", 120, date(2026, 3, 12), None, ""),
        ("12 mars 2 h 30", 150, date(2026, 3, 12), None, ""),
        ("2h jeudi 12 mars 2026", 120, date(2026, 3, 12), None, ""),
        ("2h 28 décembre", 120, date(2025, 12, 28), None, ""),
        ("2h 29 février", 120, date(2024, 2, 29), None, ""),
        ("2h lundi 12", 120, date(2026, 10, 12), None, ""),
        ("le 12 2h", 120, date(2026, 11, 12), None, ""),
        ("2h le 30", 120, date(2026, 10, 30), None, ""),
        ("lundi 2h", 120, date(2026, 11, 16), None, ""),
        ("il y a 3 jours 1h", 60, date(2026, 11, 19), None, ""),
        ("il y a une semaine, 1h de chorale", 60, date(2026, 11, 15), CHOIR, ""),
        # When, in English and everywhere
        ("1h 2026-03-12", 60, date(2026, 3, 12), None, ""),
        ("1h today", 60, TODAY, None, ""),
        ("1h yesterday", 60, YESTERDAY, None, ""),
        ("1h the day before yesterday", 60, date(2026, 11, 20), None, ""),
        ("1h on Monday", 60, date(2026, 11, 16), None, ""),
        ("1h last Friday", 60, date(2026, 11, 20), None, ""),
        ("1h March 12", 60, date(2026, 3, 12), None, ""),
        ("1h on March 12th, 2025", 60, date(2025, 3, 12), None, ""),
        ("1h 12th of March", 60, date(2026, 3, 12), None, ""),
        ("1h 3/25", 60, date(2026, 3, 25), None, ""),
        ("1h 2 weeks ago", 60, date(2026, 11, 8), None, ""),
        ("1h hier, samedi", 60, YESTERDAY, None, ""),
        # On what
        ("2h REPAIR CAFE", 120, TODAY, REPAIR, ""),
        ("2h restos du coeur", 120, TODAY, RESTOS, ""),
        ("2h livreur", 120, TODAY, DRIVER, ""),
        ("2h vélo cargo livraisons", 120, TODAY, DRIVER, "livraisons"),
        ("2h velocargo : livraisons du soir", 120, TODAY, DRIVER, "livraisons du soir"),
        ("2h repair café hier tri des outils", 120, YESTERDAY, REPAIR, "tri des outils"),
        (
            "2h préparation du repair café avec les bénévoles",
            120,
            TODAY,
            REPAIR,
            "préparation du repair café avec les bénévoles",
        ),
        ("2h aide à ma mère : courses", 120, TODAY, CARE, "courses"),
        ("2h comptabilite", 120, TODAY, ACCOUNTS, ""),
        ("2h comptabilté", 120, TODAY, ACCOUNTS, ""),
        ("2h les 24 heures de lecture", 120, TODAY, READING, ""),
        ("2h café du lundi", 120, TODAY, MONDAY, ""),
        ("2h café du lundi hier", 120, YESTERDAY, MONDAY, ""),
        ("réunion à 18h repair café 2h", 120, TODAY, REPAIR, "réunion à 18h"),
        # Of two choirs, the one that was going on that day.
        ("2h chorale", 120, TODAY, CHOIR, ""),
        # Neither is known.
        ("2h courses pour le voisin", 120, TODAY, None, "courses pour le voisin"),
        ("2h jardin hier", 120, YESTERDAY, None, "jardin"),
    ],
)
def test_a_line_is_understood(line: str, minutes: int, on: date, activity: Activity | None, rest: str) -> None:
    entry = understand(line, TODAY, ALL)
    assert (entry.minutes, entry.on, entry.activity, entry.rest) == (minutes, on, activity, rest)


@pytest.mark.parametrize(
    ("line", "error", "text"),
    [
        ("", time.NoDuration, None),
        ("repair café hier", time.NoDuration, None),
        ("2 repair café", time.NoDuration, None),
        ("repair café à 18h", time.NoDuration, None),
        ("une demi-journée de compta", time.NoDuration, None),
        ("25 h repair café", time.TooLong, "25 h"),
        ("1441 min", time.TooLong, "1441 min"),
        ("0 min repair", time.NoTime, "0 min"),
        ("0h", time.NoTime, "0h"),
        ("2h75", time.NoSuchDuration, "2h75"),
        ("demain 2h", time.DayAhead, "demain"),
        ("2h tomorrow", time.DayAhead, "tomorrow"),
        ("2h lundi prochain", time.DayAhead, "lundi prochain"),
        ("2h next monday", time.DayAhead, "next monday"),
        ("2h 25/11", time.DayAhead, "25/11"),
        ("2h 2027-01-01", time.DayAhead, "2027-01-01"),
        ("2h 31/02", time.NoSuchDay, "31/02"),
        ("2h 2026-02-30", time.NoSuchDay, "2026-02-30"),
        ("2h 31 avril", time.NoSuchDay, "31 avril"),
        ("1h et 3h repair café", time.SeveralDurations, None),
        ("2h hier et lundi", time.SeveralDays, None),
        ("2h " + "x" * 500, time.LineTooLong, None),
    ],
)
def test_a_line_that_is_unclear_says_why_and_what_to_write(line: str, error: type[Unclear], text: str | None) -> None:
    with pytest.raises(error) as raised:
        understand(line, TODAY, ALL)
    what, do = raised.value.sentences()
    assert "…" not in what
    assert do
    assert raised.value.details.get("text") == text


def test_a_whole_day_is_the_most() -> None:
    assert understand("24 h", TODAY, ()).minutes == 1440


def test_about_is_kept_as_an_estimate() -> None:
    for line in ("environ 2h repair café", "2h environ repair café", "~2h repair café", "about 2h repair café"):
        entry = understand(line, TODAY, ALL)
        assert (entry.minutes, entry.precision, entry.rest) == (120, terms.PRECISION_ESTIMATED, "")
    assert understand("une petite heure", TODAY, ALL).precision == terms.PRECISION_ESTIMATED
    assert understand("2h", TODAY, ALL).precision == terms.PRECISION_EXACT


def test_words_that_fit_two_activities_offer_both() -> None:
    entry = understand("2h café", TODAY, ALL)
    assert entry.activity is None
    assert set(entry.candidates) == {REPAIR, MONDAY}


def test_one_common_word_among_others_is_a_question_not_an_answer() -> None:
    silk = _activity("silk", "Peinture sur soie")
    entry = understand("3h peinture du salon chez Paul", TODAY, (silk,))
    assert (entry.activity, entry.candidates) == (None, (silk,))
    assert entry.rest == "peinture du salon chez Paul"


def test_on_an_earlier_day_the_activity_of_that_time_is_meant() -> None:
    assert (
        understand(
            "2h chorale 12/03/2021", TODAY, (_activity("new", "Chorale", start=PartialDate(2023)), OLD_CHOIR)
        ).activity
        is OLD_CHOIR
    )


@settings(deadline=None)  # the machine may be busy
@given(st.text(max_size=60))
def test_any_line_is_understood_or_refused_with_a_sentence(line: str) -> None:
    for text in (line, f"2h {line}"):
        try:
            entry = understand(text, TODAY, ALL)
        except Unclear:
            continue
        assert 1 <= entry.minutes <= 1440
        assert entry.on <= TODAY


@settings(deadline=None)  # the machine may be busy
@given(
    st.integers(min_value=1, max_value=1440),
    st.sampled_from(["{h}h{m:02}", "{h} h {m:02}", "{h}:{m:02}", "{t} min", "{h} hours {m} minutes"]),
)
def test_every_number_of_minutes_comes_back(minutes: int, form: str) -> None:
    line = form.format(h=minutes // 60, m=minutes % 60, t=minutes)
    assert understand(line, TODAY, ()).minutes == minutes


@settings(deadline=None)  # the machine may be busy
@given(
    st.dates(min_value=date(1950, 1, 1), max_value=TODAY),
    st.sampled_from(["{0:%Y-%m-%d}", "{0:%d/%m/%Y}", "{0.day} {1} {0.year}"]),
)
def test_every_day_with_its_year_comes_back(day: date, form: str) -> None:
    months = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ]
    assert understand(f"2h {form.format(day, months[day.month - 1])}", TODAY, ()).on == day


def test_months_follow_each_other() -> None:
    assert Month.from_text("2026-11") == Month(2026, 11)
    assert Month(2026, 12).following() == Month(2027, 1)
    assert Month(2026, 1).previous() == Month(2025, 12)
    assert Month(2024, 2).last() == date(2024, 2, 29)
    assert Month.of(TODAY).text == "2026-11"


@pytest.mark.parametrize("text", ["2026-13", "2026", "2026-1", "", "0000-01"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Month.from_text(text)


ENTRIES = """
@prefix mus: <https://w3id.org/musette#> . @prefix dcterms: <http://purl.org/dc/terms/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<#t-1> a mus:TimeEntry ; mus:activity <../activities.ttl#a-1> ; dcterms:date "2026-11-22"^^xsd:date ; mus:minutes 150 ;
    mus:precision mus:precision-exact ; mus:counterpart mus:counterpart-unpaid ; dcterms:description "Tri" .
<#t-2> a mus:TimeEntry ; mus:activity <../activities.ttl#a-1> ; dcterms:date "2026-11-01"^^xsd:date ; mus:minutes 5 .
<#t-3> a mus:TimeEntry ; mus:activity <../activities.ttl#a-2> ; dcterms:date "2026-10-31"^^xsd:date ; mus:minutes 60 .
<#two> a mus:TimeEntry ; dcterms:date "2026-11-22"^^xsd:date ; mus:minutes 150, 30 .
<#nodate> a mus:TimeEntry ; mus:minutes 150 .
<#words> a mus:TimeEntry ; dcterms:date "2026-11-22"^^xsd:date ; mus:minutes "many" .
"""


def test_entries_are_read_newest_first_and_what_cannot_be_counted_is_named() -> None:
    graph = syntax.parse(ENTRIES.encode(), syntax.TURTLE, DOCUMENT)
    found = time.read(graph)
    assert [entry.iri.partition("#")[2] for entry in found] == ["t-1", "t-2", "t-3"]
    assert found[0] == time.TimeEntry(
        iri=f"{DOCUMENT}#t-1",
        activity="https://demo.example/musette/activities.ttl#a-1",
        on=TODAY,
        minutes=150,
        precision=terms.PRECISION_EXACT,
        counterpart=terms.COUNTERPART_UNPAID,
        description="Tri",
    )
    assert [iri.partition("#")[2] for iri in time.unreadable(graph)] == ["nodate", "two", "words"]


def test_the_hours_of_a_month_are_exact() -> None:
    graph = syntax.parse(ENTRIES.encode(), syntax.TURTLE, DOCUMENT)
    assert time.hours(graph, Month(2026, 11)) == timedelta(minutes=155)
    assert time.hours(graph, Month(2026, 10)) == timedelta(hours=1)
    assert time.hours(graph, Month(2026, 9)) == timedelta(0)
