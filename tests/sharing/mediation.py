"""Beside dossiers: somebody is invited to comment, adds, and can do nothing else; both sides are told of the end.

A comment is added by who was invited, and by nobody else (I6); nobody changes one, and only the person takes one away; what was
kept is kept once, under the name of who could write it (I9); when the dossier ends, so does the invitation (I4).
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from musette_solid.errors import MusetteError
from musette_solid.model import grant as grants
from musette_solid.pod import resources
from musette_solid.pod.errors import PodError
from musette_solid.rdf import names, syntax, terms
from musette_solid.rdf.delta import Delta, n3_patch
from musette_solid.usecases import acknowledge, letters
from musette_solid.usecases import comment as commenting
from musette_solid.usecases.comment import Said
from musette_solid.usecases.granted import Opened, announced, read_dossier
from musette_solid.usecases.revoke import revoke
from tests.sharing.dossiers import Dossiers

WORDS = ("Bien.", "Dites les montants.\nEt les dates.", "</script>", "« CANARY »", "x" * 4000)


class Mediation(Dossiers):
    @precondition(lambda self: self.activities and len(self.open) < 4)
    @rule(who=st.sampled_from(["one", "other"]), days=st.integers(0, 60))
    def invite(self, who: str, days: int) -> None:
        share_id, until = self._new(), self.now.date() + timedelta(days)
        self._share(who, share_id, until, comments=True)
        self.open[share_id] = (who, until)
        self._invited(share_id)

    def _mediated(self) -> list[str]:
        return sorted(share_id for share_id in self.open if share_id in self.invited)

    def _opened(self, share_id: str) -> Opened:
        who, _ = self.open[share_id]
        return read_dossier(self.agents[who], self.bag.layout.dossier(share_id), self.now)

    def _said(self, share_id: str) -> tuple[Said, ...]:
        """What lies beside a share; each document of it is asked for from now on."""
        found = commenting.received(self.bag, share_id)
        for one in found:
            document = names.document(one.comment.iri)
            if document not in self.invited[share_id]:
                self.invited[share_id].add(document)
                self.cells.append(document)
                self.touched.add(document)
        return found

    @precondition(lambda self: self._mediated())
    @rule(text=st.sampled_from(WORDS))
    def comment(self, text: str) -> None:
        share_id = self.random.choice(self._mediated())
        before = self._said(share_id)
        commenting.comment(self.agents[self.open[share_id][0]], self._opened(share_id), text, self.now)
        after = self._said(share_id)
        if len(after) != len(before) + 1 or not {one.comment for one in before} <= {one.comment for one in after}:
            self._violated("adding a comment changed what was there")
        if any(one.is_mine for one in after if one not in before):
            self._violated("what the recipient wrote is taken for the person's")

    @precondition(lambda self: self._mediated())
    @rule(what=st.sampled_from(["keep", "answer", "discard"]))
    def the_person_decides(self, what: str) -> None:
        share_id = self.random.choice(self._mediated())
        said = self._said(share_id)
        if not said:
            return
        who, _ = self.open[share_id]
        one = self.random.choice(said)
        match what:
            case "keep":
                author = self.bag.owner if one.is_mine else self.webids[who]
                if not one.is_mine:
                    commenting.keep(self.bag, share_id, one.comment.iri, author)
                    commenting.keep(self.bag, share_id, one.comment.iri, author)
                kept = [k for k in commenting.kept(self.bag) if k.iri == one.comment.iri]
                if [(k.author, k.text) for k in kept] != [(author, one.comment.text)]:
                    self._violated(f"I9: {len(kept)} copies were kept, of {[k.author for k in kept]}")
            case "answer":
                commenting.answer(self.bag, share_id, one.comment.iri, "Merci.", self.now)
                (answer,) = (a for a in self._said(share_id) if a not in said)
                beside = {c.iri for c in commenting.read_beside(self.agents[who], self._opened(share_id))}
                if not answer.is_mine or answer.comment.iri not in beside:
                    self._violated("an answer of the person is not told as theirs")
            case _:
                commenting.discard(self.bag, share_id, one.comment.iri)
                document = names.document(one.comment.iri)
                self.invited[share_id].discard(document)
                self.touched.add(document)

    @precondition(lambda self: self._mediated())
    @rule()
    def the_commenter_tries_what_is_not_theirs(self) -> None:
        """To write over, take away or add to what lies there; to add anywhere else; to speak in the person's name."""
        share_id = self.random.choice(self._mediated())
        who, _ = self.open[share_id]
        layout, agent = self.bag.layout, self.agents[who]
        own = layout.comments(share_id)
        for document in sorted(self.invited[share_id]):
            self._tries(who, document, ("PUT", "PATCH", "DELETE"))
        self._tries(who, own, ("PUT", "DELETE"))
        elsewhere = [layout.share(share_id), layout.shares, layout.root, layout.grants]
        elsewhere += [layout.comments(s) for s in self.invited if s not in self.open or self.open[s][0] != who]
        for place in elsewhere:
            self._tries(who, place, ("POST",))
        forged = (
            f'<#it> a <{terms.OA_ANNOTATION}> ; <{terms.OA_BODY_VALUE}> "moi" ; '
            f"<{terms.OA_HAS_TARGET}> <{layout.dossier(share_id)}> ; <{terms.OA_MOTIVATED_BY}> <{terms.OA_REPLYING}> ; "
            f"<{terms.DCTERMS_CREATOR}> <{self.bag.owner}> ; "
            f'<{terms.DCTERMS_CREATED}> "{self.now.isoformat()}"^^<{terms.XSD_DATE_TIME}> .'
        )
        before = self._said(share_id)
        assert agent.send("POST", own, {"Content-Type": syntax.TURTLE}, forged.encode()).ok
        if any(one.is_mine for one in self._said(share_id) if one not in before):
            self._violated("words under the person's name are taken for theirs")

    def _tries(self, name: str, url: str, methods: Iterable[str]) -> None:
        change = n3_patch(Delta(into=frozenset(syntax.parse(b"<#x> <urn:p> 3 .", syntax.TURTLE, url))))
        bodies = {"PATCH": ("text/n3", change), "DELETE": ("text/plain", None)}
        for method in methods:
            kind, body = bodies.get(method, (syntax.TURTLE, b"<#x> <urn:p> 3 ."))
            status = self.agents[name].send(method, url, {"Content-Type": kind}, body).status
            type(self).counted.probes += 1
            if status < 400:
                self._violated(f"I6: {name} may {method} {url}")

    @precondition(lambda self: self._mediated())
    @rule()
    def the_mandate_ends(self) -> None:
        """Closed: whoever commented adds nothing any more, and reads nothing of what was said."""
        share_id = self.random.choice(self._mediated())
        opened = self._opened(share_id)
        self._said(share_id)
        kept = {one.iri for one in commenting.kept(self.bag)}
        who, _ = self.open.pop(share_id)
        assert revoke(self.bag, share_id, self.now).verified
        for place in self._places(share_id):
            self._ask(who, place)
        with suppress(MusetteError):
            commenting.comment(self.agents[who], opened, "Trop tard.", self.now)
            self._violated("I4: a comment was added after the end")
        if commenting.read_beside(self.agents[who], opened):
            self._violated("I4: what was said can be read after the end")
        if {one.iri for one in commenting.kept(self.bag)} != kept:
            self._violated("what was kept did not outlive the dossier")
        self._touch(share_id)

    # The announcement of the end

    @precondition(lambda self: self.open)
    @rule()
    def revoke_and_tell(self) -> None:
        share_id = self._pick()
        del self.open[share_id]
        self.told |= set(acknowledge.tell(self.bag, [revoke(self.bag, share_id, self.now)], self.now))
        if share_id not in self.told:
            self._violated("the end of a dossier was not told to its recipient")
        self._touch(share_id)
        self._recipients_know()

    @precondition(lambda self: self.open)
    @rule()
    def a_stranger_says_that_it_ended(self) -> None:
        """Under the person's name: what is open stays open in the list of its recipient."""
        share_id = self._pick()
        who, _ = self.open[share_id]
        forger = self.place.agent(self.webids["stranger"])
        forger.webid = self.bag.owner
        about = f"{self.bag.layout.dossier(share_id)}#it"
        box = self.theirs[who].layout.inbox
        assert letters.send(forger, box, terms.AS_UNDO, about, self.webids[who], "Dossier", self.now)
        self._recipients_know()

    @precondition(lambda self: self.told)
    @rule(forged=st.booleans())
    def no_copy_is_left(self, forged: bool) -> None:
        """The word of who could read it is kept beside the grant, once; that of anybody else counts for nothing."""
        share_id = self.random.choice(sorted(self.told))
        place, about = self.bag.layout.grant(share_id), f"{self.bag.layout.dossier(share_id)}#it"
        grant = self._grant(place)
        who = next(name for name, webid in self.webids.items() if webid == grant.recipient)
        if forged:
            stranger = self.place.agent(self.webids["stranger"])
            letters.send(stranger, self.bag.layout.inbox, terms.AS_DELETE, about, self.bag.owner, "x", self.now)
        else:
            acknowledge.say_deleted(self.theirs[who].pod, about, self.now)
        acknowledge.look(self.bag, self.now)
        after = self._grant(place)
        if forged and after != grant:
            self._violated("the word of a stranger was kept")
        if not forged and after.copies_deleted_at is None:
            self._violated("the word of the recipient was not kept")

    def _grant(self, place: str) -> grants.Grant:
        self.bag.pod.cache.forget(place)
        return grants.read(resources.read(self.bag.pod, place).graph)

    def _recipients_know(self) -> None:
        """I10, on the other side: what is open is never listed as over, what one was told is over never as open."""
        today = self.now.date()
        for name, bag in self.theirs.items():
            try:
                found = announced(bag.pod, today)
            except PodError:
                continue
            type(self).counted.probes += 1
            opens = {names.document(one.about) for one in found.open}
            over = {names.document(one.letter.about) for one in found.over}
            mine = {self.bag.layout.dossier(share_id) for share_id, (who, _) in self.open.items() if who == name}
            if over & mine:
                self._violated(f"I10: {name} is told that what is open is over")
            if opens & {self.bag.layout.dossier(share_id) for share_id in self.told}:
                self._violated(f"I10: {name} is told that what is over is open")
            silent = {self.bag.layout.dossier(share_id) for share_id in self.unannounced}
            if mine - opens - silent:
                self._violated(f"I10: {name} was not told of what is open")

    def _receipts_are_reality(self) -> None:
        super()._receipts_are_reality()
        self._recipients_know()
