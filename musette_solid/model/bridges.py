"""From where somebody is to an occupation: what it needs that they hold, could prove, or lack; each with why.

No number sums it up. What an occupation needs is what its register says; what somebody holds is what their bag says, and a
likeness of words alone is offered as a question. Nothing here is stored.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rdflib import URIRef

from musette_solid.model import labels
from musette_solid.model.references.concepts import Concept, Kind, Link, canonical
from musette_solid.model.references.search import is_light
from musette_solid.model.references.shelf import Shelf
from musette_solid.model.references.shelf import label as label_of
from musette_solid.model.references.words import stem, tokens
from musette_solid.model.standing import Standing, State, rank
from musette_solid.rdf import terms

#: An occupation's links to what it needs, the nearest to its heart first.
NEEDS: Final = (Link.CORE, Link.EMERGING, Link.USES)
#: From this step of the scale on, one does it alone.
_ALONE: Final = 3
_MOST_NEIGHBOURS: Final = 12
_MOST_SHARED: Final = 5


class Status(StrEnum):
    HELD = "held"
    TO_PROVE = "to-prove"
    MISSING = "missing"


class How(StrEnum):
    """What ties a skill of the bag to what is needed."""

    SAME = "same"  # the person said that it is the same
    CLOSE = "close"  # the person said that it is close
    WIDER = "wider"  # it is tied to the wider skill of the register
    NARROWER = "narrower"  # it is tied to a part of it
    WORDS = "words"  # only the words are alike: it has to be confirmed


class Reason(StrEnum):
    """Why a skill that is there still has to be proved."""

    ONLY_SAID = "only-said"  # nothing but the person's word vouches for it
    LEARNING = "learning"  # not yet on one's own
    DORMANT = "dormant"
    LIKENESS = "likeness"  # tied by words, by a wider or by a narrower skill


@dataclass(frozen=True, slots=True)
class Answer:
    standing: Standing
    how: How


@dataclass(frozen=True, slots=True)
class Need:
    """`answers` are skills of the bag, the best first; `reasons` why the best one is still to prove."""

    iri: str
    label: str
    link: Link
    kind: Kind
    status: Status
    answers: tuple[Answer, ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An occupation near another: `rank` is the register's own (0: it is only shared skills that bring them near).

    `shared` is what both have at their heart; `held` how many of `total` needs at its heart the bag answers for.
    """

    iri: str
    label: str
    rank: int
    shared: tuple[str, ...]
    held: int
    total: int


@dataclass(frozen=True)
class Bridge:
    occupation: Concept
    needs: tuple[Need, ...]
    contexts: tuple[str, ...]
    neighbours: tuple[Neighbour, ...]

    def of(self, status: Status) -> tuple[Need, ...]:
        return tuple(need for need in self.needs if need.status == status)


@dataclass(frozen=True, slots=True)
class Way:
    """An occupation that the bag already leads towards: the names of the skills that are at its heart, of `total`."""

    iri: str
    label: str
    skills: tuple[str, ...]
    total: int


def bridge(occupation: str, shelf: Shelf, held: Sequence[Standing], language: str) -> Bridge | None:
    """None when no register at hand knows the occupation."""
    concept = shelf.concept(occupation)
    if concept is None or concept.kind != Kind.OCCUPATION:
        return None
    ties = _Ties(held, shelf, language)
    needs, contexts = [], []
    for relation in shelf.related(concept.iri, *NEEDS):
        found = shelf.concept(relation.object)
        if found is None or found.is_deprecated:
            continue
        if found.kind == Kind.CONTEXT:
            contexts.append(label_of(found, language))
        else:
            needs.append(ties.need(found, relation.link))
    order = {link: place for place, link in enumerate(NEEDS)}
    needs.sort(key=lambda need: (order[need.link], need.kind != Kind.SKILL, need.label))
    return Bridge(concept, tuple(needs), tuple(sorted(contexts)), _neighbours(concept, shelf, ties, language))


def ways(shelf: Shelf, held: Sequence[Standing], language: str, most: int = 8) -> tuple[Way, ...]:
    """Occupations with most of the person's own skills at their heart, as far as those are tied to a register."""
    by_occupation: dict[str, dict[str, str]] = {}
    for standing in held:
        for concept in _concepts_of(standing):
            for relation in shelf.relating(concept, Link.CORE, Link.EMERGING):
                by_occupation.setdefault(relation.subject, {})[standing.skill.iri] = standing.skill.label
    found = []
    for occupation, skills in by_occupation.items():
        concept_ = shelf.concept(occupation)
        if concept_ is not None and concept_.kind == Kind.OCCUPATION:
            total = len(shelf.related(occupation, Link.CORE))
            found.append(Way(occupation, label_of(concept_, language), tuple(sorted(skills.values())), total))
    found.sort(key=lambda way: (-len(way.skills), way.total, way.label))
    return tuple(found[:most])


