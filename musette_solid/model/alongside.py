"""What goes along with a trajectory, on the same days: skills in use and judged, and what was concluded of rights, year by year."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rdflib import URIRef

from musette_solid.model.activity import Mobilising
from musette_solid.model.overview import JudgedSkill
from musette_solid.model.rights.conclusions import Conclusion, Quantity, Status
from musette_solid.model.rights.schemes import Scheme
from musette_solid.model.rights.standing import Standing
from musette_solid.model.trajectory import Period, period_of


@dataclass(frozen=True, slots=True)
class SkillLine:
    """`used`: the periods of the activities that mobilise it, joined where they touch and cut at the edges of the window."""

    skill: JudgedSkill
    used: tuple[Period, ...]
    judged: tuple[tuple[date, URIRef | None], ...]


def skill_lines(
    skills: Iterable[JudgedSkill], activities: Iterable[Mobilising], window: Period, today: date
) -> tuple[SkillLine, ...]:
    """The skills that something says something of in the window: those that were judged first, then the longest in use."""
    periods: dict[str, list[Period]] = {}
    for activity in activities:
        shown = _cut(period_of(activity, today), window) if activity.mobilises else None
        if shown is not None:
            for iri in activity.mobilises:
                periods.setdefault(iri, []).append(shown)
    found = []
    for skill in skills:
        judged = tuple((on, level) for on, level in skill.judged if window.first <= on <= window.last)
        used = _joined(periods.get(skill.iri, ()))
        if used or judged:
            found.append(SkillLine(skill, used, judged))
    return tuple(sorted(found, key=lambda line: (not line.judged, -_days(line.used), line.skill.label, line.skill.iri)))


def _cut(period: Period | None, window: Period) -> Period | None:
    if period is None or period.first > window.last or period.last < window.first:
        return None
    return Period(max(period.first, window.first), min(period.last, window.last))


def _joined(periods: Iterable[Period]) -> tuple[Period, ...]:
    ordered = sorted(periods)
    if not ordered:
        return ()
    found: list[Period] = []
    (begun, over), *later = ordered
    for first, last in later:
        if first.toordinal() - over.toordinal() > 1:
            found.append(Period(begun, over))
            begun, over = first, last
        elif last > over:
            over = last
    return (*found, Period(begun, over))


def _days(periods: Sequence[Period]) -> int:
    return sum([last.toordinal() - first.toordinal() + 1 for first, last in periods])


@dataclass(frozen=True, slots=True)
class RightYear:
    """What was concluded of a right for one year: met where one of its rules holds; unknown where none does and one cannot say.

    `is_open`: one of its rules cannot say, whatever the others do. `given`: what the year added to the account.
    """

    year: int
    status: Status
    is_open: bool
    given: Quantity | None = None


@dataclass(frozen=True, slots=True)
class RightLine:
    scheme: Scheme
    years: tuple[RightYear, ...]


def right_lines(standings: Iterable[Standing], window: Period) -> tuple[RightLine, ...]:
    """In the order of the schemes. A year of which nothing was concluded is not there: it is not a no."""
    found = []
    for standing in standings:
        by_year: dict[int, list[Conclusion]] = {}
        for conclusion in standing.conclusions:
            if window.first.year <= conclusion.year <= window.last.year:
                by_year.setdefault(conclusion.year, []).append(conclusion)
        years = tuple(made for year, said in sorted(by_year.items()) if (made := _right_year(year, said)) is not None)
        if years:
            found.append(RightLine(standing.scheme, years))
    return tuple(found)


def _right_year(year: int, conclusions: Sequence[Conclusion]) -> RightYear | None:
    said = {conclusion.status for conclusion in conclusions}
    for status in (Status.MET, Status.UNKNOWN, Status.NOT_MET):
        if status in said:
            break
    else:
        return None
    moved = [movement.counted for conclusion in conclusions for movement in conclusion.movements]
    given = Quantity(sum((one.number for one in moved[1:]), moved[0].number), moved[0].unit) if moved else None
    return RightYear(year, status, Status.UNKNOWN in said, given)
