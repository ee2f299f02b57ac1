"""scenarios, add scenario, add supposed: what-ifs on the command line. None of it is so."""

from typing import Any

import click

from musette_solid.cli.bag import add, concept, now
from musette_solid.cli.login import bag as open_bag
from musette_solid.cli.output import N_, as_json, cli, give_json, give_lines, language, sentences, translate
from musette_solid.cli.undoing import say_removed
from musette_solid.model.labels import label
from musette_solid.model.rights.explanation import NOT_BINDING, explain, quantity
from musette_solid.model.rights.explanation import say as in_words
from musette_solid.model.rights.reporting import conclusion_data, plain
from musette_solid.model.scenario import Side
from musette_solid.usecases.imagine import Column, Compared, compare, imagine, list_scenarios, remove_scenario, suppose

_MARKS = {"gained": "+", "lost": "-", "more": "↑", "less": "↓", "unknown": "?"}


@add.command("scenario")
@click.argument("title")
@click.option("--from", "start", required=True, help="2027, 2027-03 or 2027-03-12: when it would begin.")
@click.option("--until", "end", required=True, help="Until when it is looked at.")
@click.option("--ends", multiple=True, help="IRI of an activity that would stop.")
@click.option("--description")
@as_json
@sentences
def add_scenario(
    title: str, start: str, end: str, ends: tuple[str, ...], description: str | None, as_json: bool
) -> None:
    """A what-if; what would begin in it comes with `add supposed`."""
    texts = {"title": [title], "startDate": [start], "endDate": [end], "wouldEnd": list(ends)}
    if description:
        texts["description"] = [description]
    iri = imagine(open_bag(), texts, now())
    give_json({"iri": iri}) if as_json else give_lines([iri])


@add.command("supposed")
@click.argument("scenario")
@click.argument("title")
@click.option("--sphere", required=True, help="employment, volunteering, care… or its label.")
@click.option("--hours", help="Hours a week.")
@click.option("--pay", help="Gross pay or turnover a month, in euros.")
@click.option("--from", "start", help="Default: with the scenario.")
@click.option("--until", "end", help="Default: as long as the scenario.")
@click.option("--like", help="IRI of an activity with the same organisation and role.")
@click.option("--skill", multiple=True, help="IRI of a skill it would use.")
@click.option("--learn", multiple=True, help="A skill it would teach, in words.")
@click.option("--worth", multiple=True, metavar="DIMENSION=0..4", help="What it would count for: care=3, meaning=4…")
@as_json
@sentences
def add_supposed(scenario: str, title: str, as_json: bool, **said: Any) -> None:
    """Suppose an activity in SCENARIO (its IRI)."""
    weights = {}
    for text in said["worth"]:
        dimension, _, weight = text.rpartition("=")
        if not (weight.isascii() and weight.isdigit()):
            raise click.UsageError("--worth takes a dimension and a number, such as care=3")
        weights[concept("DIMENSIONS", "dimension-", dimension)] = int(weight[:3])
    one = {"weeklyHours": "hours", "monthlyAmount": "pay", "startDate": "start", "endDate": "end", "goesOnWith": "like"}
    texts = {name: [said[option]] for name, option in one.items() if said[option]}
    texts |= {"isPartOf": [scenario], "title": [title], "sphere": [concept("SPHERES", "sphere-", said["sphere"])]}
    texts |= {"mobilises": list(said["skill"]), "wouldLearn": list(said["learn"])}
    iri = suppose(open_bag(), texts, now(), weights)
    give_json({"iri": iri}) if as_json else give_lines([iri])


