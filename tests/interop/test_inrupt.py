"""The most used Solid client reads a bag's activities as typed values, with nothing of ours but the data."""

import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from musette_solid.embedded.accounts import Account
from musette_solid.embedded.server import PodServer
from musette_solid.pod import oidc
from musette_solid.pod.http import Outgoing
from musette_solid.pod.session import Pod
from musette_solid.rdf import terms
from musette_solid.usecases import set_up
from musette_solid.usecases.log_activity import log_activity

pytestmark = pytest.mark.css
SCRIPT = Path(__file__).with_name("read_activities.mjs")


def test_it_reads_the_activities_as_typed_values(peers: Path, css: PodServer, css_account: Account) -> None:
    outgoing = Outgoing(frozenset({f"localhost:{css.port}"}))
    client = oidc.Client(css_account.client_id, css_account.client_secret)
    pod = Pod(outgoing, css_account.webid, oidc.ClientCredentials(outgoing, css.url, client, css_account.webid))
    now = datetime.now(UTC)
    bag = set_up.create(pod, css_account.pod, now)
    care = {"title": ["Aide à un proche"], "sphere": [str(terms.SPHERE_CARE)], "startDate": ["2019-03-12"]}
    club = {"title": ["Trésorerie"], "sphere": [str(terms.SPHERE_VOLUNTEERING)], "weeklyHours": ["2,5"]}
    written = {log_activity(bag, care, now), log_activity(bag, club, now)}
    arguments = [css.url, css_account.client_id, css_account.client_secret, bag.layout.activities]
    # Node looks for packages where the script is.
    script = shutil.copy(SCRIPT, peers)
    done = subprocess.run(
        ["node", script, *arguments], cwd=peers, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    read = {one["title"]: one for one in json.loads(done.stdout)}
    assert {one["url"] for one in read.values()} == written
    assert read["Aide à un proche"]["start"] == "2019-03-12"
    assert read["Aide à un proche"]["sphere"] == str(terms.SPHERE_CARE)
    assert read["Trésorerie"]["weeklyHours"] == 2.5
