"""Requests to see something: what an organisation asks for, and what the person answered.

The subset of Solid Application Interoperability that works on any server (`interop:`), with our own words for what is
needed. A request says nothing about the person, so one request may be sent to many.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from rdflib import Graph, Literal, URIRef

from musette_solid.errors import N_, MusetteError
from musette_solid.model import dates, labels
from musette_solid.model.activity import Activity
from musette_solid.model.described import Described, Index
from musette_solid.model.skill import Skill
from musette_solid.rdf import syntax, terms

#: Nothing is asked for longer than this; it can be asked again.
LONGEST_DAYS: Final = 731
_DAYS: Final = re.compile(r"P([0-9]{1,4})D")
#: Untrusted text is cut to this where it is shown.
TITLE, NOTICE, NEED, MOST_NEEDS = 200, 5000, 300, 30
_KINDS: Final = {terms.Activity, terms.Skill, terms.TimeEntry}


class NotARequest(MusetteError):
    what = N_("There is no request at this address.")
    do = N_("Nothing was shown to anybody. Ask whoever sent it to you for the exact link.")


class BadRequest(MusetteError):
    what = N_("This request cannot be made: %(reason)s.")
    do = N_("Nothing was published. Correct it and try again.")


@dataclass(frozen=True, slots=True)
class Need:
    """One thing asked for. `kind` is mus:Activity, mus:Skill or mus:TimeEntry; no sphere means any."""

    kind: URIRef
    words: Mapping[str, str] = field(default_factory=dict)  # by language
    spheres: frozenset[URIRef] = frozenset()
    is_required: bool = True

    def text(self, language: str) -> str:
        return labels.in_language(dict(self.words), language)

    def text_in(self, language: str) -> str:
        """In which language `text` is; empty when it does not say."""
        return labels.chosen_language(dict(self.words), language)


@dataclass(frozen=True, slots=True)
class AccessRequest:
    iri: str
    sender: str
    sender_name: str | None
    title: str
    purpose: URIRef
    days: int
    needs: tuple[Need, ...]
    notice: Mapping[str, str] = field(default_factory=dict)
    issued: datetime | None = None
    replaces: str | None = None  # the receipt of what it asks to renew: its name says nothing to others

    def why(self, language: str) -> str:
        return labels.in_language(dict(self.notice), language)

    def why_in(self, language: str) -> str:
        """In which language `why` is; empty when it does not say."""
        return labels.chosen_language(dict(self.notice), language)

    def until(self, today: date) -> date:
        """The last day, when it is answered today."""
        return today + timedelta(days=self.days)

    @property
    def required(self) -> tuple[Need, ...]:
        return tuple(need for need in self.needs if need.is_required)

    @property
    def optional(self) -> tuple[Need, ...]:
        return tuple(need for need in self.needs if not need.is_required)


def graph_of_request(request: AccessRequest) -> Graph:
    """Raises BadRequest."""
    _check(request)
    graph = syntax.empty()
    it, sender = URIRef(request.iri), URIRef(request.sender)
    graph.add((it, terms.RDF_TYPE, terms.AccessRequest))
    graph.add((it, terms.RDF_TYPE, terms.INTEROP_ACCESS_REQUEST))
    graph.add((it, terms.DCTERMS_TITLE, Literal(request.title)))
    graph.add((it, terms.INTEROP_FROM_SOCIAL_AGENT, sender))
    graph.add((it, terms.INTEROP_FOR_SOCIAL_AGENT, sender))
    graph.add((it, terms.DPV_HAS_PURPOSE, request.purpose))
    graph.add((it, terms.SCHEMA_DURATION, Literal(f"P{request.days}D", datatype=terms.XSD_DURATION)))
    if request.sender_name:
        graph.add((sender, terms.FOAF_NAME, Literal(request.sender_name)))
    if request.issued:
        graph.add((it, terms.DCTERMS_ISSUED, dates.moment(request.issued)))
    if request.replaces:
        graph.add((it, terms.INTEROP_REPLACES, URIRef(request.replaces)))
    _add_words(graph, it, request.notice)
    document = request.iri.partition("#")[0]
    for name, necessity, needs in (
        ("required", terms.INTEROP_ACCESS_REQUIRED, request.required),
        ("optional", terms.INTEROP_ACCESS_OPTIONAL, request.optional),
    ):
        group = URIRef(f"{document}#{name}")
        for number, need in enumerate(needs, 1):
            one = URIRef(f"{document}#{name}-{number:02}")  # the order of the names is the order
            graph.add((it, terms.INTEROP_HAS_ACCESS_NEED_GROUP, group))
            graph.add((group, terms.RDF_TYPE, terms.INTEROP_ACCESS_NEED_GROUP))
            graph.add((group, terms.INTEROP_ACCESS_NECESSITY, necessity))
            graph.add((group, terms.INTEROP_HAS_ACCESS_NEED, one))
            graph.add((one, terms.RDF_TYPE, terms.INTEROP_ACCESS_NEED))
            graph.add((one, terms.INTEROP_ACCESS_MODE, terms.ACL_READ))
            graph.add((one, terms.ASKS_FOR, need.kind))
            _add_words(graph, one, need.words)
            for sphere in need.spheres:
                graph.add((one, terms.SPHERE, sphere))
    return graph


def _add_words(graph: Graph, node: URIRef, words: Mapping[str, str]) -> None:
    for language, text in words.items():
        if text:
            graph.add((node, terms.DCTERMS_DESCRIPTION, Literal(text, lang=language or None)))


def _check(request: AccessRequest) -> None:
    if not request.title.strip() or len(request.title) > TITLE:
        raise BadRequest(reason=N_("it needs a title of 200 characters at most"))
    if request.purpose not in labels.concepts(terms.PURPOSES):
        raise BadRequest(reason=N_("its purpose is not one of the list"))
    if not 1 <= request.days <= LONGEST_DAYS:
        raise BadRequest(reason=N_("it is for one day at least, two years at most"))
    if not (request.needs or request.replaces) or len(request.needs) > MOST_NEEDS:
        raise BadRequest(reason=N_("it must say what is needed, thirty things at most"))
    if any(need.kind not in _KINDS for need in request.needs):
        raise BadRequest(reason=N_("only activities, skills and time can be asked for"))
    spheres = set(labels.concepts(terms.SPHERES))
    if any(not need.spheres <= spheres for need in request.needs):
        raise BadRequest(reason=N_("a sphere is not one of the list"))


def read(graph: Graph) -> AccessRequest:
    """The request of a document written by somebody else. Raises NotARequest when it does not say who, what for or what.

    Texts are cut to what a page can show; what is asked for beyond the kinds we know is left out.
    """
    index = Index(graph)
    node = min(index.of_type(terms.AccessRequest, terms.INTEROP_ACCESS_REQUEST), key=lambda n: n.iri, default=None)
    if node is None:
        raise NotARequest
    sender, purpose = node.iri_of(terms.INTEROP_FROM_SOCIAL_AGENT), node.concept(terms.DPV_HAS_PURPOSE)
    days = _days(node)
    needs = tuple(sorted(_needs(node, index), key=lambda need: not need.is_required))[:MOST_NEEDS]
    if sender is None or purpose not in labels.concepts(terms.PURPOSES) or purpose is None or days is None:
        raise NotARequest
    replaces = node.iri_of(terms.INTEROP_REPLACES)
    if not needs and not replaces:  # the same as before needs no words
        raise NotARequest
    return AccessRequest(
        iri=node.iri,
        sender=sender,
        sender_name=(index[sender].text(terms.FOAF_NAME) or "")[:TITLE] or None,
        title=(node.text(terms.DCTERMS_TITLE) or "")[:TITLE],
        purpose=purpose,
        days=days,
        needs=needs,
        notice=_words(node, NOTICE),
        issued=node.moment(terms.DCTERMS_ISSUED),
        replaces=replaces,
    )


def _days(node: Described) -> int | None:
    match = _DAYS.fullmatch(node.text(terms.SCHEMA_DURATION) or "")
    days = int(match[1]) if match else 0
    return days if 1 <= days <= LONGEST_DAYS else None


def _words(node: Described, longest: int) -> dict[str, str]:
    return {one.language or "": str(one)[:longest] for one in node.literals(terms.DCTERMS_DESCRIPTION)}


def _needs(node: Described, index: Index) -> Iterable[Need]:
    for group in map(index.__getitem__, node.iris(terms.INTEROP_HAS_ACCESS_NEED_GROUP)):
        # What is not said to be required is not: refusing it must never block anything.
        required = terms.INTEROP_ACCESS_REQUIRED in group.concepts(terms.INTEROP_ACCESS_NECESSITY)
        for need in map(index.__getitem__, group.iris(terms.INTEROP_HAS_ACCESS_NEED)):
            kind = need.concept(terms.ASKS_FOR)
            if kind in _KINDS and kind is not None:
                yield Need(kind, _words(need, NEED), frozenset(need.concepts(terms.SPHERE)), required)


def fits(need: Need, thing: Activity | Skill) -> bool:
    """Whether a thing is of the kind that is asked for. A proposal to tick, never a decision."""
    if isinstance(thing, Skill):
        return need.kind == terms.Skill
    return need.kind != terms.Skill and (not need.spheres or thing.sphere in need.spheres)


def is_met(need: Need, chosen: Iterable[Activity | Skill]) -> bool:
    return any(fits(need, thing) for thing in chosen)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person decided. `request` is None when a sender was silenced without a request."""

    iri: str
    sender: str
    decision: URIRef
    at: datetime
    request: str | None = None
    title: str = ""
    shown: str | None = None  # the mark of the request as it was shown


