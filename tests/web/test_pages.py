"""Every page, for whoever meets it: the reviewing client checks each one (tests/web/reviewer.py)."""

import gzip
import re

import pytest

from musette_solid.pod import resources
from musette_solid.pod.memory import MemoryPod, Person
from musette_solid.usecases.layout import Bag
from tests.web.reviewer import Page, Reviewer, faults_of

PERSONS_PAGES = (
    "/sessions/",
    "/your-data/copies/",
    "/your-data/put-back/",
    *(
        "/",
        "/activities/",
        "/activities/?sphere=care",
        "/activities/new",
        "/activities/new?sphere=care",
        "/activities/a-2",
    ),
    *("/activities/a-15", "/activities/a-2/correct", "/activities/a-2/delete", "/activities/a-2/evidence"),
    *("/time/", "/time/2026-03", "/time/new", "/time/new?activity=a-2"),
    *(
        "/skills/",
        "/skills/new",
        "/skills/find/",
        "/skills/new?activity=a-2",
        "/skills/s-1",
        "/skills/s-1/correct",
        "/skills/s-1/assess",
    ),
    *(
        "/skills/s-1/evidence",
        "/skills/s-1/delete",
        "/assessments/",
        "/bridges/",
        "/skills/frames/",
        "/skills/frames/lifecomp",
        "/skills/map/",
        "/evidence/",
        "/import/",
        "/shares/",
        "/shares/new",
        "/granted/",
    ),
    *("/letterbox/", "/requests/", "/requests/new", "/shares/who/", "/shares/who/?everywhere=1"),
    "/comments/",
    *("/rights/", "/rights/nearly", "/rights/facts", "/rights/suppose", "/rights/timeline", "/rights/proposals"),
    *("/rights/letters/", "/rights/training-account", "/rights/letters/letter?platform=Demo"),
    *(
        "/reflect/",
        "/journal/",
        "/journal/?q=atelier",
        "/journal/new",
        "/people/",
        "/people/new",
        "/scenarios/",
        "/scenarios/new",
        "/scenarios/supposed/new",
        "/tools/",
        "/tools/new",
        "/tools/take-up",
        "/methods/bring",
    ),
    *("/where-time-goes/", "/where-time-goes/2026", "/where-time-goes/2026/rows"),
    *(
        "/goals/",
        "/goals/new",
        "/day/",
        "/trajectory/",
        "/trajectory/?from=2019&to=2021",
        "/trajectory/?from=2020-03",
        "/trajectory/?from=2020-03-02&to=2020-03-08",
        "/trajectory/?rights=yes",
        "/trajectory/interval?from=2012-01-01&to=2013-12-31",
        "/watch/",
        "/watch/?show=kept",
        "/watch/new",
    ),
    *("/values/", "/values/a-2", "/methods/", "/methods/star", "/methods/star/sheet", "/methods/star/compare"),
    *("/cv", "/your-data/leave", "/your-data/take/europass", "/portfolio/", "/profile/", "/accounts/"),
    *("/your-data", "/help", "/style", "/ns", "/shapes/activity"),
)
PUBLIC_PAGES = ("/", "/signin", "/your-data", "/help", "/style", "/ns", "/shapes/skill")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("path", PERSONS_PAGES)
def test_a_person_can_read_every_page_in_both_languages(person: Reviewer, path: str, language: str) -> None:
    page = person.page(path, headers={"Accept-Language": language})
    html = page.first("html")
    assert html is not None
    assert html.attributes["lang"] == language


#: Pages that show how things look, and a form that several places lead to with a choice already made.
_MANY_ACTIONS = ("/style",)
_SAME = ("/activities/new", "/trajectory/?rights", "/time/new", "/skills/new", "/shares/who/")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_has_a_title_of_its_own_and_one_first_thing_to_do(person: Reviewer, language: str) -> None:
    titles: dict[str, str] = {}
    for path in PERSONS_PAGES:
        page = person.page(path, headers={"Accept-Language": language})
        main = [one for one in page.all if "button-main" in one.attributes.get("class", "").split()]
        assert len(main) <= 1 or path in _MANY_ACTIONS, path
        title = page.first("title")
        assert title is not None
        alike = titles.setdefault(" ".join(title.text.split()), path)
        assert alike == path or path.startswith(_SAME), (path, alike, title.text)


