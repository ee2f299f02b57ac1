"""LinkedIn archives: every table, every header, every form of a date, and what is not the holder's."""

import pytest

from musette_solid.exchange import recognised_json
from musette_solid.exchange.packages import pack
from musette_solid.model import opportunity
from musette_solid.rdf import terms
from tests.exchange.reading import ME, activities, kinds, lost, places, read, sample, skills, sphere

FOLDER = "Basic_LinkedInDataExport_06-06-2026/"
TABLES = {
    "Positions.csv": "\ufeffCompany Name,Title,Description,Location,Started On,Finished On\r\n"
    'Atelier démo,Soudeuse,"Deux lignes\r\ndans une case","Comté de Harju, Estonie",Aug 2022,\r\n'
    "Atelier démo,Cheffe d’équipe,,,Jan 2024,\r\n"
    "Freelance,Rédactrice,,,2009,2011\r\n",
    "Education.csv": "School Name,Start Date,End Date,Notes,Degree Name,Activities\nLycée démo,2003,2005,,CAP,Club radio\n",
    "Volunteering.csv": "Company Name,Role,Cause,Started On,Finished On,Description\nClub démo,Trésorière,Sport,Mar 2019,,\n",
    "Organizations.csv": "Name,Position,Description,Started On,Finished On\nSyndicat démo,Déléguée,,2015,2018\n",
    "Projects.csv": "Title,Description,Url,Started On,Finished On\nAtlas,,atlas.example,2020,2021\n",
    "Skills.csv": "Name\nSoudure\nC#\nC#\n",
    "Languages.csv": "Name,Proficiency\nAnglais,Professional working proficiency\n",
    "Certifications.csv": "Name,Url,Authority,Started On,Finished On,License Number\nSST,https://sst.example/1,INRS démo,Oct 2023,,42\n",
    "Learning.csv": "Content Title,Content Description,Content Type,Content Last Watched Date (if viewed),"
    "Content Completed At (if completed),Content Saved,Notes taken on videos (if taken),\n"
    "Fini,,Course,2020-12-29 14:24 UTC,2021-01-04 09:00 UTC,true,N/A,\nPas fini,,Course,N/A,N/A,false,N/A,\n",
    "Connections.csv": 'Notes:\n"When exporting your connection data, you may notice something."\n\n'
    "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    "Demo,Un,https://www.linkedin.com/in/demo-1,un@example.org,Atelier démo,Directrice,06 Jun 2026\n,,,,,,03 Mar 2020\n",
    "messages.csv": "CONVERSATION ID,FROM,TO,CONTENT\n1,Demo Deux,Demo,secret\n",
    "Profile.csv": "Full Name,Headline,Summary,Industry,Websites\nDemo,Soudeuse,,Industrie,[PERSONAL:http://demo.example]\n",
}


def archive(**other: str) -> bytes:
    tables = TABLES | {name.replace("__", "."): text for name, text in other.items()}
    return pack((FOLDER + name, text.encode()) for name, text in tables.items())


def test_an_archive_becomes_a_life() -> None:
    found = read(archive(), "linkedin.zip")
    assert found.format == "LinkedIn"
    by_title = {one.title: one for one in activities(found)}
    welder = by_title["Soudeuse"]
    assert welder.start is not None
    assert (welder.start.text, welder.end, welder.location) == ("2022-08", None, "Comté de Harju, Estonie")
    assert welder.organization is not None
    assert welder.organization == by_title["Cheffe d’équipe"].organization
    spheres = {title: one.sphere for title, one in by_title.items()}
    assert spheres["Rédactrice"] == sphere("self-employment")
    assert spheres["CAP"] == sphere("training")
    assert spheres["Trésorière"] == sphere("volunteering")
    assert spheres["Déléguée"] == sphere("civic-engagement")
    assert spheres["Atlas"] == sphere("personal-project")
    assert by_title["Atlas"].evidence[0].url == "https://atlas.example"
    assert "Fini" in by_title
    assert "Pas fini" not in by_title
    assert sorted(one.label for one in skills(found)) == ["Anglais", "C#", "Soudure"]
    (english,) = [one for one in skills(found) if one.is_language]
    assert english.current is not None
    assert (english.current.as_stated, english.current.by) == ("Professional working proficiency", ME)


def test_other_people_are_only_proposed_and_their_words_not_even_that() -> None:
    found = read(archive(), "linkedin.zip")
    people = [line for line in found.lines if line.kind == "person"]
    assert [(line.label, line.asked) for line in people] == [("Demo Un", True)]
    everything = b"".join(str(triple).encode() for graph in found.graphs.values() for triple in graph)
    assert b"un@example.org" not in everything
    assert b"secret" not in everything
    assert any("messages.csv" in place for place, _ in lost(found))


