"""request, requests, renew, receipt, ask-renewal: the dialogue around a dossier, from either side."""

import sys
from datetime import datetime

import click
from rdflib import URIRef

from musette_solid.cli.bag import concept, now
from musette_solid.cli.login import bag as open_bag
from musette_solid.cli.login import pod as open_pod
from musette_solid.cli.output import N_, as_json, cli, give_json, give_lines, language, say, sentences
from musette_solid.model import receipt as receipts
from musette_solid.model.labels import label
from musette_solid.model.receipt import Receipt
from musette_solid.model.request import Need
from musette_solid.rdf import syntax, terms
from musette_solid.usecases import ask as asking
from musette_solid.usecases import comment as commenting
from musette_solid.usecases import opening, renew, renew_letterbox
from musette_solid.usecases.empty_letterbox import empty
from musette_solid.usecases.granted import read_dossier, receipt_for
from musette_solid.usecases.layout import Bag

_KINDS = {"activity": terms.Activity, "skill": terms.Skill, "time": terms.TimeEntry}
_KIND_NAMES = {iri: name for name, iri in _KINDS.items()}


def _need(text: str, *, is_required: bool) -> Need:
    """`activity`, `skill` or `time`, then after a colon what is meant by it."""
    kind, _, words = text.partition(":")
    if kind.strip() not in _KINDS:
        raise click.UsageError(f"a need begins with activity, skill or time: {text}")
    return Need(_KINDS[kind.strip()], {language(): words.strip()} if words.strip() else {}, is_required=is_required)


@cli.command()
@click.option("--title", required=True, help="What the person reads first.")
@click.option("--purpose", required=True, help="recruitment, recognition, counselling… or its label.")
@click.option("--days", default=90, show_default=True, help="For how long, from the day they say yes.")
@click.option("--need", multiple=True, help="What is required: `activity`, `skill`, `time`, or `skill:words`.")
@click.option("--optional", multiple=True, help="What they may leave out, in the same form.")
@click.option("--notice-fr", default="", help="Why, in plain words, in French.")
@click.option("--notice-en", default="", help="Why, in plain words, in English.")
@click.option("--to", "to", multiple=True, help="Somebody to send it to; the link serves for anybody.")
@as_json
@sentences
def request(
    title: str,
    purpose: str,
    days: int,
    need: tuple[str, ...],
    optional: tuple[str, ...],
    notice_fr: str,
    notice_en: str,
    to: tuple[str, ...],
    as_json: bool,
) -> None:
    """Ask people to show you something: publishes the request, and gives its link."""
    found = open_bag()
    needs = (
        *(_need(one, is_required=True) for one in need),
        *(_need(one, is_required=False) for one in optional),
    )
    notice = {code: text for code, text in (("fr", notice_fr), ("en", notice_en)) if text}
    made = asking.ask(found, title, URIRef(concept("PURPOSES", "purpose-", purpose)), days, needs, notice, now())
    sent = {one: asking.send(found, made.request, one, now()) for one in to}
    if as_json:
        give_json({"id": made.request_id, "url": made.request.iri, "sent": sent})
    else:
        give_lines([made.request_id, made.request.iri])
    if not all(sent.values()):
        say(N_("Some could not be told: send them the link."))


@cli.command()
@as_json
@sentences
def requests(as_json: bool) -> None:
    """What you asked for, and what came back, as the letters say."""
    asked = asking.list_asked(open_bag())
    if as_json:
        give_json(
            [
                {
                    "id": one.request_id,
                    "url": one.request.iri,
                    "title": one.request.title,
                    "purpose": one.request.purpose,
                    "days": one.request.days,
                    "needs": [
                        {"kind": _KIND_NAMES[need.kind], "required": need.is_required, "words": need.text(language())}
                        for need in one.request.needs
                    ],
                    "replies": [
                        {"kind": reply.kind, "from": reply.sender, "about": reply.about, "words": reply.words}
                        for reply in one.replies
                    ],
                }
                for one in asked
            ]
        )
        return
    for one in asked:
        click.echo(f"{one.request_id}  {len(one.replies):3}  {one.request.title}")


