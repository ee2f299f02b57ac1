"""Shares: choose, look at exactly what the recipient will see, open, follow, close.

The words on these pages are for deciding: who, what, why, until when. What the site cannot enforce is said there too.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from musette_solid.errors import MusetteError
from musette_solid.model import people as people_model
from musette_solid.model import sensitivity
from musette_solid.model.activity import Activity
from musette_solid.model.dates import PartialDate
from musette_solid.model.dossier import USUAL, Selection, Terms
from musette_solid.model.identity import FacetsMixed
from musette_solid.model.people import Person
from musette_solid.model.picking import Search, found
from musette_solid.model.request import fits
from musette_solid.model.skill import Skill
from musette_solid.pod import resources
from musette_solid.pod.errors import PodError
from musette_solid.rdf import terms
from musette_solid.rdf.names import local
from musette_solid.usecases import acknowledge, renew
from musette_solid.usecases.acknowledge import tell_later
from musette_solid.usecases.answer_request import Opened, accepted, check_unchanged, open_request
from musette_solid.usecases.comment import received
from musette_solid.usecases.follow import selection_of
from musette_solid.usecases.journal import chosen_notes
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import Listing, list_activities
from musette_solid.usecases.prove import Proof
from musette_solid.usecases.revoke import ShareLine, expire, list_shares, revoke
from musette_solid.usecases.share import (
    BadTerms,
    NothingChosen,
    PreviewOutdated,
    Recipient,
    RecipientRefused,
    check_recipient,
    confirm,
    new_id,
    preview,
    share,
)
from musette_solid.web import access, clock, forms, i18n, journal, notices, probe, things
from musette_solid.web.access import with_bag
from musette_solid.web.forms import Control, Form, Option, Problem
from musette_solid.web.i18n import gettext

bp = Blueprint("shares", __name__, url_prefix="/shares")

#: Three months: time to decide, short enough to be forgotten without harm.
PROPOSED = timedelta(days=92)

#: Of these, one at most: the first of each is what is shown unless one says otherwise; "" shows nothing.
_ONE_OF = {
    "dates": ("detail-dates", "detail-years", ""),
    "level": ("detail-level", "detail-levels", ""),
    "hours": ("", "detail-weekly-hours", "detail-total-hours", "detail-each-hour"),
}
_ANY_OF = ("detail-text", "detail-places", "detail-evidence", "detail-rights")
_DETAILS = {*_ANY_OF, *(name for names in _ONE_OF.values() for name in names if name)}


@dataclass(frozen=True)
class Asked:
    """What the form says, as texts: shown again as it was typed."""

    activities: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    recipient: str = ""
    purpose: str = ""
    until: str = ""
    title: str = ""
    note: str = ""
    name: str = ""
    share_id: str = ""
    issued: str = ""
    digest: str = ""
    named: tuple[str, ...] = ()  # sensitive things, chosen one by one
    notes: tuple[str, ...] = ()  # of the journal, each by its name: `2026-r-20261122-bcdfgh`
    detail: tuple[str, ...] = tuple(sorted(local(iri) for iri in USUAL))
    currency: str = local(terms.CURRENCY_FROZEN)
    comments: str = ""  # "yes": the recipient may leave comments
    request: str = ""  # the request that this answers, and the mark of it as it was shown
    request_shown: str = ""

    @classmethod
    def from_request(cls) -> "Asked":
        form = request.form
        return cls(
            activities=tuple(form.getlist("activity")),
            skills=tuple(form.getlist("skill")),
            recipient=form.get("recipient", "").strip(),
            purpose=form.get("purpose", ""),
            until=forms.as_iso(form.get("until", "")),
            title=form.get("title", "").strip(),
            note=form.get("note", "").replace("\r\n", "\n").strip(),
            name=form.get("name", "").strip(),
            share_id=form.get("share_id", ""),
            issued=form.get("issued", ""),
            digest=form.get("digest", ""),
            named=tuple(form.getlist("named")),
            notes=tuple(form.getlist("journal")),
            detail=tuple(sorted({*form.getlist("detail"), *(form.get(name, "") for name in _ONE_OF)} & _DETAILS)),
            currency=form.get("currency", local(terms.CURRENCY_FROZEN)),
            comments=form.get("comments", ""),
            request=form.get("request", ""),
            request_shown=form.get("request_shown", ""),
        )

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """For hidden inputs: everything, so that each step can go back without losing a word."""
        return [
            *(("activity", name) for name in self.activities),
            *(("skill", name) for name in self.skills),
            *(("named", name) for name in self.named),
            *(("journal", name) for name in self.notes),
            *(("detail", name) for name in self.detail),
            *((name, getattr(self, name)) for name in _CARRIED),
        ]

    def selection(self, bag: Bag) -> Selection:
        """A sensitive thing comes with the name of its document: `activities#a-1`."""
        layout = bag.layout
        places = {"activities": layout.activities, "skills": layout.skills}
        named = {
            f"{places[kind]}#{name}" for kind, _, name in (one.partition("#") for one in self.named) if kind in places
        }
        notes = frozenset(journal.iri_of(bag, name) for name in self.notes)
        return Selection(
            activities=frozenset(
                {f"{layout.activities}#{name}" for name in self.activities}
                | {iri for iri in named if iri.startswith(layout.activities + "#")}
            ),
            skills=frozenset(
                {f"{layout.skills}#{name}" for name in self.skills}
                | {iri for iri in named if iri.startswith(layout.skills + "#")}
            ),
            detail=frozenset(URIRef(terms.MUS + name) for name in self.detail),
            named=frozenset(named) | notes,
            notes=notes,
            live=self.currency == local(terms.CURRENCY_LIVE),
        )


_CARRIED = (
    "recipient",
    "purpose",
    "until",
    "title",
    "note",
    "name",
    "share_id",
    "issued",
    "currency",
    "comments",
    "request",
    "request_shown",
)


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    today = clock.today()
    shares = list_shares(bag, today)
    return render_template("pages/shares.html", lines=shares.lines, unreadable=shares.unreadable)


@bp.get("/new")
@with_bag
def new(bag: Bag) -> ResponseReturnValue:
    url = request.args.get("request", "")
    if url:
        return _choose_page(bag, _answering(open_request(bag, url)))
    again = request.args.get("again", "")
    if again:
        return _choose_page(bag, _again(renew.line_of(bag, again, clock.today()), bag))
    until = (clock.today() + PROPOSED).isoformat()
    note = request.args.get("note", "")
    if note:
        asked = Asked(notes=(note,), until=until, title=gettext("From my journal"))
        return _choose_page(bag, asked)
    skill = request.args.get("assess", "")
    if skill:  # to be seen by somebody else: without one's own level, which would speak for them
        detail = tuple(sorted(local(iri) for iri in USUAL - {terms.DETAIL_LEVEL}))
        title, note = (
            gettext("A skill to look at"),
            gettext("Where do you see me with this? Your answer comes to me alone."),
        )
        asked = Asked(
            skills=(skill,), until=until, title=title, note=note, detail=detail, purpose=str(terms.PURPOSE_COUNSELLING)
        )
        return _choose_page(bag, asked)
    return _choose_page(bag, Asked(until=until, title=gettext("My activities and skills")))


def _again(line: ShareLine, bag: Bag) -> Asked:
    """The same choice, for somebody else: a new grant, looked at anew. Who it is for is left to be said."""
    chosen = selection_of(line.grant, bag)
    return Asked(
        activities=tuple(sorted(local(iri) for iri in chosen.activities - chosen.named)),
        skills=tuple(sorted(local(iri) for iri in chosen.skills - chosen.named)),
        named=tuple(
            sorted(
                f"{'skills' if iri in chosen.skills else 'activities'}#{local(iri)}"
                for iri in chosen.named - chosen.notes
            )
        ),
        notes=tuple(sorted(journal.name_of(iri) for iri in chosen.notes)),
        detail=tuple(sorted(local(iri) for iri in chosen.detail)),
        currency=local(terms.CURRENCY_LIVE if chosen.live else terms.CURRENCY_FROZEN),
        purpose=str(line.grant.purpose or ""),
        title=line.grant.title,
        until=(clock.today() + PROPOSED).isoformat(),
    )


def _answering(opened: Opened) -> Asked:
    """The form that answers a request: filled with who, what for and until when; nothing is ticked, that is the person's."""
    asked = opened.request
    return Asked(
        recipient=asked.sender,
        purpose=str(asked.purpose),
        until=asked.until(clock.today()).isoformat(),
        title=asked.title,
        request=asked.iri,
        request_shown=opened.shown,
    )


