"""One evaluation of one rule: the calculation asks for facts and parameters here, and what it asks is the explanation."""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Final, NoReturn

from musette_solid.model.rights.conclusions import (
    Conclusion,
    Deadline,
    Fact,
    Known,
    Movement,
    Quantity,
    Shown,
    Status,
    Step,
    Used,
)
from musette_solid.model.rights.schemes import Parameter, Rule

ZERO: Final = Decimal(0)
_CENT: Final = Decimal("0.01")
_MAGNITUDE: Final = 15
_DIGITS: Final = 40


class Stopped(Exception):
    """Never leaves the evaluation: it is how a calculation stops at what it does not know."""

    def __init__(self, step: Step) -> None:
        super().__init__(step.key)
        self.step = step


def cents(amount: Decimal) -> Decimal:
    """To the nearest cent, half a cent upwards."""
    return amount.quantize(_CENT, ROUND_HALF_UP)


def cents_up(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_CEILING)


def whole(number: Decimal) -> Decimal:
    """What is complete: 3.99 quarters are 3."""
    return number.to_integral_value(ROUND_FLOOR)


def day_number(number: Decimal) -> date:
    """A day kept as a number: 20260901."""
    digits = f"{int(number):08d}"
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


def is_beyond_measure(number: Decimal) -> bool:
    """No amount of a life, and no figure of a law, has so many digits; writing some of them out would take hours."""
    return not number.is_finite() or abs(number.adjusted()) > _MAGNITUDE or len(number.as_tuple().digits) > _DIGITS


