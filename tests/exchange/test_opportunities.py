"""Opportunities as sites publish them: arrays, no context, markup in words, feeds of every age; and what is none."""

import json
import time
from datetime import date

import pytest

from musette_solid.exchange.opportunities import MOST, NothingToWatch, read
from musette_solid.model.opportunity import Opportunity

HERE = "https://offers.example/jobs/"
OFFER = {
    "@context": "https://schema.org/",
    "@type": "JobPosting",
    "title": "Animatrice <b>d’atelier</b>",
    "url": "/jobs/1",
    "description": "<p>Accueillir.</p><script>alert(1)</script><ul><li>Réparer</li></ul>",
    "hiringOrganization": {"@type": "Organization", "name": "Association démo"},
    "jobLocation": {"@type": "Place", "address": {"addressLocality": "Démo-Ville", "addressRegion": "Centre"}},
    "datePosted": "2026-11-20T08:00:00+01:00",
    "validThrough": "2026-12-15",
    "employmentType": "PART_TIME",
    "skills": "Accueillir du public, réparer de petits appareils",
}
RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>x</title>
<item><title>Menuisier &amp; poseur</title><link>https://offers.example/2</link><guid>2</guid>
<pubDate>Fri, 20 Nov 2026 08:00:00 GMT</pubDate><description>&lt;p&gt;Poser des fenêtres&lt;/p&gt;</description><category>CDI</category></item>
<item><title>Autre</title><link>javascript:alert(1)</link><guid>3</guid></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Formatrice</title><id>urn:x:1</id>
<link rel="self" href="/self"/><link href="/4"/><updated>2026-11-21T10:00:00Z</updated><summary>Former.</summary>
<author><name>École démo</name></author></entry></feed>"""


def one(value: object, media_type: str = "application/ld+json") -> Opportunity:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    (found,) = read(body, media_type, HERE)
    return found


def test_an_offer_is_read_in_plain_words() -> None:
    found = one(OFFER)
    assert (found.title, found.url) == ("Animatrice d’atelier", "https://offers.example/jobs/1")
    assert (found.organization, found.place, found.kind) == ("Association démo", "Démo-Ville, Centre", "PART_TIME")
    assert found.text == "Accueillir.\n- Réparer"
    assert (found.posted, found.until) == (date(2026, 11, 20), date(2026, 12, 15))
    assert found.skills == ("Accueillir du public", "réparer de petits appareils")


@pytest.mark.parametrize(
    "wrapped",
    [
        [OFFER],
        {"@graph": [{"@type": "Organization"}, OFFER]},
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": OFFER}]},
        {key: value for key, value in OFFER.items() if key != "@context"},
        OFFER | {"@type": ["Thing", "https://schema.org/JobPosting"]},
        OFFER | {"@type": "schema:JobPosting"},
    ],
)
def test_it_is_found_wherever_it_lies(wrapped: object) -> None:
    assert one(wrapped).title == "Animatrice d’atelier"


VOLUNTEERING = {
    "@context": "https://api.volunteeringdata.io/context/v1",
    "id": "https://offers.example/activity/1",
    "type": "Activity",
    "title": "Maraude du mardi",
    "description": "Porter à manger <b>à qui dort dehors</b>.",
    "publishStart": "2026-11-01",
    "publishEnd": "2026-12-28",
    "organisation": {"type": "Organisation", "name": "Association démo"},
    "role": {
        "title": "Équipier",
        "commitment": "Un soir par semaine",
        "applyLink": "https://offers.example/apply",
        "skill": ["https://ns.volunteeringdata.io/EmpathyAndCompassion", {"name": "Cuisiner"}],
    },
    "session": {
        "location": [{"name": "Local", "address": "1 place de la Démo, Démo-Ville", "latitude": "48.1"}],
        "time": ["volunteering:TuesdayEvening"],
    },
}


def test_volunteering_data_is_an_offer_like_another() -> None:
    found = one(VOLUNTEERING)
    assert (found.title, found.url, found.kind) == ("Maraude du mardi", "https://offers.example/apply", "VOLUNTEER")
    assert (found.organization, found.place) == ("Association démo", "1 place de la Démo, Démo-Ville")
    assert found.skills == ("Empathy and compassion", "Cuisiner")
    assert (found.posted, found.until) == (date(2026, 11, 1), date(2026, 12, 28))
    for said in ("qui dort dehors", "Équipier", "Un soir par semaine", "Tuesday evening"):
        assert said in found.text
    assert "<b>" not in found.text


@pytest.mark.parametrize(
    "wrapped",
    [
        [VOLUNTEERING],
        {"@context": ["https://api.volunteeringdata.io/context/v1"], "@graph": [VOLUNTEERING | {"@context": None}]},
        {
            "@context": "https://api.volunteeringdata.io/context/v1",
            "type": "Organisation",
            "name": "Association démo",
            "activity": [{key: value for key, value in VOLUNTEERING.items() if key != "@context"}],
        },
        VOLUNTEERING | {"@context": None, "type": ["https://ns.volunteeringdata.io/Activity"]},
    ],
)
def test_volunteering_data_is_found_wherever_it_lies(wrapped: object) -> None:
    assert one(wrapped).title == "Maraude du mardi"


VOLUNTEERING_TURTLE = """
@prefix v: <https://ns.volunteeringdata.io/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://offers.example/activity/1> a v:Activity ; v:title "Maraude du mardi" ; v:description "Porter à manger." ;
  v:publishStart "2026-11-01" ; v:publishEnd "2026-12-28" ; v:organisation [ a v:Organisation ; v:name "Association démo" ] ;
  v:role <#role> ; v:session [ v:location [ v:address "1 place de la Démo, Démo-Ville" ] ; v:time v:TuesdayEvening ] .
