"""People, organisations and another application at work on one bag, over real HTTP, in any order; after each step, five agents ask.

Here: dossiers opened, renewed, closed, in every order and cut anywhere. What lies beside them is in `mediation`, what everybody
may read in `published`; `machine` is all of it.

The model knows what was granted and what another application opened. What any agent can read must be that, and nothing more
(I1), and that, not less (I2); the owner keeps control (I3); a closed dossier is closed when closing returns (I4); a crash shows
nobody more than before or after (I5); nobody but the owner writes (I6) or lists (I7); rules of others stay (I8); doing
something again changes nothing (I9); receipts that hold and shares that are open are the same (I10).
"""

import random
import threading
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from musette_solid.errors import MusetteError
from musette_solid.model import receipt as receipts
from musette_solid.model.dossier import Selection, Terms
from musette_solid.pod import access, acp, containers, resources, wac
from musette_solid.pod.errors import Unreachable
from musette_solid.pod.http import Limits, Request, Response, Transport
from musette_solid.pod.links import links
from musette_solid.pod.session import Pod
from musette_solid.pod.wac import Mode
from musette_solid.rdf import syntax, terms
from musette_solid.rdf.delta import Delta, n3_patch
from musette_solid.usecases import intents, set_up
from musette_solid.usecases import share as sharing
from musette_solid.usecases.acknowledge import tell
from musette_solid.usecases.correct_activity import remove_activity
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import log_activity
from musette_solid.usecases.recover import recover
from musette_solid.usecases.renew import prolong
from musette_solid.usecases.revoke import expire, list_shares, revoke
from musette_solid.usecases.who_sees import make_private_again, revoke_all, who_sees

START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
#: Cells asked for after each step, beside those that the step touched.
SAMPLE = 6
#: In a thorough run every cell is asked for after each step, so many of them in other ways too, and so many of sequences before.
_IN_EVERY_WAY = 60
_OF_BEFORE = 40


@dataclass
class Counted:
    """What was asked over all runs of a process; `violations` says what was wrong, in words."""

    steps: int = 0
    runs: int = 0
    probes: int = 0
    violations: list[str] = field(default_factory=list)


class Crashing:
    """A transport that dies at the k-th request from now: not sent, or sent and the answer lost; dead from then on."""

    def __init__(self, inner: Transport) -> None:
        self.inner = inner
        self.left: int | None = None
        self.after = False

    def send(self, request: Request, limits: Limits | None = None) -> Response:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                if self.left == -1 and self.after:
                    self.inner.send(request, limits or Limits())
                raise Unreachable(request.url, host="dead")
        return self.inner.send(request, limits or Limits())


class Place:
    """A server with five agents on it. `agent(webid)` is a way in; None: not signed in."""

    def __init__(self, agent: Callable[[str | None], Pod], people: Iterable[tuple[str, str]]) -> None:
        self.agent = agent
        self.owner, self.one, self.other, self.stranger = people


