"""JSON Resume in and out; what could not be carried over is named with its place."""

import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from rdflib import URIRef

from musette_solid.embedded import server
from musette_solid.exchange import jsonresume
from musette_solid.exchange.jsonresume import Imported, UnreadableFile
from musette_solid.model import activity as activities_of
from musette_solid.model import matching
from musette_solid.model import skill as skills_of
from musette_solid.model.activity import Activity
from musette_solid.model.dates import PartialDate
from musette_solid.model.skill import Skill
from musette_solid.rdf import syntax, terms

BAG = "https://demo.example/musette/"
ACTIVITIES, SKILLS, RUN = f"{BAG}activities.ttl", f"{BAG}skills.ttl", f"{BAG}log/2026.ttl#import-1"
ME = "https://demo.example/profile/card#me"
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)

CLASSIC: dict[str, Any] = {
    "basics": {"name": "demo", "email": "demo@example.org", "image": "", "profiles": []},
    "work": [
        {
            "name": "Café Lumen",
            "location": "Lyon",
            "description": "Café de quartier",
            "position": "Gérante",
            "url": "https://cafe.example/",
            "startDate": "2018-03",
            "summary": "Tout tenir.",
            "highlights": ["Carte de saison", "Deux apprentis formés"],
        },
        {"name": "café lumen", "position": "Serveuse", "startDate": "2016", "endDate": "2018-02-28"},
        {"name": "Freelance", "position": "Traiteur", "startDate": "2015-01", "endDate": "2015-12"},
    ],
    "volunteer": [{"organization": "Repair Café", "position": "Trésorière", "startDate": "2020-01-05"}],
    "education": [
        {
            "institution": "Lycée hôtelier",
            "area": "Cuisine",
            "studyType": "CAP",
            "startDate": "2013",
            "endDate": "2015",
            "score": "15/20",
            "courses": ["Pâtisserie", "Gestion"],
        }
    ],
    "certificates": [
        {"name": "Hygiène alimentaire HACCP", "date": "2019-05", "issuer": "CCI", "url": "https://cci.example/haccp"}
    ],
    "awards": [{"title": "Prix du quartier", "date": "2021", "awarder": "Mairie", "summary": "Pour la terrasse."}],
    "publications": [
        {"name": "Soupes", "publisher": "Fanzine", "releaseDate": "2022-02", "summary": "Vingt recettes."}
    ],
    "skills": [
        {"name": "Cuisine", "level": "Advanced", "keywords": ["Sauces", "Pâtisserie"]},
        {"name": "HACCP", "level": "ninja"},
        {"name": "Vins"},
    ],
    "languages": [{"language": "Espagnol", "fluency": "Elementary"}],
    "projects": [
        {
            "name": "Carte des producteurs",
            "description": "Une carte en ligne.",
            "highlights": ["120 fermes"],
            "keywords": ["Cartographie", "Sauces"],
            "startDate": "2022-01",
            "endDate": "2022-06",
            "url": "https://carte.example/",
            "roles": ["Autrice", "Testeuse"],
            "entity": "Collectif",
            "type": "application",
        }
    ],
    "meta": {"version": "v1.0.0", "lastModified": "2026-04-20T14:30:00"},
}


def counted() -> Callable[[str, date | None], str]:
    numbers = count(1)
    return lambda kind, _day: f"{kind}-{next(numbers)}"


def imported(resume: object, *, now: datetime = NOW) -> Imported:
    data = resume if isinstance(resume, bytes) else json.dumps(resume).encode()
    return jsonresume.read(
        data, activities=ACTIVITIES, skills=SKILLS, owner=ME, run=RUN, now=now, name=counted(), file="demo.json"
    )


def activities(resume: object) -> dict[str, Activity]:
    return {one.title: one for one in activities_of.read(imported(resume).activities)}


def skills(resume: object) -> dict[str, Skill]:
    return {one.label: one for one in skills_of.read(imported(resume).skills)}


