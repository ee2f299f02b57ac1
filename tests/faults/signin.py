"""S-4: nobody is signed in who should not be. Thirty-two ways to try, by name, and ten thousand by chance.

The provider is real, on loopback, and does what it is told. Each case ends with the same question: is somebody in?
"""

import random
import time
from dataclasses import dataclass
from typing import Any

from musette_solid.errors import MusetteError
from musette_solid.pod import oidc
from musette_solid.rdf.names import canonical
from tests.faults import named_answers, named_browsers, named_tokens
from tests.faults.forgery import ELSEWHERE, signed
from tests.faults.hostile_world import Lab, a_lab
from tests.faults.mutations import MUTATIONS, Attempt
from tests.faults.named import CASES
from tests.figures import Figure

#: Imported for the cases that they name.
NAMED = (named_answers, named_tokens, named_browsers)


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
        token = signed(attempt.header, attempt.claims, attempt.key)
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
