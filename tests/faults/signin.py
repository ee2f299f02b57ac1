"""S-4: nobody is signed in who should not be. Thirty-two ways to try, by name, and ten thousand by chance.

The provider is real, on loopback, and does what it is told. Each case ends with the same question: is somebody in?
"""

import base64
import hashlib
import hmac
import json
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jws, jwt
from joserfc.jwk import ECKey

from musette_solid.errors import MusetteError
from musette_solid.pod import oidc
from musette_solid.pod.dpop import Key
from musette_solid.pod.http import Response
from musette_solid.rdf import terms
from musette_solid.rdf.names import canonical
from tests.faults.lab import Lab, a_lab, cost, is_in
from tests.figures import Figure
from tests.web.world import cookie

Case = Callable[[Lab], None]
CASES: dict[str, tuple[str, Case]] = {}
ELSEWHERE = "https://another.example/"


def case(number: str, what: str) -> Callable[[Case], Case]:
    def kept(body: Case) -> Case:
        CASES[number] = (what, body)
        return body

    return kept


def forged(
    lab: Lab, header: dict[str, Any] | None = None, key: ECKey | None = None, **changes: Any
) -> Callable[..., str]:
    """A token with other claims (None takes one away), another header, another key."""

    def forge(claims: dict[str, Any]) -> str:
        said = {name: value for name, value in (claims | changes).items() if value is not None}
        return _signed({"alg": "ES256", **(header or {})}, said, key or lab.provider.key)

    return forge


# --- the answer that the browser brings back


@case("H-01", "an answer without iss, from a provider that promised one")
def _(lab: Lab) -> None:
    lab.provider.back = {"iss": None}
    assert lab.refuses()
    assert lab.provider.hits["/token"] == 0


@case("H-02", "begun at one provider, answered with another one's name and code")
def _(lab: Lab) -> None:
    code = "stolen"
    for back in ({"iss": lab.world.second.issuer}, {"iss": lab.world.second.issuer, "code": code}):
        lab.provider.back = dict(back)
        assert lab.refuses()
    assert lab.provider.hits["/token"] == lab.world.second.hits["/token"] == 0


@case("H-03", "iss that differs by a slash, a letter's case, a port")
def _(lab: Lab) -> None:
    name = lab.provider.issuer
    for other in (
        name.rstrip("/"),
        name.upper(),
        name.replace("localhost", "LOCALHOST"),
        name + "/",
        name + "#",
        name + " ",
    ):
        lab.provider.back = {"iss": other}
        assert lab.refuses(), other
    assert lab.provider.hits["/token"] == 0


@case("H-04", "a provider that gives another name for itself")
def _(lab: Lab) -> None:
    for other in (ELSEWHERE, lab.provider.issuer.upper(), "", 5, [lab.provider.issuer], None):
        lab.provider.metadata = {"issuer": other}
        assert lab.refuses(), other
    assert lab.provider.hits["/auth"] == 0


@case("H-05", "a perfect token from a provider that the person's profile does not name")
def _(lab: Lab) -> None:
    lab.world.publish(f"solid:oidcIssuer <{ELSEWHERE}>")
    browser = lab.browser()
    assert lab.refuses(browser, address=lab.provider.issuer)
    assert not [request for request in lab.world.pods.requests if "Authorization" in request.headers]


@case("H-06", "a profile behind redirects: in a circle, to a private place, to an unprotected one, too many")
def _(lab: Lab) -> None:
    site, canary = lab.world.site, lab.world.canary
    good = f"<{site.url}me#me> <http://www.w3.org/ns/solid/terms#oidcIssuer> <{lab.provider.issuer}> .".encode()
    site.answers = {
        "/circle": (302, {"Location": "/circle"}, b""),
        "/private": (303, {"Location": f"https://localhost:{canary.port}/"}, b""),
        "/number": (307, {"Location": f"http://127.0.0.1:{canary.port}/"}, b""),
        "/file": (302, {"Location": "file:///etc/passwd"}, b""),
        "/1": (302, {"Location": "/2"}, b""),
        "/2": (302, {"Location": "/3"}, b""),
        "/3": (302, {"Location": "/4"}, b""),
        "/4": (200, {"Content-Type": "text/turtle"}, good),
    }
    for path in ("circle", "private", "number", "file", "1"):
        webid = lab.provider.webid = f"{site.url}{path}#me"
        assert lab.refuses(address=webid), path
        assert lab.refuses(address=lab.provider.issuer), path
    assert canary.hits == 0
    assert site.secrets_received == []