def losses(resume: object) -> dict[str, str]:
    return {loss.place: loss.sentence() for loss in imported(resume).losses}


def test_a_job_becomes_an_activity() -> None:
    job = activities(CLASSIC)["Gérante"]
    assert (job.sphere, job.start, job.end) == (terms.SPHERE_EMPLOYMENT, PartialDate(2018, 3), None)
    assert (job.role, job.location, job.description) == ("Gérante", "Lyon", "Tout tenir.")
    assert set(job.achievements) == {"Carte de saison", "Deux apprentis formés"}
    assert job.organization is not None
    assert (job.organization.name, job.organization.url) == ("Café Lumen", "https://cafe.example/")
    assert job.is_ongoing(NOW.date())


def test_several_roles_share_one_organisation() -> None:
    found = activities(CLASSIC)
    one, two = found["Gérante"].organization, found["Serveuse"].organization
    assert one is not None
    assert one == two


@pytest.mark.parametrize("name", ["Freelance", "Self-employed", "Indépendant", "INDÉPENDANTE", "Auto-entrepreneur"])
def test_working_for_oneself_is_another_sphere(name: str) -> None:
    (found,) = activities({"work": [{"name": name, "position": "Traiteur"}]}).values()
    assert found.sphere == terms.SPHERE_SELF_EMPLOYMENT


def test_volunteering_and_training_have_their_own_spheres() -> None:
    found = activities(CLASSIC)
    assert found["Trésorière"].sphere == terms.SPHERE_VOLUNTEERING
    training = found["CAP, Cuisine"]
    assert training.sphere == terms.SPHERE_TRAINING
    assert training.description == "Score: 15/20"
    assert set(training.achievements) == {"Pâtisserie", "Gestion"}


def test_a_course_with_dates_is_an_activity_inside_the_training() -> None:
    found = activities(
        {
            "education": [
                {
                    "institution": "CFA",
                    "area": "Cuisine",
                    "courses": [{"name": "Stage", "startDate": "2014-05"}, "Vins"],
                }
            ]
        }
    )
    assert found["Stage"].part_of == found["Cuisine"].iri
    assert found["Cuisine"].achievements == ("Vins",)


@pytest.mark.parametrize(
    ("project", "sphere"),
    [
        ({"type": "application"}, terms.SPHERE_PERSONAL_PROJECT),
        ({"type": "volunteering"}, terms.SPHERE_VOLUNTEERING),
        ({"type": "bénévolat"}, terms.SPHERE_VOLUNTEERING),
        ({"entity": "CAFÉ LUMEN"}, terms.SPHERE_EMPLOYMENT),
        ({"entity": "Repair Café"}, terms.SPHERE_VOLUNTEERING),
        ({"entity": "Ailleurs"}, terms.SPHERE_PERSONAL_PROJECT),
    ],
)
def test_a_project_is_personal_unless_it_says_otherwise(project: dict[str, str], sphere: URIRef) -> None:
    found = activities(CLASSIC | {"projects": [{"name": "Carte"} | project]})
    assert found["Carte"].sphere == sphere


def test_a_project_keeps_its_roles_its_link_and_its_keywords() -> None:
    project = activities(CLASSIC)["Carte des producteurs"]
    assert project.role == "Autrice, Testeuse"
    assert [piece.url for piece in project.evidence] == ["https://carte.example/"]
    labels = {one.iri: one.label for one in skills(CLASSIC).values()}
    assert {labels[iri] for iri in project.mobilises} == {"Cartographie", "Sauces"}


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("Beginner", terms.LEVEL_DISCOVERING),
        ("basic", terms.LEVEL_DISCOVERING),
        ("Débutant", terms.LEVEL_DISCOVERING),
        ("elementary", terms.LEVEL_ASSISTED),
        ("Intermediate", terms.LEVEL_AUTONOMOUS),
        ("Intermédiaire", terms.LEVEL_AUTONOMOUS),
        ("ADVANCED", terms.LEVEL_ADAPTING),
        ("Expert", terms.LEVEL_PASSING_ON),
        ("Master", terms.LEVEL_PASSING_ON),
        ("ninja", None),
        ("4/5", None),
    ],
)
def test_a_level_is_kept_in_its_words_and_mapped_when_it_is_one_of_ours(word: str, level: URIRef | None) -> None:
    current = skills({"skills": [{"name": "Cuisine", "level": word}]})["Cuisine"].current
    assert current is not None
    assert (current.level, current.as_stated, current.by) == (level, word, ME)


