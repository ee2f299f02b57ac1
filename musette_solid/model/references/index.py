"""A register as one SQLite file: made once from what was downloaded, then only read.

Each label is a row; `posting` says which stems it holds and what each weighs there (rare stems weigh more, long labels
spread their weight), so that one grouped sum ranks all of them (docs/decisions/0026 says why not FTS5). Labels of one
kind lie together, so that a kind is a range of rows. `near` and `sound` find the word that somebody meant.
"""

import json
import math
import os
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from musette_solid.model.references.concepts import Concept, Kind, Label, Link, Register, Relation, canonical
from musette_solid.model.references.words import sound, stem, tokens, without_one_letter

#: Raised when an index made by another version of this module cannot be read by this one.
FORMAT: Final = "1"

_TABLES: Final = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE concept (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, notation TEXT NOT NULL,
    category TEXT NOT NULL, reach TEXT NOT NULL, definition TEXT NOT NULL, is_deprecated INTEGER NOT NULL);
CREATE TABLE label (id INTEGER PRIMARY KEY, concept INTEGER NOT NULL, language TEXT NOT NULL, text TEXT NOT NULL,
    is_preferred INTEGER NOT NULL, stems TEXT NOT NULL);
CREATE TABLE stem (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE, rarity REAL NOT NULL);
CREATE TABLE posting (stem INTEGER NOT NULL, label INTEGER NOT NULL, weight REAL NOT NULL, PRIMARY KEY (stem, label))
    WITHOUT ROWID;
