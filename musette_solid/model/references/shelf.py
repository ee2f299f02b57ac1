"""The registers that are at hand: our own always, ESCO and ROME where somebody installed them."""

import threading
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

from musette_solid.model.references import starters
from musette_solid.model.references.concepts import Concept, Kind, Link, Relation, canonical
from musette_solid.model.references.index import About, Index, build
from musette_solid.model.references.learnt import Learnt
from musette_solid.model.references.search import SEARCHING, SKILLS, Found, search

#: The registers that can be installed, by the name of their file.
KEYS: Final = ("esco", "rome")
#: What ESCO's service said when it was asked.
LEARNT: Final = "esco-online.sqlite"


@lru_cache(maxsize=1)
def _own() -> Index:
    return Index(build(None, starters.register(), installed=date(2026, 11, 25)))


class Shelf:
    """Every register in one folder. A register that was installed anew since is opened anew."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.learnt = Learnt(folder / LEARNT if folder else None)
        self._open: dict[str, tuple[tuple[int, int], Index]] = {}
        self._lock = threading.Lock()

    def place(self, key: str) -> Path | None:
        return self.folder / f"{key}.sqlite" if self.folder else None

    def indexes(self) -> tuple[Index, ...]:
        """Our own first, then those that are installed."""
        return (_own(), *filter(None, map(self.index, KEYS)))

    def index(self, key: str) -> Index | None:
        """The register, if it is installed and was made by this version of the application."""
        if key == starters.KEY:
            return _own()
        place = self.place(key)
        try:
            if place is None:
                return None
            seen = place.stat()
        except OSError:
            return None
        mark = (seen.st_mtime_ns, seen.st_ino)
        with self._lock:
            known = self._open.get(key)
            if known is None or known[0] != mark:
                self._open.pop(key, None)
                with suppress(Exception):  # made by another version, or damaged: as if it were not there
                    self._open[key] = (mark, Index(place))
            known = self._open.get(key)
            return known[1] if known else None

    def about(self) -> tuple[About, ...]:
        return tuple(index.about for index in self.indexes())

    @property
    def has_occupations(self) -> bool:
        return any(about.concepts.get(Kind.OCCUPATION, 0) for about in self.about())

    def search(
        self,
        text: str,
        kinds: Iterable[Kind] = SKILLS,
        most: int = 10,
        registers: Iterable[str] = (),
        strictness: float = SEARCHING,
    ) -> list[Found]:
        """The best answers of all registers, or of those that are named."""
        wanted = set(registers)
        asked = tuple(kinds)
        found = [
            one
            for index in self.indexes()
            if not wanted or index.about.key in wanted
            for one in search(index, text, asked, most, strictness)
        ]
        # Between equals our own are plainer, and come first: `indexes` puts them there, and sorting keeps that order.
        return sorted(found, key=lambda one: -one.score)[:most]

    def concept(self, iri: str) -> Concept | None:
        """What a register says of a concept; None when no register at hand knows it."""
        for index in self.indexes():
            found = index.concept(iri)
            if found is not None:
                return found
        return self.learnt.concept(iri)

    def register_of(self, iri: str) -> str:
        """The name of the register that a concept belongs to, as far as its IRI tells; empty for another one."""
        iri = canonical(iri)
        for start, name in _NAMES:
            if iri.startswith(start):
                return name
        return ""

    def related(self, iri: str, *links: Link) -> tuple[Relation, ...]:
        installed = next((found for index in self.indexes() if (found := index.related(iri, *links))), ())
        return installed or self.learnt.related(iri, *links)

    def relating(self, iri: str, *links: Link) -> tuple[Relation, ...]:
        """What points to a concept, in what is installed: what somebody asked online leads nobody else there."""
        return next((found for index in self.indexes() if (found := index.relating(iri, *links))), ())


_NAMES: Final = (
    ("http://data.europa.eu/esco/", "ESCO"),
    ("https://w3id.org/musette/rome/", "ROME"),
    ("https://w3id.org/musette#", "La Musette"),
)


def label(concept: Concept, language: str) -> str:
    """What a concept is called in a language, or in another one that its register has."""
    preferred = [one for one in concept.labels if one.is_preferred] or list(concept.labels)
    for wanted in (language[:2], "fr", "en"):
        for one in preferred:
            if one.language == wanted:
                return one.text
    return preferred[0].text if preferred else concept.notation
