"""European digital credentials (ELM 3, EDC): what was learnt, achieved and tested, as JSON-LD, sealed (JAdES) or as Turtle."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from musette_solid.errors import N_
from musette_solid.exchange import credentials
from musette_solid.exchange.credentials import Opened, dicts, in_words, kinds
from musette_solid.exchange.draft import Draft
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.openbadges import address
from musette_solid.exchange.source import Source
from musette_solid.rdf import syntax, terms

ELM: Final = "http://data.europa.eu/snb/model/elm/"
_EXPECTED: Final = N_("a European digital credential: a subject with what it claims")
_NO_PLACE: Final = N_("there is no place for “%(value)s” in your bag yet")
_DEEPEST: Final = 8
_MOST: Final = 2000
_DONE: Final = frozenset({"LearningAchievement", "Qualification", "LearningEntitlement", "Claim"})


def is_credential(value: Mapping[str, Any]) -> bool:
    return "EuropeanDigitalCredential" in kinds(value) or "/snb/model/" in str(value.get("@context"))


def read(source: Source, draft: Draft) -> None:
    take(credentials.opened(source), draft)


def take(found: Opened, draft: Draft) -> None:
    _Reading(draft, found).of()


def read_turtle(source: Source, draft: Draft) -> None:
    """The same things, said in Turtle: gathered into the tree that the JSON would be."""
    graph = syntax.parse(source.data, syntax.TURTLE, source.base or "https://example.org/")
    kind = URIRef(f"{ELM}EuropeanDigitalCredential")
    node = next(iter(sorted(graph.subjects(terms.RDF_TYPE, kind), key=str)), None)
    if node is None:
        raise UnreadableFile(file=source.name, expected=_EXPECTED)
    _Reading(draft, Opened(_gathered(graph, node, 0, {"left": _MOST}), source.data)).of()


def _gathered(graph: Graph, node: Node, depth: int, budget: dict[str, int]) -> dict[str, Any]:
    found: dict[str, Any] = {} if not isinstance(node, URIRef) else {"id": str(node)}
    for path, value in sorted(graph.predicate_objects(node), key=str):
        budget["left"] -= 1
        if budget["left"] < 0 or depth > _DEEPEST:
            break
        name = "type" if path == terms.RDF_TYPE else str(path).rpartition("#")[2].rpartition("/")[2]
        said: Any = {value.language: str(value)} if isinstance(value, Literal) and value.language else str(value)
        if not isinstance(value, Literal) and name != "type":
            said = _gathered(graph, value, depth + 1, budget) or str(value)
        if name not in found:
            found[name] = said
        elif isinstance(found[name], dict) and isinstance(said, dict) and "id" not in said:
            found[name] = {**said, **found[name]}
        else:
            found[name] = [*(found[name] if isinstance(found[name], list) else [found[name]]), said]
    return found


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


class _Reading:
    def __init__(self, draft: Draft, found: Opened) -> None:
        self._draft, self._found = draft, found
        self._seen = 0

    def of(self) -> None:
        value = self._found.value
        subject = next(dicts(value.get("credentialSubject")), None)
        if subject is None:
            raise UnreadableFile(file=self._draft.file, expected=_EXPECTED, pointer="/credentialSubject")
        issuer = self._name(next(dicts(value.get("issuer")), {}))
        for number, claim in enumerate(self._claims(subject)):
            self._claim(f"/credentialSubject/hasClaim/{number}", claim, issuer, None, 0)
        if not any(line.kind == "evidence" for line in self._draft.lines):
            # It claims an activity, or nothing more than itself: the credential is the proof of it.
            learnt = next((URIRef(line.node) for line in self._draft.lines), None)
            self._proof("/", value, issuer, learnt)
        credentials.check_subject(self._draft, "/credentialSubject", subject)
        until = value.get("validUntil", value.get("expirationDate"))
        day = credentials.day(self._draft, "/validUntil", until)
        if day and day.last() < self._draft.bag.now.date():
            self._draft.lose("/validUntil", credentials.EXPIRED, day.text)
        credentials.say_signature(self._draft, "/", self._found)
        credentials.keep(self._draft, self._found)

    @staticmethod
    def _claims(subject: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        for key in ("hasClaim", "claim", "achieved", "performed", "entitledTo"):
            yield from dicts(subject.get(key))

    @staticmethod
    def _name(agent: Mapping[str, Any]) -> str:
        return in_words(agent.get("legalName")) or in_words(agent.get("prefLabel")) or in_words(agent.get("altLabel"))

    def _claim(self, place: str, claim: dict[str, Any], issuer: str, part_of: URIRef | None, depth: int) -> None:
        self._seen += 1
        if self._seen > _MOST or depth > _DEEPEST:
            return
        types = kinds(claim)
        node: URIRef | None = None
        if "LearningActivity" in types:
            node = self._activity(place, claim, issuer, part_of)
        elif "LearningAssessment" in types:
            self._assessment(place, claim, issuer)
        elif types & _DONE or not types:
            self._proof(place, claim, issuer, part_of)
        else:
            self._draft.lose(place, _NO_PLACE, ", ".join(sorted(types)))
        for key in ("hasPart", "influencedBy", "provenBy", "entitlesTo"):
            for number, one in enumerate(dicts(claim.get(key))):
                self._claim(f"{place}/{key}/{number}", one, issuer, node if key == "hasPart" else None, depth + 1)

    def _activity(self, place: str, claim: dict[str, Any], issuer: str, part_of: URIRef | None) -> URIRef | None:
        draft = self._draft
        directed = next((self._name(one) for one in dicts(claim.get("directedBy"))), "") or self._awarding(
            claim, issuer
        )
        temporal = next(dicts(claim.get("temporal")), {})
        start = claim.get("startedAtTime", temporal.get("startDate"))
        end = claim.get("endedAtTime", temporal.get("endDate"))
        workload = in_words(claim.get("workload"))
        said = [in_words(claim.get("description")), workload]
        return draft.activity(
            place,
            in_words(claim.get("title")),
            terms.SPHERE_TRAINING,
            organization=draft.organization(place, directed),
            start=credentials.day(draft, f"{place}/startedAtTime", start),
            end=credentials.day(draft, f"{place}/endedAtTime", end),
            description="\n".join(text for text in said if text),
            part_of=part_of,
        )

    def _awarding(self, claim: Mapping[str, Any], issuer: str) -> str:
        awarded = next(dicts(claim.get("awardedBy")), {})
        return next((self._name(one) for one in dicts(awarded.get("awardingBody"))), "") or issuer

    def _proof(self, place: str, claim: dict[str, Any], issuer: str, part_of: URIRef | None) -> None:
        value, draft = self._found.value, self._draft
        awarded = next(dicts(claim.get("awardedBy")), {})
        on = awarded.get("awardingDate") or value.get("validFrom") or value.get("issued") or value.get("issuanceDate")
        display = next(dicts(value.get("displayParameter")), {})
        proof = draft.evidence(
            place,
            in_words(claim.get("title")) or in_words(display.get("title")) or in_words(value.get("title")),
            publisher=self._awarding(claim, issuer),
            on=credentials.day(draft, "/validFrom", on),
            url=address(str(value.get("id") or "")),
            description=in_words(claim.get("description")),
            about=[part_of],
            key=("credential", value.get("id") or draft.digest, claim.get("id") or place),
            is_attestation=True,
            detail=self._found.signed,
        )
        specified = next(dicts(claim.get("specifiedBy")), {})
        for number, outcome in enumerate(dicts(specified.get("learningOutcome"))):
            self._outcome(f"{place}/specifiedBy/learningOutcome/{number}", outcome, proof)

    def _outcome(self, place: str, outcome: dict[str, Any], proof: URIRef | None) -> None:
        shared = [
            one.get("id") if isinstance(one, dict) else one
            for key in ("relatedESCOSkill", "relatedSkill")
            for one in _list(outcome.get(key))
        ]
        match = next((found for one in shared if (found := address(str(one or "")))), None)
        node = self._draft.skill(place, in_words(outcome.get("title")), match=match)
        if node is not None and proof is not None:
            self._draft.say("skills", node, terms.EVIDENCE, proof)

    def _assessment(self, place: str, claim: dict[str, Any], issuer: str) -> None:
        """A test that was passed: what it was and with which grade, in their words."""
        grade = claim.get("grade")
        said = in_words(grade.get("noteLiteral")) if isinstance(grade, dict) else in_words(grade)
        self._draft.evidence(
            place,
            in_words(claim.get("title")),
            publisher=self._awarding(claim, issuer),
            on=credentials.day(self._draft, f"{place}/issued", claim.get("issued")),
            description="\n".join(text for text in (in_words(claim.get("description")), said) if text),
            key=("assessment", self._found.value.get("id") or self._draft.digest, claim.get("id") or place),
            is_attestation=True,
        )
