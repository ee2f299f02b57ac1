"""The browser's side, by name: H-19 to H-32."""

import json
import threading
import time
from typing import Any

from joserfc import jws

from musette_solid.errors import MusetteError
from musette_solid.pod import oidc
from musette_solid.pod.dpop import Key
from musette_solid.pod.http import Response
from musette_solid.rdf import terms
from tests.faults.forgery import ELSEWHERE
from tests.faults.hostile_world import Lab, is_in
from tests.faults.named import case, somebody_is_in
from tests.web.world import cookie


@case("H-19", "the answer opened twice, at once, by a look ahead")
def _(lab: Lab) -> None:
    browser = lab.browser()
    back = lab.provider.visit(lab.world.leave(browser).location)
    assert browser.head(back).status_code == 503
    assert browser.get(back, headers={"Sec-Purpose": "prefetch;prerender"}).status_code == 503
    held = cookie(browser, "musette-signin") or ""
    answers: list[int] = []

    def open_it() -> None:
        one = lab.browser()
        one.set_cookie("musette-signin", held)
        answers.append(one.get(back).status_code)

    threads = [threading.Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303] + [400] * 7
    assert lab.provider.hits["/token"] == 1


@case("H-20", "somebody else's answer in a person's browser")
def _(lab: Lab) -> None:
    attacker, victim = lab.browser(), lab.browser()
    back = lab.provider.visit(lab.world.leave(attacker).location)
    assert victim.get(back).status_code == 400
    lab.world.leave(victim)
    assert victim.get(back).status_code == 400
    assert not is_in(victim)
    assert lab.provider.hits["/token"] == 0


@case("H-21", "a session name planted beforehand")
def _(lab: Lab) -> None:
    attacker, victim = lab.browser(), lab.browser()
    lab.sign_in(attacker)
    planted = cookie(attacker) or ""
    for value in (planted, "planted.planted", planted.partition(".")[0] + ".x"):
        victim.set_cookie("musette", value)
        before = cookie(victim)
        lab.sign_in(victim)
        assert cookie(victim) != before
        attacker.set_cookie("musette", value)
        assert not is_in(attacker)


@case("H-22", "sent elsewhere after signing in")
def _(lab: Lab) -> None:
    from tests.web import test_signin

    for where in test_signin.ELSEWHERE:
        answer = lab.sign_in(next=where)
        assert answer.location == "/", where


@case("H-23", "an address inside the machine, typed")
def _(lab: Lab) -> None:
    from tests.pod.test_http import REFUSED

    for form in REFUSED:
        address = form.replace("{p}", str(lab.world.canary.port))
        for name in ("address", "issuer"):
            browser = lab.browser()
            assert browser.post("/signin", data={name: address}).status_code == 400, form
    assert lab.world.canary.hits == 0


@case("H-24", "a provider whose own addresses lie inside")
def _(lab: Lab) -> None:
    port = lab.world.canary.port
    for place in (
        f"https://localhost:{port}/x",
        f"https://127.0.0.1:{port}/x",
        f"http://[::1]:{port}/x",
        "http://example.org/x",
    ):
        for name in ("token_endpoint", "jwks_uri"):
            lab.as_before()
            lab.provider.metadata = {name: place}
            assert lab.refuses(), (name, place)
        lab.as_before()
        lab.provider.metadata = {"revocation_endpoint": place}
        browser = lab.browser()
        lab.sign_in(browser)
        assert browser.post("/signout").status_code == 303
        try:
            at = oidc.Provider(place, place, place, place, place)
            oidc.register(lab.transport, at, "http://localhost:8000/signin/callback", "x")
            somebody_is_in()
        except MusetteError:
            pass
    assert lab.world.canary.hits == 0


@case("H-25", "a sign-in page that is a script")
def _(lab: Lab) -> None:
    for place in (
        "javascript:alert(1)",
        "data:text/html,x",
        "JAVASCRIPT://x/%0aalert(1)",
        "https://x.example/#a",
        "",
        5,
        "//x",
    ):
        lab.provider.metadata = {"authorization_endpoint": place}
        assert lab.refuses(), place


@case("H-26", "what a provider says of an error is never shown")
def _(lab: Lab) -> None:
    for words in ("<script>alert('SHOWN')</script>", "SHOWN" * 8_000, "\u202eSHOWN", "SHOWN\r\nSet-Cookie: a=b"):
        lab.provider.back = {"error": words[:200], "error_description": words, "code": None}
        answer = lab.sign_in()
        assert answer.status_code == 400
        assert "SHOWN" not in answer.text
        assert "SHOWN" not in str(answer.headers)


