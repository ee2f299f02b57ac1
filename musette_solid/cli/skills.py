"""skills: how each stands, judged again and passed on; proposed, kept or set aside; what an occupation needs of them."""

import re
from datetime import UTC, date, datetime

import click

from musette_solid.cli.bag import concept
from musette_solid.cli.login import bag as open_bag
from musette_solid.cli.login import transport
from musette_solid.cli.output import N_, as_json, cli, give_json, language, sentences, translate
from musette_solid.cli.references import shelf
from musette_solid.model.bridges import Status
from musette_solid.model.labels import label
from musette_solid.model.references.concepts import Kind, Link
from musette_solid.model.references.shelf import label as label_of
from musette_solid.model.skill_graph import By
from musette_solid.model.words import folded
from musette_solid.pod.errors import NotThere
from musette_solid.rdf.names import local
from musette_solid.usecases import ask_esco, propose_skills
from musette_solid.usecases.bridge_to import UnknownOccupation, aim_at, bridge_to, from_here
from musette_solid.usecases.declare_skill import assess
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import list_activities
from musette_solid.usecases.look_at_skill import look_at_skill, pass_on
from musette_solid.usecases.map_skills import map_skills


class NoSuchSkill(NotThere):
    what = N_("None of your skills is called so.")
    do = N_("See their names and addresses: musette show skills.")


@cli.group()
def skills() -> None:
    """One's skills: how each stands, assessed again, passed on; proposed from an activity, kept or set aside."""


def skill_of(bag: Bag, said: str) -> str:
    """The IRI of a skill that is named by its IRI, by its name in the document or by its words. Raises NoSuchSkill."""
    listed = list_activities(bag).skills
    wanted = folded(said)
    for one in listed:
        if said in {one.iri, local(one.iri)} or folded(one.label) == wanted:
            return one.iri
    raise NoSuchSkill(said)


