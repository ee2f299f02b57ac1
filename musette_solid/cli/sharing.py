"""share, shares, revoke, expire: showing somebody exactly what one chose. granted, read: the other side."""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
from rdflib import URIRef

from musette_solid.cli.bag import concept, now
from musette_solid.cli.login import bag as open_bag
from musette_solid.cli.login import pod as open_pod
from musette_solid.cli.output import (
    N_,
    as_json,
    as_turtle,
    cli,
    give_json,
    give_lines,
    language,
    say,
    sentences,
    translate,
)
from musette_solid.errors import MusetteError
from musette_solid.exchange import tables
from musette_solid.model import versions
from musette_solid.model.dossier import USUAL, Selection, Terms
from musette_solid.model.labels import label
from musette_solid.pod import resources, webid
from musette_solid.pod.wac import Mode
from musette_solid.rdf import syntax
from musette_solid.usecases import acknowledge
from musette_solid.usecases import follow as following
from musette_solid.usecases import granted as granted_
from musette_solid.usecases import revoke as revoking
from musette_solid.usecases import share as sharing
from musette_solid.usecases import who_sees as looking
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.revoke import Revoked


@cli.command()
@click.option("--to", "to", required=True, help="Address (WebID) of the organisation or person.")
@click.option("--purpose", required=True, help="recruitment, recognition, counselling… or its label.")
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Last day: 2027-02-22.")
@click.option("--activity", multiple=True, help="IRI of an activity to show.")
@click.option("--skill", multiple=True, help="IRI of a skill to show.")
@click.option("--journal", "notes", multiple=True, help="IRI of a note of the journal to show: its words and its day.")
@click.option("--title", default="", help="What the recipient sees as its name.")
@click.option("--note", default="", help="A few words to the recipient.")
@click.option(
    "--show", "detail", multiple=True, help="What to show of them: dates, years, total-hours… (default: as usual)."
)
@click.option("--live", is_flag=True, help="Follow what you change in your bag.")
@click.option("--comments", is_flag=True, help="They may leave comments beside it.")
@click.option("--preview", is_flag=True, help="Show exactly what the recipient would see, and share nothing.")
@as_json
@as_turtle
@sentences
def share(
    to: str,
    purpose: str,
    until: datetime,
    activity: tuple[str, ...],
    skill: tuple[str, ...],
    notes: tuple[str, ...],
    title: str,
    note: str,
    detail: tuple[str, ...],
    live: bool,
    comments: bool,
    preview: bool,
    as_json: bool,
    as_turtle: bool,
) -> None:
    """Show somebody what you choose, for a purpose, until a day."""
    found = open_bag()
    recipient = sharing.check_recipient(found, to)
    owner = webid.profile(found.pod.transport, found.owner)
    terms = Terms(
        title=title or translate(N_("Dossier")),
        owner=found.owner,
        owner_name=owner.name,
        recipient=recipient.webid,
        purpose=concept("PURPOSES", "purpose-", purpose),
        issued=datetime.now(UTC).replace(microsecond=0),
        until=until.date(),
        note=note,
        recipient_name=recipient.name,
        comments=comments,
    )
    chosen = frozenset(activity), frozenset(skill)
    diary = frozenset(notes)
    shown = frozenset(URIRef(concept("DETAILS", "detail-", one)) for one in detail) or USUAL
    # Each was named by its address: that is how somebody names a sensitive thing here.
    selection = Selection(*chosen, detail=shown, named=chosen[0] | chosen[1] | diary, live=live, notes=diary)
    share_id = sharing.new_id()
    if preview:
        look = sharing.preview(found, selection, terms, share_id)
        give_json({"digest": look.digest, "dossier": look.graph}) if as_json else click.echo(look.turtle.decode())
        return
    made = sharing.share(found, selection, terms, recipient, share_id)
    sharing.confirm(found, share_id)
    if as_turtle:
        click.echo(resources.read(found.pod, made.dossier).body.decode())
    elif as_json:
        give_json(
            {
                "id": made.share_id,
                "url": made.dossier,
                "grant": made.grant,
                "state": made.state,
                "announced": made.announced,
            }
        )
    else:
        give_lines([made.share_id, made.dossier])