@cli.command()
@click.argument("chosen", nargs=-1, metavar="[SCENARIO]...")
@click.option("--list", "listed", is_flag=True, help="Their names only.")
@click.option("--remove", metavar="IRI", help="Take a what-if out of the bag.")
@as_json
@sentences
def scenarios(chosen: tuple[str, ...], listed: bool, remove: str | None, as_json: bool) -> None:
    """What-ifs beside today: time, skills, value and rights; those named by IRI, else all (four at most)."""
    bag = open_bag()
    if remove:
        say_removed(N_("The what-if was deleted"), remove_scenario(bag, remove))
        return
    if listed:
        found = list_scenarios(bag)
        if as_json:
            give_json({"scenarios": found.scenarios, "unreadable": found.unreadable})
            return
        for one in found.scenarios:
            click.echo(f"{one.title:40} {one.iri}")
        return
    compared = compare(bag, now().date(), chosen)
    if as_json:
        give_json(_data(compared))
        return
    _show(translate(N_("Today")), compared.today, compared)
    for column in compared.columns:
        _show(column.scenario.title, column.side, compared)
        _show_beside(column)
    if compared.columns:
        click.echo(NOT_BINDING[language()])


def _show(title: str, side: Side, compared: Compared) -> None:
    lang = language()
    click.echo(title)
    for sphere, hours in side.hours.items():
        silent = translate(N_("hours not said"))
        figure = f"{hours.said} h" if hours.said is not None else silent
        click.echo(f"  {label(sphere, lang):24} {figure:8} {', '.join(row.title for row in hours.rows)}")
    for dimension, rows in side.values.items():
        called = compared.listed.own.get(dimension) or label(dimension, lang)
        click.echo(f"  {called:24} {', '.join(f'{row.weight}/4 {row.title}' for row in rows)}")


def _show_beside(column: Column) -> None:
    lang = language()
    signs = (("+", column.skills.gained), ("-", column.skills.left))
    for sign, skills in signs:
        for skill in skills:
            click.echo(f"  {sign} {skill.label}")
    for words in column.side.learns:
        click.echo(f"  * {words}")
    for change in column.rights.changes if column.rights else ():
        told = change.after or change.before
        if told:
            said = explain(told, lang)
            click.echo(f"  {_MARKS.get(change.kind, '·')} {said.title} ({told.year}) – {said.summary}")
    for balance in column.rights.balances if column.rights else ():
        if balance.before != balance.after:
            sides = f"{quantity(balance.before, lang)} → {quantity(balance.after, lang)}"
            click.echo(f"  {in_words(balance.scheme.title, lang)}: {sides}")


def _data(compared: Compared) -> dict[str, Any]:
    lang = language()

    def side(one: Side) -> dict[str, Any]:
        return {
            "on": one.on.isoformat(),
            "hours": {str(s): {"said": h.said, "rows": h.rows} for s, h in one.hours.items()},
            "skills": {iri: [row.iri for row in rows] for iri, rows in one.skills.items()},
            "learns": one.learns,
            "values": {str(d): rows for d, rows in one.values.items()},
        }

    def column(one: Column) -> dict[str, Any]:
        said: dict[str, Any] = {"iri": one.scenario.iri, "title": one.scenario.title, **side(one.side)}
        said["skills_beside_today"] = {
            name: [skill.iri for skill in skills]
            for name, skills in (("kept", one.skills.kept), ("gained", one.skills.gained), ("left", one.skills.left))
        }
        if one.rights is None:
            return {**said, "rights": None}
        changes = [
            {
                "kind": c.kind,
                "before": conclusion_data(c.before, lang) if c.before else None,
                "after": conclusion_data(c.after, lang) if c.after else None,
            }
            for c in one.rights.changes
        ]
        balances = [
            {"scheme": b.scheme.iri, "unit": b.scheme.unit, "before": plain(b.before), "after": plain(b.after)}
            for b in one.rights.balances
        ]
        return {**said, "rights": {"changes": changes, "balances": balances}}

    return {
        "notice": NOT_BINDING[lang],
        "today": side(compared.today),
        "scenarios": [column(one) for one in compared.columns],
        "unreadable": compared.listed.unreadable,
    }
