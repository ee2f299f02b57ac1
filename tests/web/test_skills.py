"""Skills in the pages: one's own words, five steps, assessments that add up."""

from musette_solid.model import skill as skills_model
from musette_solid.model.skill import Skill
from musette_solid.pod import resources
from musette_solid.pod.cache import Cache
from musette_solid.rdf import syntax, terms
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.list_activities import list_activities
from tests.web.reviewer import Page, Reviewer


def kept(bag: Bag) -> dict[str, Skill]:
    bag.pod.cache = Cache()
    return {s.label: s for s in skills_model.read(resources.read(bag.pod, bag.layout.skills).graph)}


def test_a_skill_is_added_with_its_level_evidence_and_activities(person: Reviewer, full_bag: Bag) -> None:
    answer = person.send(
        person.get("/skills/new"),
        "/skills/",
        prefLabel="Lire un plan",
        level=str(terms.LEVEL_ADAPTING),
        used_in=[full_bag.layout.activities + "#a-2", full_bag.layout.activities + "#a-9"],
        **{"evidence-title": "Plan annoté", "evidence-url": "https://proof.example/plan", "evidence-date": "05/2012"},
    )
    assert answer.status_code == 303
    skill = kept(full_bag)["Lire un plan"]
    assert skill.current is not None
    assert skill.current.level == terms.LEVEL_ADAPTING
    assert [(e.title, e.date.text if e.date else "") for e in skill.evidence] == [("Plan annoté", "2012-05")]
    assert {a.title for a in list_activities(full_bag).used_in(skill.iri)} == {"Menuisier", "Meubles sur mesure"}


def test_only_the_name_is_needed(newcomer: Reviewer, bag: Bag) -> None:
    assert newcomer.send(newcomer.get("/skills/new"), "/skills/", prefLabel="Écouter").status_code == 303
    assert kept(bag)["Écouter"].assessments == ()


def test_evidence_without_a_title_is_said_at_its_place(newcomer: Reviewer, bag: Bag) -> None:
    answer = newcomer.send(
        newcomer.get("/skills/new"), "/skills/", prefLabel="Écouter", **{"evidence-url": "https://proof.example/"}
    )
    assert answer.status_code == 422
    page = Page(answer.text)
    assert (
        next(e for e in page.all if e.attributes.get("id") == "f-evidence-title").attributes["aria-invalid"] == "true"
    )
    assert "open" in next(e for e in page.named("details") if "Ajouter une preuve" in e.text).attributes
    assert kept(bag) == {}


def test_an_assessment_is_added_and_those_before_it_stay(person: Reviewer, full_bag: Bag) -> None:
    before = kept(full_bag)["Assembler à tenon et mortaise"].assessments
    answer = person.send(
        person.get("/skills/s-1/assess"),
        "/skills/s-1/assess",
        level=str(terms.LEVEL_ASSISTED),
        on="2026-11-20",
        comment="Après deux ans sans pratiquer.",
    )
    assert answer.location == "/skills/s-1"
    after = kept(full_bag)["Assembler à tenon et mortaise"]
    assert after.assessments[:-1] == before
    assert after.current is not None
    assert (after.current.level, after.current.comment) == (terms.LEVEL_ASSISTED, "Après deux ans sans pratiquer.")
    text = person.get("/skills/s-1").text.partition("<table ")[2]
    assert text.index("Après deux ans") < text.index("2\u00a0mai 2026")


def test_an_assessment_needs_a_step_of_the_scale_and_a_day(person: Reviewer, full_bag: Bag) -> None:
    wrong: tuple[dict[str, str | list[str]], ...] = (
        {"level": "https://other.example/expert"},
        {"level": []},
        {"on": "2026-02-31"},
        {"on": "2026"},
    )
    for changes in wrong:
        said: dict[str, str | list[str]] = {"level": str(terms.LEVEL_ASSISTED), "on": "2026-11-20", **changes}
        assert person.send(person.get("/skills/s-1/assess"), "/skills/s-1/assess", **said).status_code == 422
    assert len(kept(full_bag)["Assembler à tenon et mortaise"].assessments) == 1


