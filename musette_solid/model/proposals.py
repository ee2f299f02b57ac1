"""From the words of an activity to skills that may be in it: one's own first, then those of registers, each with why.

No network and no guess that cannot be explained: a proposal says which of the person's words it answers, or which
occupation they lead to. What the person set aside is not proposed again.
"""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final
from typing import Literal as OneOf

from musette_solid.model.activity import Activity
from musette_solid.model.references.concepts import Kind, Link, canonical
from musette_solid.model.references.search import SKILLS, TELLING, Found, is_light
from musette_solid.model.references.shelf import Shelf
from musette_solid.model.references.shelf import label as label_of
from musette_solid.model.references.words import stem, stems, tokens
from musette_solid.model.skill import Skill

FEWEST: Final = 4
MOST: Final = 8

#: What a proposal must answer at least; when that leaves fewer than four, a little less will do.
_GOOD: Final = 0.4
_FAIR: Final = 0.25
#: An occupation has to be named, not touched upon.
_NAMED: Final = 0.55
_OF_ONE_OCCUPATION: Final = 3
_OF_SAME_WORDS: Final = 2
_ASKED: Final = 5

_CLAUSES: Final = re.compile(r"[.;:,!?()\n/]|\b(?:et|puis|ou|ainsi que|and|then)\b", re.IGNORECASE)

Reason = OneOf["own", "tied", "words", "occupation"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """`iri` is a skill of the register of one's own, or a concept. `words` are the person's; `through` an occupation."""

    iri: str
    label: str
    reason: Reason
    words: tuple[str, ...] = ()
    through: str = ""
    register: str = ""
    score: float = 0.0

    @property
    def is_own(self) -> bool:
        return self.reason in {"own", "tied"}


def words_of(activity: Activity) -> str:
    """What the person wrote about an activity, a line each."""
    said = (activity.title, activity.role, activity.description, *activity.achievements)
    return "\n".join(text for text in said if text)


def propose(
    text: str,
    own: Sequence[Skill],
    shelf: Shelf,
    language: str = "fr",
    *,
    there: Collection[str] = (),
    declined: Collection[str] = (),
) -> tuple[Proposal, ...]:
    """Four to eight skills for these words, as far as there are any; the best first, one's own before all.

    `there` are the skills that the activity mobilises already, `declined` what the person set aside.
    """
    set_aside = {canonical(iri) for iri in declined}
    tied = {canonical(match): skill for skill in own for match in skill.matches}
    known = {canonical(match) for skill in own if skill.iri in there for match in skill.matches}
    found = [*_own(text, own), *_by_words(text, shelf, language), *_by_occupation(text, shelf, language)]
    kept: list[Proposal] = []
    answering: Counter[tuple[str, tuple[str, ...]]] = Counter()
    said: set[frozenset[str]] = {_gist(skill.label) for skill in own if skill.iri in there}
    for proposal in sorted(found, key=lambda one: (not one.is_own, -one.score)):
        skill = tied.get(proposal.iri)
        if skill is not None:
            proposal = Proposal(skill.iri, skill.label, "tied", proposal.words, "", "", proposal.score)  # noqa: PLW2901
        gist = _gist(proposal.label)
        if proposal.iri in {*there, *set_aside, *known, *(one.iri for one in kept)} or gist in said:
            continue
        # Variety: what else the words say is worth more than a third shade of the same.
        told = ("own" if proposal.is_own else proposal.reason, proposal.words)
        if proposal.reason == "words" and answering[told] >= _OF_SAME_WORDS:
            continue
        answering[told] += 1
        said.add(gist)
        kept.append(proposal)
    kept.sort(key=lambda one: (not one.is_own, -one.score))
    good = [one for one in kept if one.is_own or one.score >= _GOOD]
    chosen = good[:MOST] if len(good) >= FEWEST else kept[:FEWEST]
    return tuple(replace(one, words=_as_written(text, one.words)) for one in chosen)


def _as_written(text: str, words: Iterable[str]) -> tuple[str, ...]:
    """Folded words as the person wrote them."""
    written = {token: word for word in re.findall(r"[\w+#-]+", text) for token in tokens(word)}
    return tuple(dict.fromkeys(written.get(word, word) for word in words))


def _gist(label: str) -> frozenset[str]:
    return frozenset(stems(label))


def _own(text: str, own: Iterable[Skill]) -> list[Proposal]:
    said = {stem(word): word for word in tokens(text) if not is_light(word)}
    found = []
    for skill in own:
        held = [stem(word) for word in dict.fromkeys(tokens(skill.label)) if not is_light(word)]
        answered = [said[one] for one in held if one in said]
        if held and 2 * len(answered) >= len(held):
            found.append(Proposal(skill.iri, skill.label, "own", tuple(answered), score=len(answered) / len(held)))
    return found


def _by_words(text: str, shelf: Shelf, language: str) -> list[Proposal]:
    found: dict[str, Proposal] = {}
    for clause in _CLAUSES.split(text):
        if not tokens(clause):
            continue
        # The space says that the last word is whole.
        for one in shelf.search(clause.strip() + " ", SKILLS, _ASKED, strictness=TELLING):
            before = found.get(one.iri)
            if one.score >= _least(one) and (before is None or before.score < one.score):
                words = tuple(word for word, _ in one.answers)
                label = _preferred(shelf, one.iri, language) or one.label
                found[one.iri] = Proposal(one.iri, label, "words", words, "", one.register, one.score)
    return list(found.values())


def _least(found: Found) -> float:
    """What a proposal must answer: knowledge is proposed where knowing it is being able to do something with it."""
    if found.kind is Kind.SKILL:
        return _FAIR
    return _GOOD if found.category in _ABLE or found.register == "esco" else math.inf


_ABLE: Final = frozenset(
    {"Langages informatiques", "Logiciels, progiciels", "Langues", "Instruments de musique", "Sports"}
)


def _preferred(shelf: Shelf, iri: str, language: str) -> str:
    concept = shelf.concept(iri)
    return label_of(concept, language) if concept else ""


def _by_occupation(text: str, shelf: Shelf, language: str) -> list[Proposal]:
    """What is at the heart of an occupation that the words name: "treasurer of the club"."""
    best: dict[str, Found] = {}
    for clause in dict.fromkeys(part for line in text.splitlines() for part in (line, *_CLAUSES.split(line))):
        if not tokens(clause):
            continue
        for one in shelf.search(clause.strip() + " ", [Kind.OCCUPATION], 2, strictness=TELLING):
            if one.score >= _NAMED and (one.iri not in best or best[one.iri].score < one.score):
                best[one.iri] = one
    said = set(stems(text))
    found = []
    for one in sorted(best.values(), key=lambda one: -one.score)[:2]:
        core = []
        for relation in shelf.related(one.iri, Link.CORE):
            concept = shelf.concept(relation.object)
            if concept is None or concept.kind is not Kind.SKILL:
                continue
            label = label_of(concept, language)
            held = stems(label)
            share = len(said.intersection(held)) / len(held) if held else 0.0
            core.append((0.32 + 0.35 * share + 0.15 * min(one.score, 1.0), label, concept.iri))
        core.sort(key=lambda item: (-item[0], len(item[1])))
        words = tuple(word for word, _ in one.answers)
        found += [
            Proposal(iri, label, "occupation", words, one.label, one.register, score)
            for score, label, iri in core[:_OF_ONE_OCCUPATION]
        ]
    return found
