"""add, show, export: what is in one's own bag."""

import csv
import io
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import click

from musette_solid.cli.login import bag as open_bag
from musette_solid.cli.output import (
    N_,
    as_json,
    as_turtle,
    cli,
    give_json,
    give_lines,
    language,
    say,
    sentences,
    translate,
)
from musette_solid.exchange.losses import Loss
from musette_solid.model.labels import concepts, label
from musette_solid.model.time import Month
from musette_solid.rdf import syntax, terms
from musette_solid.usecases import declare_skill as skills
from musette_solid.usecases import export_all, list_activities, log_activity, log_time
from musette_solid.usecases.layout import Bag


def now() -> datetime:
    return datetime.now(UTC).astimezone().replace(microsecond=0)


def concept(scheme: str, prefix: str, text: str) -> str:
    """A concept by its IRI, its short name or its label in either language. Unknown: as typed, to be refused by the shape."""
    for iri in concepts(getattr(terms, scheme)):
        short = str(iri).rpartition("#")[2].removeprefix(prefix)
        if text.casefold() in {str(iri).casefold(), short, label(iri, "fr").casefold(), label(iri, "en").casefold()}:
            return str(iri)
    return text


@cli.group()
def add() -> None:
    """Put something in the bag."""


@add.command("activity")
@click.option("--title", required=True)
@click.option("--sphere", required=True, help="employment, volunteering, care… or its label.")
@click.option("--start", help="2019, 2019-03 or 2019-03-12.")
@click.option("--end", help="Left out: it goes on.")
@click.option("--organization")
@click.option("--role")
@click.option("--location")
@click.option("--weekly-hours")
@click.option("--description")
@click.option("--part-of", help="IRI of the activity that it is a mission of.")
@click.option("--achievement", multiple=True)
@click.option("--skill", multiple=True, help="IRI of a skill that it uses.")
@as_json
@sentences
def add_activity(
    title: str,
    sphere: str,
    start: str | None,
    end: str | None,
    organization: str | None,
    role: str | None,
    location: str | None,
    weekly_hours: str | None,
    description: str | None,
    part_of: str | None,
    achievement: tuple[str, ...],
    skill: tuple[str, ...],
    as_json: bool,
) -> None:
    """An activity, in any of the ten spheres."""
    one = {
        "title": title,
        "sphere": concept("SPHERES", "sphere-", sphere),
        "startDate": start,
        "endDate": end,
        "organization": organization,
        "roleName": role,
        "location": location,
        "weeklyHours": weekly_hours,
        "description": description,
        "isPartOf": part_of,
    }
    texts = {name: [text] for name, text in one.items() if text}
    texts |= {"achievement": list(achievement), "mobilises": list(skill)}
    iri = log_activity.log_activity(open_bag(), texts, now())
    give_json({"iri": iri}) if as_json else give_lines([iri])


@add.command("time")
@click.argument("line", required=False)
@click.option("--activity", help="IRI of the activity, instead of a line.")
@click.option("--minutes", type=int)
@click.option("--on", "on", help="2026-11-22 (default: today).")
@click.option("--description", default="")
@as_json
@sentences
def add_time(
    line: str | None, activity: str | None, minutes: int | None, on: str | None, description: str, as_json: bool
) -> None:
    """Time: "2 h 30 repair café hier", or --activity IRI --minutes 150 --on 2026-11-21."""
    if line:
        logged = log_time.log_line(open_bag(), line, now().date())
    elif activity and minutes is not None:
        day = date.fromisoformat(on) if on else now().date()
        logged = log_time.log_time(open_bag(), activity, minutes, day, None, description)
    else:
        raise click.UsageError("give a line, or --activity and --minutes")
    give_json(logged) if as_json else give_lines([str(logged.iri)])