@cli.command()
@as_json
@sentences
def shares(as_json: bool) -> None:
    """What you showed, to whom, until when."""
    listed = revoking.list_shares(open_bag(), now().date())
    if as_json:
        give_json(
            [
                {
                    "id": line.share_id,
                    "state": line.state,
                    "to": line.grant.recipient,
                    "name": line.grant.recipient_name,
                    "purpose": line.grant.purpose,
                    "until": line.grant.until,
                    "title": line.grant.title,
                    "dossier": line.grant.dossier,
                }
                for line in listed.lines
            ]
        )
        return
    for line in listed.lines:
        grant = line.grant
        purpose = label(grant.purpose, language()) if grant.purpose else ""
        click.echo(
            f"{line.share_id}  {line.state:8} {grant.until}  {purpose}  {grant.recipient_name or grant.recipient}"
        )


@cli.command()
@click.argument("share_id")
@as_json
@sentences
def revoke(share_id: str, as_json: bool) -> None:
    """Close a share now: the rule first, then the document, then the space is asked."""
    found = open_bag()
    done = revoking.revoke(found, share_id, now())
    told = acknowledge.tell(found, (done,), now())
    if as_json:
        give_json({"share_id": done.share_id, "verified": done.verified, "cleared": done.cleared, "told": bool(told)})
    else:
        say(N_("Closed, and checked.") if done.verified else N_("Closed, but your space did not confirm it yet."))
    if not done.verified:
        sys.exit(1)


@cli.command()
@click.option("--everywhere", is_flag=True, help="Look at every place of the bag, however deep it lies.")
@as_json
@sentences
def who(everywhere: bool, as_json: bool) -> None:
    """Who can see what, from the rules that are in your space now. Exits 1 when something is not as you decided."""
    picture = looking.who_sees(open_bag(), now().date(), everywhere=everywhere)
    if as_json:
        give_json(
            {
                "shares": [
                    {
                        "id": sight.line.share_id,
                        "state": sight.state,
                        "to": sight.recipient,
                        "readers": _modes(sight.readers),
                        "items": [item.name for item in sight.items],
                        "until": sight.line.grant.until,
                    }
                    for sight in picture.sights
                ],
                "openings": [
                    {"place": one.place, "rules": one.rules_of, **_may(one.agent, one.modes)}
                    for one in picture.openings
                ],
                "unreadable": picture.unreadable,
                "looked_at": picture.looked_at,
                "whole": not picture.cut,
            }
        )
    else:
        for sight in picture.sights:
            if sight.state != "closed":
                named = sight.name or sight.recipient
                items = ", ".join(item.name for item in sight.items)
                click.echo(f"{sight.line.share_id}  {sight.state:9} {sight.line.grant.until}  {named}  {items}")
                for other in sight.others:
                    click.echo(f"  ! {other}")
        for one in picture.openings:
            click.echo(f"! {one.place}  {one.agent}  {' '.join(sorted(mode.name.lower() for mode in one.modes))}")
        for place in picture.unreadable:
            say(N_("Could not be read: %(place)s"), place=place)
    if picture.troubles or picture.openings or picture.unreadable:
        sys.exit(1)


def _modes(readers: Mapping[str, frozenset[Mode]]) -> list[dict[str, object]]:
    return [_may(agent, modes) for agent, modes in sorted(readers.items())]


def _may(agent: str, modes: frozenset[Mode]) -> dict[str, object]:
    return {"agent": agent, "modes": sorted(mode.name.lower() for mode in modes)}


@cli.command("revoke-all")
@click.argument("recipient")
@as_json
@sentences
def revoke_all(recipient: str, as_json: bool) -> None:
    """Close everything that is open to one recipient."""
    found = open_bag()
    _tell_closed(found, looking.revoke_all(found, recipient, now()), as_json)


def _tell_closed(found: Bag, closed: Sequence[Revoked], as_json: bool) -> None:
    """To the recipients, and to whoever asked; ends with 1 when one could not be confirmed."""
    acknowledge.tell(found, closed, now())
    if as_json:
        give_json(closed)
    else:
        say(N_("Closed: %(count)s."), count=len(closed))
    if not all(one.verified for one in closed):
        sys.exit(1)


