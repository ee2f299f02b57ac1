"""Other people's pod servers, installed as locked and run on loopback: node-solid-server and javascript-solid-server."""

import base64
import hashlib
import hmac
import json
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TypeAlias

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from musette_solid.embedded.server import free_port
from musette_solid.pod.dpop import Key
from musette_solid.pod.errors import PodError
from musette_solid.pod.http import Limits, Outgoing, Request, Response
from musette_solid.pod.memory import Person
from musette_solid.pod.session import Pod

HERE = Path(__file__).with_name("servers")
PodFor: TypeAlias = Callable[[str | None], Pod]
Served: TypeAlias = tuple[PodFor, tuple[Person, Person, Person]]


def _place() -> Path:
    digest = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "musette" / f"servers-{digest}"


def is_installed() -> bool:
    """Whether they are there already, and Node.js with them."""
    return shutil.which("node") is not None and (_place() / "complete").is_file()


def installed() -> Path:
    """Where the packages of servers/package-lock.json are, installed once a lock in the user's cache."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("these servers need Node.js with npm")
    place = _place()
    if not (place / "complete").is_file():
        place.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(HERE / name, place / name)
        # Peers wanted by parts of node-solid-server that no server needs (a telephone's) stay out: they are not locked.
        command = ["npm", "ci", "--legacy-peer-deps", "--ignore-scripts", "--omit-lockfile-registry-resolved"]
        command += ["--no-audit", "--no-fund"]
        subprocess.run(command, cwd=place, check=True, capture_output=True, timeout=900)
        (place / "complete").touch()
    return place


@contextmanager
def _running(command: Sequence[str], folder: Path, environment: Mapping[str, str], url: str) -> Iterator[None]:
    log: IO[bytes]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        outgoing = Outgoing(frozenset({url.removeprefix("http://").rstrip("/")}))
        deadline = time.monotonic() + 60
        while True:
            try:
                outgoing.send(Request("GET", url, {"Accept": "text/turtle"}), Limits(connect_s=1, total_s=5))
                break
            except PodError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise AssertionError((folder / "log").read_text("utf-8", "replace")[-2000:]) from None
                time.sleep(0.1)
        yield
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if process.stdin:
            process.stdin.close()


PROFILE = """@prefix foaf: <http://xmlns.com/foaf/0.1/>. @prefix solid: <http://www.w3.org/ns/solid/terms#>.
@prefix pim: <http://www.w3.org/ns/pim/space#>.
<#me> a foaf:Person; foaf:name "{name}"; solid:oidcIssuer <{issuer}>; pim:storage <{storage}> .
"""
RULES = """@prefix acl: <http://www.w3.org/ns/auth/acl#>. @prefix foaf: <http://xmlns.com/foaf/0.1/>.
<#owner> a acl:Authorization; acl:agent <{webid}>; acl:accessTo <./>; acl:default <./>; acl:mode acl:Read, acl:Write, acl:Control .
"""
OPEN = (
    RULES
    + "<#public> a acl:Authorization; acl:agentClass foaf:Agent; acl:accessTo <./>; acl:default <./>; acl:mode acl:Read .\n"
)


class _Issued:
    """Tokens that the server's own provider could have issued: signed with the key that it made in our folder."""

    def __init__(self, issuer: str, signing: Mapping[str, dict[str, dict[str, str]]], webid: str) -> None:
        keys = signing["RS256"]
        self._kid = keys["publicJwk"]["kid"]
        self._signing = RSAKey.import_key({k: v for k, v in keys["privateJwk"].items() if isinstance(v, str)})
        self._issuer, self._webid = issuer, webid
        self._key = Key.generate()
        self._token = self._issue()

    def _issue(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self._issuer,
            "aud": ["solid", self._issuer],
            "sub": self._webid,
            "webid": self._webid,
            "iat": now,
            "exp": now + 3600,
            "jti": secrets.token_hex(8),
            "scope": "openid webid",
            "cnf": {"jkt": self._key.thumbprint},
        }
        return jwt.encode({"alg": "RS256", "kid": self._kid}, claims, self._signing)

    def sign(self, method: str, url: str) -> dict[str, str]:
        return {
            "Authorization": f"DPoP {self._token}",
            "DPoP": self._key.proof(method, url, token=self._token),
        }

    def refused(self, response: Response) -> bool:
        del response
        return False