<#role> a v:Role ; v:title "Équipier" ; v:commitment "Un soir par semaine" ; v:applyLink <https://offers.example/apply> ;
  v:activity <https://offers.example/activity/1> ; v:skill v:EmpathyAndCompassion , <#cook> .
<#cook> rdfs:label "Cuisiner" .
<#alone> a v:Role ; v:title "Écoute"@fr , "Listening"@en .
<#other> a <https://www.w3.org/ns/activitystreams#Activity> ; v:title "x" .
"""


def test_volunteering_data_in_turtle_is_the_same_offer() -> None:
    alone, found = sorted(
        read(VOLUNTEERING_TURTLE.encode(), "text/turtle", HERE), key=lambda one: one.title == "Maraude du mardi"
    )
    assert (found.title, found.url, found.kind) == ("Maraude du mardi", "https://offers.example/apply", "VOLUNTEER")
    assert (found.organization, found.place) == ("Association démo", "1 place de la Démo, Démo-Ville")
    assert sorted(found.skills) == ["Cuisiner", "Empathy and compassion"]
    assert (found.posted, found.until) == (date(2026, 11, 1), date(2026, 12, 28))
    assert "Un soir par semaine" in found.text
    assert "Tuesday evening" in found.text
    assert alone.title in {"Écoute", "Listening"}


def test_a_graph_in_which_everything_points_at_everything_is_read_once() -> None:
    names = [f"<#n{number}>" for number in range(150)]
    every = " , ".join(names)
    turtle = "@prefix v: <https://ns.volunteeringdata.io/> .\n" + "\n".join(
        f'{name} a v:Activity ; v:title "{name[2:-1]}" ; v:id "x" ; v:role {every} ; v:session {every} ; v:skill {every} .'
        for name in names
    )
    begun = time.process_time()
    read(turtle.encode(), "text/turtle", HERE)
    assert time.process_time() - begun < 20


def test_a_role_alone_is_an_offer_and_an_activity_of_another_vocabulary_is_none() -> None:
    role = {
        "@context": "https://api.volunteeringdata.io/context/v1",
        "type": "Role",
        "id": "https://offers.example/role/1",
        "title": "Écoute",
        "skill": 7,
        "activity": "https://offers.example/activity/1",
    }
    assert (one(role).title, one(role).url, one(role).skills) == ("Écoute", "https://offers.example/role/1", ())
    for foreign in (
        {"@context": "https://www.w3.org/ns/activitystreams", "type": "Activity", "title": "x"},
        VOLUNTEERING | {"title": None},
        {
            "@context": "https://api.volunteeringdata.io/context/v1",
            "type": "Organisation",
            "activity": "https://x.example/",
        },
    ):
        with pytest.raises(NothingToWatch):
            one(foreign)


def test_a_page_describes_its_offers_as_data() -> None:
    page = (
        '<!doctype html><html><body><h1>Offres</h1><script>var x = \'{"@type": "JobPosting"}\'</script>'
        '<script type="application/ld+json">{broken</script>'
        '<script type="application/ld+json">' + json.dumps(OFFER).replace("</", r"<\/") + "</script></body></html>"
    )
    assert one(page.encode(), "text/html; charset=utf-8").title == "Animatrice d’atelier"


def test_a_feed_of_rss() -> None:
    first, second = read(RSS.encode(), "application/rss+xml", HERE)
    assert (first.title, first.url, first.text) == (
        "Menuisier & poseur",
        "https://offers.example/2",
        "Poser des fenêtres",
    )
    assert (first.posted, first.kind) == (date(2026, 11, 20), "CDI")
    assert (second.title, second.url) == ("Autre", "")  # an address that is none becomes no link


def test_a_feed_of_atom() -> None:
    (found,) = read(ATOM.encode(), "application/atom+xml", HERE)
    assert (found.title, found.url, found.organization) == ("Formatrice", "https://offers.example/4", "École démo")


def test_a_document_of_data() -> None:
    turtle = b'@prefix s: <http://schema.org/> . <#o> a s:JobPosting ; s:title "Tri" ; s:validThrough "2026-12-01" ; s:skills "trier" .'
    (found,) = read(turtle, "text/turtle", HERE)
    assert (found.title, found.until, found.skills) == ("Tri", date(2026, 12, 1), ("trier",))


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><rss><item><title>&b;</title></item></rss>'


@pytest.mark.parametrize(
    ("body", "media_type", "words"),
    [
        (b"<html><body>rien</body></html>", "text/html", "describes no offer"),
        (b"<!doctype html><title>x</title>", "application/rss+xml", "describes no offer"),
        (
            b'<html><link rel="alternate" type="application/rss+xml" href="/feed.xml"></html>',
            "text/html",
            "names a feed: https://offers.example/feed.xml",
        ),
        (b"<rss><channel></channel></rss>", "application/rss+xml", "holds no offer"),
        (b"<rss><channel>", "application/rss+xml", "could not be read"),
        (BOMB, "application/rss+xml", "could not be read"),
        (b"{", "application/json", "could not be read"),
        (b"[" * 100_000, "application/json", "could not be read"),
        (b"{}", "application/json", "holds no offer"),
        (
            json.dumps({"@type": "JobPosting", "title": "<script>x</script>"}).encode(),
            "application/json",
            "holds no offer",
        ),
        (b"\xff\xfe\x00", "application/octet-stream", "could not be read"),
        (b"", "", "could not be read"),
        (b"<#a> a", "text/turtle", "could not be read"),
    ],
)
def test_what_is_none_gets_a_sentence(body: bytes, media_type: str, words: str) -> None:
    with pytest.raises(NothingToWatch) as error:
        read(body, media_type, HERE)
    assert words in error.value.sentences()[0]


def test_nobody_reads_further_than_so_many() -> None:
    offers = [{"@type": "JobPosting", "title": f"Offre {n}", "url": f"/{n}"} for n in range(1000)]
    assert len(read(json.dumps(offers).encode(), "application/json", HERE)) == MOST


def test_very_long_words_are_cut() -> None:
    found = one({"@type": "JobPosting", "title": "x" * 9999, "description": "y " * 9999, "url": "https://a b"})
    assert (len(found.title), found.url) == (200, "")
    assert len(found.text) <= 4000


def test_a_title_does_not_turn_the_page_and_every_kind_is_kept() -> None:
    body: dict[str, object] = {
        "@type": "JobPosting",
        "title": "a\u202eb",
        "employmentType": ["FULL_TIME", "PART_TIME", None, {}],
    }
    (found,) = read(json.dumps(body).encode(), "application/ld+json", "https://x.example/")
    assert (found.title, found.kind) == ("ab", "FULL_TIME, PART_TIME")
