"""check: do somebody's data fit our shapes?"""

import sys
from pathlib import Path

import click

from musette_solid.cli.login import transport
from musette_solid.cli.output import N_, as_json, cli, give_json, language, say, sentences
from musette_solid.usecases import check as checking


@cli.command()
@click.argument("place")
@as_json
@sentences
def check(place: str, as_json: bool) -> None:
    """Findings about a file or a public address: the property, the value, what was expected."""
    if place.startswith(("http://", "https://")):
        findings = checking.check_url(transport(), place)
    else:
        path = Path(place)
        if not path.is_file():
            raise click.UsageError(f"no such file: {place}")
        findings = checking.check_bytes(path.read_bytes(), path.name)
    if as_json:
        give_json(findings)
    else:
        lang = language()
        for finding in findings:
            click.echo(f"{finding.focus}")
            click.echo(f"  {finding.messages[lang]}")
            for name in ("path", "value"):
                if getattr(finding, name):
                    click.echo(f"  {name}: {getattr(finding, name)}")
            if finding.expected.get(lang):
                click.echo(f"  {finding.expected[lang]}")
        if not findings:
            say(N_("Everything fits."))
    if any(finding.severity == "violation" for finding in findings):
        sys.exit(7)
