"""What the whole suite shares: one Community Solid Server, and accounts on it."""

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Playwright, sync_playwright

from musette_solid.embedded import accounts, server
from musette_solid.pod import capabilities, oidc
from musette_solid.pod.http import Outgoing
from musette_solid.pod.session import Pod
from tests import npm

# A shared machine has slow moments, which are nobody's fault. Where a change is judged the examples are the same each time;
# everywhere else they are new each time.
settings.register_profile("here", deadline=None)
settings.register_profile("judged", deadline=None, derandomize=True)
settings.load_profile("judged" if os.environ.get("CI") else "here")


#: The npm packages of other people that judge us, as locked.
PEERS = Path(__file__).parent / "interop"


def proved(url: str, rules: str = "wac") -> None:
    """What a correct server has shown after its first few requests: tests count requests from there on."""
    capabilities.learn(
        url, patches=True, keeps_patched=True, keeps_put=True, drops=False, if_match=True, turtle=True, rules=rules
    )


@pytest.fixture(scope="session", autouse=True)
def memory_has_proved_itself() -> None:
    proved("https://pod.example/")


class MakeAccount(Protocol):
    def __call__(self, name: str = "demo") -> accounts.Account: ...


@pytest.fixture(scope="session")
def css(tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.PodServer]:
    """A real Community Solid Server (WAC, on files as in `musette run`), started once for the whole run.

    Not in memory: there, 7.2.0 counts characters where it should count bytes, and cuts a document short by one byte for
    each accent once it has been patched (test_server.py shows it).
    """
    try:
        server.install()
    except (server.NodeMissing, server.InstallFailed) as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(" ".join(error.sentences()))
    with server.PodServer(tmp_path_factory.mktemp("css"), server.free_port()) as running:
        proved(running.url)
        yield running


@pytest.fixture(scope="session")
def css_new_account(css: server.PodServer) -> MakeAccount:
    """Makes accounts with a pod on `css`; each call another one."""

    def make(name: str = "demo") -> accounts.Account:
        unique = f"{name}-{uuid.uuid4().hex[:8]}"
        return accounts.create(css.url, f"{unique}@example.org", "demo-password", unique, person_name=name.title())

    return make


def pod_of(issuer: str, webid: str, client_id: str, client_secret: str) -> Pod:
    """A space as its owner opens it, on a server of this machine."""
    outgoing = Outgoing(frozenset({urlsplit(issuer).netloc}))
    return Pod(outgoing, webid, oidc.ClientCredentials(outgoing, issuer, oidc.Client(client_id, client_secret), webid))


@pytest.fixture(scope="session")
def peers() -> Path:
    """The npm packages of interop/package-lock.json, installed once a lock in the user's cache."""
    if not npm.node_is_recent():
        pytest.skip(f"@inrupt/solid-client needs Node.js {npm.NODE_MAJOR} or later")
    return npm.installed(PEERS, "interop")


@pytest.fixture
def css_account(css_new_account: MakeAccount) -> accounts.Account:
    """An account with a fresh pod, for this test alone."""
    return css_new_account()


#: As root in a container there is no sandbox to be had; the rest keeps the browser from calling home.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The installed Chromium (CHROMIUM names another), else the one that Playwright downloaded."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None and not Path(playwright.chromium.executable_path).exists():
        if os.environ.get("CI"):
            pytest.fail("no Chromium here")
        pytest.skip("no Chromium here: install one, name it as CHROMIUM, or run `playwright install chromium`")
    launched = playwright.chromium.launch(executable_path=path, args=QUIET)
    yield launched
    launched.close()
