"""Every other format, by its odd and real cases: each thing, each place, each loss."""

import base64
import io
import json
import struct
import tarfile
import zlib

import pytest

from musette_solid.exchange.draft import Recognised
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.packages import pack
from musette_solid.rdf import syntax, terms
from tests.exchange.reading import ME, activities, kinds, lost, places, read, sample, skills, sphere, times

# Europass

OLD = """<?xml version="1.0" encoding="UTF-8"?>
<SkillsPassport xmlns="http://europass.cedefop.europa.eu/Europass" locale="en"><LearnerInfo>
<Identification><PersonName><FirstName>Demo</FirstName></PersonName></Identification>
<WorkExperienceList><WorkExperience><Period><From year="2001" month="--03" day="---10"/><Current>true</Current></Period>
<Position><Label>Instructor</Label></Position><Activities>&lt;p&gt;First&lt;/p&gt;&lt;ul&gt;&lt;li&gt;one&lt;/li&gt;&lt;li&gt;two &amp;amp; more&lt;/li&gt;&lt;/ul&gt;&lt;script&gt;x()&lt;/script&gt;</Activities>
<Employer><Name>School</Name><ContactInfo><Address><Contact><Municipality>Lyon</Municipality></Contact></Address>
<Website><Contact>school.example</Contact></Website></ContactInfo></Employer></WorkExperience></WorkExperienceList>
<Skills><Linguistic><MotherTongueList><MotherTongue><Description><Label>Elvish</Label></Description></MotherTongue></MotherTongueList>
<ForeignLanguageList><ForeignLanguage><Description><Code>ja</Code><Label>Japanese</Label></Description>
<ProficiencyLevel><Listening>C1</Listening><Reading>C1</Reading><Writing>B2</Writing></ProficiencyLevel></ForeignLanguage></ForeignLanguageList></Linguistic></Skills>
</LearnerInfo></SkillsPassport>"""


def test_europass_xml_of_before_2020() -> None:
    found = read(OLD)
    (job,) = activities(found)
    assert (job.title, job.start.text if job.start else "", job.end, job.location) == (
        "Instructor",
        "2001-03-10",
        None,
        "Lyon",
    )
    assert job.description == "First\n- one\n- two & more"
    assert job.organization is not None
    assert job.organization.url == "https://school.example"
    levels = {one.label: one.current.as_stated for one in skills(found) if one.current}
    assert levels == {"Elvish": "C2+", "Japanese": "Listening C1, Reading C1, Writing B2"}
    assert places(found)["Instructor"] == "/LearnerInfo/WorkExperience/0"
    assert any(place == "/LearnerInfo/Identification/PersonName" for place, _ in lost(found))


def test_europass_json_says_the_same_with_a_mark_before_it() -> None:
    said = {"SkillsPassport": {"LearnerInfo": {"WorkExperience": [{"Period": {"From": {"Year": 2002, "Month": 8}, "Current": True},
            "Position": {"Label": "Consultant"}, "Activities": "a<br/>b", "Employer": {"Name": "Council"}}]}}}  # fmt: skip
    found = read(b"\xef\xbb\xbf" + json.dumps(said).encode())
    (job,) = activities(found)
    assert (job.title, job.start.text if job.start else "", job.description) == ("Consultant", "2002-08", "a\nb")


