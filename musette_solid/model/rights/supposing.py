"""What a change would do: a supposed activity, the same rights worked out again, and what is gained, lost and kept."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from musette_solid.model.activity import Activity
from musette_solid.model.dates import PartialDate
from musette_solid.model.rights.conclusions import Conclusion, Quantity, Status
from musette_solid.model.rights.evaluation import cents
from musette_solid.model.rights.facts import Life, Stated
from musette_solid.model.rights.life import Outcome
from musette_solid.model.rights.schemes import Scheme
from musette_solid.model.time import TimeEntry
from musette_solid.rdf import terms


@dataclass(frozen=True)
class Change:
    """One rule before and after; a side is None when the rule has nothing to say there."""

    before: Conclusion | None
    after: Conclusion | None

    @property
    def kind(self) -> str:
        """gained, lost, more, less, unknown (it cannot be said after), not-yet or other."""
        held, holds = (c is not None and c.status is Status.MET for c in (self.before, self.after))
        if self.after is not None and self.after.status is Status.UNKNOWN:
            return "unknown"
        if held != holds:
            return "gained" if holds else "lost"
        if not holds and (self.before is None or self.before.status is Status.UNKNOWN):
            return "not-yet"
        was, is_ = (c.amount.number if c and c.amount else Decimal(0) for c in (self.before, self.after))
        return "more" if is_ > was else "less" if is_ < was else "other"


def compare(before: Outcome, after: Outcome) -> tuple[Change, ...]:
    """What differs between two outcomes, rule by rule and year by year."""
    one, other = _by_place(before), _by_place(after)
    places = dict.fromkeys([*one, *other])
    found = []
    for place in places:
        was, is_ = one.get(place), other.get(place)
        if was is None or is_ is None or (was.status, was.amount, was.outputs) != (is_.status, is_.amount, is_.outputs):
            found.append(Change(was, is_))
    return tuple(found)


def _by_place(outcome: Outcome) -> Mapping[tuple[str, int, str | None], Conclusion]:
    """Rules of a whole life are one place, whatever day they were looked at."""
    return {
        (c.rule.iri, 0 if c.rule.scope in {"life", "each-activity"} else c.year, c.subject): c
        for c in outcome.conclusions
    }


@dataclass(frozen=True)
class Balance:
    """The simulated balance of one account on the day, as things are and as supposed."""

    scheme: Scheme
    before: Quantity
    after: Quantity


@dataclass(frozen=True)
class Comparison:
    """Two outcomes of one day side by side. `kept` holds either way and does not change."""

    changes: tuple[Change, ...]
    kept: tuple[Conclusion, ...]
    balances: tuple[Balance, ...]


def comparison(before: Outcome, after: Outcome, schemes: Iterable[Scheme], since: date) -> Comparison:
    changes = compare(before, after)
    changed = {(c.rule.iri, c.subject) for change in changes for c in (change.before, change.after) if c}
    now = _by_place(before)
    kept = [
        c
        for place, c in _by_place(after).items()
        if c.status is Status.MET
        and place in now
        and (c.year >= since.year or c.rule.scope in {"life", "each-activity"})
        and (c.rule.iri, c.subject) not in changed
    ]
    balances = []
    for scheme in schemes:
        sums = [Quantity(outcome.balance(scheme.iri), scheme.unit) for outcome in (before, after)]
        if any(quantity.number for quantity in sums):
            balances.append(Balance(scheme, *sums))
    return Comparison(changes, tuple(kept), tuple(balances))


#: The names of what is only supposed: no bag has them.
HYPOTHESIS = "urn:hypothesis:"


def suppose(
    life: Life,
    *,
    title: str,
    sphere: str,
    start: date,
    end: date,
    weekly_hours: Decimal | None,
    monthly_amount: Decimal | None,
    ends_contracts: bool,
    like: Activity | None = None,
    name: str = "activity",
) -> Life:
    """This life with one more activity and what it would earn, looked at on its last day. Nothing is kept of it.

    `like` is an activity of the life that it would go on with: same organisation, same role. Hours that earn nothing are
    time spent, week after week. `name` tells several that are supposed at once apart.
    """
    concept = next(s for s in (*_EARNING, *_OTHERS) if str(s) == sphere)
    activity = Activity(
        iri=f"{HYPOTHESIS}{name}",
        title=title,
        sphere=concept,
        start=PartialDate.of(start),
        end=PartialDate.of(end),
        weekly_hours=weekly_hours,
        organization=like.organization if like else None,
        role=like.role if like else None,
    )
    earned = []
    kind = _EARNING.get(concept)
    if monthly_amount and kind:
        for year in range(start.year, end.year + 1):
            first, last = max(start, date(year, 1, 1)), min(end, date(year, 12, 31))
            earned.append(
                Stated(
                    f"{HYPOTHESIS}{name}-{year}",
                    str(kind),
                    cents(monthly_amount * _months(first, last)),
                    period=PartialDate(year),
                    activity=activity.iri,
                )
            )
    if concept == terms.SPHERE_EMPLOYMENT:
        # It is supposed until a day: it ends by its term, which is no resignation.
        ended = str(terms.FACT_KIND_INVOLUNTARY_END)
        earned.append(Stated(f"{HYPOTHESIS}{name}-end", ended, answer=True, activity=activity.iri))
    base = life if not ends_contracts else ending_contracts(life, start)
    entries = _weeks(activity.iri, start, end, weekly_hours) if weekly_hours and concept in _OTHERS else ()
    return base.supposing([activity], earned, entries, until=end)


def _months(first: date, last: date) -> Decimal:
    """Months of one year between two days, both counted; of a month begun or left, the share of its days."""
    total = Decimal(0)
    for month in range(first.month, last.month + 1):
        days = monthrange(first.year, month)[1]
        begin = first.day if month == first.month else 1
        end = last.day if month == last.month else days
        total += Decimal(end - begin + 1) / days
    return total


def _weeks(activity: str, start: date, end: date, weekly_hours: Decimal) -> tuple[TimeEntry, ...]:
    """One entry a day, a seventh of the week each: a year is split where it ends; no minute is lost on the way."""
    days = (end - start).days + 1
    whole = [int(weekly_hours * 60 * n / 7) for n in range(days + 1)]
    return tuple(
        TimeEntry(f"{activity}-{n}", activity, start + timedelta(days=n), whole[n + 1] - whole[n])
        for n in range(days)
        if whole[n + 1] > whole[n]
    )


_EARNING = {
    terms.SPHERE_EMPLOYMENT: terms.FACT_KIND_GROSS_SALARY,
    terms.SPHERE_SELF_EMPLOYMENT: terms.FACT_KIND_TURNOVER_BNC,
    terms.SPHERE_PLATFORM_WORK: terms.FACT_KIND_PLATFORM_TURNOVER,
}
_OTHERS = (
    terms.SPHERE_VOLUNTEERING,
    terms.SPHERE_CIVIC_ENGAGEMENT,
    terms.SPHERE_CARE,
    terms.SPHERE_TRAINING,
    terms.SPHERE_JOB_SEARCH,
    terms.SPHERE_BREAK,
    terms.SPHERE_PERSONAL_PROJECT,
)


def ending_contracts(life: Life, on: date) -> Life:
    """The same life whose contracts end on a day."""
    return ending(life, on, [a.iri for a in life.activities if a.sphere == terms.SPHERE_EMPLOYMENT])


def ending(life: Life, on: date, which: Iterable[str]) -> Life:
    """The same life in which some activities, and their missions, end on a day; those that are over by then do not change."""
    chosen = set(which)

    def ended(activity: Activity) -> Activity:
        runs = activity.start is not None and activity.start.first() <= on
        runs = runs and (activity.end is None or activity.end.last() > on)
        root = life.root(activity.iri)
        is_chosen = activity.iri in chosen or (root is not None and root.iri in chosen)
        return replace(activity, end=PartialDate.of(on)) if runs and is_chosen else activity

    return replace(life, activities=tuple(ended(a) for a in life.activities), as_of=max(life.as_of, on))
