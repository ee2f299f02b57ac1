"""ESCO's official tables (CSV download, versions 1.0 to 1.2) to a register.

    skills_fr.csv               conceptUri, skillType, reuseLevel, preferredLabel, altLabels (one a line), ...
    occupations_fr.csv          conceptUri, iscoGroup, preferredLabel, altLabels, ...
    skillGroups_fr.csv, ISCOGroups_fr.csv
    broaderRelations...Pillar*.csv     conceptUri, broaderUri
    occupationSkillRelations*.csv      occupationUri, relationType (essential, optional), skillUri

Files of several languages go together: `_fr` and `_en` at the end of a name say which. Columns we do not know are left.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from musette_solid.errors import N_
from musette_solid.exchange.register_files import Table, UnreadableRegister, table
from musette_solid.model.references.concepts import Concept, Kind, Label, Link, Register, Relation

LICENCE: Final = "https://commission.europa.eu/legal-notice_en"
ATTRIBUTION: Final = "This service uses the ESCO classification of the European Commission."

_LANGUAGE: Final = re.compile(r"_([a-z]{2})\.csv$", re.IGNORECASE)
_VERSION: Final = re.compile(r"v(\d+(?:\.\d+){1,2})")
_LABELLED: Final = ("conceptUri", "preferredLabel")
_RELATIONS: Final = ("conceptUri", "broaderUri")


def read(files: Mapping[str, bytes], version: str = "", progress: Callable[[str], None] = lambda _: None) -> Register:
    """Raises UnreadableRegister when nothing of ESCO is there, or when a file of it is damaged."""
    concepts: dict[str, Concept] = {}
    relations: list[Relation] = []
    left_out: dict[str, int] = {}
    for name, data in files.items():
        lower = name.lower()
        progress(name)
        if "relations" in lower and "pillar" in lower:
            relations += _broader(table(name, data, _RELATIONS))
        elif "occupationskillrelations" in lower:
            relations += _needed(table(name, data, ("occupationUri", "relationType", "skillUri")))
        elif any(part in lower for part in ("skills_", "occupations_", "skillgroups_", "iscogroups_")):
            for concept in _concepts(table(name, data, _LABELLED), _language(name)):
                concepts[concept.iri] = _together(concepts.get(concept.iri), concept)
        else:
            left_out[name] = data.count(b"\n")
    if not any(concept.kind in {Kind.SKILL, Kind.OCCUPATION} for concept in concepts.values()):
        raise UnreadableRegister(
            file=", ".join(files) or "–",
            expected=N_("the tables of ESCO, as skills_fr.csv and occupations_fr.csv"),
        )
    said = next((found[1] for found in map(_VERSION.search, files) if found), "")
    kept = [relation for relation in relations if relation.subject in concepts and relation.object in concepts]
    return Register(
        "esco", "ESCO", version or said, LICENCE, ATTRIBUTION, tuple(concepts.values()), tuple(kept), left_out
    )


def _language(name: str) -> str:
    found = _LANGUAGE.search(name)
    return found[1].lower() if found else "fr"


def _concepts(read: Table, language: str) -> list[Concept]:
    return [_concept(row, language) for row in read.rows if row["conceptUri"].strip() and row["preferredLabel"].strip()]


def _concept(row: Mapping[str, str], language: str) -> Concept:
    preferred = row["preferredLabel"].strip()
    others = (text.strip() for column in ("altLabels", "hiddenLabels") for text in row.get(column, "").splitlines())
    labels = [Label(preferred, language, is_preferred=True)]
    labels += [Label(text, language) for text in dict.fromkeys(others) if text and text != preferred]
    return Concept(
        iri=row["conceptUri"].strip(),
        kind=_kind(row),
        labels=tuple(labels),
        notation=row.get("code", "") or row.get("iscoGroup", ""),
        reach=row.get("reuseLevel", ""),
        definition=row.get("description", "").strip() or row.get("definition", "").strip(),
        is_deprecated=row.get("status", "").lower() in {"obsolete", "deprecated"},
    )


def _kind(row: Mapping[str, str]) -> Kind:
    if "/isco/" in row["conceptUri"] or row.get("conceptType") in {"SkillGroup", "ISCOGroup"}:
        return Kind.GROUP
    if "/occupation/" in row["conceptUri"]:
        return Kind.OCCUPATION
    return Kind.KNOWLEDGE if row.get("skillType", "").strip() == "knowledge" else Kind.SKILL


def _together(one: Concept | None, two: Concept) -> Concept:
    """What two languages, or two tables, say of one concept."""
    if one is None:
        return two
    kind = one.kind if two.kind == Kind.GROUP else two.kind
    return Concept(
        one.iri,
        kind,
        tuple(dict.fromkeys((*one.labels, *two.labels))),
        one.notation or two.notation,
        one.group or two.group,
        one.reach or two.reach,
        one.definition or two.definition,
        one.is_deprecated or two.is_deprecated,
    )


def _broader(read: Table) -> list[Relation]:
    return [Relation(row["conceptUri"].strip(), Link.BROADER, row["broaderUri"].strip()) for row in read.rows]


def _needed(read: Table) -> list[Relation]:
    return [
        Relation(
            row["occupationUri"].strip(),
            Link.CORE if row["relationType"].strip() == "essential" else Link.USES,
            row["skillUri"].strip(),
        )
        for row in read.rows
    ]
