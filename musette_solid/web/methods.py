"""Methods: choose one, follow it step by step, stop and come back, see what it gave, say it beside another time."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from musette_solid.exchange.apart import Stopped
from musette_solid.model import methods as methods_model
from musette_solid.model.journal import Reflection
from musette_solid.model.methods import Method, NotAMethod, Session, Step, all_methods
from musette_solid.model.validation import Unfit
from musette_solid.pod.errors import NotThere, PodError, SignInNeeded
from musette_solid.rdf import names, terms
from musette_solid.rdf.syntax import NotRdf
from musette_solid.usecases.bring_method import (
    LARGEST_BYTES,
    any_method,
    from_file,
    from_url,
    keep_method,
    own_method,
    own_methods,
)
from musette_solid.usecases.follow_method import (
    Answer,
    already_made,
    answer,
    begin,
    confirm,
    finish,
    list_sessions,
    one_session,
    remove_session,
)
from musette_solid.usecases.journal import Journal, read_journal
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.pass_on_method import look, pass_on, published, remove_method, take_back
from musette_solid.web import clock, forms, i18n, journal, licences, notices, passing_on, removals, things
from musette_solid.web.access import public, with_bag
from musette_solid.web.asking import Asking, while_waited_for
from musette_solid.web.passing_on import PassingOn
from musette_solid.web.under_way import Work

bp = Blueprint("methods", __name__, url_prefix="/methods")


def _session(bag: Bag, name: str) -> tuple[Session, Method]:
    session = one_session(bag, journal.iri_of(bag, name))
    return session, any_method(bag, names.local(session.method))


@bp.app_template_global()
def say(texts: Mapping[str, str]) -> str:
    """A text of a method, in the person’s language if it has it."""
    return methods_model.said(texts, i18n.language())


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    sessions = list_sessions(bag)
    own = own_methods(bag)
    known = {**all_methods(), **{one.key: one for one in own}}
    return render_template(
        "pages/methods.html",
        own=own,
        methods=sorted(all_methods().values(), key=lambda one: (one.minutes or 0, one.key)),
        under_way=[one for one in sessions if not one.is_over],
        over=[one for one in sessions if one.is_over],
        name_of=journal.name_of,
        steps={one.iri: len(one.steps) for one in known.values()},
    )


@bp.get("/<key>")
@with_bag
def show(bag: Bag, key: str) -> ResponseReturnValue:
    method = any_method(bag, key)
    sessions = [one for one in list_sessions(bag) if one.method == method.iri]
    is_own = key not in all_methods()
    return render_template(
        "pages/method.html",
        method=method,
        sessions=sessions,
        name_of=journal.name_of,
        outcomes=_outcomes(method),
        is_own=is_own,
        public=published(bag, key) if is_own else None,
        licence=licences.called,
    )


def _outcomes(method: Method) -> list[str]:
    """What it can give, in the words of the vocabulary."""
    made = dict.fromkeys(step.makes for step in method.steps if step.makes != terms.OUTCOME_NOTE)
    return [i18n.label(one) for one in made]


@bp.get("/<key>/sheet")
@public
def sheet(key: str) -> ResponseReturnValue:
    """On paper, for a workshop or for who prefers a pen."""
    method = all_methods().get(key)
    if method is None:
        raise NotThere(key, 404)
    return render_template("pages/method_sheet.html", method=method)


@bp.get("/own/<key>/sheet")
@with_bag
def own_sheet(bag: Bag, key: str) -> ResponseReturnValue:
    """The same, of a method that was brought: it is the person's."""
    return render_template("pages/method_sheet.html", method=own_method(bag, key))


@bp.get("/bring")
@with_bag
def offered(bag: Bag) -> ResponseReturnValue:
    return _bring_page(bag)


def _bring_page(
    bag: Bag, address: str = "", error: tuple[str, str] = ("", ""), *, is_stopped: bool = False
) -> ResponseReturnValue:
    page = render_template(
        "pages/method_bring.html",
        address=address,
        error=error[0],
        do=error[1],
        is_stopped=is_stopped,
        going_on=asking.waiting.going_on(bag),
    )
    return (page, 422) if error[0] else page


def _brought(bag: Bag, work: Work) -> ResponseReturnValue:
    """What came of asking an address: the method, or why there is none."""
    error = work.error
    if isinstance(error, Stopped):
        return _bring_page(bag, work.title, is_stopped=True)
    if isinstance(error, NotAMethod | NotRdf | PodError) and not isinstance(error, SignInNeeded):
        return _bring_page(bag, work.title, i18n.sentences(error))
    if error is not None:
        raise error
    notices.say("noted")
    return redirect(url_for(".show", key=work.result), 303)


