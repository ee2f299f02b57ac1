"""solid-file's own verbs, on a real Community Solid Server, through one of our agents."""

import pytest

from musette_solid.embedded.accounts import Account
from musette_solid.embedded.server import PodServer
from musette_solid.pod import oidc
from musette_solid.pod.http import Outgoing
from musette_solid.pod.session import Pod

pytestmark = pytest.mark.css


@pytest.fixture
def pod(css: PodServer, css_account: Account) -> Pod:
    outgoing = Outgoing(frozenset({f"localhost:{css.port}"}))
    client = oidc.Client(css_account.client_id, css_account.client_secret)
    return Pod(outgoing, css_account.webid, oidc.ClientCredentials(outgoing, css.url, client, css_account.webid))


def test_its_users_put_list_and_delete_files_in_a_pod_that_asks_for_dpop(pod: Pod, css_account: Account) -> None:
    pytest.importorskip("solid.solid_api", reason="solid-file is not installed (make install puts it beside the lock)")
    from musette_solid.pod.solid_file import solid_api

    api = solid_api(pod)
    url = css_account.pod + "notes/été 2026.txt"
    assert not api.item_exists(url)
    api.put_file(url, b"bonjour", "text/plain")
    assert api.item_exists(url)
    assert api.get(url).text == "bonjour"
    listed = api.read_folder(css_account.pod + "notes/")
    assert [item.url for item in listed.files] == [css_account.pod + "notes/%C3%A9t%C3%A9%202026.txt"]
    api.delete(url)
    assert not api.item_exists(url)


def test_a_stranger_is_refused_by_the_pod_and_not_by_us(pod: Pod, css_account: Account) -> None:
    pytest.importorskip("solid.solid_api", reason="solid-file is not installed (make install puts it beside the lock)")
    import httpx

    from musette_solid.pod.solid_file import solid_api

    solid_api(pod).put_file(css_account.pod + "secret.txt", b"x", "text/plain")
    with pytest.raises(httpx.HTTPStatusError) as refusal:
        solid_api(pod.anonymous()).get(css_account.pod + "secret.txt")
    assert refusal.value.response.status_code == 401