class Evaluation:
    """What a calculation sees. `on` is the day of the event: its law applies; `as_of` hides what was published later."""

    def __init__(
        self,
        rule: Rule,
        facts: Mapping[str, Fact],
        on: date,
        *,
        subject: str | None = None,
        as_of: date | None = None,
    ) -> None:
        self.rule = rule
        self.on = on
        self._facts = facts
        self._subject = subject
        self._as_of = as_of
        self._steps: list[Step] = []
        self._taken: dict[str, Fact] = {}
        self._used: dict[str, Used] = {}
        self._lacking: list[Quantity] = []
        self._deadlines: list[Deadline] = []
        self._movements: list[Movement] = []
        self._is_certain = True

    # --- Facts --------------------------------------------------------------------------------------------------------

    def known(self, key: str) -> Known | None:
        """What is known of an input; None when nothing is. Negative numbers stop the evaluation: no fact is negative."""
        fact = self._facts.get(key)
        if fact is None:
            return None
        self._taken[key] = fact
        value = fact.value
        if fact.how == "contradiction":
            self._stop(key, "contradiction")
        numbers = [n for n in (value.values() if isinstance(value, Mapping) else (value,)) if isinstance(n, Decimal)]
        if any(n < 0 for n in numbers):
            self._stop(key, "negative")
        if any(is_beyond_measure(n) for n in numbers):
            self._stop(key, "kind")
        return value

    def maybe_number(self, key: str) -> Decimal | None:
        value = self.known(key)
        if value is not None and not isinstance(value, Decimal):
            self._stop(key, "kind")
        return value

    def number(self, key: str) -> Decimal:
        value = self.maybe_number(key)
        return self._ask(key) if value is None else value

    def maybe_flag(self, key: str) -> bool | None:
        value = self.known(key)
        if value is not None and not isinstance(value, bool):
            self._stop(key, "kind")
        return value

    def flag(self, key: str) -> bool:
        value = self.maybe_flag(key)
        return self._ask(key) if value is None else value

    def maybe_day(self, key: str) -> date | None:
        value = self.known(key)
        if value is not None and not isinstance(value, date):
            self._stop(key, "kind")
        return value

    def day(self, key: str) -> date:
        value = self.maybe_day(key)
        return self._ask(key) if value is None else value

    def text(self, key: str) -> str:
        value = self.known(key)
        if isinstance(value, str):
            return value
        self._of_another_kind(key, value)
        return self._ask(key)

    def amounts(self, key: str) -> Mapping[str, Decimal]:
        value = self.known(key)
        if isinstance(value, Mapping):
            return value
        self._of_another_kind(key, value)
        return self._ask(key)

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.known(key)
        if isinstance(value, tuple):
            return value
        self._of_another_kind(key, value)
        return self._ask(key)

    def _of_another_kind(self, key: str, value: Known | None) -> None:
        if value is not None:
            self._stop(key, "kind")

    def _ask(self, key: str) -> NoReturn:
        self._stop(key, "missing")

    def _stop(self, key: str, because: str) -> NoReturn:
        shown = self._facts[key].value if key in self._facts else ""
        raise Stopped(self._step(key, Status.UNKNOWN, {"found": str(shown)}, asks=key, because=because))

    # --- Parameters ---------------------------------------------------------------------------------------------------

    def parameter(self, key: str, on: date | None = None) -> Decimal:
        """The value in force on `on` (default: the day of the event). Stops the evaluation when nobody has said it yet."""
        day = on or self.on
        parameter = self._parameter(key)
        found = parameter.on(day, self._as_of)
        if found is None:
            raise Stopped(self._no_value(parameter, day))
        since, value = found
        self._used[key] = Used(parameter.iri, key, Quantity(value, parameter.unit), since)
        return value

    def has_parameter(self, key: str, on: date | None = None) -> bool:
        return self._parameter(key).on(on or self.on, self._as_of) is not None

    def applies(self, key: str, on: date | None = None) -> bool:
        """Whether it has a value other than nothing: what is worth nothing any more is not shown as a figure."""
        found = self._parameter(key).on(on or self.on, self._as_of)
        return found is not None and found[1] != 0

    def quantity(self, key: str, on: date | None = None) -> Quantity:
        return Quantity(self.parameter(key, on), self._parameter(key).unit)

    def _parameter(self, key: str) -> Parameter:
        found = self.rule.parameter(key)
        if found is None:
            raise Stopped(self._step(key, Status.UNKNOWN, {}, because="rule"))
        return found

    def _no_value(self, parameter: Parameter, day: date) -> Step:
        return self._step(parameter.key, Status.UNKNOWN, {"day": day, "year": day.year}, because="parameter")

    # --- Steps --------------------------------------------------------------------------------------------------------

    def check(self, key: str, holds: bool | None, asks: str | None = None, **values: Shown) -> bool | None:
        """A condition of the rule: it holds, does not, or (None) is not known, and then `asks` names the input to ask for."""
        if holds is None:
            self._steps.append(self._step(key, Status.UNKNOWN, values, asks=asks, because="missing"))
        else:
            self._steps.append(self._step(key, Status.MET if holds else Status.NOT_MET, values))
        return holds

    def compute(self, key: str, **values: Shown) -> None:
        """A computation, which decides nothing by itself."""
        self._steps.append(self._step(key, Status.COMPUTED, values))

    def doubt(self, key: str, **values: Shown) -> None:
        """A computation that the law does not settle: the conclusion says so."""
        self._is_certain = False
        self.compute(key, **values)

    def lacks(self, number: Decimal, unit: str) -> None:
        if number > 0:
            self._lacking.append(Quantity(number, unit))

    def deadline(self, on: date, key: str, year: int) -> None:
        self._deadlines.append(Deadline(on, key, year))

    def moves(self, amount: Decimal, unit: str, on: date | None = None, worth: Quantity | None = None) -> None:
        """A movement of the account of the scheme; nothing moves nothing."""
        if amount:
            self._movements.append(Movement(self.rule.scheme, on or self.on, Quantity(amount, unit), (), worth))

    def _step(
        self,
        key: str,
        status: Status,
        values: Mapping[str, Shown],
        *,
        asks: str | None = None,
        because: str | None = None,
    ) -> Step:
        facts, used = tuple(self._taken.values()), tuple(self._used.values())
        self._taken, self._used = {}, {}
        return Step(key, status, dict(values), facts, used, asks, because)

    # --- The conclusion -----------------------------------------------------------------------------------------------

    def status(self) -> Status:
        """Of all conditions so far: one that fails decides, whatever is not known of the others."""
        found = {step.status for step in self._steps}
        for status in (Status.NOT_MET, Status.UNKNOWN):
            if status in found:
                return status
        return Status.MET

    def conclude(self, status: Status, amount: Quantity | None = None, **outputs: object) -> Conclusion:
        proofs = tuple(dict.fromkeys(iri for step in self._steps for fact in step.facts for iri in fact.sources))
        return Conclusion(
            rule=self.rule,
            status=status,
            on=self.on,
            subject=self._subject,
            amount=amount,
            outputs=outputs,
            steps=tuple(self._steps),
            movements=tuple(Movement(m.account, m.on, m.amount, proofs, m.worth) for m in self._movements)
            if status is Status.MET
            else (),
            deadlines=tuple(self._deadlines),
            lacking=tuple(self._lacking),
            is_certain=self._is_certain,
        )

    def stopped(self, stop: Stopped) -> Conclusion:
        self._steps.append(stop.step)
        self._movements = []
        return self.conclude(Status.UNKNOWN)