def test_every_thing_says_which_row_of_which_file_it_came_from() -> None:
    found = read(archive(), "linkedin.zip")
    assert places(found)["Soudeuse"] == FOLDER + "Positions.csv#row=2"
    assert places(found)["Demo Un"] == FOLDER + "Connections.csv#row=5"
    for graph in found.graphs.values():
        for node in set(graph.subjects(terms.RDF_TYPE)):
            rows = [
                *graph.objects(node, terms.PROV_WAS_DERIVED_FROM),
                *graph.objects(node, terms.PROV_WAS_INFLUENCED_BY),
            ]
            assert len(rows) == 1
            assert str(rows[0]).startswith("ni:///sha-256;")
            assert "row=" in str(rows[0])
            assert (node, terms.DCTERMS_SOURCE, None) in graph


def test_the_same_row_has_the_same_name_in_a_longer_export() -> None:
    one = read(archive())
    longer = TABLES["Positions.csv"] + "Nouvel atelier,Formatrice,,,Feb 2026,\r\n"
    two = read(archive(Positions__csv=longer))
    names = {line.label: line.node for line in one.lines}
    again = {line.label: line.node for line in two.lines}
    assert names.items() <= again.items()
    assert set(again) - set(names) == {"Formatrice"}


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_table_alone_is_recognised_too(name: str) -> None:
    found = read(TABLES[name], name)
    assert found.format == "LinkedIn (CSV)"


def test_a_date_that_is_none_is_a_loss_with_its_place() -> None:
    odd = "Company Name,Title,Description,Location,Started On,Finished On\nA,B,,,Smarch 2020,Not Available\n"
    found = read(archive(Positions__csv=odd))
    assert (FOLDER + "Positions.csv#row=2", "“Smarch 2020” is not a date: it was left out") in lost(found)
    assert next(one for one in activities(found) if one.title == "B").end is None


def test_more_cells_than_columns_and_columns_nobody_knows_are_said() -> None:
    odd = "Company Name,Title,Started On,Shoe Size\nA,B,2020,44,more\n"
    said = [sentence for _, sentence in lost(read(archive(Positions__csv=odd)))]
    assert any("shoe size" in sentence for sentence in said)
    assert any("“more”" in sentence for sentence in said)


@pytest.mark.parametrize("folder", ["ada-synthetic", "doe-header-variants"])
def test_the_samples_of_third_parties(folder: str) -> None:
    sample(
        f"linkedin/{folder}/Profile.csv" if folder.startswith("ada") else f"linkedin/{folder}/Profile.fullname-only.csv"
    )
    from tests.exchange.reading import SHARED

    files = [(path.name, path.read_bytes()) for path in sorted((SHARED / "linkedin" / folder).iterdir())]
    found = read(pack(files), "linkedin.zip")
    expected = {"activity": 4, "skill": 1, "person": 2} if folder.startswith("ada") else {"skill": 1}
    assert kinds(found) == expected
    assert all(place for place, _ in lost(found))


APPLICATIONS = (
    "Application Date,Contact Email,Contact Phone Number,Company Name,Job Title,Job Url,Resume Name,Question And Answers\n"
    '"5/3/21, 9:12 AM",somebody@example.org,,Atelier démo,Soudeuse,https://www.linkedin.com/jobs/view/1?trk=x,cv.pdf,\n'
)


def test_jobs_that_were_applied_for_become_opportunities_that_were_answered() -> None:
    found = read(pack([("Positions.csv", TABLES["Positions.csv"].encode()), ("Jobs/Job Applications.csv", APPLICATIONS.encode())]), "l.zip")  # fmt: skip
    (offer,) = opportunity.read(found.graphs["watch"])
    assert (offer.title, offer.organization, offer.url) == (
        "Soudeuse",
        "Atelier démo",
        "https://www.linkedin.com/jobs/view/1",
    )
    assert offer.choice == terms.CHOICE_APPLIED
    # Who was written to is somebody else.
    assert b"somebody" not in recognised_json.to_json(found)


def test_a_table_that_is_not_known_is_not_called_damaged() -> None:
    found = read(
        pack([("Positions.csv", TABLES["Positions.csv"].encode()), ("Learning.csv", b"Date\n2021\n")]), "l.zip"
    )
    (loss,) = (one for one in found.losses if one.place.startswith("Learning.csv"))
    assert "no table that is known" in loss.reason
