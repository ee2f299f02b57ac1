"""La Musette as a newcomer has it: `musette run` in a process of its own, and a real browser."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from musette_solid.embedded import server


@dataclass
class Running:
    """What `musette run --json` said, and how to end and start it again."""

    data: Path
    port: int
    pod_port: int
    said: dict[str, Any]
    process: subprocess.Popen[str]
    elsewhere_port: int = 0  # of this machine, and asked as if it were anywhere
    sessions: dict[str, list[Any]] = field(default_factory=dict)  # cookies, by who is signed in

    @property
    def app(self) -> str:
        return str(self.said["app"])

    def account(self, role: str) -> dict[str, str]:
        return next(account for account in self.said["accounts"] if account["role"] == role)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(20) in {0, 130}

    def restart(self) -> None:
        again = start(self.data, self.port, self.pod_port)
        self.said, self.process, self.elsewhere_port = again.said, again.process, again.elsewhere_port


def start(data: Path, port: int, pod_port: int) -> Running:
    command = [sys.executable, "-m", "musette_solid.start", "run", "--json"]
    command += ["--port", str(port), "--pod-port", str(pod_port), "--data", str(data)]
    log = data.with_suffix(".log")
    # Registers of this run alone: whatever is installed on the machine makes no difference.
    elsewhere = server.free_port()
    environ = {
        **os.environ,
        "MUSETTE_REFERENCES": str(data / "references"),
        "MUSETTE_ALLOWED_HOSTS": f"localhost:{elsewhere}",
    }
    with log.open("ab") as told:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=told, text=True, env=environ)
    assert process.stdout is not None
    with process.stdout as output:  # one line, and nothing after it
        line = output.readline()
    if not line:
        pytest.fail(log.read_text())
    return Running(data, port, pod_port, json.loads(line), process, elsewhere)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    try:
        server.install()
    except (server.NodeMissing, server.InstallFailed) as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(" ".join(error.sentences()))
    made = start(tmp_path_factory.mktemp("run"), server.free_port(), server.free_port())
    yield made
    if made.process.poll() is None:
        made.stop()


@dataclass
class Visitor:
    """One person or organisation in a browser of their own."""

    context: BrowserContext
    page: Page
    running: Running

    def goto(self, path: str) -> None:
        self.page.goto(self.running.app.rstrip("/") + path)

    def sign_in(self, role: str, *, anew: bool = False) -> None:
        """As who signed in before, in a browser that took over their session; `anew`: by the provider's own pages."""
        account = self.running.account(role)
        if not anew and self._take_over(account["webid"]):
            return
        self._sign_in(account)
        if not anew:  # a session that a test means to end is nobody else's
            cookies = self.context.cookies(self.running.app)
            self.running.sessions[account["webid"]] = [one for one in cookies if one["name"] == "musette"]

    def _take_over(self, webid: str) -> bool:
        """Whether the session of an earlier visitor still holds."""
        known = self.running.sessions.get(webid)
        if known is None:
            return False
        self.context.add_cookies(known)
        self.goto("/")
        if self.page.locator("form[data-signout]").count():
            return True
        self.context.clear_cookies()
        del self.running.sessions[webid]
        return False

    def _sign_in(self, account: dict[str, str]) -> None:
        """By the provider's own pages, as anybody would."""
        self.goto("/signin")
        self.page.locator("main form").first.get_by_role("button").first.click()
        self.page.wait_for_url("**/.account/login/password/**")
        self.page.locator("#email").fill(account["email"])
        self.page.locator("#password").fill(account["password"])
        self.page.get_by_role("button", name="Log in").click()
        self.page.get_by_role("button", name="Authorize").click()
        self.page.wait_for_url(self.running.app + "**")


def visitor(
    browser: Browser, running: Running, *, locale: str = "fr-FR", width: int = 1280, script: bool = True
) -> Visitor:
    context = browser.new_context(locale=locale, viewport={"width": width, "height": 900}, java_script_enabled=script)
    context.set_default_timeout(20_000)
    return Visitor(context, context.new_page(), running)
