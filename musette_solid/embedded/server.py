"""Install and run the Community Solid Server 7.2: loopback only, its data in one directory, gone when we are gone."""

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import urlsplit

from musette_solid.errors import N_, MusetteError
from musette_solid.pod.errors import NotAllowed, PodError
from musette_solid.pod.http import Limits, Outgoing, Request

_HERE = Path(__file__).parent
_MANIFEST = (_HERE / "package.json", _HERE / "package-lock.json")
_PRELOAD = _HERE / "preload.cjs"
_SERVER = Path("node_modules/@solid/community-server")
_RESUME = Path("node_modules/@jsonresume/schema/examples/career-changer.resume.json")
#: Written last into an installation: without it the directory is somebody's half-made one.
_COMPLETE = "complete"

NODE_MAJOR = 18


class NodeMissing(MusetteError):
    what = N_("The built-in pod server needs Node.js 18 or later, and this machine has %(found)s.")
    do = N_(
        "Install Node.js 18 or later with npm (https://nodejs.org), or use a pod you already have: run “musette serve”."
    )


class InstallFailed(MusetteError):
    what = N_("The built-in pod server could not be installed: %(reason)s.")
    do = N_("Check the connection and try again, or use a pod you already have: run “musette serve”.")


class PortTaken(MusetteError):
    what = N_("Another program already uses port %(port)s.")
    do = N_("Stop that program, or choose another port with --pod-port.")


class OtherAddress(MusetteError):
    what = N_("The data in %(data)s belongs to %(expected)s, not to %(asked)s.")
    do = N_("Use the same port as before, or another data directory.")


class DataInUse(MusetteError):
    what = N_("Another pod server is already using the data in %(data)s.")
    do = N_("Stop it first, or choose another data directory with --data.")


class PodServerFailed(MusetteError):
    what = N_("The built-in pod server did not start: %(reason)s.")
    do = N_("The whole story is in %(log)s.")


def _node() -> str:
    """The path of a Node.js that is recent enough. Raises NodeMissing."""
    node = shutil.which("node")
    if node is None:
        raise NodeMissing(found=N_("none"))
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20, check=True).stdout  # noqa: S603  (found on PATH, fixed arguments)
        major = int(answer.strip().lstrip("v").partition(".")[0])
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise NodeMissing(found=N_("one that does not run")) from error
    if major < NODE_MAJOR:
        raise NodeMissing(found=answer.strip())
    return node


