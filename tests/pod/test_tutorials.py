"""The programs in the documents are run as they stand there, against a real pod server."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from musette_solid.embedded.accounts import Account
from musette_solid.embedded.server import PodServer
from musette_solid.pod import access, containers, discovery, inbox, oidc, resources, webid
from musette_solid.pod.errors import AccessRefused, NotForStrangers
from musette_solid.pod.http import Outgoing
from musette_solid.pod.session import Pod
from tests.conftest import MakeAccount

pytestmark = pytest.mark.css
DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def programs(document: str) -> list[str]:
    return BLOCK.findall((DOCS / document).read_text("utf-8"))


def ran(program: str, settings: Mapping[str, str], css: PodServer) -> str:
    program = program.replace("localhost:3000", f"localhost:{css.port}")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def agent(account: Account, css: PodServer) -> Pod:
    transport = Outgoing(frozenset({f"localhost:{css.port}"}))
    client = oidc.Client(account.client_id, account.client_secret)
    return Pod(transport, account.webid, oidc.ClientCredentials(transport, css.url, client, account.webid))


def settings_of(account: Account, css: PodServer) -> dict[str, str]:
    return {
        "SPACE": account.pod,
        "ISSUER": css.url,
        "CLIENT_ID": account.client_id,
        "CLIENT_SECRET": account.client_secret,
        "ALLOWED_HOSTS": f"localhost:{css.port}",
    }


def test_a_document_is_read_edited_and_shared_in_ten_lines(css: PodServer, css_new_account: MakeAccount) -> None:
    person, friend = css_new_account("person"), css_new_account("friend")
    preparation, ten_lines, closing = programs("tutorials/a-document-from-python.md")
    assert len(ten_lines.splitlines()) == 10
    settings = {**settings_of(person, css), "FRIEND": friend.webid}
    note = person.pod + "notes/first.ttl"
    assert ran(preparation + ten_lines, settings, css) == "First note, corrected"
    assert len(resources.read(agent(friend, css), note).graph) == 1
    with pytest.raises(NotForStrangers):
        resources.read(agent(friend, css).anonymous(), note)
    assert ran(preparation + ten_lines.replace("print", "") + closing, settings, css) == ""
    with pytest.raises(AccessRefused):
        resources.read(agent(friend, css), note)


def test_a_bot_notes_what_came_and_running_it_again_changes_nothing(
    css: PodServer, css_new_account: MakeAccount
) -> None:
    account = css_new_account("bot")
    bot = agent(account, css)
    place = account.pod + "inbox/"
    containers.make(bot, place)
    access.open_inbox(bot, place, account.webid)
    discovery.add_to_profile(bot, webid.profile(bot.transport, account.webid), webid.INBOX, place)
    sender = agent(css_new_account("sender"), css)
    letter = {"@context": {"@vocab": "https://www.w3.org/ns/activitystreams#"}, "summary": "hello"}
    kept = [inbox.send(sender, place, letter) for _ in range(2)]
    (program,) = programs("how-to/scripts-and-bots.md")
    log = account.pod + "log.ttl"
    settings = {**settings_of(account, css), "LOG": log}
    assert ran(program, settings, css) == "2"
    noted = resources.read(bot, log)
    assert {str(s) for s in noted.graph.subjects()} == set(kept)
    assert ran(program, settings, css) == "2"
    assert set(resources.read(bot, log).graph) == set(noted.graph)
