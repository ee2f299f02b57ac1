"""import, imports, resume-import, undo-import: bring in what is kept elsewhere, and take it back."""

import os
import sys
import time
from pathlib import Path
from typing import Any

import click

from musette_solid.cli.bag import concept, now
from musette_solid.cli.login import bag as open_bag
from musette_solid.cli.output import N_, as_json, cli, give_json, say, sentences, translate
from musette_solid.exchange import packages
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.recognition import FORMATS, LARGEST, Asked
from musette_solid.exchange.tables_reading import mapping_of, sphere_of
from musette_solid.usecases import import_file
from musette_solid.usecases.import_file import Choices, ImportPreview
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.preview_import import own_profile
from musette_solid.usecases.resume_import import resume
from musette_solid.usecases.table_mappings import look_as_taught

_PATIENCE_S = 2.0
_TOO_LARGE = N_("a file of at most 128 MB")


def bytes_of(path: Path) -> bytes:
    """A file, or a folder as the archive it was unpacked from. Raises UnreadableFile before reading what is too large."""
    if not path.is_dir():
        if path.stat().st_size > LARGEST:
            raise UnreadableFile(file=path.name, expected=_TOO_LARGE)
        return path.read_bytes()
    files: list[tuple[str, bytes]] = []
    total = 0
    for folder, folders, found in os.walk(path):
        folders.sort()
        for name in sorted(found):
            one = Path(folder) / name
            if one.is_symlink() or not one.is_file():
                continue
            total += one.stat().st_size
            if total > packages.LARGEST or len(files) >= packages.MOST_ENTRIES:
                raise UnreadableFile(file=path.name, expected=packages.TOO_LARGE)
            files.append((one.relative_to(path).as_posix(), one.read_bytes()))
    return packages.pack(files)


