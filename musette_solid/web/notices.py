"""What the next page says happened. Only the name of a sentence and numbers travel in the cookie, nothing personal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, flash, get_flashed_messages

from musette_solid.errors import N_
from musette_solid.web.i18n import gettext

SENTENCES: Mapping[str, str] = {
    "activity-added": N_("The activity is in your bag."),
    "activity-corrected": N_("The activity was corrected."),
    "put-back": N_("It is back where it was."),
    "time-logged": N_("Logged: %(duration)s."),
    "time-corrected": N_("The time was corrected."),
    "skill-added": N_("The skill is in your bag."),
    "skill-corrected": N_("The skill was corrected."),
    "assessment-added": N_("The assessment was added; the ones before it are kept."),
    "evidence-added": N_("The evidence was added."),
    "imported": N_("The import is done: %(activities)s and %(skills)s were written in your space."),
    "imported-nothing": N_("Everything in this file was already in your bag: nothing was written."),
    "import-undone": N_("The import was undone: what it wrote is no longer in your space."),
    "import-undone-in-part": N_("The import was undone, except what you have changed yourself since: that stays."),
    "shared": N_("The dossier is open to its recipient."),
    "revoked": N_("The share is closed. Your space confirms that the recipient can no longer read anything."),
    "bag-made": N_("Your bag is ready, and it is empty."),
    "left": N_("Everything was deleted from your space, and you are signed out. Goodbye, and thank you."),
    "signed-out": N_("You are signed out."),
}


@dataclass(frozen=True)
class Notice:
    text: str
    kind: str = "good"
    do: str = ""
    undo: str = ""  # where a form that takes it back is sent
    kept: tuple[tuple[str, str], ...] = ()


def install(app: Flask) -> None:
    app.jinja_env.globals["notices"] = waiting


def say(name: str, **numbers: str) -> None:
    """Say a sentence of the table on the next page. `numbers` are counts and durations, already in the person's language."""
    flash({"name": name, "numbers": numbers}, "notice")  # type: ignore[arg-type]  # Flask keeps any JSON value


def waiting() -> list[Notice]:
    said: list[Any] = get_flashed_messages(category_filter=["notice"])
    found = []
    for one in said:
        sentence = SENTENCES.get(one.get("name", "")) if isinstance(one, dict) else None
        if sentence is not None:
            found.append(Notice(gettext(sentence) % one.get("numbers", {})))
    return found