@bp.post("/new")
@with_bag
def change(bag: Bag) -> ResponseReturnValue:
    """Back from the preview, with everything as it was; or a whole search ticked, with everything else as it was."""
    asked = Asked.from_request()
    if request.form.get("pick"):
        return _choose_page(bag, *_picked(bag, asked))
    return _choose_page(bag, asked)


def _picked(bag: Bag, asked: Asked) -> tuple[Asked, tuple[Problem, ...], str]:
    """The form with what a search found ticked as well; never what has to be named one by one."""
    typed = {name: request.form.get(name, "").strip() for name in ("pick_from", "pick_to")}
    bounds = {name: _bound(text) for name, text in typed.items() if text}
    problems = tuple(
        Problem(gettext("Write a day, a month or a year."), f"f-{name}") for name, day in bounds.items() if day is None
    )
    somebody = next((one for one in _known(bag) if local(one.iri) == request.form.get("pick_with")), None)
    search = Search(
        request.form.get("pick_words", ""),
        bounds["pick_from"].first() if bounds.get("pick_from") else None,  # type: ignore[union-attr]
        bounds["pick_to"].last() if bounds.get("pick_to") else None,  # type: ignore[union-attr]
        frozenset(somebody.relation.through) if somebody and somebody.relation else None,
    )
    if problems or not search:
        return (
            asked,
            problems or (Problem(gettext("Write words or a period, or choose somebody."), "f-pick_words"),),
            "",
        )
    listing = list_activities(bag)
    private = sensitivity.sensitive(listing.activities, listing.skills)
    chosen = found(search, listing.activities, listing.skills)
    shown = chosen - private.keys()
    ticked = replace(
        asked,
        activities=tuple({*asked.activities, *(local(one.iri) for one in listing.activities if one.iri in shown)}),
        skills=tuple({*asked.skills, *(local(one.iri) for one in listing.skills if one.iri in shown)}),
    )
    said = i18n.ngettext("One thing was ticked.", "%(num)d things were ticked.", len(shown))
    return ticked, (), said