@cli.command()
@as_json
@sentences
def follow(as_json: bool) -> None:
    """Bring every dossier that follows your bag up to date."""
    done = following.follow(open_bag(), now())
    if as_json:
        give_json(done)
    else:
        say(
            N_("Brought up to date: %(updated)s; already so: %(current)s."),
            updated=len(done.updated),
            current=len(done.current),
        )
    if done.behind:
        say(N_("Could not be brought up to date now: %(names)s."), names=", ".join(done.behind))
        sys.exit(1)


@cli.command()
@as_json
@sentences
def expire(as_json: bool) -> None:
    """Close every share whose last day has passed; for a daily run by cron."""
    found = open_bag()
    _tell_closed(found, revoking.expire(found, now()), as_json)


@cli.command()
@as_json
@sentences
def granted(as_json: bool) -> None:
    """What others told you that they show you, then what is over: delete what you kept of it, and say so."""
    found = granted_.announced(open_pod(), now().date())
    states = {one.letter.about: "over" if one.said is None else "deleted" for one in found.over}
    listed = (*found.open, *(one.letter for one in found.over))
    if as_json:
        said = ("iri", "sender", "name", "title", "published", "until")
        give_json(
            [
                {
                    "dossier": one.about,
                    "state": states.get(one.about, "open"),
                    "request": one.reply_to,
                    **{name: getattr(one, name) for name in said},
                }
                for one in listed
            ]
        )
        return
    for one in listed:
        click.echo(
            f"{one.about}  {states.get(one.about, 'open'):7}  {(one.until or '')[:10]}  {one.title}  {one.sender}"
        )


@cli.command("say-deleted")
@click.argument("url")
@sentences
def say_deleted(url: str) -> None:
    """Tell the person of a dossier that is over that nothing of it is left with you. Delete it first."""
    if not acknowledge.say_deleted(open_pod(), url, now()):
        say(N_("They have no letterbox that takes it: write to them that nothing of it is left."))
        sys.exit(1)
    say(N_("They were told that you kept nothing of it."))


@cli.command()
@click.argument("url", nargs=-1, required=True)
@click.option("--csv", "as_csv", is_flag=True, help="A table, safe to open in a spreadsheet.")
@click.option(
    "--compare",
    "kept",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What changed since this JSON-LD or Turtle file of it was saved.",
)
@as_json
@as_turtle
@sentences
def read(url: tuple[str, ...], as_csv: bool, kept: Path | None, as_json: bool, as_turtle: bool) -> None:
    """Read a dossier that you were granted. Several addresses: a line of JSON each, in their order."""
    if len(url) > 1:
        sys.exit(_read_many(url))
    opened = granted_.read_dossier(open_pod(), url[0], now())
    if kept:
        _compare(kept, opened, as_json=as_json)
    elif as_turtle:
        click.echo(opened.turtle.decode())
    elif as_csv:
        sys.stdout.buffer.write(tables.dossier(opened.dossier))
    elif as_json:
        click.echo(json.dumps(syntax.json_ld(opened.graph), ensure_ascii=False, indent=2))
    else:
        click.echo(f"{opened.dossier.title}")
        for activity in opened.dossier.activities:
            where = activity.organization.name if activity.organization else ""
            click.echo(f"- {activity.title} {where}")
        for skill in opened.dossier.skills:
            click.echo(f"* {skill.label}")


def _read_many(urls: tuple[str, ...]) -> int:
    """Read side by side; what could not be read is said in its own line. 1 when there was such a one."""
    found = granted_.read_dossiers(open_pod(), urls, now())
    for url, one in zip(urls, found, strict=True):
        said: dict[str, object]
        if isinstance(one, MusetteError):
            said = {"url": url, "error": " ".join(one.sentences(translate))}
        else:
            said = {"url": one.url, "dossier": syntax.json_ld(one.graph)}
        click.echo(json.dumps(said, ensure_ascii=False))
    return int(any(isinstance(one, MusetteError) for one in found))


def _compare(kept: Path, opened: granted_.Opened, *, as_json: bool) -> None:
    media_type = syntax.TURTLE if kept.suffix == ".ttl" else syntax.JSON_LD
    things = versions.compare(syntax.parse(kept.read_bytes(), media_type, opened.url), opened.graph)
    if as_json:
        give_json(things)
        return
    for thing in things:
        click.echo(f"{thing.kind:8} {thing.name}")
        for change in thing.changes:
            before, after = ", ".join(change.before), ", ".join(change.after)
            click.echo(f"  {label(change.property, language())}: {before} → {after}")