def graph_of_answer(answer: Answer) -> Graph:
    graph = syntax.empty()
    it = URIRef(answer.iri)
    graph.add((it, terms.RDF_TYPE, terms.Answer))
    graph.add((it, terms.INTEROP_FROM_SOCIAL_AGENT, URIRef(answer.sender)))
    graph.add((it, terms.DECISION, answer.decision))
    graph.add((it, terms.DCTERMS_CREATED, dates.moment(answer.at)))
    if answer.request:
        graph.add((it, terms.INTEROP_HAS_ACCESS_REQUEST, URIRef(answer.request)))
    if answer.title:
        graph.add((it, terms.DCTERMS_TITLE, Literal(answer.title)))
    if answer.shown:
        graph.add((it, terms.SCHEMA_IDENTIFIER, Literal(answer.shown)))
    return graph


def answers(graph: Graph) -> tuple[Answer, ...]:
    """Every decision, the newest first."""
    found = []
    for node in Index(graph).of_type(terms.Answer):
        sender, decision = node.iri_of(terms.INTEROP_FROM_SOCIAL_AGENT), node.concept(terms.DECISION)
        at = node.moment(terms.DCTERMS_CREATED)
        if sender and decision and at and at.tzinfo:
            request, title = node.iri_of(terms.INTEROP_HAS_ACCESS_REQUEST), node.text(terms.DCTERMS_TITLE) or ""
            found.append(Answer(node.iri, sender, decision, at, request, title, node.text(terms.SCHEMA_IDENTIFIER)))
    return tuple(sorted(found, key=lambda one: (one.at, one.iri), reverse=True))


def silenced(given: Iterable[Answer]) -> frozenset[str]:
    return frozenset(one.sender for one in given if one.decision == terms.DECISION_SILENCED)
