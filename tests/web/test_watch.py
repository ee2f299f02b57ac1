"""The watch in the pages, over real connections to a server on loopback and through the real guard."""

import json
import threading
from datetime import UTC, date, datetime

import pytest

from musette_solid.model import opportunity as model
from musette_solid.model.dossier import Selection, Terms
from musette_solid.model.opportunity import Opportunity
from musette_solid.pod import resources
from musette_solid.pod.cache import Cache
from musette_solid.pod.memory import Person
from musette_solid.rdf import terms
from musette_solid.usecases import share as sharing
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.watch import read_lookout
from musette_solid.web import under_way
from tests.web.elsewhere import OFFER, Site, until_ended
from tests.web.reviewer import Page, Reviewer

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def kept(bag: Bag) -> tuple[Opportunity, ...]:
    bag.pod.cache = Cache()
    return model.read(resources.read(bag.pod, bag.layout.watch).graph)


def watched(who: Reviewer, site: Site, *paths: str) -> None:
    for path in paths:
        answer = who.post("/watch/", data={"title": path.strip("/"), "url": site.url(path)})
        assert answer.status_code == 303, answer.text


def test_an_offer_is_found_explained_kept_and_set_aside(who: Reviewer, bag_there: Bag, site: Site) -> None:
    watched(who, site, "/offers")
    assert site.asked == []  # nothing is asked before the person says so
    page = who.post("/watch/look")
    assert page.status_code == 200
    text = Page(page.text).root.words
    assert "1 nouvelle offre" in text
    assert "Assembler à tenon et mortaise" in text
    assert "parler anglais" in text
    assert "Authorization" not in site.asked[0]
    assert "Cookie" not in site.asked[0]
    (offer,) = kept(bag_there)
    name = offer.iri.partition("#")[2]
    assert who.post(f"/watch/{name}/choice", data={"choice": str(terms.CHOICE_KEPT)}).status_code == 303
    assert "Menuisière" in who.get("/watch/?show=kept").text
    assert "Menuisière" not in who.get("/watch/").text
    assert b"Menuisi" in who.get("/watch/deadlines.ics").data
    who.post(f"/watch/{name}/choice", data={"choice": str(terms.CHOICE_DISMISSED)})
    assert "0 nouvelle offre" in who.post("/watch/look").text  # what was set aside does not come back
    assert who.post(f"/watch/{name}/choice", data={"choice": "nonsense"}).status_code == 404
    who.post(f"/watch/{name}/choice", data={"choice": ""})
    assert "Menuisière" in who.get("/watch/").text


def test_one_address_that_fails_does_not_hide_the_others(who: Reviewer, bag_there: Bag, site: Site) -> None:
    site.answers |= {
        "/html": (200, {"Content-Type": "text/html"}, b"<html><script>alert(1)</script></html>"),
        "/huge": (200, {"Content-Type": "application/rss+xml"}, b"x" * (2 * 1024 * 1024)),
        "/private": (302, {"Location": "http://127.0.0.1:1/secret"}, b""),
        "/elsewhere": (302, {"Location": "/offers"}, b""),
    }
    watched(who, site, "/html", "/huge", "/private", "/gone", "/elsewhere")
    text = who.post("/watch/look").text
    assert "1 nouvelle offre" in text
    for name in ("html", "huge", "private", "gone"):
        assert f"<strong>{name}\u00a0: " in text, name
    assert "<script>alert" not in text
    assert [one.title for one in kept(bag_there)] == ["Menuisière d’atelier"]


def test_a_slow_address_gets_a_page_that_says_who_is_waited_for(
    who: Reviewer, bag_there: Bag, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(under_way.Works.begin, "__defaults__", (0.3,))
    site.slow["/slow"] = threading.Event()
    watched(who, site, "/slow", "/offers")
    begun = who.post("/watch/look")
    assert begun.status_code == 303
    page = who.get(begun.location)
    assert "1 sur 2 ont répondu" in page.text
    assert "<strong>slow</strong>" in page.text
    assert who.get(begun.location, headers={"Accept": "application/json"}).get_json()["ended"] is False
    # Asked again, it is the same look; leaving the page loses nothing.
    assert who.post("/watch/look").location == begun.location
    assert begun.location in who.get("/watch/").text
    site.answers["/slow"] = (200, {"Content-Type": "application/json"}, json.dumps(OFFER | {"url": "/2"}).encode())
    site.slow["/slow"].set()
    until_ended(who, begun.location)
    assert "2 nouvelles offres" in who.get(begun.location).text
    assert begun.location not in who.get("/watch/").text


def test_who_does_not_wait_any_longer_keeps_what_has_come(
    who: Reviewer, bag_there: Bag, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(under_way.Works.begin, "__defaults__", (0.3,))
    site.slow["/slow"] = threading.Event()
    watched(who, site, "/slow", "/offers")
    begun = who.post("/watch/look")
    assert who.post(f"{begun.location}/stop").location == begun.location
    until_ended(who, begun.location)
    text = who.get(begun.location).text
    assert "1 nouvelle offre" in text
    assert "Vous n’avez pas attendu sa réponse" in text
    assert [one.title for one in kept(bag_there)] == ["Menuisière d’atelier"]
    site.slow["/slow"].set()
    assert who.get("/watch/under-way/1-2-3").location == "/watch/"


def test_an_address_of_the_machine_itself_is_refused(who: Reviewer, bag_there: Bag) -> None:
    who.post("/watch/", data={"title": "x", "url": "http://127.0.0.1:9/feed"})
    who.post("/watch/", data={"title": "y", "url": "http://169.254.169.254/latest"})
    text = who.post("/watch/look").text
    assert "<strong>x\u00a0: " in text
    assert "<strong>y\u00a0: " in text
    assert kept(bag_there) == ()


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "pas une adresse", ""])
def test_what_is_no_web_address_is_not_watched(who: Reviewer, bag_there: Bag, address: str) -> None:
    assert who.post("/watch/", data={"url": address}).status_code == 422


