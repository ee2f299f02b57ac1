"""How inputs are found in a bag: each measure is a named function; a scheme can only choose among them."""

from calendar import isleap
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final, TypeAlias

from musette_solid.model.activity import Activity
from musette_solid.model.rights.conclusions import Conclusion, Fact, Known, Status
from musette_solid.model.rights.contracts import EMPLOYMENT, contract_end_day, contracts, in_reference
from musette_solid.model.rights.facts import Stated, counted, merged, span, weekdays, within
from musette_solid.model.rights.places import Place, born, lies
from musette_solid.model.rights.schemes import Input
from musette_solid.model.words import words
from musette_solid.rdf import names, terms

#: Measure to the kind of value that it gives: number, flag, day, amounts (by name), texts, text. What is asked once, for every
#: year, is `ever`; of each year, `answer`.
KINDS: Final[Mapping[str, str]] = {
    "activity": "text",
    "age": "number",
    "answer": "flag",
    "balance": "number",
    "birth-year": "number",
    "categories": "texts",
    "conclusion": "number",
    "contract-days": "number",
    "contract-end": "day",
    "contract-hours": "number",
    "day": "day",
    "day-of-year": "day",
    "declared-on": "day",
    "ever": "flag",
    "hours": "number",
    "hours-by-organisation": "amounts",
    "none": "number",
    "on-board": "flag",
    "open-categories": "texts",
    "refused": "number",
    "self-employed-share": "number",
    "sphere-present": "flag",
    "stated": "number",
    "stated-by-activity": "amounts",
    "stated-by-kind": "amounts",
    "stated-by-month": "amounts",
    "stated-last": "number",
    "today": "day",
    "unplaced": "amounts",
    "window-end": "day",
    "work-share": "number",
    "year": "number",
}

#: Roles that say by themselves that their holder governs an association.
BOARD_ROLES: Final = frozenset(
    [
        "president",
        "presidente",
        "tresorier",
        "tresoriere",
        "secretaire",
        "administrateur",
        "administratrice",
        "treasurer",
        "chair",
        "chairman",
        "chairwoman",
        "chairperson",
        "secretary",
        "trustee",
        "copresident",
        "copresidente",
    ]
)
_FULL_WEEK: Final = Decimal(35)


Measure: TypeAlias = Callable[[Place, Input], Fact | None]


def fact(place: Place, wanted: Input) -> Fact | None:
    """What a bag says of an input; what is worth nothing when nothing is noted; None when it has to be asked."""
    found = MEASURES[wanted.measure](place, wanted)
    if found is None and wanted.when_absent is not None and not _is_open(place, wanted):
        return Fact(wanted.key, _absent(wanted), how="absent")
    return found


def _is_open(place: Place, wanted: Input) -> bool:
    """Whether a rule that it takes its value from could not conclude: that is no absence."""
    return any(c.status is Status.UNKNOWN for iri in wanted.rules for c in place.concluded.get(iri, ()))


def _absent(wanted: Input) -> Known:
    match KINDS[wanted.measure]:
        case "flag":
            return wanted.when_absent == "yes"
        case "amounts":
            return {}
        case "texts":
            return ()
        case "number":
            return Decimal(wanted.when_absent or 0)
        case _:
            return wanted.when_absent or ""


# --- Stated facts -----------------------------------------------------------------------------------------------------


def _contradiction(place: Place, wanted: Input) -> Fact | None:
    years = range(place.window[0].year, place.window[1].year + 1) if place.window else ()
    if place.year is not None:
        years = range(place.on.year, place.on.year + 1)
    if any((kind, year) in place.contradicted for kind in wanted.fact_kinds for year in years):
        sources = tuple(s.iri for s in place.of_kinds(wanted))
        return Fact(wanted.key, "", sources, "contradiction")
    return None


