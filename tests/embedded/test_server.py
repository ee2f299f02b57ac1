"""The pod server as a child process: loopback only, its own data, never left behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from musette_solid.embedded import accounts, server
from musette_solid.pod import oidc
from musette_solid.pod.http import Outgoing, Request
from musette_solid.pod.session import Pod


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
    # The kernel closes the sockets of a process that has ended a moment later.
    deadline = time.monotonic() + 5
    while _listening(port) and time.monotonic() < deadline:
        time.sleep(0.05)
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


@pytest.fixture(scope="module")
def in_memory(css: server.PodServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.PodServer]:
    """The other way to store, and the other kind of rules."""
    with server.PodServer(tmp_path_factory.mktemp("memory"), server.free_port(), memory=True, acp=True) as running:
        yield running


@pytest.mark.css
def test_with_acp_the_root_is_closed_to_strangers(in_memory: server.PodServer) -> None:
    # Some configurations found on the web leave it open, and then every test of permissions passes.
    account = accounts.create(in_memory.url, "demo@example.org", "demo-password", "demo")
    outgoing = Outgoing(allowed_hosts=frozenset({f"localhost:{in_memory.port}"}))
    headers = {"Content-Type": "text/turtle"}
    assert outgoing.send(Request("PUT", account.pod + "x.ttl", headers, b"")).status == 401
    kinds = outgoing.send(Request("HEAD", account.pod + ".acr")).headers.get("Link", "")
    assert "acp#AccessControlResource" in kinds


ACCENTS = (
    b"@prefix solid: <http://www.w3.org/ns/solid/terms#>.\n"
    b'_:p a solid:InsertDeletePatch; solid:inserts { <#it> <http://vocab.example/#p> "\xc3\xa9t\xc3\xa9" . }.'
)


@pytest.mark.css
def test_accents_survive_a_patch_on_files_and_not_in_memory(css: server.PodServer, in_memory: server.PodServer) -> None:
    """Why everything here runs on files. If the second half fails, the server was mended: use `memory` again."""

    def after_a_patch(running: server.PodServer) -> bytes:
        account = accounts.create(running.url, "accents@example.org", "demo-password", "accents")
        outgoing = Outgoing(allowed_hosts=frozenset({f"localhost:{running.port}"}))
        client = oidc.Client(account.client_id, account.client_secret)
        pod = Pod(outgoing, account.webid, oidc.ClientCredentials(outgoing, running.url, client, account.webid))
        assert pod.send("PATCH", account.pod + "a.ttl", {"Content-Type": "text/n3"}, ACCENTS).ok
        return pod.send("GET", account.pod + "a.ttl", {"Accept": "text/turtle"}).body

    whole = after_a_patch(css)
    assert "été".encode() in whole
    assert after_a_patch(in_memory) == whole[:-2]


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
