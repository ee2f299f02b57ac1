"""Delete one thing, and put back what a command deleted: it said how."""

import sys

import click

from musette_solid.cli.bag import now
from musette_solid.cli.login import bag as open_bag
from musette_solid.cli.output import N_, cli, say, sentences
from musette_solid.usecases.delete import delete
from musette_solid.usecases.take_out import Removed, put_back


def say_removed(sentence: str, removed: Removed) -> None:
    """That it is gone, and the line that undoes it: what was deleted is in that line, and nowhere else."""
    say(sentence)
    say(N_("To undo: musette undo %(packed)s"), packed=removed.packed)


@cli.command("delete")
@click.argument("iri")
@sentences
def delete_(iri: str) -> None:
    """Take one thing out of the bag, with what belongs to it: an activity, a skill, a note, a goal, a tool, a time…"""
    say_removed(N_("It is no longer in your bag."), delete(open_bag(), iri, now()))


@cli.command()
@click.argument("packed", required=False)
@sentences
def undo(packed: str | None) -> None:
    """Put back what was deleted: PACKED is what the command that deleted it printed (or the standard input)."""
    put_back(open_bag(), packed or sys.stdin.read().strip(), now())
    say(N_("It is back where it was."))
