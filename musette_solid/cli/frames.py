"""frames: look at oneself with LifeComp, EntreComp, DigComp or GreenComp, and see how that moves."""

from datetime import UTC, date, datetime

import click

from musette_solid.cli.bag import concept
from musette_solid.cli.login import bag as open_bag
from musette_solid.cli.output import as_json, cli, give_json, language, sentences
from musette_solid.model.labels import label
from musette_solid.pod.errors import NotThere
from musette_solid.usecases.look_at_oneself import look_at_oneself, my_frame, my_frames


@cli.group()
def frames() -> None:
    """Four European frames of competences, for looking at oneself."""


@frames.command("list")
@as_json
@sentences
def list_(as_json: bool) -> None:
    """The frames, and how much of each is answered."""
    found = my_frames(open_bag())
    if as_json:
        rows = [
            {"key": one.key, "iri": one.iri, "answered": one.answered, "total": len(one.competences)} for one in found
        ]
        give_json(rows)
        return
    for one in found:
        click.echo(f"{one.key:10} {one.answered}/{len(one.competences)}  {label(one.iri, language())}")


@frames.command()
@click.argument("frame")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="How one stood on an earlier day.")
@as_json
@sentences
def show(frame: str, as_of: datetime | None, as_json: bool) -> None:
    """What one said of each competence of a frame (lifecomp, entrecomp, digcomp, greencomp)."""
    found = my_frame(open_bag(), frame)
    day = as_of.date() if as_of else datetime.now(UTC).astimezone().date()
    if as_json:
        give_json({"frame": found, "day": day, "ranks": found.profile(day).ranks, "profiles": found.profiles})
        return
    for competence in found.competences:
        said = competence.on(day)
        level = label(said.level, language()) if said and said.level else "-"
        click.echo(f"{competence.code:5} {label(competence.iri, language()):60} {level}")


@frames.command()
@click.argument("frame")
@click.argument("answers", nargs=-1, required=True)
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day (default: today).")
@as_json
@sentences
def assess(frame: str, answers: tuple[str, ...], on: datetime | None, as_json: bool) -> None:
    """Say where one stands: P1=assisted S2=autonomous… What was said before is kept."""
    bag = open_bag()
    known = {competence.code.casefold(): competence.iri for competence in my_frame(bag, frame).competences}
    levels = {}
    for answer in answers:
        code, _, level = answer.partition("=")
        if code.casefold() not in known:
            raise NotThere(code, 404)
        levels[known[code.casefold()]] = concept("LEVELS", "level-", level)
    now = datetime.now(UTC).astimezone().replace(microsecond=0)
    day: date = on.date() if on else now.date()
    added = look_at_oneself(bag, frame, levels, day, now)
    give_json({"added": added}) if as_json else click.echo(added)