@case("H-07", "a profile that names the provider for somebody else")
def _(lab: Lab) -> None:
    issuer, card = lab.provider.issuer, lab.world.person.webid.partition("#")[0]
    says = "<http://www.w3.org/ns/solid/terms#oidcIssuer>"
    for turtle in (
        f"<#other> {says} <{issuer}> .",
        f"<{card}> {says} <{issuer}> .",
        f"_:somebody {says} <{issuer}> .",
        f"<#me> <http://www.w3.org/2002/07/owl#sameAs> <#other> . <#other> {says} <{issuer}> .",
        f'<#me> {says} "{issuer}" .',
        f"<#me> <http://www.w3.org/ns/solid/terms#oidcissuer> <{issuer}> .",
        f"<#me> <https://www.w3.org/ns/solid/terms#oidcIssuer> <{issuer}> .",
        f"<#me> {says} <{issuer.rstrip('/')}> .",
        f"<#me> {says} <{issuer}#> .",
        f"<#ME> {says} <{issuer}> .",
    ):
        lab.world.pods.put_bytes(card, turtle.encode())
        assert lab.refuses(address=issuer), turtle


@case("H-08", "a profile with five thousand providers, of three megabytes, that is a page")
def _(lab: Lab) -> None:
    card = lab.world.person.webid.partition("#")[0]
    issuers = ", ".join(f"<https://{number}.example/>" for number in range(5000))
    many = f"<#me> <http://www.w3.org/ns/solid/terms#oidcIssuer> {issuers} .".encode()
    for body, kind in ((many, "text/turtle"), (many + b"#" * 3_000_000, "text/turtle"), (many, "text/html")):
        lab.world.pods.put_bytes(card, body, kind)
        seconds, _ = cost(lambda: lab.refuses(address=lab.provider.issuer) or pytest_fail())
        assert seconds < 3


def pytest_fail() -> bool:
    raise AssertionError("somebody was signed in")


@case("H-09", "a WebID that is a script, a file, a name with a password, very long")
def _(lab: Lab) -> None:
    for webid in (
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://pod.example/#me",
        "https://u:p@pod.example/#me",
        "https://pod.example/" + "a" * 9000,
        "https://pod.example/<script>alert(1)</script>",
        "//pod.example/#me",
        "https://",
        "",
        5,
        [lab.world.person.webid],
        {"@id": lab.world.person.webid},
    ):
        lab.provider.forge = forged(lab, webid=webid)
        browser = lab.browser()
        answer = lab.sign_in(browser, address=lab.provider.issuer)
        assert answer.status_code == 400, webid
        assert not is_in(browser), webid
        assert "<script>alert" not in answer.text


# --- tokens


@case("H-10", "alg none, a shared key made of the public one, keys and addresses of keys in the header, unknown crit")
def _(lab: Lab) -> None:
    canary, other = f"https://localhost:{lab.world.canary.port}/jwks", lab.provider.other_key
    for header in (
        {"jwk": other.as_dict(private=False)},
        {"jku": canary},
        {"x5u": canary},
        {"x5c": ["MIIB"]},
        {"kid": canary},
    ):
        lab.provider.forge = forged(lab, header, other)
        assert lab.refuses(), header
    public = json.dumps(lab.provider.key.as_dict(private=False))
    for shared in (public, lab.provider.key.as_pem(private=False).decode()):
        lab.provider.forge = lambda claims, k=shared: _signed({"alg": "HS256"}, claims, k.encode())
        assert lab.refuses()
    for none in ("none", "None", "NONE", ""):
        lab.provider.forge = lambda claims, a=none: f"{_encoded({'alg': a})}.{_encoded(claims)}."
        assert lab.refuses(), none
    lab.provider.forge = lambda claims: _signed({"alg": "ES256", "crit": ["exp2"], "exp2": 1}, claims, lab.provider.key)
    assert lab.refuses()
    assert lab.world.canary.hits == 0


