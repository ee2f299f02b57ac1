"""Where the rooms meet: `musette serve` (the application alone) and `musette run` (with a pod server of its own, and a demo)."""

import gc
import json
import logging
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from musette_solid.cli import cli
from musette_solid.cli.output import N_, say, sentences, translate
from musette_solid.embedded import accounts, server
from musette_solid.errors import MusetteError
from musette_solid.model import labels
from musette_solid.pod import containers, oidc
from musette_solid.pod.http import Outgoing
from musette_solid.pod.session import Pod
from musette_solid.usecases import ask_esco, import_file, install_reference, set_up
from musette_solid.usecases.later import LATER
from musette_solid.web import Config, create_app
from musette_solid.web.config import allowed_hosts
from musette_solid.web.serving import Serving, loopback

#: The demo's accounts live on this machine only, and are the same at every start.
_PASSWORD = "musette-demo"  # noqa: S105  (a demo on loopback; printed at every start)
_DEMO = (
    ("person", "demo-person", N_("Demo person")),
    ("organisation", "demo-organisation", N_("Demo organisation")),
)
#: Granted nothing, ever: after each share it asks for what it must not be able to read.
_WITNESS = "demo-witness"


#: More than a page of five hundred activities leaves behind.
_OBJECTS_BETWEEN_COLLECTIONS = 50_000


#: Between saying that we leave and leaving: a proxy that looks every second has noticed by then.
_NOTICE_S = 3.0


class PortTaken(MusetteError):
    what = N_("Another program already uses port %(port)s.")
    do = N_("Stop it, or choose another port with --port.")


def data_folder() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "musette"


@contextmanager
def _serving(config: Config, port: int, host: str | None = None) -> Iterator[Serving]:
    """The application, listening; closed on the way out. On loopback only, unless a host is named."""
    logging.getLogger("waitress").setLevel(logging.ERROR)
    try:
        app = create_app(config)
        settle()
        serving = Serving(app, [f"{host}:{port}"] if host else loopback(port))
    except OSError as error:
        raise PortTaken(port=port) from error
    try:
        yield serving
    finally:
        serving.close()


def settle() -> None:
    """Once, before the first visitor: read the vocabulary, and tell the collector that what is there now stays.

    A page makes tens of thousands of objects and keeps none; as Python starts, it walks through all of them and through
    every module every few pages (docs/explanation/speed.md).
    """
    labels.graph()
    labels.shapes_graph()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, 10, 10)


class _Stop:
    """Somebody wants us to end: Ctrl-C at once, a supervisor (SIGTERM) politely, and twice is at once too.

    Two traps: the kernel may hand a signal to any thread, and then nothing wakes a main thread that waits for a lock; and a
    handler must not touch a lock that the thread under it may hold (docs.python.org, signal). So handlers only set marks,
    and waiting is waiting for the byte that the interpreter writes when a signal has come.
    """

    def __init__(self) -> None:
        self._is_asked = self._is_in_a_hurry = False
        self._came, written = socket.socketpair()
        self._came.setblocking(False)
        written.setblocking(False)
        signal.set_wakeup_fd(written.detach(), warn_on_full_buffer=False)
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, self._ask)

    def _ask(self, sign: int, _: object) -> None:
        self._is_in_a_hurry |= sign == signal.SIGINT or self._is_asked
        self._is_asked = True

    def _look(self, timeout_s: float | None) -> None:
        """Wait for a signal, and let its handler run."""
        if select.select([self._came], [], [], timeout_s)[0]:
            self._came.recv(4096)

    def wait(self) -> None:
        while not self._is_asked:
            self._look(None)

    def hurried(self, timeout_s: float) -> bool:
        """Wait so long; True as soon as nobody wants to wait any more."""
        ends_at = time.monotonic() + timeout_s
        while not self._is_in_a_hurry and (left_s := ends_at - time.monotonic()) > 0:
            self._look(left_s)
        return self._is_in_a_hurry


@cli.command()
@click.option("--port", default=8000, show_default=True)
@click.option("--host", help="Address to listen on (default: this machine only; put a proxy with TLS in front).")
@sentences
def serve(port: int, host: str | None) -> None:
    """The application alone, for people who have a space somewhere. Settings: docs/reference/environment.md."""
    environ = {"MUSETTE_BASE_URL": f"http://localhost:{port}", "MUSETTE_DATA": str(data_folder() / "app"), **os.environ}
    config = Config.from_environ(environ)
    with _serving(config, port, host) as serving:
        stop = _Stop()
        say(N_("La Musette is at %(url)s (Ctrl-C to stop)."), url=config.base_url)
        stop.wait()
        serving.leave(_NOTICE_S, stop.hurried)
    LATER.end()


@dataclass(frozen=True)
class DemoAccount:
    role: str
    webid: str
    email: str
    password: str
    client_id: str
    client_secret: str


