"""Shares: choose, look at exactly what the recipient will see, open, follow, close.

The words on these pages are for deciding: who, what, why, until when. What the site cannot enforce is said there too.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from musette_solid.errors import MusetteError
from musette_solid.model import sensitivity
from musette_solid.model.activity import Activity
from musette_solid.model.dossier import USUAL, Terms
from musette_solid.model.identity import FacetsMixed
from musette_solid.model.request import fits
from musette_solid.model.skill import Skill
from musette_solid.rdf import terms
from musette_solid.rdf.names import local
from musette_solid.usecases import acknowledge, renew
from musette_solid.usecases.acknowledge import tell_later
from musette_solid.usecases.answer_request import Opened, accepted, check_unchanged, open_request
from musette_solid.usecases.comment import Said, TooManyComments, received
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
from musette_solid.web import access, clock, comments, forms, i18n, journal, notices, probe, things
from musette_solid.web.access import with_bag
from musette_solid.web.forms import Problem
from musette_solid.web.i18n import gettext
from musette_solid.web.share_form import Asked, detail_controls, form_of
from musette_solid.web.share_picking import known, picked

bp = Blueprint("shares", __name__, url_prefix="/shares")

#: Three months: time to decide, short enough to be forgotten without harm.
PROPOSED = timedelta(days=92)


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
        return _choose_page(bag, *picked(bag, asked))
    return _choose_page(bag, asked)


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
        people=known(bag),
        form=form_of(asked, problems),
        details=detail_controls(asked),
        asked=asked,
        listing=listing,
        notes=[(journal.name_of(one.iri), one) for one in notes],
        said=said,
        reasons=sensitivity.sensitive(listing.activities, listing.skills),
        local=local,
    )


def _things(listing: Listing) -> tuple[Activity | Skill, ...]:
    return (*listing.activities, *listing.skills)


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
    said, too_many = _comments(bag, line)
    return render_template(
        "pages/share.html",
        line=line,
        items=_items(listing, line),
        address=address,
        link=access.config().base_url + url_for("granted.dossier", url=address),
        announced=request.args.get("announced"),
        prolong_until=request.form.get("until") or (clock.today() + PROPOSED).isoformat(),
        problem=problem,
        said=said,
        too_many=too_many,
        clearing=comments.under_way_at(bag, share_id),
        things={f"{address}#{local(iri)}": name for iri, name in _names(listing).items()},
    )


def _comments(bag: Bag, line: ShareLine) -> tuple[tuple[Said, ...], tuple[str, ...]]:
    """What was said beside it; or, in words, why that cannot be told."""
    if not line.grant.comments or line.state == "revoked":
        return (), ()
    try:
        return received(bag, line.share_id), ()
    except TooManyComments as error:
        return (), i18n.sentences(error)


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
        if not result.cleared:
            return comments.clear_away(bag, share_id)
        return redirect(url_for(".show", share_id=share_id), 303)
    return render_template("pages/share_unverified.html", share_id=share_id), 502


@bp.post("/expire")
@with_bag
def end_those_over(bag: Bag) -> ResponseReturnValue:
    tell_later(bag, expire(bag, clock.now()), clock.now())
    return redirect(url_for(".index"), 303)
