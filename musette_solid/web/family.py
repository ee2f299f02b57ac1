"""The pages that every family of things has: a form to add one, one to correct it, and a question before it goes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from musette_solid.model.shapes import fields
from musette_solid.model.validation import Finding, Unfit
from musette_solid.pod import resources
from musette_solid.pod.errors import ChangedMeanwhile, NotThere
from musette_solid.rdf import names
from musette_solid.usecases.documents import said_of, version_of
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.take_out import Removed
from musette_solid.usecases.write_thing import said
from musette_solid.web import clock, forms, notices, removals, things
from musette_solid.web.access import with_bag
from musette_solid.web.forms import Control, Form, Texts
from musette_solid.web.i18n import gettext

Options = Mapping[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Words:
    """What the pages say; marked with N_ where they are written."""

    add: str
    correct: str
    remove: str
    lead: str
    gone: str


@dataclass(frozen=True)
class Shown:
    """One thing as its form says it: texts by field name, its version, and what it is called."""

    texts: Texts
    version: str
    called: str


@dataclass(frozen=True)
class Family:
    """`first`: the fields that are asked at once; the others are folded away. `leave_out` are never asked."""

    bp: Blueprint
    shapes: tuple[URIRef, ...]
    words: Words
    iri: Callable[[Bag, str], str]
    name: Callable[[str], str]
    add: Callable[[Bag, Texts, datetime], str] | None
    correct: Callable[[Bag, str, Texts, datetime, str], object]
    remove: Callable[[Bag, str], Removed] | None
    first: tuple[str, ...]
    title: str
    options: Callable[[Bag], Options] = lambda _: {}
    read: Callable[[Bag, str], Shown] | None = None
    leave_out: tuple[str, ...] = ()
    beside: Mapping[str, str] = field(default_factory=dict)  # fields of ours in the query that the form carries
    more: Callable[[Bag, str], tuple[Control, ...]] = lambda _bag, _iri: ()  # what the shape does not ask
    index: str = "index"
    show: str = "show"

    def form(self, bag: Bag, texts: Texts, findings: Iterable[Finding] = (), iri: str = "") -> Form:
        options = self.options(bag)
        paths = [{str(one.path) for one in fields(shape)} for shape in self.shapes]
        # Each finding once: with the shape that asks for it, else at the top.
        found = [(next((n for n, own in enumerate(paths) if f.path in own), 0), f) for f in findings]
        made = [
            forms.form(
                shape,
                texts,
                findings=[f for place, f in found if place == number],
                options={name: pairs for name, pairs in options.items() if pairs},
                leave_out=(*self.leave_out, *(name for name, pairs in options.items() if not pairs)),
            )
            for number, shape in enumerate(self.shapes)
        ]
        controls = (*(control for one in made for control in one.controls), *self.more(bag, iri))
        return Form(controls, tuple(dict.fromkeys(problem for one in made for problem in one.problems)))

    def texts(self) -> dict[str, list[str]]:
        said_now: dict[str, list[str]] = {}
        for shape in self.shapes:
            said_now |= forms.texts(shape, leave_out=self.leave_out)
        for name in self.beside:
            if request.form.get(name):
                said_now[name] = [request.form[name]]
        return said_now

    def one(self, bag: Bag, name: str) -> Shown:
        """Raises NotThere."""
        iri = self.iri(bag, name)
        if self.read is not None:
            return self.read(bag, iri)
        graph = resources.read(bag.pod, names.document(iri)).graph
        if not said_of(graph, iri):
            raise NotThere(iri, 404)
        texts = said(graph, self.shapes[0], iri)
        return Shown(texts, version_of(graph, iri), " ".join(texts.get(self.title, ()))[:120])

    def form_page(self, form: Form, *, name: str = "", seen: str = "") -> str:
        return render_template(
            "pages/thing_form.html",
            form=form,
            first=[c for c in form.controls if c.name in self.first],
            rest=[c for c in form.controls if c.name not in self.first],
            heading=gettext(self.words.correct if name else self.words.add),
            lead=gettext(self.words.lead),
            action=self.address("correct", name) if name else self.address("create"),
            leave=self.address(self.show, name) if name and self.show else self.address(self.index),
            remove=self.address("confirm", name) if name and self.remove else "",
            name=name,
            seen=seen,
            kept=[(key, request.values.get(key, "")) for key in self.beside if request.values.get(key)],
        )

    def address(self, endpoint: str, name: str = "") -> str:
        where = f"{self.bp.name}.{endpoint}"
        return url_for(where, name=name) if name else url_for(where)

    def both_versions(self, bag: Bag, name: str, texts: Texts) -> ResponseReturnValue:
        """What was typed beside what is there now; sending it again is made from the version that is shown."""
        one = self.one(bag, name)
        iri = self.iri(bag, name)
        mine = self.form(bag, texts, iri=iri)
        page = render_template(
            "pages/conflict.html",
            action=self.address("correct", name),
            leave=self.address(self.show or self.index, name if self.show else ""),
            seen=one.version,
            rows=things.differences(mine, self.form(bag, one.texts, iri=iri)),
            kept=mine.pairs,
        )
        return page, 412


def install(family: Family) -> None:
    """The routes `edit` and `correct` on the blueprint of the family; `new` and `create` with `add`, `confirm` and `delete` with `remove`."""
    if family.add is not None:
        _adding(family, family.add)
    _correcting(family)
    if family.remove is not None:
        _removing(family, family.remove)


def _adding(family: Family, add: Callable[[Bag, Texts, datetime], str]) -> None:
    bp = family.bp

    @bp.get("/new")
    @with_bag
    def new(bag: Bag) -> ResponseReturnValue:
        asked = {name: request.args.getlist(name) for name in request.args if name != "lang"}
        options = family.options(bag)
        # A thing of the bag is asked for by its short name: addresses of pages hold no address of anybody's space.
        for name, pairs in options.items():
            wanted = set(asked.get(name, ()))
            asked[name] = [iri for iri, _ in pairs if wanted & {iri, names.local(iri)}]
        return family.form_page(family.form(bag, asked))

    @bp.post("/")
    @with_bag
    def create(bag: Bag) -> ResponseReturnValue:
        texts = family.texts()
        try:
            iri = add(bag, texts, clock.now())
        except Unfit as error:
            return family.form_page(family.form(bag, texts, error.findings)), 422
        notices.say("noted")
        there = family.address(family.show, family.name(iri)) if family.show else family.address(family.index)
        return redirect(there, 303)


def _correcting(family: Family) -> None:
    bp = family.bp

    @bp.get("/<name>/correct")
    @with_bag
    def edit(bag: Bag, name: str) -> ResponseReturnValue:
        one = family.one(bag, name)
        return family.form_page(family.form(bag, one.texts, iri=family.iri(bag, name)), name=name, seen=one.version)

    @bp.post("/<name>/correct")
    @with_bag
    def correct(bag: Bag, name: str) -> ResponseReturnValue:
        texts, seen = family.texts(), request.form.get("seen", "")
        iri = family.iri(bag, name)
        try:
            moved = family.correct(bag, iri, texts, clock.now(), seen)
        except Unfit as error:
            return family.form_page(family.form(bag, texts, error.findings, iri), name=name, seen=seen), 422
        except ChangedMeanwhile:
            return family.both_versions(bag, name, texts)
        notices.say("noted-corrected")
        name = family.name(moved) if isinstance(moved, str) else name
        return redirect(family.address(family.show, name) if family.show else family.address(family.index), 303)


def _removing(family: Family, take_out: Callable[[Bag, str], Removed]) -> None:
    bp = family.bp

    @bp.get("/<name>/delete")
    @with_bag
    def confirm(bag: Bag, name: str) -> ResponseReturnValue:
        one = family.one(bag, name)
        return render_template(
            "pages/thing_delete.html",
            heading=gettext(family.words.remove),
            called=one.called,
            action=family.address("delete", name),
            leave=family.address(family.show, name) if family.show else family.address(family.index),
        )

    @bp.post("/<name>/delete")
    @with_bag
    def delete(bag: Bag, name: str) -> ResponseReturnValue:
        removed = take_out(bag, family.iri(bag, name))
        return removals.page(removed.packed, gettext(family.words.gone), family.address(family.index))
