"""references: install ESCO and ROME on this machine, and search them."""

import sys
from datetime import UTC, datetime

import click

from musette_solid.cli.login import bag as open_bag
from musette_solid.cli.login import transport
from musette_solid.cli.output import N_, as_json, cli, give_json, language, say, sentences, translate
from musette_solid.model.references.concepts import Kind
from musette_solid.model.references.search import SKILLS
from musette_solid.model.references.shelf import KEYS, Shelf
from musette_solid.model.references.shelf import label as label_of
from musette_solid.pod.errors import NotThere
from musette_solid.usecases import install_reference, propose_skills
from musette_solid.usecases.install_reference import Step


def shelf() -> Shelf:
    return Shelf(install_reference.folder())


@cli.group()
def references() -> None:
    """Registers of skills and occupations on this machine: ESCO, ROME, and the skills to begin with."""


@references.command()
@click.argument("name", type=click.Choice(KEYS))
@click.option("--from", "source", default="", help="The official download: a file, a folder or an address.")
@click.option("--sha256", "checksum", default="", help="Refuse anything else than the file with this checksum.")
@click.option("--version", "version", default="", help="When the names of the files do not say it.")
@as_json
@sentences
def install(name: str, source: str, checksum: str, version: str, as_json: bool) -> None:
    """Build the local index of a register from its official files. Nothing personal is in it."""
    about = install_reference.install(
        shelf(),
        name,
        source,
        datetime.now(UTC).astimezone().date(),
        transport=transport(),
        checksum=checksum,
        version=version,
        progress=_bar(sys.stderr.isatty() and not as_json),
    )
    if as_json:
        give_json(about)
        return
    say(
        N_("%(name)s %(version)s is installed: %(concepts)s entries, in %(languages)s."),
        name=about.name,
        version=about.version,
        concepts=sum(about.concepts.values()),
        languages=", ".join(about.languages),
    )
    click.echo(about.attribution)
    click.echo(about.licence)
    click.echo(f"SHA-256 {about.checksum}")


def _bar(shown: bool) -> install_reference.Progress:
    """One line that grows; nothing where nobody looks on."""

    def progress(step: Step) -> None:
        if not shown:
            return
        what = translate(step.what) % {"name": step.name}
        part = (
            f" {step.done * 100 // step.total:3d} % [{'#' * (step.done * 30 // step.total):30}]" if step.total else ""
        )
        click.echo(f"\r\033[K{what}{part}", err=True, nl=bool(step.total) and step.done >= step.total)

    return progress


@references.command("list")
@as_json
@sentences
def list_(as_json: bool) -> None:
    """What is installed: version, licence, how much, since when."""
    found = shelf().about()
    if as_json:
        give_json(found)
        return
    for about in found:
        click.echo(
            f"{about.key:8} {about.version:8} {sum(about.concepts.values()):6d}  {about.installed}  {about.attribution}"
        )


@references.command()
@click.argument("name", type=click.Choice(KEYS))
@sentences
def remove(name: str) -> None:
    """Take a register off this machine. Skills that point to it keep their words."""
    if install_reference.remove(shelf(), name):
        say(N_("%(name)s is no longer on this machine."), name=name.upper())
    else:
        raise NotThere(name, 404)


@references.command()
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice([kind.value for kind in Kind]), help="Default: skills."
)
@click.option("--in", "registers", multiple=True, type=click.Choice([*KEYS, "musette"]), help="Default: all of them.")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 100))
@as_json
@sentences
def search(
    words: tuple[str, ...], kinds: tuple[str, ...], registers: tuple[str, ...], limit: int, as_json: bool
) -> None:
    """Concepts by everyday words: accents, gender and slips of the fingers do not matter."""
    found = shelf().search(" ".join(words), [Kind(kind) for kind in kinds] or SKILLS, limit, registers)
    if as_json:
        give_json(found)
        return
    for one in found:
        click.echo(f"{one.label:60} {one.register:8} {one.iri}")


@references.command()
@click.argument("iri")
@as_json
@sentences
def show(iri: str, as_json: bool) -> None:
    """One concept: its labels, what it is part of."""
    concept = shelf().concept(iri)
    if concept is None:
        raise NotThere(iri, 404)
    if as_json:
        give_json(concept)
        return
    click.echo(label_of(concept, language()))
    for one in concept.labels:
        click.echo(f"  {one.language}  {one.text}")
    if concept.definition:
        click.echo(concept.definition)


@cli.group()
def skills() -> None:
    """Skills proposed from the words of an activity, kept or set aside."""


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
