"""recover: finish or take back what was interrupted. repair: put right what was damaged or lost."""

import sys
from collections.abc import Iterable

import click

from musette_solid.cli.bag import now
from musette_solid.cli.login import bag as open_bag
from musette_solid.cli.output import N_, as_json, cli, give_json, language, say, sentences
from musette_solid.model.dates import in_words
from musette_solid.model.labels import label
from musette_solid.usecases import acknowledge, keep
from musette_solid.usecases import recover as recovering

_SENTENCES = {
    "completed": N_("Finished: %(what)s."),
    "undone": N_("Taken back: %(what)s."),
    "partly": N_("Finished, except what was changed since: %(what)s."),
    "left": N_("Not possible yet: %(what)s."),
    "waiting": N_("Waits for your word: %(what)s (musette imports)."),
}


@cli.command()
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Also what another device may still be working on (less than two minutes old).",
)
@as_json
@sentences
def recover(everything: bool, as_json: bool) -> None:
    """Finish or take back what was interrupted, and close the shares that have ended. Signing in does it too."""
    bag = open_bag()
    done = recovering.recover(bag, now(), everything=everything)
    acknowledge.tell(bag, done.closed, now())
    looked = keep.look_after(bag, now())
    if as_json:
        give_json({"settled": done.settled, "closed": done.closed, "conditions": looked.conditions})
    else:
        for one in done.settled:
            say(_SENTENCES[one.outcome], what=label(one.operation, language()))
        if not done.settled:
            say(N_("Nothing was interrupted."))
        _tell(looked.conditions)
    if (
        looked.conditions
        or any(one.outcome == "left" for one in done.settled)
        or not all(one.verified for one in done.closed)
    ):
        sys.exit(1)


def _tell(conditions: Iterable[keep.Condition]) -> None:
    for one in conditions:
        sentence = _CONDITIONS[one.state]
        say(sentence, document=one.document, count=len(one.missing))
        if one.since:
            say(N_("  The last copy is of %(day)s."), day=in_words(one.since.date(), language()))


_CONDITIONS = {
    "damaged": N_("This document is damaged: %(document)s"),
    "lacking": N_("%(count)s things that were in this document are no longer there: %(document)s"),
}


@cli.command()
@click.argument("document", required=False)
@click.option("--as-it-is", is_flag=True, help="Nothing was lost: the document is right as it is.")
@as_json
@sentences
def repair(document: str | None, as_it_is: bool, as_json: bool) -> None:
    """Put right a document that was damaged, or what it lost; without DOCUMENT, say what is damaged or lost."""
    bag = open_bag()
    if document is None:
        found = keep.conditions(bag)
        if as_json:
            give_json(found)
        else:
            _tell(found)
            if not found:
                say(N_("Everything is whole."))
        return
    if as_it_is:
        keep.accept(bag, document, now())
        count = 0
    else:
        count = keep.restore(bag, document, now())
        recovering.recover(bag, now())  # what waited for this document can be finished now
    if as_json:
        give_json({"document": document, "restored": count})
    elif not as_it_is:
        say(N_("Restored: %(count)s things."), count=count)
