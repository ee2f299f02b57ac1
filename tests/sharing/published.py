"""What the person shows to everybody, and takes back: a page, a calendar at its address, a request; and an archive put back.

What is published is read by everybody, alone; nothing beside it is; what was taken back is gone when taking back returns; an
archive that is put back opens nothing.
"""

from collections.abc import Callable  # noqa: TC003  (as everywhere in this house)
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from musette_solid.model import calendar_feed
from musette_solid.model.dossier import Selection
from musette_solid.model.portfolio import DRAFT, Portfolio
from musette_solid.model.request import Need
from musette_solid.pod import containers, resources
from musette_solid.rdf import names, terms
from musette_solid.usecases import answer_request, archive, ask, publish, publish_calendar, put_back, unpublish
from musette_solid.usecases.who_sees import who_sees
from tests.sharing.mediation import Mediation

NEEDS = (Need(terms.Activity, {"fr": "Ce que vous avez fait"}),)


class Published(Mediation):
    _archive: bytes | None = None

    def _clean(self) -> None:
        super()._clean()
        unpublish.withdraw(self.bag, self.now)
        publish_calendar.withdraw(self.bag, self.now)
        for one in ask.list_asked(self.bag, ()):
            ask.withdraw(self.bag, one.request_id, self.now)

    # A page

    @precondition(lambda self: self.activities)
    @rule()
    def publish_a_page(self) -> None:
        self._prepare()
        publish.publish(self.bag, self.now)
        self._follow_what_is_public()

    def _prepare(self) -> None:
        chosen = Selection(frozenset(self.activities[-2:]))
        document = f"{self.bag.layout.portfolio}#{DRAFT}"
        publish.prepare(self.bag, Portfolio(iri=document, name="Demo", saved_at=self.now, selection=chosen))

    @rule()
    def withdraw_the_page(self) -> None:
        layout = self.bag.layout
        assert unpublish.withdraw(self.bag, self.now).verified
        self.ours -= {layout.page, layout.published}
        for name in self.agents:
            self._ask(name, layout.page)
        self.touched |= {layout.page, layout.published}

    # A calendar

    @rule()
    def publish_a_calendar(self) -> None:
        standing = publish_calendar.standing(self.bag)
        if standing is None or standing.state == "withdrawn":
            publish_calendar.publish(self.bag, "fr", self.now)
        self._follow_what_is_public()

    @rule()
    def withdraw_the_calendar(self) -> None:
        standing = publish_calendar.standing(self.bag)
        publish_calendar.withdraw(self.bag, self.now)
        if standing is not None:
            self.ours -= {standing.url, standing.container}
            for name in self.agents:
                self._ask(name, standing.url)
            self.touched |= {standing.url, standing.container}

    # Requests

    @rule()
    def ask_for_something(self) -> None:
        if len(containers.members(self.bag.pod, self.bag.layout.requests)) < 3:
            ask.ask(self.bag, "Atelier", terms.PURPOSE_RESEARCH, 30, NEEDS, {}, self.now)
        self._follow_what_is_public()

    @rule()
    def withdraw_a_request(self) -> None:
        for one in ask.list_asked(self.bag, ())[:1]:
            document = self.bag.layout.request(one.request_id)
            ask.withdraw(self.bag, one.request_id, self.now)
            gone = {document, names.resolve(document, "./")}
            self.ours -= gone
            for name in self.agents:
                self._ask(name, document)
            self.touched |= gone

    @rule(who=st.sampled_from(["one", "other"]), decision=st.sampled_from(["decline", "ask back", "silence", "wait"]))
    def a_request_is_answered(self, who: str, decision: str) -> None:
        """Whatever is said to it, nothing opens."""
        theirs = self.theirs[who]
        made = ask.ask(theirs, "Stage", terms.PURPOSE_TRAINING_ADMISSION, 30, NEEDS, {}, self.now)
        opened = answer_request.open_request(self.bag, made.request.iri)
        match decision:
            case "decline":
                answer_request.decline(self.bag, opened, self.now, "Non")
            case "ask back":
                answer_request.ask_back(self.bag, opened, "Qui lira ?", self.now)
            case "silence":
                answer_request.silence(self.bag, theirs.owner, self.now, made.request.iri)
                answer_request.hear_again(self.bag, theirs.owner)
            case _:
                ask.send(theirs, made.request, self.bag.owner, self.now)
        answer_request.letterbox(self.bag, self.now)
        ask.withdraw(theirs, made.request_id, self.now)
        self.touched |= set(self.cells[:8])

    # An archive

    @rule()
    def put_an_archive_back(self) -> None:
        """As it was at some earlier moment: what was open then opens nothing now."""
        if self._archive is None:
            self._archive = archive.make(self.bag, self.now).data
            return
        put_back.restore(self.bag, self._archive, now=self.now)
        self.touched |= set(self.cells)

    # Crashes

    @precondition(lambda self: self.activities)
    @rule(
        what=st.sampled_from(["page", "page away", "calendar", "calendar away", "request"]),
        k=st.integers(0, 16),
        after=st.booleans(),
    )
    def crash_while_publishing(self, what: str, k: int, after: bool) -> None:
        self._prepare()
        steps: dict[str, Callable[[], Any]] = {
            "page": lambda: publish.publish(self.bag, self.now),
            "page away": lambda: unpublish.withdraw(self.bag, self.now),
            "calendar": lambda: publish_calendar.publish(self.bag, "fr", self.now),
            "calendar away": lambda: publish_calendar.withdraw(self.bag, self.now),
            "request": lambda: ask.ask(self.bag, "Atelier", terms.PURPOSE_RESEARCH, 30, NEEDS, {}, self.now),
        }
        self._crash(k, steps[what], after=after)
        # I5: at this moment, only what was meant to be public may be.
        for url in self.cells:
            if url not in self.ours:
                self._ask("nobody", url, also={"nobody"} if self._is_for_everybody(url) else ())
        self._recover()
        self._follow_what_is_public()

    def _is_for_everybody(self, url: str) -> bool:
        layout = self.bag.layout
        inside = [place for place in (layout.requests, layout.calendars) if names.is_within(place, url)]
        return names.is_within(layout.published, url) or any(url != place for place in inside)

    def _follow_what_is_public(self) -> None:
        """What the person's own documents say is public is what everybody reads, from now on."""
        layout = self.bag.layout
        before, self.ours = self.ours, set()
        page = publish.standing(self.bag).public
        if page is not None and page.state == "published":
            self.ours |= {layout.page, layout.published}
        feed = calendar_feed.read(resources.read(self.bag.pod, layout.calendar).graph)
        if feed is not None and feed.state == "published":
            self.ours |= {feed.url, feed.container}
        for one in ask.list_asked(self.bag, ()):
            document = layout.request(one.request_id)
            self.ours |= {document, names.resolve(document, "./")}
        places = self.ours | {layout.portfolio, layout.calendar, layout.calendars, layout.requests, layout.answers}
        self.cells += sorted(places - set(self.cells))
        self.touched |= before | places

    def _receipts_are_reality(self) -> None:
        super()._receipts_are_reality()
        picture = who_sees(self.bag, self.now.date(), everywhere=True)
        said = (picture.public_page, picture.public_calendar)
        feed = publish_calendar.standing(self.bag)
        real = (self.bag.layout.page in self.ours, feed is not None and feed.url in self.ours)
        if said != real:
            self._violated(f"I10: a page and a calendar are public: {said} is told, {real} is so")