@case("H-27", "nonces asked for: once is answered, for ever is not")
def _(lab: Lab) -> None:
    lab.provider.mode = "wants_nonce"
    assert lab.accepts()
    lab.as_before()
    lab.provider.mode = "wants_nonces_for_ever"
    assert lab.refuses()
    assert lab.provider.hits["/token"] == 2
    lab.as_before()
    browser = lab.browser()
    lab.sign_in(browser)
    asked: list[str] = []

    def demand(request: Any) -> Response | None:
        if "Authorization" not in request.headers:
            return None
        asked.append(request.url)
        return Response(request.url, 401, {"DPoP-Nonce": f"nonce{len(asked)}", "WWW-Authenticate": "DPoP"})

    lab.world.pods.instead = demand
    before = lab.provider.hits["/token"]
    browser.get("/activities/")
    assert max(asked.count(url) for url in asked) <= 2
    assert lab.provider.hits["/token"] <= before + 1


@case("H-28", "a proof is for one request alone")
def _(lab: Lab) -> None:
    key, seen = Key.generate(), set()
    for number in range(1000):
        url = f"https://pod.example:8443/a%20b/{number}?query=x#fragment"
        proof = jws.extract_compact(key.proof("GET", url, token="t").encode())
        claims = json.loads(proof.payload)
        seen.add(claims["jti"])
        assert claims["htu"] == f"https://pod.example:8443/a%20b/{number}"
        assert (claims["htm"], abs(claims["iat"] - time.time()) < 5) == ("GET", True)
    assert len(seen) == 1000
    browser = lab.browser()
    lab.sign_in(browser)
    is_in(browser)
    proofs = [request.headers["DPoP"] for request in lab.world.pods.requests if "DPoP" in request.headers]
    assert len(set(proofs)) == len(proofs) > 3


@case("H-29", "twenty requests to two instances at the instant of expiry: one refresh, twenty answers")
def _(lab: Lab) -> None:
    other = lab.world.instance()
    browser = lab.browser()
    lab.provider.lifetime_s = 46
    lab.sign_in(browser)
    time.sleep(1.2)
    lab.provider.lifetime_s = 600
    before = lab.provider.refreshes, lab.provider.reuses
    answers: list[int] = []

    def visit(number: int) -> None:
        one = lab.world.browser((lab.app, other)[number % 2])
        one.set_cookie("musette", cookie(browser) or "")
        answers.append(one.get("/activities/").status_code)

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 20
    assert (lab.provider.refreshes - before[0], lab.provider.reuses - before[1]) == (1, 0)


@case("H-30", "a session that its provider ends while somebody writes")
def _(lab: Lab) -> None:
    browser = lab.browser()
    lab.provider.lifetime_s = 46
    lab.sign_in(browser)
    page = browser.get("/activities/new")
    time.sleep(1.2)
    lab.provider.mode = "invalid_grant"
    answer = browser.send(page, "/activities/", title="typed words", sphere=str(terms.SPHERE_CARE))
    assert answer.status_code == 401
    assert 'value="typed words"' in answer.text
    lab.provider.mode = ""
    lab.sign_in(browser)
    assert browser.send(answer, "/activities/").status_code == 303


@case("H-31", "a cookie after signing out, and signing out by another site")
def _(lab: Lab) -> None:
    browser, thief = lab.browser(), lab.browser()
    lab.sign_in(browser)
    held = cookie(browser) or ""
    for headers in (
        {"Origin": ELSEWHERE, "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    ):
        assert browser.post("/signout", headers=headers).status_code == 403
        assert browser.post("/sessions/end", data={"session": "others"}, headers=headers).status_code == 403
    assert browser.get("/signout").status_code == 405
    assert is_in(browser)
    taken = len(lab.provider.taken_back)
    assert browser.post("/signout").status_code == 303
    assert len(lab.provider.taken_back) == taken + 1
    for app in (lab.app, lab.world.instance()):
        thief = lab.world.browser(app)
        thief.set_cookie("musette", held)
        assert not is_in(thief)


@case("H-32", "our own document, however it is asked for")
def _(lab: Lab) -> None:
    for headers in (
        {"Accept": "text/html"},
        {"Accept": "*/*", "Cookie": "musette=a.b"},
        {"Accept": "application/ld+json"},
    ):
        answer = lab.app.test_client().get("/client-id.jsonld", headers=headers, base_url=lab.world.base_url)
        assert json.loads(answer.text)["client_id"] == "http://localhost:8000/client-id.jsonld"
        assert answer.content_type == "application/ld+json"
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        assert "Set-Cookie" not in answer.headers