def _sources(facts: list[Stated]) -> tuple[str, ...]:
    """Each fact, and the activity that it is about."""
    return tuple(dict.fromkeys(iri for s in facts for iri in (s.iri, s.activity) if iri))


def _stated(place: Place, wanted: Input) -> Fact | None:
    wrong = _contradiction(place, wanted)
    if wrong:
        return wrong
    found = [s for s in counted(place.of_kinds(wanted)) if s.amount is not None]
    if not found:
        return None
    return Fact(wanted.key, sum((s.amount or Decimal(0) for s in found), Decimal(0)), _sources(found))


def _stated_last(place: Place, wanted: Input) -> Fact | None:
    found = [s for s in place.of_kinds(wanted) if s.amount is not None]
    if not found:
        return None
    latest = max(found, key=lambda s: (s.period.last() if s.period else date.min, s.iri))
    return Fact(wanted.key, latest.amount or Decimal(0), _sources([latest]))


def _stated_by_kind(place: Place, wanted: Input) -> Fact | None:
    wrong = _contradiction(place, wanted)
    if wrong:
        return wrong
    found = [s for s in counted(place.of_kinds(wanted)) if s.amount is not None]
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for one in found:
        totals[names.local(one.kind).rpartition("-")[2]] += one.amount or Decimal(0)
    return Fact(wanted.key, dict(totals), _sources(found)) if found else None


def _stated_by_month(place: Place, wanted: Input) -> Fact | None:
    """By the month they were noted for; what was noted for a year is one amount of the whole year."""
    wrong = _contradiction(place, wanted)
    if wrong:
        return wrong
    found = [s for s in counted(place.of_kinds(wanted)) if s.amount is not None]
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for one in found:
        totals[one.period.text[:7] if one.period else ""] += one.amount or Decimal(0)
    return Fact(wanted.key, dict(totals), _sources(found)) if found else None


def _window_end(place: Place, wanted: Input) -> Fact | None:
    return Fact(wanted.key, place.window[1], how="derived") if place.window else None


def _unplaced(place: Place, wanted: Input) -> Fact | None:
    """What is noted for a year that only partly lies in the months looked at, by kind: nobody said in which months."""
    window = place.window
    if window is None:
        return None
    across = [s for s in counted(s for s in place.life.stated if s.kind in wanted.fact_kinds) if s.amount is not None]
    across = [s for s in across if lies(s, window) == "across"]
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for one in across:
        totals[names.local(one.kind).rpartition("-")[2]] += one.amount or Decimal(0)
    return Fact(wanted.key, dict(totals), _sources(across)) if across else None


def _stated_by_activity(place: Place, wanted: Input) -> Fact | None:
    """By the activity that it is about: for care, one activity is one person helped."""
    found = [
        s
        for s in counted(s for s in place.life.stated if s.kind in wanted.fact_kinds)
        if s.amount is not None and (s.period is None or s.period.first() <= place.on)
    ]
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for one in found:
        totals[one.activity or "?"] += one.amount or Decimal(0)
    return Fact(wanted.key, dict(totals), _sources(found)) if found else None


def _answer(place: Place, wanted: Input) -> Fact | None:
    found = [s for s in place.of_kinds(wanted) if s.answer is not None]
    if _VOLUNTEERING in wanted.spheres:
        # What is said of another association is not said of the one that counts.
        found = [s for s in found if s.activity in {*(a.iri for a in _main_activities(place, wanted)), None}]
    if place.rule and any(i.measure == "contract-end" for i in place.rule.inputs):
        end = contract_end_day(place)
        last = {a.iri for (_, day), a in contracts(place) if day == end}
        found = [s for s in found if s.activity in {*last, None}]
    if not found:
        return None
    return Fact(wanted.key, found[-1].answer is True, _sources([found[-1]]))


def _day(place: Place, wanted: Input) -> Fact | None:
    found = [s for s in place.life.stated if s.kind in wanted.fact_kinds and s.day]
    return Fact(wanted.key, found[0].day or date.min, _sources(found[:1])) if found else None


