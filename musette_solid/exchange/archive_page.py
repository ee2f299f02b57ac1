"""The page of an archive: a whole HTML file without script, style sheet or picture from elsewhere, that opens from a disk."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape
from typing import Final

from musette_solid.exchange import cv
from musette_solid.model import labels
from musette_solid.model.activity import Activity
from musette_solid.model.dates import in_words
from musette_solid.model.skill import Skill

_STYLE: Final = (
    ":root{color-scheme:light dark;--paper:light-dark(#f6f0e3,#191713);--ink:light-dark(#1f2b40,#eee6d6);"
    "--soft:light-dark(#4b5567,#bdb4a3);--line:light-dark(#d8cbb0,#423c31);--thread:light-dark(#a03c1d,#f0a27e)}"
    'body{font:1.0625rem/1.6 Georgia,"Libertinus Serif",serif;max-width:48rem;margin:0 auto;padding:clamp(1.25rem,5vw,4rem) 1rem;'
    "color:var(--ink);background:var(--paper);overflow-wrap:anywhere}"
    "h1,h2{line-height:1.2}h1{font-size:2.25rem;margin:0 0 1rem;border-block-start:.25rem dashed var(--thread);padding-block-start:1rem}"
    "h2{color:var(--thread);font-size:1.35rem;margin:2.25rem 0 .75rem}ul{padding-inline-start:1.1rem}li{margin:.35rem 0}"
    "small{color:var(--soft)}a{color:inherit;text-decoration-color:var(--thread);text-underline-offset:.2em}"
    "table{border-collapse:collapse;inline-size:100%}th,td{text-align:start;padding:.5rem .75rem .5rem 0;"
    "border-block-end:1px solid var(--line);vertical-align:top}th{font-weight:400;color:var(--soft);inline-size:12rem}"
    "@media (max-width:30rem){th,td{display:block;inline-size:auto;border:0;padding:0}td{padding-block-end:1rem}}"
)
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "title": ("Ma musette", "My bag"),
    "made": ("Archive faite le {day}.", "Archive made on {day}."),
    "since": ("depuis {start}", "since {start}"),
    "what": (
        "Tout ce que contenait ma musette, dans des formats ouverts. Le dossier «\u00a0bag\u00a0» contient les documents eux-mêmes (Turtle), manifest.json leurs empreintes.",
        "Everything that was in my bag, in open formats. The folder “bag” holds the documents themselves (Turtle), manifest.json their checksums.",
    ),
    "activities": ("Activités", "Activities"),
    "skills": ("Compétences", "Skills"),
    "documents": ("Documents", "Documents"),
    "unreadable": ("Ce qui n’a pas pu être lu, et n’est pas ici", "What could not be read, and is not here"),
    "none": ("rien", "nothing"),
}


def page(
    activities: Sequence[Activity],
    skills: Sequence[Skill],
    paths: Iterable[str],
    day: date,
    language: str,
    unreadable: Sequence[str] = (),
) -> bytes:
    """`unreadable`: documents that could not be read when it was made, and are not in it."""
    said = in_words(day, language)

    def word(key: str) -> str:
        return escape(_WORDS[key][0 if language == "fr" else 1].replace("{day}", said))

    parts = [
        f'<!doctype html><html lang="{"fr" if language == "fr" else "en"}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{word('title')}</title><style>{_STYLE}</style></head><body><h1>{word('title')}</h1>",
        f"<p>{word('made')} {word('what')}</p><h2>{word('activities')}</h2>",
        _activities(activities, language, word("since")) or f"<p>{word('none')}</p>",
        f"<h2>{word('skills')}</h2>",
        _skills(skills, language) or f"<p>{word('none')}</p>",
        f"<h2>{word('documents')}</h2><ul>",
        *(f'<li><a href="{escape(path)}">{escape(path)}</a></li>' for path in sorted(paths)),
        "</ul>",
        *([f"<h2>{word('unreadable')}</h2><ul>"] if unreadable else []),
        *(f"<li>{escape(path)}</li>" for path in unreadable),
        *(["</ul>"] if unreadable else []),
        "</body></html>",
    ]
    return "".join(parts).encode()


def _activities(found: Sequence[Activity], language: str, since: str) -> str:
    rows = []
    for one in found:
        said = [one.organization.name if one.organization else "", one.location or "", one.description or ""]
        more = "<br>".join(escape(text).replace("\n", "<br>") for text in [*said, *one.achievements] if text)
        sphere = escape(labels.label(one.sphere, language)) if one.sphere else ""
        rows.append(
            f"<tr><th scope=row>{escape(cv.period(one, language, since))}</th><td><strong>{escape(one.title)}</strong> <small>{sphere}</small><br>{more}</td></tr>"
        )
    return f"<table>{''.join(rows)}</table>" if rows else ""


def _skills(found: Sequence[Skill], language: str) -> str:
    rows = []
    for one in found:
        current = one.current
        level = (labels.label(current.level, language) if current.level else current.as_stated or "") if current else ""
        rows.append(f"<li>{escape(one.label)}{f' <small>{escape(level)}</small>' if level else ''}</li>")
    return f"<ul>{''.join(rows)}</ul>" if rows else ""