NEW = """<Candidate xmlns="http://www.europass.eu/1.0" xmlns:oa="http://www.openapplications.org/oagis/9"
 xmlns:eures="http://www.europass_eures.eu/1.0" xmlns:hr="http://www.hr-xml.org/3">
<CandidatePerson><PersonName><oa:GivenName>Demo</oa:GivenName></PersonName><PrimaryLanguageCode name="FREE_TEXT">Neapolitan</PrimaryLanguageCode></CandidatePerson>
<CandidateProfile languageCode="en"><EmploymentHistory><EmployerHistory><hr:OrganizationName>Demo university</hr:OrganizationName>
<PositionHistory><PositionTitle typeCode="URI" languageID="http://data.europa.eu/esco/occupation/5ac65daa">Researcher</PositionTitle>
<eures:EmploymentPeriod><eures:StartDate><hr:FormattedDateTime>2021-10</hr:FormattedDateTime></eures:StartDate><hr:CurrentIndicator>true</hr:CurrentIndicator></eures:EmploymentPeriod>
<oa:Description>&lt;p&gt;Networks&lt;/p&gt;</oa:Description></PositionHistory></EmployerHistory></EmploymentHistory>
<EducationHistory><EducationOrganizationAttendance><hr:OrganizationName>Demo school</hr:OrganizationName>
<AttendancePeriod><StartDate><hr:FormattedDateTime>2023</hr:FormattedDateTime></StartDate><Ongoing>true</Ongoing></AttendancePeriod>
<EducationDegree><hr:DegreeName>Doctorate</hr:DegreeName></EducationDegree></EducationOrganizationAttendance></EducationHistory>
<VoluntaryWorks/><VoluntaryWorks><VoluntaryWork><Title>Food bank</Title><Date><StartDate><hr:FormattedDateTime>2019-05-02</hr:FormattedDateTime></StartDate></Date></VoluntaryWork></VoluntaryWorks>
<PersonQualifications><PersonCompetency><CompetencyID schemeName="NORMAL">fre</CompetencyID><hr:TaxonomyID>language</hr:TaxonomyID>
<eures:CompetencyDimension><hr:CompetencyDimensionTypeCode>CEF-Writing-Production</hr:CompetencyDimensionTypeCode><eures:Score><hr:ScoreText>B2</hr:ScoreText></eures:Score></eures:CompetencyDimension></PersonCompetency></PersonQualifications>
<eures:Attachment><oa:EmbeddedData>AAAA</oa:EmbeddedData><hr:Instructions>ProfilePicture</hr:Instructions></eures:Attachment>
<RenderingInformation><Design><Template>x</Template></Design></RenderingInformation></CandidateProfile></Candidate>"""


def test_europass_since_2020() -> None:
    found = read(NEW)
    by_title = {one.title: one for one in activities(found)}
    assert {title: (one.start.text if one.start else "", one.end) for title, one in by_title.items()} == {
        "Researcher": ("2021-10", None),
        "Doctorate": ("2023", None),
        "Food bank": ("2019-05-02", None),
    }
    assert by_title["Food bank"].sphere == sphere("volunteering")
    occupations = {str(o) for o in found.graphs["activities"].objects(None, terms.OCCUPATION)}
    assert occupations == {"http://data.europa.eu/esco/occupation/5ac65daa"}
    assert {one.label for one in skills(found)} == {"Neapolitan", "French"}
    assert any("ProfilePicture" in sentence for _, sentence in lost(found))
    assert not any("RenderingInformation" in place for place, _ in lost(found))


# Badges and credentials

ACHIEVEMENT = {
    "id": "https://demo.example/a/1",
    "name": "Welding",
    "criteria": {"narrative": "Reviewed by peers."},
    "alignment": [{"targetName": "Weld", "targetUrl": "http://data.europa.eu/esco/skill/1"}],
    "resultDescription": [
        {"id": "urn:r", "name": "Level", "rubricCriterionLevel": [{"id": "urn:l", "name": "Mastered"}]}
    ],
}
BADGE: dict[str, object] = {
    "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
    "id": "https://demo.example/c/1",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": "did:web:demo.example", "name": "Demo issuer"},
    "validFrom": "2024-05-01T00:00:00Z",
    "validUntil": "2025-05-01T00:00:00Z",
    "credentialSubject": {
        "id": "did:example:somebody",
        "achievement": ACHIEVEMENT,
        "result": [{"resultDescription": "urn:r", "achievedLevel": "urn:l"}],
    },
    "proof": {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022"},
}


def baked_png(text: bytes, *, times_: int = 1, packed: bool = False) -> bytes:
    body = (
        b"openbadgecredential\0"
        + (b"\1\0" if packed else b"\0\0")
        + b"\0\0"
        + (zlib.compress(text) if packed else text)
    )
    chunk = struct.pack(">I", len(body)) + b"iTXt" + body + b"\0\0\0\0"
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + b"IHDR"
        + b"\0" * 17
        + chunk * times_
        + struct.pack(">I", 0)
        + b"IEND"
        + b"\0" * 4
    )


