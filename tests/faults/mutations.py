"""What chance does to a sign-in: to its token, to the answer, to the profile; each says whether it makes it a bad one."""

import base64
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from joserfc import jwt

from tests.faults.forgery import ELSEWHERE, encoded
from tests.faults.hostile_world import Lab


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
        attempt.token = lambda _: f"{encoded({'alg': name})}.{encoded(attempt.claims)}."
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