asking = Asking(bp, "method", "/bring", "pages/address_under_way.html", ".offered", _brought, taken=True)


@bp.post("/bring")
@with_bag
def bring(bag: Bag) -> ResponseReturnValue:
    """From a file or an address: checked whole, then kept in the bag; what cannot be followed leaves nothing."""
    chosen, address, now = request.files.get("file"), request.form.get("address", "").strip(), clock.now()
    if chosen is None or not chosen.filename:
        transport = bag.pod.transport
        return asking.begin(
            bag,
            address,
            lambda work: keep_method(bag, while_waited_for(work, lambda: from_url(transport, address)), now),
        )
    try:
        key = keep_method(bag, from_file(chosen.read(LARGEST_BYTES + 1), chosen.filename), now)
    except (NotAMethod, NotRdf, PodError) as error:
        if isinstance(error, SignInNeeded):
            raise
        return _bring_page(bag, error=i18n.sentences(error))
    notices.say("noted")
    return redirect(url_for(".show", key=key), 303)


@bp.post("/own/<key>/delete")
@with_bag
def drop(bag: Bag, key: str) -> ResponseReturnValue:
    removed = remove_method(bag, key, clock.now())
    return removals.page(removed.packed, i18n.gettext("The method was deleted"), url_for(".index"))


passing_on.install(
    PassingOn(
        bp=bp,
        rule="/own/<name>",
        template="pages/method_pass_on.html",
        show=lambda key: url_for("methods.show", key=key),
        fetch=own_method,
        published=published,
        look=lambda bag, key, licence, now, _offers: look(bag, key, licence, now),
        pass_on=lambda bag, key, licence, now, digest, _offers: pass_on(bag, key, licence, now, digest),
        take_back=take_back,
    )
)


@bp.post("/<key>")
@with_bag
def create(bag: Bag, key: str) -> ResponseReturnValue:
    iri = begin(bag, any_method(bag, key), i18n.language(), clock.now())
    return redirect(url_for(".step", name=journal.name_of(iri), number=1), 303)


@bp.get("/session/<name>")
@with_bag
def session(bag: Bag, name: str) -> ResponseReturnValue:
    found, method = _session(bag, name)
    read = read_journal(bag, ())
    first_open = next((n for n, one in enumerate(method.steps, 1) if one.iri not in found.answers), len(method.steps))
    return render_template(
        "pages/session.html",
        name=name,
        session=found,
        method=method,
        called=dict(read.called),
        address=lambda iri: journal.address(bag, iri),
        first_open=first_open,
        has_proposals=bool(methods_model.proposed(method, found)),
    )


@bp.get("/session/<name>/<number>")
@with_bag
def step(bag: Bag, name: str, number: str) -> ResponseReturnValue:
    found, method = _session(bag, name)
    return _step_page(bag, name, found, method, _place(method, number))


def _place(method: Method, number: str) -> int:
    """The number of a step, counted from 1. Raises NotThere."""
    plain = number.isascii() and number.isdigit() and len(number) < 4
    if not plain or not 1 <= int(number) <= len(method.steps):
        raise NotThere(number, 404)
    return int(number)


def _step_page(
    bag: Bag, name: str, session: Session, method: Method, number: int, problems: Sequence[str] = ()
) -> ResponseReturnValue:
    asked = method.steps[number - 1]
    said = session.answers.get(asked.iri)
    page = render_template(
        "pages/method_step.html",
        name=name,
        method=method,
        step=asked,
        number=number,
        total=len(method.steps),
        said=said,
        options=_choices(read_journal(bag, ()), asked) if asked.kind in methods_model.CHOSEN else [],
        chosen=(*said.about, *said.people) if said else (),
        problems=problems,
        is_day=asked.kind == terms.ANSWER_KIND_DAY,
    )
    return (page, 422) if problems else page


def _choices(read: Journal, asked: Step) -> list[tuple[str, str]]:
    if asked.kind == terms.ANSWER_KIND_ACTIVITY:
        return [(one.iri, one.title) for one in read.activities]
    if asked.kind == terms.ANSWER_KIND_SKILLS:
        return [(one.iri, one.label) for one in read.skills]
    return [(one.iri, one.name) for one in read.people]


