"""journal, people, tools, values, watch: looking back and ahead, on the command line."""

import click
from rdflib import URIRef

from musette_solid.cli.bag import add, concept, now
from musette_solid.cli.login import bag as open_bag
from musette_solid.cli.output import N_, as_json, cli, give_json, give_lines, language, say, sentences, translate
from musette_solid.cli.undoing import say_removed
from musette_solid.model import journal as journal_model
from musette_solid.model import values as values_model
from musette_solid.model.labels import label
from musette_solid.model.opportunity import by_reasons
from musette_solid.rdf import syntax, terms
from musette_solid.usecases import pass_on, take_up
from musette_solid.usecases.journal import read_journal, write_reflection
from musette_solid.usecases.keep_tools import keep_tool, list_tools
from musette_solid.usecases.know_person import forget, know_person, list_people
from musette_solid.usecases.open_to_all import LICENCES
from musette_solid.usecases.say_value import list_values, remove_dimension, remove_statement, say_values
from musette_solid.usecases.watch import choose, look, read_lookout, watch_address


@add.command("note")
@click.argument("text")
@click.option("--on", help="2026-11-22 (default: today).")
@click.option("--feeling", help="carried, calm, mixed, tired, heavy, or its label.")
@click.option("--about", multiple=True, help="IRI of an activity or a skill.")
@click.option("--with", "with_", multiple=True, help="IRI of a person.")
@as_json
@sentences
def add_note(
    text: str, on: str | None, feeling: str | None, about: tuple[str, ...], with_: tuple[str, ...], as_json: bool
) -> None:
    """A line in the journal."""
    texts = {"description": [text], "about": list(about), "with": list(with_), "date": [on] if on else []}
    if feeling:
        texts["feeling"] = [concept("FEELINGS", "feeling-", feeling)]
    iri = write_reflection(open_bag(), texts, now())
    give_json({"iri": iri}) if as_json else give_lines([iri])


@cli.command()
@click.argument("words", required=False, default="")
@click.option("--year", type=int, help="One year only (default: all).")
@as_json
@sentences
def journal(words: str, year: int | None, as_json: bool) -> None:
    """The journal, newest first; with WORDS, the notes that hold them all."""
    found = read_journal(open_bag(), (year,) if year else None)
    notes = journal_model.search(journal_model.notes(found.reflections), words, found.called)
    if as_json:
        give_json({"notes": notes, "unreadable": found.unreadable})
        return
    for one in notes:
        feeling = f" ({label(one.feeling, language())})" if one.feeling else ""
        click.echo(f"{one.on or '?'}{feeling}  {one.text}")
    for document in found.unreadable:
        say(N_("This document could not be read and was left as it is: %(url)s"), url=document)


@add.command("person")
@click.argument("name")
@click.option("--kind", multiple=True, help="peer, mentor, mentee, mediator, client, manager, cared-for, or its label.")
@click.option("--circle", help="close, occasional, ahead, or its label.")
@click.option("--through", multiple=True, help="IRI of an activity.")
@click.option("--gives", help="What this person gives you.")
@click.option("--receives", help="What you give this person.")
@click.option("--last-contact", help="2026-11-22")
@click.option("--thanks", help="What you want to thank this person for.")
@as_json
@sentences
def add_person(
    name: str,
    kind: tuple[str, ...],
    circle: str | None,
    through: tuple[str, ...],
    gives: str | None,
    receives: str | None,
    last_contact: str | None,
    thanks: str | None,
    as_json: bool,
) -> None:
    """Somebody, by initials or a name."""
    one = {"fn": name, "whatIReceive": gives, "whatIGive": receives, "lastContact": last_contact, "thanksFor": thanks}
    texts = {key: [value] for key, value in one.items() if value}
    texts["relationKind"] = [concept("RELATION_KINDS", "relationKind-", text) for text in kind]
    texts["through"] = list(through)
    if circle:
        texts["circle"] = [concept("CIRCLES", "circle-", circle)]
    iri = know_person(open_bag(), texts, now())
    give_json({"iri": iri}) if as_json else give_lines([iri])


