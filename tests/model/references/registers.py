"""Small registers in the layout of the official files, with sentences of our own; and the real ones where they are."""

from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest

from musette_solid.exchange import esco, rome
from musette_solid.exchange.register_files import files_of
from musette_solid.model.references.index import Index, build

DATA = Path(__file__).parents[4] / "shared" / "data"
TODAY = date(2026, 11, 25)
E = "http://data.europa.eu/esco/"

ESCO_FILES = {
    "v1.0_skills_fr.csv": (
        "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,description\n"
        f"KnowledgeSkillCompetence,{E}skill/s1,skill/competence,sector-specific,tenir une caisse,encaisser les clients,\n"
        f'KnowledgeSkillCompetence,{E}skill/s2,skill/competence,transversal,travailler en équipe,"coopérer\nœuvrer ensemble",\n'
        f"KnowledgeSkillCompetence,{E}skill/s3,knowledge,cross-sector,réglementation de l’eau,,\n"
        f"KnowledgeSkillCompetence,{E}skill/s4,skill/competence,sector-specific,organiser des évènements sportifs,,\n"
        f"KnowledgeSkillCompetence,{E}skill/s5,skill/competence,cross-sector,organisation d'ateliers,,\n"
        f"KnowledgeSkillCompetence,{E}skill/s6,skill/competence,sector-specific,gérer la trésorerie,,\n"
        f"KnowledgeSkillCompetence,{E}skill/s7,skill/competence,sector-specific,s’occuper de personnes âgées,,\n"
    ).encode(),
    "v1.0_occupations_fr.csv": (
        "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,description\n"
        f'Occupation,{E}occupation/o1,5230,directeur technique/directrice technique,"régisseuse\nrégisseur",\n'
    ).encode(),
    "v1.0_broaderRelationsSkillPillar.csv": (
        "conceptType,conceptUri,broaderType,broaderUri\n"
        f"KnowledgeSkillCompetence,{E}skill/s1,KnowledgeSkillCompetence,{E}skill/s2\n"
    ).encode(),
}

ROME_FILES = {
    "unix_referentiel_code_rome_v460_utf8.csv": (
        '"code_rome","libelle_rome"\n"M1","Trésorier / Trésorière"\n"M2","Comptable"\n"M3","Caissier / Caissière"\n'
    ).encode(),
    "unix_referentiel_appellation_v460_utf8.csv": (
        '"code_ogr","libelle_appellation_long","libelle_appellation_court","code_rome"\n'
        '"90","Responsable de trésorerie","Responsable de trésorerie","M1"\n'
        '"91","Hôte / Hôtesse de caisse","Hôte(sse) de caisse","M3"\n'
    ).encode(),
    "unix_referentiel_competence_v460_utf8.csv": (
        '"code_ogr","nature","libelle_competence","definition","code_ogr_macro_comp","cat_comp","sous_cat_comp"\n'
        '"1","Compétence","Tenir les comptes d\'une association","","9","Savoir-faire","Technique"\n'
        '"2","Compétence","Établir un budget prévisionnel","","9","Savoir-faire","Technique"\n'
        '"3","Compétence","Suivre les mouvements de trésorerie","","","Savoir-faire","Technique"\n'
        '"4","Compétence","Procéder à l\'encaissement","","","Savoir-faire","Technique"\n'
        '"5","Compétence","Préparer le bilan de l\'année","","","Savoir-faire","Technique"\n'
        '"9","Macro-compétence","Gérer des comptes","","","Savoir-faire","Transverse"\n'
    ).encode(),
    "unix_referentiel_savoir_v460_utf8.csv": (
        '"code_ogr_savoir","libelle_savoir","categorie_savoir","sous_categorie_savoir"\n'
        '"20","Tableur","Produits, outils et matières","Logiciels, progiciels"\n'
    ).encode(),
    "unix_coherence_item_v460_utf8.csv": (
        '"code_rome","code_ogr","coeur_metier"\n"M1","1","Principale"\n"M1","2","Principale"\n"M1","3","Principale"\n'
        '"M1","20",""\n"M1","5",""\n"M2","1","Principale"\n"M2","5","Émergente"\n"M2","2",""\n"M3","4","Principale"\n'
    ).encode(),
    "unix_rubrique_mobilite_v460_utf8.csv": (
        b'"code_rome","code_rome_cible","numero_ordre"\n"M1","M3","2"\n"M1","M2","1"\n'
    ),
}


def small(key: str) -> Index:
    register = esco.read(ESCO_FILES) if key == "esco" else rome.read(ROME_FILES)
    return Index(build(None, register, installed=TODAY))


def write(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


@lru_cache(maxsize=2)
def _real(key: str) -> Index:
    reader = {"esco": esco.read, "rome": rome.read}[key]
    return Index(build(None, reader(files_of(DATA / key)), installed=TODAY))


def real(key: str) -> Index:
    """The whole of a register, in French; skips where its files are not."""
    if not (DATA / key).is_dir():
        pytest.skip(f"the official files of {key} are not on this machine")
    return _real(key)
