"""The calculations that rules may name. A scheme chooses one and gives it parameters; it brings no arithmetic of its own."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from musette_solid.model.rights.calculations import (
    artists,
    care,
    claims,
    engagement,
    hardship,
    pension,
    platforms,
    retirement,
    training,
    unemployment,
)
from musette_solid.model.rights.conclusions import Conclusion
from musette_solid.model.rights.evaluation import Evaluation

Calculation: TypeAlias = Callable[[Evaluation], Conclusion]

CALCULATIONS: Final[Mapping[str, Calculation]] = {
    "agirc-arrco-points": pension.agirc_arrco_points,
    "ajpa-days-left": care.ajpa_days_left,
    "ajpa-days-taken": care.ajpa_days_taken,
    "are-amount": unemployment.are_amount,
    "are-complement": unemployment.are_complement,
    "are-degressivity": unemployment.are_degressivity,
    "are-duration": unemployment.are_duration,
    "are-longest": unemployment.are_longest,
    "are-opening": unemployment.are_opening,
    "ava-affiliation": care.ava_affiliation,
    "bilan-access": training.bilan_access,
    "c2p-points": hardship.c2p_points,
    "c2p-uses": hardship.c2p_uses,
    "cec-category": engagement.cec_category,
    "cec-credit": engagement.cec_credit,
    "cec-declaration": engagement.cec_declaration,
    "cec-volunteering": engagement.cec_volunteering,
    "cpf-credit": training.cpf_credit,
    "cpf-participation": training.cpf_participation,
    "firefighter-benefit": engagement.firefighter_benefit,
    "firefighter-quarters": engagement.firefighter_quarters,
    "intermittent-hours": artists.intermittent_hours,
    "platform-cover": platforms.platform_cover,
    "platform-data": platforms.platform_data,
    "quarters-assimilated": retirement.quarters_assimilated,
    "quarters-from-salary": retirement.quarters_from_salary,
    "quarters-from-service": retirement.quarters_from_service,
    "quarters-from-turnover": retirement.quarters_from_turnover,
    "quarters-of-family": retirement.quarters_of_family,
    "quarters-of-the-year": retirement.quarters_of_the_year,
    "quarters-required": retirement.quarters_required,
    "reaches-threshold": claims.reaches_threshold,
    "units-for-hours": claims.units_for_hours,
    "vae-access": training.vae_access,
}
