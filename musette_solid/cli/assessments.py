"""assessments: say what one sees in the skills of a dossier; keep or not what others say of one's own."""

from datetime import UTC, datetime

import click

from musette_solid.cli.bag import concept
from musette_solid.cli.login import bag as open_bag
from musette_solid.cli.login import pod as open_pod
from musette_solid.cli.output import N_, as_json, cli, give_json, language, say, sentences
from musette_solid.model.labels import label
from musette_solid.pod.errors import NotThere
from musette_solid.rdf.names import local
from musette_solid.usecases.assess_another import Said, assess_another, keep_assessments, received
from musette_solid.usecases.granted import read_dossier


@cli.group()
def assessments() -> None:
    """What others see in one's skills, and what one sees in theirs."""


@assessments.command()
@click.argument("url")
@click.argument("answers", nargs=-1, required=True)
@click.option("--comment", default="", help="What makes you say so, for all of them.")
@click.option("--way", default="", help="looking-back, seen, conversation, test, certification.")
@click.option("--as", "relation", default="", help="What you are to them: peer, mentor, manager, client…")
@as_json
@sentences
def give(url: str, answers: tuple[str, ...], comment: str, way: str, relation: str, as_json: bool) -> None:
    """Answer a dossier that was opened to you: SKILL=LEVEL, each skill by its words or by its name in the dossier."""
    agent = open_pod()
    now = datetime.now(UTC).astimezone().replace(microsecond=0)
    skills = read_dossier(agent, url, now).dossier.skills
    said = []
    for answer in answers:
        wanted, _, level = answer.rpartition("=")
        found = next((one for one in skills if wanted in {one.iri, local(one.iri), one.label}), None)
        if found is None:
            raise NotThere(wanted, 404)
        said.append(Said(found.iri, concept("LEVELS", "level-", level), comment))
    how = concept("ASSESSMENT_WAYS", "assessment-way-", way) if way else ""
    what = concept("RELATION_KINDS", "relationKind-", relation) if relation else ""
    assess_another(agent, url, said, now, way=how, relation=what)
    if as_json:
        give_json({"sent": len(said)})


@assessments.command("list")
@as_json
@sentences
def list_(as_json: bool) -> None:
    """What others say of one's skills, waiting to be kept or not."""
    found = received(open_bag())
    if as_json:
        give_json(found)
        return
    for answer in found.answers:
        click.echo(f"{answer.name or ''} <{answer.by}>  {answer.letter}")
        for one in answer.given:
            click.echo(f"  {one.skill.label}: {label(one.level, language())}  {one.comment}")
    if found.strangers:
        say(N_("Letters that answer no dossier opened to their sender: %(count)s"), count=found.strangers)


@assessments.command()
@click.argument("letter")
@click.option("--only", multiple=True, help="The name of one assessment in it; several times for several.")
@click.option("--none", "nothing", is_flag=True, help="Keep nothing: the letter goes.")
@as_json
@sentences
def keep(letter: str, only: tuple[str, ...], nothing: bool, as_json: bool) -> None:
    """Keep what a letter says beside one's own assessments; the letter goes."""
    bag = open_bag()
    now = datetime.now(UTC).astimezone().replace(microsecond=0)
    answer = next((one for one in received(bag).answers if one.letter == letter), None)
    if answer is None:
        raise NotThere(letter, 404)
    chosen = () if nothing else only or tuple(one.source for one in answer.given)
    kept = keep_assessments(bag, letter, chosen, now)
    give_json({"kept": kept}) if as_json else click.echo(kept)
