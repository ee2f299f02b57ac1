"""The page of an archive: a whole HTML file without script, style sheet or picture from elsewhere, that opens from a disk."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Final

from musette_solid.model import labels
from musette_solid.model.activity import Activity
from musette_solid.model.skill import Skill

_STYLE: Final = (
    "body{font:1rem/1.5 Georgia,serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#22303c;background:#faf6ec}"
    "h1,h2{line-height:1.2}li{margin:.35rem 0}small{color:#5a6670}table{border-collapse:collapse;width:100%}"
    "td,th{text-align:left;padding:.25rem .5rem;border-bottom:1px solid #ddd3bd;vertical-align:top}"
)
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "title": ("Ma musette", "My bag"),
    "made": ("Archive faite le {day}.", "Archive made on {day}."),
    "what": (
        "Tout ce que contenait ma musette, dans des formats ouverts. Le dossier « bag » contient les documents eux-mêmes (Turtle), manifest.json leurs empreintes.",
        "Everything that was in my bag, in open formats. The folder “bag” holds the documents themselves (Turtle), manifest.json their checksums.",
    ),
    "activities": ("Activités", "Activities"),
    "skills": ("Compétences", "Skills"),
    "documents": ("Documents", "Documents"),
    "none": ("rien", "nothing"),
    "on": ("en cours", "ongoing"),
}


def page(
    activities: Sequence[Activity], skills: Sequence[Skill], paths: Iterable[str], day: str, language: str
) -> bytes:
    def word(key: str) -> str:
        return escape(_WORDS[key][0 if language == "fr" else 1].format(day=day))

    parts = [
        f'<!doctype html><html lang="{"fr" if language == "fr" else "en"}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{word('title')}</title><style>{_STYLE}</style></head><body><h1>{word('title')}</h1>",
        f"<p>{word('made')} {word('what')}</p><h2>{word('activities')}</h2>",
        _activities(activities, language, word("on")) or f"<p>{word('none')}</p>",
        f"<h2>{word('skills')}</h2>",
        _skills(skills, language) or f"<p>{word('none')}</p>",
        f"<h2>{word('documents')}</h2><ul>",
        *(f'<li><a href="{escape(path)}">{escape(path)}</a></li>' for path in sorted(paths)),
        "</ul></body></html>",
    ]
    return "".join(parts).encode()


def _activities(found: Sequence[Activity], language: str, ongoing: str) -> str:
    rows = []
    for one in found:
        start = one.start.text if one.start else one.start_as_written or ""
        end = one.end.text if one.end else one.end_as_written or ongoing
        said = [one.organization.name if one.organization else "", one.location or "", one.description or ""]
        more = "<br>".join(escape(text).replace("\n", "<br>") for text in [*said, *one.achievements] if text)
        sphere = escape(labels.label(one.sphere, language)) if one.sphere else ""
        rows.append(
            f"<tr><td>{escape(start)} – {escape(end)}</td><td><strong>{escape(one.title)}</strong> <small>{sphere}</small><br>{more}</td></tr>"
        )
    return f"<table>{''.join(rows)}</table>" if rows else ""


def _skills(found: Sequence[Skill], language: str) -> str:
    rows = []
    for one in found:
        current = one.current
        level = (labels.label(current.level, language) if current.level else current.as_stated or "") if current else ""
        rows.append(f"<li>{escape(one.label)}{f' <small>{escape(level)}</small>' if level else ''}</li>")
    return f"<ul>{''.join(rows)}</ul>" if rows else ""