@cli.command()
@click.option("--another", is_flag=True, help="Open another one: the one that is announced takes nothing any more.")
@click.option("--empty", "number", type=int, help="Empty an old one: 1 is the first that there was.")
@as_json
@sentences
def letterbox(another: bool, number: int | None, as_json: bool) -> None:
    """Your letterbox, and the old ones; another one when somebody filled it, and the old one emptied."""
    found = open_bag()
    if another:
        renew_letterbox.renew(found)
    done = empty(found, found.layout.letterbox(number), now()) if number else None
    boxes = renew_letterbox.letterboxes(found)
    if as_json:
        counted = {"moved": done.moved, "deleted": done.deleted} if done else {}
        give_json({"current": boxes.current, "old": boxes.old, **counted})
        return
    give_lines([one for one in (boxes.current, *boxes.old) if one])


@cli.command("withdraw")
@click.argument("request_id")
@sentences
def withdraw(request_id: str) -> None:
    """Take a request back: nobody can read or answer it any more."""
    asking.withdraw(open_bag(), request_id)


@cli.command("renew")
@click.argument("share_id")
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The new last day: 2027-05-22.")
@as_json
@sentences
def renew_(share_id: str, until: datetime, as_json: bool) -> None:
    """Prolong a share: the same dossier, a new receipt in place of the old."""
    found = open_bag()
    made = renew.prolong(found, share_id, until.date(), now())
    proof = opening.confirm(found, made.share_id)
    if as_json:
        give_json(
            {
                "id": made.share_id,
                "url": made.dossier,
                "replaces": share_id,
                "announced": made.announced,
                "proved": proof.holds,
            }
        )
    else:
        give_lines([made.share_id, made.dossier])


@cli.command("ask-renewal")
@click.argument("url")
@as_json
@sentences
def ask_renewal(url: str, as_json: bool) -> None:
    """Ask the person who opened a dossier to you to prolong it."""
    found = open_bag()
    made, told = asking.ask_again(found, receipt_for(found.pod, url, now()), now())
    if as_json:
        give_json({"id": made.request_id, "url": made.request.iri, "told": told})
    else:
        give_lines([made.request_id, made.request.iri])
    if not told:
        sys.exit(1)


@cli.command()
@click.argument("share")
@as_json
@sentences
def receipt(share: str, as_json: bool) -> None:
    """The receipt of a share of yours (its identifier), or of a dossier that was opened to you (its address)."""
    found = receipt_for(open_pod(), share, now()) if "://" in share else _own(open_bag(), share)
    if as_json:
        give_json(syntax.json_ld(receipts.graph_of_receipt(found, now().date())))
        return
    for line in (
        found.iri,
        found.title,
        f"{found.person_name or found.person} → {found.recipient_name or found.recipient}",
        label(found.purpose, language()),
        f"{found.given_at.date()} – {found.until}",
        found.status(now().date()).partition("#")[2],
    ):
        click.echo(line)


def _own(bag: Bag, share_id: str) -> Receipt:
    return receipts.of_grant(renew.line_of(bag, share_id, now().date()).grant)


@cli.command()
@click.argument("url")
@click.argument("text")
@click.option("--about", default=None, help="Address of the thing in the dossier that it is about.")
@sentences
def comment(url: str, text: str, about: str | None) -> None:
    """Leave a comment on a dossier, when you were invited to."""
    found = open_pod()
    commenting.comment(found, read_dossier(found, url, now()), text, now(), about)


@cli.command()
@click.argument("share")
@as_json
@sentences
def comments(share: str, as_json: bool) -> None:
    """What was said beside a share of yours (its identifier), or beside a dossier that was opened to you (its address)."""
    if "://" in share:
        found = open_pod()
        said = commenting.read_beside(found, read_dossier(found, share, now()))
    else:
        said = tuple(one.comment for one in commenting.received(open_bag(), share))
    if as_json:
        give_json(said)
        return
    for one in said:
        click.echo(f"{one.at:%Y-%m-%d}  {one.author}")
        click.echo(f"  {one.text}")
