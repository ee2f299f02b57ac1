"""ROME 4.0's official tables (France Travail, open data, CSV) to a register.

    unix_referentiel_code_rome_v460_utf8.csv     the occupations (code_rome, libelle_rome)
    unix_referentiel_appellation_...             what they are called: other labels of the occupation
    unix_referentiel_competence_...              what one can do (507 of them are wider: "Macro-compétence")
    unix_referentiel_savoir_...                  what one knows: techniques, tools, rules, languages
    unix_referentiel_contexte_travail_...        conditions of work
    unix_coherence_item_...                      which occupation uses what, and what is at its heart
    unix_rubrique_mobilite_...                   which occupations are near

ROME publishes no IRIs: an item is named after its number (OGR), an occupation after its code (docs/decisions/0025).
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from musette_solid.errors import N_
from musette_solid.exchange.register_files import Table, UnreadableRegister, table
from musette_solid.model.references.concepts import Concept, Kind, Label, Link, Register, Relation

LICENCE: Final = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
NAMESPACE: Final = "https://w3id.org/musette/rome/"

_VERSION: Final = re.compile(r"_v(\d)(\d{2})_")
_TABLE: Final = re.compile(r"^(?:unix_)?(.+?)_v\d+", re.IGNORECASE)

#: Gender in brackets, as short labels of ROME write it: "monteur(se)".
_BRACKETS: Final = re.compile(r"\([a-zè]{1,5}\)")


def ogr(number: str) -> str:
    return f"{NAMESPACE}ogr/{number.strip()}"


def code(text: str) -> str:
    return f"{NAMESPACE}code/{text.strip()}"


def read(files: Mapping[str, bytes], version: str = "", progress: Callable[[str], None] = lambda _: None) -> Register:
    """Raises UnreadableRegister when nothing of ROME is there, or when a file of it is damaged."""
    tables: dict[str, Table] = {}
    left_out: dict[str, int] = {}
    for name, data in files.items():
        found = _TABLE.search(name)
        kind = found[1].lower() if found else ""
        if kind in _NEEDED:
            progress(name)
            tables[kind] = table(name, data, _NEEDED[kind])
        else:
            left_out[name] = data.count(b"\n")
    if not {"referentiel_code_rome", "referentiel_competence"} & set(tables):
        raise UnreadableRegister(
            file=", ".join(files) or "–",
            expected=N_("the tables of ROME 4.0, as unix_referentiel_competence_v460_utf8.csv"),
        )
    concepts = {concept.iri: concept for concept in (*_items(tables), *_occupations(tables))}
    relations = [
        relation
        for relation in _relations(tables, concepts)
        if relation.subject in concepts and relation.object in concepts
    ]
    said = next((f"{found[1]}.{found[2]}" for found in map(_VERSION.search, files) if found), "")
    number = version or said
    source = f"Source : France Travail, ROME 4.0, v{number}" if number else "Source : France Travail, ROME 4.0"
    return Register("rome", "ROME 4.0", number, LICENCE, source, tuple(concepts.values()), tuple(relations), left_out)


_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "referentiel_code_rome": ("code_rome", "libelle_rome"),
    "referentiel_appellation": ("libelle_appellation_long", "code_rome"),
    "referentiel_competence": ("code_ogr", "libelle_competence"),
    "referentiel_savoir": ("code_ogr_savoir", "libelle_savoir"),
    "referentiel_contexte_travail": ("code_ogr", "libelle_cont_travail"),
    "coherence_item": ("code_rome", "code_ogr", "coeur_metier"),
    "rubrique_mobilite": ("code_rome", "code_rome_cible", "numero_ordre"),
}


def _rows(tables: Mapping[str, Table], name: str) -> tuple[Mapping[str, str], ...]:
    return tables[name].rows if name in tables else ()


def _items(tables: Mapping[str, Table]) -> list[Concept]:
    found = [
        Concept(
            iri=ogr(row["code_ogr"]),
            kind=Kind.SKILL,
            labels=_preferred(row["libelle_competence"]),
            notation=row["code_ogr"],
            group=row.get("cat_comp", "") if row.get("cat_comp") != "Savoir-faire" else row.get("sous_cat_comp", ""),
            reach="wide" if row.get("nature") == "Macro-compétence" else "",
            definition=row.get("definition", "").strip(),
        )
        for row in _rows(tables, "referentiel_competence")
    ]
    found += [
        Concept(
            iri=ogr(row["code_ogr_savoir"]),
            kind=Kind.KNOWLEDGE,
            labels=_preferred(row["libelle_savoir"]),
            notation=row["code_ogr_savoir"],
            group=row.get("sous_categorie_savoir", ""),
        )
        for row in _rows(tables, "referentiel_savoir")
    ]
    found += [
        Concept(
            iri=ogr(row["code_ogr"]),
            kind=Kind.CONTEXT,
            labels=_preferred(row["libelle_cont_travail"]),
            notation=row["code_ogr"],
            group=row.get("libelle_type_cont_trav", ""),
        )
        for row in _rows(tables, "referentiel_contexte_travail")
    ]
    return found


def _preferred(text: str) -> tuple[Label, ...]:
    return (Label(" ".join(text.split()), "fr", is_preferred=True),)


def _occupations(tables: Mapping[str, Table]) -> list[Concept]:
    called: dict[str, dict[str, None]] = {}
    for row in _rows(tables, "referentiel_appellation"):
        names = called.setdefault(row["code_rome"].strip(), {})
        for column in ("libelle_appellation_long", "libelle_appellation_court"):
            text = _BRACKETS.sub("", row.get(column, "")).strip()
            if text:
                names.setdefault(text, None)
    return [
        Concept(
            iri=code(row["code_rome"]),
            kind=Kind.OCCUPATION,
            labels=(
                *_preferred(row["libelle_rome"]),
                *(
                    Label(text, "fr")
                    for text in called.get(row["code_rome"].strip(), {})
                    if text != row["libelle_rome"].strip()
                ),
            ),
            notation=row["code_rome"].strip(),
        )
        for row in _rows(tables, "referentiel_code_rome")
    ]


_HEART: Final = {"Principale": Link.CORE, "Émergente": Link.EMERGING}


def _relations(tables: Mapping[str, Table], concepts: Mapping[str, Concept]) -> list[Relation]:
    found = [
        Relation(code(row["code_rome"]), _HEART.get(row["coeur_metier"], Link.USES), ogr(row["code_ogr"]))
        for row in _rows(tables, "coherence_item")
    ]
    for row in _rows(tables, "rubrique_mobilite"):
        rank = row["numero_ordre"].strip()
        found.append(
            Relation(
                code(row["code_rome"]),
                Link.NEIGHBOUR,
                code(row["code_rome_cible"]),
                int(rank) if rank.isdecimal() else 999,
            )
        )
    for row in _rows(tables, "referentiel_competence"):
        wider = row.get("code_ogr_macro_comp", "").strip()
        if wider and ogr(wider) in concepts:
            found.append(Relation(ogr(row["code_ogr"]), Link.BROADER, ogr(wider)))
    return found