@case("H-11", "fifty megabytes of answer, of token, of header")
def _(lab: Lab) -> None:
    fat = "a" * 50_000_000
    for change in ({"padding": fat}, {"id_token": fat}, {"access_token": fat}, {"id_token": f"{fat}.e30.e30"}):
        lab.provider.answer = dict(change)
        seconds, _ = cost(lambda: lab.refuses() or pytest_fail())
        assert seconds < 3
    lab.provider.answer = {"access_token": "a" * 20_000}
    assert lab.refuses()
    lab.provider.answer = {}
    lab.provider.forge = forged(lab, {"padding": "a" * 20_000})
    assert lab.refuses()


@case("H-12", "made for another application")
def _(lab: Lab) -> None:
    us = "http://localhost:8000/client-id.jsonld"
    changes: dict[str, Any]
    for changes in (
        {"aud": ["solid"]},
        {"aud": "solid"},
        {"aud": ELSEWHERE},
        {"aud": None},
        {"aud": []},
        {"aud": [[us]]},
        {"aud": us + "/"},
        {"azp": ELSEWHERE},
        {"azp": None, "aud": [us, "solid", ELSEWHERE]},
        {"azp": None, "aud": [us, "solid"]},
        {"azp": ["x"]},
    ):
        lab.provider.forge = forged(lab, None, None, **changes)
        assert lab.refuses(), changes
    lab.provider.forge = forged(lab, aud=us, azp=None)
    assert lab.accepts()


@case("H-13", "another nonce, none, and a token of an earlier sign-in")
def _(lab: Lab) -> None:
    for nonce in (None, "", "another", 5, ["x"]):
        lab.provider.forge = forged(lab, nonce=nonce)
        assert lab.refuses(), nonce
    kept: list[str] = []

    def keep(claims: dict[str, Any]) -> str:
        kept.append(jwt.encode({"alg": "ES256"}, claims, lab.provider.key))
        return kept[0]

    lab.provider.forge = keep
    assert lab.accepts()
    assert lab.refuses()
    assert len(kept) == 2


@case("H-14", "tokens of the past and of the future: a minute is forgiven, no more")
def _(lab: Lab) -> None:
    now = time.time()
    for changes, is_good in (
        ({"exp": now - 30}, True),
        ({"exp": now - 90}, False),
        ({"exp": now - 300}, False),
        ({"iat": now + 30}, True),
        ({"iat": now + 90}, False),
        ({"iat": now + 300}, False),
        ({"nbf": now + 30}, True),
        ({"nbf": now + 90}, False),
        ({"exp": None}, False),
        ({"iat": None}, False),
        ({"exp": "soon"}, False),
        ({"exp": True}, False),
        ({"exp": float("inf")}, False),
        ({"exp": float("nan")}, False),
        ({"nbf": "soon"}, False),
    ):
        lab.provider.forge = forged(lab, None, None, **changes)
        assert lab.accepts() if is_good else lab.refuses(), changes


@case("H-15", "unknown keys, ten thousand keys, keys twice, a key that cannot be read")
def _(lab: Lab) -> None:
    lab.provider.forge = forged(lab, {"kid": "unknown"}, lab.provider.other_key)
    for _ in range(5):
        assert lab.refuses()
    assert lab.provider.hits["/jwks"] == 5  # once a sign-in: an unknown key makes nobody ask again
    lab.provider.forge = None
    public, other = lab.provider.public_key, dict(lab.provider.other_key.as_dict(private=False))
    lab.provider.keys = [{"kty": "EC"}, {"kty": "nonsense"}, 5, None, public]
    assert lab.accepts()
    lab.provider.keys = [{**other, "kid": "1"}, {**public, "kid": "1"}]
    lab.sign_in()  # which of two keys of one name is meant cannot be known: either way nothing breaks
    lab.provider.keys = [other] * 10_000
    seconds, _ = cost(lambda: lab.refuses() or pytest_fail())
    assert seconds < 5
    for nothing in ([], [5], [public | {"x": "AAAA"}]):
        lab.provider.keys = nothing
        assert lab.refuses(), nothing


