"""Signing in through the pages, with a provider that is real, on loopback, and may be hostile: what a person sees."""

import json
import re
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from rdflib import Literal, URIRef
from werkzeug.test import TestResponse

from musette_solid.model.intent import Change, Intent, graph_of_intent
from musette_solid.pod import resources
from musette_solid.rdf import syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases import keep, set_up
from tests.web.conftest import NOW
from tests.web.reviewer import Reviewer
from tests.web.world import World, cookie

FAILED = ("La connexion n’a pas abouti\u00a0: ", "Signing in did not succeed: ")
NOT_GONE = ("Nous n’allons pas à cette adresse\u00a0: ", "We do not go to this address: ")
LANGUAGES = ("fr", "en")


@pytest.fixture(scope="module")
def the_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("signin"))
    set_up.create(made.pods.pod_for(made.person.webid), made.person.storage, NOW)
    yield made
    made.provider.close()


@pytest.fixture(scope="module")
def app(the_world: World) -> Flask:
    return the_world.instance()


@pytest.fixture
def world(the_world: World) -> World:
    """As at the beginning, whatever another test did."""
    the_world.provider.mode = ""
    the_world.provider.webid = the_world.person.webid
    the_world.provider.hits.clear()
    the_world.pods.instead = lambda _request: None
    the_world.publish(f"solid:oidcIssuer <{the_world.provider.issuer}>")
    return the_world


@pytest.fixture
def browser(world: World, app: Flask) -> Reviewer:
    return world.browser(app)


def is_in(browser: Reviewer) -> bool:
    return browser.get("/activities/").status_code == 200


def said(answer: TestResponse) -> str:
    """The page as one line; spaces that do not break are left alone."""
    return re.sub(r"[ \n]+", " ", unescape(answer.text))


def assert_refused(answer: TestResponse, language: str, french: str, english: str) -> None:
    """The sentence, in the person's language, and what to do; and nobody is signed in."""
    assert answer.status_code == 400
    sentence = (french, english)[LANGUAGES.index(language)]
    assert sentence in said(answer)
    assert (english if language == "fr" else french) not in said(answer)
    assert not any(value.startswith("musette=") for value in answer.headers.getlist("Set-Cookie"))


def failed(french: str, english: str) -> tuple[str, str]:
    return f"{FAILED[0]}{french}.", f"{FAILED[1]}{english}."


# --- the good way


