"""Goals and their steps, on the command line."""

import click
from rdflib import URIRef

from musette_solid.cli.bag import add, concept, now
from musette_solid.cli.login import bag as open_bag
from musette_solid.cli.output import N_, as_json, cli, give_json, give_lines, language, say, sentences
from musette_solid.model.labels import label
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.pursue_goal import list_goals, move_goal, move_step, plan_step, set_goal


@add.command("goal")
@click.argument("title")
@click.option("--by", help="2028, 2028-03 or 2028-03-12.")
@click.option("--role", help="What you would like to be.")
@click.option("--state", help="How you would like things to be.")
@click.option("--condition", multiple=True, help="On what condition.")
@click.option("--step", multiple=True, help="A step towards it; several stay in their order.")
@click.option("--description")
@as_json
@sentences
def add_goal(
    title: str,
    by: str | None,
    role: str | None,
    state: str | None,
    condition: tuple[str, ...],
    step: tuple[str, ...],
    description: str | None,
    as_json: bool,
) -> None:
    """A goal, with its first steps."""
    said = {"valid": by, "roleName": role, "wishedState": state, "description": description}
    texts = {"title": [title], "condition": list(condition)} | {key: [text] for key, text in said.items() if text}
    iri = set_goal(open_bag(), texts, now(), [{"title": [one]} for one in step])
    give_json({"iri": iri}) if as_json else give_lines([iri])


@cli.command()
@click.option(
    "--mark", nargs=2, metavar="IRI STATE", help="A goal: pursued, reached, set-aside. A step: done, dropped…"
)
@click.option("--plan", nargs=2, metavar="IRI STEP", help="One more step, after those of the goal IRI.")
@as_json
@sentences
def goals(mark: tuple[str, str] | None, plan: tuple[str, str] | None, as_json: bool) -> None:
    """Your goals, the nearest first, and where their steps stand."""
    bag = open_bag()
    if mark:
        _mark(bag, *mark)
        return
    if plan:
        iri = plan_step(bag, plan[0], {"title": [plan[1]]}, now())
        give_json({"iri": iri}) if as_json else give_lines([iri])
        return
    found = list_goals(bag)
    if as_json:
        give_json({"goals": found.goals, "unreadable": found.unreadable})
        return
    for goal in found.goals:
        by = f"  → {goal.by.text}" if goal.by else ""
        click.echo(f"{goal.title}{by}  ({label(goal.state, language())})  {goal.iri}")
        for step in goal.steps:
            click.echo(f"  {label(step.state, language()):14} {step.title}  {step.iri}")
    for document in found.unreadable:
        say(N_("This document could not be read and was left as it is: %(url)s"), url=document)


def _mark(bag: Bag, iri: str, state: str) -> None:
    """What stands at the IRI tells which states there are."""
    if any(step.iri == iri for goal in list_goals(bag).goals for step in goal.steps):
        move_step(bag, iri, URIRef(concept("STEP_STATES", "step-state-", state)))
    else:
        move_goal(bag, iri, URIRef(concept("GOAL_STATES", "goal-state-", state)))
