"""Rights: at a glance, one with its reasons, what is nearly there, what a change would do, facts, deadlines, proposals."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from musette_solid.errors import MusetteError
from musette_solid.exchange import deadlines as calendars
from musette_solid.model import labels
from musette_solid.model.rights import explanation, schemes
from musette_solid.model.rights.conclusions import Quantity, Status
from musette_solid.model.rights.facts import Stated
from musette_solid.model.rights.proposals import NotAScheme
from musette_solid.model.rights.schemes import Scheme
from musette_solid.model.rights.standing import Change, Standing, nearly, suppose
from musette_solid.model.trajectory import draw
from musette_solid.model.validation import Finding, Unfit
from musette_solid.pod.errors import NotThere, PodError
from musette_solid.rdf import terms
from musette_solid.rdf.names import local
from musette_solid.usecases import explain_rights as usecase
from musette_solid.usecases.explain_rights import Rights, explain_rights
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.load_proposal import from_file, from_url, shipped
from musette_solid.usecases.note_right import copy_balance, keep_movements, note_fact, remove_fact
from musette_solid.web import clock, forms, i18n, notices, picture, things
from musette_solid.web.access import with_bag
from musette_solid.web.forms import Form
from musette_solid.web.i18n import gettext
from musette_solid.web.reasons import Reason, reason, reasons, thing, written

bp = Blueprint("rights", __name__, url_prefix="/rights")

#: Written by the application, or kept on other pages.
_LEFT_OUT = ("evidence", "created")


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


def _today() -> date:
    """Today, or the day of `?as_of=`: what could be known then."""
    try:
        return date.fromisoformat(request.args.get("as_of", ""))
    except ValueError:
        return clock.today()


def _words(texts: schemes.Texts) -> str:
    return explanation.say(texts, i18n.language())


def _unit_of(kind: str) -> str:
    """The unit that a kind of fact is counted in; empty when it is a day or an answer."""
    return str(labels.graph().value(URIRef(kind), terms.UNIT) or "")


def _scheme(slug: str) -> Scheme:
    found = next((s for s in schemes.law() if s.slug == slug), None)
    if found is None:
        raise NotThere("", 404)
    return found


def _line(standing: Standing, rights: Rights) -> Line:
    return Line(
        title=_words(standing.scheme.title),
        address=url_for(".show", slug=standing.scheme.slug) if not standing.scheme.is_proposal else "",
        main=reason(standing.main, rights) if standing.main else None,
        simulated=written(standing.simulated),
        official=written(standing.official),
        difference=written(standing.difference),
        questions=standing.questions,
        expires=standing.expires,
    )


def _problems(rights: Rights) -> list[str]:
    titles = {a.iri: a.title for a in rights.life.activities}
    return [explanation.problem(p, titles, i18n.language()) for p in rights.outcome.problems]


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    rights = explain_rights(bag, _today())
    return render_template(
        "pages/rights.html",
        lines=[_line(standing, rights) for standing in rights.standings],
        problems=_problems(rights),
        unreadable=rights.unreadable,
        nearly=len(nearly(rights.outcome)),
        has_activities=bool(rights.life.activities),
        as_of=rights.outcome.as_of,
    )


@bp.get("/<slug>")
@with_bag
def show(bag: Bag, slug: str) -> ResponseReturnValue:
    scheme = _scheme(slug)
    rights = explain_rights(bag, _today())
    return _show(rights, scheme)


def _show(rights: Rights, scheme: Scheme, error: str = "", typed: str = "") -> str:
    standing = next((s for s in rights.standings if s.scheme.iri == scheme.iri), None)
    by_rule: list[tuple[str, list[Reason]]] = []
    for rule in sorted(scheme.rules, key=lambda r: r.order):
        found = [c for c in (standing.conclusions if standing else ()) if c.rule.iri == rule.iri]
        if found:
            by_rule.append((_words(rule.title), sorted(reasons(found, rights), key=lambda r: -r.year)))
    movements = [
        (m.on, written(m.counted), [link for iri in m.proofs if (link := thing(iri, rights))])
        for c in (standing.conclusions if standing else ())
        for m in c.movements
    ]
    return render_template(
        "pages/right.html",
        scheme=scheme,
        title=_words(scheme.title),
        description=_words(scheme.description),
        ask=_words(scheme.ask),
        uncertainty=_words(scheme.uncertainty),
        line=_line(standing, rights) if standing else None,
        by_rule=by_rule,
        movements=sorted(movements, key=lambda m: m[0], reverse=True),
        unit=written(Quantity(Decimal(2), scheme.unit)).partition("\u00a0")[2],
        copied_on=standing.copied_on if standing else None,
        today=clock.today().isoformat(),
        error=error,
        typed=typed,
        not_binding=explanation.say(explanation.NOT_BINDING, i18n.language()),
    )


@bp.post("/<slug>/official")
@with_bag
def official(bag: Bag, slug: str) -> ResponseReturnValue:
    """Keep what an official site says, beside what is simulated."""
    scheme = _scheme(slug)
    typed = request.form.get("balance", "")
    balance = _number(typed)
    on = _day(request.form.get("on", "")) or clock.today()
    if balance is None or balance < 0:
        error = gettext("Write the balance as a number, such as 1500 or 1500.50.")
        return _show(explain_rights(bag, clock.today()), scheme, error, typed), 422
    copy_balance(bag, scheme, balance, on)
    notices.say("balance-copied")
    return redirect(url_for(".show", slug=slug), 303)


@bp.post("/keep")
@with_bag
def keep(bag: Bag) -> ResponseReturnValue:
    """Write the movements of the simulation into the accounts."""
    rights = explain_rights(bag, clock.today())
    keep_movements(bag, rights.outcome, rights.schemes)
    notices.say("movements-kept")
    return redirect(url_for(".index"), 303)


@bp.get("/nearly")
@with_bag
def nearly_there(bag: Bag) -> ResponseReturnValue:
    rights = explain_rights(bag, _today())
    found = nearly(rights.outcome)
    groups = [
        (why, [(n, reason(n.conclusion, rights), [written(q) for q in n.lacking]) for n in found if n.why == why])
        for why in ("deadline", "lacking", "question", "unvalidated")
    ]
    return render_template("pages/rights_nearly.html", groups=[g for g in groups if g[1]], as_of=rights.outcome.as_of)


# --- Facts ------------------------------------------------------------------------------------------------------------


@bp.get("/facts")
@with_bag
def facts(bag: Bag) -> ResponseReturnValue:
    return _facts_page(_fact_form(bag, {"date": [request.args.get("year", "")]}))


def _fact_form(bag: Bag, texts: forms.Texts, findings: tuple[Finding, ...] = ()) -> tuple[Form, Rights]:
    rights = explain_rights(bag, clock.today())
    options = {"activity": [(a.iri, a.title or local(a.iri)) for a in rights.life.activities]}
    return forms.form(terms.RightsFactShape, texts, findings=findings, leave_out=_LEFT_OUT, options=options), rights


def _facts_page(made: tuple[Form, Rights]) -> str:
    form, rights = made
    rows = [_row(fact, rights) for fact in rights.stated]
    return render_template("pages/rights_facts.html", form=form, rows=rows, problems=_problems(rights))


@dataclass(frozen=True)
class Row:
    name: str
    kind: str
    value: str
    when: str
    activity: str
    note: str


def _row(fact: Stated, rights: Rights) -> Row:
    unit = schemes.short(_unit_of(fact.kind))
    if fact.amount is not None:
        value = written(Quantity(fact.amount, unit))
    elif fact.day is not None:
        value = i18n.day(fact.day)
    elif fact.answer is not None:
        value = i18n.label(str(terms.ANSWER_YES if fact.answer else terms.ANSWER_NO))
    else:
        value = ""
    activity = rights.activity(fact.activity) if fact.activity else None
    return Row(
        local(fact.iri),
        i18n.sentence_case(i18n.label(fact.kind)),
        value,
        i18n.partial(fact.period) if fact.period else "",
        activity.title if activity else "",
        fact.description or "",
    )


@bp.post("/facts")
@with_bag
def note(bag: Bag) -> ResponseReturnValue:
    """A fact from the form, or the answer to one question of a page of rights."""
    texts = forms.texts(terms.RightsFactShape, leave_out=_LEFT_OUT)
    if amount := texts.get("amount"):
        texts["amount"] = [text.replace("€", "").strip() for text in amount]
    kind = (texts.get("factKind") or [""])[0]
    is_income = schemes.short(_unit_of(kind)) == "eur"
    findings = _says_something(texts)
    try:
        if findings:
            raise Unfit(findings=findings)
        note_fact(bag, texts, clock.now(), is_income=is_income)
    except Unfit as error:
        return _facts_page(_fact_form(bag, texts, tuple(error.findings))), 422
    notices.say("fact-noted")
    slug = request.form.get("right", "")
    known = any(s.slug == slug for s in schemes.law())
    return redirect(url_for(".show", slug=slug) if known else url_for(".facts"), 303)


def _says_something(texts: forms.Texts) -> tuple[Finding, ...]:
    if any(texts.get(name) for name in ("amount", "answer", "statedDay")):
        return ()
    messages = {
        "en": "Write an amount, an answer or a day: a fact says something.",
        "fr": "Écrivez un montant, une réponse ou un jour\u00a0: un fait dit quelque chose.",
    }
    return (Finding("", str(terms.AMOUNT), None, "violation", messages, messages),)


@bp.post("/facts/<name>/delete")
@with_bag
def delete_fact(bag: Bag, name: str) -> ResponseReturnValue:
    remove_fact(bag, f"{bag.layout.rights}#{name}")
    notices.say("fact-removed")
    return redirect(url_for(".facts"), 303)


# --- What a change would do -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Comparison:
    kind: str
    title: str
    before: Reason | None
    after: Reason | None


@bp.get("/suppose")
@with_bag
def supposing(bag: Bag) -> ResponseReturnValue:
    """A hypothesis lives in the address and on this page, nowhere else."""
    rights = explain_rights(bag, clock.today())
    today = clock.today()
    asked = request.args
    start, end = _day(asked.get("start", "")) or today, _day(asked.get("end", ""))
    sphere = things.sphere_of_slug(asked.get("sphere", ""))
    error, compared = "", None
    if sphere is not None:
        hours, pay = _number(asked.get("hours", "")), _number(asked.get("pay", ""))
        error = _wrong_hypothesis(asked, start, end)
        if not error and end is not None:
            life = suppose(
                rights.life,
                title=gettext("What you supposed"),
                sphere=str(sphere),
                start=start,
                end=end,
                weekly_hours=hours,
                monthly_amount=pay,
                ends_contracts=asked.get("ends") == "yes",
            )
            _, changes = usecase.suppose(rights, life)
            compared = [_comparison(change, rights) for change in changes]
    page = render_template(
        "pages/rights_suppose.html",
        spheres=[(things.sphere_slug(s), i18n.sentence_case(i18n.label(s))) for s in things.spheres()],
        asked=asked,
        start=start.isoformat(),
        end=(end or date(today.year, 12, 31)).isoformat(),
        compared=compared,
        error=error,
        last=end,
    )
    return page, 422 if error else 200


def _wrong_hypothesis(asked: object, start: date, end: date | None) -> str:
    get = asked.get  # type: ignore[attr-defined]  # the query of the request
    for name in ("hours", "pay"):
        typed, number = get(name, ""), _number(get(name, ""))
        if typed and (number is None or number < 0):
            return gettext("Write hours and pay as numbers that are not negative.")
    if end is None or end < start or end.year - start.year > 10:
        return gettext("Give a last day, after the first and within ten years.")
    return ""


def _comparison(change: Change, rights: Rights) -> Comparison:
    either = change.after or change.before
    return Comparison(
        change.kind,
        _words(either.rule.title) if either else "",
        reason(change.before, rights) if change.before else None,
        reason(change.after, rights) if change.after else None,
    )


# --- Time -------------------------------------------------------------------------------------------------------------


@bp.get("/timeline")
@with_bag
def timeline(bag: Bag) -> ResponseReturnValue:
    """What each year gave, beside the trajectory."""
    rights = explain_rights(bag, _today())
    columns = [s for s in rights.standings if s.simulated is not None]
    years = sorted({m.on.year for s in columns for c in s.conclusions for m in c.movements}, reverse=True)

    def cell(standing: Standing, year: int) -> str:
        found = [m.counted for c in standing.conclusions for m in c.movements if m.on.year == year]
        total = Quantity(sum((q.number for q in found), Decimal(0)), found[0].unit) if found else None
        return written(total)

    return render_template(
        "pages/rights_timeline.html",
        columns=[(_words(s.scheme.title), url_for(".show", slug=s.scheme.slug), written(s.simulated)) for s in columns],
        years=[(year, [cell(s, year) for s in columns]) for year in years],
        picture=picture.of(
            draw(rights.life.activities, clock.today()),
            address=lambda iri: (
                url_for("activities.show", name=local(iri)) if iri.startswith(bag.layout.activities) else ""
            ),
        )
        if rights.life.activities
        else None,
    )


@bp.get("/deadlines.ics")
@with_bag
def feed(bag: Bag) -> ResponseReturnValue:
    rights = explain_rights(bag, clock.today())
    days = []
    for standing in rights.standings:
        for conclusion in standing.conclusions:
            said = reason(conclusion, rights)
            days += [
                calendars.DayToKeep(
                    f"{said.id}-{deadline.on.isoformat()}@musette",
                    deadline.on,
                    f"{said.title} ({deadline.year})",
                    " ".join([said.steps[-1].text if said.steps else said.summary, said.remedy]).strip(),
                )
                for deadline in conclusion.deadlines
            ]
        if standing.expires:
            title = gettext("%(right)s expires", right=_words(standing.scheme.title))
            days.append(calendars.DayToKeep(f"{standing.scheme.slug}-expires@musette", standing.expires, title, title))
    body = calendars.calendar(days, gettext("Deadlines of my rights"), clock.now())
    response = Response(body, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="musette-rights.ics"'
    return response


# --- Proposals --------------------------------------------------------------------------------------------------------


@bp.get("/proposals")
@with_bag
def proposals(_bag: Bag) -> ResponseReturnValue:
    return render_template("pages/rights_proposals.html", shipped=[name for name, _ in shipped()], error="", do="")


@bp.post("/proposals")
@with_bag
def try_proposal(bag: Bag) -> ResponseReturnValue:
    """A proposal from a file, an address or the application itself, worked out beside the law. Nothing is kept of it."""
    today = clock.today()
    chosen, address, named = (
        request.files.get("file"),
        request.form.get("url", "").strip(),
        request.form.get("shipped", ""),
    )
    try:
        if chosen is not None and chosen.filename:
            proposal = from_file(chosen.read(), chosen.filename, today)
        elif address:
            proposal = from_url(bag.pod.transport, address, today)
        else:
            data = dict(shipped()).get(named)
            if data is None:
                raise NotThere("", 404)
            proposal = from_file(data, f"{named}.ttl", today)
    except (NotAScheme, PodError) as error:
        return _refused_proposal(error)
    rights = explain_rights(bag, today, proposal.schemes)
    mine = {scheme.iri for scheme in proposal.schemes}
    return render_template(
        "pages/rights_proposal.html",
        proposal=proposal,
        refused=[(local(r.rule), gettext(r.because, said=r.said)) for r in proposal.refused],
        found=[
            (
                _words(s.scheme.title),
                _words(s.scheme.description),
                _totals(s),
                sorted(
                    reasons((c for c in s.conclusions if c.status is not Status.UNKNOWN), rights),
                    key=lambda r: -r.year,
                ),
                sorted({c.year for c in s.conclusions if c.status is Status.UNKNOWN}),
            )
            for s in rights.standings
            if s.scheme.iri in mine
        ],
        law=[_line(s, rights) for s in rights.standings if s.scheme.iri not in mine],
        titles=[_words(s.title) for s in proposal.schemes],
    )


def _totals(standing: Standing) -> list[tuple[str, str]]:
    """What each rule of a proposal would give in all: points of two kinds are not added together."""
    totals: dict[str, tuple[str, Quantity]] = {}
    for conclusion in standing.conclusions:
        for movement in conclusion.movements:
            _, before = totals.get(conclusion.rule.iri, ("", Quantity(Decimal(0), movement.counted.unit)))
            total = Quantity(before.number + movement.counted.number, movement.counted.unit)
            totals[conclusion.rule.iri] = _words(conclusion.rule.title), total
    return [(title, written(total)) for title, total in totals.values()]


def _refused_proposal(error: MusetteError) -> ResponseReturnValue:
    what, do = i18n.sentences(error)
    page = render_template(
        "pages/rights_proposals.html", shipped=[name for name, _ in shipped()], error=what, do=do
    )  # fmt: skip
    return page, 422


def _number(text: str) -> Decimal | None:
    plain = "".join(text.split()).replace("\u202f", "").replace(",", ".").removesuffix("€")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**9 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
