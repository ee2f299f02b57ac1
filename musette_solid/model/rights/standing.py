"""Where somebody stands: each right in a line, what is nearly there, what a change would keep or lose."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from musette_solid.model.activity import Activity
from musette_solid.model.dates import PartialDate
from musette_solid.model.rights.accounts import Account
from musette_solid.model.rights.conclusions import Conclusion, Deadline, Quantity, Status
from musette_solid.model.rights.facts import Life, Stated
from musette_solid.model.rights.life import Outcome
from musette_solid.model.rights.schemes import Scheme
from musette_solid.rdf import terms


@dataclass(frozen=True)
class Standing:
    """One right: what was concluded, what its account holds here and officially, what is still asked."""

    scheme: Scheme
    conclusions: tuple[Conclusion, ...]
    simulated: Quantity | None
    official: Quantity | None
    expires: date | None
    copied_on: date | None

    @property
    def difference(self) -> Quantity | None:
        """Simulated less official."""
        if self.simulated is None or self.official is None:
            return None
        return Quantity(self.simulated.number - self.official.number, self.official.unit)

    @property
    def latest(self) -> tuple[Conclusion, ...]:
        """Of each rule, the conclusion of its last year."""
        last: dict[tuple[str, str | None], Conclusion] = {}
        for conclusion in self.conclusions:
            last[conclusion.rule.iri, conclusion.subject] = conclusion
        return tuple(sorted(last.values(), key=lambda c: (c.rule.order, c.subject or "")))

    @property
    def main(self) -> Conclusion | None:
        """The one to say first: the last that moved the account, else one that holds today, else any."""
        moving = [c for c in self.conclusions if c.movements]
        if moving:
            return max(moving, key=lambda c: (c.on, c.rule.order))
        met = [c for c in self.latest if c.status is Status.MET]
        return next(iter([*met, *self.latest]), None)

    @property
    def questions(self) -> int:
        return len({(c.rule.iri, c.year, key) for c in self.conclusions for key in c.asked})


def standings(outcome: Outcome, schemes: Iterable[Scheme], accounts: Iterable[Account]) -> tuple[Standing, ...]:
    """Every scheme that has something to say, in the order of the schemes."""
    by_scheme = {account.scheme: account for account in accounts}
    found = []
    for scheme in schemes:
        conclusions = outcome.of_scheme(scheme.iri)
        account = by_scheme.get(scheme.iri)
        if not conclusions and account is None:
            continue
        moved = any(c.movements for c in conclusions)
        found.append(
            Standing(
                scheme,
                conclusions,
                Quantity(outcome.balance(scheme.iri), scheme.unit) if moved else None,
                account.official if account else None,
                account.valid if account else None,
                account.copied_on if account else None,
            )
        )
    return tuple(found)


# --- What I nearly have -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Nearly:
    """Something within reach: `why` is deadline, question, lacking or unvalidated."""

    why: str
    conclusion: Conclusion
    lacking: tuple[Quantity, ...] = ()
    deadline: Deadline | None = None


#: A threshold is near when less than this share of it is lacking.
_NEAR = Decimal("0.6")
#: Questions and thresholds of older years are history: they stay on the page of the right.
_YEARS = 2


def nearly(outcome: Outcome) -> tuple[Nearly, ...]:
    """Deadlines first, then thresholds just missed, questions, and years without four quarters; the latest first."""
    found: list[Nearly] = []
    for conclusion in outcome.conclusions:
        found += [Nearly("deadline", conclusion, deadline=d) for d in conclusion.deadlines if d.on >= outcome.as_of]
        if conclusion.rule.key == "retraite.trimestres" and conclusion.lacking:
            found.append(Nearly("unvalidated", conclusion, conclusion.lacking))
            continue
        if conclusion.year < outcome.as_of.year - _YEARS:
            continue
        if conclusion.status is Status.UNKNOWN and conclusion.asked and not conclusion.deadlines:
            if not _asks_by_itself(conclusion):
                continue
            found.append(Nearly("question", conclusion))
        elif conclusion.lacking and _is_near(conclusion):
            found.append(Nearly("lacking", conclusion, conclusion.lacking))
    found = _latest_questions(found)
    order = {"deadline": 0, "lacking": 1, "question": 2, "unvalidated": 3}
    return tuple(
        sorted(found, key=lambda n: (order[n.why], n.deadline.on if n.deadline else date.max, -n.conclusion.year))
    )


def _latest_questions(found: list[Nearly]) -> list[Nearly]:
    """A question that comes back every year is asked for the latest; the others are on the page of the right."""
    last: dict[tuple[str, str | None], int] = {}
    for one in found:
        if one.why == "question":
            place = one.conclusion.rule.iri, one.conclusion.subject
            last[place] = max(last.get(place, 0), one.conclusion.year)
    return [
        n
        for n in found
        if n.why != "question" or last[n.conclusion.rule.iri, n.conclusion.subject] == n.conclusion.year
    ]


def _is_near(conclusion: Conclusion) -> bool:
    """Beside the smallest amount of the conclusion that is as large: a threshold, or what is there already."""
    steps = [step for step in conclusion.steps if step.key not in {"next", "missing"}]
    amounts = [v for step in steps for v in step.values.values() if isinstance(v, Quantity)]
    for lack in conclusion.lacking:
        larger = [v.number for v in amounts if v.unit == lack.unit and v.number >= lack.number]
        if larger and lack.number <= _NEAR * min(larger):
            return True
    return False


def _asks_by_itself(conclusion: Conclusion) -> bool:
    """Not what another rule was asked already: that rule has the question."""
    first = conclusion.rule.input(conclusion.asked[0])
    return first is not None and not first.rules


# --- What a change would do -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One rule before and after; a side is None when the rule has nothing to say there."""

    before: Conclusion | None
    after: Conclusion | None

    @property
    def rule_key(self) -> str:
        either = self.after or self.before
        return either.rule.key if either else ""

    @property
    def kind(self) -> str:
        """gained, lost, more, less or other."""
        held, holds = (c is not None and c.status is Status.MET for c in (self.before, self.after))
        if held != holds:
            return "gained" if holds else "lost"
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
) -> Life:
    """This life with one more activity and what it would earn, looked at on its last day. Nothing is kept of it."""
    concept = next(s for s in (*_EARNING, *_OTHERS) if str(s) == sphere)
    activity = Activity(
        iri=f"{HYPOTHESIS}activity",
        title=title,
        sphere=concept,
        start=PartialDate.of(start),
        end=PartialDate.of(end),
        weekly_hours=weekly_hours,
    )
    earned = []
    kind = _EARNING.get(concept)
    if monthly_amount and kind:
        for year in range(start.year, end.year + 1):
            first, last = max(start, date(year, 1, 1)), min(end, date(year, 12, 31))
            months = last.month - first.month + 1
            earned.append(
                Stated(
                    f"{HYPOTHESIS}{year}",
                    str(kind),
                    monthly_amount * months,
                    period=PartialDate(year),
                    activity=activity.iri,
                )
            )
    base = life if not ends_contracts else ending_contracts(life, start)
    return base.supposing([activity], earned, until=end)


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

    def ended(activity: Activity) -> Activity:
        runs = activity.start is not None and activity.start.first() <= on
        runs = runs and (activity.end is None or activity.end.last() > on)
        return (
            replace(activity, end=PartialDate.of(on))
            if runs and activity.sphere == terms.SPHERE_EMPLOYMENT
            else activity
        )

    return replace(life, activities=tuple(ended(a) for a in life.activities), as_of=max(life.as_of, on))
