"""Who may come in: every view names its rule, `@public`, `@signed_in` or `@with_bag` (tests/conventions keeps this).

The rule says who is asked to sign in first. What a signed-in person may read or write is decided by the pod, never here.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from musette_solid.errors import MusetteError
from musette_solid.pod.session import Pod
from musette_solid.usecases import publish
from musette_solid.usecases.follow import follow, is_source
from musette_solid.usecases.layout import Bag
from musette_solid.web import clock, heavy
from musette_solid.web.config import Config
from musette_solid.web.sealed import StoreUnreachable

_log = logging.getLogger(__name__)

P = ParamSpec("P")
View = TypeVar("View", bound=Callable[..., Any])


class Visitor(Protocol):
    """Somebody signed in: a way into pods, and their bag once they have chosen where it lives."""

    @property
    def pod(self) -> Pod: ...

    @property
    def root(self) -> str | None:
        """Where their bag is, when that is known already: asking costs nothing."""
        ...

    @property
    def bag(self) -> Bag | None:
        """Their bag, looked for if need be: this may ask their space, and raise what asking raises."""
        ...


#: Fields of ours, not of the person: kept, and not shown again.
_NOT_SHOWN = frozenset({"seen", "packed", "digest", "share_id", "issued", "_shown"})

#: Longer than any address of ours; what is longer was not made here.
_LONGEST_PATH = 2048

Who = Callable[[], Visitor | None]


def install(app: Flask, config: Config, who: Who) -> None:
    app.extensions["musette.config"] = config
    app.extensions["musette.who"] = who
    # A person who is signed in sees the way out and the way to their own pages.
    app.context_processor(lambda: {"visitor": _shown_visitor(), "providers": config.providers})


def config() -> Config:
    found: Config = current_app.extensions["musette.config"]
    return found


def visitor() -> Visitor | None:
    who: Who = current_app.extensions["musette.who"]
    return who()


def is_signed_in() -> bool:
    return _shown_visitor() is not None


def _shown_visitor() -> Visitor | None:
    """Who is there, on a page that needs nobody: while sessions cannot be looked up, help can still be read."""
    with suppress(StoreUnreachable):
        return visitor()
    return None


def public(view: View) -> View:
    """Anybody, signed in or not."""
    return _named(view, "public")


def signed_in(view: Callable[Concatenate[Visitor, P], ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Somebody signed in, with or without a bag: given to the view as its first argument."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        found = visitor()
        return view(found, *args, **kwargs) if found else sign_in_first()

    return _named(guarded, "signed_in")


def with_bag(view: Callable[Concatenate[Bag, P], ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Somebody signed in whose bag is known: the bag is given to the view as its first argument."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        found = visitor()
        if found is None:
            return sign_in_first()
        if found.bag is None:
            return redirect(url_for("signin.setup"), 303)
        bag = found.bag
        response = make_response(view(bag, *args, **kwargs))
        written = frozenset(iri for iri in bag.pod.take_written() if is_source(bag, iri))
        if written:
            now = clock.now()
            # Once the answer is sent: nobody waits for what only concerns others.
            response.call_on_close(lambda: _bring_dossiers_up_to_date(bag, now, written))
        return response

    return _named(guarded, "with_bag")


def _bring_dossiers_up_to_date(bag: Bag, now: datetime, written: frozenset[str]) -> None:
    try:
        follow(bag, now, written)
        publish.follow(bag, now)
    except MusetteError:
        # The shares page says which dossier is behind, and brings it up to date; so does the page for everybody.
        _log.info("a live dossier could not be brought up to date now")


def _named(view: View, rule: str) -> View:
    view.access_rule = rule  # type: ignore[attr-defined]  # read by tests/conventions
    return view


def sign_in_first() -> ResponseReturnValue:
    """Towards signing in. What was typed into a form is kept in the page, so that it can be sent again afterwards."""
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("signin.signin", next=local_path(request.full_path)), 303)
    if heavy.is_too_heavy() and not heavy.can_be_looked_through():
        raise RequestEntityTooLarge
    return render_template("pages/expired.html", form=kept_form()), 401


@dataclass(frozen=True)
class KeptForm:
    """A form that could not be dealt with, so that it can be sent again as it was."""

    action: str
    pairs: tuple[tuple[str, str], ...]
    shown: tuple[str, ...]  # the person's own words; choices from lists are kept too, but say nothing to the eye
    had_files: bool


def kept_form() -> KeptForm | None:
    """The form under way; None when nothing was sent."""
    if request.method != "POST":
        return None
    is_heavy = heavy.is_too_heavy()
    pairs = tuple((heavy.words() if is_heavy else request.form).items(multi=True))
    own = (value for name, value in pairs if name not in _NOT_SHOWN)
    shown = tuple(value for value in own if value and "#" not in value.partition("://")[2])
    return KeptForm(local_path(request.full_path), pairs, shown, is_heavy or bool(request.files))


def local_path(address: str, otherwise: str = "/") -> str:
    """`address` when it is a path of this site; nobody is ever sent elsewhere by an address in a query."""
    try:
        parts = urlsplit(address)
    except ValueError:  # "//[" looks like the beginning of an IPv6 address
        return otherwise
    is_local = not parts.scheme and not parts.netloc and address.startswith("/") and not address.startswith("//")
    if not is_local or len(address) > _LONGEST_PATH or "\\" in address or any(ord(sign) < 32 for sign in address):
        return otherwise
    return address.removesuffix("?")