def token(value: object) -> bytes:
    parts = (json.dumps({"alg": "EdDSA"}), json.dumps(value))
    return b".".join(base64.urlsafe_b64encode(part.encode()).rstrip(b"=") for part in parts) + b".c2lnbmF0dXJl"


SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"><openbadges:credential><![CDATA[{}]]></openbadges:credential></svg>'
FORMS = {
    "JSON": json.dumps(BADGE).encode(),
    "a token": token(BADGE),
    "a token of VC 1.1": token({"vc": BADGE}),
    "a picture": baked_png(json.dumps(BADGE).encode()),
    "a picture, packed": baked_png(json.dumps(BADGE).encode(), packed=True),
    "a drawing": SVG.format(json.dumps(BADGE)).encode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_badge_is_an_attestation_whatever_it_is_baked_into(form: str) -> None:
    found = read(FORMS[form])
    assert kinds(found) == {"evidence": 1, "skill": 2}
    graph = found.graphs["skills"]
    (proof,) = graph.subjects(terms.RDF_TYPE, terms.Attestation)
    assert str(graph.value(proof, terms.DCTERMS_PUBLISHER)) == "Demo issuer"
    weld = next(one for one in skills(found) if one.label == "Weld")
    assert [piece.title for piece in weld.evidence] == ["Welding"]
    level = next(one for one in skills(found) if one.label == "Level")
    assert level.current is not None
    assert (level.current.as_stated, level.current.by) == ("Mastered", "did:web:demo.example")
    said = " ".join(sentence for _, sentence in lost(found))
    assert "the signature was not checked here" in said
    assert "did:example:somebody" in said
    assert "it was valid until 2025-05-01" in said
    (kept,) = found.files.values()
    assert b"Welding" in kept or b"." in kept


def test_badges_of_before() -> None:
    assertion = {
        "uid": "1",
        "recipient": {"type": "email", "hashed": True, "identity": "sha256$aa"},
        "badge": {
            "name": "Robotics",
            "description": "Robots",
            "issuer": "https://demo.example/issuer",
            "tags": ["robot"],
        },
        "issued_on": 1467331200,
        "verify": {"type": "hosted", "url": "https://demo.example/1"},
    }
    found = read(json.dumps(assertion))
    (skill,) = skills(found)
    assert (skill.label, skill.evidence[0].title) == ("robot", "Robotics")
    assert skill.evidence[0].date is not None
    assert skill.evidence[0].date.text == "2016-07-01"
    assert {place for place, _ in lost(found)} >= {"/badge/issuer", "/recipient"}
    elsewhere = read(
        json.dumps(
            {
                "uid": "1",
                "recipient": "a@example.org",
                "badge": "https://demo.example/great-robots.json",
                "issuedOn": "2015-04-30",
            }
        )
    )
    assert places(elsewhere).keys() == {"great robots"}
    nobody = read(json.dumps({"@context": "https://w3id.org/openbadges/v2", "type": "BadgeClass", "name": "x"}))
    assert nobody.lines == ()


@pytest.mark.parametrize(
    "data",
    [baked_png(b"{}", times_=2), baked_png(b""), SVG.format("").encode(), token([1]), b"e30.e30.e30x" * 2, token("x")],
)
def test_a_badge_that_does_not_open_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read(data)


ELM_CREDENTIAL = {
    "id": "urn:credential:1",
    "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
    "issuer": {"legalName": {"en": "Demo school"}},
    "validFrom": "2020-10-01T00:00:00",
    "credentialSubject": {
        "id": ME,
        "hasClaim": [
            {
                "type": "LearningAchievement",
                "title": {"en": "Achieved", "fr": "Réussi"},
                "specifiedBy": {
                    "learningOutcome": [
                        {"title": {"fr": "souder"}, "relatedESCOSkill": [{"id": "http://data.europa.eu/esco/skill/2"}]}
                    ]
                },
                "influencedBy": [
                    {"type": "LearningActivity", "title": {"fr": ["Cours"]}, "startedAtTime": "2020-01-05T00:00:00"}
                ],
            }
        ],
    },
}


@pytest.mark.parametrize(
    "data",
    [
        json.dumps(ELM_CREDENTIAL),
        json.dumps({"payload": json.dumps(ELM_CREDENTIAL), "signatures": [{}]}),
        json.dumps(
            {
                "payload": base64.urlsafe_b64encode(json.dumps(ELM_CREDENTIAL).encode()).decode().rstrip("="),
                "signatures": [],
            }
        ),
    ],
)
def test_a_european_credential_sealed_or_not(data: str) -> None:
    found = read(data)
    assert kinds(found) == {"evidence": 1, "skill": 1, "activity": 1}
    assert activities(found)[0].title == "Cours"
    assert skills(found)[0].evidence[0].title == "Réussi"
    sealed = "payload" in data[:20]
    assert any("JAdES" in sentence for _, sentence in lost(found)) == sealed


# Calendars


def calendar(*events: str, before: str = "") -> str:
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
        + before
        + "".join(f"BEGIN:VEVENT\r\n{e}\r\nEND:VEVENT\r\n" for e in events)
        + "END:VCALENDAR\r\n"
    )


