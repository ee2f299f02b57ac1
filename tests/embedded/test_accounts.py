"""Accounts on the embedded server: the same call again changes nothing."""

from dataclasses import replace

import pytest

from musette_solid.embedded import accounts, server
from musette_solid.pod.http import Outgoing, Request

pytestmark = pytest.mark.css


@pytest.fixture(scope="module")
def made(css: server.PodServer) -> accounts.Account:
    return accounts.create(css.url, "twice@example.org", "demo-password", "Twice Asked", person_name="Demo")


def test_a_new_account_has_a_pod_with_a_profile_in_it(css: server.PodServer, made: accounts.Account) -> None:
    assert made.pod == f"{css.url}twice-asked/"
    assert made.webid.startswith(made.pod)
    answer = Outgoing(allowed_hosts=frozenset({f"localhost:{css.port}"})).send(Request("GET", made.webid))
    assert answer.status == 200
    assert b'"Demo"' in answer.body


def test_the_same_account_is_logged_into(css: server.PodServer, made: accounts.Account) -> None:
    again = accounts.create(css.url.rstrip("/"), made.email, made.password, "Twice Asked")
    assert (again.webid, again.pod) == (made.webid, made.pod)
    assert again.client_id != made.client_id


def test_kept_credentials_are_given_back(css: server.PodServer, made: accounts.Account) -> None:
    assert accounts.create(css.url, made.email, made.password, "Twice Asked", kept=made) == made


def test_kept_credentials_that_the_server_forgot_are_replaced(css: server.PodServer, made: accounts.Account) -> None:
    forgotten = replace(made, client_id="musette_gone", client_secret="x")
    again = accounts.create(css.url, made.email, made.password, "Twice Asked", kept=forgotten)
    assert again.client_id not in {"musette_gone", made.client_id}


def test_a_wrong_password_takes_nothing_over(css: server.PodServer, made: accounts.Account) -> None:
    with pytest.raises(accounts.AccountRefused, match="already"):
        accounts.create(css.url, made.email, "another-password", "Twice Asked")


def test_somebody_elses_pod_name_is_refused(css: server.PodServer, made: accounts.Account) -> None:
    with pytest.raises(accounts.AccountRefused):
        accounts.create(css.url, "other@example.org", "demo-password", "Twice Asked")


def test_secrets_are_not_shown(made: accounts.Account) -> None:
    assert made.password not in repr(made)
    assert made.client_secret not in repr(made)
