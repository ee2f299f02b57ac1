"""Who the command line acts for: credentials that a person made for it, kept in a file that only they can read."""

import json
import os
import sys
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import click

from musette_solid.cli.output import N_, as_json, cli, give_json, say, sentences
from musette_solid.errors import MusetteError
from musette_solid.pod import oidc
from musette_solid.pod.errors import SignInNeeded
from musette_solid.pod.http import Outgoing
from musette_solid.pod.session import Pod
from musette_solid.usecases import publish, set_up
from musette_solid.usecases.follow import follow, is_source
from musette_solid.usecases.layout import Bag, Layout
from musette_solid.usecases.set_up import NoStorage


@dataclass(frozen=True)
class Login:
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    webid: str
    root: str | None = None
    allowed_hosts: tuple[str, ...] = ()


def place() -> Path:
    """Where the credentials are: MUSETTE_LOGIN, else the configuration folder of the user."""
    named = os.environ.get("MUSETTE_LOGIN")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "musette" / "login.json"


def save(login: Login) -> None:
    path = place()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(login), file)
    new.replace(path)


def load() -> Login:
    """Raises SignInNeeded when nobody logged in here."""
    try:
        kept = json.loads(place().read_text("utf-8"))
        kept["allowed_hosts"] = tuple(kept.get("allowed_hosts", ()))
        return Login(**kept)
    except (FileNotFoundError, ValueError, TypeError) as error:
        raise SignInNeeded("", 401) from error


def transport(hosts: tuple[str, ...] = ()) -> Outgoing:
    named = os.environ.get("MUSETTE_ALLOWED_HOSTS", "").replace(",", " ").split()
    return Outgoing(frozenset({*hosts, *(host.lower() for host in named)}))


def pod_of(login: Login) -> Pod:
    outgoing = transport(login.allowed_hosts)
    credentials = oidc.ClientCredentials(
        outgoing, login.issuer, oidc.Client(login.client_id, login.client_secret), login.webid
    )
    return Pod(outgoing, login.webid, credentials)


def pod() -> Pod:
    return pod_of(load())


def bag() -> Bag:
    """The bag of who is logged in, made on first use when there is exactly one place for it.

    Dossiers that follow what the command writes are brought up to date when it ends.
    """
    login = load()
    found = pod_of(login)
    there = Bag(found, Layout(login.root)) if login.root else set_up.find(found)
    if there is None:
        raise NoStorage
    if not login.root:
        save(Login(**{**asdict(login), "root": there.layout.root}))
    click.get_current_context().call_on_close(lambda: _bring_dossiers_up_to_date(there))
    return there


def _bring_dossiers_up_to_date(bag: Bag) -> None:
    written = [iri for iri in bag.pod.take_written() if is_source(bag, iri)]
    if not written:
        return
    try:
        behind = follow(bag, datetime.now(UTC), written).behind
        publish.follow(bag, datetime.now(UTC))
    except MusetteError:
        behind = ("",)
    if behind:
        say(
            N_(
                "What you changed was saved, but a dossier that follows it could not be brought up to date: musette follow."
            )
        )


def _local(url: str) -> tuple[str, ...]:
    """A provider on this machine, named by the person, may be reached without https."""
    parts = urlsplit(url)
    if parts.hostname in {"localhost", "127.0.0.1", "::1"}:
        return (f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}",)
    return ()


@cli.command()
@click.option("--issuer", required=True, help="Address of your sign-in service.")
@click.option("--client-id", required=True, help="Identifier that your sign-in service gave for this program.")
@click.option(
    "--client-secret",
    envvar="MUSETTE_CLIENT_SECRET",
    help="Its secret; better given as MUSETTE_CLIENT_SECRET, or typed when asked (- reads one line of the input).",
)
@click.option("--webid", help="Your address, when the sign-in service does not say it.")
@as_json
@sentences
def login(issuer: str, client_id: str, client_secret: str | None, webid: str | None, as_json: bool) -> None:
    """Let this command line act for you, with credentials that you made at your sign-in service."""
    if client_secret == "-":  # noqa: S105  (a dash is no secret)
        client_secret = sys.stdin.readline().strip()
    if not client_secret:
        client_secret = click.prompt("Secret", hide_input=True, err=True)
    allowed = _local(issuer)
    outgoing = transport(allowed)
    credentials = oidc.ClientCredentials(outgoing, issuer, oidc.Client(client_id, client_secret or ""), webid)
    holder = credentials.webid
    oidc.webid_vouched(outgoing, holder, oidc.provider(outgoing, issuer).issuer)
    save(Login(issuer, client_id, client_secret or "", holder, None, allowed))
    if as_json:
        give_json({"webid": holder, "kept_in": str(place())})
    else:
        say(N_("You are %(webid)s. The credentials are kept in %(path)s."), webid=holder, path=place())


@cli.command()
@click.option("--storage", help="Which of your spaces, when there are several.")
@as_json
@sentences
def setup(storage: str | None, as_json: bool) -> None:
    """Make your bag: private from its first moment."""
    found = pod()
    proposal = set_up.propose(found)
    names = [s.iri for s in proposal.storages]
    if storage is None and len(names) > 1:
        say(N_("You have several spaces; choose one with --storage:"))
        for name in names:
            click.echo(f"  {name}", err=True)
        sys.exit(2)
    made = set_up.create(found, storage or names[0], datetime.now(UTC))
    save(Login(**{**asdict(load()), "root": made.layout.root}))
    if as_json:
        give_json({"root": made.layout.root, "created": set_up.creations(storage or names[0])})
    else:
        say(N_("Your bag is at %(root)s."), root=made.layout.root)


@cli.command()
@sentences
def logout() -> None:
    """Forget the credentials kept here. Your data stays where it is: with you."""
    place().unlink(missing_ok=True)
    say(N_("The credentials were forgotten. Nothing of yours was kept here."))
