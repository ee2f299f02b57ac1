"""What the online service of a register said when somebody asked it, kept on this machine so that it is asked once.

A concept is found here by its IRI alone: no search and no list leads to what others asked about
(docs/decisions/0096-a-register-is-asked-online-only-when-told-to.md).
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

from musette_solid.model.references.concepts import Concept, Kind, Label, Link, Relation, canonical

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS concept (iri TEXT PRIMARY KEY, kind TEXT NOT NULL, notation TEXT NOT NULL,
    definition TEXT NOT NULL, is_deprecated INTEGER NOT NULL, labels TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS relation (subject TEXT NOT NULL, link TEXT NOT NULL, object TEXT NOT NULL,
    PRIMARY KEY (subject, link, object)) WITHOUT ROWID;
"""
#: Somebody else may be writing.
_WAIT_S: Final = 5.0


class Learnt:
    """Without a place nothing is kept: what was asked is asked again."""

    def __init__(self, place: Path | None) -> None:
        self._place = place

    def keep(self, concepts: Sequence[Concept], relations: Sequence[Relation] = ()) -> bool:
        """Add to what is known; False when it could not be kept. A concept that is there gets the labels that it lacks."""
        if self._place is None:
            return False
        try:
            self._place.parent.mkdir(parents=True, exist_ok=True)
            self._write(self._place, concepts, relations)
        except (sqlite3.OperationalError, OSError):  # no room, no right to write, or locked for too long
            return False
        except sqlite3.DatabaseError:  # damaged: nothing of it was of any use
            self._place.unlink(missing_ok=True)
            self._write(self._place, concepts, relations)
        return True

    def _write(self, place: Path, concepts: Iterable[Concept], relations: Iterable[Relation]) -> None:
        with closing(sqlite3.connect(place, timeout=_WAIT_S)) as opened:
            opened.executescript(_TABLES)
            with opened:
                opened.executemany("INSERT OR REPLACE INTO concept VALUES (?, ?, ?, ?, ?, ?)", self._rows(concepts))
                opened.executemany(
                    "INSERT OR IGNORE INTO relation VALUES (?, ?, ?)",
                    [(canonical(one.subject), one.link.value, canonical(one.object)) for one in relations],
                )

    def _rows(self, concepts: Iterable[Concept]) -> list[tuple[object, ...]]:
        rows: list[tuple[object, ...]] = []
        for one in concepts:
            before = self.concept(one.iri)
            labels = tuple(dict.fromkeys((*one.labels, *(before.labels if before else ()))))
            said = [[label.text, label.language, label.is_preferred] for label in labels]
            notation = one.notation or (before.notation if before else "")
            definition = one.definition or (before.definition if before else "")
            rows.append(
                (
                    canonical(one.iri),
                    one.kind.value,
                    notation,
                    definition,
                    one.is_deprecated,
                    json.dumps(said, ensure_ascii=False),
                )
            )
        return rows

    def concept(self, iri: str) -> Concept | None:
        found = self._ask("SELECT * FROM concept WHERE iri = ?", canonical(iri))
        if not found:
            return None
        name, kind, notation, definition, is_deprecated, labels = found[0]
        return Concept(
            iri=name,
            kind=Kind(kind),
            labels=tuple(Label(text, language, bool(preferred)) for text, language, preferred in json.loads(labels)),
            notation=notation,
            definition=definition,
            is_deprecated=bool(is_deprecated),
        )

    def related(self, iri: str, *links: Link) -> tuple[Relation, ...]:
        """What a concept points to."""
        wanted = set(links)
        found = self._ask("SELECT * FROM relation WHERE subject = ? ORDER BY object", canonical(iri))
        read = (Relation(subject, Link(link), object_) for subject, link, object_ in found)
        return tuple(relation for relation in read if relation.link in wanted)

    def _ask(self, question: str, value: str) -> list[Any]:
        """Nothing when nothing was kept yet, or when what is there cannot be read: then it is asked again."""
        if self._place is None or not self._place.exists():
            return []
        with suppress(sqlite3.Error), closing(sqlite3.connect(self._place, timeout=_WAIT_S)) as opened:
            return opened.execute(question, (value,)).fetchall()
        return []
