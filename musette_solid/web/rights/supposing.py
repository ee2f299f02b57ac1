"""What a change would gain, keep or lose. A hypothesis lives in the address and on this page, nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from musette_solid.model.activity import Activity
from musette_solid.model.rights.supposing import Change, Comparison, suppose
from musette_solid.rdf.names import local
from musette_solid.usecases import explain_rights as usecase
from musette_solid.usecases.explain_rights import Rights, explain_rights
from musette_solid.usecases.layout import Bag
from musette_solid.web import clock, i18n, things
from musette_solid.web.access import with_bag
from musette_solid.web.i18n import gettext
from musette_solid.web.reasons import Reason, reason, written
from musette_solid.web.rights.blueprint import bp, day, number, words


@dataclass(frozen=True)
class Row:
    """One rule, as things are and as supposed."""

    kind: str
    title: str
    before: Reason | None
    after: Reason | None


@dataclass(frozen=True)
class Shown:
    rows: tuple[Row, ...]
    kept: tuple[Reason, ...]
    balances: tuple[tuple[str, str, str], ...]


@bp.get("/suppose")
@with_bag
def supposing(bag: Bag) -> ResponseReturnValue:
    rights = explain_rights(bag, clock.today())
    today = clock.today()
    asked = request.args
    start, end = day(asked.get("start", "")) or today, day(asked.get("end", ""))
    sphere = things.sphere_of_slug(asked.get("sphere", ""))
    error, shown = "", None
    if sphere is not None:
        error = _wrong(asked, start, end)
        if not error and end is not None:
            life = suppose(
                rights.life,
                title=gettext("What you supposed"),
                sphere=str(sphere),
                start=start,
                end=end,
                weekly_hours=number(asked.get("hours", "")),
                monthly_amount=number(asked.get("pay", "")),
                ends_contracts=asked.get("ends") == "yes",
                like=next((a for a in _organisations(rights) if local(a.iri) == asked.get("like")), None),
            )
            shown = _shown(usecase.suppose(rights, life, figures_go_on=asked.get("figures") == "go-on"), rights)
    page = render_template(
        "pages/rights_suppose.html",
        spheres=[(things.sphere_slug(s), i18n.sentence_case(i18n.label(s))) for s in things.spheres()],
        organisations=[(local(a.iri), a.organization.name) for a in _organisations(rights) if a.organization],
        asked=asked,
        is_asked=sphere is not None,
        start=start.isoformat(),
        end=(end or date(today.year + (today.month > _LATE), 12, 31)).isoformat(),
        shown=shown,
        error=error,
        last=end,
    )
    return page, 422 if error else 200


#: From here on, "until the end of the year" is the end of the next one.
_LATE = 10


def _organisations(rights: Rights) -> tuple[Activity, ...]:
    """One activity for each organisation that has a name."""
    named = {a.organization.name: a for a in rights.life.activities if a.organization and a.organization.name}
    return tuple(named[name] for name in sorted(named))


def _wrong(asked: Mapping[str, str], start: date, end: date | None) -> str:
    for name in ("hours", "pay"):
        typed, read = asked.get(name, ""), number(asked.get(name, ""))
        if typed and (read is None or read < 0):
            return gettext("Write hours and pay as numbers that are not negative.")
    hours = number(asked.get("hours", ""))
    if hours is not None and hours > _HOURS_IN_A_WEEK:
        return gettext("A week has 168 hours.")
    if end is None or end < start or end.year - start.year > 10:
        return gettext("Give a last day, after the first and within ten years.")
    return ""


_HOURS_IN_A_WEEK = 168


def _shown(found: Comparison, rights: Rights) -> Shown:
    order = {"gained": 0, "lost": 1, "more": 2, "less": 3, "unknown": 5}
    rows = sorted((row_of(change, rights) for change in found.changes), key=lambda row: order.get(row.kind, 4))
    return Shown(
        tuple(rows),
        tuple(reason(conclusion, rights) for conclusion in found.kept),
        tuple((words(b.scheme.title), written(b.before), written(b.after)) for b in found.balances),
    )


def row_of(change: Change, rights: Rights) -> Row:
    either = change.after or change.before
    return Row(
        change.kind,
        words(either.rule.title) if either else "",
        reason(change.before, rights) if change.before else None,
        reason(change.after, rights) if change.after else None,
    )
