"""rights: what one may be entitled to, with the reasons; nothing official."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from musette_solid.cli.bag import now
from musette_solid.cli.output import N_, as_json, cli, give_json, language, say, sentences, translate
from musette_solid.model.rights import cases as cases_model
from musette_solid.model.rights import schemes
from musette_solid.model.rights.explanation import NOT_BINDING, explain
from musette_solid.model.rights.reporting import cases_data, plain


@cli.group(invoke_without_command=True)
@click.pass_context
def rights(context: click.Context) -> None:
    """Social rights, explained: a simulation, which binds nobody."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


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
                click.echo(f"    {result.problem}", err=True)
            for name in result.unknown_names:
                say(N_("%(id)s: “%(name)s” is not a name that this rule knows."), id=result.id, name=name)
        click.echo(NOT_BINDING[lang])
        fits = sum(result.fits for result in results)
        say(N_("%(fits)s of %(count)s cases fit."), fits=fits, count=len(results))
    if not all(result.fits for result in results):
        sys.exit(1)
