"""cv, archive, put-back, leave: take things out, and go."""

import sys
from contextlib import nullcontext
from pathlib import Path

import click

from musette_solid.cli.bag import now
from musette_solid.cli.login import bag as open_bag
from musette_solid.cli.output import N_, as_json, cli, give_json, language, say, sentences
from musette_solid.exchange import archive as archive_file
from musette_solid.exchange import cv as cvs
from musette_solid.usecases import archive as archives
from musette_solid.usecases import leave as leaving
from musette_solid.usecases import put_back as put_back_
from musette_solid.usecases import write_cv


def _give(data: bytes, output: Path | None) -> None:
    if output:
        output.write_bytes(data)
    else:
        sys.stdout.buffer.write(data)


@cli.command("cv")
@click.option("--format", "format_", type=click.Choice(["pdf", "html"]), default="pdf")
@click.option("--layout", type=click.Choice(list(cvs.LAYOUTS)), default="sober")
@click.option(
    "--language", "language_", type=click.Choice(list(cvs.LANGUAGES)), help="Default: the language of the command."
)
@click.option("--headline", default="", help="What it is for: one line under the name.")
@click.option("--about", default="", help="A few words under it.")
@click.option("--contact", multiple=True, help="How to reach you; once a line.")
@click.option(
    "--only",
    multiple=True,
    metavar="IRI",
    help="Activities and skills to show; default: everything but care, search and breaks.",
)
@click.option("--keep-for", metavar="NAME", help="Keep this version in your space, with whom it is for.")
@click.option("--together", is_flag=True, help="Make it even if it names accounts of two sides of your life.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Default: the standard output.")
@sentences
def cv(
    format_: str,
    layout: str,
    language_: str | None,
    headline: str,
    about: str,
    contact: tuple[str, ...],
    only: tuple[str, ...],
    keep_for: str | None,
    together: bool,
    output: Path | None,
) -> None:
    """A CV or a skills passport, as PDF or HTML."""
    found = open_bag()
    made = write_cv.write_cv(
        found,
        now(),
        headline=headline,
        about=about,
        contact=contact,
        language=language_ or language(),
        layout=layout,
        chosen=frozenset(only) if only else None,
        together=together,
    )
    data = cvs.pdf(made) if format_ == "pdf" else cvs.html(made)
    if keep_for:
        write_cv.keep(found, made, data if format_ == "pdf" else cvs.pdf(made), keep_for, now())
    _give(data, output)


@cli.command()
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Default: the standard output.")
@sentences
def archive(output: Path | None) -> None:
    """Everything with its documents, in one ZIP: checksums, and a page that opens in any browser."""
    making = archives.Making(open_bag(), now(), language())
    with output.open("wb") if output else nullcontext(sys.stdout.buffer) as target:
        for piece in making.pieces():
            target.write(piece)
    for document in making.unreadable:
        say(N_("This document could not be read and was left as it is: %(url)s"), url=document)


@cli.command("put-back")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what it would change.")
@click.option(
    "--replace",
    multiple=True,
    metavar="IRI",
    help="A thing that is said otherwise here, and becomes what the archive says; once for each. Default: none.",
)
@as_json
@sentences
def put_back(file: Path, dry_run: bool, replace: tuple[str, ...], as_json: bool) -> None:
    """Put an archive back, here or in another space; nothing that is there is written over unless named, nothing is shared."""
    with file.open("rb") as opened:
        found = archive_file.read(opened, file.name)
        bag = open_bag()
        if dry_run:
            _say_plan(put_back_.look(bag, found), as_json=as_json)
            return
        done = put_back_.restore(bag, found, now=now(), choices=put_back_.Choices(frozenset(replace)))
    if as_json:
        give_json(done)
        return
    say(
        N_("Put back: %(written)s documents; added to: %(added_to)s; left in the archive: %(left)s."),
        written=len(done.written),
        added_to=len(done.added_to),
        left=len(done.left),
    )
    if done.other:
        say(N_("Said otherwise here, and left as they are: %(things)s."), things=len(done.other))


def _say_plan(plan: put_back_.Plan, *, as_json: bool) -> None:
    if as_json:
        give_json(plan)
        return
    for line in plan.lines:
        click.echo(f"{line.state}\t{line.path}\t{len(line.things)}")
    for thing in (*plan.of("other"), *plan.of("gone")):
        click.echo(f"{thing.state}\t{thing.iri}\t{thing.label}")


@cli.command()
@click.option("--yes", is_flag=True, help="Really delete; without it, only say what would go.")
@as_json
@sentences
def leave(yes: bool, as_json: bool) -> None:
    """Delete the whole bag from your space. Make an archive first."""
    found = open_bag()
    goes = leaving.what_goes(found)
    if yes:
        leaving.leave(found)
    if as_json:
        give_json({"deleted": yes, "documents": goes.documents, "shares": goes.shares})
    elif yes:
        say(
            N_("Nothing of the bag is left in your space. Documents deleted: %(documents)s."),
            documents=len(goes.documents),
        )
    else:
        say(
            N_(
                "Documents that would be deleted: %(documents)s; shares that would be closed: %(shares)s. Say --yes to do it."
            ),
            documents=len(goes.documents),
            shares=goes.shares,
        )