def test_a_correction_keeps_assessments_and_sets_where_it_is_used(person: Reviewer, full_bag: Bag) -> None:
    answer = person.send(
        person.get("/skills/s-1/correct"),
        "/skills/s-1/correct",
        prefLabel="Tenons et mortaises",
        used_in=[full_bag.layout.activities + "#a-2"],
    )
    assert answer.status_code == 303
    skill = kept(full_bag)["Tenons et mortaises"]
    assert len(skill.assessments) == 1
    assert [a.title for a in list_activities(full_bag).used_in(skill.iri)] == ["Menuisier"]


def test_both_versions_of_a_skill_are_shown(person: Reviewer, full_bag: Bag) -> None:
    mine, theirs = person.get("/skills/s-1/correct"), person.get("/skills/s-1/correct")
    person.send(theirs, "/skills/s-1/correct", prefLabel="Leur mot")
    answer = person.send(mine, "/skills/s-1/correct", prefLabel="Mon mot")
    assert answer.status_code == 412
    assert "Leur mot" in kept(full_bag)
    assert person.send(answer, "/skills/s-1/correct").status_code == 303
    assert "Mon mot" in kept(full_bag)


def test_a_deleted_skill_is_put_back_with_its_assessments(person: Reviewer, full_bag: Bag) -> None:
    before = kept(full_bag)["Assembler à tenon et mortaise"]
    deleted = person.send(person.get("/skills/s-1/delete"), "/skills/s-1/delete")
    assert "Assembler à tenon et mortaise" not in kept(full_bag)
    assert person.send(deleted, "/activities/undo").location == "/skills/"
    assert kept(full_bag)["Assembler à tenon et mortaise"] == before


def test_evidence_is_attached_to_a_skill(person: Reviewer, full_bag: Bag) -> None:
    person.send(person.get("/skills/s-3/evidence"), "/skills/s-3/evidence", **{"evidence-title": "Comptes 2025"})
    assert [e.title for e in kept(full_bag)["Tenir une comptabilité d’association"].evidence] == ["Comptes 2025"]


def test_the_page_shows_the_curve_with_its_table_and_who_says_what(person: Reviewer, full_bag: Bag) -> None:
    owner, other = full_bag.owner, "https://mentor.example/profile#me"
    resources.insert(
        full_bag.pod,
        full_bag.layout.skills,
        syntax.parse(
            f"""@prefix mus: <https://w3id.org/musette#> . @prefix prov: <http://www.w3.org/ns/prov#> .
            @prefix dcterms: <http://purl.org/dc/terms/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
            @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
            <#m-10> a mus:Assessment ; mus:skill <#s-1> ; mus:level mus:level-assisted ; prov:wasAttributedTo <{owner}> ;
                dcterms:date "2024-05-02"^^xsd:date ; mus:assessmentWay mus:assessment-way-looking-back .
            <#m-11> a mus:Assessment ; mus:skill <#s-1> ; mus:level mus:level-adapting ; prov:wasAttributedTo <{other}> ;
                mus:relationKind mus:relationKind-mentor ; dcterms:date "2025-01-10"^^xsd:date .
            <#m-12> a mus:Assessment ; mus:skill <#s-1> ; mus:level <https://other.example/scale#expert> ;
                prov:wasAttributedTo <{owner}> ; dcterms:date "2025-02-10"^^xsd:date .
            <{other}> a foaf:Person ; foaf:name "D. M." .""".encode(),
            syntax.TURTLE,
            full_bag.layout.skills,
        ),
    )
    page = Page(person.get("/skills/s-1").text)
    (picture,) = [svg for svg in page.named("svg") if svg.attributes.get("role") == "img"]
    assert "D. M., 10\u00a0janvier 2025 – j’adapte" in picture.text
    assert "moi, 2\u00a0mai 2024" in picture.text
    (table,) = page.named("table")
    for said in ("D. M.", "mentor", "En y repensant", "Un niveau d’une autre échelle", "expert"):
        assert said in table.text
    then = person.get("/skills/s-1?on=2024-12-31").text
    assert "Au 31\u00a0décembre 2024" in then
    assert "2\u00a0mai 2024" in then.partition("Au 31\u00a0décembre 2024")[2]
    assert "D. M." not in then.partition("Au 31\u00a0décembre 2024")[2].partition("</ul>")[0]
    assert "rien dit" in person.get("/skills/s-1?on=2020").text
    assert person.get("/skills/s-1?on=hier").status_code == 200


