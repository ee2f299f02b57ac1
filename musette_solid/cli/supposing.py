"""rights suppose, rights try: what a change, or a right that no law says, would do. Nothing is kept."""

import sys
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click

from musette_solid.cli.bag import concept, now
from musette_solid.cli.login import bag as open_bag
from musette_solid.cli.login import transport
from musette_solid.cli.output import N_, as_json, give_json, language, say, sentences, translate
from musette_solid.cli.rights import rights
from musette_solid.model.labels import concepts
from musette_solid.model.rights.conclusions import Conclusion, Status
from musette_solid.model.rights.explanation import NOT_BINDING, explain, quantity
from musette_solid.model.rights.explanation import say as in_words
from musette_solid.model.rights.proposals import Proposal
from musette_solid.model.rights.reporting import conclusion_data, plain
from musette_solid.model.rights.supposing import suppose as suppose_life
from musette_solid.rdf import terms
from musette_solid.usecases.explain_rights import explain_rights, suppose
from musette_solid.usecases.load_proposal import from_file, from_url

_LONGEST_YEARS = 10


def _number(text: str | None, option: str) -> Decimal | None:
    if text is None:
        return None
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0 or number.adjusted() > _MAGNITUDE:
        raise click.UsageError(f"{option} takes a number such as 20 or 1500.50")
    return number


_MAGNITUDE = 9


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise click.UsageError(f"{option} takes a day such as 2027-06-30") from error


@rights.command("suppose")
@click.option("--sphere", required=True, help="employment, volunteering, care… or its label.")
@click.option("--from", "start", help="2026-12-01: the first day (default: today).")
@click.option("--until", "end", required=True, help="2027-06-30: the last day.")
@click.option("--hours", help="Hours a week.")
@click.option("--pay", help="Gross pay or turnover a month, in euros.")
@click.option("--ends-contracts", is_flag=True, help="The contracts of today end on the first day.")
@click.option("--figures-go-on", is_flag=True, help="As if figures not published yet stayed those of today.")
@as_json
@sentences
def suppose_(  # the options of one command
    sphere: str,
    start: str | None,
    end: str,
    hours: str | None,
    pay: str | None,
    ends_contracts: bool,
    figures_go_on: bool,
    as_json: bool,
) -> None:
    """What an activity that you suppose would gain, lose and keep."""
    first, last = _day(start, "--from") if start else now().date(), _day(end, "--until")
    if last < first or last.year - first.year > _LONGEST_YEARS:
        raise click.UsageError("--until is after --from, and within ten years")
    weekly, monthly, chosen = _number(hours, "--hours"), _number(pay, "--pay"), concept("SPHERES", "sphere-", sphere)
    if chosen not in set(map(str, concepts(terms.SPHERES))):
        raise click.UsageError("--sphere takes one of the spheres of activity, such as employment or volunteering")
    found = explain_rights(open_bag(), now().date())
    life = suppose_life(
        found.life,
        title=translate(N_("What you supposed")),
        sphere=chosen,
        start=first,
        end=last,
        weekly_hours=weekly,
        monthly_amount=monthly,
        ends_contracts=ends_contracts,
    )
    compared = suppose(found, life, figures_go_on=figures_go_on)
    lang = language()

    def data(conclusion: Conclusion | None) -> dict[str, Any] | None:
        return conclusion_data(conclusion, lang) if conclusion else None

    if as_json:
        give_json(
            {
                "notice": NOT_BINDING[lang],
                "on": last.isoformat(),
                "figures_go_on": figures_go_on,
                "changes": [
                    {"kind": c.kind, "before": data(c.before), "after": data(c.after)} for c in compared.changes
                ],
                "kept": [data(c) for c in compared.kept],
                "balances": [
                    {"scheme": b.scheme.iri, "unit": b.scheme.unit, "before": plain(b.before), "after": plain(b.after)}
                    for b in compared.balances
                ],
            }
        )
        return
    marks = {"gained": "+", "lost": "-", "more": "↑", "less": "↓", "unknown": "?"}
    for change in compared.changes:
        side = change.after or change.before
        if side:
            said = explain(side, lang)
            click.echo(f"{marks.get(change.kind, '·')} {said.title} ({side.year}) – {said.summary}")
    for balance in compared.balances:
        if balance.before != balance.after:
            sides = f"{quantity(balance.before, lang)} → {quantity(balance.after, lang)}"
            click.echo(f"  {in_words(balance.scheme.title, lang)}: {sides}")
    click.echo(NOT_BINDING[lang])


def _proposal(source: str) -> Proposal:
    today = now().date()
    if source.startswith(("http://", "https://")):
        return from_url(transport(), source, today)
    path = Path(source)
    if not path.is_file():
        raise click.UsageError(f"there is no file {source}")
    return from_file(path.read_bytes(), path.name, today)


@rights.command("try")
@click.argument("source")
@click.option("--only-check", is_flag=True, help="Check the file and its worked examples, without your data.")
@as_json
@sentences
def try_(source: str, only_check: bool, as_json: bool) -> None:
    """Try a right that no law says, from a FILE or an address, on your own data. Exit code 7 when a rule was left out."""
    proposal = _proposal(source)
    lang = language()
    mine = {scheme.iri for scheme in proposal.schemes}
    conclusions: tuple[Conclusion, ...] = ()
    if not only_check:
        found = explain_rights(open_bag(), now().date(), proposal.schemes)
        conclusions = tuple(c for c in found.outcome.conclusions if c.rule.scheme in mine)
    if as_json:
        give_json(
            {
                "notice": NOT_BINDING[lang],
                "proposal": True,
                "schemes": [
                    {"scheme": s.iri, "title": in_words(s.title, lang), "rules": [r.key for r in s.rules]}
                    for s in proposal.schemes
                ],
                "refused": [
                    {"rule": r.rule, "because": translate(r.because) % {"said": r.said}} for r in proposal.refused
                ],
                "conclusions": [conclusion_data(c, lang) for c in conclusions],
            }
        )
    else:
        for scheme in proposal.schemes:
            click.echo(in_words(scheme.title, lang))
            for rule in scheme.rules:
                click.echo(f"  = {in_words(rule.title, lang)}")
        for conclusion in (c for c in conclusions if c.status is not Status.UNKNOWN):
            click.echo(f"  {conclusion.year}  {explain(conclusion, lang).summary}")
    if conclusions:
        say(N_("This is a proposal: no law says so. It was worked out on your own data, and nothing of it is kept."))
    for refused in proposal.refused:
        name, why = refused.rule.rpartition("#")[2], translate(refused.because) % {"said": refused.said}
        say(N_("The rule “%(name)s” was left out: %(why)s."), name=name, why=why)
    if proposal.refused:
        sys.exit(7)
