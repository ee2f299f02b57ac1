"""portfolio, profile, accounts: a page for everybody, and where one is known."""

import sys
from pathlib import Path

import click
from rdflib import URIRef

from musette_solid.cli.bag import concept, now
from musette_solid.cli.login import bag as open_bag
from musette_solid.cli.output import N_, as_json, cli, give_json, give_lines, language, say, sentences
from musette_solid.model.dossier import Selection
from musette_solid.model.labels import label
from musette_solid.model.portfolio import LANGUAGES, SHOWN, Portfolio
from musette_solid.pod import webid
from musette_solid.usecases import note_account, publish, show_in_profile, unpublish
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.share import NothingChosen


@cli.group()
def portfolio() -> None:
    """A page that everybody may see: choose, look, publish, withdraw."""


@portfolio.command()
@click.option("--activity", multiple=True, metavar="IRI", help="An activity to show.")
@click.option("--skill", multiple=True, metavar="IRI", help="A skill to show.")
@click.option("--named", multiple=True, metavar="IRI", help="A sensitive one among them, meant by name.")
@click.option("--account", multiple=True, metavar="IRI", help="An account to show; those of one facet only.")
@click.option("--name", help="The name on the page. Default: the one of your profile.")
@click.option("--headline", default="", help="One line under the name.")
@click.option("--about", default="", help="A few words.")
@click.option("--language", "language_", type=click.Choice(list(LANGUAGES)))
@click.option(
    "--show", "detail", multiple=True, help="dates, years, text, places, level, evidence… (default: as usual)."
)
@click.option("--live", is_flag=True, help="Follow what you change in your bag.")
@sentences
def choose(
    activity: tuple[str, ...],
    skill: tuple[str, ...],
    named: tuple[str, ...],
    account: tuple[str, ...],
    name: str | None,
    headline: str,
    about: str,
    language_: str | None,
    detail: tuple[str, ...],
    live: bool,
) -> None:
    """Say what the page shows. Nothing is published by this."""
    found = open_bag()
    shown = frozenset(URIRef(concept("DETAILS", "detail-", one)) for one in detail) if detail else SHOWN
    chosen = Portfolio(
        iri="",
        name=name or webid.profile(found.pod.transport, found.owner).name or "",
        saved_at=now(),
        headline=headline,
        about=about,
        language=language_ or language(),
        selection=Selection(frozenset(activity), frozenset(skill), shown, frozenset(named), live=live),
        accounts=frozenset(account),
    )
    publish.preview(found, chosen)
    publish.prepare(found, chosen)
    say(N_("Chosen. Look at the page with: musette portfolio look. Publish it with: musette portfolio publish."))


def _draft(found: Bag) -> Portfolio:
    draft = publish.standing(found).draft
    if draft is None:
        raise NothingChosen
    return draft


@portfolio.command()
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Default: the standard output.")
@sentences
def look(output: Path | None) -> None:
    """Exactly the page that would be published."""
    found = open_bag()
    shown = publish.preview(found, _draft(found))
    for title in shown.held_back:
        say(N_("Kept out, because it was not named: %(title)s"), title=title)
    if output:
        output.write_bytes(shown.page.data)
    else:
        sys.stdout.buffer.write(shown.page.data)


@portfolio.command("publish")
@as_json
@sentences
def publish_(as_json: bool) -> None:
    """Publish what was chosen; a stranger is asked whether it can be seen."""
    done = publish.publish(open_bag(), now())
    if as_json:
        give_json({"url": done.url, "sha256": done.sha256, "state": "published"})
    else:
        say(N_("Everybody can see your page: %(url)s"), url=done.url)


@portfolio.command()
@as_json
@sentences
def withdraw(as_json: bool) -> None:
    """Close the page: the rule first, then the page; a stranger is asked whether it is gone."""
    unpublish.withdraw(open_bag(), now())
    if as_json:
        give_json({"state": "withdrawn"})
    else:
        say(N_("Your page is withdrawn: a stranger was asked, and sees nothing any more."))


@portfolio.command()
@as_json
@sentences
def state(as_json: bool) -> None:
    """Whether everybody can see it, and where."""
    public = publish.standing(open_bag()).public
    told = {"state": public.state if public else "draft", "url": public.page if public else None}
    if as_json:
        give_json(told)
    else:
        give_lines([" ".join(value for value in told.values() if value)])


@cli.command("profile")
@click.option("--activity", multiple=True, metavar="IRI", help="An activity to show there.")
@click.option("--skill", multiple=True, metavar="IRI", help="A skill to show there.")
@click.option("--named", multiple=True, metavar="IRI", help="A sensitive one among them, meant by name.")
@click.option("--nothing", is_flag=True, help="Take everything of the bag out of the profile.")
@click.option("--again", is_flag=True, help="The same things, as they are in the bag now.")
@click.option("--take", metavar="IRI", help="Take over what was edited there of this thing.")
@click.option("--put-right", metavar="IRI", help="Set aside what was edited there of this thing.")
@as_json
@sentences
def profile_(
    activity: tuple[str, ...],
    skill: tuple[str, ...],
    named: tuple[str, ...],
    nothing: bool,
    again: bool,
    take: str | None,
    put_right: str | None,
    as_json: bool,
) -> None:
    """What other Solid applications show of you; what was edited there. Without an option, only looks."""
    found = open_bag()
    if take:
        done = show_in_profile.take_over(found, take, now())
    elif put_right:
        done = show_in_profile.put_right(found, put_right, now())
    elif again:
        done = show_in_profile.rebuild(found, now())
    elif activity or skill or nothing:
        chosen = Selection(frozenset(activity), frozenset(skill), named=frozenset(named))
        done = show_in_profile.show(found, chosen, now())
    else:
        done = show_in_profile.look(found)
    if as_json:
        give_json({"shown": sorted(done.selection.everything), "edited": done.edits, "from_elsewhere": done.foreign})
        return
    give_lines(sorted(done.selection.everything))
    for edit in done.edits:
        sentence = N_("Removed there: %(title)s (%(iri)s)") if edit.removed else N_("Edited there: %(title)s (%(iri)s)")
        say(sentence, title=edit.title, iri=edit.source)


@cli.command()
@as_json
@sentences
def accounts(as_json: bool) -> None:
    """Your accounts on platforms and networks, by facet."""
    found = note_account.list_accounts(open_bag())
    if as_json:
        give_json({"accounts": found})
    else:
        give_lines(
            [
                f"{label(one.facet, language()) if one.facet else '?'}  {one.name}  {one.url or one.place}  {one.iri}"
                for one in found
            ]
        )


@cli.command()
@click.argument("name")
@click.option("--url", help="Your page there.")
@click.option("--service", help="The address of the place.")
@click.option("--facet", help="professional, personal or civic.")
@as_json
@sentences
def account(name: str, url: str | None, service: str | None, facet: str | None, as_json: bool) -> None:
    """Note an account of yours."""
    said = {"accountName": name, "homepage": url, "accountServiceHomepage": service, "facet": facet}
    iri = note_account.note_account(open_bag(), {key: [value] for key, value in said.items() if value})
    if as_json:
        give_json({"iri": iri})
    else:
        say(N_("The account is in your bag."))
