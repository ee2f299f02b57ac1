"""One rule, the facts it needs, a day: its conclusion."""

from collections.abc import Mapping
from datetime import date

from musette_solid.errors import N_, MusetteError
from musette_solid.model.rights.calculations import CALCULATIONS
from musette_solid.model.rights.conclusions import Conclusion, Fact, Status, Step
from musette_solid.model.rights.evaluation import Evaluation, Stopped
from musette_solid.model.rights.schemes import Rule


class RuleFault(MusetteError):
    what = N_("A rule of rights cannot be used: %(rule)s (%(reason)s).")
    do = N_("The other rules are still worked out. Tell whoever publishes this rule.")


def decide(
    rule: Rule,
    facts: Mapping[str, Fact],
    on: date,
    *,
    subject: str | None = None,
    as_of: date | None = None,
) -> Conclusion:
    """What the rule says on the day `on`, with its steps. Raises RuleFault when it names a calculation that does not exist."""
    calculation = CALCULATIONS.get(rule.calculation)
    if calculation is None:
        raise RuleFault(rule=rule.iri, reason=N_("its calculation is not one of ours: %(name)s"), name=rule.calculation)
    evaluation = Evaluation(rule, facts, on, subject=subject, as_of=as_of)
    try:
        return calculation(evaluation)
    except Stopped as stop:
        return evaluation.stopped(stop)
    except ArithmeticError:
        # A figure of the rule that nothing can be divided by, or numbers beyond all measure.
        return evaluation.stopped(Stopped(Step(rule.calculation, Status.UNKNOWN, {}, because="figures")))
