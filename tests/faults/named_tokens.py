"""Tokens, by name: H-10 to H-18."""

import base64
import hashlib
import json
import time
from typing import Any

from joserfc import jwt

from tests.faults.forgery import ELSEWHERE, encoded, forged, signed
from tests.faults.hostile_world import Lab, cost, is_in
from tests.faults.named import case, somebody_is_in


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
        lab.provider.forge = lambda claims, k=shared: signed({"alg": "HS256"}, claims, k.encode())
        assert lab.refuses()
    for none in ("none", "None", "NONE", ""):
        lab.provider.forge = lambda claims, a=none: f"{encoded({'alg': a})}.{encoded(claims)}."
        assert lab.refuses(), none
    lab.provider.forge = lambda claims: signed({"alg": "ES256", "crit": ["exp2"], "exp2": 1}, claims, lab.provider.key)
    assert lab.refuses()
    assert lab.world.canary.hits == 0


@case("H-11", "fifty megabytes of answer, of token, of header")
def _(lab: Lab) -> None:
    fat = "a" * 50_000_000
    for change in ({"padding": fat}, {"id_token": fat}, {"access_token": fat}, {"id_token": f"{fat}.e30.e30"}):
        lab.provider.answer = dict(change)
        seconds, _ = cost(lambda: lab.refuses() or somebody_is_in())
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
    seconds, _ = cost(lambda: lab.refuses() or somebody_is_in())
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
