"""Activities and dossiers as tables (CSV, RFC 4180) that spreadsheets open and that can do no harm there.

UTF-8 with a byte order mark, so that accents survive a double click; commas; one row a thing. The columns are the same
in every language, in this order, and are never renamed:

activities: title, sphere, start, end, organisation, role, place, weekly_hours, logged_minutes, description,
    achievements, evidence, sphere_iri, iri
dossier: kind (activity, skill), title, sphere, start, end, organisation, role, place, weekly_hours, description,
    achievements, skills, level, level_as_stated, assessed_on, assessed_by, evidence, sphere_iri, level_iri, iri

Dates are as precise as they were said (2019, 2019-03, 2019-03-12); no end means that it goes on. Where there are several
values they are separated by a line feed inside the cell. A cell that a spreadsheet would take for a formula begins with
an apostrophe (OWASP, CSV injection).
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from musette_solid.model.activity import Activity, Evidence
from musette_solid.model.dossier import Dossier
from musette_solid.model.labels import label
from musette_solid.model.skill import Skill
from musette_solid.model.time import TimeEntry

ACTIVITIES: Final = (
    *("title", "sphere", "start", "end", "organisation", "role", "place", "weekly_hours", "logged_minutes"),
    *("description", "achievements", "evidence", "sphere_iri", "iri"),
)
DOSSIER: Final = (
    *("kind", "title", "sphere", "start", "end", "organisation", "role", "place", "weekly_hours", "description"),
    *("achievements", "skills", "level", "level_as_stated", "assessed_on", "assessed_by", "evidence"),
    *("sphere_iri", "level_iri", "iri"),
)
_BYTE_ORDER_MARK: Final = "\ufeff"
_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def activities(found: Iterable[Activity], entries: Iterable[TimeEntry] = (), language: str = "fr") -> bytes:
    """One row an activity; `entries` give the minutes that were logged for it."""
    minutes: dict[str, int] = {}
    for entry in entries:
        minutes[entry.activity] = minutes.get(entry.activity, 0) + entry.minutes
    return _table(
        ACTIVITIES, (_activity(one, language) | {"logged_minutes": str(minutes.get(one.iri, 0))} for one in found)
    )


def dossier(shown: Dossier, language: str = "fr") -> bytes:
    """One row an activity, then one a skill."""
    labels = {skill.iri: skill.label for skill in shown.skills}
    rows = [
        _activity(one, language)
        | {"kind": "activity", "skills": _lines(sorted(labels[iri] for iri in one.mobilises if iri in labels))}
        for one in shown.activities
    ]
    return _table(DOSSIER, [*rows, *(_skill(skill, language) for skill in shown.skills)])


def _activity(activity: Activity, language: str) -> dict[str, str]:
    return {
        "title": activity.title,
        "sphere": label(activity.sphere, language) if activity.sphere else "",
        "start": activity.start.text if activity.start else activity.start_as_written or "",
        "end": activity.end.text if activity.end else activity.end_as_written or "",
        "organisation": activity.organization.name if activity.organization else "",
        "role": activity.role or "",
        "place": activity.location or "",
        "weekly_hours": f"{activity.weekly_hours:f}" if activity.weekly_hours is not None else "",
        "description": activity.description or "",
        "achievements": _lines(activity.achievements),
        "evidence": _evidence(activity.evidence),
        "sphere_iri": str(activity.sphere or ""),
        "iri": activity.iri,
    }


def _skill(skill: Skill, language: str) -> dict[str, str]:
    current = skill.current
    return {
        "kind": "skill",
        "title": skill.label,
        "description": skill.description or "",
        "level": label(current.level, language) if current and current.level else "",
        "level_as_stated": current.as_stated or "" if current else "",
        "assessed_on": current.on.isoformat() if current and current.on else "",
        "assessed_by": current.by or "" if current else "",
        "evidence": _evidence(skill.evidence),
        "level_iri": str(current.level or "") if current else "",
        "iri": skill.iri,
    }


def _evidence(pieces: Sequence[Evidence]) -> str:
    return _lines(f"{piece.title} <{piece.url}>" if piece.url else piece.title for piece in pieces)


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(texts)


def _table(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_harmless(row.get(column, "")) for column in columns] for row in rows)
    return (_BYTE_ORDER_MARK + text.getvalue()).encode()


def _harmless(cell: str) -> str:
    # A spreadsheet skips spaces before it looks for a formula.
    return f"'{cell}" if cell.startswith(_BEGINS_A_FORMULA) or cell.lstrip().startswith(_BEGINS_A_FORMULA) else cell