def _known(bag: Bag) -> tuple[Person, ...]:
    """The people whom one knows through some activity; nobody while they cannot be read."""
    try:
        people = people_model.read(resources.read(bag.pod, bag.layout.people).graph)
    except PodError:
        return ()
    return tuple(one for one in people if one.relation and one.relation.through)


def _bound(text: str) -> PartialDate | None:
    try:
        return PartialDate.from_text(forms.as_iso(text))
    except ValueError:
        return None


def _choose_page(bag: Bag, asked: Asked, problems: tuple[Problem, ...] = (), said: str = "") -> str:
    listing = list_activities(bag)
    opened = open_request(bag, asked.request) if asked.request else None
    needs = opened.request.needs if opened else ()
    wanted = {thing.iri for need in needs for thing in _things(listing) if fits(need, thing)}
    notes = chosen_notes(bag, [journal.iri_of(bag, name) for name in asked.notes])
    return render_template(
        "pages/share_new.html",
        opened=opened,
        wanted=wanted,
        people=_known(bag),
        form=_form(asked, problems),
        details=_detail_controls(asked),
        asked=asked,
        listing=listing,
        notes=[(journal.name_of(one.iri), one) for one in notes],
        said=said,
        reasons=sensitivity.sensitive(listing.activities, listing.skills),
        local=local,
    )