@pytest.mark.parametrize(
    ("modified", "on"),
    [
        ("2025-04-20T14:30:00", date(2025, 4, 20)),
        ("2025-04-20", date(2025, 4, 20)),
        ("v1", NOW.date()),
        (None, NOW.date()),
        ("2999-01-01", NOW.date()),
    ],
)
def test_a_level_is_dated_by_the_file_and_never_ahead(modified: str | None, on: date) -> None:
    current = skills({"skills": [{"name": "Cuisine", "level": "Expert"}], "meta": {"lastModified": modified}})[
        "Cuisine"
    ].current
    assert current is not None
    assert current.on == on


def test_keywords_are_narrower_skills() -> None:
    found = skills(CLASSIC)
    assert found["Sauces"].broader == found["Cuisine"].iri
    assert found["Vins"].broader is None
    assert found["Vins"].current is None


def test_a_keyword_that_is_a_skill_of_the_file_is_that_skill() -> None:
    found = skills(
        {"skills": [{"name": "Vins", "level": "Expert"}, {"name": "Cuisine", "keywords": ["vins", "cuisine"]}]}
    )
    assert set(found) == {"Vins", "Cuisine"}
    assert found["Vins"].broader == found["Cuisine"].iri
    assert found["Cuisine"].broader is None


def test_skills_that_name_each_other_do_not_go_round() -> None:
    found = skills(
        {
            "skills": [
                {"name": "A", "keywords": ["B"]},
                {"name": "B", "keywords": ["C"]},
                {"name": "C", "keywords": ["A"]},
            ]
        }
    )
    above = {one.iri: one.broader for one in found.values()}
    assert sum(broader is not None for broader in above.values()) == 2


def test_a_language_is_a_skill_with_the_fluency_as_stated() -> None:
    language = skills(CLASSIC)["Espagnol"]
    assert language.is_language
    assert language.current is not None
    assert (language.current.level, language.current.as_stated) == (None, "Elementary")


def test_certificates_awards_and_publications_are_evidence() -> None:
    found = {piece.title: piece for piece in activities_of.evidence(imported(CLASSIC).skills)}
    haccp = found["Hygiène alimentaire HACCP"]
    assert (haccp.publisher, haccp.date, haccp.url) == ("CCI", PartialDate(2019, 5), "https://cci.example/haccp")
    assert (found["Prix du quartier"].publisher, found["Prix du quartier"].description) == (
        "Mairie",
        "Pour la terrasse.",
    )
    assert (found["Soupes"].publisher, found["Soupes"].date) == ("Fanzine", PartialDate(2022, 2))


def test_a_certificate_proves_a_skill_only_when_it_says_the_same_words() -> None:
    found = skills(CLASSIC)
    assert [piece.title for piece in found["HACCP"].evidence] == ["Hygiène alimentaire HACCP"]
    assert [piece.title for label, one in found.items() for piece in one.evidence if label != "HACCP"] == []
    short = skills({"skills": [{"name": "Go"}], "certificates": [{"name": "Go first"}]})
    assert short["Go"].evidence == ()