def spent(found: Recognised) -> list[tuple[str, int]]:
    return sorted((entry.on.isoformat(), entry.minutes) for entry in times(found))


def test_events_become_time_on_the_clock_they_are_written_in() -> None:
    found = read(
        calendar(
            "UID:1\r\nSUMMARY;LANGUAGE=fr:Atelier\r\nDTSTART;TZID=Europe/Paris:20260302T200000\r\nDTEND;TZID=Europe/Paris:20260303T010000",
            "UID:2\r\nSUMMARY:Appel\r\nDTSTART;TZID=Romance Standard Time:20260302T090000\r\nDURATION:PT45M",
            "UID:3\r\nSUMMARY:Lu\r\n mi\xe8re\r\nDTSTART:20260302T090000Z\r\nDTEND:20260302T091530Z",
            "UID:4\r\nSUMMARY:Nulle part\r\nDTSTART;TZID=Mars/Olympus:20260304T090000\r\nDTEND;TZID=Mars/Olympus:20260304T100000",
        )
    )
    assert spent(found) == [
        ("2026-03-02", 16),
        ("2026-03-02", 45),
        ("2026-03-02", 240),
        ("2026-03-03", 60),
        ("2026-03-04", 60),
    ]
    assert [line.label for line in found.lines] == ["Atelier", "Appel", "Lumière", "Nulle part"]
    assert any("Mars/Olympus" in sentence for _, sentence in lost(found))


def test_series_with_what_was_moved_left_out_and_added() -> None:
    found = read(
        calendar(
            "UID:1\r\nSUMMARY:Cours\r\nDTSTART;TZID=Europe/Paris:20260301T100000\r\nDTEND;TZID=Europe/Paris:20260301T110000\r\n"
            "RRULE:FREQ=WEEKLY;UNTIL=20260405T080000Z\r\nEXDATE;TZID=Europe/Paris:20260308T100000\r\n"
            "EXDATE;TZID=Europe/Paris:20260315T100000\r\nRDATE;VALUE=PERIOD;TZID=Europe/Paris:20260317T100000/PT1H",
            "UID:1\r\nSUMMARY:Cours\r\nRECURRENCE-ID;TZID=Europe/Paris:20260322T100000\r\n"
            "DTSTART;TZID=Europe/Paris:20260323T100000\r\nDTEND;TZID=Europe/Paris:20260323T113000",
        )
    )
    assert spent(found) == [
        ("2026-03-01", 60),
        ("2026-03-17", 60),
        ("2026-03-23", 90),
        ("2026-03-29", 60),
        ("2026-04-05", 60),
    ]