def test_the_day_tells_of_an_offer_that_was_kept_and_closes(who: Reviewer, bag_there: Bag, site: Site) -> None:
    from datetime import timedelta

    from tests.web.conftest import today

    soon = OFFER | {"validThrough": (today() + timedelta(days=5)).isoformat()}
    site.answers["/offers"] = (200, {"Content-Type": "application/json"}, json.dumps(soon).encode())
    watched(who, site, "/offers")
    who.post("/watch/look")
    name = kept(bag_there)[0].iri.partition("#")[2]
    who.post(f"/watch/{name}/choice", data={"choice": str(terms.CHOICE_KEPT)})
    assert "Menuisière d’atelier" in who.get("/day/").text


def test_a_match_says_what_counts_there_and_how_full_the_week_is(who: Reviewer, bag_there: Bag, site: Site) -> None:
    who.post("/watch/", data={"title": "Offres", "url": site.url("/offers")})
    who.post("/watch/look")
    lookout = read_lookout(bag_there)
    held = {one.skill.iri for one in lookout.match(lookout.opportunities[0]).held}
    activity = next(a for a in lookout.activities if held & set(a.mobilises))
    name = activity.iri.partition("#")[2]
    who.post(f"/values/{name}", data={"d-1": str(terms.DIMENSION_MEANING), "w-1": "4"})
    who.post(f"/values/{name}", data={"d-1": str(terms.DIMENSION_INCOME), "w-1": "1"})
    bag_there.pod.cache = Cache()
    (worth,) = (lookout := read_lookout(bag_there)).match(lookout.opportunities[0]).worth
    assert (worth.dimension, worth.weight, worth.activity.iri) == (terms.DIMENSION_MEANING, 4, activity.iri)
    said = " ".join(Page(who.get("/watch/").text).root.text.split())
    assert "Ce qui compte pour vous" in said
    assert f"4 sur 4 dans « {activity.title} »".replace(" ", "") in said.replace("\u00a0", "").replace(" ", "")


def test_the_dossier_that_was_sent_is_kept_with_the_application(
    who: Reviewer, bag_there: Bag, site: Site, organisation: Person
) -> None:
    who.post("/watch/", data={"title": "Offres", "url": site.url("/offers")})
    who.post("/watch/look")
    (offer,) = kept(bag_there)
    page = f"/watch/{offer.iri.partition('#')[2]}/choice"
    chosen = Selection(frozenset({f"{bag_there.layout.activities}#a-2"}))
    agreed = Terms(
        "Candidature", bag_there.owner, None, organisation.webid, str(terms.PURPOSE_RECRUITMENT), NOW, date(2099, 1, 1)
    )
    made = sharing.share(
        bag_there, chosen, agreed, sharing.Recipient(organisation.webid, None, None, ()), sharing.new_id()
    )
    applied = {"choice": str(terms.CHOICE_APPLIED), "back": "applied"}
    assert who.post(page, data={**applied, "dossier": "11111111-1111-1111-1111-111111111111"}).status_code == 404
    assert who.post(page, data={**applied, "dossier": made.share_id}).status_code == 303
    (offer,) = kept(bag_there)
    assert (offer.choice, offer.dossier) == (terms.CHOICE_APPLIED, f"{bag_there.layout.dossier(made.share_id)}#it")
    text = who.get("/watch/?show=applied").text
    assert "Candidature" in text
    assert f"/shares/{made.share_id}" in text


@pytest.mark.parametrize("status", [401, 403])
def test_an_address_that_asks_to_sign_in_does_not_end_ones_own_session(who: Reviewer, site: Site, status: int) -> None:
    site.answers["/closed"] = (status, {}, b"")
    who.post("/watch/", data={"title": "Fermé", "url": site.url("/closed")})
    text = who.post("/watch/look").text
    assert "pas ouvert à tout le monde" in text
    assert "session" not in text
