"""Reflexive methods: open content of steps, each a question, the way to answer it, and what an answer can become.

A method is a file (vocab/methods/, or somebody's own). What its shape cannot say is checked here: the steps make one line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rdflib import Graph, URIRef

from musette_solid import shipped
from musette_solid.errors import N_, MusetteError
from musette_solid.model.described import Index
from musette_solid.model.journal import Reflection
from musette_solid.model.labels import by_language, concepts, in_language
from musette_solid.rdf import names, syntax, terms

PUBLISHED: Final = "https://w3id.org/musette/methods/"
#: Nobody answers more questions than these in a row.
MOST_STEPS: Final = 60
#: The strongest answer on each scale.
SCALES: Final[Mapping[URIRef, int]] = {terms.ANSWER_KIND_SCALE: 10, terms.ANSWER_KIND_WEIGHT: 4}
#: Answers chosen in the bag.
CHOSEN: Final = frozenset({terms.ANSWER_KIND_ACTIVITY, terms.ANSWER_KIND_SKILLS, terms.ANSWER_KIND_PEOPLE})


class NotAMethod(MusetteError):
    what = N_("This file is not a method that can be followed: %(reason)s.")
    do = N_("Nothing was written. The guide “write a method” shows a whole file.")


NO_METHOD = N_("it describes no method")
SEVERAL = N_("it describes several methods, and one file is for one")
NO_STEP = N_("it has no step")
TOO_LONG = N_("it has more than sixty steps")
NO_QUESTION = N_("its step “%(step)s” asks no question")
NO_KIND = N_("its step “%(step)s” is answered in a way that nobody knows: %(kind)s")
NO_OUTCOME = N_("its step “%(step)s” makes something that nobody knows: %(kind)s")
CYCLE = N_("its steps go round in a circle: %(step)s")
TWO_FIRST = N_("two of its steps come first: %(step)s")
TWO_AFTER = N_("two of its steps come after the same one: %(step)s")
NOWHERE = N_("its step “%(step)s” comes after one that is not there")


@dataclass(frozen=True)
class Step:
    """`question` and `help` by language."""

    iri: str
    question: Mapping[str, str]
    help: Mapping[str, str]
    kind: URIRef
    makes: URIRef = terms.OUTCOME_NOTE
    dimension: URIRef | None = None

    @property
    def most(self) -> int:
        """The strongest answer on its scale; 0 when it is answered in words."""
        return SCALES.get(self.kind, 0)


@dataclass(frozen=True)
class Method:
    """Texts by language; `key` is the last word of its address."""

    iri: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    audience: Mapping[str, str]
    note: Mapping[str, str]
    origin: Mapping[str, str]
    minutes: int | None
    license: str | None
    steps: tuple[Step, ...]
    creators: tuple[str, ...] = ()  # addresses or names
    taken_from: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return names.local(self.iri)

    def step(self, iri: str | None) -> Step | None:
        return next((one for one in self.steps if one.iri == iri), None)


def read(graph: Graph) -> Method:
    """The one method of a document. Raises NotAMethod."""
    index = Index(graph)
    found = [node for node in index.of_type(terms.Method) if graph.value(URIRef(node.iri), terms.DCTERMS_TITLE)]
    if len(found) != 1:
        raise NotAMethod(reason=SEVERAL if found else NO_METHOD)
    node = found[0]
    it = URIRef(node.iri)

    def said(path: URIRef, subject: URIRef = it) -> Mapping[str, str]:
        return by_language(graph, subject, path)

    license_ = node.iri_of(terms.DCTERMS_LICENSE)
    return Method(
        node.iri,
        said(terms.DCTERMS_TITLE),
        said(terms.DCTERMS_DESCRIPTION),
        said(terms.AUDIENCE),
        said(terms.SKOS_NOTE),
        said(terms.DCTERMS_BIBLIOGRAPHIC_CITATION),
        node.integer(terms.MINUTES),
        license_,
        _steps(graph, index, node.iri),
        (*node.iris(terms.DCTERMS_CREATOR), *node.texts(terms.DCTERMS_CREATOR)),
        node.iris(terms.PROV_WAS_DERIVED_FROM),
    )


def _steps(graph: Graph, index: Index, method: str) -> tuple[Step, ...]:
    kinds, outcomes = concepts(terms.ANSWER_KINDS), concepts(terms.OUTCOMES)
    steps: dict[str, Step] = {}
    after: dict[str, str | None] = {}
    for node in index.of_type(terms.MethodStep):
        if node.iri_of(terms.DCTERMS_IS_PART_OF) != method:
            continue
        name = names.local(node.iri)
        question = by_language(graph, URIRef(node.iri), terms.QUESTION)
        kind, makes = node.concept(terms.ANSWER_KIND), node.concept(terms.MAKES)
        if not any(text.strip() for text in question.values()):
            raise NotAMethod(reason=NO_QUESTION, step=name)
        if kind not in kinds:
            raise NotAMethod(reason=NO_KIND, step=name, kind=names.local(kind) if kind else "–")
        if makes is not None and makes not in outcomes:
            raise NotAMethod(reason=NO_OUTCOME, step=name, kind=names.local(makes))
        help_ = by_language(graph, URIRef(node.iri), terms.SKOS_NOTE)
        dimension = node.concept(terms.DIMENSION)
        steps[node.iri] = Step(node.iri, question, help_, kind, makes or terms.OUTCOME_NOTE, dimension)
        after[node.iri] = node.iri_of(terms.AFTER)
    if not steps:
        raise NotAMethod(reason=NO_STEP)
    if len(steps) > MOST_STEPS:
        raise NotAMethod(reason=TOO_LONG)
    return tuple(steps[iri] for iri in _in_line(after))


def _in_line(after: Mapping[str, str | None]) -> Sequence[str]:
    """The steps in their order. Raises NotAMethod where they do not make one line."""
    first = sorted(iri for iri, before in after.items() if before is None)
    following: dict[str, str] = {}
    for iri, before in sorted(after.items()):
        if before is None:
            continue
        if before not in after:
            raise NotAMethod(reason=NOWHERE, step=names.local(iri))
        if before in following:
            raise NotAMethod(reason=TWO_AFTER, step=_called(iri, following[before]))
        following[before] = iri
    if len(first) > 1:
        raise NotAMethod(reason=TWO_FIRST, step=_called(*first))
    line = []
    here = first[0] if first else None
    while here is not None:
        line.append(here)
        here = following.get(here)
    left = sorted(set(after) - set(line))
    if left:
        raise NotAMethod(reason=CYCLE, step=_called(*left))
    return line


def _called(*iris: str) -> str:
    return ", ".join(names.local(iri) for iri in sorted(iris)[:6])


@lru_cache(maxsize=1)
def all_methods() -> Mapping[str, Method]:
    """Those that come with the application, by key."""
    found = {}
    for file in sorted((shipped.VOCAB / "methods").glob("*.ttl")):
        method = read(syntax.parse(file.read_bytes(), syntax.TURTLE, PUBLISHED + file.stem))
        found[method.key] = method
    return found


@dataclass(frozen=True)
class Session:
    """One time that a method was followed; answers by step. `title` is how the method was called that day."""

    iri: str
    method: str
    title: str
    on: str
    is_over: bool
    answers: Mapping[str, Reflection]
    begun: str = ""

    @property
    def activity(self) -> str | None:
        """The activity of the bag that it is about: the first that an answer chose."""
        chosen = [iri for one in self.answers.values() for iri in one.about if "activities.ttl#" in iri]
        return chosen[0] if chosen else None


def sessions(graph: Graph, reflections: Sequence[Reflection]) -> tuple[Session, ...]:
    """Those of a journal document; the latest first."""
    by_session: dict[str, dict[str, Reflection]] = {}
    for one in reflections:
        if one.session and one.step:
            by_session.setdefault(one.session, {})[one.step] = one
    found = [
        Session(
            node.iri,
            node.iri_of(terms.METHOD) or "",
            node.text(terms.DCTERMS_TITLE) or "",
            node.text(terms.DCTERMS_DATE) or "",
            node.text(terms.PROV_ENDED_AT_TIME) is not None,
            by_session.get(node.iri, {}),
            node.text(terms.DCTERMS_CREATED) or "",
        )
        for node in Index(graph).of_type(terms.MethodSession)
    ]
    return tuple(sorted(found, key=latest, reverse=True))


def latest(session: Session) -> tuple[str, str, str]:
    """Two sessions of one day come in the order in which they were begun."""
    return session.on, session.begun, session.iri


@dataclass(frozen=True)
class Proposed:
    """What an answer could become; nothing is written before the person says yes. `key` names it on a page."""

    key: str
    outcome: URIRef
    text: str
    answer: str
    mark: int | None = None
    dimension: URIRef | None = None


def proposed(method: Method, session: Session) -> tuple[Proposed, ...]:
    """Line by line, in the order of the steps. What needs an activity is left out where none was chosen."""
    found = []
    needs_activity = {terms.OUTCOME_EVIDENCE, terms.OUTCOME_VALUE}
    for number, step in enumerate(method.steps):
        answer = session.answers.get(step.iri)
        if answer is None or step.makes == terms.OUTCOME_NOTE:
            continue
        if step.makes in needs_activity and session.activity is None:
            continue
        if step.makes == terms.OUTCOME_VALUE:
            if answer.mark is not None and step.dimension is not None:
                found.append(
                    Proposed(f"{number}-0", step.makes, answer.text, answer.iri, min(answer.mark, 4), step.dimension)
                )
            continue
        lines = [line.strip(" \t-–•*") for line in answer.text.splitlines()]
        found += [
            Proposed(f"{number}-{place}", step.makes, line[:200], answer.iri)
            for place, line in enumerate(lines)
            if line
        ]
    return tuple(found)


def said(texts: Mapping[str, str], language: str) -> str:
    return in_language(dict(texts), language)
