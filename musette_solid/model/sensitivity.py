"""What somebody could infer from a thing, beyond what it says: such things stay out of a dossier unless they are named.

Found by the sphere, by words that give it away, and by what the person marked. Words prove nothing: they are a reason to
ask, never to decide. Health, union membership, opinions and beliefs are the special categories of GDPR, article 9.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from rdflib import Graph, URIRef

from musette_solid.model.activity import Activity
from musette_solid.model.skill import Skill
from musette_solid.model.words import folded
from musette_solid.rdf import terms

_BY_SPHERE: Final = {
    terms.SPHERE_CARE: terms.SENSITIVITY_FAMILY,
    terms.SPHERE_BREAK: terms.SENSITIVITY_GAP,
}

#: Folded beginnings of words, French and English; a final `$` asks for the whole word.
_WORDS: Final[dict[URIRef, str]] = {
    terms.SENSITIVITY_FAMILY: (
        "proche aidant|aidante? familia|aidant$|ma mere|mon pere|mon enfant|mes enfants|mon conjoint|ma conjointe|conge parental|"
        "conge maternite|conge paternite|enceinte|grossesse|divorce|veuv|carer$|caregiver|my mother|my father|my child|"
        "parental leave|maternity|paternity|pregnan|bereave"
    ),
    terms.SENSITIVITY_HEALTH: (
        "sante mentale|cancer|depressi|burn ?out|hospitalis|handicap|rqth|invalidite|maladie|longue maladie|mi temps therapeutique|"
        "addict|alcool|toxicoman|psychiatr|vih$|sida$|autis|dyslexi|endometriose|reeducation|arret de travail|"
        "mental health|disabilit|illness|sick leave|surgery|chemotherap|rehab|hiv$|aids$|dyslexi"
    ),
    terms.SENSITIVITY_UNION: (
        "syndicat|syndical|syndique|delegue du personnel|deleguee du personnel|cgt$|cfdt$|cftc$|cfe cgc$|unsa$|fsu$|force ouvriere|"
        "sud solidaires|union sud|trade union|shop steward|union rep|labor union|labour union|prud homal|conseiller du salarie"
    ),
    terms.SENSITIVITY_POLITICS: (
        "parti politique|parti socialiste|parti communiste|les republicains|renaissance parti|rassemblement national|"
        "la france insoumise|les ecologistes|europe ecologie|campagne electorale|campagne presidentielle|campagne municipale|"
        "militant|candidat aux|candidate aux|election campaign|political party|labour party|conservative party|activist"
    ),
    terms.SENSITIVITY_BELIEF: (
        "paroiss|eglise|catechis|catholi|protestan|evangeli|mosquee|musulman|islam|synagogue|juif$|juive$|bouddhis|aumoner|"
        "temple$|franc macon|loge maconnique|parish|church|mosque|muslim|jewish|buddhis|chaplain|masonic|sunday school"
    ),
}


def _pattern(words: str) -> re.Pattern[str]:
    whole = (word.removesuffix("$") + (r"\b" if word.endswith("$") else "") for word in words.split("|"))
    return re.compile("|".join(rf"\b{word}" for word in whole))


_PATTERNS: Final = {reason: _pattern(words) for reason, words in _WORDS.items()}


def of_activity(activity: Activity) -> tuple[URIRef, ...]:
    """The concepts of `mus:sensitivities` that hold of an activity, in the order of the scheme of reasons."""
    organization = activity.organization.name if activity.organization else None
    texts = (
        activity.title,
        activity.role,
        organization,
        activity.description,
        *activity.achievements,
        *(piece.title for piece in activity.evidence),
    )
    by_sphere = _BY_SPHERE.get(activity.sphere) if activity.sphere else None
    return _reasons(by_sphere, activity.sensitivities, texts)


def of_skill(skill: Skill) -> tuple[URIRef, ...]:
    texts = (skill.label, skill.description, *(piece.title for piece in skill.evidence))
    return _reasons(None, skill.sensitivities, texts)


def of_note(text: str) -> tuple[URIRef, ...]:
    """What the words of a note let others infer."""
    return _reasons(None, (), (text,))


def sensitive(activities: Iterable[Activity], skills: Iterable[Skill]) -> dict[str, tuple[URIRef, ...]]:
    """The IRI of each sensitive thing, and what could be inferred from it; the rest is not in it."""
    found = {one.iri: of_activity(one) for one in activities} | {one.iri: of_skill(one) for one in skills}
    return {iri: reasons for iri, reasons in found.items() if reasons}


def marked(iri: str, reason: URIRef = terms.SENSITIVITY_OTHER) -> Graph:
    """What to add to a thing that the person holds to be private."""
    graph = Graph()
    graph.add((URIRef(iri), terms.SENSITIVITY, reason))
    return graph


def _reasons(by_sphere: URIRef | None, said: Iterable[URIRef], texts: Iterable[str | None]) -> tuple[URIRef, ...]:
    found = {*said, *([by_sphere] if by_sphere else ())}
    found |= _inferred("\n".join(text for text in texts if text))
    return tuple(sorted(found))


@lru_cache(maxsize=8192)
def _inferred(text: str) -> frozenset[URIRef]:
    # Line by line: two texts beside each other make no expression together.
    lines = [folded(line) for line in text.split("\n")]
    return frozenset(reason for reason, words in _PATTERNS.items() if any(words.search(line) for line in lines))
