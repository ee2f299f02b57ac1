"""day, trajectory: what may be worth doing, and a life in order, on the command line."""

from collections.abc import Mapping

import click
from rdflib import URIRef

from musette_solid.cli.bag import add, now
from musette_solid.cli.login import bag as open_bag
from musette_solid.cli.output import N_, as_json, cli, give_json, give_lines, language, say, sentences, translate
from musette_solid.model import day as day_model
from musette_solid.model.activity import Outline
from musette_solid.model.alongside import right_lines, skill_lines
from musette_solid.model.dates import PartialDate, in_words
from musette_solid.model.labels import label
from musette_solid.model.passages import passages
from musette_solid.model.rights import explanation
from musette_solid.model.trajectory import Bar, Period, Trajectory, draw
from musette_solid.rdf import terms
from musette_solid.usecases.day import of_rights, read_day
from musette_solid.usecases.look_at_trajectory import look_at_trajectory, name_interval


@cli.command()
@as_json
@sentences
def day(as_json: bool) -> None:
    """At most three things that may be worth doing today, each with why."""
    found = read_day(open_bag(), now().date())
    worth = day_model.chosen((*found.worth, *of_rights(found.rights, language()))) if found.activities else ()
    said = [(one, *_said(one, found.own)) for one in worth]
    if as_json:
        give_json(
            {
                "worth": [
                    {"kind": one.kind, "iri": one.iri, "on": one.on, "what": what, "why": why}
                    for one, what, why in said
                ],
                "week_minutes": found.week.week,
                "unreadable": found.unreadable,
            }
        )
        return
    for _, what, why in said:
        click.echo(what)
        if why:
            click.echo(f"  {why}")
    if not said:
        say(N_("Everything is in order. Nothing is expected of you."))
    for document in found.unreadable:
        say(N_("This document could not be read and was left as it is: %(url)s"), url=document)


def _said(one: day_model.Worth, own: Mapping[URIRef, str]) -> tuple[str, str]:
    values = {"title": one.title, "beside": one.beside, "day": in_words(one.on, language()) if one.on else ""}
    what, why = (translate(text) % values if text else "" for text in day_model.SENTENCES[one.kind])
    more = []
    if one.skills:
        more.append(translate(day_model.HELD) % {"skills": ", ".join(one.skills)})
    if one.dimension is not None:
        called = own.get(one.dimension) or label(one.dimension, language())
        more.append(translate(day_model.COUNTS) % {"dimension": called})
    return what, " ".join((why or one.beside, *more))


@cli.command()
@click.option("--from", "first", help="2019, 2019-03 or 2019-03-12 (default: the whole life).")
@click.option("--to", "last", help="The same; default: the end of --from.")
@click.option("--rights", "with_rights", is_flag=True, help="With rights, as they were concluded year by year.")
@as_json
@sentences
def trajectory(first: str | None, last: str | None, with_rights: bool, as_json: bool) -> None:
    """A life in order: activities by sphere, intervals, turning points, skills in use, rights."""
    today = now().date()
    window = _window(first, last)
    found = look_at_trajectory(open_bag(), window, today, with_rights=with_rights)
    shown = draw(found.activities, today, window)
    axis = Period(shown.first, shown.last)
    turns = [one for one in passages(found.activities) if axis.first <= one.on <= axis.last]
    skills = skill_lines(found.skills, found.activities, axis, today)
    rights = right_lines(found.standings or (), axis)
    if as_json:
        give_json(
            {
                "from": axis.first,
                "to": axis.last,
                "lanes": [{"sphere": lane.sphere, "activities": _bars(lane.rows)} for lane in shown.lanes],
                "intervals": [{"from": gap.start, "to": gap.end} for gap in shown.gaps],
                "turning_points": [
                    {"on": one.on, "before": one.before.iri, "after": one.after.iri, "carried": one.carried}
                    for one in turns
                ],
                "skills": [
                    {
                        "iri": line.skill.iri,
                        "label": line.skill.label,
                        "used": [{"from": one.first, "to": one.last} for one in line.used],
                        "judged": [{"on": on, "level": level} for on, level in line.judged],
                    }
                    for line in skills
                ],
                "rights": [
                    {
                        "scheme": line.scheme.iri,
                        "years": [
                            {"year": one.year, "status": str(one.status), "open": one.is_open, "given": one.given}
                            for one in line.years
                        ],
                    }
                    for line in rights
                ],
                "minutes": [{"activity": one.activity, "on": one.on, "minutes": one.minutes} for one in found.entries],
                "unreadable": found.unreadable,
            }
        )
        return
    _tell(shown)
    for one in turns:
        click.echo(f"{one.on}  {one.before.title} → {one.after.title}")
    for line in rights:
        said = ", ".join(f"{one.year} {explanation.state(one.status, language())}" for one in line.years)
        click.echo(f"{explanation.say(line.scheme.title, language())}: {said}")
    for document in found.unreadable:
        say(N_("This document could not be read and was left as it is: %(url)s"), url=document)


def _window(first: str | None, last: str | None) -> Period | None:
    if first is None:
        return None
    try:
        start = PartialDate.from_text(first)
        end = PartialDate.from_text(last) if last else start
    except ValueError as error:
        raise click.UsageError("--from and --to take 2019, 2019-03 or 2019-03-12") from error
    return Period(start.first(), max(end.last(), start.first()))


def _activities(bars: tuple[Bar, ...]) -> list[Outline]:
    """Those of a row with their missions."""
    return [one for bar in bars for one in (bar.activity, *_activities(bar.parts))]


def _bars(rows: tuple[tuple[Bar, ...], ...]) -> list[dict[str, object]]:
    found = [one for row in rows for one in _activities(row)]
    return [
        {"iri": one.iri, "title": one.title, "start": one.start, "end": one.end, "part_of": one.part_of}
        for one in found
    ]


def _tell(shown: Trajectory) -> None:
    for lane in shown.lanes:
        if lane.sphere:
            click.echo(label(lane.sphere, language()))
        for one in (one for row in lane.rows for one in _activities(row)):
            click.echo(f"  {one.start.text if one.start else '?'} – {one.end.text if one.end else '…'}  {one.title}")
    for gap in shown.gaps:
        click.echo(f"({gap.start} – {gap.end})")


@add.command("interval")
@click.argument("title")
@click.option("--from", "first", required=True, help="2019, 2019-03 or 2019-03-12.")
@click.option("--to", "last", help="The same; left out: it goes on.")
@as_json
@sentences
def add_interval(title: str, first: str, last: str | None, as_json: bool) -> None:
    """Give a name to an interval in which nothing is noted; for yourself alone."""
    texts = {
        "title": [title],
        "sphere": [str(terms.SPHERE_BREAK)],
        "startDate": [first],
        "endDate": [last] if last else [],
    }
    iri = name_interval(open_bag(), texts, now())
    give_json({"iri": iri}) if as_json else give_lines([iri])