def _day_of_year(place: Place, wanted: Input) -> Fact | None:
    found = [s for s in place.of_kinds(wanted) if s.day and s.year == place.on.year]
    return Fact(wanted.key, found[0].day or date.min, _sources(found[:1])) if found else None


# --- The person -------------------------------------------------------------------------------------------------------


def _age(place: Place, wanted: Input) -> Fact | None:
    said = born(place)
    if said is None or said.day is None:
        return None
    on = contract_end_day(place) or place.on if wanted.spheres else place.on
    on = place.window[1] if place.window else on
    years = on.year - said.day.year - ((on.month, on.day) < (said.day.month, said.day.day))
    return Fact(wanted.key, Decimal(max(0, years)), (said.iri,), "derived")


def _birth_year(place: Place, wanted: Input) -> Fact | None:
    said = born(place)
    return Fact(wanted.key, Decimal(said.day.year), (said.iri,), "derived") if said and said.day else None


def _year(place: Place, wanted: Input) -> Fact | None:
    return Fact(wanted.key, Decimal(place.on.year), how="derived")


def _today(place: Place, wanted: Input) -> Fact | None:
    return Fact(wanted.key, place.life.as_of, how="derived")


def _activity(place: Place, wanted: Input) -> Fact | None:
    return Fact(wanted.key, place.subject.iri, (place.subject.iri,), "derived") if place.subject else None


def _none(_place: Place, _wanted: Input) -> Fact | None:
    return None


# --- Time and activities ----------------------------------------------------------------------------------------------


def _there(place: Place, wanted: Input) -> list[Activity]:
    activities = place.year.activities if place.year else place.life.activities
    return [a for a in activities if str(a.sphere) in wanted.spheres]


def _time(place: Place, wanted: Input) -> list[tuple[Activity, int]]:
    """Minutes by root activity of the spheres of an input."""
    found: dict[str, int] = defaultdict(int)
    for iri, minutes in place.year.minutes if place.year else ():
        root = place.life.root(iri)
        if root is not None and str(root.sphere) in wanted.spheres:
            found[root.iri] += minutes
    return [(place.life.by_iri[iri], minutes) for iri, minutes in sorted(found.items())]


def _hours(place: Place, wanted: Input) -> Fact | None:
    found = _time(place, wanted)
    if not found:
        return None
    return Fact(wanted.key, Decimal(sum(m for _, m in found)) / 60, tuple(a.iri for a, _ in found), "derived")


def _name(activity: Activity) -> str:
    organization = activity.organization
    return (organization.name or organization.iri) if organization else activity.title or activity.iri


def _hours_by_organisation(place: Place, wanted: Input) -> Fact | None:
    found = _time(place, wanted)
    hours: dict[str, Decimal] = defaultdict(Decimal)
    for activity, minutes in found:
        hours[_name(activity)] += Decimal(minutes) / 60
    return Fact(wanted.key, dict(hours), tuple(a.iri for a, _ in found), "derived") if found else None


def _main_activities(place: Place, wanted: Input) -> list[Activity]:
    """The activities of the association that got most of the year's time."""
    by_name: dict[str, int] = defaultdict(int)
    found = _time(place, wanted)
    for activity, minutes in found:
        by_name[_name(activity)] += minutes
    if not by_name:
        return []
    most = max(sorted(by_name), key=lambda name: by_name[name])
    return [a for a, _ in found if _name(a) == most]


def _on_board(place: Place, wanted: Input) -> Fact | None:
    main = _main_activities(place, wanted)
    iris = {a.iri for a in main}
    said = [s for s in place.stated if s.kind in wanted.fact_kinds and s.activity in iris and s.answer is not None]
    if said:
        return Fact(wanted.key, any(s.answer for s in said), _sources(said))
    held = [a for a in main if a.role and BOARD_ROLES & set(words(a.role))]
    return Fact(wanted.key, value=True, sources=tuple(a.iri for a in held), how="derived") if held else None