@cli.command()
@click.option("--forget", "forgotten", metavar="IRI", help="Take somebody out of the bag, everywhere.")
@as_json
@sentences
def people(forgotten: str | None, as_json: bool) -> None:
    """The people in the bag."""
    bag = open_bag()
    if forgotten:
        forget(bag, forgotten, now())
        say(N_("Forgotten: nothing in your bag points at this person any more."))
        return
    found = list_people(bag)
    if as_json:
        give_json({"people": found.people, "unreadable": found.unreadable})
        return
    for one in found.people:
        kinds = ", ".join(label(kind, language()) for kind in one.relation.kinds) if one.relation else ""
        click.echo(f"{one.name:24} {kinds:30} {one.iri}")


@add.command("tool")
@click.argument("title")
@click.option("--kind", help="hand, software, method, document, place, means, or its label.")
@click.option("--level", help="discovering, assisted, autonomous, adapting, passing-on, or its label.")
@click.option("--offer", multiple=True, help="lend, teach, set-up, pass-on, or its label.")
@click.option("--description")
@click.option("--learnt-at")
@click.option("--used-in", multiple=True, help="IRI of an activity that makes use of it.")
@as_json
@sentences
def add_tool(
    title: str,
    kind: str | None,
    level: str | None,
    offer: tuple[str, ...],
    description: str | None,
    learnt_at: str | None,
    used_in: tuple[str, ...],
    as_json: bool,
) -> None:
    """A tool, a method, a resource."""
    texts = {"title": [title], "offer": [concept("OFFERS", "offer-", text) for text in offer]}
    if kind:
        texts["toolKind"] = [concept("TOOL_KINDS", "toolKind-", kind)]
    if level:
        texts["level"] = [concept("LEVELS", "level-", level)]
    texts |= {key: [text] for key, text in (("description", description), ("learntAt", learnt_at)) if text}
    iri = keep_tool(open_bag(), texts, now(), used_in)
    give_json({"iri": iri}) if as_json else give_lines([iri])


@cli.command()
@click.option("--pass-on", "passed", metavar="IRI", help="Publish one for others; --licence says under what.")
@click.option("--licence", default=LICENCES[0], show_default=True, help="Its address.")
@click.option("--dry-run", is_flag=True, help="With --pass-on: what others would read, and nothing is written.")
@click.option("--take-back", metavar="IRI", help="Nobody reads it any more.")
@click.option("--take-up", "address", metavar="ADDRESS", help="Somebody's, with its licence and who made it.")
@as_json
@sentences
def tools(
    passed: str | None, licence: str, dry_run: bool, take_back: str | None, address: str | None, as_json: bool
) -> None:
    """Tools, methods and resources; published for others, taken back, taken up from others."""
    bag = open_bag()
    if passed:
        if dry_run:
            click.echo(syntax.turtle(pass_on.look(bag, passed, licence, now()).graph).decode())
            return
        public = pass_on.pass_on(bag, passed, licence, now())
        give_json({"address": public}) if as_json else give_lines([public])
        return
    if take_back:
        pass_on.take_back(bag, take_back, now())
        say(N_("It was taken back: your space confirms that nobody can read it any more."))
        return
    if address:
        theirs = take_up.find(bag.pod.transport, address)
        if len(theirs.tools) > 1:
            several = ", ".join(one.iri for one in theirs.tools)
            raise click.UsageError(f"there are several; give the address of one: {several}")
        iri = take_up.take_up(bag, theirs, theirs.tools[0].iri, now())
        give_json({"iri": iri}) if as_json else give_lines([iri])
        return
    found = list_tools(bag)
    if as_json:
        give_json({"tools": found.tools, "unreadable": found.unreadable})
        return
    for one in found.tools:
        click.echo(f"{one.title:40} {label(one.kind, language()) if one.kind else ''}")


