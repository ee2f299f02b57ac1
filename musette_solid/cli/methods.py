"""methods, method: those there are; one of them followed step by step, kept, passed on."""

from pathlib import Path

import click

from musette_solid.cli.bag import concept, now
from musette_solid.cli.login import bag as open_bag
from musette_solid.cli.output import N_, as_json, cli, give_json, give_lines, language, say, sentences
from musette_solid.cli.undoing import say_removed
from musette_solid.model import methods as model
from musette_solid.model.labels import label
from musette_solid.model.methods import CHOSEN, Method, Session, Step
from musette_solid.model.validation import check
from musette_solid.pod.errors import NotThere
from musette_solid.rdf import names, syntax
from musette_solid.usecases import follow_method as follow
from musette_solid.usecases import pass_on_method
from musette_solid.usecases.bring_method import any_method, from_file, from_url, keep_method, own_methods
from musette_solid.usecases.follow_method import Answer
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.open_to_all import LICENCES


@cli.command()
@click.option("--check", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Is FILE a method?")
@click.option("--bring", metavar="FILE|ADDRESS", help="Keep a method of somebody else, or of your own, in the bag.")
@click.option("--own", is_flag=True, help="Those that you brought.")
@click.option("--sessions", is_flag=True, help="The times that methods were followed.")
@as_json
@sentences
def methods(file: Path | None, bring: str | None, own: bool, sessions: bool, as_json: bool) -> None:
    """The methods that come along; whether a file is one; when they were followed."""
    if bring:
        _bring(open_bag(), bring, as_json=as_json)
    elif file is not None:
        _check(file, as_json=as_json)
    elif sessions:
        found = follow.list_sessions(open_bag())
        if as_json:
            give_json(found)
            return
        for one in found:
            click.echo(f"{one.on}  {one.title}  {len(one.answers)}  {one.iri}")
    else:
        known = own_methods(open_bag()) if own else tuple(model.all_methods().values())
        if as_json:
            give_json([{"key": m.key, "iri": m.iri, "title": m.title, "steps": len(m.steps)} for m in known])
            return
        for method in known:
            click.echo(f"{method.key:20} {model.said(method.title, language())}")


def _bring(bag: Bag, source: str, *, as_json: bool) -> None:
    is_address = source.startswith(("http://", "https://"))
    if not is_address and not Path(source).is_file():
        raise click.UsageError(f"there is no file {source}")
    found = (
        from_url(bag.pod.transport, source) if is_address else from_file(Path(source).read_bytes(), Path(source).name)
    )
    key = keep_method(bag, found, now())
    give_json({"key": key, "iri": bag.layout.method(key)}) if as_json else give_lines([key])


def _check(file: Path, *, as_json: bool) -> None:
    graph = syntax.parse(file.read_bytes(), syntax.TURTLE, f"https://file.invalid/{file.stem}")
    method = model.read(graph)
    findings = check(graph)
    if as_json:
        give_json({"title": method.title, "steps": [one.iri for one in method.steps], "findings": findings})
        return
    for finding in findings:
        click.echo(f"  - {finding.messages[language()]}")
    say(N_("This is a method of %(count)s steps: it can be followed."), count=len(method.steps))


@cli.group()
def method() -> None:
    """One method: read it, follow it step by step, keep what it gave, pass it on."""


@method.command()
@click.argument("key")
@as_json
@sentences
def show(key: str, as_json: bool) -> None:
    """Its questions, how each is answered, and whose it is."""
    found = model.all_methods().get(key) or any_method(open_bag(), key)
    if as_json:
        give_json(found)
        return
    lang = language()
    click.echo(model.said(found.title, lang))
    for number, step in enumerate(found.steps, 1):
        click.echo(f"{number:2}  {model.said(step.question, lang)}  ({label(step.kind, lang)})")
    for text in (found.license, *found.creators, *found.taken_from):
        if text:
            click.echo(f"    {text}")


@method.command()
@click.argument("key")
@as_json
@sentences
def begin(key: str, as_json: bool) -> None:
    """A new session; its IRI."""
    bag = open_bag()
    iri = follow.begin(bag, any_method(bag, key), language(), now())
    give_json({"iri": iri}) if as_json else give_lines([iri])


@method.command()
@click.argument("session")
@click.argument("number", type=click.IntRange(min=1))
@click.argument("text", default="")
@click.option("--mark", type=int, help="For a question that is answered on a scale.")
@click.option("--choose", multiple=True, metavar="IRI", help="An activity, a skill, a person of the bag.")
@sentences
def answer(session: str, number: int, text: str, mark: int | None, choose: tuple[str, ...]) -> None:
    """Answer the question NUMBER of a session; said again, it takes the place of the answer before. Empty: nothing was said."""
    bag = open_bag()
    found, followed = _session(bag, session)
    step = _step(followed, number)
    if mark is not None and not 0 <= mark <= step.most:
        raise click.UsageError(f"this question takes no mark of {mark}; the strongest is {step.most}")
    if choose and step.kind not in CHOSEN:
        raise click.UsageError("this question is not answered with things of the bag")
    follow.answer(bag, found, step, Answer(text, mark, choose), language(), now())


def _session(bag: Bag, iri: str) -> tuple[Session, Method]:
    found = follow.one_session(bag, iri)
    return found, any_method(bag, names.local(found.method))


def _step(followed: Method, number: int) -> Step:
    if number > len(followed.steps):
        raise NotThere(str(number), 404)
    return followed.steps[number - 1]


@method.command("session")
@click.argument("session")
@as_json
@sentences
def one_session(session: str, as_json: bool) -> None:
    """What was answered, and what each line could become: its key is what `keep` takes."""
    bag = open_bag()
    found, followed = _session(bag, session)
    proposals = model.proposed(followed, found)
    made = follow.already_made(bag, found, proposals) if proposals else frozenset()
    if as_json:
        kept = [{"key": p.key, "outcome": p.outcome, "text": p.text, "made": p.key in made} for p in proposals]
        give_json({"session": found, "proposals": kept})
        return
    lang = language()
    for number, step in enumerate(followed.steps, 1):
        said = found.answers.get(step.iri)
        click.echo(f"{number:2}  {model.said(step.question, lang)}")
        if said:
            parts = (str(said.mark) if said.mark is not None else "", *said.about, *said.people, said.text)
            click.echo("    " + "  ".join(part for part in parts if part))
    for one in proposals:
        sign = "✓" if one.key in made else " "
        words = f"{label(one.dimension, lang)} {one.mark}/4" if one.dimension else one.text
        click.echo(f"{sign} {one.key:6} {label(one.outcome, lang):20} {words}")


@method.command()
@click.argument("session")
@click.argument("keys", nargs=-1, metavar="KEY[=WORDS]…")
@click.option("--sphere", multiple=True, metavar="KEY=SPHERE", help="Of a new activity: 0-0=volunteering.")
@click.option("--finish", is_flag=True, help="The session is over.")
@sentences
def keep(session: str, keys: tuple[str, ...], sphere: tuple[str, ...], finish: bool) -> None:
    """Put in the bag what you say yes to, in the words that you give; nothing else is written."""
    bag = open_bag()
    found, followed = _session(bag, session)
    proposals = {one.key: one for one in model.proposed(followed, found)}
    wanted = {key: words for key, _, words in (text.partition("=") for text in keys)}
    unknown = sorted(set(wanted) - set(proposals))
    if unknown:
        raise click.UsageError(f"nothing is proposed under {', '.join(unknown)}; `method session` says what is")
    made = follow.already_made(bag, found, tuple(proposals.values())) if wanted else frozenset()
    chosen = [(proposals[key], words) for key, words in wanted.items() if key not in made]
    spheres = {key: concept("SPHERES", "sphere-", words) for key, _, words in (text.partition("=") for text in sphere)}
    count = follow.confirm(bag, found, chosen, now(), spheres=spheres) if chosen else 0
    if finish:
        follow.finish(bag, found, now())
    say(N_("Put in your bag: %(count)s."), count=count)


@method.command()
@click.argument("key")
@as_json
@sentences
def compare(key: str, as_json: bool) -> None:
    """Every time that a method was followed, question by question, the earliest first."""
    bag = open_bag()
    followed = any_method(bag, key)
    times = [one for one in reversed(follow.list_sessions(bag)) if one.method == followed.iri]
    if as_json:
        give_json({"method": followed.iri, "sessions": times})
        return
    for step in followed.steps:
        click.echo(model.said(step.question, language()))
        for one in times:
            said = one.answers.get(step.iri)
            mark = f"{said.mark}  " if said and said.mark is not None else ""
            click.echo(f"  {one.on}  {mark}{said.text if said else ''}")


@method.command("pass-on")
@click.argument("key")
@click.option("--licence", default=LICENCES[0], show_default=True, help="Its address, when its file says none.")
@click.option("--dry-run", is_flag=True, help="What others would read; nothing is written.")
@as_json
@sentences
def publish(key: str, licence: str, dry_run: bool, as_json: bool) -> None:
    """Publish one that you brought; the address that others take it up from."""
    if dry_run:
        shown = pass_on_method.look(open_bag(), names.local(key), licence, now())
        click.echo(syntax.turtle(shown.graph).decode())
        return
    public = pass_on_method.pass_on(open_bag(), names.local(key), licence, now())
    give_json({"address": public}) if as_json else give_lines([public])


@method.command("take-back")
@click.argument("key")
@sentences
def withdraw(key: str) -> None:
    """Nobody reads it any more."""
    pass_on_method.take_back(open_bag(), names.local(key), now())
    say(N_("It was taken back: your space confirms that nobody can read it any more."))


@method.command()
@click.argument("key_or_session")
@sentences
def delete(key_or_session: str) -> None:
    """A method that you brought (its key), or a session (its IRI): what was made of its answers stays."""
    bag = open_bag()
    if "#n-" in key_or_session and names.document(key_or_session) != key_or_session:
        removed = follow.remove_session(bag, follow.one_session(bag, key_or_session))
        say_removed(N_("The session was deleted"), removed)
    else:
        removed = pass_on_method.remove_method(bag, names.local(key_or_session), now())
        say_removed(N_("The method was deleted"), removed)