def _place() -> Path:
    """Where this exact set of packages is or will be installed."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    digest = hashlib.sha256(b"\0".join(file.read_bytes() for file in _MANIFEST)).hexdigest()
    return cache / "musette" / f"server-{digest[:16]}"


def installed() -> Path | None:
    """Where the server is installed; None if it is not, or only in part."""
    place = _place()
    return place if (place / _COMPLETE).is_file() else None


def install(progress: Callable[[str], None] = lambda _sentence: None) -> Path:
    """Install what the lock file says, once, and say where. Raises NodeMissing, InstallFailed.

    An installation appears whole or not at all; two at once do not disturb each other.
    """
    place = installed()
    if place is not None:
        return place
    _node()
    npm = shutil.which("npm")
    if npm is None:
        raise NodeMissing(found=N_("Node.js without npm"))
    place = _place()
    place.parent.mkdir(parents=True, exist_ok=True)
    progress(N_("Installing the pod server (once; about 100 MB)…"))
    making = Path(tempfile.mkdtemp(prefix=f"{place.name}.making-", dir=place.parent))
    try:
        for file in _MANIFEST:
            shutil.copyfile(file, making / file.name)
        _npm_ci(npm, making)
        if not (making / _SERVER / "bin/server.js").is_file():
            raise InstallFailed(reason=N_("npm said it succeeded, but the server is not there"))
        (making / _COMPLETE).touch()
        if not (place / _COMPLETE).is_file():
            shutil.rmtree(place, ignore_errors=True)
        try:
            making.rename(place)
        except OSError:
            if not (place / _COMPLETE).is_file():  # else somebody else was faster, with the same result
                raise
    except OSError as error:
        raise InstallFailed(reason=str(error)) from error
    finally:
        shutil.rmtree(making, ignore_errors=True)
    progress(N_("The pod server is installed."))
    return place


def _npm_ci(npm: str, directory: Path) -> None:
    # No package of the lock needs its scripts (none is native), so none of 638 packages runs code while installing.
    command = [npm, "ci", "--ignore-scripts", "--omit-lockfile-registry-resolved", "--no-audit", "--no-fund"]
    command += ["--no-update-notifier", "--loglevel=error"]
    try:
        done = subprocess.run(  # noqa: S603  (found on PATH, fixed arguments)
            command, cwd=directory, capture_output=True, text=True, errors="replace", timeout=900, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise InstallFailed(reason=N_("npm took more than 15 minutes")) from error
    if done.returncode != 0:
        lines = [line.strip() for line in done.stderr.splitlines() if line.startswith("npm error")]
        raise InstallFailed(reason=(lines or [f"npm ended with {done.returncode}"])[0][:200])


def sample_resume() -> Path:
    """The JSON Resume that the demo imports: a real file by somebody else, installed with the server."""
    return install() / _RESUME


class PodServer:
    """One Community Solid Server. `data` holds its documents (`pod/`), its log and what it was started with.

    `memory` is for throwing away, and for plain ASCII only: stored that way, 7.2.0 takes the number of characters for the
    number of bytes (InMemoryDataAccessor.js) and cuts a patched document short by one byte for each accent.
    """

    def __init__(self, data: Path, port: int, *, memory: bool = False, acp: bool = False) -> None:
        self.data = data
        self.port = port
        self.memory = memory
        self.acp = acp
        self.url = f"http://localhost:{port}/"
        self.log = data / "pod-server.log"
        #: How long the last start took, from the command to the first answer.
        self.ready_s: float | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: IO[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def __enter__(self) -> Self:
        if self._process is None:
            self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, timeout_s: float = 120) -> None:
        """Start, and come back when the server answers.

        Raises NodeMissing, InstallFailed, PortTaken, OtherAddress, DataInUse, PodServerFailed.
        """
        node, place = _node(), install()
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._take_data()
        try:
            _check_free(self.port)
            self._check_address()
            begun = time.monotonic()
            self._process = self._spawn(node, place)
            self._wait(begun + timeout_s)
            self.ready_s = time.monotonic() - begun
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server: asked first, so that it finishes the writes under way; made to after five seconds."""
        process, self._process = self._process, None
        if process is not None:
            for sign in (signal.SIGTERM, signal.SIGKILL):
                if process.poll() is None:  # once it is reaped, its number may be somebody else's
                    os.killpg(process.pid, sign)
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        process.wait(5)
            if process.stdin:
                process.stdin.close()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _take_data(self) -> None:
        lock = (self.data / "pod-server.lock").open("ab")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise DataInUse(data=self.data) from error
        self._lock = lock

    def _check_address(self) -> None:
        # The address is part of every IRI in the documents and in their access rules: at another one, nobody owns them.
        if self.memory:
            return
        known = self.data / "pod-server.json"
        if known.is_file():
            expected = json.loads(known.read_text("utf-8"))["url"]
            if expected != self.url:
                raise OtherAddress(data=self.data, expected=expected, asked=self.url)
        else:
            known.write_text(json.dumps({"url": self.url}) + "\n", "utf-8")

    def _configuration(self, place: Path) -> str:
        if not self.memory and not self.acp:
            return "@css:config/file.json"
        shipped = json.loads((place / _SERVER / "config/file.json").read_text("utf-8"))
        instead: dict[str, str] = {}
        if self.memory:
            instead["css:config/storage/backend/file.json"] = "css:config/storage/backend/memory.json"
            instead["css:config/util/resource-locker/file.json"] = "css:config/util/resource-locker/memory.json"
        if self.acp:
            instead["css:config/ldp/authorization/webacl.json"] = "css:config/ldp/authorization/acp.json"
            instead["css:config/util/auxiliary/acl.json"] = "css:config/util/auxiliary/acr.json"
        missing = set(instead) - set(shipped["import"])
        if missing:
            raise PodServerFailed(reason=f"config/file.json no longer imports {', '.join(missing)}", log=self.log)
        shipped["import"] = [instead.get(one, one) for one in shipped["import"]]
        written = self.data / "pod-server-config.json"
        written.write_text(json.dumps(shipped, indent=2), "utf-8")
        return str(written)

    def _spawn(self, node: str, place: Path) -> subprocess.Popen[bytes]:
        # The server reads options from CSS_* and anything from NODE_OPTIONS: only what is said here counts.
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("CSS_") and name != "NODE_OPTIONS"
        }
        command = [node, "--require", str(_PRELOAD), str(place / _SERVER / "bin/server.js")]
        command += ["--config", self._configuration(place), "--port", str(self.port), "--baseUrl", self.url]
        command += ["--loggingLevel", "warn", "--podConfigJson", str(self.data / "pod-config.json")]
        if not self.memory:
            documents = self.data / "pod"
            documents.mkdir(exist_ok=True, mode=0o700)
            command += ["--rootFilePath", str(documents)]
        with self.log.open("wb") as log:
            return subprocess.Popen(  # noqa: S603  (our own files, fixed arguments)
                command,
                cwd=self.data,
                env=environment,
                stdin=subprocess.PIPE,  # kept open: when this process ends, the server reads its end and ends too
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _wait(self, deadline: float) -> None:
        assert self._process is not None
        outgoing = Outgoing(allowed_hosts=frozenset({urlsplit(self.url).netloc}))
        request = Request("GET", self.url, {"Accept": "text/turtle"})
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise PodServerFailed(reason=self._last_words(), log=self.log)
            try:
                answer = outgoing.send(request, Limits(connect_s=1, total_s=5))
            except NotAllowed:
                raise
            except PodError:
                time.sleep(0.1)
                continue
            if answer.status < 500:
                return
            time.sleep(0.1)
        raise PodServerFailed(reason=N_("it did not answer in time"), log=self.log)

    def _last_words(self) -> str:
        lines = [line.strip() for line in self.log.read_text("utf-8", "replace").splitlines() if line.strip()]
        telling = [line for line in lines if "rror" in line]
        return (telling or lines or ["it said nothing"])[0][:300]


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _check_free(port: int) -> None:
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                # As node does: connections of a server that has just ended do not count.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((address, port))
                probe.listen(1)
        except OSError as error:
            if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                raise PortTaken(port=port) from error
            if family == socket.AF_INET:
                raise
