"""`make bench`: how fast, as ratios against direct authenticated requests to the same pod, in the same run.

Times are medians of pairs measured in turn, so that what else the machine does weighs on both sides alike.
"""

import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from musette_solid.embedded import accounts, server
from musette_solid.errors import MusetteError
from musette_solid.model.dossier import Selection, Terms
from musette_solid.pod import oidc, resources
from musette_solid.pod.http import Limits, Outgoing, Request, Response
from musette_solid.pod.resources import ACCEPT
from musette_solid.pod.session import Pod
from musette_solid.rdf import names, syntax, terms
from musette_solid.rdf.delta import Delta, n3_patch
from musette_solid.start import settle
from musette_solid.usecases import log_time, set_up, time_totals
from musette_solid.usecases import share as sharing
from musette_solid.usecases.later import LATER
from musette_solid.usecases.layout import Bag
from musette_solid.web import Config, create_app
from tests.bench import day, everybody, many_dossiers, references, rights, warm
from tests.figures import Figure, publish

NOW = datetime.now(UTC).replace(microsecond=0)
TODAY = NOW.date()
ACTIVITIES, SKILLS, ENTRIES = 500, 300, 10_000
YEARS, ACTIVITIES_A_YEAR = 10, 12
ROUNDS = 15


class Counting:
    """The real transport, and a list of what went through it."""

    def __init__(self, inner: Outgoing) -> None:
        self._inner = inner
        self.sent: list[tuple[str, str]] = []
        self.received_bytes = 0

    def send(self, request: Request, limits: Limits = Limits()) -> Response:  # noqa: B008
        self.sent.append((request.method, request.url))
        answer = self._inner.send(request, limits)
        self.received_bytes += len(answer.body)
        return answer


@dataclass
class Somebody:
    """A visitor of the web application who is simply there."""

    pod: Pod
    bag: Bag

    @property
    def root(self) -> str:
        return self.bag.layout.root


