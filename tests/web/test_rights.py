"""Rights in the pages: at a glance, with their reasons, within reach, supposed, noted, proposed."""

from decimal import Decimal

import icalendar
import pytest
from flask import Flask

from musette_solid.model.rights import accounts, facts
from musette_solid.model.rights.conclusions import Quantity
from musette_solid.pod import resources
from musette_solid.pod.cache import Cache
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import syntax
from musette_solid.usecases.layout import Bag
from musette_solid.web.reasons import written
from tests.model.rights.lives import PATH, hours
from tests.web.conftest import MakeClient, Somebody
from tests.web.reviewer import Page, Reviewer

AS_OF = "?as_of=2024-12-31"
PREFIXES = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in syntax.PREFIXES.items())
NOT_BINDING = "non opposable"


@pytest.fixture
def lived(server: MemoryPod, bag: Bag) -> Bag:
    """A bag with the worked path in it: activities, time and facts, each in its document."""
    activities, cut, stated = PATH.partition("<#f-birth>")
    time = hours("a", "<../activities.ttl#asso>", 2024, 214) + hours("b", "<../activities.ttl#other>", 2024, 30)
    for name in ("job", "micro", "platform", "asso", "care"):
        stated = stated.replace(f"<#{name}>", f"<activities.ttl#{name}>")
    server.put_bytes(bag.layout.activities, (PREFIXES + activities).encode())
    server.put_bytes(bag.layout.rights, (PREFIXES + cut + stated).encode())
    server.put_bytes(bag.layout.time(2024), (PREFIXES + time).encode())
    return bag


@pytest.fixture
def holder(client_of: MakeClient, lived: Bag) -> Reviewer:
    return client_of(Somebody(lived.pod, lived))


def kept(bag: Bag) -> tuple[tuple[facts.Stated, ...], tuple[accounts.Account, ...]]:
    bag.pod.cache = Cache()
    graph = resources.read(bag.pod, bag.layout.rights).graph
    return facts.read(graph), accounts.read(graph)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("path", ["/rights/", "/rights/nearly", "/rights/facts", "/rights/suppose", "/rights/timeline", "/rights/proposals", "/rights/retirement-quarters"])  # fmt: skip
def test_every_page_opens_on_an_empty_bag(newcomer: Reviewer, path: str) -> None:
    assert newcomer.get(path).status_code == 200


def test_at_a_glance_each_right_in_a_sentence(holder: Reviewer) -> None:
    page = plain(holder.get("/rights/" + AS_OF).text)
    assert "2024 : 4 trimestres de retraite" in page
    assert NOT_BINDING in page
    assert "Compte d’engagement citoyen (CEC)" in page


def test_one_right_with_its_steps_its_facts_and_its_texts_of_law(holder: Reviewer) -> None:
    answer = holder.get("/rights/engagement-account" + AS_OF)
    page = plain(answer.text)
    assert "244 h de bénévolat en 2024, pour 200 h demandées." in page
    assert "Dont 214 h dans une même association (Association A)" in page
    assert 'href="/activities/asso"' in answer.text
    assert "legifrance.gouv.fr" in answer.text
    assert "D5151-14" in page
    assert NOT_BINDING in page


def test_what_is_nearly_there_has_the_deadline_the_question_and_the_missing_hours(holder: Reviewer) -> None:
    page = plain(holder.get("/rights/nearly" + AS_OF).text)
    assert "30 juin 2025" in page
    assert "CFP" in page
    assert "308 h" in page


def test_an_answer_is_noted_and_the_right_is_worked_out_again(holder: Reviewer, lived: Bag) -> None:
    page = holder.get("/rights/training-account" + AS_OF)
    assert "contribution à la formation professionnelle (CFP)" in page.text
    form = {
        "factKind": "https://w3id.org/musette#factKind-cfp-paid",
        "answer": "yes",
        "date": "2024",
        "right": "training-account",
    }
    answer = holder.send(page, "/rights/facts", **form)
    assert (answer.status_code, answer.location) == (303, "/rights/training-account")
    said = next(s for s in kept(lived)[0] if s.kind.endswith("cfp-paid"))
    assert (said.answer, said.year) == (True, 2024)
    assert "mi-temps" in holder.get("/rights/training-account" + AS_OF).text