def test_somebody_signs_in_with_their_own_address(world: World, browser: Reviewer) -> None:
    left = world.leave(browser, next="/time/?lang=fr")
    asked = parse_qs(urlsplit(left.location).query)
    assert asked["client_id"] == ["http://localhost:8000/client-id.jsonld"]
    assert asked["redirect_uri"] == ["http://localhost:8000/signin/callback"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["scope"] == ["openid webid offline_access"]
    answer = world.come_back(browser, left)
    assert (answer.status_code, answer.location) == (303, "/time/?lang=fr")
    assert is_in(browser)
    assert cookie(browser, "musette-signin") is None


def test_somebody_signs_in_with_the_address_of_their_service(world: World, browser: Reviewer) -> None:
    assert world.come_back(browser, world.leave(browser, world.provider.issuer)).status_code == 303
    assert is_in(browser)


def test_the_beginning_of_an_address_can_be_left_out(world: World, browser: Reviewer) -> None:
    left = world.leave(browser, f"  localhost:{world.provider.port}/ ")
    assert left.location.startswith(world.provider.issuer + "auth?")
    assert browser.post("/signin", data={"address": "pod.example/demo/profile/card#me"}).status_code == 303


def test_several_services_are_a_question(world: World, browser: Reviewer) -> None:
    world.publish(f"solid:oidcIssuer <https://another.example/>, <{world.provider.issuer}>")
    question = world.leave(browser, next="/skills/")
    assert question.status_code == 200
    assert "Plusieurs services connaissent cette adresse" in question.text
    english = world.browser(browser.application, "en")
    assert "Several services know this address" in world.leave(english).text
    assert question.text.count('name="issuer"') == 2
    left = browser.send(question, "/signin", issuer=world.provider.issuer)
    assert world.come_back(browser, left).location == "/skills/"
    assert is_in(browser)


def test_signing_in_anew_ends_the_session_before(world: World, browser: Reviewer) -> None:
    world.sign_in(browser)
    before = cookie(browser)
    world.sign_in(browser)
    other = world.browser(browser.application)
    other.set_cookie("musette", before or "")
    assert is_in(browser)
    assert not is_in(other)


def test_a_sign_in_that_fails_leaves_the_session_before_as_it_was(world: World, browser: Reviewer) -> None:
    world.sign_in(browser)
    world.provider.mode = "other_nonce"
    assert world.sign_in(browser).status_code == 400
    assert is_in(browser)


# --- the callback

ONCE = failed(
    "cette connexion a déjà servi, ou a pris trop de temps", "this sign-in was already used, or took too long"
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_is_taken_once(world: World, app: Flask, language: str) -> None:
    browser = world.browser(app, language)
    back = world.provider.visit(world.leave(browser).location)
    assert browser.get(back).status_code == 303
    hits = world.provider.hits["/token"]
    assert_refused(browser.get(back), language, *ONCE)
    assert world.provider.hits["/token"] == hits
    assert is_in(browser)  # opened twice by a nervous finger: the first one holds


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_in_another_browser_signs_nobody_in(world: World, app: Flask, language: str) -> None:
    """Somebody else's link to our callback must not sign a person in as that somebody."""
    attacker, victim = world.browser(app), world.browser(app, language)
    back = world.provider.visit(world.leave(attacker).location)
    assert_refused(victim.get(back), language, *ONCE)
    assert world.provider.hits["/token"] == 0
    assert not is_in(victim)


def test_an_answer_in_a_browser_with_an_attempt_of_its_own_signs_nobody_in(world: World, app: Flask) -> None:
    attacker, victim = world.browser(app), world.browser(app)
    back = world.provider.visit(world.leave(attacker).location)
    world.leave(victim)
    assert_refused(victim.get(back), "fr", *failed("la réponse ne correspond pas à cette tentative", "-"))
    assert world.provider.hits["/token"] == 0
    assert not is_in(victim)


ANSWERS = {
    "state": ("la réponse ne correspond pas à cette tentative", "the answer does not belong to this attempt"),
    "no-state": ("la réponse ne correspond pas à cette tentative", "the answer does not belong to this attempt"),
    "no-iss": ("la réponse ne dit pas d’où elle vient", "the answer does not say where it comes from"),
    "iss": ("la réponse vient d’un autre service de connexion", "the answer comes from another sign-in service"),
    "code": (
        "cette connexion a déjà servi, ou a pris trop de temps",
        "this sign-in was already used, or took too long",
    ),
    "no-code": ("le service de connexion a interrompu la connexion", "the sign-in service stopped the sign-in"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("change", ANSWERS)
def test_an_answer_that_was_tampered_with(world: World, app: Flask, change: str, language: str) -> None:
    browser = world.browser(app, language)
    answer = {k: v[0] for k, v in parse_qs(urlsplit(world.provider.visit(world.leave(browser).location)).query).items()}
    kind, _, name = change.rpartition("-")
    if kind == "no":
        del answer[name]
    else:
        answer[name] = "https://another.example/" if name == "iss" else "another"
    assert_refused(browser.get("/signin/callback", query_string=answer), language, *failed(*ANSWERS[change]))
    assert world.provider.hits["/token"] == (1 if change == "code" else 0)
    assert cookie(browser, "musette-signin") is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_says_no_at_their_service_is_told_so(world: World, app: Flask, language: str) -> None:
    world.provider.mode = "consent_refused"
    answer = world.sign_in(world.browser(app, language))
    assert_refused(answer, language, *failed("vous n’avez pas donné votre accord", "you did not give your consent"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_service_says_of_an_error_is_never_shown(world: World, app: Flask, language: str) -> None:
    world.provider.mode = "error_with_script"
    answer = world.sign_in(world.browser(app, language))
    assert_refused(answer, language, *failed(*ANSWERS["no-code"]))
    assert "SCRIPT" not in answer.text
    assert len(answer.text) < 50_000


HOSTILE = {
    "invalid_grant": ANSWERS["code"],
    "alg_none": (
        "la signature du service de connexion n’est pas valable",
        "the signature of the sign-in service does not hold",
    ),
    "bearer": (
        "le service de connexion a donné un accès qui ne nous est pas lié",
        "the sign-in service gave an access that is not bound to us",
    ),
    "expired": (
        "la réponse est trop ancienne\u202f; vérifiez l’heure de cet ordinateur",
        "the answer is too old; check the clock of this computer",
    ),
    "webid_is_script": (
        "le service de connexion ne dit pas qui vous êtes",
        "the sign-in service does not say who you are",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mode", HOSTILE)
def test_a_service_whose_answers_do_not_add_up(world: World, app: Flask, mode: str, language: str) -> None:
    world.provider.mode = mode
    browser = world.browser(app, language)
    assert_refused(world.sign_in(browser), language, *failed(*HOSTILE[mode]))
    assert not is_in(browser)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_profile_that_names_another_service_signs_nobody_in(world: World, app: Flask, language: str) -> None:
    """Any provider can sign a token that says it is for this person: only the profile can vouch for the provider."""
    browser = world.browser(app, language)
    world.publish("solid:oidcIssuer <https://another.example/>")
    answer = world.come_back(browser, world.leave(browser, world.provider.issuer))
    expected = (
        "votre profil ne nomme pas ce service de connexion",
        "your profile does not name this sign-in service",
    )
    assert_refused(answer, language, *failed(*expected))
    assert not is_in(browser)


@pytest.mark.parametrize("language", LANGUAGES)
def test_somebody_else_than_the_address_that_was_typed(world: World, app: Flask, language: str) -> None:
    left = world.leave(world.browser(app, language))
    browser = world.browser(app, language)
    left = world.leave(browser)
    world.provider.webid = world.person.webid.replace("#me", "#other")
    expected = (
        "la personne connectée n’est pas celle de l’adresse donnée",
        "somebody else signed in than the address you gave",
    )
    assert_refused(world.come_back(browser, left), language, *failed(*expected))


# --- addresses


NOTHING = failed(
    "il n’y a ni profil ni service de connexion à cette adresse",
    "there is neither a profile nor a sign-in service at this address",
)
NEITHER = failed(
    "ce qui se trouve à cette adresse n’est ni un profil ni un service de connexion",
    "what is at this address is neither a profile nor a sign-in service",
)
UNUSABLE = failed("ce n’est pas une adresse web", "this is not a web address")
#: What is typed ({site} is a web site that works, {pod} the space), and the sentence in French and in English.
ADDRESSES: dict[str, tuple[str, tuple[str, str]]] = {
    "unknown": ("{pod}nobody/profile/card#me", NOTHING),
    "unknown, elsewhere": ("{site}nobody#me", NOTHING),
    "private": ("{pod}demo/musette/musette.ttl#it", NOTHING),
    "a page": ("{site}page", NEITHER),
    "a page, whatever is asked": ("{site}everywhere/x#me", NEITHER),
    "a picture": ("{pod}demo/picture", NEITHER),
    "damaged": ("{pod}demo/damaged#me", NEITHER),
    "out of order": (
        "{site}broken/",
        failed("le site qui garde cette adresse est en panne", "the site that keeps this address is out of order"),
    ),
    "no service named": (
        "{pod}demo/profile/card#other",
        failed("ce profil ne nomme aucun service de connexion", "this profile names no sign-in service"),
    ),
    "no address": (" ", failed("aucune adresse n’a été donnée", "no address was given")),
    "half a number": ("[", UNUSABLE),
    "half a number in brackets": ("https://[::1", UNUSABLE),
    "a script": ("javascript://localhost/%0aalert(1)", UNUSABLE),
    "a file": ("file:///etc/passwd", UNUSABLE),
    "a name and a password": ("https://user:secret@pod.example/", UNUSABLE),
    "too long": ("https://pod.example/" + "a" * 9000, UNUSABLE),
    "spaces": ("https://pod.example/a b", UNUSABLE),
    "an impossible port": (
        "https://pod.example:99999/",
        (f"{NOT_GONE[0]}ce n’est pas une adresse web.", f"{NOT_GONE[1]}it is not a web address."),
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", ADDRESSES)
def test_an_address_that_leads_to_no_service(world: World, app: Flask, case: str, language: str) -> None:
    pod, rules = world.pods.base, world.pods._stored[world.pods.base + "demo/profile/card.acl"].body
    for name, body, media_type in (
        ("demo/picture", b"\x89PNG", "image/png"),
        ("demo/damaged", b"<#me> a", "text/turtle"),
    ):
        world.pods.put_bytes(pod + name, body, media_type)
        world.pods.put_bytes(f"{pod}{name}.acl", rules.replace(b"demo/profile/card>", name.encode() + b">"))
    typed, sentences = ADDRESSES[case]
    address = typed.format(pod=pod, site=world.provider.issuer)
    answer = world.browser(app, language).post("/signin", data={"address": address})
    assert_refused(answer, language, *sentences)
    assert address.strip() in unescape(answer.text)  # kept, to be corrected


PROVIDERS = {
    "issuer_mismatch": (
        "le service de connexion se donne un autre nom",
        "the sign-in service gives another name for itself",
    ),
    "javascript_endpoint": (
        "le service de connexion donne une adresse inutilisable",
        "the sign-in service gives an address that cannot be used",
    ),
    "no_token_endpoint": ("le service de connexion est incomplet", "the sign-in service is incomplete"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mode", PROVIDERS)
def test_a_service_that_contradicts_itself_is_not_gone_to(world: World, app: Flask, mode: str, language: str) -> None:
    world.provider.mode = mode
    browser = world.browser(app, language)
    assert_refused(world.leave(browser), language, *failed(*PROVIDERS[mode]))
    assert cookie(browser, "musette-signin") is None


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_service_that_is_down(world: World, app: Flask, language: str) -> None:
    world.publish("solid:oidcIssuer <https://no-such-service.invalid/>")
    answer = world.leave(world.browser(app, language))
    assert_refused(
        answer,
        language,
        "Pas de réponse de no-such-service.invalid.",
        "No answer from no-such-service.invalid.",
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("field", ["address", "issuer"])
def test_an_address_inside_the_machine_is_refused_whether_somebody_listens_or_not(
    world: World, app: Flask, field: str, language: str
) -> None:
    """The same words for an open and a closed port: nobody maps our network through this form."""
    touched: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        open_port, closed = listening.getsockname()[1], closed_port()
        forms = [
            *("http://127.0.0.1:{}/", "https://127.0.0.1:{}/", "https://[::1]:{}/", "https://[::ffff:7f00:1]:{}/"),
            *("https://0177.0.0.1:{}/", "https://2130706433:{}/", "https://0x7f.1:{}/", "https://127.1:{}/"),
            *("https://0.0.0.0:{}/", "https://localhost:{}/#me", "http://localhost:{}/", "https://169.254.169.254:{}/"),
            *(
                "https://10.0.0.1:{}/",
                "https://[64:ff9b::7f00:1]:{}/",
                "https://LOCALHOST:{}/",
                "gopher://127.0.0.1:{}/",
            ),
        ]
        for form in forms:
            words = set()
            for port in (open_port, closed):
                answer = world.browser(app, language).post("/signin", data={field: form.format(port)})
                assert answer.status_code == 400, form
                words.add(said(answer).replace(str(port), "PORT"))
                try:
                    listening.accept()
                    touched.append(port)
                except BlockingIOError:
                    pass
            (shown,) = words
            number = LANGUAGES.index(language)
            assert NOT_GONE[number] in shown or FAILED[number] in shown, form
    assert touched == []


# --- where one goes afterwards (H-22)

ELSEWHERE = [
    *("//evil.example", "///evil.example", "////evil.example", "//evil.example/%2f..", "//evil.example:80/"),
    *("/\\evil.example", "\\/evil.example", "\\\\evil.example", "/\\/evil.example", "//\\evil.example"),
    *(
        "https://evil.example",
        "https:evil.example",
        "https:/evil.example",
        "https:///evil.example",
        "HTTPS://evil.example",
    ),
    *("http://evil.example", "ftp://evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x"),
    *("vbscript:x", "blob:x", "\tjavascript:alert(1)", " //evil.example", "\t//evil.example", "/\t/evil.example"),
    *(
        "/\n/evil.example",
        "/\r/evil.example",
        "/a\r\nSet-Cookie: x=y",
        "/a\nLocation: https://evil.example",
        "\x00//evil",
    ),
    *(
        "evil.example",
        "@evil.example",
        "user@evil.example/",
        "?next=//evil.example",
        "#//evil.example",
        "..//evil.example",
    ),
    *(
        "//[",
        "//[::1",
        "https://[",
        "http://user@evil.example",
        "//user@evil.example",
        "//evil.example\\@localhost:8000",
    ),
    *(
        "http://localhost:8000.evil.example/",
        "http://localhost:8000@evil.example/",
        "//localhost:8000/",
        "/" + "a" * 10_000,
    ),
    "",
]
#: Odd, but paths of this site all the same.
HERE = [
    "/%2f%2fevil.example",
    "/%5cevil.example",
    "/.//evil.example",
    "/?x=//evil.example",
    "/time/?next=https://evil.example",
]


def test_there_are_enough_of_them() -> None:
    assert len(set(ELSEWHERE)) >= 45


@pytest.mark.parametrize("hostile", ELSEWHERE, ids=repr)
def test_nobody_is_sent_elsewhere_after_signing_in(world: World, browser: Reviewer, hostile: str) -> None:
    shown = browser.get("/signin", query_string={"next": hostile})
    assert shown.status_code == 200
    assert 'name="next" value="/"' in shown.text
    # The hidden field may be changed too.
    answer = world.sign_in(browser, next=hostile)
    assert answer.location == "/"


@pytest.mark.parametrize("odd", HERE)
def test_an_odd_path_stays_on_this_site(world: World, browser: Reviewer, odd: str) -> None:
    location = world.sign_in(browser, next=odd).location
    parts = urlsplit(location)
    assert (parts.scheme, parts.netloc) == ("", "")
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))


# --- cookies, signing out, who we are


def cookies_of(answer: TestResponse) -> dict[str, set[str]]:
    found = {}
    for line in answer.headers.getlist("Set-Cookie"):
        name, *flags = (part.strip() for part in line.split(";"))
        assert len(line) < 4096
        found[name.partition("=")[0]] = {
            flag.partition("=")[0] if flag.startswith("Max-Age") else flag for flag in flags
        }
    return found


def test_cookies_over_http(world: World, browser: Reviewer) -> None:
    left = world.leave(browser)
    assert cookies_of(left)["musette-signin"] >= {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age"}
    come_back = cookies_of(world.come_back(browser, left))
    # No Max-Age: it goes when the browser is closed.
    assert come_back["musette"] == {"HttpOnly", "SameSite=Lax", "Path=/"}
    assert "Max-Age" in come_back["musette-signin"]


def test_cookies_over_https_are_bound_to_this_very_host(tmp_path_factory: pytest.TempPathFactory) -> None:
    world = World(tmp_path_factory.mktemp("https"), base_url="https://musette.example")
    try:
        browser = world.browser(world.instance())
        left = world.leave(browser)
        back = cookies_of(world.come_back(browser, left))
        out = cookies_of(browser.post("/signout"))
        seen = cookies_of(left) | back | out
        assert set(seen) == {"__Host-musette-signin", "__Host-musette", "__Host-musette-notice"}
        for flags in seen.values():
            assert flags >= {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"}
            assert not any(flag.lower().startswith("domain") for flag in flags)
    finally:
        world.provider.close()


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_looking_signs_nobody_out(world: World, browser: Reviewer, method: str) -> None:
    world.sign_in(browser)
    answer = browser.open("/signout", method=method, headers={"Origin": browser.base_url})
    assert answer.status_code == 405
    assert is_in(browser)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "", "Sec-Fetch-Site": ""},
        {"Origin": "http://x.localhost:8000", "Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", ["/signout", "/signin"])
def test_another_site_signs_nobody_in_or_out(
    world: World, browser: Reviewer, path: str, headers: dict[str, str]
) -> None:
    world.sign_in(browser)
    answer = browser.post(path, data={"address": world.person.webid}, headers=headers)
    assert answer.status_code == 403
    assert "Ce formulaire a été envoyé depuis un autre site" in said(answer)
    assert is_in(browser)


@pytest.mark.parametrize(("language", "sentence"), [("fr", "Vous êtes déconnecté"), ("en", "You are signed out.")])
def test_signing_out_is_said(world: World, app: Flask, language: str, sentence: str) -> None:
    browser = world.browser(app, language)
    world.sign_in(browser)
    browser.post("/signout")
    assert sentence in said(browser.get("/"))
    assert sentence not in said(browser.get("/"))
    assert browser.post("/signout").status_code == 303
    assert sentence not in said(browser.get("/"))  # nobody was signed in


def test_signing_out_gives_the_tokens_back_and_never_waits_on_it(world: World, app: Flask) -> None:
    for mode in ("", "cannot_revoke"):
        browser = world.browser(app)
        world.sign_in(browser)
        world.provider.mode, before = mode, len(world.provider.taken_back)
        assert browser.post("/signout").status_code == 303
        world.provider.mode = ""
        assert len(world.provider.taken_back) == before + 1
        assert not is_in(browser)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("fr", "Votre musette est prête, et elle est vide."), ("en", "Your bag is ready, and it is empty.")],
)
def test_a_new_bag_is_said(tmp_path_factory: pytest.TempPathFactory, language: str, sentence: str) -> None:
    world = World(tmp_path_factory.mktemp("new"))
    try:
        browser = world.browser(world.instance(), language)
        world.sign_in(browser)
        assert browser.get("/").location == "/setup"
        made = browser.send(browser.get("/setup"), "/setup")
        assert made.location == "/"
        assert sentence in said(browser.get("/"))
    finally:
        world.provider.close()


def test_our_client_identifier_document_is_exact(world: World, app: Flask) -> None:
    answer = app.test_client().get(
        "/client-id.jsonld", headers={"Accept": "text/html", "Cookie": "musette=a.b"}, base_url=world.base_url
    )
    assert json.loads(answer.text) == {
        "@context": ["https://www.w3.org/ns/solid/oidc-context.jsonld"],
        "client_id": "http://localhost:8000/client-id.jsonld",
        "client_name": "La Musette",
        "client_uri": "http://localhost:8000/",
        "logo_uri": "http://localhost:8000/static/img/mark.svg",
        "redirect_uris": ["http://localhost:8000/signin/callback"],
        "post_logout_redirect_uris": ["http://localhost:8000/"],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "scope": "openid webid offline_access",
        "token_endpoint_auth_method": "none",
        "application_type": "web",
        "default_max_age": 3600,
        "require_auth_time": True,
    }
    assert answer.content_type == "application/ld+json"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers
    with app.test_client().get("/static/img/mark.svg", base_url=world.base_url) as logo:
        assert logo.status_code == 200


def test_signing_in_finishes_or_takes_back_what_was_interrupted_and_says_so(world: World) -> None:
    layout = world.bag().layout
    missing = (URIRef(layout.skills + "#s-1"), terms.SKOS_PREF_LABEL, Literal("Souder"))
    there = (URIRef(layout.activities + "#a-1"), terms.DCTERMS_TITLE, Literal("Atelier"))
    changes = tuple(
        Change(str(s).partition("#")[0], Delta(into=frozenset({(s, p, o)}))) for s, p, o in (there, missing)
    )
    place = layout.intent("interrupted")
    intent = Intent(place + "#it", terms.OPERATION_IMPORT, datetime(2026, 11, 1, tzinfo=UTC), changes)
    pod = world.bag().pod
    resources.create(pod, place, graph_of_intent(intent))
    resources.insert(pod, layout.activities, syntax.graph_of([there]))
    browser = world.browser(world.instance(), "en")
    world.sign_in(browser)
    assert "it is finished now: import." in browser.get("/").text
    assert missing in resources.read(pod, layout.skills).graph
    assert not resources.read(pod, place).exists


def test_somebody_who_was_leaving_has_left(world: World) -> None:
    bag = world.bag()
    mark = (URIRef(bag.layout.bag + "#it"), terms.UNDER_WAY, terms.OPERATION_LEAVE)
    resources.insert(bag.pod, bag.layout.bag, syntax.graph_of([mark]))
    browser = world.browser(world.instance(), "en")
    world.sign_in(browser)
    assert not [url for url in world.pods._stored if url.startswith(bag.layout.root)]
    answer = browser.get("/activities/")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/setup")
    assert "it is finished now: departure." in browser.get("/setup").text
    set_up.create(world.pods.pod_for(world.person.webid), world.person.storage, datetime(2026, 11, 1, tzinfo=UTC))


def test_a_bag_whose_own_document_is_damaged_is_found_and_put_right(world: World) -> None:
    bag = world.bag()
    keep.look_after(bag, datetime(2026, 11, 1, tzinfo=UTC))
    whole = world.pods._stored[bag.layout.bag].body
    world.pods.put_bytes(bag.layout.bag, whole[: len(whole) // 2] + b"<")
    browser = world.browser(world.instance(), "en")
    world.sign_in(browser)
    assert "Something in your bag was damaged" in browser.get("/").text
    page = browser.get("/your-data/copies/").text
    assert f'value="{bag.layout.bag}"' in page
    browser.post("/your-data/copies/restore", data={"document": bag.layout.bag})
    assert (URIRef(bag.layout.bag + "#it"), terms.HOLDER, URIRef(bag.owner)) in resources.read(
        bag.pod, bag.layout.bag
    ).graph