def _things(listing: Listing) -> tuple[Activity | Skill, ...]:
    return (*listing.activities, *listing.skills)


def _detail_controls(asked: Asked) -> tuple[Control, ...]:
    """What to show of the things that were chosen: one control a question."""
    legends = {
        "dates": gettext("Dates"),
        "level": gettext("Levels of skills"),
        "hours": gettext("Hours"),
    }
    nothing = {
        "dates": gettext("No dates"),
        "level": gettext("No level"),
        "hours": gettext("No hours"),
    }
    controls = []
    for name, options in _ONE_OF.items():
        chosen = next((option for option in options if option and option in asked.detail), "")
        labelled = tuple(
            Option(option, _shown(option) if option else nothing[name], option == chosen) for option in options
        )
        controls.append(Control(name, legends[name], "radios", f"f-{name}", required=True, options=labelled))
    boxes = tuple(Option(name, _shown(name), name in asked.detail) for name in _ANY_OF)
    controls.insert(0, Control("detail", gettext("Shown as well"), "checkboxes", "f-detail", options=boxes))
    is_live = asked.currency == local(terms.CURRENCY_LIVE)
    follow = (
        Option("currency-frozen", gettext("Stay as it is today"), not is_live),
        Option("currency-live", gettext("Follow what I change in my bag"), is_live),
    )
    legend = gettext("Afterwards, this dossier should")
    return (*controls, Control("currency", legend, "radios", "f-currency", required=True, options=follow))


def _shown(detail: str) -> str:
    return i18n.sentence_case(i18n.label(terms.MUS + detail))


def _form(asked: Asked, problems: tuple[Problem, ...]) -> Form:
    errors = {problem.target: problem.text for problem in problems}
    controls = (
        Control(
            "recipient",
            gettext("For whom"),
            "url",
            "f-recipient",
            values=(asked.recipient,),
            required=True,
            input_mode="url",
            hint=gettext(
                "The personal address of the organisation or person, which they give you: it begins with https://"
            ),
        ),
        Control(
            "purpose",
            gettext("What for"),
            "select",
            "f-purpose",
            required=True,
            options=tuple(Option(iri, label, iri == asked.purpose) for iri, label in things.named(things.purposes())),
        ),
        Control(
            "until",
            gettext("Until"),
            "date",
            "f-until",
            values=(asked.until,),
            required=True,
            hint=gettext("Three months are proposed. You can close it sooner, at any time."),
        ),
        Control(
            "title",
            gettext("Title of the dossier"),
            id="f-title",
            values=(asked.title,),
            required=True,
            max_length=200,
            hint=gettext("The recipient sees it."),
        ),
        Control(
            "name",
            gettext("Your name, as the recipient will see it"),
            id="f-name",
            values=(asked.name,),
            max_length=200,
            autocomplete="name",
        ),
        Control(
            "note",
            gettext("A word to the recipient"),
            "textarea",
            "f-note",
            values=(asked.note,),
            max_length=5000,
            hint=gettext("The recipient sees it too."),
        ),
        Control(
            "comments",
            gettext("A counsellor, a peer"),
            "checkboxes",
            "f-comments",
            options=(Option("yes", gettext("They may leave comments beside it"), asked.comments == "yes"),),
            hint=gettext("Only the two of you read them. You keep, answer or delete each; it ends with the dossier."),
        ),
    )
    return Form(tuple(replace(control, error=errors.get(control.id, "")) for control in controls), problems)


class _Invalid(Exception):
    def __init__(self, *problems: Problem) -> None:
        super().__init__()
        self.problems = problems


