"""A page for everybody, on a real Community Solid Server: chosen, looked at, published, seen by a stranger, withdrawn."""

import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from musette_solid.embedded.server import PodServer
from tests.cli.test_command_line import Agent
from tests.conftest import MakeAccount

pytestmark = pytest.mark.css


def as_a_browser(url: str) -> tuple[int, str, bytes]:
    request = urllib.request.Request(url, headers={"Accept": "text/html,*/*;q=0.8"})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.headers["Content-Type"].partition(";")[0], answer.read()
    except urllib.error.HTTPError as error:
        return error.code, "", b""


def test_a_stranger_sees_the_page_and_then_nothing(
    css: PodServer, css_new_account: MakeAccount, tmp_path: Path
) -> None:
    person = Agent(css_new_account("portfolio"), css.url, tmp_path)
    person.run("setup")
    shown = json.loads(
        person.run("add", "activity", "--title", "Atelier vélo", "--sphere", "volunteering", "--json").stdout
    )["iri"]
    person.run("add", "activity", "--title", "canari secret", "--sphere", "employment")
    person.run("account", "demo-pro", "--url", "https://forge.example/demo", "--facet", "professional")
    (account,) = json.loads(person.run("accounts", "--json").stdout)["accounts"]
    person.run(
        "portfolio", "choose", "--activity", shown, "--name", "Demo", "--account", account["iri"], "--language", "fr"
    )
    person.run("portfolio", "look", "--output", str(tmp_path / "page.html"))
    done = json.loads(person.run("portfolio", "publish", "--json").stdout)
    looked_at = (tmp_path / "page.html").read_bytes()
    assert as_a_browser(done["url"]) == (200, "text/html", looked_at)
    assert "Atelier vélo" in looked_at.decode()
    assert b"canari" not in looked_at
    root = done["url"].removesuffix("portfolio/index.html")
    for private in ("activities.ttl", "portfolio.ttl", "identities.ttl", "", "log/"):
        assert as_a_browser(root + private)[0] in {401, 403, 404}, private
    assert json.loads(person.run("portfolio", "state", "--json").stdout)["state"] == "published"
    assert json.loads(person.run("portfolio", "withdraw", "--json").stdout)["state"] == "withdrawn"
    assert as_a_browser(done["url"])[0] in {401, 403, 404, 410}
