"""The pod server as a child process: loopback only, its own data, never left behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from musette_solid.embedded import accounts, server
from musette_solid.pod.http import Outgoing, Request


def _listening(port: int) -> set[str]:
    """The addresses on which something listens at `port`, in the kernel's hexadecimal."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        if not Path(table).exists():
            continue
        for line in Path(table).read_text().splitlines()[1:]:
            local, state = line.split()[1], line.split()[3]
            address, _, hexadecimal = local.rpartition(":")
            if state == "0A" and int(hexadecimal, 16) == port:
                found.add(address)
    return found


LOOPBACK = {"0100007F", "00000000000000000000000001000000"}


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _get(url: str, host: str) -> tuple[int, bytes]:
    answer = Outgoing(allowed_hosts=frozenset({host})).send(Request("GET", url, {"Accept": "text/turtle"}))
    return answer.status, answer.body


@pytest.mark.css
def test_it_listens_on_loopback_only(css: server.PodServer) -> None:
    found = _listening(css.port)
    assert "0100007F" in found
    assert found <= LOOPBACK


@pytest.mark.css
def test_it_answers_by_both_meanings_of_localhost(css: server.PodServer) -> None:
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        if address == "::1" and len(_listening(css.port)) == 1:
            pytest.skip("this machine has no IPv6 loopback")
        with socket.socket(family, socket.SOCK_STREAM) as client:
            client.settimeout(10)
            client.connect((address, css.port))
            client.sendall(f"HEAD / HTTP/1.1\r\nHost: localhost:{css.port}\r\nConnection: close\r\n\r\n".encode())
            assert client.recv(64).startswith(b"HTTP/1.1 200")


@pytest.mark.css
def test_a_port_in_use_is_said_before_anything_is_started(css: server.PodServer, tmp_path: Path) -> None:
    with pytest.raises(server.PortTaken) as caught:
        server.PodServer(tmp_path, css.port).start()
    assert str(css.port) in caught.value.sentences()[0]
    assert not (tmp_path / "pod-server.json").exists()  # the next try may be at another port


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pods")


@pytest.fixture(scope="module")
def port() -> int:
    return server.free_port()


@pytest.fixture(scope="module")
def left_behind(css: server.PodServer, data: Path, port: int) -> tuple[accounts.Account, int, float]:
    """A server on files whose parent was killed without warning: the account it had made, its pid, seconds to its end."""
    program = (
        "import sys, json, time\n"
        "from pathlib import Path\n"
        "from musette_solid.embedded import accounts, server\n"
        "running = server.PodServer(Path(sys.argv[1]), int(sys.argv[2]))\n"
        "running.start()\n"
        "a = accounts.create(running.url, 'demo@example.org', 'demo-password', 'demo', person_name='Demo')\n"
        "print(json.dumps([running.pid, a.webid, a.client_id, a.client_secret, a.pod]), flush=True)\n"
        "time.sleep(600)\n"
    )
    environment = {**os.environ, "CSS_BASE_URL": "http://elsewhere.example/", "CSS_PORT": "1"}
    with subprocess.Popen(
        [sys.executable, "-c", program, str(data), str(port)], stdout=subprocess.PIPE, text=True, env=environment
    ) as parent:
        try:
            assert parent.stdout is not None
            pid, webid, client_id, client_secret, pod = json.loads(parent.stdout.readline())
            assert _alive(pid)
        finally:
            parent.send_signal(signal.SIGKILL)
    killed = time.monotonic()
    while _alive(pid) and time.monotonic() - killed < 15:
        time.sleep(0.05)
    return (
        accounts.Account(webid, "demo@example.org", "demo-password", client_id, client_secret, pod),
        pid,
        time.monotonic() - killed,
    )


@pytest.mark.css
def test_it_does_not_outlive_a_killed_parent(left_behind: tuple[accounts.Account, int, float], port: int) -> None:
    _, pid, seconds = left_behind
    assert not _alive(pid)
    assert seconds < 5
    assert _listening(port) == set()


@pytest.mark.css
def test_options_in_the_environment_do_not_reach_it(
    left_behind: tuple[accounts.Account, int, float], port: int
) -> None:
    assert left_behind[0].webid == f"http://localhost:{port}/demo/profile/card#me"


@pytest.mark.css
def test_data_cannot_be_served_at_another_address(left_behind: tuple[accounts.Account, int, float], data: Path) -> None:
    with pytest.raises(server.OtherAddress) as caught:
        server.PodServer(data, server.free_port()).start()
    assert "Use the same port" in caught.value.sentences()[1]


@pytest.mark.css
def test_everything_is_still_there_after_a_restart(
    left_behind: tuple[accounts.Account, int, float], data: Path, port: int
) -> None:
    account = left_behind[0]
    with server.PodServer(data, port) as running:
        pid = running.pid
        assert pid is not None
        assert running.ready_s is not None
        assert running.ready_s < 60
        status, body = _get(account.webid, f"localhost:{port}")
        assert (status, b"Demo" in body) == (200, True)
        again = accounts.create(running.url, "demo@example.org", "demo-password", "demo", kept=account)
        assert again == account
        with pytest.raises(server.DataInUse):
            server.PodServer(data, port).start()
        assert _alive(pid)
        begun = time.monotonic()
    assert time.monotonic() - begun < 5
    assert not _alive(pid)
    assert _listening(port) == set()


@pytest.mark.css
def test_with_acp_the_root_is_closed_to_strangers(css: server.PodServer, tmp_path: Path) -> None:
    # Some configurations found on the web leave it open, and then every test of permissions passes.
    with server.PodServer(tmp_path, server.free_port(), memory=True, acp=True) as running:
        account = accounts.create(running.url, "demo@example.org", "demo-password", "demo")
        outgoing = Outgoing(allowed_hosts=frozenset({f"localhost:{running.port}"}))
        headers = {"Content-Type": "text/turtle"}
        assert outgoing.send(Request("PUT", account.pod + "x.ttl", headers, b"")).status == 401
        kinds = outgoing.send(Request("HEAD", account.pod + ".acr")).headers.get("Link", "")
        assert "acp#AccessControlResource" in kinds


@pytest.mark.css
def test_a_server_that_cannot_start_says_why(
    css: server.PodServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server.PodServer, "_configuration", lambda *_: "/nowhere/config.json")
    failing = server.PodServer(tmp_path, server.free_port(), memory=True)
    with pytest.raises(server.PodServerFailed) as caught:
        failing.start()
    assert "nowhere" in caught.value.sentences()[0]
    assert "pod-server.log" in caught.value.sentences()[1]
    assert failing.pid is None