def test_an_income_is_noted_once_and_can_be_taken_out(holder: Reviewer, lived: Bag) -> None:
    page = holder.get("/rights/facts")
    kind = "https://w3id.org/musette#factKind-gross-salary"
    answer = holder.send(page, "/rights/facts", factKind=kind, amount="1 234,50", date="2023")
    assert answer.status_code == 303
    said = next(s for s in kept(lived)[0] if s.year == 2023)
    assert said.amount == Decimal("1234.50")
    name = said.iri.rpartition("#")[2]
    page = holder.get("/rights/facts")
    gone = holder.send(page, f"/rights/facts/{name}/delete")
    assert not [s for s in kept(lived)[0] if s.year == 2023]
    assert holder.send(gone, "/activities/undo").location == "/rights/facts"
    assert next(s for s in kept(lived)[0] if s.year == 2023) == said


@pytest.mark.parametrize(
    "form",
    [
        {"factKind": "", "amount": "3"},
        {"factKind": "https://w3id.org/musette#factKind-gross-salary", "amount": "-3", "date": "2024"},
        {"factKind": "https://w3id.org/musette#factKind-gross-salary", "amount": "beaucoup", "date": "2024"},
        {"factKind": "https://w3id.org/musette#factKind-gross-salary", "amount": "3", "date": "2024-13"},
        {"factKind": "https://w3id.org/musette#factKind-gross-salary", "amount": "3"},
        {"factKind": "https://w3id.org/musette#factKind-birth-date"},
    ],
)
def test_a_fact_that_does_not_fit_is_said_and_not_written(holder: Reviewer, lived: Bag, form: dict[str, str]) -> None:
    before = kept(lived)
    answer = holder.send(holder.get("/rights/facts"), "/rights/facts", **form)
    assert answer.status_code == 422
    assert "problems" in answer.text
    assert kept(lived) == before


def test_nobody_takes_out_what_is_no_fact(holder: Reviewer) -> None:
    assert (
        holder.post("/rights/facts/u-training-account/delete", headers={"Origin": "http://localhost:8000"}).status_code
        == 404
    )


def test_the_official_balance_stands_beside_the_simulated_one(holder: Reviewer, lived: Bag) -> None:
    page = holder.get("/rights/engagement-account")
    for balance in ("480", "240,00"):
        assert (
            holder.send(page, "/rights/engagement-account/official", balance=balance, on="2024-12-31").status_code
            == 303
        )
    (account,) = kept(lived)[1]
    assert account.official is not None
    assert account.official.number == 240
    said = plain(holder.get("/rights/" + AS_OF).text)
    assert "Officiel, tel que recopié : 240 €" in said
    assert "Écart : 0 €" in said
    for expires in ("2030-01-01", "2031-12-31"):
        holder.send(page, "/rights/engagement-account/official", balance="240", on="2025-01-31", expires=expires)
    assert [a.valid.isoformat() for a in kept(lived)[1] if a.valid] == ["2031-12-31"]
    assert "Expire le 31 décembre 2031" in plain(holder.get("/rights/" + AS_OF).text)
    feed = icalendar.Calendar.from_ical(holder.get("/rights/deadlines.ics").data)
    assert "2031-12-31" in {event.decoded("dtstart").isoformat() for event in feed.walk("VEVENT")}
    refused = holder.send(page, "/rights/engagement-account/official", balance="many", on="2024-12-31")
    assert refused.status_code == 422


def test_movements_are_kept_with_their_proofs_and_keeping_twice_changes_nothing(holder: Reviewer, lived: Bag) -> None:
    page = holder.get("/rights/")
    foreign = '<#v-mine> <https://other.example/note> "mine" . <#f-turnover> <https://other.example/note> "mine" .'
    resources.insert(
        lived.pod, lived.layout.rights, syntax.parse(foreign.encode(), syntax.TURTLE, lived.layout.rights)
    )  # fmt: skip
    assert holder.send(page, "/rights/keep").status_code == 303
    first = kept(lived)[1]
    movements = [e for account in first for e in account.entries]
    assert movements
    assert all(e.proofs and not e.is_official for e in movements)
    assert holder.send(page, "/rights/keep").status_code == 303
    assert kept(lived)[1] == first
    graph = resources.read(lived.pod, lived.layout.rights).graph
    assert len([t for t in graph if str(t[1]) == "https://other.example/note"]) == 2


