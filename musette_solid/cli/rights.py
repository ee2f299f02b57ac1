"""rights: what one may be entitled to, with the reasons; nothing official."""

import json
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from musette_solid.cli.bag import now
from musette_solid.cli.login import bag as open_bag
from musette_solid.cli.output import N_, as_json, cli, give_json, language, say, sentences, translate
from musette_solid.exchange.deadlines import calendar
from musette_solid.model.rights import cases as cases_model
from musette_solid.model.rights import explanation, schemes
from musette_solid.model.rights.conclusions import Conclusion
from musette_solid.model.rights.explanation import NOT_BINDING, explain
from musette_solid.model.rights.reporting import cases_data, outcome_data, plain
from musette_solid.model.rights.standing import asks_by_itself
from musette_solid.usecases import publish_calendar
from musette_solid.usecases.explain_rights import explain_rights
from musette_solid.usecases.list_deadlines import NAME, list_deadlines
from musette_solid.usecases.note_right import keep_movements


@cli.group(invoke_without_command=True)
@click.option("--as-of", "as_of", help="2024-12-31: what could be known that day (default: today).")
@click.option("--keep", is_flag=True, help="Write the movements of the simulation into your accounts.")
@as_json
@click.pass_context
@sentences
def rights(context: click.Context, as_of: str | None, keep: bool, as_json: bool) -> None:
    """Social rights of your bag, explained: a simulation, which binds nobody."""
    if context.invoked_subcommand is not None:
        return
    try:
        day = date.fromisoformat(as_of) if as_of else now().date()
    except ValueError as error:
        raise click.UsageError("--as-of takes a day such as 2024-12-31") from error
    bag = open_bag()
    found = explain_rights(bag, day)
    if keep:
        changed = keep_movements(bag, found.outcome, found.schemes)
        say(N_("Movements written or corrected: %(count)s."), count=changed)
    lang = language()
    if as_json:
        give_json(outcome_data(found.outcome, found.accounts, found.schemes, lang) | {"unreadable": found.unreadable})
        return
    for standing in found.standings:
        click.echo(explanation.say(standing.scheme.title, lang))
        for conclusion in standing.conclusions:
            mark = {"met": "+", "not met": "-", "unknown": "?"}.get(conclusion.status.value, " ")
            said = explain(conclusion, lang)
            if mark == "?" and not asks_by_itself(conclusion):
                continue  # another rule asks the same
            about = f"{said.title} ({conclusion.year}) – " if mark == "?" and _is_of_a_year(conclusion) else ""
            click.echo(f"  {mark} {about}{said.summary}")
    for problem in found.outcome.problems:
        click.echo(f"  ! {explanation.problem(problem, {a.iri: a.title for a in found.life.activities}, lang)}")
    for document in found.unreadable:
        say(N_("This document could not be read and was left as it is: %(url)s"), url=document)
    click.echo(NOT_BINDING[lang])


def _is_of_a_year(conclusion: Conclusion) -> bool:
    return conclusion.rule.scope in {"year", "activity-year"}


def _written(values: Mapping[str, Any]) -> str:
    return json.dumps(plain(values), ensure_ascii=False)


@rights.command("case")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
@sentences
def case(file: Path, as_json: bool) -> None:
    """Evaluate a file of cases: expected and obtained, a case. Exit code 1 when one differs."""
    results = cases_model.run(cases_model.read(file.read_bytes()), schemes.law(), now().date())
    lang = language()
    if as_json:
        give_json(cases_data(results, lang))
    else:
        for result in results:
            click.echo(f"{'=' if result.fits else '≠'} {result.id}  {result.rule}")
            click.echo("    " + translate(N_("expected %(value)s")) % {"value": _written(result.expected)})
            click.echo("    " + translate(N_("obtained %(value)s")) % {"value": _written(result.obtained)})
            if result.conclusion:
                click.echo(f"    {explain(result.conclusion, lang).summary}")
            if result.problem:
                click.echo(f"    {translate(result.problem)}", err=True)
            for name in result.unknown_names:
                say(N_("%(id)s: “%(name)s” is not a name that this rule knows."), id=result.id, name=name)
        click.echo(NOT_BINDING[lang])
        fits = sum(result.fits for result in results)
        say(N_("%(fits)s of %(count)s cases fit."), fits=fits, count=len(results))
    if not all(result.fits for result in results):
        sys.exit(1)


@rights.command("deadlines")
@as_json
@sentences
def deadlines(as_json: bool) -> None:
    """The days to keep, as a calendar that other applications read (iCalendar) on the standard output."""
    bag = open_bag()
    lang = language()
    found = list_deadlines(bag, explain_rights(bag, now().date()), lang)
    if as_json:
        give_json([{"id": d.uid, "on": d.on.isoformat(), "title": d.title, "text": d.text} for d in found])
        return
    click.echo(calendar(found, explanation.say(NAME, lang), now()), nl=False)


@rights.command("calendar")
@click.option(
    "--publish", "publishes", is_flag=True, help="Put the deadlines at an address that a calendar subscribes to."
)
@click.option("--named", is_flag=True, help="With --publish: name the rights; otherwise only the days are shown.")
@click.option("--update", "updates", is_flag=True, help="Write it again if something changed.")
@click.option("--withdraw", "withdraws", is_flag=True, help="Take the address back: nobody can fetch it any more.")
@as_json
@sentences
def address(publishes: bool, named: bool, updates: bool, withdraws: bool, as_json: bool) -> None:
    """The address of your deadlines for a calendar, in your own space; whoever knows it reads it."""
    bag = open_bag()
    if publishes:
        publish_calendar.publish(bag, language(), now(), named=named)
    elif withdraws:
        publish_calendar.withdraw(bag, now())
    elif updates:
        publish_calendar.follow(bag, now())
    found = publish_calendar.standing(bag)
    url = found.url if found and found.state != "withdrawn" else None
    if as_json:
        give_json({"url": url, "named": bool(found and found.named), "state": found.state if found else None})
    elif url:
        click.echo(url)
    else:
        say(N_("Your calendar has no address."))
