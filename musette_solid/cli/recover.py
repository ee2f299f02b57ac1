"""recover: finish or take back what was interrupted."""

import sys

import click

from musette_solid.cli.bag import now
from musette_solid.cli.login import bag as open_bag
from musette_solid.cli.output import N_, as_json, cli, give_json, language, say, sentences
from musette_solid.model.labels import label
from musette_solid.usecases import recover as recovering

_SENTENCES = {
    "completed": N_("Finished: %(what)s."),
    "undone": N_("Taken back: %(what)s."),
    "partly": N_("Finished, except what was changed since: %(what)s."),
    "left": N_("Not possible yet: %(what)s."),
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
    done = recovering.recover(open_bag(), now(), everything=everything)
    if as_json:
        give_json(done)
    else:
        for one in done.settled:
            say(_SENTENCES[one.outcome], what=label(one.operation, language()))
        if not done.settled:
            say(N_("Nothing was interrupted."))
    if any(one.outcome == "left" for one in done.settled) or not all(one.verified for one in done.closed):
        sys.exit(1)