def test_a_hypothesis_is_compared_and_written_nowhere(holder: Reviewer, lived: Bag, server: MemoryPod) -> None:
    server.requests.clear()
    query = "?sphere=employment&hours=20&pay=9000&start=2026-12-01&end=2026-12-31"
    page = holder.get("/rights/suppose" + query)
    assert page.status_code == 200
    assert "gagné" in page.text or "davantage" in page.text
    assert {r.method for r in server.requests} == {"GET"}
    assert "urn:hypothesis" not in holder.get("/rights/").text
    assert not [s for s in kept(lived)[0] if s.iri.startswith("urn:")]


@pytest.mark.parametrize("query", ["hours=-3", "pay=x", "end=2020-01-01", "end=2099-01-01", "end=no"])
def test_a_hypothesis_that_cannot_be_is_said(holder: Reviewer, query: str) -> None:
    good = {"sphere": "employment", "start": "2026-12-01", "end": "2026-12-31", **dict([query.split("=")])}
    address = "/rights/suppose?" + "&".join(f"{key}={value}" for key, value in good.items())
    assert holder.get(address).status_code == 422


def test_deadlines_are_a_calendar(holder: Reviewer, server: MemoryPod, lived: Bag) -> None:
    # The volunteering of this year is declared next year.
    year = 2026
    server.put_bytes(lived.layout.time(year), (PREFIXES + hours("a", "<../activities.ttl#asso>", year, 214)).encode())
    answer = holder.get("/rights/deadlines.ics")
    assert answer.mimetype == "text/calendar"
    events = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert [e.decoded("dtstart").isoformat() for e in events] == ["2027-06-30"]


def test_a_proposal_is_tried_beside_the_law(holder: Reviewer, server: MemoryPod) -> None:
    page = holder.get("/rights/proposals")
    server.requests.clear()
    answer = holder.send(page, "/rights/proposals", shipped="volunteer-hours")
    text = plain(answer.text)
    assert answer.status_code == 200
    assert "aucune loi ne le dit" in text
    assert "points de formation" in text
    assert "À côté, la loi" in text
    assert {r.method for r in server.requests} == {"GET"}


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/x.ttl", "file:///etc/passwd", "http://localhost:1/x.ttl", "nothing"]
)
def test_an_address_that_the_guard_refuses_is_a_sentence(holder: Reviewer, url: str) -> None:
    answer = holder.send(holder.get("/rights/proposals"), "/rights/proposals", url=url)
    assert answer.status_code == 422
    assert "notice-bad" in answer.text


def test_a_proposal_from_an_address_goes_through_the_guard(holder: Reviewer, server: MemoryPod, lived: Bag) -> None:
    from musette_solid.model.rights.proposals import shipped_examples

    place = lived.layout.root + "shares/proposal.ttl"
    server.put_bytes(place, dict(shipped_examples())["volunteer-hours"])
    answer = holder.send(holder.get("/rights/proposals"), "/rights/proposals", url=place)
    # It is private: the person's own rights are not used for somebody else's address.
    assert answer.status_code == 422


def test_rights_stay_out_of_what_is_shared(holder: Reviewer) -> None:
    page = holder.get("/shares/new")
    assert "8 000" not in plain(page.text)
    assert "rights.ttl" not in page.text


def test_another_day_is_chosen_on_the_page_and_followed_into_a_right(holder: Reviewer) -> None:
    page = holder.get("/rights/?as_of=2024-12-31")
    said = plain(page.text)
    assert "Comme on pouvait le savoir le 31 décembre 2024" in said
    assert "Garder ces mouvements" not in said
    assert 'href="/rights/retirement-quarters?as_of=2024-12-31"' in page.text
    assert "Comme on pouvait" not in plain(holder.get("/rights/").text)
    assert holder.get("/rights/?as_of=soon").status_code == 200


def test_the_example_is_a_file_to_begin_with(holder: Reviewer) -> None:
    assert 'href="/rights/proposals/volunteer-hours.ttl"' in holder.get("/rights/proposals").text
    answer = holder.get("/rights/proposals/volunteer-hours.ttl")
    assert (answer.status_code, answer.mimetype) == (200, "text/turtle")
    assert b"mus:RightsScheme" in answer.data
    assert holder.get("/rights/proposals/common.ttl").status_code == 404


def test_strangers_see_nothing(stranger: Reviewer) -> None:
    for path in ("/rights/", "/rights/facts", "/rights/deadlines.ics", "/rights/suppose"):
        assert stranger.get(path).status_code == 303


def test_a_right_that_is_none_is_not_found(holder: Reviewer) -> None:
    assert holder.get("/rights/unicorns").status_code == 404