@cli.command()
@click.argument("activity", required=False)
@click.option(
    "--say", "said", multiple=True, metavar="DIMENSION=0..4", help="care=3, meaning=4…; an IRI for one's own."
)
@click.option("--delete", "deleted", metavar="IRI", help="Take back one thing you said, or a dimension of your own.")
@as_json
@sentences
def values(activity: str | None, said: tuple[str, ...], deleted: str | None, as_json: bool) -> None:
    """What activities are worth to me; with --say, say it of ACTIVITY (its IRI). Never a total."""
    bag = open_bag()
    if deleted:
        if URIRef(deleted) in list_values(bag).own:
            say_removed(N_("The dimension was deleted"), remove_dimension(bag, deleted, now()))
        else:
            say_removed(N_("What you said was deleted"), remove_statement(bag, deleted, now()))
        return
    if said:
        if not activity:
            raise click.UsageError("--say needs the IRI of an activity")
        weights = {}
        for text in said:
            dimension, _, weight = text.rpartition("=")
            if not (weight.isascii() and weight.isdigit()):
                raise click.UsageError("--say takes a dimension and a number, such as care=3")
            weights[concept("DIMENSIONS", "dimension-", dimension)] = (int(weight), "")
        give_lines(say_values(bag, activity, weights, now().date(), now()))
        return
    found = list_values(bag)
    statements = [one for one in found.statements if activity in {None, one.activity}]
    if as_json:
        give_json({"values": statements, "own": found.own, "unreadable": found.unreadable})
        return
    for one in found.activities:
        held = values_model.latest(values_model.of_activity(statements, one.iri))
        for dimension, statement in held.items():
            called = found.own.get(dimension) or label(dimension, language())
            click.echo(f"{one.title:32} {called:24} {statement.weight}/4  {statement.text or ''}")


@cli.command()
@click.option("--add", "address", help="One more address to watch; nothing is asked of it yet.")
@click.option("--name", help="How you call it.")
@click.option("--list", "listed", is_flag=True, help="What is kept and new, without asking anybody.")
@click.option("--choose", "chosen_offer", metavar="IRI", help="Say what you do with an offer: --choice.")
@click.option("--choice", help="kept, dismissed, applied, or its label.")
@click.option("--dossier", help="The identifier of the share that was sent with it.")
@as_json
@sentences
def watch(
    address: str | None,
    name: str | None,
    listed: bool,
    chosen_offer: str | None,
    choice: str | None,
    dossier: str | None,
    as_json: bool,
) -> None:
    """Look at the addresses you watch (for cron); each new offer with why it may concern you."""
    bag = open_bag()
    if chosen_offer:
        choose(bag, chosen_offer, URIRef(concept("CHOICES", "choice-", choice)) if choice else None, dossier)
        return
    if address:
        iri = watch_address(bag, {"url": [address], "title": [name or address]}, now())
        give_json({"iri": iri}) if as_json else give_lines([iri])
        return
    looked = None if listed else look(bag, now())
    found = read_lookout(bag)
    fresh = {one.iri for one in looked.new} if looked else None
    chosen = [
        one
        for one in found.opportunities
        if (one.iri in fresh if fresh is not None else one.choice != terms.CHOICE_DISMISSED)
    ]
    ordered = by_reasons((one, found.match(one)) for one in chosen)
    problems = looked.problems if looked else ()
    if as_json:
        give_json(
            {
                "offers": [
                    {
                        "offer": one,
                        "held": [{"skill": h.skill.iri, "label": h.skill.label, "asked": h.asked} for h in m.held],
                        "missing": m.missing,
                        "unknown": m.unknown,
                        "place": m.place.iri if m.place else None,
                        "worth": [
                            {"dimension": w.dimension, "weight": w.weight, "activity": w.activity.iri} for w in m.worth
                        ],
                    }
                    for one, m in ordered
                ],
                "problems": [{"address": w.url, "what": error.sentences(translate)[0]} for w, error in problems],
            }
        )
        return
    for one, matched in ordered:
        until = f"  → {one.until}" if one.until else ""
        click.echo(f"{one.title}{until}  {one.url}")
        if matched.held:
            click.echo("  + " + ", ".join(h.skill.label for h in matched.held))
        if matched.missing:
            click.echo("  - " + ", ".join(matched.missing))
        for worth in matched.worth:
            called = found.own.get(worth.dimension) or label(worth.dimension, language())
            click.echo(f"  = {called} {worth.weight}/4 ({worth.activity.title})")
    for watched, error in problems:
        click.echo(f"{watched.title}: {' '.join(error.sentences(translate))}", err=True)
