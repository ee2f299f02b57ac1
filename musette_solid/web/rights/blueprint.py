"""What the pages of rights have in common: their address, the day they look at, one right in a line."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from flask import Blueprint, request, url_for

from musette_solid.errors import MusetteError
from musette_solid.model.rights import explanation, schemes
from musette_solid.model.rights.schemes import Scheme
from musette_solid.model.rights.standing import Standing
from musette_solid.pod.errors import NotThere
from musette_solid.usecases import publish_calendar
from musette_solid.usecases.explain_rights import Rights
from musette_solid.usecases.layout import Bag
from musette_solid.web import clock, i18n
from musette_solid.web.reasons import Reason, reason, written

bp = Blueprint("rights", __name__, url_prefix="/rights")


@dataclass(frozen=True)
class Line:
    """One right at a glance."""

    title: str
    address: str
    main: Reason | None
    simulated: str
    official: str
    difference: str
    questions: int
    expires: date | None


def today() -> date:
    """Today, or the day of `?as_of=`: what could be known then."""
    try:
        return date.fromisoformat(request.args.get("as_of", ""))
    except ValueError:
        return clock.today()


def words(texts: schemes.Texts) -> str:
    return explanation.say(texts, i18n.language())


def scheme_of(slug: str) -> Scheme:
    found = next((s for s in schemes.law() if s.slug == slug), None)
    if found is None:
        raise NotThere("", 404)
    return found


def line_of(standing: Standing, rights: Rights) -> Line:
    return Line(
        title=words(standing.scheme.title),
        address=url_for(".show", slug=standing.scheme.slug, as_of=request.args.get("as_of") or None)
        if not standing.scheme.is_proposal
        else "",
        main=reason(standing.main, rights) if standing.main else None,
        simulated=written(standing.simulated),
        official=written(standing.official),
        difference=written(standing.difference),
        questions=standing.questions,
        expires=standing.expires,
    )


def problems_of(rights: Rights) -> list[str]:
    titles = {a.iri: a.title for a in rights.life.activities}
    return [explanation.problem(p, titles, i18n.language()) for p in rights.outcome.problems]


def keep_calendar(bag: Bag) -> None:
    """After a change: the calendar at its address, if there is one, says what is so now. What fails waits for the next sign-in."""
    with suppress(MusetteError):
        publish_calendar.follow(bag, clock.now())


def number(text: str) -> Decimal | None:
    plain = "".join(text.split()).replace("\u202f", "").replace(",", ".").removesuffix("€")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**9 else None


def day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


bp.add_app_template_filter(written, "quantity")
