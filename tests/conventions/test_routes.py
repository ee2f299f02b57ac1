"""Every route names its access rule, and who is not signed in is refused by all but the public ones."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from musette_solid.web import Config, create_app

RULES = {"public", "signed_in", "with_bag"}
#: Public on purpose: they show nothing of anybody. Adding one is a decision.
PUBLIC = {
    *("methods.sheet", "home.home", "pages.data", "pages.help_", "pages.style", "static"),
    *("vocabulary.namespace", "vocabulary.term", "vocabulary.context", "vocabulary.shape"),
    *("signin.signin", "signin.begin", "signin.callback", "signin.signout", "signin.client_id"),
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    config = Config(base_url="http://localhost:8000", data=tmp_path_factory.mktemp("app"))
    return create_app(config, lambda: None)


def test_every_route_names_its_access_rule(app: Flask) -> None:
    for endpoint, view in app.view_functions.items():
        if endpoint != "static":
            assert getattr(view, "access_rule", None) in RULES, endpoint


def test_what_is_public_is_listed_here(app: Flask) -> None:
    found = {
        e for e, view in app.view_functions.items() if e == "static" or getattr(view, "access_rule", "") == "public"
    }
    assert found == PUBLIC


def test_whoever_is_not_signed_in_is_asked_to_sign_in(app: Flask) -> None:
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC:
            continue
        with app.test_request_context(base_url="http://localhost:8000"):
            values: dict[str, Any] = dict.fromkeys(rule.arguments, "ttl")
            address = app.url_for(rule.endpoint, **values)
        for method in rule.methods or ():
            if method in {"GET", "POST"}:
                answer = client.open(
                    address,
                    method=method,
                    base_url="http://localhost:8000",
                    headers={"Origin": "http://localhost:8000"},
                )
                if method == "GET":
                    assert answer.status_code == 303, address
                    assert answer.location.startswith("/signin?"), address
                else:
                    assert answer.status_code == 401, address


def test_no_route_is_reached_by_get_and_changes_something(app: Flask) -> None:
    """Views that write are named by verbs and answer to POST only; a GET view's name is a thing or a form."""
    writing = {
        "create",
        "correct",
        "delete",
        "undo",
        "attach",
        "write",
        "take_back",
        "close",
        "end_those_over",
        "log",
        "signout",
    }
    for rule in app.url_map.iter_rules():
        if rule.endpoint.rpartition(".")[2] in writing:
            assert "GET" not in (rule.methods or ()), rule.endpoint


def test_templates_hold_no_script_and_no_style_of_their_own() -> None:
    for path in (Path(__file__).parents[2] / "web" / "templates").rglob("*.html"):
        text = path.read_text("utf-8")
        assert "<style" not in text, path
        assert " style=" not in text, path
        assert text.count("<script") == text.count('<script type="module" src='), path
        assert "|safe" not in text, path