LEFT_OUT = {
    "DTSTART;VALUE=DATE:20260301\r\nDTEND;VALUE=DATE:20260303": "whole days",
    "DTSTART:20260301T100000Z\r\nDTEND:20260304T100000Z": "more than a day",
    "DTSTART:20260301T100000Z\r\nDTEND:20260301T090000Z": "no length",
    "DTSTART:20260301T100000Z\r\nDURATION:P999999999999999999W": "no length",
    "DTSTART:20260301T100000Z": "no length",
    "DTSTART:20261201T100000Z\r\nDURATION:PT1H": "not happened yet",
    "DTSTART:20260301T100000Z\r\nDURATION:PT1H\r\nSTATUS:CANCELLED": "cancelled",
    "DTEND:20260301T100000Z": "when it was",
    "DTSTART;;VALUE=DATE-TIME:20140409T093000": "could not be read",
}


@pytest.mark.parametrize("event", LEFT_OUT)
def test_what_is_no_time_that_was_spent_is_left_out_and_said(event: str) -> None:
    found = read(calendar(f"UID:1\r\nSUMMARY:X\r\n{event}"))
    assert times(found) == []
    assert any(LEFT_OUT[event] in sentence for _, sentence in lost(found)), lost(found)


def test_one_broken_event_does_not_hide_the_others() -> None:
    fine = "SUMMARY:Y\r\nDTSTART:20260301T100000Z\r\nDURATION:PT1H"
    broken = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:X\nDTSTART:tomorrow\nBEGIN:VALARM\nTRIGGER:nonsense\n"
    found = read(broken + f"BEGIN:VEVENT\nUID:2\n{fine.replace(chr(13), '')}\nEND:VEVENT\n")
    assert len(times(found)) == 1
    twice = read(calendar("UID:7\r\n" + fine, "UID:7\r\n" + fine))
    assert len(times(twice)) == 1
    bare = read(f"BEGIN:VEVENT\r\n{fine}\r\nATTENDEE:mailto:other@example.org\r\nEND:VEVENT")
    assert len(times(bare)) == 1
    assert "other@example.org" not in str(syntax.n_triples(bare.graphs["time/2026"]))


# Tables, rides, platforms


def test_our_own_table_comes_back() -> None:
    found = read(
        'title,sphere,start,end,organisation,weekly_hours,description,sphere_iri,iri\nA,Bénévolat,2019-03,,Club,"12.5",\'=1+1,x,y\n'
    )
    (one,) = activities(found)
    assert (one.title, one.sphere, str(one.weekly_hours), one.description) == (
        "A",
        sphere("volunteering"),
        "12.5",
        "=1+1",
    )


def test_a_table_of_hours() -> None:
    mapping = {"column:quoi": "title", "column:quand": "date", "column:combien": "hours", "days": "first"}
    table = "Quoi;Quand;Combien\nAccueil;03/04/2024;2h30\nAccueil;04/04/2024;1,5\nCaisse;05/04/2024;0:45\nCaisse;06/04/2024;30 h\n"
    found = read(table, "t.csv", "table", mapping)
    assert spent(found) == [("2024-04-03", 150), ("2024-04-04", 90), ("2024-04-05", 45)]
    assert [(line.label, line.detail) for line in found.lines] == [
        ("Accueil", "2 × · 4 h 00"),
        ("Caisse", "1 × · 0 h 45"),
    ]
    assert ("#row=5", "“30 h” is no time between a minute and 24 hours") in lost(found)


