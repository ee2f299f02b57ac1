"""Where somebody stands: each right in a line, what is nearly there, what a change would keep or lose."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from musette_solid.model.rights.accounts import Account
from musette_solid.model.rights.conclusions import Conclusion, Deadline, Quantity, Status
from musette_solid.model.rights.life import Outcome
from musette_solid.model.rights.schemes import Scheme


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
_QUARTERS = "retraite.trimestres"
#: Questions and thresholds of older years are history: they stay on the page of the right.
_YEARS = 2


def nearly(outcome: Outcome) -> tuple[Nearly, ...]:
    """Deadlines first, then thresholds just missed, questions, and years without four quarters; the latest first."""
    found: list[Nearly] = []
    for conclusion in outcome.conclusions:
        found += [Nearly("deadline", conclusion, deadline=d) for d in conclusion.deadlines if d.on >= outcome.as_of]
        if conclusion.rule.key == _QUARTERS and conclusion.lacking:
            found.append(Nearly("unvalidated", conclusion, conclusion.lacking))
            continue
        if conclusion.year < outcome.as_of.year - _YEARS:
            continue
        if conclusion.status is Status.UNKNOWN and conclusion.asked and not conclusion.deadlines:
            if not asks_by_itself(conclusion):
                continue
            found.append(Nearly("question", conclusion))
        elif conclusion.lacking and _is_near(conclusion):
            found.append(Nearly("lacking", conclusion, conclusion.lacking))
    found = _latest_questions(found)
    order = {"deadline": 0, "lacking": 1, "question": 2, "unvalidated": 3}
    return tuple(
        sorted(found, key=lambda n: (order[n.why], n.deadline.on if n.deadline else date.max, -n.conclusion.year))
    )


def silent_years(outcome: Outcome) -> tuple[int, ...]:
    """Years over, since the first that has anything to do with a pension, of which nothing says whether they count."""
    said = {c.year for c in outcome.conclusions if c.rule.key == _QUARTERS}
    return tuple(year for year in range(min(said, default=outcome.as_of.year), outcome.as_of.year) if year not in said)


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


def asks_by_itself(conclusion: Conclusion) -> bool:
    """Not what another rule was asked already: that rule has the question."""
    first = conclusion.rule.input(conclusion.asked[0]) if conclusion.asked else None
    return first is None or not first.rules
