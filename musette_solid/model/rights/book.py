"""Rules by every name that files of cases have for them."""

import re
from collections.abc import Iterable, Mapping
from itertools import takewhile
from typing import Any, Final

from musette_solid.model.rights.said import name
from musette_solid.model.rights.schemes import Rule, Scheme
from musette_solid.model.words import folded

#: Names that say when, or go with another name: never reported as unknown.
ALWAYS_KNOWN: Final = frozenset({"annee", "year", "date", "nature", "commentaire", "note", "why", "description"})
#: Names of the day of the event, where the rule has no name of its own for it.
DAYS: Final = (
    "fincontrat",
    "datefincontrat",
    "fin",
    "jour",
    "le",
    "on",
    "liquidation",
    "depart",
    "demandele",
    "evenement",
)
#: Names that say which of several rules of one scheme is meant.
WHICH: Final = ("facteur", "categorie", "type", "dispositif", "activite")


class Book:
    """Rules by every name they have in case files."""

    def __init__(self, schemes: tuple[Scheme, ...]) -> None:
        self.by_iri = {rule.iri: rule for scheme in schemes for rule in scheme.rules}
        self._by_name = {
            name(said): rule for rule in self.by_iri.values() for said in (rule.key, *rule.case_keys)
        }  # fmt: skip

    def rule(self, said: str) -> Rule | None:
        """By IRI, by name, else by the longest beginning of a dotted name that is one."""
        if said in self.by_iri:
            return self.by_iri[said]
        parts = said.split(".")
        for n in range(len(parts), 0, -1):
            found = self._by_name.get(name(".".join(parts[:n])))
            if found:
                return found
        return None

    def is_named(self, rule: Rule, given: Mapping[str, Any]) -> bool:
        """Whether a case says in words which rule of the scheme it is about."""
        return self._named(rule, given) is not None

    def _named(self, rule: Rule, given: Mapping[str, Any]) -> Rule | None:
        own, scheme = names_of(rule), [r for r in self.by_iri.values() if r.scheme == rule.scheme]
        said = [v for k, v in given.items() if name(k) in WHICH and name(k) not in own and isinstance(v, str)]
        others = {name(key) for key in given} - {*ALWAYS_KNOWN, *WHICH}
        fitting = [r for r in scheme if others <= names_of(r)]
        return next((found for text in said if (found := best_named(fitting, text))), None)

    def meant(self, rule: Rule, given: Mapping[str, Any]) -> Rule:
        """The rule that a case speaks of: another of its scheme that it names, or the next one, which alone knows its facts."""
        if named := self._named(rule, given):
            return named
        names_, own = {name(key) for key in given}, names_of(rule)
        own |= {key for iri in rule.needs if iri in self.by_iri for key in names_of(self.by_iri[iri])}
        unknown = {key for key in names_ if key not in own | ALWAYS_KNOWN and key not in DAYS}
        if unknown:
            for following in self.by_iri.values():
                if rule.iri in following.needs and unknown <= names_of(following) and following.scheme == rule.scheme:
                    return following
            same = (r for r in self.by_iri.values() if r.scheme == rule.scheme)
            among = sorted(same, key=lambda r: (-_shared(r.key, rule.key), r.order))
            return next((r for r in among if names_ <= names_of(r) | {*ALWAYS_KNOWN, *DAYS}), rule)
        return rule


def _shared(one: str, other: str) -> int:
    """How many parts two dotted names have in common, from their beginning."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one.split("."), other.split("."), strict=False))))


def names_of(rule: Rule) -> set[str]:
    return {name(key) for key in rule.input_names}


def best_named(rules: Iterable[Rule], text: str) -> Rule | None:
    """The rule whose titles and names share most words with a text."""
    words = set(folded(text).split())
    best: tuple[int, Rule] | None = None
    for rule in rules:
        for title in (*rule.title.values(), *rule.case_keys, rule.key):
            of_rule = set(folded(re.sub(r"[._]", " ", title)).split()) - {"cec", "de", "la", "du", "and", "of"}
            shared = len(words & of_rule)
            if shared and (best is None or shared > best[0]):
                best = shared, rule
    return best[1] if best else None