@bp.post("/session/<name>/<number>")
@with_bag
def correct(bag: Bag, name: str, number: str) -> ResponseReturnValue:
    """Keep the answer and go on; or keep it and stop here for today."""
    found, method = _session(bag, name)
    here = _place(method, number)
    asked = method.steps[here - 1]
    try:
        answer(bag, found, asked, _answer(bag, asked), i18n.language(), clock.now())
    except Unfit as error:
        return _step_page(bag, name, found, method, here, [forms.message(one) for one in error.findings])
    if request.form.get("go") == "stop":
        notices.say("session-kept")
        return redirect(url_for(".session", name=name), 303)
    if here < len(method.steps):
        return redirect(url_for(".step", name=name, number=here + 1), 303)
    return redirect(url_for(".end", name=name), 303)


def _answer(bag: Bag, asked: Step) -> Answer:
    text = request.form.get("text", "").strip()[:10_000]
    mark = request.form.get("mark", "")
    if asked.most:
        is_mark = mark.isascii() and mark.isdigit() and int(mark[:3]) <= asked.most
        return Answer(text, int(mark) if is_mark else None)
    if asked.kind in methods_model.CHOSEN:
        layout = bag.layout
        own = {
            terms.ANSWER_KIND_ACTIVITY: layout.activities,
            terms.ANSWER_KIND_SKILLS: layout.skills,
            terms.ANSWER_KIND_PEOPLE: layout.people,
        }[asked.kind]
        chosen = [iri for iri in request.form.getlist("chosen") if names.document(iri) == own]
        return Answer(text, chosen=tuple(dict.fromkeys(chosen)))
    if asked.kind == terms.ANSWER_KIND_DAY:
        return Answer(forms.as_iso(text))
    return Answer(text)


@bp.get("/session/<name>/end")
@with_bag
def end(bag: Bag, name: str) -> ResponseReturnValue:
    found, method = _session(bag, name)
    return _end_page(bag, name, found, method)


def _end_page(bag: Bag, name: str, found: Session, method: Method, problems: Sequence[str] = ()) -> ResponseReturnValue:
    proposals = methods_model.proposed(method, found)
    page = render_template(
        "pages/session_end.html",
        name=name,
        session=found,
        method=method,
        proposals=proposals,
        made=already_made(bag, found, proposals) if proposals else frozenset(),
        spheres=things.named(things.spheres()),
        needs_sphere=terms.OUTCOME_ACTIVITY,
        value=terms.OUTCOME_VALUE,
        problems=problems,
        ticked=request.form.getlist("keep"),
        typed=request.form,
    )
    return (page, 422) if problems else page


@bp.post("/session/<name>/end")
@with_bag
def write(bag: Bag, name: str) -> ResponseReturnValue:
    """Put in the bag what was ticked, in the words that were left; the session is over then."""
    found, method = _session(bag, name)
    proposals = methods_model.proposed(method, found)
    done = already_made(bag, found, proposals) if proposals else frozenset()
    ticked = set(request.form.getlist("keep")) - done
    chosen = [(one, request.form.get(f"words-{one.key}", "")) for one in proposals if one.key in ticked]
    spheres = {one.key: request.form.get(f"sphere-{one.key}", "") for one, _ in chosen}
    try:
        count = confirm(bag, found, chosen, clock.now(), spheres=spheres) if chosen else 0
    except Unfit as error:
        said = list(dict.fromkeys(forms.message(one) for one in error.findings))
        return _end_page(bag, name, found, method, said)
    finish(bag, found, clock.now())
    notices.say("session-over", count=str(count))
    return redirect(url_for(".session", name=name), 303)


@bp.post("/session/<name>/delete")
@with_bag
def delete(bag: Bag, name: str) -> ResponseReturnValue:
    found = one_session(bag, journal.iri_of(bag, name))
    removed = remove_session(bag, found)
    return removals.page(removed.packed, i18n.gettext("The session was deleted"), url_for(".index"))


@bp.get("/<key>/compare")
@with_bag
def compare(bag: Bag, key: str) -> ResponseReturnValue:
    """Every time that a method was followed, side by side: the first to the left."""
    method = any_method(bag, key)
    asked = request.args.getlist("session")
    sessions = [one for one in reversed(list_sessions(bag)) if one.method == method.iri]
    if asked:
        sessions = [one for one in sessions if journal.name_of(one.iri) in asked]
    read = read_journal(bag, ())
    called = dict(read.called)

    def words(one: Reflection | None) -> str:
        if one is None:
            return ""
        chosen = ", ".join(called.get(iri, "…") for iri in (*one.about, *one.people))
        mark = str(one.mark) if one.mark is not None else ""
        return " – ".join(part for part in (mark, chosen, one.text) if part)

    return render_template(
        "pages/session_compare.html",
        method=method,
        sessions=sessions[-4:],
        rows=[
            (say(dict(one.question)), [words(s.answers.get(one.iri)) for s in sessions[-4:]]) for one in method.steps
        ],
    )
