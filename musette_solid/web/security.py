"""What every answer carries, and what is refused before a view sees it."""

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from werkzeug.exceptions import Forbidden

from musette_solid.web.config import Config

MAX_UPLOAD_BYTES = 10 * 1024 * 1024
# A share of a thousand items is a form of 150 kB; the file under preview travels in its page, compressed.
MAX_FORM_BYTES = 4 * 1024 * 1024

#: Endpoints whose forms lead to a provider elsewhere: Chromium applies form-action to the redirects that follow a form.
_LEAVING = frozenset({"signin.signin", "signin.begin", "signin.callback", "home.home"})

#: Public answers that other sites may read: published definitions, nothing personal.
_OPEN = frozenset({"vocabulary", "signin.client_id"})

#: The picture that `client_id` names: a provider shows it on its own page, where it asks whether we may be let in.
_LOGO = "/static/img/mark.svg"


class CrossSite(Forbidden):
    """A form that came from another site."""


def install(app: Flask, config: Config) -> None:
    app.config.update(
        SECRET_KEY=config.key("notices"),
        SESSION_COOKIE_NAME=config.cookie("musette-notice"),
        SESSION_COOKIE_SECURE=config.is_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=MAX_UPLOAD_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_BYTES,
        TRUSTED_HOSTS=[config.host, *config.trusted_hosts],
        PREFERRED_URL_SCHEME="https" if config.is_secure else "http",
    )
    origins = frozenset({config.base_url.lower()})

    @app.before_request
    def name_the_request() -> None:
        g.request_id = secrets.token_hex(4)

    @app.before_request
    def refuse_other_sites() -> None:
        if request.method not in {"GET", "HEAD", "OPTIONS"} and not _is_from_here(origins):
            raise CrossSite

    @app.after_request
    def add_headers(response: Response) -> Response:
        return _with_headers(response, config)


def _is_from_here(origins: frozenset[str]) -> bool:
    """Whether a request that changes something was sent by one of our own pages.

    This stands in for tokens in forms: browsers say where a request comes from, and pages cannot forge it. Both headers,
    when there, must agree; a request with neither is not a browser's form of ours.
    """
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    if origin not in {None, "null"} and str(origin).lower() not in origins:
        return False
    if site is not None:
        return site in {"same-origin", "none"}
    return origin not in {None, "null"}


#: Pages that show another page of ours inside, and that page: it brings rules of its own, which are stricter.
_FRAMES = frozenset({"portfolio.look", "portfolio.publish"})
_FRAMED = frozenset({"portfolio.page"})


def content_security_policy(config: Config, *, leaving: bool, frames: bool = False) -> str:
    action = "'self'"
    if leaving:
        http = [f"{urlsplit(issuer).scheme}://{urlsplit(issuer).netloc}" for _, issuer in config.providers]
        http += [f"http://{host}" for host in sorted(config.allowed_hosts)]
        action = " ".join(dict.fromkeys([action, "https:", *http]))
    rules = {
        "default-src": "'none'",
        "style-src": "'self'",
        "script-src": "'self'",
        "img-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": action,
        "base-uri": "'none'",
        "object-src": "'none'",
        "frame-ancestors": "'none'",
        **({"frame-src": "'self'"} if frames else {}),
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    policy = "; ".join(f"{name} {value}" for name, value in rules.items())
    return policy + "; upgrade-insecure-requests" if config.is_secure else policy


def _with_headers(response: Response, config: Config) -> Response:
    endpoint = request.endpoint or ""
    is_open = endpoint in _OPEN or request.blueprint in _OPEN
    headers = response.headers
    if endpoint not in _FRAMED or "Content-Security-Policy" not in headers:
        headers["Content-Security-Policy"] = content_security_policy(
            config, leaving=endpoint in _LEAVING, frames=endpoint in _FRAMES
        )
        headers["X-Frame-Options"] = "DENY"
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    is_shown_elsewhere = is_open or request.path == _LOGO
    headers["Cross-Origin-Resource-Policy"] = "cross-origin" if is_shown_elsewhere else "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
    headers["X-Request-Id"] = getattr(g, "request_id", "-")
    if config.is_secure:
        headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    if is_open:
        headers["Access-Control-Allow-Origin"] = "*"
        headers.setdefault("Cache-Control", "public, max-age=300")
    elif endpoint != "static":
        # Anything may show somebody's own data: kept by no cache, not even the browser's own after signing out.
        headers["Cache-Control"] = "no-store"
    headers.add("Vary", "Accept-Language, Cookie" if endpoint != "static" else "Accept-Encoding")
    return response
