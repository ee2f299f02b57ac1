"""The trajectory alone: a life, some years of it, a month, a week; skills and rights on the same axis; the turning points."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any, TypeAlias
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from musette_solid.model.activity import Mobilising
from musette_solid.model.alongside import right_lines, skill_lines
from musette_solid.model.dates import PartialDate
from musette_solid.model.passages import passages
from musette_solid.model.rhythm import monday
from musette_solid.model.trajectory import Period, Trajectory, draw
from musette_solid.model.validation import Finding, Unfit
from musette_solid.rdf import terms
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.look_at_trajectory import SHORT_DAYS, look_at_trajectory, name_interval
from musette_solid.web import alongside, clock, forms, i18n, notices, picture
from musette_solid.web.access import with_bag
from musette_solid.web.activities import addresses
from musette_solid.web.forms import Form, Texts, as_iso
from musette_solid.web.i18n import gettext
from musette_solid.web.picture import Picture

bp = Blueprint("trajectory", __name__, url_prefix="/trajectory")

_ONE_DAY = timedelta(days=1)
_WEEK = timedelta(days=6)
#: So many windows of one version are kept drawn.
_KEPT = 8
#: As geometry, as a picture, as markup.
Drawn: TypeAlias = tuple[Trajectory, Picture, Markup]
#: What is asked of an interval that is given a name.
_ASKED = ("title", "sphere", "startDate", "endDate")


def _window() -> Period | None:
    """What the query asks for; None: everything. An unreadable date is no date."""
    found: list[PartialDate | None] = []
    for name in ("from", "to"):
        try:
            found.append(PartialDate.from_text(as_iso(request.args.get(name, ""))))
        except ValueError:
            found.append(None)
    start, end = found
    if start is None:
        return None
    first, last = start.first(), (end or start).last()
    if first < last:
        return Period(first, last)
    # A single day is looked at in its week.
    first = monday(first) if first >= date.min + _WEEK else first
    return Period(first, min(first, date.max - _WEEK) + _WEEK)


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    today = clock.today()
    window = _window()
    with_rights = request.args.get("rights") == "yes"

    def figure(activities: tuple[Mobilising, ...], made: dict[Any, Any]) -> Drawn:
        return _drawn(bag, activities, made, today, window)

    found = look_at_trajectory(bag, window, today, with_rights=with_rights, meanwhile=figure)
    shown, pictured, drawn = figure(found.activities, found.made)
    axis = Period(shown.first, shown.last)
    labels = {skill.iri: skill.label for skill in found.skills}
    turns = [
        (one, [labels[iri] for iri in one.carried if iri in labels])
        for one in passages(found.activities)
        if shown.first <= one.on <= shown.last
    ]
    skills = skill_lines(found.skills, found.activities, axis, today)
    is_short = window is not None and (window.last - window.first).days < SHORT_DAYS
    return render_template(
        "pages/trajectory.html",
        picture=pictured,
        figure=drawn,
        said=gettext("From %(first)s to %(last)s", first=i18n.day(shown.first), last=i18n.day(shown.last)),
        beside=_beside(window),
        zooms=_zooms(shown, window),
        skills=alongside.skills(skills, axis),
        more_skills=max(0, len(skills) - alongside.MOST_LINES),
        rights=alongside.rights(right_lines(found.standings, axis), axis) if found.standings is not None else None,
        other=_at(window, rights=not with_rights),
        days=alongside.hours(found.entries, {a.iri: a.sphere for a in found.activities}, axis) if is_short else None,
        height=alongside.HEIGHT,
        intervals=[
            (drawn.text, url_for(".interval") + "?" + urlencode({"from": gap.start, "to": gap.end}))
            for gap, drawn in zip(shown.gaps, pictured.gaps, strict=True)
        ],
        turns=turns[:20],
        has_any=any(a.is_dated for a in found.activities),
        year=shown.first.year if shown.first.year == shown.last.year else 0,
        month=f"{shown.first:%Y-%m}" if is_short and (shown.first.month == shown.last.month) else "",
        unreadable=found.unreadable,
        first=request.args.get("from", "")[:10],
        last=request.args.get("to", "")[:10],
        with_rights=with_rights,
    )


def _drawn(
    bag: Bag, activities: tuple[Mobilising, ...], made: dict[Any, Any], today: date, window: Period | None
) -> Drawn:
    """The figure and its table, done once a version of the activities, day, language and window."""
    key = (today, i18n.language(), window)
    known: Drawn | None = made.get(key)
    if known is None:
        shown = draw(activities, today, window)
        pictured = picture.of(shown, address=addresses(bag))
        known = shown, pictured, Markup(render_template("components/figure.html", picture=pictured))  # noqa: S704 (a template's own)
        if len(made) >= _KEPT:
            made.clear()
        made[key] = known
    return known


def _at(window: Period | None, *, rights: bool | None = None) -> str:
    """The page of a window, with rights as they are shown now unless it is said otherwise."""
    query = {"from": window.first.isoformat(), "to": window.last.isoformat()} if window else {}
    if request.args.get("rights") == "yes" if rights is None else rights:
        query["rights"] = "yes"
    return url_for(".index") + ("?" + urlencode(query) if query else "")


def _month_of(day: date) -> Period:
    return Period(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))


def _year_of(year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31))


def _name(window: Period) -> str:
    if window == _month_of(window.first):
        return i18n.sentence_case(i18n.dated(window.first, "LLLL yyyy"))
    if window == _year_of(window.first.year):
        return f"{window.first:%Y}".zfill(4)
    return i18n.sentence_case(gettext("week of %(day)s", day=i18n.dated(window.first, "d MMM")))


def _beside(window: Period | None) -> tuple[tuple[str, str] | None, tuple[str, str] | None]:
    """The year, month or week before and after one."""
    if window is None or (
        window not in (_month_of(window.first), _year_of(window.first.year)) and not _is_week(window)
    ):
        return None, None
    found: list[tuple[str, str] | None] = []
    for edge, step in ((window.first, -_ONE_DAY), (window.last, _ONE_DAY)):
        try:
            day = edge + step
            if _is_week(window):
                other = Period(monday(day), monday(day) + _WEEK)
            elif window == _month_of(window.first):
                other = _month_of(day)
            else:
                other = _year_of(day.year)
        except OverflowError:
            found.append(None)
        else:
            found.append((_name(other), _at(other)))
    return found[0], found[1]


def _is_week(window: Period) -> bool:
    return window.last - window.first == _WEEK


def _zooms(shown: Trajectory, window: Period | None) -> list[tuple[str, str]]:
    """Ways farther and nearer: from a life to its decades and years, to months, to weeks."""
    found = []
    days = (shown.last - shown.first).days
    if window is not None:
        found.append((gettext("The whole life"), _at(None)))
    if shown.first.year != shown.last.year and days > SHORT_DAYS:
        years = range(shown.first.year, shown.last.year + 1)
        if len(years) > 15:
            tens = range(shown.first.year // 10 * 10 or 1, shown.last.year + 1, 10)
            found += [
                (f"{ten}–{ten + 9}", _at(Period(date(ten, 1, 1), date(ten + 9, 12, 31))))
                for ten in tens
                if ten + 9 < date.max.year
            ]
        else:
            found += [(str(year), _at(_year_of(year))) for year in years]
    elif days > SHORT_DAYS:
        months = [_month_of(date(shown.first.year, n, 1)) for n in range(shown.first.month, shown.last.month + 1)]
        found += [(i18n.dated(month.first, "LLLL"), _at(month)) for month in months]
    elif window is not None:
        found.append((str(shown.first.year), _at(_year_of(shown.first.year))))
        if days > _WEEK.days:
            mondays = (
                {monday(shown.first + timedelta(days=n)) for n in range(days + 1)} if shown.first.year > 1 else set()
            )
            weeks = [Period(day, day + _WEEK) for day in sorted(mondays) if day <= date.max - _WEEK]
            found += [(_name(week), _at(week)) for week in weeks]
        else:
            found += [
                (_name(_month_of(day)), _at(_month_of(day)))
                for day in dict.fromkeys([shown.first.replace(day=1), shown.last.replace(day=1)])
            ]
    return found


# --- an interval in which nothing is noted: named, or left as it is


def _interval_form(texts: Texts, findings: tuple[Finding, ...] = ()) -> Form:
    made = forms.form(terms.ActivityShape, texts, findings=findings)
    return Form(made.only(*_ASKED), made.problems)


@bp.get("/interval")
@with_bag
def interval(_bag: Bag) -> ResponseReturnValue:
    said = {"startDate": [request.args.get("from", "")[:10]], "endDate": [request.args.get("to", "")[:10]]}
    return _interval_page(_interval_form({"sphere": [str(terms.SPHERE_BREAK)], **said}))


def _interval_page(form: Form) -> str:
    return render_template("pages/trajectory_interval.html", form=form)


@bp.post("/interval")
@with_bag
def name_it(bag: Bag) -> ResponseReturnValue:
    texts = {name: said for name, said in forms.texts(terms.ActivityShape).items() if name in _ASKED}
    try:
        name_interval(bag, texts, clock.now())
    except Unfit as error:
        return _interval_page(_interval_form(texts, tuple(error.findings))), 422
    notices.say("interval-named")
    return redirect(url_for(".index"), 303)
