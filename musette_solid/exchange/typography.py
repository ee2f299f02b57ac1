"""Texts as they are set in French: narrow and unbreakable spaces, apostrophes. What the person wrote stays as it is in the bag."""

import re
from typing import Final

_NBSP: Final = "\u00a0"
_THIN: Final = "\u202f"
_RULES: Final = (
    (re.compile(r"[ \u00a0]([;!?])"), _THIN + r"\1"),
    (re.compile(r" ([:»%€])"), _NBSP + r"\1"),
    (re.compile(r"« "), "«" + _NBSP),
    (re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])"), "’"),
    (re.compile(r"(?<=\d) (?=(?:h|min|ans?|mois|jours?|heures?|km|kg|m|personnes?)\b)"), _NBSP),
    (re.compile(r"(?<=\d) (?=\d{3}\b)"), _THIN),
    (re.compile(r"\.\.\."), "…"),
)


def french(text: str) -> str:
    for rule, instead in _RULES:
        text = rule.sub(instead, text)
    return text


def set_in(text: str, language: str) -> str:
    """`text` as it is set in a page of that language. Only French has rules of its own here."""
    return french(text) if language == "fr" else text