def _declared_on(place: Place, wanted: Input) -> Fact | None:
    iris = {a.iri for a in _main_activities(place, wanted)}
    said = [s for s in place.life.stated if s.kind in wanted.fact_kinds and s.activity in iris and s.day]
    return Fact(wanted.key, min(s.day for s in said if s.day), _sources(said)) if said else None


def _sphere_present(place: Place, wanted: Input) -> Fact | None:
    found = tuple(a.iri for a in _there(place, wanted))
    return Fact(wanted.key, bool(found), found, "derived")


_VOLUNTEERING: Final = str(terms.SPHERE_VOLUNTEERING)
_OWN_ACCOUNT: Final = frozenset({str(terms.SPHERE_SELF_EMPLOYMENT), str(terms.SPHERE_PLATFORM_WORK)})


def _days_in_year(place: Place) -> int:
    return 366 if isleap(place.on.year) else 365


def _work_share(place: Place, wanted: Input) -> Fact | None:
    """Days under contract times weekly hours over 35, out of the days of the year; not known without the hours."""
    jobs = [a for a in (place.year.activities if place.year else ()) if str(a.sphere) == EMPLOYMENT]
    total = Decimal(0)
    for job in jobs:
        period = span(job, place.life.as_of)
        part = within(period, place.first, place.last) if period else None
        if part is None:
            continue
        if job.weekly_hours is None:
            return None
        total += ((part[1] - part[0]).days + 1) * min(Decimal(1), job.weekly_hours / _FULL_WEEK)
    share = min(Decimal(1), total / _days_in_year(place))
    return Fact(wanted.key, share, tuple(a.iri for a in jobs), "derived")


def _self_employed_share(place: Place, wanted: Input) -> Fact | None:
    own = [a for a in (place.year.activities if place.year else ()) if str(a.sphere) in _OWN_ACCOUNT]
    periods = [span(a, place.life.as_of) for a in own]
    parts = merged(part for p in periods if p and (part := within(p, place.first, place.last)))
    days = sum((last - first).days + 1 for first, last in parts)
    return Fact(wanted.key, Decimal(days) / _days_in_year(place), tuple(a.iri for a in own), "derived") if own else None


# --- Contracts --------------------------------------------------------------------------------------------------------


def _contract_end(place: Place, wanted: Input) -> Fact | None:
    end = contract_end_day(place)
    sources = tuple(a.iri for (_, last), a in contracts(place) if last == end)
    return Fact(wanted.key, end, sources, "derived") if end else None


def _contract_days(place: Place, wanted: Input) -> Fact | None:
    """Days from Monday to Friday under any contract, each once."""
    parts = in_reference(place)
    days = sum(weekdays(first, last) for first, last in merged(part for part, _ in parts))
    return Fact(wanted.key, Decimal(days), tuple(a.iri for _, a in parts), "derived") if parts else None


def _contract_hours(place: Place, wanted: Input) -> Fact | None:
    """A fifth of the weekly hours a day from Monday to Friday; not known when a contract does not say them."""
    parts = in_reference(place)
    if not parts or any(a.weekly_hours is None for _, a in parts):
        return None
    hours = sum(
        (weekdays(*part) * (a.weekly_hours or Decimal(0)) / 5 for part, a in parts), Decimal(0)
    )  # fmt: skip
    return Fact(wanted.key, hours, tuple(a.iri for _, a in parts), "derived")


# --- Other rules ------------------------------------------------------------------------------------------------------


def _concluded(place: Place, wanted: Input) -> list[Conclusion]:
    return [c for iri in wanted.rules for c in place.concluded.get(iri, ())]


def _conclusion(place: Place, wanted: Input) -> Fact | None:
    found = _concluded(place, wanted)
    if not found or any(c.status is Status.UNKNOWN for c in found):
        return None
    total = sum((c.amount.number for c in found if c.amount), Decimal(0))
    return Fact(wanted.key, total, tuple(dict.fromkeys(iri for c in found for iri in c.sources)), "concluded")


