"""The form of a share: what it says, as it was typed, and the controls that ask for it."""

from dataclasses import dataclass, replace

from flask import request
from rdflib import URIRef

from musette_solid.model.dossier import USUAL, Selection
from musette_solid.rdf import terms
from musette_solid.rdf.names import local
from musette_solid.usecases.layout import Bag
from musette_solid.web import forms, i18n, journal, things
from musette_solid.web.forms import Control, Form, Option, Problem
from musette_solid.web.i18n import gettext

#: Of these, one at most: the first of each is what is shown unless one says otherwise; "" shows nothing.
_ONE_OF = {
    "dates": ("detail-dates", "detail-years", ""),
    "level": ("detail-level", "detail-levels", ""),
    "hours": ("", "detail-weekly-hours", "detail-total-hours", "detail-each-hour"),
}
_ANY_OF = ("detail-text", "detail-places", "detail-evidence", "detail-rights")
_DETAILS = {*_ANY_OF, *(name for names in _ONE_OF.values() for name in names if name)}


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


def detail_controls(asked: Asked) -> tuple[Control, ...]:
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


def form_of(asked: Asked, problems: tuple[Problem, ...]) -> Form:
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
