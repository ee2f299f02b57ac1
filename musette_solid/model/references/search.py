"""Find concepts by the words people use: as one types, whatever the accents, the gender and the slips of the fingers.

No box is black here: each result says which of the words asked for it answers, and by which word of its own.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from musette_solid import shipped
from musette_solid.model.references.concepts import Kind
from musette_solid.model.references.index import Index, Row
from musette_solid.model.references.words import stem, tokens
from musette_solid.model.words import folded

SKILLS: Final = (Kind.SKILL, Kind.KNOWLEDGE)

#: How much a word counts that is not the one that was typed, but…
_BEGINS: Final = 0.75  # …begins like it (the last word, while one types)
_MEANT: Final = 0.8  # …was probably meant
_EVERYDAY: Final = 0.8  # …says in a register's way what was said in everyday words

#: A label that has the very word stands before one that has another of its family: "équipe", not "équipement".
_VERY_WORD: Final = 1.05

_CANDIDATES: Final = 160

#: How widely a skill serves says how likely it is to be meant. A certificate is not what one does.
_REACH: Final[Mapping[str, float]] = {
    "transversal": 1.12,
    "wide": 1.08,
    "cross-sector": 1.04,
    "occupation-specific": 0.95,
}
_CATEGORY: Final[Mapping[str, float]] = {"Certifications": 0.6, "Habilitations": 0.75}
_KIND: Final[Mapping[Kind, float]] = {Kind.KNOWLEDGE: 0.93, Kind.GROUP: 0.6, Kind.CONTEXT: 0.8}
_DEPRECATED: Final = 0.5


@dataclass(frozen=True, slots=True)
class Found:
    """A concept, the label that answered, how well (about 0 to 1), and what of it answers which word of the question."""

    iri: str
    register: str
    kind: Kind
    label: str
    language: str
    score: float
    answers: tuple[tuple[str, str], ...] = ()
    category: str = ""
    is_deprecated: bool = False


@dataclass(frozen=True, slots=True)
class _Asked:
    """One word of the question: the stems that answer it, and how well each does."""

    word: str
    stems: Mapping[int, float]
    rarity: float


#: How much it costs to leave words of the question unanswered: much for who searches, less for who tells.
SEARCHING: Final = 1.3
TELLING: Final = 0.7


def search(
    index: Index, text: str, kinds: Iterable[Kind] = SKILLS, most: int = 10, strictness: float = SEARCHING
) -> list[Found]:
    """The best answers first. While one types, the last word may be unfinished: it is, unless a space follows it."""
    asked = _asked(index, text)
    if not asked:
        return []
    weights: dict[int, float] = {}
    for word in asked:
        for number, weight in word.stems.items():
            weights[number] = max(weights.get(number, 0.0), weight * index.rarity[number])
    whole = folded(text)
    best: dict[str, Found] = {}
    for row in index.rows(weights, kinds, _CANDIDATES):
        score = _score(index, row, asked, whole, strictness)
        before = best.get(row.iri)
        if before is None or score > before.score:
            answers = tuple((word.word, row.text) for word in asked if set(word.stems) & set(row.stems))
            best[row.iri] = Found(
                row.iri,
                index.about.key,
                row.kind,
                row.text,
                row.language,
                score,
                answers,
                row.category,
                row.is_deprecated,
            )
    return sorted(best.values(), key=lambda found: (-found.score, len(found.label), found.label))[:most]


def _score(index: Index, row: Row, asked: Sequence[_Asked], whole: str, strictness: float) -> float:
    held = set(row.stems)
    wanted = sum(word.rarity for word in asked)
    answered = 0.0
    used: set[int] = set()
    for word in asked:
        there = held & set(word.stems)
        if there:
            answered += word.rarity * max(word.stems[number] for number in there)
            used |= there
    total = sum(index.rarity[number] for number in held) or 1.0
    of_label = sum(index.rarity[number] for number in used) / total
    score: float = (answered / wanted) ** strictness * (0.55 + 0.45 * of_label)
    said = folded(row.text)
    if said == whole:
        score *= 1.25
    elif said.startswith(f"{whole} "):
        score *= 1.1
    if not {word.word for word in asked}.isdisjoint(said.split()):
        score *= _VERY_WORD
    score *= _REACH.get(row.reach, 1.0) * _CATEGORY.get(row.category, 1.0) * _KIND.get(row.kind, 1.0)
    return score * (_DEPRECATED if row.is_deprecated else 1.0)


def _asked(index: Index, text: str) -> list[_Asked]:
    words = tokens(text) or tuple(folded(text).split())
    is_typing = bool(text) and not text[-1].isspace()
    found = []
    for place, word in enumerate(words):
        stems = _stems(index, word, is_unfinished=is_typing and place == len(words) - 1)
        # A word that no label knows still counts: what answers the others only answers a part.
        rarity = max((index.rarity[number] for number, weight in stems.items() if weight > 0.6), default=index.rarest)
        # "Réparer un vélo": what is acted on says more than the act.
        of_act = _ACT if place == 0 and len(words) > 1 and word.endswith(_INFINITIVE) else 1.0
        found.append(_Asked(word, stems, rarity * _light(word) * of_act))
    return found if any(word.stems for word in found) else []


_ACT: Final = 0.75
_INFINITIVE: Final = ("er", "ir", "re")


def is_light(word: str) -> bool:
    """Whether a folded word says little by itself."""
    return _light(word) < 1


def _light(word: str) -> float:
    """Some words carry little of the meaning: verbs for doing anything, names for anybody."""
    return _LIGHT.get(stem(word), 1.0)


_LIGHT: Final[Mapping[str, float]] = {
    stem(word): weight
    for weight, words in (
        (
            0.35,
            "utiliser gens personne personnes quelqu quelque quelquun monde chose choses truc trucs mettre prendre donner aller",
        ),
        (0.5, "gerer occuper aider apprendre mener tenir realiser effectuer assurer nouveau nouvelle petit grand seul"),
    )
    for word in words.split()
}


def _stems(index: Index, word: str, *, is_unfinished: bool) -> dict[int, float]:
    stems: dict[int, float] = {}
    exact = index.stem_number(stem(word))
    if exact is not None:
        stems[exact] = 1.0
    for meaning, weight in everyday().get(stem(word), ()):
        number = index.stem_number(meaning)
        if number is not None:
            stems[number] = max(stems.get(number, 0.0), weight * _EVERYDAY)
    if is_unfinished and len(word) >= 2 and not index.has_word(word):
        for number in index.beginning(word):
            stems.setdefault(number, _BEGINS)
    if not stems and len(word) >= 4:
        for _, number in index.meant(word):
            stems.setdefault(number, _MEANT)
    return stems


@lru_cache(maxsize=1)
def everyday() -> Mapping[str, tuple[tuple[str, float], ...]]:
    """Stems of everyday words, to the stems that registers write for them and how much of the meaning each carries.

    From vocab/everyday/fr.csv: `said` lists everyday words, `means` what registers say, each separated by `;`.
    """
    found: dict[str, dict[str, float]] = {}
    text = (shipped.VOCAB / "everyday" / "fr.csv").read_text("utf-8")
    for row in csv.DictReader(io.StringIO(text)):
        meanings = [tokens(meaning) for meaning in row["means"].split(";")]
        for said in tokens(row["said"]):
            place = found.setdefault(stem(said), {})
            for meaning in meanings:
                for word in meaning:
                    # "personne âgée" is found by "âgée" more than by "personne".
                    weight = 1.0 if len(meaning) == 1 else 0.35 if _light(word) < 1 else 0.8
                    place[stem(word)] = max(place.get(stem(word), 0.0), weight)
    return {one: tuple(meanings.items()) for one, meanings in found.items()}