def _understood(bag: Bag, asked: Asked) -> tuple[Recipient, Terms]:
    """Who it is for and on what terms. Raises _Invalid with a problem for each control that does not fit."""
    problems = []
    recipient = None
    try:
        recipient = check_recipient(bag, asked.recipient)
    except RecipientRefused as error:
        problems.append(Problem(" ".join(i18n.sentences(error)), "f-recipient"))
    today = clock.today()
    until = forms.day_of(asked.until)
    if until is None:
        problems.append(Problem(gettext("Write a day that exists."), "f-until"))
    elif until < today:
        problems.append(Problem(gettext("This day is in the past."), "f-until"))
    elif until > today + renew.LONGEST:
        problems.append(Problem(gettext("Two years at most: it can be opened again afterwards."), "f-until"))
    if URIRef(asked.purpose) not in things.purposes():
        problems.append(Problem(gettext("Choose what it is for."), "f-purpose"))
    if not asked.title:
        problems.append(Problem(gettext("Give the dossier a title."), "f-title"))
    if asked.notes and asked.currency == local(terms.CURRENCY_LIVE):
        text = gettext(
            "What comes from your journal stays as it is: choose “Stay as it is today”, or leave the note out."
        )
        problems.append(Problem(text, "f-currency"))
    if not asked.activities and not asked.skills and not asked.named and not asked.notes:
        problems.append(Problem(gettext("Choose at least one activity or skill."), "f-items"))
    if problems or recipient is None or until is None:
        raise _Invalid(*problems)
    return recipient, Terms(
        title=asked.title,
        owner=bag.owner,
        owner_name=asked.name or None,
        recipient=recipient.webid,
        purpose=URIRef(asked.purpose),
        issued=_issued(asked),
        until=until,
        note=asked.note or None,
        recipient_name=recipient.name,
        comments=asked.comments == "yes",
    )


def _issued(asked: Asked) -> datetime:
    """The moment of the preview, so that what is written is what was seen; a moment that nobody saw is now."""
    now = clock.now()
    try:
        moment = datetime.fromisoformat(asked.issued)
    except ValueError:
        return now
    return moment if moment.tzinfo and now - timedelta(days=1) <= moment <= now else now


@bp.post("/preview")
@with_bag
def look(bag: Bag) -> ResponseReturnValue:
    # Each look is dated anew: what is confirmed is what was just seen.
    asked = replace(Asked.from_request(), share_id=new_id(), issued="")
    try:
        recipient, agreed = _understood(bag, asked)
        shown = preview(bag, asked.selection(bag), agreed, asked.share_id)
    except _Invalid as invalid:
        return _choose_page(bag, asked, invalid.problems), 422
    except (NothingChosen, BadTerms, FacetsMixed) as error:
        return _choose_page(bag, asked, (Problem(" ".join(i18n.sentences(error))),)), 422
    asked = replace(asked, issued=agreed.issued.isoformat())
    return _preview_page(bag, asked, recipient, shown)


def _preview_page(
    bag: Bag, asked: Asked, recipient: Recipient, shown: object, warning: MusetteError | None = None
) -> str:
    what, do = i18n.sentences(warning) if warning else ("", "")
    return render_template(
        "pages/share_preview.html",
        shown=shown,
        asked=asked,
        recipient=recipient,
        owner=bag.owner,
        warning=what,
        what_to_do=do,
    )


