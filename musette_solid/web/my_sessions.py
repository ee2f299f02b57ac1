"""Where one is signed in: see one's sessions, end one, end all the others (OWASP ASVS 5.0, 7.5.2)."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from musette_solid.web import access, notices, session
from musette_solid.web.access import Visitor, signed_in
from musette_solid.web.register import Entry
from musette_solid.web.session import Session

bp = Blueprint("my_sessions", __name__, url_prefix="/sessions")

#: The first one that is found in what a browser says of itself; most say the names of others too.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_of(user_agent: str) -> tuple[str, str]:
    """The kind of browser and the system, as their makers call them; empty where they are not known."""
    return (
        next((name for sign, name in _BROWSERS if sign in user_agent), ""),
        next((name for sign, name in _SYSTEMS if sign in user_agent), ""),
    )


@dataclass(frozen=True)
class Line:
    id: str
    browser: str
    system: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


@bp.get("/")
@signed_in
def index(visitor: Visitor) -> ResponseReturnValue:
    lines = [_line(entry, visitor) for entry in session.sessions().register.of(visitor.pod.webid or "")]
    lines.sort(key=lambda line: not line.is_this)
    return render_template("pages/sessions.html", lines=lines)


def _line(entry: Entry, visitor: Visitor) -> Line:
    zone = ZoneInfo(access.config().timezone)
    return Line(
        entry.id,
        entry.browser,
        entry.system,
        datetime.fromtimestamp(entry.began_at, zone),
        datetime.fromtimestamp(entry.seen_at, zone),
        _is_this(entry, visitor),
    )


def _is_this(entry: Entry, visitor: Visitor) -> bool:
    return isinstance(visitor, Session) and entry.key == visitor.ticket.key


@bp.post("/end")
@signed_in
def end(visitor: Visitor) -> ResponseReturnValue:
    """One session of this person, or all but the one that asks. Another person's is never found here."""
    register, webid = session.sessions().register, visitor.pod.webid or ""
    wanted = request.form.get("session", "")
    if wanted == "others":
        register.end(webid, lambda entry: not _is_this(entry, visitor))
        notices.say("sessions-ended")
    elif register.end(webid, lambda entry: entry.id == wanted and not _is_this(entry, visitor)):
        notices.say("session-ended")
    return redirect(url_for(".index"), 303)