def test_an_activity_mobilises_the_skills_that_its_own_words_name() -> None:
    resume = {
        "work": [
            {
                "name": "Café démo",
                "position": "Serveuse",
                "summary": "Excellente saison.",
                "highlights": ["Tenu le planning sous EXCEL", "Formé l’équipe à la préparation des cafés"],
            }
        ],
        "volunteer": [{"organization": "Club démo", "position": "Trésorière", "summary": "Comptes et bilan."}],
        "skills": ["Excel", "préparation des cafés", "R", "SQL", {"name": "Gestion", "keywords": ["Trésorière"]}],
    }
    labels = {one.iri: one.label for one in skills(resume).values()}
    told = {title: {labels[iri] for iri in one.mobilises} for title, one in activities(resume).items()}
    assert told == {"Serveuse": {"Excel", "préparation des cafés"}, "Trésorière": {"Trésorière"}}


def test_every_created_node_says_which_import_made_it() -> None:
    found = imported(CLASSIC)
    for graph in (found.activities, found.skills):
        made = set(graph.subjects(terms.DCTERMS_SOURCE, URIRef(RUN)))
        assert made == set(graph.subjects())


def test_the_counts_are_those_of_the_graphs() -> None:
    assert imported(CLASSIC).counts == {
        "activities": 6,
        "organizations": 5,
        "skills": 7,
        "assessments": 3,
        "evidence": 4,
    }


def test_who_one_is_and_what_others_said_is_named_and_not_imported() -> None:
    resume = CLASSIC | {
        "references": [{"name": "Somebody else", "reference": "A secret"}],
        "interests": [{"name": "Vélo"}],
    }
    found = losses(resume)
    assert {"/basics/name", "/basics/email", "/references/0", "/interests/0", "/projects/0/type"} == set(found)
    whole = syntax.turtle(imported(resume).activities) + syntax.turtle(imported(resume).skills)
    for private in (b"demo@example.org", b"Somebody else", b"A secret"):
        assert private not in whole
    assert "Somebody" not in repr(imported(resume).losses)


@pytest.mark.parametrize(
    ("resume", "place", "reason"),
    [
        ({"work": [{"name": "X", "startDate": "2013-12-021"}]}, "/work/0/startDate", "“2013-12-021” is not a date"),
        ({"work": [{"name": "X", "startDate": 0}]}, "/work/0/startDate", "“0” is not a date"),
        ({"work": [{"name": "X", "startDate": {"year": 2013}}]}, "/work/0/startDate", "is not a date"),
        ({"work": [{"name": "X", "endDate": "2013-12-021"}]}, "/work/0/endDate", "only what can be read"),
        ({"work": [{"name": "X", "endDate": "soon"}]}, "/work/0/endDate", "looks as if it were going on"),
        ({"work": [{"name": "X", "salary": 3}]}, "/work/0/salary", "JSON Resume has no “salary”"),
        ({"work": [{"name": "X", "url": "javascript:alert(1)"}]}, "/work/0/url", "is not a web address"),
        ({"work": [{"name": "X", "highlights": [True]}]}, "/work/0/highlights/0", "a text was expected"),
        ({"work": [{"startDate": "2013"}]}, "/work/0", "nothing to call it by"),
        ({"work": ["X", 3]}, "/work/1", "a text was expected"),
        ({"work": [{"name": "X"}, {"name": "X" * 300}]}, "/work/1/name", "too long"),
        (
            {"work": [{"name": "X", "url": "https://a.example"}, {"name": "X", "url": "https://b.example"}]},
            "/work/1/url",
            "another address",
        ),
        ({"work": [], "skills": {"name": "X"}}, "/skills", "not a list"),
        ({"work": [], "hobbies": ["X"]}, "/hobbies", "no place"),
        ({"education": [{"institution": "X", "gpa": 0}]}, "/education/0/gpa", "says nothing"),
        ({"awards": [{"date": "2013"}]}, "/awards/0", "nothing to call it by"),
        ({"skills": [{"level": "Expert"}]}, "/skills/0", "nothing to call it by"),
        ({"work": [], "meta": {"lastModified": "once"}}, "/meta/lastModified", "is not a date"),
    ],
)
def test_what_is_not_understood_is_named_with_its_place(resume: object, place: str, reason: str) -> None:
    found = losses(resume)
    assert place in found
    assert reason in found[place]