def _day(text: str | None) -> date:
    return date.fromisoformat(text) if text else datetime.now(UTC).astimezone().date()


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _a_day(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    try:
        if value and not (_DAY.fullmatch(value) and date.fromisoformat(value)):
            raise ValueError
    except ValueError:
        raise click.BadParameter("a day, as 2024-05-01") from None
    return value


@skills.command("show")
@click.argument("skill")
@click.option("--as-of", callback=_a_day, help="How it stood on an earlier day, as 2024-05-01.")
@as_json
@sentences
def show_skill(skill: str, as_of: str | None, as_json: bool) -> None:
    """One skill (its IRI or its words): its level that day by each person, its uses, proofs and register names."""
    bag = open_bag()
    today = datetime.now(UTC).astimezone().date()
    look = look_at_skill(bag, skill_of(bag, skill), today, _day(as_of))
    if as_json:
        give_json(
            {
                "skill": look.skill,
                "as_of": look.as_of,
                "levels": look.then,
                "states": look.standing.states,
                "last_use": look.standing.use.day,
                "dormant_since": look.standing.dormant_since,
                "guarantee": look.standing.guarantee,
                "used_in": [activity.iri for activity in look.used_in],
                "names": look.names,
            }
        )
        return
    lang = language()
    click.echo(look.skill.label)
    for by, said in look.then.items():
        who = translate(N_("me")) if by == bag.owner else look.names.get(by, by)
        level = label(said.level, lang) if said.level else said.as_stated
        click.echo(f"  {said.on}  {level}  {who}")
    for activity in look.used_in:
        click.echo(f"  {activity.title}")


@skills.command("assess")
@click.argument("skill")
@click.argument("level")
@click.option("--on", "on", callback=_a_day, help="The day of the assessment, as 2026-11-22 (default: today).")
@click.option("--way", default="", help="looking-back, seen, conversation, test, certification.")
@click.option("--comment", default="")
@as_json
@sentences
def assess_skill(skill: str, level: str, on: str | None, way: str, comment: str, as_json: bool) -> None:
    """Say where one stands with a skill; what was said before is kept."""
    bag = open_bag()
    now = datetime.now(UTC).astimezone().replace(microsecond=0)
    chosen = concept("LEVELS", "level-", level)
    how = concept("ASSESSMENT_WAYS", "assessment-way-", way) if way else ""
    iri = assess(bag, skill_of(bag, skill), chosen, _day(on), comment, way=how, now=now)
    give_json({"iri": iri}) if as_json else click.echo(iri)


@skills.command("passed-on")
@click.argument("skill")
@click.option("--learnt-from", multiple=True, help="Who taught it; several times for several people.")
@click.option("--taught-to", multiple=True, help="To whom it was taught.")
@as_json
@sentences
def passed_on(skill: str, learnt_from: tuple[str, ...], taught_to: tuple[str, ...], as_json: bool) -> None:
    """Say who passed a skill on, and to whom: exactly these names."""
    bag = open_bag()
    now = datetime.now(UTC).astimezone().replace(microsecond=0)
    iri = skill_of(bag, skill)
    pass_on(bag, iri, learnt_from, taught_to, now)
    give_json({"iri": iri}) if as_json else click.echo(iri)


@skills.command()
@click.argument("activity")
@click.option("--words", default="", help="Other words than those of the activity itself.")
@as_json
@sentences
def propose(activity: str, words: str, as_json: bool) -> None:
    """Skills that may be in an activity (its IRI), each with why."""
    found = propose_skills.proposals(open_bag(), shelf(), activity, language(), words)
    if as_json:
        give_json(found.proposals)
        return
    for one in found.proposals:
        through = f" ({one.through})" if one.through else ""
        click.echo(f"{one.label:60} {one.reason:10} {', '.join(one.words)}{through}")
        click.echo(f"  {one.iri}")


@skills.command()
@click.argument("activity")
@click.argument("skill")
@click.option("--words", default="", help="In your own words.")
@as_json
@sentences
def accept(activity: str, skill: str, words: str, as_json: bool) -> None:
    """Keep a proposal: a concept becomes a skill of yours, used in the activity."""
    now = datetime.now(UTC).astimezone().replace(microsecond=0)
    made = propose_skills.answer(open_bag(), shelf(), activity, {skill: words}, (), now, language())
    give_json({"created": made}) if as_json else click.echo("\n".join(made or (skill,)))


@skills.command()
@click.argument("activity")
@click.argument("skill")
@sentences
def decline(activity: str, skill: str) -> None:
    """Set a proposal aside: it is not proposed again for this activity."""
    now = datetime.now(UTC).astimezone().replace(microsecond=0)
    propose_skills.answer(open_bag(), shelf(), activity, {}, (skill,), now, language())


def _occupation(words: str) -> str:
    """An occupation by its IRI, or the first that its words find. Raises UnknownOccupation."""
    if words.startswith(("https://", "http://")):
        return words
    found = shelf().search(words, (Kind.OCCUPATION,), 5)
    told = [one for one in found if shelf().related(one.iri, Link.CORE)] or found
    if not told:
        raise UnknownOccupation(words)
    return told[0].iri


def _occupation_online(words: str) -> str:
    """The same, by ESCO's service, which is asked what it needs as well. Raises UnknownOccupation, EscoSilent."""
    found = words
    if not words.startswith(("https://", "http://")):
        answers = ask_esco.search(transport(), shelf(), ask_esco.service(), words, Kind.OCCUPATION, language())
        if not answers:
            raise UnknownOccupation(words)
        found = answers[0].iri
    return ask_esco.learn(transport(), shelf(), ask_esco.service(), found, language()).iri


@skills.command("bridges")
@as_json
@sentences
def bridges(as_json: bool) -> None:
    """Occupations that one's skills lead towards already, and goals that aim at one."""
    today = datetime.now(UTC).astimezone().date()
    start = from_here(open_bag(), shelf(), today, language())
    if as_json:
        give_json({"ways": start.ways, "goals": start.goals})
        return
    for way in start.ways:
        click.echo(f"{way.label:50} {len(way.skills)}/{way.total}  {', '.join(way.skills)}")
        click.echo(f"  {way.iri}")


@skills.command("bridge")
@click.argument("occupation")
@click.option("--as-goal", default="", help="Make a goal of what is missing at its heart, with this title.")
@click.option("--by", default="", help="2028, 2028-03 or 2028-03-12.")
@click.option("--online", is_flag=True, help="Ask ESCO's own service what it needs: its name leaves this machine.")
@as_json
@sentences
def bridge(occupation: str, as_goal: str, by: str, online: bool, as_json: bool) -> None:
    """What an occupation (its IRI or its words) needs: held, to prove, missing, each with why; what is near it."""
    bag = open_bag()
    now = datetime.now(UTC).astimezone().replace(microsecond=0)
    iri = _occupation_online(occupation) if online else _occupation(occupation)
    to = bridge_to(bag, shelf(), iri, now.date(), language())
    goal = ""
    if as_goal:
        gaps = [need for need in to.bridge.of(Status.MISSING) if need.link == Link.CORE]
        goal = aim_at(bag, shelf(), iri, as_goal, {need.iri: need.label[:200] for need in gaps}, by, now, language())
    if as_json:
        needs = [
            {
                "iri": need.iri,
                "label": need.label,
                "link": need.link,
                "status": need.status,
                "reasons": need.reasons,
                "answers": [{"skill": one.standing.skill.iri, "how": one.how} for one in need.answers],
            }
            for need in to.bridge.needs
        ]
        said = {"occupation": iri, "needs": needs, "neighbours": to.bridge.neighbours, "contexts": to.bridge.contexts}
        give_json(said | ({"goal": goal} if goal else {}))
        return
    click.echo(label_of(to.bridge.occupation, language()))
    for need in to.bridge.needs:
        held = ", ".join(answer.standing.skill.label for answer in need.answers)
        click.echo(f"  {need.status:9} {need.link:9} {need.label}{f'  <- {held}' if held else ''}")


@skills.command("map")
@click.option("--by", type=click.Choice([by.value for by in By]), default=By.SPHERE.value, show_default=True)
@as_json
@sentences
def map_(by: str, as_json: bool) -> None:
    """All skills with what they are linked to, in groups: by sphere, by age of the last use, by proof."""
    found = map_skills(open_bag(), datetime.now(UTC).astimezone().date(), By(by)).graph
    if as_json:
        edges = [
            {"skill": one.iri, "to": iri, "kind": found.nodes[iri].kind}
            for one in found.skills
            for iri in (*one.activities, *one.evidence, *one.people)
        ]
        groups = [{"key": group.key, "skills": [one.iri for one in group.skills]} for group in found.groups]
        skills_ = [{"iri": one.iri, "label": one.label, "age": one.age, "proof": one.proof} for one in found.skills]
        give_json({"groups": groups, "skills": skills_, "nodes": list(found.nodes.values()), "edges": edges})
        return
    for group in found.groups:
        click.echo(label(group.key, language()) if group.key.startswith("http") else group.key or "-")
        for one in group.skills:
            click.echo(f"  {one.label:50} {len(one.activities)}  {len(one.evidence)}  {len(one.people)}")
