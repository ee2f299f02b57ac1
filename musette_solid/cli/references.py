"""references: install ESCO and ROME on this machine, and search them."""

import sys
from datetime import UTC, datetime

import click

from musette_solid.cli.login import transport
from musette_solid.cli.output import N_, as_json, cli, give_json, language, say, sentences, translate
from musette_solid.model.references.concepts import Kind
from musette_solid.model.references.search import SKILLS
from musette_solid.model.references.shelf import KEYS, Shelf
from musette_solid.model.references.shelf import label as label_of
from musette_solid.pod.errors import NotThere
from musette_solid.usecases import ask_esco, install_reference
from musette_solid.usecases.install_reference import Step


class NotInstalled(NotThere):
    what = N_("This register is not on this machine.")
    do = N_("See which ones are: musette references list.")


class UnknownConcept(NotThere):
    what = N_("No register on this machine knows this address.")
    do = N_("Look for it by words: musette references search WORDS.")


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
@click.argument("name", type=click.Choice([*KEYS, "esco-online"]))
@sentences
def remove(name: str) -> None:
    """Take a register off this machine, or what ESCO's service answered. Skills that point to it keep their words."""
    if install_reference.remove(shelf(), name):
        say(N_("%(name)s is no longer on this machine."), name=name.upper())
    else:
        raise NotInstalled(name)


@references.command()
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice([kind.value for kind in Kind]), help="Default: skills."
)
@click.option("--in", "registers", multiple=True, type=click.Choice([*KEYS, "musette"]), help="Default: all of them.")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 100))
@click.option("--online", is_flag=True, help="Ask ESCO's own service instead: the words leave this machine.")
@as_json
@sentences
def search(
    words: tuple[str, ...], kinds: tuple[str, ...], registers: tuple[str, ...], limit: int, online: bool, as_json: bool
) -> None:
    """Concepts by everyday words: accents, gender and slips of the fingers do not matter."""
    if online:
        _search_online(" ".join(words), Kind(kinds[0]) if kinds else Kind.SKILL, limit, as_json)
        return
    found = shelf().search(" ".join(words), [Kind(kind) for kind in kinds] or SKILLS, limit, registers)
    if as_json:
        give_json(found)
        return
    if not found:
        say(N_("Nothing found."))
    for one in found:
        click.echo(f"{one.label:60} {one.register:8} {one.iri}")


def _search_online(words: str, kind: Kind, limit: int, as_json: bool) -> None:
    asked = kind if kind == Kind.OCCUPATION else Kind.SKILL
    found = ask_esco.search(transport(), shelf(), ask_esco.service(), words, asked, language())[:limit]
    if as_json:
        give_json(found)
        return
    if not found:
        say(N_("Nothing found."))
    for one in found:
        click.echo(f"{label_of(one, language()):60} {'esco':8} {one.iri}")


@references.command()
@click.argument("iri")
@as_json
@sentences
def show(iri: str, as_json: bool) -> None:
    """One concept: its labels, what it is part of."""
    found = shelf().concept(iri)
    if found is None:
        raise UnknownConcept(iri)
    if as_json:
        give_json(found)
        return
    click.echo(label_of(found, language()))
    for one in found.labels:
        click.echo(f"  {one.language}  {one.text}")
    if found.definition:
        click.echo(found.definition)