def test_of_very_many_losses_the_first_are_named_and_the_rest_counted() -> None:
    found = imported({"work": [{"name": "X"} | {f"key-{n:05}": 1 for n in range(1500)}]}).losses
    assert len(found) == 1001
    assert found[-1].sentence() == "500 more details are not listed"


def test_a_start_that_is_no_date_is_left_out_and_an_end_keeps_what_is_sure() -> None:
    (found,) = activities({"work": [{"name": "X", "startDate": "2013-12-021", "endDate": "2014-12-021"}]}).values()
    assert (found.start, found.end) == (None, PartialDate(2014, 12))


@pytest.mark.parametrize("end", [None, "", "Present", "present", "Aujourd’hui", "en cours", "-"])
def test_without_an_end_it_goes_on(end: str | None) -> None:
    resume = {"work": [{"name": "X", "startDate": "2013", "endDate": end}]}
    (found,) = activities(resume).values()
    assert found.is_ongoing(NOW.date())
    assert losses(resume) == {}


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("2014-06-29T00:00:00Z", "2014-06-29"),
        ("2014-6-9", "2014-06-09"),
        ("2014/06", "2014-06"),
        ("06/2014", "2014-06"),
        ("June 2014", "2014-06"),
        ("juin 2014", "2014-06"),
        ("Sept. 2014", "2014-09"),
        (2014, "2014"),
    ],
)
def test_dates_that_can_only_mean_one_thing_are_read(written: object, text: str) -> None:
    (found,) = activities({"work": [{"name": "X", "startDate": written}]}).values()
    assert found.start is not None
    assert found.start.text == text


@pytest.mark.parametrize(
    "written", ["2014-13", "2014-00-01", "2014-06-00", "2014-02-30", "14-06", "03/04/2014", "Junember 2014"]
)
def test_dates_that_could_mean_anything_are_not(written: str) -> None:
    assert "/work/0/startDate" in losses({"work": [{"name": "X", "startDate": written}]})


def test_a_file_from_before_1_0_is_read() -> None:
    resume = {
        "basics": {"name": "demo", "website": "https://demo.example"},
        "work": [
            {
                "company": "Café Lumen",
                "website": "cafe.example",
                "position": "Gérante",
                "location": {"city": "Lyon", "countryCode": "FR"},
                "highlights": None,
                "summary": None,
                "endDate": None,
            }
        ],
        "education": [{"institution": "CFA", "gpa": 3.5, "courses": "Cuisine"}],
        "publications": [{"name": "Soupes", "website": "https://soupes.example"}],
        "skills": [{"name": "Cuisine", "keywords": None}, "Vins"],
        "languages": ["Espagnol"],
    }
    found = activities(resume)
    organization = found["Gérante"].organization
    assert organization is not None
    assert (organization.name, organization.url) == ("Café Lumen", "https://cafe.example")
    assert found["Gérante"].location == "Lyon, FR"
    assert (found["CFA"].description, found["CFA"].achievements) == ("Score: 3.5", ("Cuisine",))
    assert set(skills(resume)) == {"Cuisine", "Vins", "Espagnol"}
    assert set(losses(resume)) == {"/basics/name", "/basics/website"}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"[]", "a JSON Resume"),
        (b'"work"', "a JSON Resume"),
        (b"{}", "a JSON Resume"),
        (b'{"name": "demo-package", "version": "1.0.0", "keywords": []}', "a JSON Resume"),
        (b'{"work": "nothing"}', "a JSON Resume"),
        (b"<html>", "JSON"),
        (b'{"work": [], "work": []}', "a name only once"),
        (b'{"work": [NaN]}', "a number"),
        (b'{"work": ' + b"[" * 100 + b"]" * 100 + b"}", "at most 64 levels"),
        (b'{"skills": [' + b'"x",' * 2000 + b'"x"]}', "at most 2000 entries"),
        (
            json.dumps({"skills": [{"name": "x", "keywords": [f"k{n}" for n in range(20_000)]}]}).encode(),
            "the life of one person",
        ),
    ],
)
def test_what_is_not_a_json_resume_is_refused_with_what_was_expected(data: bytes, expected: str) -> None:
    with pytest.raises(UnreadableFile) as raised:
        imported(data)
    assert expected in raised.value.sentences()[1]
    assert raised.value.file == "demo.json"