def _neighbours(concept: Concept, shelf: Shelf, ties: "_Ties", language: str) -> tuple[Neighbour, ...]:
    heart = _heart(shelf, concept.iri)
    ranks = {relation.object: relation.rank or 999 for relation in shelf.related(concept.iri, Link.NEIGHBOUR)}
    near: Counter[str] = Counter()
    for iri in heart:
        near.update(relation.subject for relation in shelf.relating(iri, Link.CORE) if relation.subject != concept.iri)
    # What shares one skill shares little: a third of the heart, and two at least.
    close = [iri for iri, count in near.most_common(40) if count >= max(2, len(heart) // 3)]
    found = []
    for iri in dict.fromkeys([*sorted(ranks, key=lambda one: ranks[one]), *close]):
        other = shelf.concept(iri)
        if other is None:
            continue
        theirs = _heart(shelf, iri)
        shared = [shelf.concept(one) for one in theirs if one in set(heart)]
        named = tuple(label_of(one, language) for one in shared if one is not None)[:_MOST_SHARED]
        answered = sum(ties.is_tied(one) for one in theirs)
        found.append(
            Neighbour(iri, label_of(other, language), ranks.get(iri, 0), named, answered, len(theirs)),
        )
    found.sort(key=lambda one: (one.rank == 0, one.rank, -len(one.shared), one.label))
    return tuple(found[:_MOST_NEIGHBOURS])


def _heart(shelf: Shelf, occupation: str) -> tuple[str, ...]:
    return tuple(relation.object for relation in shelf.related(occupation, Link.CORE))


class _Ties:
    """What the skills of a bag are tied to, by concept and by words."""

    def __init__(self, held: Sequence[Standing], shelf: Shelf, language: str) -> None:
        self._shelf = shelf
        self._language = language
        self._tied: dict[str, list[Answer]] = {}
        self._words: list[tuple[frozenset[str], Standing]] = []
        for standing in held:
            exact = {canonical(iri) for iri in standing.skill.exact}
            for iri in _concepts_of(standing):
                how = How.SAME if iri in exact else How.CLOSE
                self._tied.setdefault(iri, []).append(Answer(standing, how))
            said = [standing.skill.label, *(text for _, text in standing.skill.match_labels)]
            self._words += [(words, standing) for text in said if (words := _telling(text))]

    def is_tied(self, iri: str) -> bool:
        return canonical(iri) in self._tied

    def need(self, concept: Concept, link: Link) -> Need:
        answers = self._answers(concept)
        name = label_of(concept, self._language)
        if not answers:
            return Need(concept.iri, name, link, concept.kind, Status.MISSING)
        answers.sort(key=lambda answer: (len(_reasons(answer)), list(How).index(answer.how), answer.standing.skill.iri))
        reasons = _reasons(answers[0])
        status = Status.TO_PROVE if reasons else Status.HELD
        return Need(concept.iri, name, link, concept.kind, status, tuple(answers), reasons)

    def _answers(self, concept: Concept) -> list[Answer]:
        found = list(self._tied.get(concept.iri, ()))
        for relation in self._shelf.related(concept.iri, Link.BROADER):
            found += [Answer(one.standing, How.WIDER) for one in self._tied.get(relation.object, ())]
        for relation in self._shelf.relating(concept.iri, Link.BROADER):
            found += [Answer(one.standing, How.NARROWER) for one in self._tied.get(relation.subject, ())]
        wanted = [words for one in concept.labels if (words := _telling(one.text))]
        found += [
            Answer(standing, How.WORDS) for said, standing in self._words if any(_alike(said, one) for one in wanted)
        ]
        best: dict[str, Answer] = {}
        for answer in sorted(found, key=lambda one: list(How).index(one.how)):
            best.setdefault(answer.standing.skill.iri, answer)
        return list(best.values())


def _concepts_of(standing: Standing) -> tuple[str, ...]:
    """What a skill is tied to, and what those are matched with in other registers by our own vocabulary."""
    tied = [canonical(iri) for iri in standing.skill.matches]
    return tuple(dict.fromkeys([*tied, *(other for iri in tied for other in _matched(iri))]))


def _matched(iri: str) -> Iterable[str]:
    graph = labels.graph()
    for path in (terms.SKOS_EXACT_MATCH, terms.SKOS_CLOSE_MATCH):
        yield from (str(other) for other in graph.objects(URIRef(iri), path))


def _reasons(answer: Answer) -> tuple[Reason, ...]:
    standing = answer.standing
    own = standing.skill.current
    found = []
    if answer.how in {How.WORDS, How.WIDER, How.NARROWER}:
        found.append(Reason.LIKENESS)
    if State.PROVEN not in standing.states:
        found.append(Reason.ONLY_SAID)
    if own is not None and 0 < rank(own.level) < _ALONE:
        found.append(Reason.LEARNING)
    if State.DORMANT in standing.states:
        found.append(Reason.DORMANT)
    return tuple(found)


_ASIDE: Final = re.compile(r"\([^)]*\)")


def _telling(text: str) -> frozenset[str]:
    """The words that tell, as stems; examples in brackets left out."""
    return frozenset(stem(word) for word in tokens(_ASIDE.sub(" ", text)) if not is_light(word))


def _alike(one: frozenset[str], two: frozenset[str]) -> bool:
    """Whether one saying has all telling words of the other, or both have most of theirs in common; two at least.

    Lenient, because a likeness is only ever asked about.
    """
    common = one & two
    if one == two:
        return True
    return len(common) >= 2 and (one <= two or two <= one or 3 * len(common) >= 2 * max(len(one), len(two)))
