"""A letterbox flooded on a real server: what a page says meanwhile, another letterbox, the old one emptied; figures H-80.

    python -m tests.sharing.flood [--letters 50000] [--large-mb 100] [--acp]

The letters are put on the disk of the server beside its own, as it would have kept them: to send them would take an hour.
"""

import argparse
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from musette_solid.embedded import server
from musette_solid.model.request import Need
from musette_solid.pod import oidc
from musette_solid.pod.http import Outgoing
from musette_solid.pod.session import Pod
from musette_solid.rdf import syntax, terms
from musette_solid.usecases import set_up
from musette_solid.usecases.answer_request import letterbox
from musette_solid.usecases.ask import ask, send
from musette_solid.usecases.empty_letterbox import CannotBeListed, Emptied, empty
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.renew_letterbox import letterboxes, renew
from musette_solid.usecases.who_sees import who_sees
from tests.conformance.conftest import _account
from tests.figures import Figure, publish

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
_JUNK = """@prefix as: <https://www.w3.org/ns/activitystreams#> .
<urn:uuid:00000000-0000-4000-8000-{0:012}> a as:Offer ; as:actor <https://somebody.example/card#me> ;
  as:object <https://somebody.example/r/{0}.ttl#it> ; as:summary "Junk {0}" ;
  as:published "2026-11-25T10:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> .
"""


def fill(folder: Path, letters: int, large_bytes: int) -> None:
    for number in range(letters):
        (folder / f"l{number:06}.ttl").write_text(_JUNK.format(number), "utf-8")
    with (folder / "enormous.ttl").open("wb") as file:
        file.write(b"<#x> <urn:p> '")
        for _ in range(large_bytes // 1_000_000):
            file.write(b"x" * 1_000_000)
        file.write(b"' .")


def measure(letters: int, large_bytes: int, *, acp: bool = False) -> list[Figure]:
    server.install()
    data = Path(tempfile.mkdtemp())
    with server.PodServer(data, server.free_port(), acp=acp) as running:
        outgoing = Outgoing(frozenset({f"localhost:{running.port}"}))

        def bag_of(name: str) -> Bag:
            made = _account(running.url, name)
            client = oidc.Client(made.client_id, made.client_secret)
            pod = Pod(outgoing, made.webid, oidc.ClientCredentials(outgoing, running.url, client, made.webid))
            return set_up.create(pod, made.pod, NOW)

        person, organisation = bag_of("owner"), bag_of("one")
        old = person.layout.inbox
        fill(data / "pod" / old.removeprefix(running.url), letters, large_bytes)

        def asks(title: str) -> bool:
            made = ask(organisation, title, terms.PURPOSE_RESEARCH, 30, (Need(terms.Activity),), {}, NOW)
            return send(organisation, made.request, person.owner, NOW)

        said: dict[str, float] = {}

        def timed(what: str, begun: float) -> None:
            said[what] = time.monotonic() - begun
            sys.stderr.write(f"{what}: {said[what]:.1f} s\n")

        taken = asks("Before")
        begun = time.monotonic()
        first = letterbox(person, NOW)
        timed("the letterbox is read, or given up", begun)
        begun = time.monotonic()
        picture = who_sees(person, NOW.date())
        timed("who can see what", begun)
        begun = time.monotonic()
        fresh = renew(person)
        timed("another letterbox", begun)
        kind = {"Content-Type": syntax.TURTLE}
        refused = organisation.pod.send("POST", old, kind, b"<> a <urn:x> .").status
        received = asks("After")
        begun = time.monotonic()
        second = letterbox(person, NOW)
        timed("the new letterbox is read", begun)
        last = [0, 0]
        begun = time.monotonic()
        result: Emptied | None = None
        try:
            result = empty(person, old, NOW, lambda *step: last.__setitem__(slice(None), step))
        except CannotBeListed:
            sys.stderr.write("the old one cannot be listed\n")
        timed("the old one is emptied, or said to be too full", begun)
        boxes = letterboxes(person)
    where = (
        f"{letters} letters and one of {large_bytes // 1_000_000} MB, Community Solid Server, {'ACP' if acp else 'WAC'}"
    )
    whole = first.is_overfull or [one.title for one in first.waiting].count("Before") == 1
    return [
        Figure(
            "H-80 read",
            f"the letterbox is read, or given up ({where})",
            said["the letterbox is read, or given up"],
            "s",
            "<= 60",
            whole,
        ),
        Figure(
            "H-80 who",
            f"who can see what, meanwhile ({where})",
            said["who can see what"],
            "s",
            "<= 60",
            not picture.unreadable,
        ),
        Figure(
            "H-80 renewed",
            f"from the gesture to another letterbox ({where})",
            said["another letterbox"],
            "s",
            "<= 60",
            boxes.current == fresh,
        ),
        Figure(
            "H-80 closed", f"what the old one answers to a letter ({where})", refused, "status", "403", refused == 403
        ),
        Figure(
            "H-80 received",
            f"letters received in the new one ({where})",
            [one.title for one in second.waiting].count("After"),
            "letters",
            "1",
            taken and received and [one.title for one in second.waiting].count("After") == 1,
        ),
        Figure(
            "H-80 emptied",
            f"letters deleted from the old one in {said['the old one is emptied, or said to be too full']:.0f} s; -1: it cannot be listed ({where})",
            result.deleted if result else -1,
            "letters",
            "all, or told",
            result is None or boxes.old == (),
        ),
    ]


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--letters", type=int, default=50_000)
    asked.add_argument("--large-mb", type=int, default=100)
    asked.add_argument("--acp", action="store_true")
    said = asked.parse_args()
    figures = measure(said.letters, said.large_mb * 1_000_000, acp=said.acp)
    publish("flood", figures)
    return 0 if all(figure.holds for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
