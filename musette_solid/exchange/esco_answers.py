"""What ESCO's web service answers (JSON, HAL), to concepts and relations.

    /search?text=&type=&language=         _embedded.results[]: uri, title, className
    /resource/occupation?uri=&language=   uri, title, code, preferredLabel {fr: ...}, alternativeLabel {fr: [...]},
                                          description {fr: {literal}}, _links.hasEssentialSkill[] and hasOptionalSkill[]:
                                          uri, title, skillType

Titles are in the language that was asked for. Source: the service's own documentation (ec.europa.eu/esco/api/doc).
What we do not know is left.
"""

from collections.abc import Iterator
from typing import Any, Final

from musette_solid.errors import N_
from musette_solid.exchange import strict_json
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.model.references.concepts import Concept, Kind, Label, Link, Relation, canonical

#: The languages whose labels are kept, beside the one that was asked for.
_LANGUAGES: Final = ("fr", "en")
_START: Final = "http://data.europa.eu/esco/"
_LINKS: Final = (("hasEssentialSkill", Link.CORE), ("hasOptionalSkill", Link.USES))
_KNOWLEDGE: Final = "knowledge"
_LONGEST_DEFINITION: Final = 4000


def found(data: bytes, language: str) -> tuple[Concept, ...]:
    """What a search found, the best first. Raises UnreadableFile."""
    answer = _object(strict_json.parse(data, "search"), "_embedded")
    results = _get(answer["_embedded"], "results")
    return tuple(filter(None, (_named(one, language) for one in _objects(results))))


def occupation(data: bytes, language: str) -> tuple[Concept, tuple[Concept, ...], tuple[Relation, ...]]:
    """An occupation, the skills that it needs, and how it needs them. Raises UnreadableFile."""
    answer = _object(strict_json.parse(data, "occupation"), "uri")
    itself = _named(answer, language)
    if itself is None or itself.kind != Kind.OCCUPATION:
        raise UnreadableFile(file="occupation", expected=N_("an occupation of ESCO"))
    skills: dict[str, Concept] = {}
    relations: list[Relation] = []
    for name, link in _LINKS:
        for one in _objects(_get(_get(answer, "_links"), name)):
            skill = _named(one, language)
            if skill is not None and skill.kind in {Kind.SKILL, Kind.KNOWLEDGE}:
                skills.setdefault(skill.iri, skill)
                relations.append(Relation(itself.iri, link, skill.iri))
    return itself, tuple(skills.values()), tuple(relations)


def _named(said: dict[str, Any], language: str) -> Concept | None:
    """A concept, from what says at least its IRI and its title; None for anything else than a skill or an occupation."""
    iri = canonical(_text(said.get("uri")))
    kind = _kind(iri, said)
    labels = list(_labels(said, language))
    if kind is None or not labels:
        return None
    definition = _get(_get(said, "description"), language)
    return Concept(
        iri=iri,
        kind=kind,
        labels=tuple(dict.fromkeys(labels)),
        notation=_text(said.get("code")),
        definition=_text(_get(definition, "literal"))[:_LONGEST_DEFINITION],
        is_deprecated=_text(said.get("status")).lower() in {"obsolete", "deprecated"},
    )


def _kind(iri: str, said: dict[str, Any]) -> Kind | None:
    if any(ord(character) < 33 or character in '<>"{}|\\^`' for character in iri):
        return None
    if iri.startswith(_START + "occupation/"):
        return Kind.OCCUPATION
    if iri.startswith(_START + "skill/"):
        types = [
            said.get("skillType"),
            *(one.get("uri") for one in _objects(_get(_get(said, "_links"), "hasSkillType"))),
        ]
        return Kind.KNOWLEDGE if any(_text(one).endswith(_KNOWLEDGE) for one in types) else Kind.SKILL
    return None


def _labels(said: dict[str, Any], language: str) -> Iterator[Label]:
    preferred = _get(said, "preferredLabel")
    own = _text(_get(preferred, language)) or _text(said.get("title"))
    if own:
        yield Label(own, language, is_preferred=True)
    for one in _LANGUAGES:
        text = _text(_get(preferred, one))
        if text and one != language:
            yield Label(text, one, is_preferred=True)
    others = _get(_get(said, "alternativeLabel"), language)
    for other in others if isinstance(others, list) else ():
        if _text(other) and _text(other) != own:
            yield Label(_text(other), language)


def _object(value: strict_json.Json, needed: str) -> dict[str, Any]:
    if not isinstance(value, dict) or needed not in value:
        raise UnreadableFile(expected=N_("an answer of ESCO's service"))
    return value


def _objects(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _get(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None


def _text(value: object) -> str:
    return value.strip()[:_LONGEST_DEFINITION] if isinstance(value, str) else ""