def _categories(place: Place, wanted: Input) -> Fact | None:
    found = [c for c in _concluded(place, wanted) if c.status is Status.MET]
    sources = tuple(dict.fromkeys(iri for c in found for iri in c.sources))
    return Fact(wanted.key, tuple(c.rule.iri for c in found), sources, "concluded")


def _open_categories(place: Place, wanted: Input) -> Fact | None:
    found = [c for c in _concluded(place, wanted) if c.status is Status.UNKNOWN]
    return Fact(wanted.key, tuple(c.rule.iri for c in found), how="concluded") if found else None


def _balance(place: Place, wanted: Input) -> Fact | None:
    """What the movements simulated so far add up to, in the unit of the input."""
    account = place.rule.scheme if place.rule else "", wanted.unit
    return Fact(wanted.key, place.balances[account], how="derived") if account in place.balances else None


def _refused(place: Place, wanted: Input) -> Fact | None:
    """How many conclusions of other rules say no; what they do not know yet is no refusal."""
    found = _concluded(place, wanted)
    no = [c for c in found if c.status is Status.NOT_MET]
    sources = tuple(dict.fromkeys(iri for c in no for iri in c.sources))
    return Fact(wanted.key, Decimal(len(no)), sources, "concluded") if found else None


# --- What a question is about -----------------------------------------------------------------------------------------


def about(place: Place, wanted: Input) -> tuple[tuple[str, ...], str]:
    """The one thing among several that an input is asked of (its activities, its name), or nothing when it is of no one thing."""
    found: list[Activity] = []
    if place.subject is not None:
        found = [place.subject]
    elif _VOLUNTEERING in wanted.spheres and wanted.measure in {"answer", "on-board", "declared-on"}:
        found = _main_activities(place, wanted)
    elif wanted.measure in {"contract-days", "contract-hours"}:
        found = [a for _, a in in_reference(place) if a.weekly_hours is None][:1]
    elif wanted.measure == "work-share":
        jobs = (a for a in (place.year.activities if place.year else ()) if str(a.sphere) == EMPLOYMENT)
        found = [a for a in jobs if a.weekly_hours is None][:1]
    elif wanted.measure == "answer" and place.rule and any(i.measure == "contract-end" for i in place.rule.inputs):
        end = contract_end_day(place)
        found = [a for (_, last), a in contracts(place) if last == end]
    if not found:
        return (), ""
    is_of_association = _VOLUNTEERING in wanted.spheres
    name = _name(found[0]) if is_of_association else found[0].title or _name(found[0])
    return tuple(a.iri for a in found), "" if name == found[0].iri else name


MEASURES: Final[Mapping[str, Measure]] = {
    "activity": _activity,
    "age": _age,
    "answer": _answer,
    "balance": _balance,
    "birth-year": _birth_year,
    "categories": _categories,
    "conclusion": _conclusion,
    "contract-days": _contract_days,
    "contract-end": _contract_end,
    "contract-hours": _contract_hours,
    "day": _day,
    "day-of-year": _day_of_year,
    "declared-on": _declared_on,
    "ever": _answer,
    "hours": _hours,
    "hours-by-organisation": _hours_by_organisation,
    "none": _none,
    "on-board": _on_board,
    "open-categories": _open_categories,
    "refused": _refused,
    "self-employed-share": _self_employed_share,
    "sphere-present": _sphere_present,
    "stated": _stated,
    "stated-by-activity": _stated_by_activity,
    "stated-by-kind": _stated_by_kind,
    "stated-by-month": _stated_by_month,
    "stated-last": _stated_last,
    "today": _today,
    "unplaced": _unplaced,
    "window-end": _window_end,
    "work-share": _work_share,
    "year": _year,
}