def test_a_spreadsheet() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["Intitulé", "Début", "Fin"], ["Jardin", "2019", None], ["=1+1", 2020, "2021-05"]):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    found = read(file.getvalue(), "t.xlsx")
    assert "Jardin" in [one.title for one in activities(found)]


RIDES = """start_timestamp_local,end_timestamp_local,minutes_online,minutes_on_trip,completed_trips,trip_fares,currency_code,flow_type,vehicle_uuids
2020-01-02 9:05:00,2020-01-02 10:05:00,60.0,16.0166666667,1,12.5,CHF,UberX,"[""a""]"
2020-01-01 23:00:00.000,2020-01-02 01:00:00.000,120.0,0,0,0,CHF,UberX,
2020-01-03 10:00:00,2020-01-03 10:30:00,abc,,,,,UberX,
,,10,,,,,,
"""


def test_rides_are_added_up_by_day_and_income_by_month() -> None:
    found = read(RIDES)
    assert found.format == "Rides (CSV)"
    assert spent(found)[:2] == [("2020-01-01", 60), ("2020-01-02", 120)]
    (one,) = activities(found)
    assert (one.sphere, one.start.text if one.start else "") == (sphere("platform-work"), "2020-01-01")
    assert [(line.label, line.detail) for line in found.lines if line.kind == "income"] == [("12.50 CHF", "2020-01")]
    said = dict(lost(found))
    assert said["#row=4"] == "“abc” is no number"
    assert said["#row=5"] == "this row does not say when it was"


def test_the_template_for_platforms() -> None:
    table = (
        "section;platform;label;from;to;value;unit;best;count;source\nrelation;Demo;;2023-01;2024-06;;;;;\n"
        "service;Demo;Livraison;2024-05-02;2024-05-02;3,5;h;;;écran\nincome;Demo;;2024-05;2024-05;412,30;EUR;;;\n"
        "evaluation;Demo;Note;2024-06;2024-06;4,87;;5;132;\nother;Demo;;;;1;;;;\n"
    )
    found = read(table)
    assert kinds(found) == {"activity": 1, "income": 1, "rating": 1}
    assert spent(found) == [("2024-05-02", 210)]
    assert {line.label for line in found.lines} >= {"412.30 EUR", "4.87 / 5"}
    graph = found.graphs["activities"]
    assert [str(count) for count in graph.objects(None, terms.SCHEMA_RATING_COUNT)] == ["132"]
    entries = [
        {"section": "service", "label": "Livraison"},
        {"section": "evaluation", "value": 4.5, "best": 5, "to": "2024-06"},
    ]
    as_json = read(json.dumps({"format": "musette-platform/1", "platform": "Demo", "entries": entries}))
    assert kinds(as_json) == {"activity": 1, "rating": 1}


# Accounts, people, profiles, bags