@pytest.mark.parametrize("path", [p for p in PERSONS_PAGES if "a-" not in p and "s-1" not in p])
def test_every_page_helps_somebody_whose_bag_is_empty(newcomer: Reviewer, path: str) -> None:
    newcomer.page(path)


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_public_pages_need_no_sign_in(stranger: Reviewer, path: str) -> None:
    stranger.page(path)


def test_every_page_without_an_argument_is_in_this_test(person: Reviewer) -> None:
    app = person.application
    rules = {
        rule.rule for rule in app.url_map.iter_rules() if rule.methods and "GET" in rule.methods and not rule.arguments
    }
    elsewhere = {
        "/setup",
        "/signin/callback",
        "/client-id.jsonld",
        "/context.jsonld",
        "/requests/open",
        "/assessments/give",  # only for a dossier that was opened: tests/web/test_assessments.py
        "/bridges/to",  # only where a register is installed: tests/web/test_bridges.py
        "/sessions/",  # only where somebody is signed in by a session: tests/web/test_my_sessions.py
        "/granted/dossier",
        "/granted/receipt",
        "/granted/receipt.jsonld",
        "/your-data/resume.json",
        "/rights/calendar",
        "/rights/unemployment/try",
        "/rights/deadlines.ics",
        "/watch/deadlines.ics",
        "/scenarios/supposed/",  # leads to /scenarios/
        "/your-data/musette.zip",
        "/portfolio/preview",  # only once something was chosen: tests/web/test_portfolio.py
        "/portfolio/page",
    }
    assert rules - elsewhere <= {path.partition("?")[0] for path in (*PERSONS_PAGES, *PUBLIC_PAGES)}


def test_somebody_without_a_bag_is_taken_to_make_one(reader: Reviewer) -> None:
    for path in ("/", "/activities/", "/shares/new"):
        assert reader.get(path).location == "/setup"


def test_a_first_activity_is_three_clicks_away(
    stranger: Reviewer, reader: Reviewer, server: MemoryPod, newcomer: Reviewer
) -> None:
    """From the first page: to the one service this site proposes; yes to what will be created; what one does."""
    landing = stranger.get("/")
    assert [form for form in Page(landing.text).named("form") if form.attributes.get("action") == "/signin"]
    assert [e.attributes["value"] for e in Page(landing.text).named("button") if e.inside("form")] == [
        "http://localhost:3000/"
    ]
    assert reader.send(reader.get("/setup"), "/setup").location == "/"
    empty = newcomer.get("/")
    sphere = "https://w3id.org/musette#sphere-care"
    answer = newcomer.send(empty, "/activities/", title="Soin d’un parent", sphere=sphere)
    assert answer.status_code == 303
    assert "Soin d’un parent" in newcomer.get("/").text


def test_somebody_without_a_bag_can_read_what_was_opened_to_them(reader: Reviewer) -> None:
    page = reader.page("/granted/")
    assert any(form.attributes.get("action") == "/granted/dossier" for form in page.named("form"))


def test_the_picture_has_its_table_beside_it(person: Reviewer) -> None:
    page = person.page("/")
    bars = [e for e in page.named("rect") if e.attributes.get("class") in {"bar", "part"}]
    rows = [e for e in page.named("tr") if e.inside("figure") and e.inside("tbody")]
    assert len(bars) == len(rows) == 14  # fifteen activities, one of them without a date
    assert "Vendanges" in next(e.text for e in page.named("figcaption"))


#: What the menu does not lead to: the foot of the page does, or another page.
_ELSEWHERE = (
    "/your-data",
    "/help",
    "/vocabulary",
    "/style",
    "/cv",
    "/shapes",
    "/setup",
    "/sessions",
    "/accounts",
    "/profile",
    "/ns",
)


@pytest.mark.parametrize("path", [one for one in PERSONS_PAGES if not one.startswith(_ELSEWHERE)])
def test_the_menu_says_where_one_is(person: Reviewer, path: str) -> None:
    links = [link for link in person.page(path).named("a") if link.inside("nav") and "aria-current" in link.attributes]
    assert len([link for link in links if link.inside("header")]) == 1