class Dossiers(RuleBasedStateMachine):
    """`place` is set by a subclass or by whoever runs it."""

    place: ClassVar[Place]
    counted: ClassVar[Counted] = Counted()
    #: Many more questions after each step, side by side: for the long run.
    thorough: ClassVar[bool] = False
    #: Shares of sequences before this one, all closed, and what lay in them.
    before: ClassVar[set[str]] = set()

    # Setting out

    @initialize(seed=st.integers(0, 2**16))
    def begin(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.now = START
        owner, storage = self.place.owner
        self.agents = {
            name: self.place.agent(webid)
            for name, webid in (
                ("one", self.place.one[0]),
                ("other", self.place.other[0]),
                ("stranger", self.place.stranger[0]),
                ("nobody", None),
            )
        }
        self.webids = {"one": self.place.one[0], "other": self.place.other[0], "stranger": self.place.stranger[0]}
        # The recipients have bags of their own: their letterboxes are told what was opened and what is over.
        self.theirs = {name: self._bag_of(*one) for name, one in (("one", self.place.one), ("other", self.place.other))}
        pod = self.place.agent(owner)
        self.clean = pod.transport
        self.crashing = Crashing(pod.transport)
        pod.transport = self.crashing
        self.bag = set_up.find(pod) or set_up.create(pod, storage, self.now)
        self.bag.pod.transport = self.crashing
        for line in list_shares(self.bag, self.now.date()).lines:
            if line.state != "revoked":
                revoke(self.bag, line.share_id, self.now)
        for box in (self.bag, *self.theirs.values()):
            for letter in containers.members(box.pod, box.layout.inbox):
                resources.delete(box.pod, letter.iri)
        self.open: dict[str, tuple[str, date]] = {}  # share -> recipient's name, last day
        self.published: dict[str, str] = {}  # document -> agent's name, or "everybody"
        self.ours: set[str] = set()  # what the person published themselves: everybody reads it
        self.invited: dict[str, set[str]] = {}  # share whose recipient may comment -> documents of comments
        self.told: set[str] = set()  # shares that were closed, and their recipient told so
        self.unannounced: set[str] = set()  # shares that opened while the letter that tells of them was lost
        self.foreign: set[str] = set()
        layout = self.bag.layout
        self.cells: list[str] = [
            layout.root,
            layout.activities,
            layout.skills,
            layout.shares,
            layout.grants,
            layout.bag,
            layout.inbox,
            layout.comments_kept,
        ]
        self.touched: set[str] = set(self.cells)
        self.rules_at: dict[str, str] = {}  # where the rules of a cell are, or were
        # What earlier runs left in the bag stays there, and is no part of this one.
        self.activities: list[str] = []
        self._clean()
        type(self).counted.runs += 1

    def _clean(self) -> None:
        """What an earlier sequence may have left open is closed."""

    def _bag_of(self, webid: str, storage: str) -> Bag:
        pod = self.place.agent(webid)
        return set_up.find(pod) or set_up.create(pod, storage, self.now)

    def teardown(self) -> None:
        if not hasattr(self, "bag"):
            return
        self.crashing.left = None
        self.touched.update(self.cells)
        self.everybody_asks(whole=True)
        for document in list(self.published):
            make_private_again(self.bag, document)
        for share_id in list(self.open):
            revoke(self.bag, share_id, self.now)
        type(self).before |= {cell for cell in self.cells if cell.startswith(self.bag.layout.shares)}

    # What happens

    @rule(title=st.sampled_from(["Trésorerie", "Caisse </script>", "État « civil »", "diploma", "CANARY"]))
    def create(self, title: str) -> None:
        texts = {"title": [title], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}
        self.activities.append(log_activity(self.bag, texts, self.now))
        self.touched.add(self.bag.layout.activities)

    def _terms(self, who: str, until: date, *, comments: bool) -> Terms:
        agreed = ("Dossier", self.bag.owner, "Demo", self.webids[who], str(terms.PURPOSE_RECRUITMENT), self.now, until)
        return Terms(*agreed, comments=comments)

    def _share(self, who: str, share_id: str, until: date, bag: Bag | None = None, *, comments: bool = False) -> None:
        chosen = Selection(frozenset(self.activities[-3:]))
        to = sharing.Recipient(self.webids[who], None, self.theirs[who].layout.inbox, ())
        sharing.share(bag or self.bag, chosen, self._terms(who, until, comments=comments), to, share_id)
        sharing.confirm(bag or self.bag, share_id, [self.agents["stranger"]])

    def _new(self) -> str:
        share_id = sharing.new_id()
        layout = self.bag.layout
        self.cells += [layout.dossier(share_id), layout.share(share_id), layout.grant(share_id)]
        self.touched |= set(self.cells[-3:])
        return share_id

    @precondition(lambda self: self.activities and len(self.open) < 4)
    @rule(who=st.sampled_from(["one", "other"]), days=st.integers(0, 60))
    def grant(self, who: str, days: int) -> None:
        share_id, until = self._new(), self.now.date() + timedelta(days)
        self._share(who, share_id, until)
        self.open[share_id] = (who, until)

    def _pick(self) -> str:
        return self.random.choice(sorted(self.open))

    def _places(self, share_id: str) -> set[str]:
        """What lies in a share, open or closed."""
        layout = self.bag.layout
        beside = self.invited.get(share_id)
        comments = set() if beside is None else {layout.comments(share_id), *beside}
        return {layout.dossier(share_id), layout.share(share_id), *comments}

    def _touch(self, share_id: str) -> None:
        self.touched |= self._places(share_id)

    @precondition(lambda self: self.open)
    @rule(again=st.booleans())
    def revoke(self, again: bool) -> None:
        share_id = self._pick()
        who, _ = self.open.pop(share_id)
        assert revoke(self.bag, share_id, self.now).verified
        # I4: from the moment it returns.
        for place in self._places(share_id):
            self._ask(who, place)
        if again:  # I9
            grant = self.bag.layout.grant(share_id)
            before = frozenset(resources.read(self.bag.pod, grant).graph)
            revoke(self.bag, share_id, self.now + timedelta(hours=1))
            self.bag.pod.cache.forget(grant)
            assert frozenset(resources.read(self.bag.pod, grant).graph) == before
        self._touch(share_id)

    @rule(who=st.sampled_from(["one", "other"]))
    def revoke_everything(self, who: str) -> None:
        revoke_all(self.bag, self.webids[who], self.now)
        for share_id in [s for s, (name, _) in self.open.items() if name == who]:
            del self.open[share_id]
            self._touch(share_id)

    @precondition(lambda self: self.open)
    @rule(days=st.integers(0, 90))
    def prolong(self, days: int) -> None:
        share_id = self._pick()
        who, _ = self.open[share_id]
        if not self._has_profile(who):
            return
        until = self.now.date() + timedelta(days)
        made = prolong(self.bag, share_id, until, self.now)
        assert sharing.confirm(self.bag, made.share_id, [self.agents["stranger"]]).holds
        del self.open[share_id]
        self.open[made.share_id] = (who, until)
        layout = self.bag.layout
        self.cells += [layout.dossier(made.share_id), layout.share(made.share_id), layout.grant(made.share_id)]
        self.touched |= set(self.cells[-3:])
        self._touch(share_id)
        if share_id in self.invited:
            self._invited(made.share_id)

    def _invited(self, share_id: str) -> None:
        """Its recipient may comment from now on."""
        self.invited[share_id] = set()
        self.cells.append(self.bag.layout.comments(share_id))
        self._touch(share_id)

    def _has_profile(self, who: str) -> bool:
        try:
            sharing.check_recipient(self.bag, self.webids[who])
        except sharing.RecipientRefused:
            return False
        return True

    @rule(days=st.integers(1, 40))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days)
        ended = expire(self.bag, self.now)
        self.told |= set(tell(self.bag, ended, self.now))
        closed = {one.share_id for one in ended}
        over = {s for s, (_, until) in self.open.items() if until < self.now.date()}
        assert closed >= over
        for share_id in over:
            del self.open[share_id]
            self._touch(share_id)

    @precondition(lambda self: self.activities)
    @rule(recreate=st.booleans())
    def delete(self, recreate: bool) -> None:
        iri = self.activities.pop(0)
        remove_activity(self.bag, iri)
        if recreate:
            self.create("again")

    @rule()
    def move(self) -> None:
        """A document gets another name: copied, then deleted. In between and afterwards it is as private as before."""
        layout, number = self.bag.layout, self.random.randrange(10**6)
        old, new = f"{layout.root}evidence/a-{number}.ttl", f"{layout.root}evidence/b-{number}.ttl"
        for iri in (old, new):
            resources.put(self.bag.pod, iri, b"<#it> <urn:p> 1 .", syntax.TURTLE, {})
            self.cells.append(iri)
            self.touched.add(iri)
        resources.delete(self.bag.pod, old)

    # Another application

    @rule(who=st.sampled_from(["other", "everybody"]))
    def another_application_opens(self, who: str) -> None:
        document = f"{self.bag.layout.root}evidence/open-{len(self.foreign) % 3}.ttl"
        resources.put(self.bag.pod, document, b"<#it> <urn:p> 2 .", syntax.TURTLE, {})
        rules = access.rules(self.bag.pod, document)
        agent = wac.PUBLIC if who == "everybody" else self.webids[who]
        everybody = who == "everybody"
        if rules.kind == access.ACP:
            acp_graph = acp.private(rules.graph, document, rules.document, self.bag.owner, container=False)
            graph = acp.with_agent(
                *(acp_graph, document, rules.document, agent, {Mode.READ}, "theirs"),
                contents=False,
                everybody=everybody,
            )
        else:
            private = wac.owner_only(document, rules.document, self.bag.owner, container=False)
            graph = wac.with_agent(
                *(private, document, rules.document, agent, {Mode.READ}, "theirs"), contents=False, everybody=everybody
            )
        resources.put(self.bag.pod, rules.document, syntax.turtle(graph), syntax.TURTLE, {})
        self.published[document] = who
        self.foreign.add(document)
        self.cells.append(document)
        self.touched.add(document)

    @precondition(lambda self: self.published)
    @rule()
    def what_another_application_opened_is_told(self) -> None:
        openings = {one.place for one in who_sees(self.bag, self.now.date(), everywhere=True).openings}
        assert set(self.published) <= openings, "an opening was not told"

    @precondition(lambda self: self.published)
    @rule()
    def make_private(self) -> None:
        document = self.random.choice(sorted(self.published))
        make_private_again(self.bag, document)
        del self.published[document]
        self.touched.add(document)

    @precondition(lambda self: self.open)
    @rule()
    def another_application_closes(self) -> None:
        """It takes our rule away: told as failed, and nobody reads."""
        share_id = self._pick()
        access.make_private(self.bag.pod, self.bag.layout.share(share_id), self.bag.owner)
        del self.open[share_id]
        states = {s.line.share_id: s.state for s in who_sees(self.bag, self.now.date()).sights}
        if states[share_id] != "failed":
            self._violated(f"a rule that was taken away is told as {states[share_id]}")
        revoke(self.bag, share_id, self.now)
        self._touch(share_id)

    # Crashes, and two at once

    @precondition(lambda self: self.activities and len(self.open) < 4)
    @rule(who=st.sampled_from(["one", "other"]), k=st.integers(0, 20), after=st.booleans(), comments=st.booleans())
    def crash_while_granting(self, who: str, k: int, after: bool, comments: bool) -> None:
        share_id, until = self._new(), self.now.date() + timedelta(30)
        if comments:
            self._invited(share_id)
        self._crash(k, lambda: self._share(who, share_id, until, comments=comments), after=after)
        # I5: at this moment, before anything is put right, at most the recipient reads.
        for name in self.agents:
            for place in self._places(share_id):
                self._ask(name, place, also={who})
        self._recover()
        states = {line.share_id: line.state for line in list_shares(self.bag, self.now.date()).lines}
        assert states.get(share_id) in {None, "active"}, states
        if states.get(share_id) == "active":
            self.open[share_id] = (who, until)
            self.unannounced.add(share_id)

    @precondition(lambda self: self.open)
    @rule(k=st.integers(0, 10), after=st.booleans())
    def crash_while_revoking(self, k: int, after: bool) -> None:
        share_id = self._pick()
        who, until = self.open.pop(share_id)
        self._crash(k, lambda: revoke(self.bag, share_id, self.now), after=after)
        for name in self.agents:
            for place in self._places(share_id):
                self._ask(name, place, also={who})
        self._recover()
        states = {line.share_id: line.state for line in list_shares(self.bag, self.now.date()).lines}
        assert states[share_id] in {"active", "revoked"}, states
        if states[share_id] == "active":  # it died before it had said what it was about to do
            self.open[share_id] = (who, until)
        self._touch(share_id)

    def _crash(self, k: int, operation: Callable[[], Any], *, after: bool) -> None:
        self.crashing.left, self.crashing.after = k, after
        with suppress(MusetteError):
            operation()
        self.crashing.left = None

    def _recover(self) -> None:
        """The application starts again: it remembers nothing, and puts right what it finds."""
        fresh = self.place.agent(self.place.owner[0])
        fresh.transport = self.crashing
        self.bag = Bag(fresh, self.bag.layout)
        intents.here._left.clear()
        recover(self.bag, self.now, everything=True)

    @precondition(lambda self: self.open)
    @rule()
    def two_tabs_revoke(self) -> None:
        share_id = self._pick()
        del self.open[share_id]
        self._at_once(lambda bag: revoke(bag, share_id, self.now))
        self._touch(share_id)

    @precondition(lambda self: self.activities and len(self.open) < 4)
    @rule(who=st.sampled_from(["one", "other"]))
    def two_tabs_grant(self, who: str) -> None:
        """The same form, sent twice."""
        share_id, until = self._new(), self.now.date() + timedelta(30)
        self._at_once(lambda bag: self._share(who, share_id, until, bag))
        self._recover()
        if share_id in {line.share_id for line in list_shares(self.bag, self.now.date()).lines}:
            self.open[share_id] = (who, until)

    def _at_once(self, operation: Callable[[Bag], Any]) -> None:
        def one() -> None:
            pod = self.place.agent(self.place.owner[0])
            with suppress(MusetteError):
                operation(Bag(pod, self.bag.layout))

        threads = [threading.Thread(target=one) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    # What must hold

    def _may_read(self, name: str, url: str) -> bool:
        for share_id, (who, _) in self.open.items():
            if who == name and url in self._places(share_id):
                return True
        return url in self.ours or self.published.get(url) in {name, "everybody"}

    def _may_add(self, name: str, url: str) -> bool:
        """Who is signed in may drop something into a letterbox, who was invited something beside a dossier."""
        if url == self.bag.layout.inbox:
            return name != "nobody"
        return any(
            who == name and share_id in self.invited and url == self.bag.layout.comments(share_id)
            for share_id, (who, _) in self.open.items()
        )

    def _ask(self, name: str, url: str, also: Iterable[str] = ()) -> None:
        self._judge(name, url, self._status(name, "GET", url), also)

    def _status(self, name: str, method: str, url: str) -> int:
        return self.agents[name].send(method, url, {"Accept": f"{resources.ACCEPT}, */*;q=0.1"}).status

    def _judge(self, name: str, url: str, status: int, also: Iterable[str] = ()) -> None:
        type(self).counted.probes += 1
        may = self._may_read(name, url)
        if status == 200 and not may and name not in also:
            self._violated(f"I1: {name} reads {url}")
        if may and status != 200 and name not in also:
            self._violated(f"I2: {name} does not read {url}: {status}")

    def _violated(self, what: str) -> None:
        type(self).counted.violations.append(what)
        raise AssertionError(what)

    @invariant()
    def everybody_asks(self, *, whole: bool = False) -> None:
        if not hasattr(self, "cells"):
            return
        type(self).counted.steps += 1
        others = [cell for cell in self.cells if cell not in self.touched]
        asked = sorted(self.touched) + self.random.sample(others, min(SAMPLE, len(others)))
        if self.thorough:
            self._everything_is_asked(asked)
        else:
            for url in asked:
                for name in self.agents:
                    self._ask(name, url)
        for url in self.random.sample(asked, min(2, len(asked))) if not whole else asked[-8:]:
            self._nobody_writes(url)
        self._owner_controls(self.random.choice(asked))
        if whole:
            self._receipts_are_reality()
        self.touched = set()

    def _everything_is_asked(self, touched: Collection[str]) -> None:
        """Every agent, every cell; some in every way there is to read: its head and its rules; and what was closed long ago.

        Nothing is asked twice: (agent, method, address) once a step.
        """
        cells = sorted(set(self.cells))
        more = set(touched) | set(self.random.sample(cells, min(_IN_EVERY_WAY, len(cells))))
        gone = sorted(type(self).before - set(cells))
        asked = {("GET", url) for url in (*cells, *self.random.sample(gone, min(_OF_BEFORE, len(gone))))}
        asked |= {("HEAD", url) for url in more}
        self.bag.pod.together([partial(self._finds_rules, url) for url in sorted(more - self.rules_at.keys())])
        rules = {self.rules_at[url] for url in more if url in self.rules_at}
        asked |= {("GET", place) for place in rules}
        questions = [(name, method, url) for method, url in sorted(asked) for name in self.agents]
        statuses = self.bag.pod.together([partial(self._status, *question) for question in questions])
        for (name, _, url), status in zip(questions, statuses, strict=True):
            if url not in rules:
                self._judge(name, url, status)
                continue
            type(self).counted.probes += 1
            if status == 200:
                self._violated(f"I1: {name} reads the rules at {url}")

    def _finds_rules(self, url: str) -> None:
        place = links(self.bag.pod.send("HEAD", url, {"Accept": "*/*"})).only("acl")
        if place is not None:
            self.rules_at[url] = place

    def _nobody_writes(self, url: str) -> None:
        """I6, and rule documents with it."""
        change = n3_patch(Delta(into=frozenset(syntax.parse(b"<#x> <urn:p> 3 .", syntax.TURTLE, url))))
        for name, agent in self.agents.items():
            for method, kind, body in (
                ("PUT", syntax.TURTLE, b"<#x> <urn:p> 3 ."),
                ("PATCH", "text/n3", change),
                ("DELETE", "text/plain", None),
                ("POST", syntax.TURTLE, b"<#x> <urn:p> 3 ."),
            ):
                # A container is added to and deleted; a document is never added to in this way.
                if url.endswith("/") is not (method == "POST") and method != "DELETE":
                    continue
                if method == "POST" and self._may_add(name, url):
                    continue
                status = agent.send(method, url, {"Content-Type": kind}, body).status
                type(self).counted.probes += 1
                if status < 400:
                    self._violated(f"I6: {name} may {method} {url}")

    def _owner_controls(self, url: str) -> None:
        """I3: reads it, where it is there, and its rules; and the rules are for nobody else to read."""
        response = self.bag.pod.send("HEAD", url, {"Accept": "*/*"})
        found = links(response)
        type(self).counted.probes += 1
        if response.status == 404:
            return
        place = found.only("acl")
        if response.status != 200 or place is None:
            self._violated(f"I3: the owner hears {response.status} about {url}")
            return
        for name, agent in self.agents.items():
            status = agent.send("GET", place, {"Accept": resources.ACCEPT}).status
            type(self).counted.probes += 1
            if status == 200:
                self._violated(f"I1: {name} reads the rules of {url}")
        if not access.has_control(self.bag.pod, response, found):
            self._violated(f"I3: the owner has lost control of {url}")

    def _receipts_are_reality(self) -> None:
        """I10 and I8: what holds on paper is what the rules say, and other applications' openings are still there."""
        today = self.now.date()
        for _ in range(3):
            picture = who_sees(self.bag, today, everywhere=True)
            if not picture.unreadable:  # a busy server that did not answer is told as that, and asked again
                break
        effective = {f"urn:uuid:{s.line.share_id}" for s in picture.sights if s.state == "effective"}
        holding = {
            one.iri
            for one in (receipts.of_grant(s.line.grant) for s in picture.sights)
            if one.status(today) in {terms.DPV_CONSENT_GIVEN, terms.DPV_RENEWED_CONSENT_GIVEN}
        }
        if not effective == holding == {f"urn:uuid:{share_id}" for share_id in self.open}:
            states = {s.line.share_id: s.state for s in picture.sights if s.state != "closed"}
            self._violated(f"I10: {states} {holding} {sorted(self.open)} {picture.unreadable} {picture.looked_at}")
        if not set(self.published) <= {one.place for one in picture.openings}:
            self._violated("I8: what another application had opened is gone")


def people_of(server: Any) -> list[tuple[str, str]]:
    return [tuple(server.create_pod(name, name.title())) for name in ("owner", "one", "other", "stranger")]


__all__ = ["Counted", "Dossiers", "Place", "containers", "people_of"]