def tar(*files: tuple[str, object]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for name, value in files:
            data = json.dumps(value).encode()
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return made.getvalue()


REPOSITORIES = [
    {"name": "atlas", "full_name": "demo/atlas", "html_url": "https://github.com/demo/atlas", "fork": False, "language": "Python", "created_at": "2019-05-01T10:00:00Z"},
    {"name": "copy", "full_name": "demo/copy", "html_url": "https://github.com/demo/copy", "fork": True},
]  # fmt: skip


def test_github_gives_projects_and_an_account() -> None:
    found = read(
        tar(
            ("repositories_000001.json", REPOSITORIES),
            ("users_000001.json", [{"login": "demo", "email": "x"}]),
            ("issues_000001.json", [{}]),
        )
    )
    assert kinds(found) == {"activity": 1, "evidence": 1, "skill": 1, "account": 1}
    (one,) = activities(found)
    assert (one.title, one.start.text if one.start else "", one.sphere) == (
        "atlas",
        "2019-05-01",
        sphere("personal-project"),
    )
    assert kinds(read(json.dumps(REPOSITORIES)))["activity"] == 1


def test_mastodon_gives_an_account_and_leaves_the_posts() -> None:
    actor = {"preferredUsername": "demo", "url": "https://social.example/@demo", "summary": "<p>Hello</p>"}
    files = [
        ("actor.json", json.dumps(actor).encode()),
        ("outbox.json", b'{"orderedItems": [1, 2]}'),
        ("likes.json", b"{}"),
    ]
    found = read(pack(files))
    assert [(line.kind, line.label, line.asked) for line in found.lines] == [("account", "@demo@social.example", True)]
    assert any("2 posts" in sentence for _, sentence in lost(found))


@pytest.mark.parametrize("name", ["../x.json", "/etc/x.json"])
def test_a_tar_that_climbs_is_refused(name: str) -> None:
    with pytest.raises(UnreadableFile):
        read(tar((name, REPOSITORIES), ("repositories_1.json", REPOSITORIES)))


CARDS = (
    "BEGIN:VCARD\r\nVERSION:4.0\r\nFN;LANGUAGE=jp:デモ\r\nFN:Demo\\, Un\r\nitem1.ORG:Club;Nord\r\nTITLE:Prési\r\n dente\r\nTEL:+33\r\nPHOTO:data:x\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:D=C3=A9mo;=\r\nDeux\r\nEND:VCARD\r\nBEGIN:VCARD\r\nORG:Sans nom\r\n"
)


def test_cards_are_people_to_be_asked_for() -> None:
    found = read(CARDS)
    assert [(line.label, line.detail, line.asked) for line in found.lines] == [
        ("Demo, Un", "Présidente, Club, Nord", True),
        ("Deux Démo", "", True),
    ]
    assert "+33" not in syntax.n_triples(found.graphs["people"]).decode()
    assert ("#card=3", "this card has no name") in lost(found)


PROFILE = """
@prefix org: <http://www.w3.org/ns/org#> . @prefix solid: <http://www.w3.org/ns/solid/terms#> . @prefix schema: <http://schema.org/> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix l: <https://www.w3.org/ns/iana/language-code/> .
<#id1> org:member <#me> ; a solid:CurrentRole ; vcard:role "Treasurer" ; schema:startDate "2019-03-01"^^xsd:date ; org:organization <#id2> .
<#id2> a schema:NGO ; schema:uri "https://club.example/" ; solid:publicId <http://www.wikidata.org/entity/Q1> . <http://www.wikidata.org/entity/Q1> schema:name "Club" .
<#id3> org:member <#me> ; a solid:FutureRole ; vcard:role "Without dates" .
<#id4> org:member <#me> ; a solid:PastRole ; vcard:role "Ours" ; dcterms:source </musette/activities.ttl#a-1> .
[] org:member <#me> ; a schema:EducationalOccupationalCredential ; schema:name "School" ; schema:startDate "2001" .
<#me> schema:skills <#id5>, <#id6>, "a text" ; schema:knowsLanguage ( <#id7> ), ( <#id7> <#id8> ) .
<#id5> solid:publicId <skill:abc> . <skill:abc> schema:name "weld" . <#id6> solid:publicId <skill:nameless> .
<#id7> solid:publicId l:fr . <#id8> solid:publicId l:el .
"""


def test_a_solid_profile_as_its_editor_leaves_it() -> None:
    found = read(PROFILE)
    by_title = {one.title: one for one in activities(found)}
    assert set(by_title) == {"Treasurer", "Without dates", "School"}
    treasurer = by_title["Treasurer"]
    assert treasurer.sphere == sphere("volunteering")
    assert treasurer.organization is not None
    assert (treasurer.organization.name, treasurer.organization.url) == ("Club", "https://club.example/")
    assert {one.label for one in skills(found)} == {"weld", "a text", "français", "grec"}
    matches = {str(o) for o in found.graphs["skills"].objects(None, terms.SKOS_EXACT_MATCH)}
    assert matches == {"http://data.europa.eu/esco/skill/abc"}


def test_another_bag_comes_in_under_new_names() -> None:
    theirs = """@prefix mus: <https://w3id.org/musette#> . @prefix dcterms: <http://purl.org/dc/terms/> . @prefix org: <http://www.w3.org/ns/org#> .
    @prefix foaf: <http://xmlns.com/foaf/0.1/> . <#a> a mus:Activity ; dcterms:title "X" ; org:organization <#o> . <#o> a org:Organization ; foaf:name "Y" ."""
    manifest = {
        "format": "musette-archive/1",
        "documents": [{"path": "bag/activities.ttl", "url": "https://other.example/musette/activities.ttl"}],
    }
    found = read(pack([("manifest.json", json.dumps(manifest).encode()), ("bag/activities.ttl", theirs.encode())]))
    (one,) = activities(found)
    assert one.organization is not None
    assert (one.title, one.organization.name) == ("X", "Y")
    assert "other.example" not in "".join(str(s) for s in found.graphs["activities"].subjects())


# What is none of them


@pytest.mark.parametrize(
    "data",
    [b"", b" \n", b"%PDF-1.4", b"\xff\xd8\xff\xe0", b"GIF89a", b"{}", b"[]", b"<html/>", b"<a>", b"hello", b"PK\x05\x06" + b"\0" * 18,
     b'{"@context": {}}', b"@prefix x", b"\0\1\2\3" * 50, pack([("x.csv", b"")]), b"\x1f\x8bxx", b"BEGIN:VEVENT" * 2 + b"\xff"],
)  # fmt: skip
def test_what_is_none_of_them_gets_a_sentence(data: bytes) -> None:
    try:
        found = read(data)
    except UnreadableFile as refusal:
        assert all(refusal.sentences())  # noqa: PT017  (either is an answer)
    else:
        assert found.lines == ()


ENTITIES = [
    '<!DOCTYPE x SYSTEM "http://localhost:1/x.dtd"><SkillsPassport/>',
    '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><SkillsPassport>&b;</SkillsPassport>',
    '<?xml version="1.0" encoding="UTF-7"?><SkillsPassport/>',
    "<a>" * 70 + "</a>" * 70,
]


@pytest.mark.parametrize("text", ENTITIES)
def test_xml_has_no_entities_and_no_depth(text: str) -> None:
    with pytest.raises(UnreadableFile):
        read(text)


SAMPLES = {
    "elm/Sample-CertOfPart-signed.jsonld": {"activity": 1, "evidence": 1},
    "elm/credential-sample.jsonld": {"evidence": 1},
    "elm/credential-sample-turtle.ttl": {"evidence": 1},
    "europass/Europass_CV_V3.0_Example.xml": {"activity": 3, "skill": 9, "evidence": 7},
    "europass/Europass_JSON_V3.1.2_ECV_Example.json": {"activity": 5, "skill": 14, "evidence": 4},
    "europass/candidate-redacted.xml": {"activity": 4, "evidence": 14, "skill": 4},
    "icalendar/event_with_recurrence.ics": {"time": 1},
    "openbadges3/ldp-ob-signed.json": {"evidence": 1},
    "openbadges3/2_0_basic_assertion.json": {"evidence": 1},
    "platforms/uber-driver-dispatches.csv": {"activity": 1},
    "vcard/vcard40_full.vcf": {"person": 1},
    "webid/solidos-test-card.ttl": {"activity": 4, "skill": 3},
}


@pytest.mark.parametrize("path", SAMPLES)
def test_the_samples_of_third_parties(path: str) -> None:
    found = read(sample(path), path)
    assert kinds(found) == SAMPLES[path]
    assert all(place for place, _ in lost(found))