@add.command("skill")
@click.argument("label_")
@click.option("--level", help="discovering, assisted, autonomous, adapting, passing-on, or its label.")
@click.option("--evidence", help="Address of something that shows it.")
@click.option("--evidence-title", help="What that is.")
@click.option("--used-in", multiple=True, help="IRI of an activity that uses it.")
@click.option("--description")
@as_json
@sentences
def add_skill(
    label_: str,
    level: str | None,
    evidence: str | None,
    evidence_title: str | None,
    used_in: tuple[str, ...],
    description: str | None,
    as_json: bool,
) -> None:
    """A skill, in your own words."""
    texts = {"prefLabel": [label_]} | ({"description": [description]} if description else {})
    piece = {"title": [evidence_title or evidence], "url": [evidence]} if evidence else None
    iri = skills.declare_skill(
        open_bag(),
        texts,
        now(),
        level=concept("LEVELS", "level-", level) if level else None,
        evidence=piece,
        used_in=used_in,
    )
    give_json({"iri": iri}) if as_json else give_lines([iri])


@cli.command()
@click.argument("what", type=click.Choice(["all", "activities", "skills", "time"]), default="all")
@click.option("--month", help="2026-11 (for time; default: this month).")
@as_json
@as_turtle
@sentences
def show(what: str, month: str | None, as_json: bool, as_turtle: bool) -> None:
    """What is in the bag."""
    found = open_bag()
    if as_turtle:
        click.echo(syntax.turtle(export_all.read_everything(found).graph).decode())
        return
    if what == "time":
        listing = log_time.list_month(found, Month.from_text(month) if month else Month.of(now().date()))
        if as_json:
            give_json({"month": listing.month.text, "minutes": listing.total, "entries": listing.entries})
        else:
            for item in listing.entries:
                activity = listing.activity(str(item.activity))
                title = activity.title if activity else ""
                click.echo(f"{item.on}  {item.minutes // 60:3d} h {item.minutes % 60:02d}  {title}")
        return
    held = list_activities.list_activities(found)
    if as_json:
        report = {"activities": held.activities, "skills": held.skills, "unreadable": held.unreadable}
        give_json(report if what == "all" else {what: report[what]})
        return
    lang = language()
    if what in {"all", "activities"}:
        for one in held.activities:
            period = f"{one.start.text if one.start else '?'} – {one.end.text if one.end else '…'}"
            where = one.organization.name if one.organization else ""
            sphere = label(one.sphere, lang) if one.sphere else ""
            click.echo(f"{period:24} {sphere:22} {one.title}{f' ({where})' if where else ''}")
    if what in {"all", "skills"}:
        for skill in held.skills:
            level = skill.current.level if skill.current and skill.current.level else None
            click.echo(f"{skill.label:40} {label(level, lang) if level else ''}")
    for document in held.unreadable:
        say(N_("This document could not be read and was left as it is: %(url)s"), url=document)


@cli.command()
@click.option(
    "--format",
    "format_",
    type=click.Choice(["jsonld", "turtle", "csv", "jsonresume", "europass", "icalendar"]),
    default="jsonld",
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Default: the standard output.")
@as_json
@as_turtle
@sentences
def export(format_: str, output: Path | None, as_json: bool, as_turtle: bool) -> None:
    """Everything, in an open format. Default: JSON-LD."""
    found = open_bag()
    data, losses = _written(found, "turtle" if as_turtle else format_)
    if format_ == "csv" and as_json:
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
        data = json.dumps(rows, ensure_ascii=False, indent=2).encode()
    for loss in losses:
        click.echo(f"  - {loss.place}: {loss.sentence(translate)}", err=True)
    if output:
        output.write_bytes(data)
    else:
        sys.stdout.buffer.write(data + b"\n")


def _written(found: Bag, format_: str) -> tuple[bytes, tuple[Loss, ...]]:
    """Everything in a format, and what that cannot say."""
    if format_ == "jsonresume":
        resume, losses = export_all.export_json_resume(found, language())
        return json.dumps(resume, ensure_ascii=False, indent=2).encode(), losses
    if format_ == "europass":
        return export_all.export_europass(found, now(), language())
    if format_ == "icalendar":
        return export_all.export_icalendar(found, now(), language=language())
    if format_ == "turtle":
        return export_all.export_turtle(found)
    if format_ == "csv":
        return export_all.export_csv(found, language())
    document, losses = export_all.export_json_ld(found)
    return json.dumps(document, ensure_ascii=False, indent=2).encode(), losses