def test_every_page_reads_in_english_too(holder: Reviewer) -> None:
    for path in ("/rights/", "/rights/nearly", "/rights/training-account", "/rights/suppose", "/rights/timeline"):
        page = holder.get(path + AS_OF, headers={"Accept-Language": "en"})
        assert Page(page.text)
        assert "binds nobody" in page.text


def test_a_letter_is_shown_noted_as_sent_and_its_replies_kept(holder: Reviewer) -> None:
    page = holder.get("/rights/letters/letter?platform=Courses+d%C3%A9mo&account=42")
    assert "D7342-6" in page.text
    assert "compte\u00a0: 42" in page.text
    assert holder.send(page, "/rights/letters/").status_code == 303
    listed = holder.get("/rights/letters/")
    assert "Courses démo" in listed.text
    feed = icalendar.Calendar.from_ical(holder.get("/rights/deadlines.ics").data)
    assert [str(event["summary"]) for event in feed.walk("VEVENT")] == ["Réponse attendue de Courses démo"]
    action = next(
        e.attributes["action"] for e in Page(listed.text).named("form") if e.attributes["action"].endswith("/reply")
    )
    assert holder.send(listed, action, text="Un fichier").status_code == 303
    assert "Un fichier" in holder.get("/rights/letters/").text
    assert holder.send(listed, action, text=" ").status_code == 422
    assert holder.get("/rights/letters/letter").status_code == 422


def test_a_calendar_is_looked_at_published_followed_and_taken_back(holder: Reviewer, stranger: Reviewer) -> None:
    """What is shown is what a stranger with the address reads; one gesture takes it back."""
    holder.send(holder.get("/rights/letters/letter?platform=Courses+d%C3%A9mo"), "/rights/letters/")
    page = holder.get("/rights/calendar?named=yes")
    assert "Réponse attendue de Courses démo" in plain(page.text)
    assert holder.send(page, "/rights/calendar/publish", digest="old").status_code == 409
    assert holder.send(page, "/rights/calendar/publish").status_code == 303
    shown = holder.get("/rights/calendar")
    address = next(e.attributes["value"] for e in Page(shown.text).named("input") if e.attributes.get("id") == "link")
    assert address
    assert "Quiconque a cette adresse lit vos jours à venir et les droits" in plain(shown.text)
    assert "Quiconque a l’adresse de votre agenda" in plain(holder.get("/shares/who/").text)
    listed = holder.get("/rights/letters/")
    action = next(
        e.attributes["action"] for e in Page(listed.text).named("form") if e.attributes["action"].endswith("/reply")
    )
    holder.send(listed, action, text="Un fichier")  # an answer came: the day is gone from the calendar
    assert holder.send(shown, "/rights/calendar/withdraw").status_code == 303
    assert "La dernière adresse a été reprise" in plain(holder.get("/rights/calendar").text)
    assert stranger.get("/rights/calendar").status_code == 303


def test_the_figures_of_a_paper_are_worked_out_with_their_steps_and_kept_nowhere(holder: Reviewer) -> None:
    assert 'href="/rights/unemployment/try"' in holder.get("/rights/unemployment").text
    typed = "rule=are.complement&daily-amount=57&pay=2100&daily-salary=100&days-of-month=30&on=2024-09-30"
    said = plain(holder.get(f"/rights/unemployment/try?{typed}").text)
    assert "228 € d’allocation ce mois-là : 2 328 € avec le salaire de 2 100 €" in said
    assert "26 jours gardés pour plus tard" in said
    assert "Simulation, non opposable." in said
    assert "Durée de l’ARE au plus" not in said  # the form of the duration says it too
    assert "Quelle est votre allocation journalière brute ?" in plain(
        holder.get("/rights/unemployment/try?rule=are.degressivite").text
    )
    assert "n’est pas de la sorte attendue" in plain(
        holder.get("/rights/unemployment/try?rule=are.montant&daily-salary=beaucoup").text
    )
    assert holder.get("/rights/carers/try").status_code == 404
    assert holder.get("/rights/unemployment/try?rule=none&on=soon").status_code == 200


def test_hours_that_lack_are_said_in_hours_and_minutes(app: Flask) -> None:
    with app.test_request_context("/?lang=fr", base_url="http://localhost:8000"):
        assert written(Quantity(Decimal("0.5833"), "hour")) == "35\u00a0min"
        assert written(Quantity(Decimal("8.25"), "hour")) == "8\u00a0h\u00a015"
        assert written(Quantity(Decimal(44), "hour")) == "44\u00a0h"
