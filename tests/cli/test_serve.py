"""`musette serve`: the application alone, as somebody with a space elsewhere starts it."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from musette_solid import start
from musette_solid.embedded.server import PodServer, free_port
from musette_solid.pod.http import Outgoing, Request
from musette_solid.pod.session import Pod
from musette_solid.web.config import Config
from musette_solid.web.probe import _probes
from tests.conftest import MakeAccount


def test_it_answers_on_this_machine_and_ends_when_asked(tmp_path: Path) -> None:
    port = free_port()
    environ = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "LANG": "en_GB.UTF-8"}
    with subprocess.Popen(
        [sys.executable, "-m", "musette_solid.start", "serve", "--port", str(port)],
        env=environ,
        stderr=subprocess.PIPE,
        text=True,
    ) as serving:
        assert serving.stderr is not None
        assert f"http://localhost:{port}" in serving.stderr.readline()
        outgoing = Outgoing(frozenset({f"localhost:{port}"}))
        answer = outgoing.send(Request("GET", f"http://localhost:{port}/ns", {"Accept": "text/turtle"}))
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/turtle")
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(15) == 0
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} <= {"session", "notices", "drafts"}


def test_a_wrong_setting_is_a_sentence(tmp_path: Path) -> None:
    environ = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "LANG": "fr_FR.UTF-8", "MUSETTE_BASE_URL": "nonsense"}
    command = [sys.executable, "-m", "musette_solid.start", "serve", "--port", str(free_port())]
    told = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == 1
    assert "MUSETTE_BASE_URL" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("attempt", range(2))
def test_without_node_the_built_in_server_says_what_to_do(tmp_path: Path, attempt: int) -> None:
    lang, words = (("fr", "Installez Node.js"), ("en", "Install Node.js"))[attempt]
    environ = {**os.environ, "PATH": str(tmp_path)}
    command = [sys.executable, "-m", "musette_solid.start", "--lang", lang, "run", "--data", str(tmp_path / "data")]
    begun = time.monotonic()
    told = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == 1
    assert words in told.stderr
    assert "musette serve" in told.stderr
    assert time.monotonic() - begun < 30


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        environ = {**os.environ, "XDG_DATA_HOME": str(tmp_path)}
        command = [sys.executable, "-m", "musette_solid.start", "serve", "--port", str(port)]
        told = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == 1
    assert str(port) in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.css
def test_run_has_a_witness_with_an_account_and_no_right(
    css: PodServer, css_new_account: MakeAccount, tmp_path: Path
) -> None:
    """The same at the next start; its file is as private as the others, and what is read with it is refused as an account's."""
    path = start._witness(css, tmp_path)
    first = path.read_text("utf-8")
    assert start._witness(css, tmp_path).read_text("utf-8") == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    config = Config(
        f"http://localhost:{free_port()}", tmp_path, allowed_hosts=frozenset({f"localhost:{css.port}"}), probe=path
    )
    (witness,) = _probes(config)
    somebody = css_new_account("somebody")
    # 403, not 401: it is somebody, and may not.
    assert witness.send("GET", somebody.pod + "profile/", {"Accept": "text/turtle"}).status == 403
    assert Pod(Outgoing(config.allowed_hosts)).send("GET", somebody.pod + "profile/").status == 401