@case("H-16", "a token swapped for another one, which its hash betrays")
def _(lab: Lab) -> None:
    for changes in (
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
        {"c_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
        {"at_hash": 5},
        {"c_hash": ""},
    ):
        lab.provider.forge = forged(lab, None, None, **changes)
        assert lab.refuses(), changes

    def with_its_hash(claims: dict[str, Any]) -> str:
        whole = hashlib.sha256(lab.provider.last_access_token.encode()).digest()
        half = base64.urlsafe_b64encode(whole[:16]).rstrip(b"=").decode()
        return jwt.encode({"alg": "ES256"}, claims | {"at_hash": half}, lab.provider.key)

    lab.provider.forge = with_its_hash
    assert lab.accepts()


@case("H-17", "a token that anybody could use")
def _(lab: Lab) -> None:
    claims = {"webid": lab.world.person.webid}
    for answer in (
        {"token_type": "Bearer"},
        {"token_type": None},
        {"token_type": 5},
        {"access_token": jwt.encode({"alg": "ES256"}, claims, lab.provider.key)},
        {"access_token": jwt.encode({"alg": "ES256"}, claims | {"cnf": {"jkt": "another"}}, lab.provider.key)},
        {"access_token": jwt.encode({"alg": "ES256"}, claims | {"cnf": "x"}, lab.provider.key)},
        {"access_token": None},
        {"access_token": ["x"]},
    ):
        lab.provider.answer = dict(answer)
        assert lab.refuses(), answer
    assert not [request for request in lab.world.pods.requests if "Authorization" in request.headers]


@case("H-18", "a refresh that names somebody else")
def _(lab: Lab) -> None:
    other = lab.world.person.webid.replace("#me", "#other")
    for changes in (
        {"webid": other},
        {"sub": "somebody else"},
        {"iss": ELSEWHERE},
        {"aud": ELSEWHERE, "azp": ELSEWHERE},
    ):
        lab.as_before()
        browser = lab.browser()
        lab.provider.lifetime_s = 1
        lab.sign_in(browser)
        kept = lab.provider.key
        lab.provider.forge = forged(lab, None, None, **changes)
        lab.provider.mode = "refresh_other_webid" if "webid" in changes else "refresh_with_id_token"
        assert not is_in(browser), changes
        assert not is_in(browser), changes
        assert lab.provider.key is kept


# --- the browser's side


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
            pytest_fail()
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


# --- by chance


@dataclass
class Attempt:
    """One sign-in under hostile hands. `is_bad`: somebody signed in now would be a false sign-in."""

    claims: dict[str, Any]
    header: dict[str, Any]
    key: Any
    answer: dict[str, Any]
    back: dict[str, str | None]
    token: Callable[[str], str] | None = None
    profile: tuple[bytes, str] | None = None
    is_bad: bool = False
    names: tuple[str, ...] = ()


Mutation = Callable[[Attempt, random.Random, Lab], bool]  # whether it makes the attempt a bad one


def _claim(name: str, *values: Any) -> Mutation:
    def change(attempt: Attempt, chance: random.Random, _: Lab) -> bool:
        value = chance.choice(values)
        if value is _GONE:
            attempt.claims.pop(name, None)
        else:
            attempt.claims[name] = value
        return True

    return change


_GONE = object()
_ODD: tuple[Any, ...] = (
    _GONE,
    None,
    "",
    0,
    -1,
    True,
    False,
    [],
    {},
    [[]],
    "null",
    float("nan"),
    float("-inf"),
    "\x00",
    "é" * 40,
    "\ud800",
)


def _time(name: str, *offsets: float) -> Mutation:
    def change(attempt: Attempt, chance: random.Random, _: Lab) -> bool:
        attempt.claims[name] = time.time() + chance.choice(offsets) * chance.uniform(1, 50)
        return True

    return change


def _text_changed(text: str, chance: random.Random) -> str:
    """One small change somewhere: a sign more, less, other, its case."""
    at = chance.randrange(len(text))
    return chance.choice(
        (
            text[:at] + text[at + 1 :],
            text[:at] + chance.choice("aZ0/#?.%-_~:@\\ ") + text[at:],
            text[:at] + chr(ord(text[at]) ^ (1 << chance.randrange(6))) + text[at + 1 :],
            text[:at] + text[at].swapcase() + text[at + 1 :],
            text + chance.choice("/#. "),
        )
    )


def _near(name: str) -> Mutation:
    """A claim that is almost right."""

    def change(attempt: Attempt, chance: random.Random, _: Lab) -> bool:
        before = attempt.claims.get(name)
        if not before or not isinstance(before, str | list) or not all(isinstance(each, str) for each in before):
            return False  # another mutation was faster, and said what it makes of the attempt
        if isinstance(before, list):
            attempt.claims[name] = [_text_changed(each, chance) for each in before]
            return not set(attempt.claims[name]) & set(before)
        attempt.claims[name] = _text_changed(before, chance)
        return bool(attempt.claims[name] != before)

    return change


def _other_person(attempt: Attempt, chance: random.Random, lab: Lab) -> bool:
    """Somebody whose profile names another provider, or who is not there at all."""
    attempt.claims["webid"] = chance.choice(
        (
            f"{lab.world.pods.base}victim/profile/card#me",
            f"{lab.world.pods.base}nobody/profile/card#me",
            ELSEWHERE + "#me",
        )
    )
    if chance.random() < 0.3:
        attempt.claims["sub"] = attempt.claims.pop("webid")
    return True


def _other_key(attempt: Attempt, chance: random.Random, lab: Lab) -> bool:
    attempt.key = lab.provider.other_key
    public = lab.provider.other_key.as_dict(private=False)
    attempt.header |= chance.choice(
        (
            {},
            {"jwk": public},
            {"kid": "other"},
            {"jku": f"https://localhost:{lab.world.canary.port}/"},
            {"x5c": ["MIIB"]},
        )
    )
    return True


def _other_algorithm(attempt: Attempt, chance: random.Random, lab: Lab) -> bool:
    public = lab.provider.key.as_dict(private=False)
    kind = chance.randrange(3)
    if kind == 0:
        name = chance.choice(("none", "None", "nOnE", "", "HS256", "ES256K", "RS256", "ES384"))
        attempt.token = lambda _: f"{_encoded({'alg': name})}.{_encoded(attempt.claims)}."
    elif kind == 1:
        shared = chance.choice((json.dumps(public), lab.provider.key.as_pem(private=False).decode(), str(public["x"])))
        attempt.key, attempt.header["alg"] = shared.encode(), chance.choice(("HS256", "HS384", "HS512"))
    else:
        attempt.header["crit"] = chance.choice((["unknown"], ["exp"], [], "exp"))
        attempt.header["unknown"] = 1
    return True


def _damaged_token(attempt: Attempt, chance: random.Random, _: Lab) -> bool:
    """The first two parts are what was signed; in the third, only bits that count."""
    seed = chance.random()

    def damage(token: str) -> str:
        inner = random.Random(seed)
        parts = token.split(".")
        kind = inner.randrange(6)
        if kind == 0:
            part = inner.randrange(2)
            at = inner.randrange(len(parts[part]))
            other = inner.choice([c for c in "ABCDwxyz0189-_" if c != parts[part][at]])
            parts[part] = parts[part][:at] + other + parts[part][at + 1 :]
        elif kind == 1:
            signature = bytearray(base64.urlsafe_b64decode(parts[2] + "=="))
            signature[inner.randrange(len(signature))] ^= 1 << inner.randrange(8)
            parts[2] = base64.urlsafe_b64encode(bytes(signature)).rstrip(b"=").decode()
        elif kind == 2:
            parts[2] = parts[2][: inner.randrange(len(parts[2]) - 4)]
        elif kind == 3:
            parts[inner.randrange(3)] = ""
        elif kind == 4:
            parts.append(inner.choice(("", "x", parts[2])))
        else:
            parts = parts[: inner.randrange(3)]
        return ".".join(parts)

    attempt.token = damage
    return True


def _answer(*changes: dict[str, Any]) -> Mutation:
    def change(attempt: Attempt, chance: random.Random, _: Lab) -> bool:
        attempt.answer |= chance.choice(changes)
        return True

    return change


def _other_binding(attempt: Attempt, chance: random.Random, lab: Lab) -> bool:
    said: dict[str, Any] = {"webid": lab.world.person.webid}
    said |= chance.choice(
        ({}, {"cnf": {}}, {"cnf": {"jkt": "x"}}, {"cnf": {"jkt": None}}, {"cnf": []}, {"cnf": {"x5t#S256": "x"}})
    )
    attempt.answer["access_token"] = jwt.encode({"alg": "ES256"}, said, lab.provider.key)
    return True


def _back(name: str) -> Mutation:
    def change(attempt: Attempt, chance: random.Random, _: Lab) -> bool:
        before = attempt.back[name] or ""
        attempt.back[name] = chance.choice((None, "", _text_changed(before, chance), ELSEWHERE, "é"))
        return attempt.back[name] != before

    return change


def _profile(attempt: Attempt, chance: random.Random, lab: Lab) -> bool:
    """A profile that does not say, of exactly this person, exactly this provider."""
    issuer, says = lab.provider.issuer, "http://www.w3.org/ns/solid/terms#oidcIssuer"
    subject, predicate, name = f"<{lab.world.person.webid}>", f"<{says}>", f"<{issuer}>"
    kind = chance.randrange(7)
    if kind == 0:
        subject = chance.choice(("<>", "_:x", "<#other>", "<#ME>", f"<{ELSEWHERE}#me>"))
    elif kind == 1:
        predicate = chance.choice((f"<{says}s>", f"<{says.lower()}>", f"<{says.replace('http:', 'https:')}>", "a"))
    elif kind == 2:
        other = "<" + issuer.replace("localhost", chance.choice(("LOCALHOST", "127.0.0.1", "localhost."))) + ">"
        name = chance.choice((f'"{issuer}"', f"<{issuer}/>", f"<{issuer.rstrip('/')}>", f"<{ELSEWHERE}>", "_:x", other))
    elif kind == 3:
        attempt.profile = (
            f"<#me> {predicate} {name} .".encode(),
            chance.choice(("text/html", "application/rdf+xml", "")),
        )
        return True
    elif kind == 4:
        whole = f"{subject} {predicate} {name} ."
        attempt.profile = (whole[: chance.randrange(len(whole) - 3)].encode(), "text/turtle")
        return True
    elif kind == 5:
        attempt.profile = (chance.randbytes(chance.randrange(200)), "text/turtle")
        return True
    else:
        attempt.profile = (json.dumps({"@id": "#other", says: {"@id": issuer}}).encode(), "application/ld+json")
        return True
    attempt.profile = (f"{subject} {predicate} {name} .".encode(), "text/turtle")
    return True


def _harmless(attempt: Attempt, chance: random.Random, lab: Lab) -> bool:
    """What a correct provider may do as well: who would refuse it lets nobody in."""
    kind = chance.randrange(8)
    if kind == 0:
        attempt.claims[chance.choice(("name", "email", "amr", "acr"))] = chance.choice(("x", 5, [], {"a": None}))
    elif kind == 1:
        attempt.claims["aud"] = chance.choice(
            (attempt.claims["azp"], ["solid", attempt.claims["azp"]], [attempt.claims["azp"]])
        )
    elif kind == 2:
        attempt.answer["token_type"] = chance.choice(("dpop", "DPOP"))
    elif kind == 3:
        attempt.claims["iat"] = int(time.time()) - chance.randrange(50)
    elif kind == 4:
        attempt.answer["expires_in"] = chance.choice((None, "soon", -5, 10**12, True, 0.5))
    elif kind == 5:
        attempt.answer["refresh_token"] = chance.choice((None, 5, "x"))
    elif kind == 6:
        issuer = f"<http://www.w3.org/ns/solid/terms#oidcIssuer> <{ELSEWHERE}>, <{lab.provider.issuer}>"
        attempt.profile = (f"<#me> {issuer} ; <#likes> <#me>, 'é' .".encode(), "text/turtle")
    else:
        attempt.claims["sub"] = "an internal name"
    return False


MUTATIONS: dict[str, Mutation] = {
    "iss": _claim("iss", ELSEWHERE, *_ODD),
    "iss, nearly": _near("iss"),
    "aud": _claim("aud", ELSEWHERE, [ELSEWHERE, "solid"], ["solid"], *_ODD),
    "aud, nearly": _near("aud"),
    "azp": _claim("azp", ELSEWHERE, *_ODD),
    "azp, nearly": _near("azp"),
    "nonce": _claim("nonce", "another", *_ODD),
    "nonce, nearly": _near("nonce"),
    "exp": _claim("exp", "9999999999", float("inf"), *_ODD),
    "exp, past": _time("exp", -70, -3600),
    "iat": _claim("iat", "1", float("inf"), *(odd for odd in _ODD if odd not in (0, -1))),
    "iat, future": _time("iat", 70, 3600),
    "nbf, future": _time("nbf", 70, 3600),
    "at_hash": _claim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA", "", 5, [], None),
    "c_hash": _claim("c_hash", "AAAAAAAAAAAAAAAAAAAAAA", "", 5, [], None),
    "webid": _claim("webid", "javascript:alert(1)", "file:///x", "http://pod.example/#me", *_ODD[1:]),
    "webid, nearly": _near("webid"),
    "somebody else": _other_person,
    "somebody else, again": _other_person,
    "another key": _other_key,
    "another algorithm": _other_algorithm,
    "a damaged token": _damaged_token,
    "no token": _answer(
        {"id_token": None}, {"id_token": ""}, {"id_token": 5}, {"id_token": ["a.b.c"]}, {"id_token": "a.b.c"}
    ),
    "no access": _answer(
        {"access_token": None}, {"access_token": 5}, {"access_token": []}, {"access_token": "a" * 20_000}
    ),
    "a free token": _answer(
        {"token_type": "Bearer"}, {"token_type": None}, {"token_type": "DPoP2"}, {"token_type": []}
    ),
    "another binding": _other_binding,
    "state": _back("state"),
    "iss of the answer": _back("iss"),
    "profile": _profile,
    "profile, again": _profile,
    "harmless": _harmless,
    "harmless, again": _harmless,
}


@dataclass
class Tally:
    attempts: int = 0
    bad: int = 0
    false_sign_ins: int = 0
    false_refusals: int = 0
    crashes: int = 0
    shown: tuple[str, ...] = ()

    def note(self, what: str) -> None:
        if len(self.shown) < 20:
            self.shown = (*self.shown, what)


def by_chance(lab: Lab, number: int, seed: int) -> Tally:
    """So many sign-ins with one to three mutations each, all by one seed."""
    lab.as_before()
    victim = lab.world.pods.create_pod(f"victim{seed}")
    vouched = f"<#me> <http://www.w3.org/ns/solid/terms#oidcIssuer> <{ELSEWHERE}> ."
    for card in (victim.webid.partition("#")[0], f"{lab.world.pods.base}victim/profile/card"):
        lab.world.pods.put_bytes(card, vouched.encode())
    rules = lab.world.pods._stored[lab.world.person.webid.partition("#")[0] + ".acl"].body
    lab.world.pods.put_bytes(f"{lab.world.pods.base}victim/profile/card.acl", rules.replace(b"/demo/", b"/victim/"))
    at = oidc.provider(lab.transport, lab.provider.issuer)
    tally = Tally()
    for index in range(number):
        _one_by_chance(lab, at, random.Random(f"{seed}/{index}"), tally, f"{seed}/{index}")
        if index % 500 == 499:  # the provider remembers what it gave
            lab.provider.families.clear()
    lab.as_before()
    return tally


def _one_by_chance(lab: Lab, at: oidc.Provider, chance: random.Random, tally: Tally, name: str) -> None:
    client = oidc.Client("http://localhost:8000/client-id.jsonld")
    _, begun = oidc.begin(at, client, "http://localhost:8000/signin/callback", None, "/")
    provider, world = lab.provider, lab.world
    provider.nonce, provider.client, provider.webid = begun.nonce, client.client_id, world.person.webid
    back: dict[str, str | None] = {"code": "good", "state": begun.state, "iss": at.issuer}
    chosen = chance.sample(sorted(MUTATIONS), chance.choice((1, 1, 1, 2, 3)))
    attempt = Attempt({}, {"alg": "ES256"}, provider.key, {}, back, names=tuple(chosen))

    def forge(claims: dict[str, Any]) -> str:
        token = _signed(attempt.header, attempt.claims, attempt.key)
        return attempt.token(token) if attempt.token else token

    now = int(time.time())
    attempt.claims = {
        "iss": at.issuer,
        "sub": world.person.webid,
        "webid": world.person.webid,
        "aud": [client.client_id, "solid"],
        "azp": client.client_id,
        "iat": now,
        "exp": now + 600,
        "nonce": begun.nonce,
    }
    # All of them, then the harmless ones last: what makes an attempt bad stays so.
    for each in sorted(chosen, key=lambda each: not each.startswith("harmless")):
        attempt.is_bad |= MUTATIONS[each](attempt, chance, lab)
    provider.forge, provider.answer = forge, attempt.answer
    card = world.person.webid.partition("#")[0]
    if attempt.profile:
        world.pods.put_bytes(card, *attempt.profile)
    tally.attempts += 1
    tally.bad += attempt.is_bad
    try:
        tokens = oidc.finish(lab.transport, begun, {n: v for n, v in back.items() if v is not None})
    except MusetteError as error:
        if not attempt.is_bad:
            tally.false_refusals += 1
            tally.note(f"refused {name} {chosen}: {error}")
    except Exception as error:  # noqa: BLE001  (whatever it is, it is ours)
        tally.crashes += 1
        tally.note(f"crashed {name} {chosen}: {error!r}")
    else:
        # The same person under another spelling of the same address is the same person.
        is_the_same = _spelt(tokens.webid) == _spelt(world.person.webid) and "somebody" not in " ".join(chosen)
        if attempt.is_bad and not (is_the_same and set(chosen) <= {"webid, nearly", "harmless", "harmless, again"}):
            tally.false_sign_ins += 1
            tally.note(f"signed in {name} {chosen}: {tokens.webid}")
    finally:
        if attempt.profile:
            world.publish(f"solid:oidcIssuer <{at.issuer}>")


def _spelt(webid: str) -> tuple[str, str]:
    return canonical(webid), webid.partition("#")[2]


def _signed(header: dict[str, Any], claims: dict[str, Any], key: ECKey | bytes) -> str:
    """By hand: a library would not sign everything that somebody hostile signs."""
    text = f"{_encoded(header)}.{_encoded(claims)}"
    if isinstance(key, bytes):
        size = str(header["alg"])[-3:]
        signature = hmac.new(key, text.encode(), f"sha{size}").digest()
    else:
        assert key.private_key is not None
        r, s = utils.decode_dss_signature(key.private_key.sign(text.encode(), ec.ECDSA(SHA256())))
        signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return f"{text}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def _encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def figures(attempts: int = 10_000, seed: int = 20261125) -> list[Figure]:
    """The named cases, then the ones by chance."""
    with a_lab() as lab:
        held = 0
        for name, (what, body) in sorted(CASES.items()):
            lab.as_before()
            try:
                body(lab)
                held += 1
            except AssertionError as error:
                print(f"{name} does not hold ({what}): {error}")  # noqa: T201
        lab.provider.faults.clear()
        tally = by_chance(lab, attempts, seed)
        faults = len(lab.provider.faults)
    for line in tally.shown:
        print(line)  # noqa: T201
    return [
        Figure(
            "S-4 H-01..32",
            "named ways to sign in falsely that were refused",
            held,
            "of 32",
            "32",
            held == len(CASES) == 32,
        ),
        Figure(
            "S-4",
            f"false sign-ins in {tally.attempts} mutated tokens, answers and profiles ({tally.bad} of them bad)",
            tally.false_sign_ins,
            "",
            "0",
            tally.false_sign_ins == 0,
        ),
        Figure(
            "S-4 refused",
            "correct sign-ins refused among them",
            tally.false_refusals,
            "",
            "0",
            tally.false_refusals == 0,
        ),
        Figure("S-4 lab", "faults of the hostile provider itself", faults, "", "0", faults == 0),
        Figure("S-4 crashed", "sign-ins that ended in a fault of ours", tally.crashes, "", "0", tally.crashes == 0),
    ]