@cli.command("import")
@click.argument("file", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--as", "as_", type=click.Choice(sorted(FORMATS)), help="Its format, when it is not recognised.")
@click.option("--dry-run", is_flag=True, help="Say what would be created, and write nothing.")
@click.option("--profile", is_flag=True, help="Instead of a file: your own Solid profile.")
@click.option(
    "--mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="What columns mean (JSON)."
)
@click.option(
    "--time", "time", multiple=True, metavar="TITLE=ACTIVITY", help="Where the time of a title goes: IRI, sphere, -."
)
@click.option("--sphere", help="Sphere of a new activity for every title that is not known.")
@click.option(
    "--also", multiple=True, metavar="LABEL", help="Take this one too: a person, a private thing, a duplicate."
)
@click.option("--only", multiple=True, metavar="LABEL", help="Take these and nothing else.")
@click.option("--keep-file", is_flag=True, help="Keep the file in your space, beside what it gave.")
@as_json
@sentences
def import_(
    file: Path | None,
    as_: str | None,
    dry_run: bool,
    profile: bool,
    mapping: Path | None,
    time: tuple[str, ...],
    sphere: str | None,
    also: tuple[str, ...],
    only: tuple[str, ...],
    keep_file: bool,
    as_json: bool,
) -> None:
    """Bring in a file or a folder of any known format: it is recognised by what it holds."""
    if (file is None) != profile:
        raise click.UsageError("give a file or a folder, or --profile")
    found = open_bag()
    name, data, base = _source(found, file)
    asked = Asked(as_ or ("solid-profile" if profile else ""), _mapping(mapping), base)
    said = dict(one.rpartition("=")[::2] for one in time)
    choices = Choices(
        time={title: concept("SPHERES", "sphere-", target) for title, target in said.items()},
        sphere=concept("SPHERES", "sphere-", sphere) if sphere else _sphere_of(asked),
        keep_file=keep_file,
    )
    recognised = look_as_taught(found, data, name, now(), asked, is_stopped=_Reading().is_stopped).opened()
    shown = import_file.compare(found, recognised, choices, now())
    if also or only:
        choices = _chosen(shown, choices, also, only)
        shown = import_file.compare(found, recognised, choices, now())
    report: dict[str, Any] = {"format": shown.format, "file": shown.name, "written": False, "counts": shown.counts}
    report["duplicates"] = shown.duplicates
    if not dry_run and not shown.is_empty:
        done = import_file.take_in(found, recognised, now(), choices, data if keep_file else None, _writing)
        report |= {"written": True, "run": done.run, "counts": done.counts}
    _tell(shown, report, as_json=as_json)


class _Reading:
    """Says that it goes on, when it lasts; asked now and then while a file is read."""

    def __init__(self) -> None:
        self._since = self._said = time.monotonic()

    def is_stopped(self) -> bool:
        now = time.monotonic()
        if now - self._said > _PATIENCE_S and sys.stderr.isatty():
            self._said = now
            click.echo(translate(N_("Reading, for %(seconds)s s…")) % {"seconds": int(now - self._since)}, err=True)
        return False


def _writing(step: int, steps: int) -> None:
    if sys.stderr.isatty() and step:
        click.echo(translate(N_("Written: %(step)s of %(steps)s.")) % {"step": step, "steps": steps}, err=True)


def _source(found: Bag, file: Path | None) -> tuple[str, bytes, str]:
    if file is not None:
        return file.name, bytes_of(file), ""
    return "profile", *own_profile(found)


def _mapping(path: Path | None) -> dict[str, str]:
    return mapping_of(path.read_bytes(), path.name) if path else {}


def _sphere_of(asked: Asked) -> str:
    """What a mapping says of rows that do not say theirs holds for time too."""
    return str(sphere_of((asked.mapping or {}).get("sphere", "")) or "")


def _chosen(shown: ImportPreview, choices: Choices, also: tuple[str, ...], only: tuple[str, ...]) -> Choices:
    wanted = {label.casefold() for label in also or only}
    named = {item.line.node for item in shown.items if item.line.label.casefold() in wanted or item.line.node in wanted}
    proposed = set() if only else {item.line.node for item in shown.items if item.is_proposed}
    return Choices(frozenset(named | proposed), choices.time, choices.sphere, choices.keep_file)


def _tell(shown: ImportPreview, report: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        lines = [
            {
                "iri": item.line.node,
                "kind": item.line.kind,
                "label": item.line.label,
                "place": item.line.place,
                "detail": item.line.detail,
                "taken": item.is_proposed,
                "already_there": item.there or None,
                "activity": item.target or None,
            }
            for item in shown.items
        ]
        losses = [
            {"place": loss.place, "reason": loss.sentence(translate), "value": loss.value} for loss in shown.losses
        ]
        give_json(report | {"lines": lines, "losses": losses})
        return
    counts = report["counts"]
    say(N_("%(format)s, recognised by what it holds."), format=shown.format)
    say(
        N_(
            "New: %(activities)s activities, %(skills)s skills, %(evidence)s pieces of evidence, %(time_entries)s times. Already there: %(duplicates)s."
        ),
        **counts,
    )
    for loss in shown.losses:
        click.echo(f"  - {loss.place}: {loss.sentence(translate)}", err=True)
    if report.get("run"):
        click.echo(report["run"])


_STATES = {
    "ended": N_("whole"),
    "under-way": N_("under way, or cut less than two minutes ago"),
    "cut": N_("cut in the middle"),
    "undone": N_("undone"),
}


@cli.command("imports")
@as_json
@sentences
def imports(as_json: bool) -> None:
    """The imports of this year, and what became of each: one that was cut can go on or be taken back."""
    found = import_file.runs(open_bag(), now())
    if as_json:
        give_json(found)
        return
    for run in found:
        click.echo(f"{run.iri}  {run.started[:10]}  {run.name}  ({translate(_STATES[run.state])})")
        if run.can_go_on:
            say(
                N_(
                    "  It can go on where it ended: musette resume-import RUN. Or be taken back: musette undo-import RUN."
                )
            )


_NOBODY = click.option("--now", "everything", is_flag=True, help="Nothing is at work on it: do not wait two minutes.")


@cli.command("resume-import")
@click.argument("run")
@_NOBODY
@as_json
@sentences
def resume_import(run: str, everything: bool, as_json: bool) -> None:
    """Go on with an import that was cut, without its file: nothing comes in twice."""
    done = resume(open_bag(), run, now(), _writing, everything=everything)
    if as_json:
        losses = [
            {"place": loss.place, "reason": loss.sentence(translate), "value": loss.value} for loss in done.losses
        ]
        give_json({"run": done.run, "format": done.format, "written": True, "counts": done.counts, "losses": losses})
        return
    say(N_("It is whole now: %(activities)s activities, %(skills)s skills."), **done.counts)
    for loss in done.losses:
        click.echo(f"  - {loss.place}: {loss.sentence(translate)}", err=True)


@cli.command("undo-import")
@click.argument("run")
@_NOBODY
@as_json
@sentences
def undo_import(run: str, everything: bool, as_json: bool) -> None:
    """Take back what an import created, also one that was cut; what you changed since is kept."""
    undone = import_file.undo(open_bag(), run, now(), everything=everything)
    if as_json:
        give_json(undone)
    else:
        say(
            N_("Taken back: %(removed)s. Kept because you changed them: %(kept)s."),
            removed=undone.removed,
            kept=undone.kept,
        )
