"""The letter to a platform, and the clock of its answer."""

from datetime import date

import pytest

from musette_solid.model.rights import letters

DOCUMENT = "https://demo.example/musette/rights.ttl"


@pytest.mark.parametrize(
    ("sent", "due"),
    [("2026-11-25", "2026-12-25"), ("2026-12-31", "2027-01-31"), ("2027-01-31", "2027-02-28"), ("2028-01-30", "2028-02-29"), ("2026-10-31", "2026-11-30")],
)  # fmt: skip
def test_an_answer_is_due_within_a_month(sent: str, due: str) -> None:
    assert letters.a_month_after(date.fromisoformat(sent)) == date.fromisoformat(due)


def test_the_letter_names_every_category_and_every_text() -> None:
    made = letters.letter("Courses démo", "demo-7", date(2026, 11, 25))
    assert len(made.categories) == 6
    whole = " ".join((*made.opening, *made.categories, *made.closing))
    for word in ("L7342-7", "D7342-6", "articles 15 et 20", "douze derniers mois", "demo-7", "commission", "CNIL"):
        assert word in whole


def test_requests_and_replies_are_read_as_they_were_noted() -> None:
    graph = letters.request_graph(DOCUMENT, "Courses démo", date(2026, 11, 25))
    (request,) = letters.read(graph)
    assert (request.platform, request.due, request.replies) == ("Courses démo", date(2026, 12, 25), ())
    assert not request.is_late(date(2026, 12, 25))
    assert request.is_late(date(2026, 12, 26))
    for triple in letters.reply_graph(request.iri, "Un fichier sans les évaluations", date(2026, 12, 10)):
        graph.add(triple)
    (answered,) = letters.read(graph)
    assert [(r.on, r.text) for r in answered.replies] == [(date(2026, 12, 10), "Un fichier sans les évaluations")]
    assert not answered.is_late(date(2027, 1, 1))
