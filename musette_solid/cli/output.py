"""What every command shares: the language, JSON for programs, sentences for people, exit codes."""

import gettext
import json
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import wraps
from typing import Any, NoReturn, ParamSpec, TypeVar

import click
from rdflib import Graph

from musette_solid import shipped
from musette_solid.errors import N_, MusetteError
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.unmarked import NotCleaned
from musette_solid.model.dates import PartialDate, in_words
from musette_solid.model.dossier import NotADossier
from musette_solid.model.identity import FacetsMixed
from musette_solid.model.methods import NotAMethod
from musette_solid.model.receipt import NotAReceipt
from musette_solid.model.rights.cases import NotCases
from musette_solid.model.rights.deciding import RuleFault
from musette_solid.model.rights.proposals import NotAScheme
from musette_solid.model.time import Unclear
from musette_solid.model.validation import Unfit
from musette_solid.pod import errors as pod
from musette_solid.pod.webid import NotAProfile
from musette_solid.rdf import syntax
from musette_solid.usecases.assess_another import NotDelivered, NothingSaid
from musette_solid.usecases.granted import Ended
from musette_solid.usecases.keep_evidence import EmptyFile, MayRun, TooHeavy
from musette_solid.usecases.publish import GivenAway, NotShown
from musette_solid.usecases.share import BadTerms, NothingChosen, PreviewOutdated, RecipientRefused
from musette_solid.usecases.show_in_profile import ProfileClosed
from musette_solid.usecases.unpublish import NotWithdrawn

P = ParamSpec("P")
R = TypeVar("R")

#: Exit codes, as docs/reference/command-line.md lists them.
EXIT_CODES: dict[type[MusetteError], int] = {
    pod.SignInNeeded: 3,
    pod.SignInFailed: 3,
    pod.AccessRefused: 4,
    pod.NotThere: 5,
    NotAProfile: 5,
    NotADossier: 5,
    NotAReceipt: 5,
    Ended: 4,
    pod.ChangedMeanwhile: 6,
    pod.AlreadyThere: 6,
    PreviewOutdated: 6,
    NothingSaid: 7,
    NotDelivered: 8,
    TooHeavy: 7,
    MayRun: 7,
    EmptyFile: 7,
    NotCleaned: 7,
    Unfit: 7,
    Unclear: 7,
    UnreadableFile: 7,
    NotCases: 7,
    NotAScheme: 7,
    NotAMethod: 7,
    RuleFault: 7,
    syntax.NotRdf: 7,
    pod.NotUnderstood: 7,
    pod.NotAllowed: 7,
    RecipientRefused: 7,
    NothingChosen: 7,
    BadTerms: 7,
    FacetsMixed: 7,
    GivenAway: 7,
    NotShown: 4,
    ProfileClosed: 4,
    NotWithdrawn: 4,
    pod.Unreachable: 8,
    pod.StorageFull: 9,
    MusetteError: 1,
}


def exit_code(error: MusetteError) -> int:
    return next(EXIT_CODES[kind] for kind in type(error).__mro__ if kind in EXIT_CODES)


def language() -> str:
    """`fr` or `en`: --lang, else the locale of the environment, else French."""
    asked = click.get_current_context().find_root().params.get("lang") if click.get_current_context(True) else None
    if asked:
        return str(asked)
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        code = os.environ.get(variable, "")[:2].lower()
        if code in {"fr", "en"}:
            return code
    return "fr"


def translate(sentence: str) -> str:
    found = gettext.translation("messages", shipped.WEB / "translations", [language()], fallback=True)
    return found.gettext(sentence)


def say(sentence: str, **values: Any) -> None:
    """A sentence for people, on the standard error stream: what a command gives goes to the standard output."""
    click.echo(translate(sentence) % values if values else translate(sentence), err=True)


def plain(value: Any) -> Any:
    """A value as JSON can hold it. Hours and money stay exact: decimals are texts, durations are minutes."""
    if isinstance(value, PartialDate):
        return value.text
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, timedelta):
        return int(value.total_seconds() // 60)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Graph):
        return syntax.json_ld(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Iterable):
        return [plain(v) for v in value]
    return value


def give_json(value: Any) -> None:
    click.echo(json.dumps(plain(value), ensure_ascii=False, indent=2))


def give_lines(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def fail(error: MusetteError) -> NoReturn:
    what, do = error.sentences(translate, lambda on: in_words(on, language()))
    context = click.get_current_context()
    if context.params.get("as_json"):
        report: dict[str, Any] = {"error": type(error).__name__, "what": what, "do": do}
        if isinstance(error, Unfit):
            report["findings"] = plain(error.findings)
        if isinstance(error, pod.PodError):
            report |= {"url": error.url, "status": error.status}
        if isinstance(error, Unclear):
            report["candidates"] = [{"iri": str(a.iri), "title": a.title} for a in error.details.get("candidates", ())]
        give_json(report)
    else:
        click.echo(f"{what} {do}", err=True)
        if isinstance(error, Unfit):
            for finding in error.findings:
                click.echo(f"  - {finding.messages[language()]}", err=True)
        for activity in error.details.get("candidates", ()) if isinstance(error, Unclear) else ():
            click.echo(f"  - {activity.title}  {activity.iri}", err=True)
    sys.exit(exit_code(error))


def sentences(command: Callable[P, R]) -> Callable[P, R]:
    """Errors become a sentence (or JSON) and an exit code, never a stack of frames."""

    @wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except MusetteError as error:
            fail(error)

    return told


as_json = click.option("--json", "as_json", is_flag=True, help="JSON on the standard output, for programs.")
as_turtle = click.option("--turtle", "as_turtle", is_flag=True, help="Turtle on the standard output.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--lang", type=click.Choice(["fr", "en"]), help="Language of the sentences (default: the environment's).")
@click.version_option(package_name="musette-solid")
def cli(lang: str | None) -> None:
    """La Musette: your activities and skills, in your own space; organisations see exactly what you choose."""


__all__ = ["N_", "as_json", "as_turtle", "cli", "exit_code", "fail", "give_json", "give_lines", "language", "plain"]
