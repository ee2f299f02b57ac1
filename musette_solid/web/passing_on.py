"""The pages by which something of the bag is passed on to others: look at what they would read, publish it, take it back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from musette_solid.usecases.layout import Bag
from musette_solid.usecases.open_to_all import LICENCES, NotOursToPassOn, Shown, Thing, licence_of
from musette_solid.web import clock, i18n, licences, notices
from musette_solid.web.access import with_bag


@dataclass(frozen=True)
class PassingOn(Generic[Thing]):
    """`rule` names one of them by `<name>`, and `show` is the address of its page.

    `fetch` finds it in the bag, raising NotThere; `look` and `pass_on` take name, licence and, at the end, whether it goes with offers.
    """

    bp: Blueprint
    rule: str
    template: str
    show: Callable[[str], str]
    fetch: Callable[[Bag, str], Thing]
    published: Callable[[Bag, str], Thing | None]
    look: Callable[[Bag, str, str, datetime, bool], Shown[Thing]]
    pass_on: Callable[[Bag, str, str, datetime, str, bool], str]
    take_back: Callable[[Bag, str, datetime], None]


def install(family: PassingOn[Thing]) -> None:
    """The routes `preview`, `publish` and `withdraw` on the blueprint of the family."""
    bp = family.bp

    @bp.get(f"{family.rule}/pass-on")
    @with_bag
    def preview(bag: Bag, name: str) -> ResponseReturnValue:
        """Under what licence; once one is chosen, exactly what others would read. Nothing is written."""
        thing = family.fetch(bag, name)
        fixed, refused = None, ("", "")
        try:
            fixed = licence_of(thing)
        except NotOursToPassOn as error:
            refused = i18n.sentences(error)
        chosen = request.args.get("licence", "") or fixed or ""
        with_offers = request.args.get("offers") == "yes"
        shown = family.look(bag, name, chosen, clock.now(), with_offers) if chosen and not refused[0] else None
        return render_template(
            family.template,
            name=name,
            thing=thing,
            fixed=fixed,
            refused=refused,
            chosen=chosen or LICENCES[0],
            licences=licences.choices(),
            licence=licences.called,
            with_offers=with_offers,
            shown=shown,
            public=shown.public if shown else family.published(bag, name),
            show=family.show(name),
        )

    @bp.post(f"{family.rule}/pass-on")
    @with_bag
    def publish(bag: Bag, name: str) -> ResponseReturnValue:
        said = request.form
        offers = said.get("offers") == "yes"
        family.pass_on(bag, name, said.get("licence", ""), clock.now(), said.get("digest", ""), offers)
        notices.say("passed-on")
        return redirect(family.show(name), 303)

    @bp.post(f"{family.rule}/take-back")
    @with_bag
    def withdraw(bag: Bag, name: str) -> ResponseReturnValue:
        family.take_back(bag, name, clock.now())
        notices.say("taken-back")
        return redirect(family.show(name), 303)
