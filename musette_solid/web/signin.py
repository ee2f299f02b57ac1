"""Signing in with one's own provider, choosing where the bag lives, signing out."""

from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from musette_solid.errors import N_, MusetteError
from musette_solid.pod import oidc, webid
from musette_solid.pod.errors import NotAllowed, NotUnderstood, PodError, SignInFailed, TooLarge, Unreachable
from musette_solid.usecases import set_up
from musette_solid.usecases.acknowledge import tell_later
from musette_solid.usecases.keep import look_after
from musette_solid.usecases.recover import recover
from musette_solid.web import access, notices, session
from musette_solid.web.access import Visitor, public, signed_in
from musette_solid.web.clock import now
from musette_solid.web.my_sessions import browser_of
from musette_solid.web.session import ATTEMPT_S, Session

bp = Blueprint("signin", __name__)

NAME = "La Musette"


@bp.get("/signin")
@public
def signin() -> ResponseReturnValue:
    return _form(next_=access.local_path(request.args.get("next", "/")))


def _form(
    next_: str,
    address: str = "",
    choices: tuple[str, ...] = (),
    error: MusetteError | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    page = render_template("pages/signin.html", next=next_, address=address, choices=choices, error=error)
    return page, status


@bp.post("/signin")
@public
def begin() -> ResponseReturnValue:
    """Find the provider of an address (a profile, or the provider itself) and send the browser there."""
    next_ = access.local_path(request.form.get("next", "/"))
    address = _completed(request.form.get("address", ""))
    issuer = request.form.get("issuer", "").strip()
    transport = session.sessions().transport
    try:
        if not issuer and not address:
            raise SignInFailed(reason=N_("no address was given"))
        found = _Found(address or None, (issuer,)) if issuer else _look(address)
        if len(found.issuers) > 1:
            return _form(next_, address, found.issuers)
        at = _provider(found.issuers[0], found.otherwise)
        config = access.config()
        base_url = config.base_url + "/"
        redirect_uri = base_url + "signin/callback"
        if oidc.can_fetch(at.issuer, base_url):
            client = oidc.Client(base_url + "client-id.jsonld")
        else:
            client = oidc.register(transport, at, redirect_uri, NAME)
        url, attempt = oidc.begin(at, client, redirect_uri, found.person, next_)
    except (SignInFailed, PodError) as error:
        return _form(next_, request.form.get("address", ""), error=error, status=400)
    ticket = session.sessions().keep_attempt(oidc.attempt_to_json(attempt))
    response = redirect(url, 303)
    session.sessions().set_cookie(response, session.sessions().attempt_cookie_name, ticket, ATTEMPT_S)
    return response


def _completed(address: str) -> str:
    """What somebody typed, as a web address: people leave out the beginning."""
    address = address.strip()
    if address and "://" not in address:
        try:
            host = urlsplit(f"//{address}").hostname or ""
        except ValueError:  # "[": refused further on, as no web address
            host = ""
        address = f"{'http' if host == 'localhost' else 'https'}://{address}"
    return address


@dataclass(frozen=True)
class _Found:
    """What an address leads to: who signs in when it is a profile, where they may, and what to say if nobody can."""

    person: str | None
    issuers: tuple[str, ...]
    otherwise: str = oidc.NO_SERVICE


def _look(address: str) -> _Found:
    """A profile names its services; any other address may be the service itself. Raises NotAllowed, Unreachable."""
    try:
        found = webid.profile(session.sessions().transport, address)
    except (NotAllowed, Unreachable):
        raise
    except webid.NotAProfile:
        return _Found(None, (address,), N_("there is neither a profile nor a sign-in service at this address"))
    except (NotUnderstood, TooLarge):
        return _Found(None, (address,), N_("what is at this address is neither a profile nor a sign-in service"))
    except PodError:
        return _Found(None, (address,), N_("the site that keeps this address is out of order"))
    if found.issuers:
        return _Found(address, found.issuers)
    return _Found(None, (address,), N_("this profile names no sign-in service"))


def _provider(issuer: str, otherwise: str) -> oidc.Provider:
    try:
        return oidc.provider(session.sessions().transport, issuer)
    except SignInFailed as error:
        if error.details.get("reason") == oidc.NO_SERVICE:
            raise SignInFailed(reason=otherwise) from error
        raise


@bp.get("/signin/callback")
@public
def callback() -> ResponseReturnValue:
    """The browser comes back from the provider. The attempt is taken once; a second answer finds nothing."""
    sessions = session.sessions()
    if request.method == "HEAD" or "prefetch" in request.headers.get("Sec-Purpose", ""):
        # A look ahead, by a browser or a program that shows links: the answer is for the person who comes after it.
        return Response(status=503, headers={"Retry-After": "1"})
    kept = sessions.take_attempt()
    if kept is None:
        error = SignInFailed(reason=N_("this sign-in was already used, or took too long"))
        return _form("/", error=error, status=400)
    attempt = oidc.attempt_from_json(kept)
    try:
        tokens = oidc.finish(sessions.transport, attempt, request.args)
    except (SignInFailed, PodError) as error:
        response = Response(*_page(attempt.return_to, error), content_type="text/html; charset=utf-8")
        sessions.drop_cookie(response, sessions.attempt_cookie_name)
        return response
    before = session.current()
    if before is not None:
        sessions.end(before)
    begun = sessions.begin(tokens, browser=browser_of(request.user_agent.string))
    _settle(begun)
    response = redirect(access.local_path(attempt.return_to), 303)
    sessions.drop_cookie(response, sessions.attempt_cookie_name)
    sessions.set_cookie(response, sessions.cookie_name, begun.ticket, None)
    return response


def _settle(begun: Session) -> None:
    """What was interrupted is finished or taken back, shares past their last day are closed: before anything else.

    What fails is tried again next time.
    """
    with suppress(MusetteError):
        if begun.bag is not None:
            done = recover(begun.bag, now())
            tell_later(begun.bag, done.closed, now())
            notices.say_settled(done.settled)
            if done.has_left:
                session.sessions().remember_root(begun, None)
                return
            looked = look_after(begun.bag, now())
            if looked.conditions:
                notices.say("not-whole")


def _page(next_: str, error: MusetteError) -> tuple[str, int]:
    return render_template("pages/signin.html", next=next_, address="", choices=(), error=error), 400


@bp.post("/signout")
@public
def signout() -> ResponseReturnValue:
    found = session.current()
    if found is not None:
        session.sessions().end(found)
        notices.say("signed-out")
    response = redirect(url_for("home.home"), 303)
    session.sessions().drop_cookie(response, session.sessions().cookie_name)
    # Drafts that the browser keeps: our script removes them, and the browser does where the script did not run.
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


@bp.get("/client-id.jsonld")
@public
def client_id() -> ResponseReturnValue:
    """Who we are, for providers: fetched by them, without a cookie, as JSON-LD."""
    base_url = access.config().base_url + "/"
    response = jsonify(oidc.client_document(base_url, NAME, base_url + "signin/callback"))
    response.content_type = "application/ld+json"
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@bp.get("/setup")
@signed_in
def setup(visitor: Visitor) -> ResponseReturnValue:
    """Choose where the bag lives, and see what will be created."""
    if visitor.bag is not None:
        return redirect(url_for("home.home"), 303)
    proposal = set_up.propose(visitor.pod)
    storages = [
        {"iri": s.iri, "from_profile": s.from_profile, "creations": set_up.creations(s.iri)} for s in proposal.storages
    ]
    return render_template("pages/setup.html", storages=storages, name=proposal.profile.name)


@bp.post("/setup")
@signed_in
def create(visitor: Visitor) -> ResponseReturnValue:
    wanted = request.form.get("storage", "")
    proposal = set_up.propose(visitor.pod)
    if wanted not in {s.iri for s in proposal.storages}:
        return redirect(url_for("signin.setup"), 303)
    bag = set_up.create(visitor.pod, wanted, now())
    if isinstance(visitor, Session):
        session.sessions().remember_root(visitor, bag.layout.root)
    notices.say("bag-made")
    return redirect(url_for("home.home"), 303)