CREATE TABLE word (text TEXT PRIMARY KEY, stem INTEGER NOT NULL, labels INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE near (cut TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (cut, word)) WITHOUT ROWID;
CREATE TABLE sound (heard TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (heard, word)) WITHOUT ROWID;
CREATE TABLE relation (subject INTEGER NOT NULL, link TEXT NOT NULL, object INTEGER NOT NULL, rank INTEGER NOT NULL,
    PRIMARY KEY (subject, link, object)) WITHOUT ROWID;
"""
_AFTERWARDS: Final = """
CREATE INDEX label_of ON label (concept);
CREATE INDEX relation_to ON relation (object, link);
"""

_UNKNOWN: Final = 6.0

#: Labels are laid down in this order: kinds that are asked for together lie together.
_ORDER: Final = (Kind.SKILL, Kind.KNOWLEDGE, Kind.OCCUPATION, Kind.CONTEXT, Kind.GROUP)


@dataclass(frozen=True, slots=True)
class Row:
    """A label with what ranking needs of it; `stems` are numbers."""

    id: int
    concept: int
    text: str
    language: str
    is_preferred: bool
    stems: tuple[int, ...]
    iri: str
    kind: Kind
    category: str
    reach: str
    is_deprecated: bool


@dataclass(frozen=True)
class About:
    """What an index was made from. `installed` is a day; `checksum` the SHA-256 of what was downloaded."""

    key: str
    name: str
    version: str
    licence: str
    attribution: str
    source: str
    checksum: str
    installed: date
    concepts: Mapping[str, int]
    languages: tuple[str, ...]


def build(
    place: Path | None,
    register: Register,
    *,
    source: str = "",
    checksum: str = "",
    installed: date,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> sqlite3.Connection:
    """Write the index; whole, or not at all. Without a place it lives in memory. `progress` counts labels."""
    new = place.with_name(f"{place.name}.new") if place else None
    if new is not None:
        new.unlink(missing_ok=True)
    opened = sqlite3.connect(str(new) if new else ":memory:", check_same_thread=False)
    opened.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
    numbers = _write_concepts(opened, register.concepts)
    kinds = _write_labels(opened, register.concepts, numbers, progress)
    opened.executemany(
        "INSERT OR IGNORE INTO relation VALUES (?, ?, ?, ?)",
        ((numbers[r.subject], r.link, numbers[r.object], r.rank) for r in register.relations),
    )
    opened.executescript(_AFTERWARDS)
    languages = dict.fromkeys(label.language for concept in register.concepts for label in concept.labels)
    said = {
        "format": FORMAT,
        "key": register.key,
        "name": register.name,
        "version": register.version,
        "licence": register.licence,
        "attribution": register.attribution,
        "source": source,
        "checksum": checksum,
        "installed": installed.isoformat(),
        "concepts": json.dumps(Counter(concept.kind.value for concept in register.concepts)),
        "languages": " ".join(languages),
        "kinds": json.dumps(kinds),
    }
    opened.executemany("INSERT INTO meta VALUES (?, ?)", said.items())
    opened.commit()
    if place is not None and new is not None:
        opened.close()
        os.replace(new, place)  # noqa: PTH105  (one step: a reader finds the old index or the new one)
        return sqlite3.connect(f"file:{place}?mode=ro", uri=True, check_same_thread=False)
    return opened


def _write_concepts(opened: sqlite3.Connection, concepts: Iterable[Concept]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    rows = []
    for number, one in enumerate(concepts, start=1):
        numbers[one.iri] = number
        rows.append(
            (number, one.iri, one.kind.value, one.notation, one.group, one.reach, one.definition, one.is_deprecated)
        )
    opened.executemany("INSERT INTO concept VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    return numbers


def _write_labels(
    opened: sqlite3.Connection,
    concepts: Iterable[Concept],
    numbers: Mapping[str, int],
    progress: Callable[[int, int], None],
) -> dict[str, tuple[int, int]]:
    """The labels and everything that finds them; for each kind, its first and last row."""
    laid = sorted(concepts, key=lambda concept: _ORDER.index(concept.kind))
    total = sum(len(concept.labels) for concept in laid)
    kinds: dict[str, tuple[int, int]] = {}
    rows: list[tuple[int, int, str, str, bool, tuple[str, ...]]] = []
    words: Counter[str] = Counter()
    for concept in laid:
        for label in concept.labels:
            number = len(rows) + 1
            first, _ = kinds.get(concept.kind.value, (number, number))
            kinds[concept.kind.value] = (first, number)
            said = tokens(label.text)
            words.update(set(said))
            held = tuple(dict.fromkeys(stem(word) for word in said))
            rows.append((number, numbers[concept.iri], label.language, label.text, label.is_preferred, held))
            if number % 2000 == 0:
                progress(number, total)
    holding = Counter(one for row in rows for one in row[5])
    stems = {one: number for number, one in enumerate(holding, start=1)}
    rarity = {one: math.log(1 + total / (1 + count)) for one, count in holding.items()}
    opened.executemany("INSERT INTO stem VALUES (?, ?, ?)", ((stems[one], one, rarity[one]) for one in stems))
    opened.executemany(
        "INSERT INTO label VALUES (?, ?, ?, ?, ?, ?)",
        ((*row[:5], " ".join(str(stems[one]) for one in row[5])) for row in rows),
    )
    postings = []
    for row in rows:
        # The root of the length, not the length: a label that says more is worth a little less, not nothing.
        spread = math.sqrt(math.sqrt(sum(rarity[one] ** 2 for one in row[5]))) or 1.0
        postings += [(stems[one], row[0], rarity[one] / spread) for one in row[5]]
    postings.sort()
    opened.executemany("INSERT INTO posting VALUES (?, ?, ?)", postings)
    opened.executemany(
        "INSERT INTO word VALUES (?, ?, ?)", sorted((word, stems[stem(word)], count) for word, count in words.items())
    )
    long = [word for word in words if len(word) >= 4 and word.isalpha()]
    opened.executemany(
        "INSERT INTO near VALUES (?, ?)", sorted((cut, word) for word in long for cut in without_one_letter(word))
    )
    opened.executemany("INSERT INTO sound VALUES (?, ?)", sorted((sound(word), word) for word in long))
    progress(total, total)
    return kinds


class Index:
    """One register, open for reading. Several threads may ask."""

    def __init__(self, place: Path | sqlite3.Connection) -> None:
        self._place = place
        self._local = threading.local()
        said = dict(self._ask("SELECT name, value FROM meta"))
        if said.get("format") != FORMAT:
            raise ValueError(said.get("format"))
        self.about = About(
            said["key"],
            said["name"],
            said["version"],
            said["licence"],
            said["attribution"],
            said["source"],
            said["checksum"],
            date.fromisoformat(said["installed"]),
            json.loads(said["concepts"]),
            tuple(said["languages"].split()),
        )
        self._kinds: dict[str, tuple[int, int]] = {kind: (a, b) for kind, (a, b) in json.loads(said["kinds"]).items()}
        self.rarity: dict[int, float] = dict(self._ask("SELECT id, rarity FROM stem"))
        #: What a word counts that no label knows: it asked for something all the same.
        self.rarest = min(_UNKNOWN, max(self.rarity.values(), default=_UNKNOWN))

    def _ask(self, question: str, values: tuple[object, ...] = ()) -> list[Any]:
        return self._connection().execute(question, values).fetchall()

    def _connection(self) -> sqlite3.Connection:
        if isinstance(self._place, sqlite3.Connection):
            return self._place
        opened: sqlite3.Connection | None = getattr(self._local, "opened", None)
        if opened is None:
            opened = self._local.opened = sqlite3.connect(f"file:{self._place}?mode=ro&immutable=1", uri=True)
        return opened

    # --- words

    def stem_number(self, text: str) -> int | None:
        found = self._ask("SELECT id FROM stem WHERE text = ?", (text,))
        return int(found[0][0]) if found else None

    def has_word(self, word: str) -> bool:
        return bool(self._ask("SELECT 1 FROM word WHERE text = ?", (word,)))

    def beginning(self, start: str, most: int = 24) -> tuple[int, ...]:
        """The stems of the words that begin like this, those of most labels first."""
        found = self._ask(
            "SELECT stem FROM word WHERE text >= ? AND text < ? GROUP BY stem ORDER BY sum(labels) DESC LIMIT ?",
            (start, start + "\U0010ffff", most),
        )
        return tuple(int(row[0]) for row in found)

    def meant(self, word: str, most: int = 4) -> tuple[tuple[str, int], ...]:
        """The words, each with its stem, that somebody who typed `word` may have meant, the most frequent first.

        A letter is wrong, missing, too many or out of place; else, what sounds the same.
        """
        cuts = tuple(without_one_letter(word))
        marks = ",".join("?" * len(cuts))
        found = self._ask(
            f"SELECT DISTINCT word.text, word.stem, word.labels FROM near JOIN word ON word.text = near.word "  # noqa: S608
            f"WHERE near.cut IN ({marks})",
            cuts,
        )
        close = [row for row in found if _is_slip(word, row[0])]
        if not close:
            close = self._ask(
                "SELECT word.text, word.stem, word.labels FROM sound JOIN word ON word.text = sound.word WHERE heard = ?",
                (sound(word),),
            )
        close.sort(key=lambda row: -row[2])
        return tuple((str(row[0]), int(row[1])) for row in close[:most])

    # --- labels

    def rows(self, weights: Mapping[int, float], kinds: Iterable[Kind], most: int) -> list[Row]:
        """The labels that weigh most under these stems."""
        ranges = [self._kinds[kind] for kind in kinds if kind in self._kinds]
        if not weights or not ranges:
            return []
        values = ",".join(f"({number},{weight:.4f})" for number, weight in weights.items())
        within = " OR ".join(f"label BETWEEN {first} AND {last}" for first, last in ranges)
        found = self._ask(
            f"WITH asked(stem, weight) AS (VALUES {values}), best AS ("  # noqa: S608  (numbers of ours)
            "SELECT label, sum(asked.weight * posting.weight) AS score FROM asked JOIN posting USING (stem) "
            f"WHERE {within} GROUP BY label ORDER BY score DESC LIMIT ?) "
            "SELECT label.id, label.concept, label.text, label.language, label.is_preferred, label.stems, concept.iri, "
            "concept.kind, concept.category, concept.reach, concept.is_deprecated FROM best JOIN label ON label.id = best.label "
            "JOIN concept ON concept.id = label.concept",
            (most,),
        )
        return [
            Row(
                row[0],
                row[1],
                row[2],
                row[3],
                bool(row[4]),
                tuple(map(int, row[5].split())),
                row[6],
                Kind(row[7]),
                row[8],
                row[9],
                bool(row[10]),
            )
            for row in found
        ]

    # --- concepts

    def concept(self, iri: str) -> Concept | None:
        found = self._ask("SELECT * FROM concept WHERE iri = ?", (canonical(iri),))
        return self._concept(found[0]) if found else None

    def _concept(self, row: tuple[Any, ...]) -> Concept:
        labels = self._ask(
            "SELECT text, language, is_preferred FROM label WHERE concept = ? ORDER BY is_preferred DESC, id", (row[0],)
        )
        return Concept(
            iri=row[1],
            kind=Kind(row[2]),
            labels=tuple(Label(text, language, bool(preferred)) for text, language, preferred in labels),
            notation=row[3],
            group=row[4],
            reach=row[5],
            definition=row[6],
            is_deprecated=bool(row[7]),
        )

    def related(self, iri: str, *links: Link) -> tuple[Relation, ...]:
        """What a concept points to, nearest first."""
        return self._relations("subject", iri, links)

    def relating(self, iri: str, *links: Link) -> tuple[Relation, ...]:
        """What points to a concept."""
        return self._relations("object", iri, links)

    def _relations(self, side: str, iri: str, links: Iterable[Link]) -> tuple[Relation, ...]:
        wanted = tuple(str(link) for link in links)
        found = self._ask(
            "SELECT one.iri, relation.link, two.iri, relation.rank FROM relation "  # noqa: S608
            "JOIN concept AS one ON one.id = relation.subject JOIN concept AS two ON two.id = relation.object "
            f"WHERE relation.{side} = (SELECT id FROM concept WHERE iri = ?) "
            f"AND relation.link IN ({','.join('?' * len(wanted))}) ORDER BY relation.rank, two.iri, one.iri",
            (canonical(iri), *wanted),
        )
        return tuple(Relation(row[0], Link(row[1]), row[2], row[3]) for row in found)


def _is_slip(typed: str, word: str) -> bool:
    """Whether one slip of the fingers makes one of the other: a letter changed, added, left out, or two swapped.

    Two letters that differ far apart are two words.
    """
    if typed == word or abs(len(typed) - len(word)) > 1:
        return typed == word
    if len(typed) == len(word):
        wrong = [place for place in range(len(word)) if typed[place] != word[place]]
        if len(wrong) == 2:
            first, second = wrong
            return second == first + 1 and typed[first] == word[second] and typed[second] == word[first]
        return len(wrong) == 1
    short, long = sorted((typed, word), key=len)
    return any(long[:place] + long[place + 1 :] == short for place in range(len(long)))
