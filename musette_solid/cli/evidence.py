"""evidence: files and links that show what was done; kept, listed, taken, attached, removed."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import click

from musette_solid.cli.login import bag as open_bag
from musette_solid.cli.output import N_, as_json, cli, give_json, say, sentences
from musette_solid.pod.errors import NotThere
from musette_solid.pod.http import Upload
from musette_solid.usecases import keep_evidence
from musette_solid.usecases.declare_skill import add_evidence
from musette_solid.usecases.keep_evidence import Given, TooHeavy


@cli.group()
def evidence() -> None:
    """What shows what you did: files in your own space, links, words."""


@evidence.command()
@click.argument("subject")
@click.argument("source")
@click.option("--title", default="", help="What it is (default: the name of the file, or the address).")
@click.option("--description", default="")
@click.option("--date", "on", default="", help="2019, 2019-03 or 2019-03-12.")
@click.option("--publisher", default="", help="Who issued it.")
@click.option("--clean", is_flag=True, help="Take out what the file says beside what it shows (pictures, PDFs).")
@as_json
@sentences
def add(
    subject: str, source: str, title: str, description: str, on: str, publisher: str, clean: bool, as_json: bool
) -> None:
    """Attach SOURCE (a file, or the address of a page) to an activity, a skill or an assessment (its IRI)."""
    said = {"title": title, "description": description, "date": on, "publisher": publisher}
    texts = {name: [text] for name, text in said.items() if text}
    now = datetime.now(UTC).astimezone().replace(microsecond=0)
    if source.startswith(("https://", "http://")):
        iri = add_evidence(open_bag(), subject, {"title": [source], **texts, "url": [source]})
    else:
        place = Path(source)
        if not place.is_file():
            raise NotThere(source, 404)
        size = place.stat().st_size
        if size > keep_evidence.MOST_BYTES:
            raise TooHeavy
        with place.open("rb") as opened:
            given = Given(Upload(_from_the_beginning(opened), size), place.name)
            iri = keep_evidence.attach_file(open_bag(), subject, given, texts, now, clean=clean)
    give_json({"iri": iri}) if as_json else click.echo(iri)


def _from_the_beginning(opened: BinaryIO) -> Callable[[], BinaryIO]:
    def again() -> BinaryIO:
        opened.seek(0)
        return opened

    return again


@evidence.command("list")
@as_json
@sentences
def list_(as_json: bool) -> None:
    """Every piece of evidence, what it is attached to; files that nothing describes."""
    held = keep_evidence.kept_evidence(open_bag())
    if as_json:
        give_json({"evidence": held.pieces, "loose": held.loose, "unreadable": held.unreadable})
        return
    for piece in held.pieces:
        one = piece.evidence
        kind = f"{one.format} {one.size_bytes}" if piece.is_file else one.url or ""
        click.echo(f"{one.title:40} {kind:30} {', '.join(use.label for use in piece.uses)}")
        click.echo(f"  {one.iri}")
    for url in held.loose:
        say(N_("Nothing describes this file: %(url)s"), url=url)


@evidence.command()
@click.argument("iri")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path), required=False)
@sentences
def get(iri: str, target: Path | None) -> None:
    """The file of a piece of evidence, to TARGET or to the standard output."""
    _, found = keep_evidence.open_file(open_bag(), iri)
    if target is None:
        for piece in found.pieces:
            sys.stdout.buffer.write(piece)
        return
    with target.open("xb") as written:
        for piece in found.pieces:
            written.write(piece)


@evidence.command()
@click.argument("iri")
@click.argument("subject")
@sentences
def attach(iri: str, subject: str) -> None:
    """Attach a piece of evidence that is there to something else too."""
    keep_evidence.attach_again(open_bag(), iri, subject)


@evidence.command()
@click.argument("iri")
@click.option("--yes", is_flag=True, help="Do not ask again.")
@as_json
@sentences
def remove(iri: str, yes: bool, as_json: bool) -> None:
    """Delete a piece of evidence and its file. Without --yes, says only what it is attached to."""
    bag = open_bag()
    if not yes:
        piece = keep_evidence.kept_evidence(bag).piece(iri)
        if as_json:
            give_json({"removed": False, "uses": piece.uses})
        else:
            click.echo("\n".join(f"{use.kind}: {use.label}  {use.iri}" for use in piece.uses))
            say(N_("Nothing was deleted. Add --yes to delete it, with its file."))
        sys.exit(1)
    piece = keep_evidence.remove_evidence(bag, iri, datetime.now(UTC).astimezone().replace(microsecond=0))
    if as_json:
        give_json({"removed": True, "uses": piece.uses})