def test_the_same_file_a_second_time_is_nothing_new() -> None:
    first, second = imported(CLASSIC), imported(CLASSIC, now=datetime(2027, 1, 1, tzinfo=UTC))
    compared = matching.split(
        {ACTIVITIES: _renamed(second.activities), SKILLS: _renamed(second.skills)},
        {ACTIVITIES: first.activities, SKILLS: first.skills},
    )
    assert [len(graph) for graph in compared.new.values()] == [0, 0]


def test_a_file_that_overlaps_gives_only_what_is_new() -> None:
    first = imported(CLASSIC)
    longer = {
        **CLASSIC,
        "work": [*CLASSIC["work"], {"name": "Café Lumen", "position": "Conseillère", "startDate": "2026-01"}],
        "skills": [{"name": "cuisine", "level": "Advanced", "keywords": ["Sauces", "Glaces"]}],
    }
    second = imported(longer)
    compared = matching.split(
        {ACTIVITIES: _renamed(second.activities), SKILLS: _renamed(second.skills)},
        {ACTIVITIES: first.activities, SKILLS: first.skills},
    )
    (new,) = activities_of.read(first.activities + compared.new[ACTIVITIES])[:1]
    assert new.title == "Conseillère"
    assert new.organization is not None
    assert new.organization.name == "Café Lumen"
    assert [one.label for one in skills_of.read(compared.new[SKILLS])] == ["Glaces"]


def _renamed(graph: Any) -> Any:
    """The same graph under the names of another day."""

    def rename(node: Any) -> Any:
        return (
            URIRef(f"{node}-again")
            if isinstance(node, URIRef) and str(node).startswith((f"{ACTIVITIES}#", f"{SKILLS}#"))
            else node
        )

    return syntax.graph_of((rename(s), p, rename(o)) for s, p, o in graph)


# Out again


def written(resume: object) -> dict[str, Any]:
    found = imported(resume)
    result, _ = jsonresume.write(activities_of.read(found.activities), skills_of.read(found.skills))
    return result


def comparable(entries: list[dict[str, Any]]) -> list[str]:
    """Without the order of the lists: a graph has none."""

    def sort(value: Any) -> Any:
        return sorted(value) if isinstance(value, list) else value

    return sorted(
        json.dumps({k: sort(v) for k, v in entry.items()}, sort_keys=True, ensure_ascii=False) for entry in entries
    )


@pytest.mark.parametrize(
    "section", ["work", "volunteer", "education", "skills", "languages", "projects", "certificates"]
)
def test_what_came_in_goes_out_again(section: str) -> None:
    original = {
        **CLASSIC,
        "projects": [{k: v for k, v in CLASSIC["projects"][0].items() if k != "type"}],
        "work": [
            {k: v.replace("café lumen", "Café Lumen") if k == "name" else v for k, v in job.items()}
            for job in CLASSIC["work"]
        ],
    }
    original["work"][1] |= {k: original["work"][0][k] for k in ("url", "description")}
    found = written(original)[section]
    if section in {"skills", "certificates"}:
        # The keywords of projects are skills too, and only what proves a skill is listed.
        found = [one for one in found if one["name"] != "Cartographie"]
    assert comparable(found) == comparable(original[section])


def test_what_a_resume_cannot_say_is_named() -> None:
    care = Activity("#1", "Aide à un proche", terms.SPHERE_CARE, PartialDate(2020))
    mission = Activity("#2", "Chantier", terms.SPHERE_EMPLOYMENT, PartialDate(2020), part_of="#3", mobilises=("#s",))
    riding = Activity("#4", "Livraison", terms.SPHERE_PLATFORM_WORK, end_as_written="2013-12-021")
    resume, found = jsonresume.write([care, mission, riding], [], name="demo")
    assert [job["position"] for job in resume["work"]] == ["Chantier", "Livraison"]
    assert resume["basics"] == {"name": "demo"}
    said = " ".join(loss.sentence() for loss in found)
    for word in ("Aide à un proche", "is part of", "which skills", "another kind of work", "Livraison", "2013-12-021"):
        assert word in said