def test_an_assessment_says_how_and_what_shows_it(person: Reviewer, full_bag: Bag) -> None:
    person.send(
        person.get("/skills/s-1/assess"),
        "/skills/s-1/assess",
        level=str(terms.LEVEL_PASSING_ON),
        on="2026-11-20",
        way=str(terms.ASSESSMENT_WAY_TEST),
        **{"evidence-url": "https://proof.example/exam"},
    )
    said = kept(full_bag)["Assembler à tenon et mortaise"].current
    assert said is not None
    assert (said.way, [piece.url for piece in said.evidence]) == (
        terms.ASSESSMENT_WAY_TEST,
        ["https://proof.example/exam"],
    )
    assert "Par un test" in person.get("/skills/s-1").text


def test_who_taught_it_and_whom_it_was_taught_to(person: Reviewer, full_bag: Bag) -> None:
    page = person.get("/skills/s-1/passed-on")
    person.send(page, "/skills/s-1/passed-on", learnt="D. M.\n\n  Une voisine ", taught="D. M.")
    told = next(e for e in Page(person.get("/skills/s-1").text).named("section") if "De main en main" in e.text)
    assert "D. M., Une voisine" in told.text
    link = next(e.attributes["href"] for e in told.children[-1].children[1].children)
    assert "D. M." in person.get(link).text
    people = resources.read(full_bag.pod, full_bag.layout.people).graph
    assert len(set(people.subjects(terms.RDF_TYPE, terms.VCARD_INDIVIDUAL))) == 2
    person.send(person.get("/skills/s-1/passed-on"), "/skills/s-1/passed-on", learnt="Une voisine", taught="")
    skill = kept(full_bag)["Assembler à tenon et mortaise"]
    assert (len(skill.learnt_from), skill.taught_to) == (1, ())
    assert set(resources.read(full_bag.pod, full_bag.layout.people).graph) == set(people)


def test_a_concept_that_no_register_knows_keeps_the_name_it_had(person: Reviewer, full_bag: Bag) -> None:
    gone = "http://data.europa.eu/esco/skill/00000000-0000-0000-0000-000000000000"
    resources.insert(
        full_bag.pod,
        full_bag.layout.skills,
        syntax.parse(
            f"""@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
            <#s-1> skos:closeMatch <{gone}> , <skill:11111111-0000-0000-0000-000000000000> .
            <{gone}> skos:prefLabel "assembler le bois"@fr .""".encode(),
            syntax.TURTLE,
            full_bag.layout.skills,
        ),
    )
    text = person.get("/skills/s-1").text
    assert "assembler le bois" in text
    assert "gardée" in text
    assert text.count("ESCO") == 2


def test_the_register_says_what_sleeps_grows_and_is_shown(person: Reviewer, full_bag: Bag) -> None:
    document = full_bag.layout.skills
    said = f"""@prefix mus: <https://w3id.org/musette#> . @prefix prov: <http://www.w3.org/ns/prov#> .
        @prefix dcterms: <http://purl.org/dc/terms/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix schema: <http://schema.org/> .
        <#s-9> a mus:Skill ; skos:prefLabel "Border une voile" ; mus:evidence <#e-9> .
        <#e-9> a mus:Evidence ; dcterms:title "Permis" ; schema:url <https://proof.example/permis> .
        <#m-20> a mus:Assessment ; mus:skill <#s-9> ; mus:level mus:level-assisted ;
            prov:wasAttributedTo <{full_bag.owner}> ; dcterms:date "2015-01-01"^^xsd:date .
        <#m-21> a mus:Assessment ; mus:skill <#s-9> ; mus:level mus:level-adapting ;
            prov:wasAttributedTo <{full_bag.owner}> ; dcterms:date "2026-10-01"^^xsd:date ."""
    resources.insert(full_bag.pod, document, syntax.parse(said.encode(), syntax.TURTLE, document))
    ended = f"<#a-2> <https://w3id.org/musette#mobilises> <{document}#s-9> ."
    activities = full_bag.layout.activities
    resources.insert(full_bag.pod, activities, syntax.parse(ended.encode(), syntax.TURTLE, activities))
    text = person.get("/skills/").text
    assert "en sommeil depuis le 29\u00a0mars 2013 · grandit · montrée par quelque chose" in text