def test_every_link_of_the_menu_leads_somewhere(person: Reviewer) -> None:
    page = person.page("/")
    for link in page.named("a"):
        address = link.attributes["href"]
        if address.startswith("/") and not address.startswith("/static"):
            assert person.get(address).status_code == 200, address


def test_a_damaged_document_is_named_and_what_can_be_read_is_shown(
    person: Reviewer, server: MemoryPod, full_bag: Bag
) -> None:
    server.put_bytes(full_bag.layout.skills, b"<#s-1> a \xff this is no Turtle")
    for path in ("/", "/activities/", "/skills/"):
        page = person.page(path)
        assert full_bag.layout.skills in next(e.text for e in page.named("details"))
    assert "Repair café" in person.get("/activities/").text
    # A form that would write into it is not offered as if it were empty.
    assert person.get("/skills/s-1").status_code == 502


def test_what_other_applications_wrote_is_shown_and_never_run(
    person: Reviewer, server: MemoryPod, full_bag: Bag
) -> None:
    hostile = b"""@prefix mus: <https://w3id.org/musette#> . @prefix dcterms: <http://purl.org/dc/terms/> .
    @prefix schema: <http://schema.org/> . @prefix org: <http://www.w3.org/ns/org#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
    <#a-1> a mus:Activity ; dcterms:title "<script>alert(1)</script>{{7*7}}%(x)s" ; org:organization <#o> .
    <#o> a org:Organization ; foaf:name "\\"><img src=x onerror=alert(1)>" ; schema:url <javascript:alert(1)> ."""
    server.put_bytes(full_bag.layout.activities, hostile)
    for path in ("/", "/activities/", "/activities/a-1", "/activities/a-1/correct", "/shares/new", "/skills/new"):
        text = person.get(path).text
        assert "<script>alert" not in text
        assert "<img" not in text
        assert "{{7*7}}%(x)s" in text
        assert 'href="javascript:' not in text


def test_the_reviewer_finds_what_it_looks_for() -> None:
    html = """<html><head><title>Other</title></head><body><main><h1>Title</h1><h3 id=a onclick="x()">b</h3><p id=a style="x">
    Your WebID</p><input name=x><a href="#z"></a><script>x</script></main></body></html>"""
    found = " ".join(faults_of(Page(html), "/"))
    for fault in (
        "language",
        "title",
        "h3 after h1",
        "twice",
        "label",
        "nothing: #z",
        "inline <script>",
        "inline onclick",
        "webid",
    ):
        assert fault in found, fault


def test_pages_name_shipped_files_by_their_content(person: Reviewer) -> None:
    sheet = next(e.attributes["href"] for e in person.page("/").named("link") if "tokens.css" in e.attributes["href"])
    assert re.fullmatch(r"/static/css/tokens\.css\?v=[0-9a-f]{12}", sheet)
    response = person.get(sheet)
    assert "immutable" in response.headers["Cache-Control"]
    response_body = response.data
    response.close()
    packed = person.get(sheet, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in packed.headers["Cache-Control"]
    assert gzip.decompress(packed.data) == response_body
    for other in ("/static/css/../../babel.cfg?v=1", "/static/css/none.css?v=1"):
        assert person.get(other, headers={"Accept-Encoding": "gzip"}).status_code == 404
    old = person.get("/static/css/tokens.css?v=000000000000")
    assert "immutable" not in old.headers["Cache-Control"]
    old.close()


def test_whoever_comes_for_the_first_time_sees_what_will_be_created(
    reader: Reviewer, server: MemoryPod, organisation: Person
) -> None:
    server.requests.clear()
    page = reader.get("/setup")
    for name in ("musette/", "musette/musette.ttl", "musette/inbox/"):
        assert organisation.storage + name in page.text
    assert {request.method for request in server.requests} <= {"GET", "HEAD"}
    assert reader.send(page, "/setup").location == "/"
    assert resources.read(server.pod_for(organisation.webid), organisation.storage + "musette/musette.ttl").exists


def test_signing_in_without_an_address_says_so(stranger: Reviewer) -> None:
    answer = stranger.post("/signin", data={"address": " ", "next": "/time/"})
    assert answer.status_code == 400
    assert "aucune adresse n’a été donnée" in answer.text
    hidden = [e.attributes["value"] for e in Page(answer.text).named("input") if e.attributes.get("name") == "next"]
    assert set(hidden) == {"/time/"}