def test_someone_working_for_themselves_comes_back_as_such() -> None:
    alone = Activity("#1", "Traiteur", terms.SPHERE_SELF_EMPLOYMENT, PartialDate(2020))
    resume, found = jsonresume.write([alone], [])
    assert found == ()
    (again,) = activities(resume).values()
    assert (again.title, again.sphere) == ("Traiteur", terms.SPHERE_SELF_EMPLOYMENT)


# Real files by other people


def _examples() -> Iterator[Path]:
    place = os.environ.get("MUSETTE_JSONRESUME_EXAMPLES")
    installed = server.installed()
    if place:
        yield from sorted(Path(place).glob("*.json"))
    elif installed:
        package = installed / "node_modules/@jsonresume/schema"
        yield from sorted([*package.glob("examples/*.json"), package / "sample.resume.json"])


EXAMPLES = list(_examples())
NEEDS_EXAMPLES = pytest.mark.skipif(
    not EXAMPLES,
    reason="needs the examples of @jsonresume/schema: installed with the embedded server, or named in MUSETTE_JSONRESUME_EXAMPLES",
)
ISO_8601 = re.compile(r"([1-2][0-9]{3}-[0-1][0-9]-[0-3][0-9]|[1-2][0-9]{3}-[0-1][0-9]|[1-2][0-9]{3})")
TEXTS = {
    "work": {"name", "location", "description", "position", "url", "summary"},
    "volunteer": {"organization", "position", "url", "summary"},
    "education": {"institution", "url", "area", "studyType", "score"},
    "projects": {"name", "description", "url", "entity"},
    "skills": {"name", "level"},
    "languages": {"language", "fluency"},
    "certificates": {"name", "issuer", "url"},
}
LISTS = {"highlights", "courses", "keywords", "roles"}
DATES = {"startDate", "endDate", "date"}


def check_schema(resume: dict[str, Any]) -> None:
    """What schema.json 1.3.1 asks of the parts we write."""
    for section, texts in TEXTS.items():
        for entry in resume.get(section, []):
            for key, value in entry.items():
                assert key in texts | LISTS | DATES, (section, key)
                if key in LISTS:
                    assert all(isinstance(item, str) for item in value)
                else:
                    assert isinstance(value, str)
                if key in DATES:
                    assert ISO_8601.fullmatch(value)


def test_what_we_write_fits_the_schema() -> None:
    check_schema(written(CLASSIC))


@NEEDS_EXAMPLES
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_a_real_file_is_taken_over_whole(example: Path) -> None:
    resume = json.loads(example.read_text("utf-8"))
    found = imported(example.read_bytes())
    wanted = sum(len(resume.get(section, ())) for section in ("work", "volunteer", "education", "projects"))
    assert found.counts["activities"] == wanted
    labels = {one.label for one in skills_of.read(found.skills)}
    assert {entry["name"] for entry in resume["skills"]} <= labels
    assert {word for entry in resume["skills"] for word in entry["keywords"]} <= labels
    left = {loss.place.split("/")[1] for loss in found.losses}
    assert left <= {"basics", "references", "interests", "projects"}


@NEEDS_EXAMPLES
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_a_real_file_goes_out_again(example: Path) -> None:
    resume = json.loads(example.read_text("utf-8"))
    again = written(resume)
    check_schema(again)
    for section in ("work", "volunteer", "education"):
        assert comparable(again.get(section, [])) == comparable(resume.get(section, []))
    names = {entry["name"]: entry for entry in again["skills"]}
    for entry in resume["skills"]:
        assert comparable([names[entry["name"]]]) == comparable([entry])
