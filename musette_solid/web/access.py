"""Who may come in: every view names its rule, `@public`, `@signed_in` or `@with_bag` (tests/conventions keeps this).

The rule says who is asked to sign in first. What a signed-in person may read or write is decided by the pod, never here.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from musette_solid.pod.session import Pod
from musette_solid.usecases.layout import Bag
from musette_solid.web.config import Config

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

Who = Callable[[], Visitor | None]


def install(app: Flask, config: Config, who: Who) -> None:
    app.extensions["musette.config"] = config
    app.extensions["musette.who"] = who
    # A person who is signed in sees the way out and the way to their own pages.
    app.context_processor(lambda: {"visitor": visitor(), "providers": config.providers})


def config() -> Config:
    found: Config = current_app.extensions["musette.config"]
    return found


def visitor() -> Visitor | None:
    who: Who = current_app.extensions["musette.who"]
    return who()


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
        return view(found.bag, *args, **kwargs)

    return _named(guarded, "with_bag")


def _named(view: View, rule: str) -> View:
    view.access_rule = rule  # type: ignore[attr-defined]  # read by tests/conventions
    return view


def sign_in_first() -> ResponseReturnValue:
    """Towards signing in. What was typed into a form is kept in the page, so that it can be sent again afterwards."""
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("signin.signin", next=local_path(request.full_path)), 303)
    page = render_template(
        "pages/expired.html",
        action=local_path(request.full_path),
        kept=list(request.form.items(multi=True)),
        shown=_typed(),
        had_files=bool(request.files),
    )
    return page, 401


def _typed() -> list[str]:
    """The person's own words in the form under way; choices from lists are kept too, but say nothing to the eye."""
    own = (value for name, value in request.form.items(multi=True) if name not in _NOT_SHOWN)
    return [value for value in own if value and "#" not in value.partition("://")[2]]


def local_path(address: str, otherwise: str = "/") -> str:
    """`address` when it is a path of this site; nobody is ever sent elsewhere by an address in a query."""
    parts = urlsplit(address)
    is_local = not parts.scheme and not parts.netloc and address.startswith("/") and not address.startswith("//")
    if not is_local or "\\" in address or any(ord(character) < 32 for character in address):
        return otherwise
    return address.removesuffix("?")
