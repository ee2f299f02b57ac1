"""ESCO and ROME as they are given out, and as they arrive when something went wrong."""

import io
import zipfile
from pathlib import Path

import pytest

from musette_solid.exchange import esco, rome
from musette_solid.exchange.register_files import UnreadableRegister, files_of, table, unpacked
from musette_solid.model.references.concepts import Kind, Link
from tests.model.references.registers import DATA, ESCO_FILES, ROME_FILES, E, write


def test_esco_is_read_with_its_labels_and_its_hierarchy() -> None:
    register = esco.read(ESCO_FILES)
    assert (register.version, register.key) == ("1.0", "esco")
    by_iri = {concept.iri: concept for concept in register.concepts}
    team = by_iri[f"{E}skill/s2"]
    assert (team.kind, team.reach) == (Kind.SKILL, "transversal")
    assert [(label.text, label.is_preferred) for label in team.labels] == [
        ("travailler en équipe", True),
        ("coopérer", False),
        ("œuvrer ensemble", False),
    ]
    assert by_iri[f"{E}skill/s3"].kind == Kind.KNOWLEDGE
    assert [(r.link, r.object) for r in register.relations] == [(Link.BROADER, f"{E}skill/s2")]


def test_two_languages_are_one_concept_with_both_labels() -> None:
    english = ESCO_FILES["v1.0_skills_fr.csv"].replace(b"tenir une caisse", b"operate a till")
    register = esco.read({**ESCO_FILES, "v1.0_skills_en.csv": english})
    (till,) = [concept for concept in register.concepts if concept.iri == f"{E}skill/s1"]
    assert {(label.language, label.text) for label in till.labels if label.is_preferred} == {
        ("fr", "tenir une caisse"),
        ("en", "operate a till"),
    }


def test_a_deprecated_concept_is_kept_and_marked() -> None:
    text = (
        "conceptUri,skillType,preferredLabel,altLabels,hiddenLabels,status,definition\n"
        f"{E}skill/s1,skill/competence,tenir une caisse,,caissier,obsolete,Encaisser.\n"
    )
    (concept,) = esco.read({"skills_fr.csv": text.encode()}).concepts
    assert concept.is_deprecated
    assert concept.definition == "Encaisser."
    assert "caissier" in {label.text for label in concept.labels}


def test_occupations_of_esco_lead_to_their_skills_where_the_download_says_so() -> None:
    relations = f"occupationUri,relationType,skillType,skillUri\n{E}occupation/o1,essential,x,{E}skill/s1\n"
    register = esco.read({**ESCO_FILES, "occupationSkillRelations_fr.csv": relations.encode()})
    assert (f"{E}occupation/o1", Link.CORE, f"{E}skill/s1") in {
        (r.subject, r.link, r.object) for r in register.relations
    }


def test_rome_is_read_with_what_each_occupation_needs() -> None:
    register = rome.read(ROME_FILES)
    assert register.version == "4.60"
    assert register.attribution.endswith("France Travail, ROME 4.0, v4.60")
    by_iri = {concept.iri: concept for concept in register.concepts}
    till = by_iri[rome.code("M3")]
    assert {label.text for label in till.labels} == {
        "Caissier / Caissière",
        "Hôte / Hôtesse de caisse",
        "Hôte de caisse",
    }
    assert by_iri[rome.ogr("20")].group == "Logiciels, progiciels"
    assert (rome.ogr("1"), Link.BROADER, rome.ogr("9")) in {(r.subject, r.link, r.object) for r in register.relations}


def test_a_file_that_its_name_calls_utf8_and_is_not_is_read_all_the_same() -> None:
    name = "unix_referentiel_competence_v460_utf8.csv"
    latin = ROME_FILES[name].decode().encode("latin-1")
    register = rome.read({**ROME_FILES, name: latin})
    assert "Établir un budget prévisionnel" in {label.text for c in register.concepts for label in c.labels}
    assert table(name, latin, ()).encoding == "cp1252"


def test_files_of_another_kind_are_named_and_left() -> None:
    register = rome.read({**ROME_FILES, "unix_centre_interet_v460_utf8.csv": b'"a"\n"b"\n'})
    assert register.left_out == {"unix_centre_interet_v460_utf8.csv": 2}


def sentence(error: UnreadableRegister) -> str:
    return " ".join(error.sentences())


NAME = "unix_referentiel_competence_v460_utf8.csv"
BAD = {
    "cut in a cell": (ROME_FILES[NAME][:-40], "may be cut short"),
    "cut between cells": (b"code_ogr,libelle_competence\n1,Tenir\n2\n", "line 3"),
    "other columns": (b'"numero","texte"\n"1","x"\n', "code_ogr, libelle_competence; this file has numero, texte"),
    "empty": (b"", "this file is empty"),
    "a web page": (b"<!DOCTYPE html><html><body>404</body></html>", "this is a web page"),
    "no text": (b"\x81\x8d\x8f\x00\xff\xfe" * 20, "UTF-8"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_refused_with_a_clear_sentence(case: str) -> None:
    data, said = BAD[case]
    with pytest.raises(UnreadableRegister) as error:
        rome.read({**ROME_FILES, NAME: data})
    assert NAME in sentence(error.value)
    assert said in sentence(error.value)


def test_files_that_are_not_of_the_register_say_what_was_expected() -> None:
    with pytest.raises(UnreadableRegister) as error:
        esco.read(ROME_FILES)
    assert "skills_fr.csv" in sentence(error.value)
    with pytest.raises(UnreadableRegister) as error:
        rome.read({})
    assert "unix_referentiel_competence" in sentence(error.value)


def test_a_zip_archive_is_unpacked_and_a_damaged_one_refused(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in ESCO_FILES.items():
            archive.writestr(f"folder/{name}", data)
    (tmp_path / "esco.zip").write_bytes(packed.getvalue())
    assert files_of(tmp_path / "esco.zip") == ESCO_FILES
    assert files_of(write(tmp_path / "folder", ESCO_FILES)) == ESCO_FILES
    for data in (packed.getvalue()[:-60], packed.getvalue()[:200], b"<html>"):
        with pytest.raises(UnreadableRegister, match="zip archive"):
            unpacked("esco.zip", data)


def test_an_archive_that_unpacks_to_too_much_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(5):
            archive.writestr(f"{number}.csv", b"0" * (60 * 1024 * 1024))
    with pytest.raises(UnreadableRegister, match="256"):
        unpacked("bomb.zip", packed.getvalue())


@pytest.mark.parametrize(("key", "skills", "occupations"), [("esco", 13485, 2942), ("rome", 33671, 1584)])
def test_the_real_downloads_are_read_whole(key: str, skills: int, occupations: int) -> None:
    if not (DATA / key).is_dir():
        pytest.skip(f"the official files of {key} are not on this machine")
    register = {"esco": esco.read, "rome": rome.read}[key](files_of(DATA / key))
    kinds = [concept.kind for concept in register.concepts]
    assert kinds.count(Kind.SKILL) + kinds.count(Kind.KNOWLEDGE) == skills
    assert kinds.count(Kind.OCCUPATION) == occupations
    assert register.relations
