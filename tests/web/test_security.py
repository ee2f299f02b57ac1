"""What every answer carries, and what is refused before a view sees it."""

import re
from pathlib import Path

import pytest

from musette_solid.pod.memory import MemoryPod
from musette_solid.usecases.layout import Bag
from musette_solid.web import Config, create_app
from musette_solid.web.access import local_path
from musette_solid.web.security import content_security_policy
from tests.web.reviewer import Reviewer

ANSWERS = (
    ("GET", "/"),
    ("GET", "/nothing"),
    ("GET", "/activities/"),
    ("PUT", "/"),
    ("GET", "/static/css/base.css"),
    ("GET", "/ns"),
)


@pytest.mark.parametrize(("method", "path"), ANSWERS)
def test_every_answer_carries_the_headers(person: Reviewer, method: str, path: str) -> None:
    answer = person.open(path, method=method)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Cross-Origin-Resource-Policy" in answer.headers
    policy = answer.headers["Content-Security-Policy"]
    for rule in (
        "frame-ancestors 'none'",
        "object-src 'none'",
        "base-uri 'none'",
        "script-src 'self'",
        "style-src 'self'",
    ):
        assert rule in policy
    answer.close()


@pytest.mark.parametrize("path", ["/", "/activities/", "/shares/new", "/your-data/musette.ttl", "/nothing", "/signin"])
def test_nothing_personal_is_kept_by_a_cache(person: Reviewer, path: str) -> None:
    assert person.get(path).headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in person.get(path).headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example", "Sec-Fetch-Site": ""},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "null", "Sec-Fetch-Site": ""},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "", "Sec-Fetch-Site": ""},
        {"Origin": "", "Sec-Fetch-Site": "same-site"},
        {"Origin": "http://x.localhost:8000", "Sec-Fetch-Site": "same-site"},
        {"Origin": "http://localhost:8001", "Sec-Fetch-Site": ""},
    ],
)
def test_a_form_of_another_site_is_refused(person: Reviewer, server: MemoryPod, headers: dict[str, str]) -> None:
    server.requests.clear()
    answer = person.post("/activities/a-2/delete", headers=headers)
    assert answer.status_code == 403
    assert "autre site" in answer.text
    assert not server.requests


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://localhost:8000", "Sec-Fetch-Site": ""},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},  # what browsers send under Referrer-Policy: no-referrer
        {"Origin": "http://localhost:8000", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_our_own_forms_are_accepted(person: Reviewer, headers: dict[str, str]) -> None:
    assert person.post("/activities/a-2/delete", headers=headers).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "localhost.evil.example"])
def test_another_host_is_refused(person: Reviewer, host: str) -> None:
    assert person.get("/", base_url=f"http://{host}").status_code == 400


def test_looking_changes_nothing(person: Reviewer, server: MemoryPod) -> None:
    server.requests.clear()
    for rule in person.application.url_map.iter_rules():
        if rule.methods and "GET" in rule.methods and rule.endpoint.partition(".")[0] not in {"static", "signin"}:
            known = {
                "name": "a-2",
                "share_id": "demo",
                "request_id": "demo",
                "kind": "ttl",
                "text": "2026-03",
                "year": "2026",
                "slug": "training-account",
            }
            person.get(_filled(rule.rule, known))
            assert {request.method for request in server.requests} <= {"GET", "HEAD"}, rule.rule
    assert server.requests


def _filled(rule: str, known: dict[str, str]) -> str:
    for name, value in known.items():
        rule = re.sub(rf"<(any\([^)]*\):)?{name}>", value, rule)
    return re.sub(r"<[^>]+>", "demo", rule)


def test_the_policy_lets_a_form_lead_to_a_provider_only_where_one_signs_in(stranger: Reviewer) -> None:
    assert (
        "form-action 'self' https: http://localhost:3000" in stranger.get("/signin").headers["Content-Security-Policy"]
    )
    assert "form-action 'self';" in stranger.get("/help").headers["Content-Security-Policy"]


def test_over_https_cookies_are_bound_to_the_host_and_https_is_required(tmp_path: Path) -> None:
    config = Config(base_url="https://musette.example", data=tmp_path)
    app = create_app(config, lambda: None)
    answer = app.test_client().get("/?lang=en", base_url="https://musette.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-")
    assert all(flag in cookie for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "max-age=" in answer.headers["Strict-Transport-Security"]
    assert "upgrade-insecure-requests" in content_security_policy(config, leaving=False)


def test_notices_hold_nothing_personal(newcomer: Reviewer, bag: Bag) -> None:
    page = newcomer.get("/activities/new")
    answer = newcomer.send(page, "/activities/", title="CANARY", sphere="https://w3id.org/musette#sphere-care")
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("musette-notice="))
    serializer = newcomer.application.session_interface.get_signing_serializer(newcomer.application)  # type: ignore[attr-defined]
    said = serializer.loads(cookie.partition("=")[2].partition(";")[0])
    assert said == {"_flashes": [("notice", {"name": "activity-added", "numbers": {}})]}


def test_keys_are_made_once_and_only_for_their_owner(tmp_path: Path) -> None:
    config = Config(base_url="http://localhost:8000", data=tmp_path)
    assert config.key("demo") == config.key("demo") != config.key("other")
    assert (tmp_path / "keys" / "demo").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/activities/?sphere=care", "/activities/?sphere=care"),
        ("/time/?", "/time/"),
        *(
            (hostile, "/")
            for hostile in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", "", "/a\nb")
        ),
    ],
)
def test_nobody_is_sent_elsewhere_by_an_address(address: str, expected: str) -> None:
    assert local_path(address) == expected


def test_the_mark_alone_is_shown_by_the_pages_of_a_provider(stranger: Reviewer) -> None:
    """A provider asks, on its own page, whether we may be let in, and shows the picture that `client_id` names."""
    for path, policy in (
        ("/static/img/mark.svg", "cross-origin"),
        ("/static/css/base.css", "same-origin"),
        ("/", "same-origin"),
    ):
        with stranger.get(path) as answer:
            assert answer.headers["Cross-Origin-Resource-Policy"] == policy, path