class Bench:
    def __init__(self, css: server.PodServer) -> None:
        self.css = css
        self.transport = Counting(Outgoing(frozenset({f"localhost:{css.port}"})))
        self.person = accounts.create(css.url, "demo-person@example.org", "musette-demo", "demo-person")
        self.organisation = accounts.create(css.url, "demo-org@example.org", "musette-demo", "demo-org")
        self.pod = self.agent(self.person)
        self.bag = set_up.create(self.pod, self.person.pod, NOW)
        set_up.create(self.agent(self.organisation), self.organisation.pod, NOW)
        self._fill()

    def agent(self, account: accounts.Account) -> Pod:
        client = oidc.Client(account.client_id, account.client_secret)
        credentials = oidc.ClientCredentials(self.transport, self.css.url, client, account.webid)
        return Pod(self.transport, account.webid, credentials)

    def cold(self) -> Pod:
        """The same agent with an empty memory; its token is there, as it is for somebody who is signed in."""
        return Pod(self.transport, self.pod.webid, self.pod.credentials)

    def _fill(self) -> None:
        layout = self.bag.layout
        text = "Un texte de longueur ordinaire, comme on en écrit pour se souvenir de ce qui a été fait. "
        activities = [
            f'<#a-{i}> a mus:Activity ; dcterms:title "Activité {i}" ; mus:sphere mus:sphere-volunteering ; '
            f'schema:startDate "{2000 + i % 25}-03"^^xsd:gYearMonth ; schema:endDate "{2001 + i % 25}-06"^^xsd:gYearMonth ; '
            f'org:organization <#o-{i % 40}> ; schema:roleName "Rôle {i}" ; dcterms:description "{text * 2}" ; '
            f"mus:mobilises <{layout.skills}#s-{i % SKILLS}>, <{layout.skills}#s-{(i + 7) % SKILLS}> ; "
            f'dcterms:created "2026-01-01T00:00:00+00:00"^^xsd:dateTime .'
            for i in range(ACTIVITIES)
        ] + [f'<#o-{i}> a org:Organization ; foaf:name "Organisation {i}" .' for i in range(40)]
        skills = [
            f'<#s-{i}> a mus:Skill ; skos:prefLabel "Compétence {i}" . <#m-{i}> a mus:Assessment ; mus:skill <#s-{i}> ; '
            f"mus:level mus:level-autonomous ; prov:wasAttributedTo <{self.person.webid}> ; "
            f'dcterms:date "2026-01-0{1 + i % 9}"^^xsd:date .'
            for i in range(SKILLS)
        ]
        for iri, lines in ((layout.activities, activities), (layout.skills, skills)):
            self._put(iri, lines)
        self.fill_time(ENTRIES)

    def fill_time(self, number: int) -> None:
        """So many entries, over ten years, each year with a dozen activities; and their summary."""
        layout = self.bag.layout
        for back in range(YEARS):
            year = TODAY.year - back
            last = min(TODAY, date(year, 12, 31))
            days = last.timetuple().tm_yday
            entries = [
                f"<#t-{i}> a mus:TimeEntry ; "
                f"mus:activity <{layout.activities}#a-{(5 * back + i % ACTIVITIES_A_YEAR) % ACTIVITIES}> ; "
                f'dcterms:date "{last - timedelta(days=i % days)}"^^xsd:date ; mus:minutes {15 + i % 300} ; '
                f"mus:precision mus:precision-exact ."
                for i in range(number // YEARS)
            ]
            self._put(layout.time(year), entries)
        resources.delete(self.pod, layout.summary)
        time.sleep(1)
        time_totals.refresh(Bag(self.cold(), layout), TODAY, datetime.now(UTC) + timedelta(hours=1))

    def _put(self, iri: str, lines: list[str]) -> None:
        prefixes = "\n".join(f"@prefix {p}: <{n}> ." for p, n in syntax.PREFIXES.items())
        resources.delete(self.pod, iri)
        body = (prefixes + "\n" + "\n".join(lines)).encode()
        resources.put(self.pod, iri, body, syntax.TURTLE, {"If-None-Match": "*"})

    def counted(self, action: Callable[[], object]) -> list[tuple[str, str]]:
        self.transport.sent.clear()
        action()
        return list(self.transport.sent)

    # --- what is measured

    def log_an_hour(self) -> list[Figure]:
        """The same patch twice: by the use case, and straight to the pod."""
        layout = self.bag.layout
        target = layout.time(TODAY.year)

        def direct() -> None:
            iri = f"{target}#{names.fragment('t', TODAY)}"
            entry = syntax.parse(
                f"<{iri}> a <{terms.TimeEntry}> ; <{terms.ACTIVITY}> <{layout.activities}#a-1> ; "
                f'<{terms.DCTERMS_DATE}> "{TODAY}"^^<{terms.XSD_DATE}> ; <{terms.MINUTES}> 60 ; '
                f"<{terms.PRECISION}> <{terms.PRECISION_EXACT}> .".encode(),
                syntax.TURTLE,
                target,
            )
            body = n3_patch(Delta(into=frozenset(entry)))
            answer = self.pod.send("PATCH", target, {"Content-Type": "text/n3"}, body)
            if not answer.ok:
                raise SystemExit(f"direct patch answered {answer.status}")

        def ours() -> None:
            log_time.log_time(self.bag, f"{layout.activities}#a-1", 60, TODAY)

        sent = self.counted(ours)
        ratio = _ratio(ours, direct, ROUNDS)
        writes = sum(method in {"PATCH", "PUT", "POST", "DELETE"} for method, _ in sent)
        return [
            Figure("P3-writes", "log an hour: writes to the pod", writes, "writes", "= 1", writes == 1, len(sent)),
            Figure(
                "P3", "log an hour / the same PATCH sent directly", ratio, "ratio", "<= 1.3", ratio <= 1.3, len(sent)
            ),
        ]

    def first_page(self) -> list[Figure]:
        """The first page over a cold memory, against the raw parallel transfer of the documents it needs."""
        layout = self.bag.layout
        own = [layout.activities, layout.skills]
        cold_needs = [*own, layout.times, layout.summary]
        with tempfile.TemporaryDirectory() as folder:
            config = Config(base_url="http://localhost:8000", data=Path(folder))
            there = Somebody(self.pod, self.bag)
            client = create_app(config, who=lambda: there).test_client()
            settle()

            def page() -> None:
                answer = client.get("/", headers={"Host": "localhost:8000"})
                if answer.status_code != 200:
                    raise SystemExit(f"the first page answered {answer.status_code}")

            def cold_page() -> None:
                there.pod = self.cold()
                there.bag = Bag(there.pod, layout)
                page()

            def fetched(pod: Pod, needed: Sequence[str], etags: Mapping[str, str], status: int) -> list[Response]:
                def one(iri: str) -> Response:
                    known = {"If-None-Match": etags[iri]} if iri in etags else {}
                    return pod.send("GET", iri, {"Accept": ACCEPT, **known})

                answers = pod.together([partial(one, iri) for iri in needed])
                if any(answer.status != status for answer in answers):
                    raise SystemExit(f"a document answered something else than {status}")
                return answers

            # The templates are compiled and the words read by the warm-up of `_ratio`: that is not the pod's cost. What was
            # logged before is summed first.
            cold_page()
            LATER.settle()
            sent = self.counted(cold_page)
            ratio = _ratio(cold_page, lambda: fetched(self.cold(), cold_needs, {}, 200), ROUNDS)
            warm_needs = [*own, *time_totals.recent_years(self.bag, TODAY)]
            etags = {answer.url: answer.headers["ETag"] for answer in fetched(self.cold(), warm_needs, {}, 200)}
            # The second look of a session reads the year itself; from the third on everything is asked about.
            page()
            LATER.settle()
            sent_warm = self.counted(page)
            warm = _ratio(page, lambda: fetched(there.pod, warm_needs, etags, 304), ROUNDS)
            grown = self._grown(cold_page)
        things = f"first page, {ACTIVITIES} activities, {SKILLS} skills, {ENTRIES} entries"
        what = f"{things}, cold / raw parallel transfer"
        again = f"{things}, nothing changed since the last time / parallel conditional requests"
        return [
            Figure("P1", what, ratio, "ratio", "<= 1.5", ratio <= 1.5, len(sent)),
            Figure("P1-warm", again, warm, "ratio", "<= 1.5", warm <= 1.5, len(sent_warm)),
            *grown,
        ]

    def _grown(self, cold_page: Callable[[], None]) -> list[Figure]:
        """The same page as entries grow a hundredfold; and once more when the year has just moved."""
        layout = self.bag.layout
        times: dict[int, list[float]] = {}
        received: dict[int, int] = {}
        requests: dict[int, int] = {}
        for number in (1_000, ENTRIES, 100_000):
            self.fill_time(number)
            cold_page()
            self.transport.received_bytes = 0
            requests[number] = len(self.counted(cold_page))
            received[number] = self.transport.received_bytes
            gc.collect()
            times[number] = [_seconds(cold_page) for _ in range(2 * ROUNDS)]
        few, many = 1_000, 100_000
        slower = statistics.median(times[many]) / statistics.median(times[few])
        longer = received[many] / received[few]
        moved = []
        for _ in range(3):
            log_time.log_time(self.bag, f"{layout.activities}#a-1", 60, TODAY)
            moved.append(_seconds(cold_page))
            LATER.settle()
        after = statistics.median(moved) / statistics.median(times[many])
        # What is measured next is measured in an ordinary bag: years of 10,000 entries each do not fit into a session's memory.
        self.fill_time(ENTRIES)
        what = f"cold first page, {many} entries / {few} entries"
        return [
            Figure("P4-time", f"{what}: time", slower, "ratio", "<= 1.2", slower <= 1.2, requests[many]),
            Figure("P4-bytes", f"{what}: bytes", longer, "ratio", "<= 1.2", longer <= 1.2, requests[many]),
            Figure(
                "P4-moved",
                f"cold first page just after a write into a year of {many // YEARS} entries / with a summary that holds",
                after,
                "ratio",
                "",
                holds=True,
                requests=requests[many] + 1,
            ),
        ]

    def shares(self) -> list[Figure]:
        layout = self.bag.layout
        recipient = sharing.check_recipient(self.bag, self.organisation.webid)
        figures = []
        for items in (10, ACTIVITIES + SKILLS):
            activities = frozenset(f"{layout.activities}#a-{i}" for i in range(min(items, ACTIVITIES)))
            skills = frozenset(f"{layout.skills}#s-{i}" for i in range(max(0, items - ACTIVITIES)))
            agreed = Terms(
                "Dossier", self.bag.owner, None, recipient.webid, str(terms.PURPOSE_RECRUITMENT), NOW, date(2099, 1, 1)
            )

            chosen = Selection(activities, skills)
            sent = self.counted(partial(sharing.share, self.bag, chosen, agreed, recipient, sharing.new_id()))
            sources = {layout.activities, layout.skills, layout.identities}
            own = [url for _, url in sent if url.startswith(layout.root) and url not in sources]
            what = f"share {items} items: requests to the person's space (reading the sources and announcing apart)"
            figures.append(Figure(f"P5-{items}", what, len(own), "requests", "<= 6", len(own) <= 6, len(sent)))
        return figures


def _ratio(ours: Callable[[], object], theirs: Callable[[], object], rounds: int) -> float:
    """Median of ours over median of theirs, measured in turn after a warm-up of both."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(2):
        ours()
        theirs()
    gc.collect()
    for number in range(rounds):
        pairs = [(ours, times[0]), (theirs, times[1])]
        for action, kept in pairs if number % 2 else reversed(pairs):
            begun = time.perf_counter()
            action()
            kept.append(time.perf_counter() - begun)
    return statistics.median(times[0]) / statistics.median(times[1])


def _seconds(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def main() -> int:
    try:
        server.install()
        with (
            tempfile.TemporaryDirectory() as folder,
            server.PodServer(Path(folder), server.free_port()) as css,
        ):
            bench = Bench(css)
            figures = [
                *bench.log_an_hour(),
                *bench.first_page(),
                *bench.shares(),
                *warm.figures(css, bench.person, bench.bag.layout),
                *day.figures(css, bench.person, bench.bag.layout, TODAY.year),
                *many_dossiers.figures(css, bench.person, bench.organisation, bench.bag.layout),
                *references.figures(),
                *rights.figures(),
            ]
        figures += everybody.figures()
    except MusetteError as error:
        sys.stderr.write(" ".join(error.sentences()) + "\n")
        return 1
    publish("bench", figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