@contextmanager
def node_solid_server(folder: Path, names: Sequence[str]) -> Iterator[Served]:
    packages, port = installed(), free_port()
    url = f"http://localhost:{port}/"
    issuer = url.rstrip("/")
    people = []
    # npm packs no file whose name begins with a dot, so its own templates are not whole: none is used.
    for template in ("new-account", "emails", "server"):
        (folder / "config/templates" / template).mkdir(parents=True)
    (folder / "config/templates/server/.acl").touch()
    (folder / "root").mkdir()
    (folder / "root/index.html").write_text("<!doctype html>", "utf-8")
    (folder / "root/.acl").write_text(RULES.format(webid=f"{url}nobody#me"), "utf-8")
    for name in names:
        storage = f"{url}{name}/"
        webid = f"{storage}profile/card#me"
        home = folder / "root" / name
        (home / "profile").mkdir(parents=True)
        (home / ".acl").write_text(RULES.format(webid=webid), "utf-8")
        (home / "profile/.acl").write_text(OPEN.format(webid=webid), "utf-8")
        text = PROFILE.format(name=name.title(), issuer=issuer, storage=storage)
        (home / "profile/card$.ttl").write_text(text, "utf-8")
        people.append(Person(webid, storage))
    command = ["node", str(HERE / "start_nss.mjs"), str(packages), str(port), str(folder)]
    with _running(command, folder, {"NODE_ENV": "development"}, url):
        written = folder / "db/oidc/op/provider.json"
        deadline = time.monotonic() + 30
        while not written.is_file() or not written.stat().st_size:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        signing = json.loads(written.read_text("utf-8"))["keys"]["token"]["signing"]
        outgoing = Outgoing(frozenset({f"localhost:{port}"}))
        issued = {one.webid: _Issued(issuer, signing, one.webid) for one in people}
        first, second, third = people
        yield lambda webid: Pod(outgoing, webid, issued[webid] if webid else None), (first, second, third)


class _Simple:
    """What javascript-solid-server calls a simple token: who, until when, and a seal made with its secret."""

    def __init__(self, secret: str, webid: str) -> None:
        now = int(time.time())
        said = json.dumps({"webId": webid, "iat": now, "exp": now + 3600}).encode()
        data = base64.urlsafe_b64encode(said).rstrip(b"=")
        seal = base64.urlsafe_b64encode(hmac.digest(secret.encode(), data, "sha256")).rstrip(b"=")
        self._token = f"{data.decode()}.{seal.decode()}"

    def sign(self, method: str, url: str) -> dict[str, str]:
        del method, url
        return {"Authorization": f"Bearer {self._token}"}

    def refused(self, response: Response) -> bool:
        del response
        return False


@contextmanager
def javascript_solid_server(folder: Path, names: Sequence[str]) -> Iterator[Served]:
    packages, port, secret = installed(), free_port(), secrets.token_hex(16)
    url = f"http://localhost:{port}/"
    start = packages / "node_modules/javascript-solid-server/bin/jss.js"
    command = ["node", str(start), "start", "--port", str(port), "--host", "localhost", "--root", str(folder / "data")]
    with _running([*command, "--conneg", "--quiet"], folder, {"TOKEN_SECRET": secret}, url):
        outgoing = Outgoing(frozenset({f"localhost:{port}"}))
        people = []
        for name in names:
            body = json.dumps({"name": name}).encode()
            made = outgoing.send(Request("POST", url + ".pods", {"Content-Type": "application/json"}, body))
            said = json.loads(made.body)
            people.append(Person(said["webId"], said["podUri"]))
        first, second, third = people
        yield (
            lambda webid: Pod(outgoing, webid, _Simple(secret, webid) if webid else None),
            (first, second, third),
        )