@cli.command()
@click.option("--port", default=8000, show_default=True, help="Port of the application.")
@click.option("--pod-port", default=3000, show_default=True, help="Port of the pod server.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Where everything is kept.")
@click.option("--no-demo", is_flag=True, help="No demo accounts.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON when ready, for programs.")
@sentences
def run(port: int, pod_port: int, data: Path | None, no_demo: bool, as_json: bool) -> None:
    """The application and a pod server of your own, on this machine, with two demo accounts."""
    folder = (data or data_folder()).absolute()
    # A request to end must unwind what is started, whenever it comes.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

    def progress(sentence: str) -> None:
        click.echo(translate(sentence), err=True)

    try:
        _run(folder, port, pod_port, demo=not no_demo, as_json=as_json, progress=progress)
    except KeyboardInterrupt:
        sys.exit(130)


def _run(folder: Path, port: int, pod_port: int, *, demo: bool, as_json: bool, progress: Callable[[str], None]) -> None:
    server.install(progress)
    progress(N_("Starting the pod server…"))
    with server.PodServer(folder, pod_port) as pods:
        made = _demo(pods, folder, progress) if demo else []
        witness = _witness(pods, folder)
        config = Config(
            base_url=f"http://localhost:{port}",
            data=folder / "app",
            allowed_hosts=frozenset({f"localhost:{pod_port}"}) | allowed_hosts(),
            providers=((N_("my space on this machine"), pods.url),),
            probe=witness,
            references=install_reference.folder(),
            esco_service=ask_esco.service(),
        )
        with _serving(config, port):
            if as_json:
                ready = {"app": config.base_url + "/", "pod": pods.url, "accounts": [asdict(a) for a in made]}
                click.echo(json.dumps(ready))
                sys.stdout.flush()
            else:
                _tell(config, pods, made)
            _Stop().wait()


def _tell(config: Config, pods: server.PodServer, made: list[DemoAccount]) -> None:
    say(N_("La Musette:       %(url)s/"), url=config.base_url)
    say(N_("Pod server:       %(url)s"), url=pods.url)
    for account in made:
        say(N_("Demo log-in:      %(email)s, password %(password)s"), email=account.email, password=account.password)
        say(N_("  address (WebID) %(webid)s"), webid=account.webid)
    say(N_("Data:             %(path)s"), path=pods.data)
    say(N_("Ctrl-C stops both; what is in the data folder stays."))


def _demo(pods: server.PodServer, folder: Path, progress: Callable[[str], None]) -> list[DemoAccount]:
    """The two demo accounts with their bags; the person's filled, once, from a real file by somebody else."""
    kept = _kept(folder)
    made = []
    for role, name, shown in _DEMO:
        email = f"{name}@example.org"
        account = accounts.create(pods.url, email, _PASSWORD, name, person_name=translate(shown), kept=kept.get(role))
        made.append(account)
    _keep(folder / "demo.json", {role: asdict(one) for (role, _, _), one in zip(_DEMO, made, strict=True)})
    for (role, _, _), account in zip(_DEMO, made, strict=True):
        _fill(role, account, pods, progress)
    return [
        DemoAccount(role, a.webid, a.email, a.password, a.client_id, a.client_secret)
        for (role, _, _), a in zip(_DEMO, made, strict=True)
    ]


def _fill(role: str, account: accounts.Account, pods: server.PodServer, progress: Callable[[str], None]) -> None:
    outgoing = Outgoing(frozenset({f"localhost:{pods.port}"}))
    client = oidc.Client(account.client_id, account.client_secret)
    pod = Pod(outgoing, account.webid, oidc.ClientCredentials(outgoing, pods.url, client, account.webid))
    now = datetime.now(UTC).astimezone().replace(microsecond=0)
    bag = set_up.find(pod) or set_up.create(pod, account.pod, now)
    # Once: what a person took out of the demo stays out.
    if role == "person" and not containers.members(pod, bag.layout.root + "log/"):
        sample = server.sample_resume()
        progress(N_("Importing a career into the demo bag…"))
        import_file.import_file(bag, sample.read_bytes(), sample.name, now)


def _kept(folder: Path) -> dict[str, accounts.Account]:
    try:
        found = json.loads((folder / "demo.json").read_text("utf-8"))
        return {role: accounts.Account(**account) for role, account in found.items()}
    except (OSError, ValueError, TypeError):
        return {}


def _witness(pods: server.PodServer, folder: Path) -> Path:
    """The credentials of an account that has nothing to do with anybody, for `Config.probe`; made once."""
    path = folder / "witness.json"
    try:
        kept = accounts.Account(**json.loads(path.read_text("utf-8"))["account"])
    except (OSError, ValueError, TypeError, KeyError):
        kept = None
    made = accounts.create(pods.url, f"{_WITNESS}@example.org", _PASSWORD, _WITNESS, kept=kept)
    said = {"issuer": pods.url, "webid": made.webid, "client_id": made.client_id, "client_secret": made.client_secret}
    _keep(path, {**said, "account": asdict(made)})
    return path


def _keep(path: Path, said: dict[str, Any]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(said, file)


def main() -> None:
    cli(prog_name="musette")


if __name__ == "__main__":
    main()