@bp.post("/")
@with_bag
def create(bag: Bag) -> ResponseReturnValue:
    asked = Asked.from_request()
    try:
        recipient, agreed = _understood(bag, asked)
        opened = check_unchanged(bag, asked.request, asked.request_shown) if asked.request else None
        if opened and opened.request.sender != recipient.webid:
            opened = None  # made for somebody else in the end: it is no answer
        shared = share(
            bag,
            asked.selection(bag),
            agreed,
            recipient,
            asked.share_id,
            asked.digest,
            request=opened.request.iri if opened else None,
        )
    except _Invalid as invalid:
        return _choose_page(bag, asked, invalid.problems), 422
    except PreviewOutdated as error:
        shown = preview(bag, asked.selection(bag), agreed, asked.share_id)
        return _preview_page(bag, asked, recipient, shown, error), 409
    if opened:
        listing, chosen = list_activities(bag), asked.selection(bag).everything
        accepted(bag, opened, [one for one in _things(listing) if one.iri in chosen], clock.now())
    notices.say(_proved(confirm(bag, shared.share_id, probe.probes())))
    return redirect(url_for(".show", share_id=shared.share_id, announced=int(shared.announced)), 303)


def _proved(proof: Proof) -> str:
    """The sentence that says who asked for it, and whether they were refused."""
    if not proof.holds:
        return "shared-unproved"
    return "shared-witnessed" if probe.probes() else "shared"


@bp.get("/<share_id>")
@with_bag
def show(bag: Bag, share_id: str) -> ResponseReturnValue:
    return _show(bag, share_id)


def _show(bag: Bag, share_id: str, problem: str = "") -> str:
    line = renew.line_of(bag, share_id, clock.today())
    if line.awaits_word and acknowledge.look(bag, clock.now()):
        line = renew.line_of(bag, share_id, clock.today())
    listing = list_activities(bag)
    address = bag.layout.dossier(share_id)
    return render_template(
        "pages/share.html",
        line=line,
        items=_items(listing, line),
        address=address,
        link=access.config().base_url + url_for("granted.dossier", url=address),
        announced=request.args.get("announced"),
        prolong_until=request.form.get("until") or (clock.today() + PROPOSED).isoformat(),
        problem=problem,
        said=received(bag, share_id) if line.grant.comments and line.state != "revoked" else (),
        things={f"{address}#{local(iri)}": name for iri, name in _names(listing).items()},
    )


def _items(listing: Listing, line: ShareLine) -> list[str]:
    names = _names(listing)
    notes = sum(1 for iri in line.grant.selection if "/journal/" in iri and iri not in names)
    more = [i18n.ngettext("A note of your journal", "%(num)d notes of your journal", notes)] if notes else []
    return more + [names[iri] for iri in sorted(map(str, line.grant.selection)) if iri in names]


def _names(listing: Listing) -> dict[str, str]:
    return {a.iri: a.title for a in listing.activities} | {s.iri: s.label for s in listing.skills}


@bp.post("/<share_id>/prolong")
@with_bag
def prolong(bag: Bag, share_id: str) -> ResponseReturnValue:
    """The same dossier until another day: a new receipt in place of the old."""
    until = forms.day_of(request.form.get("until", ""))
    if until is None:
        return _show(bag, share_id, gettext("Write a day that exists.")), 422
    try:
        renewed = renew.prolong(bag, share_id, until, clock.now())
    except (BadTerms, renew.NothingToRenew, RecipientRefused) as error:
        return _show(bag, share_id, " ".join(i18n.sentences(error))), 422
    confirm(bag, renewed.share_id, probe.probes())
    notices.say("prolonged")
    return redirect(url_for(".show", share_id=renewed.share_id, announced=int(renewed.announced)), 303)


@bp.post("/<share_id>/revoke")
@with_bag
def close(bag: Bag, share_id: str) -> ResponseReturnValue:
    """One gesture, like opening it was: closing never takes more clicks."""
    result = revoke(bag, share_id, clock.now())
    tell_later(bag, [result], clock.now())
    if result.verified:
        notices.say("revoked")
        return redirect(url_for(".show", share_id=share_id), 303)
    return render_template("pages/share_unverified.html", share_id=share_id), 502


@bp.post("/expire")
@with_bag
def end_those_over(bag: Bag) -> ResponseReturnValue:
    tell_later(bag, expire(bag, clock.now()), clock.now())
    return redirect(url_for(".index"), 303)
