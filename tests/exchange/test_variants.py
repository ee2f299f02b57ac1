"""The same things as other exports write them: encodings, languages, folders, parts, envelopes. Each counted, each loss named."""

import base64
import io
import json
import tarfile

import pikepdf
import pytest

from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.packages import pack
from tests.exchange.reading import activities, kinds, lost, places, read, skills, times
from tests.exchange.test_linkedin import archive

HEADER = "Company Name,Title,Description,Location,Started On,Finished On\n"
JOB = "Société démo,Chargée d’accueil,Élèves,Orléans,Sep 2020,Jun 2021\n"


def periods(found: object) -> list[tuple[str, str, str]]:
    return sorted(
        (one.title, one.start.text if one.start else "", one.end.text if one.end else "")
        for one in activities(found)  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    "data",
    [
        (HEADER + JOB).encode(),
        (HEADER + JOB).encode("utf-8-sig"),
        (HEADER + JOB).replace("’", "'").encode("latin-1"),
        (HEADER + JOB).encode("cp1252"),
        (HEADER + JOB).encode("utf-16"),
        (HEADER + JOB).encode("utf-16-le"),
        (HEADER + JOB).encode("utf-16-be"),
        (HEADER + JOB).replace("\n", "\r\n").encode(),
        (HEADER + JOB).replace("\n", "\r").encode(),
        (HEADER + JOB).replace(",", ";").encode(),
        (HEADER + JOB).replace(",", "\t").encode(),
        (HEADER.upper() + JOB).encode(),
        (HEADER.strip() + ",\n" + JOB.strip() + ",\n").encode(),
        b'Notes:\n"Some words, and a comma"\n\n' + (HEADER + JOB).encode(),
    ],
)
def test_a_table_reads_the_same_however_it_was_written(data: bytes) -> None:
    found = read(data, "Positions.csv")
    (job,) = activities(found)
    assert job.title.replace("'", "’") == "Chargée d’accueil"
    assert (job.location, job.organization and job.organization.name) == ("Orléans", "Société démo")
    assert periods(found)[0][1:] == ("2020-09", "2021-06")
    assert lost(found) == []


@pytest.mark.parametrize(
    ("header", "name", "start", "end"),
    [
        ("Nom de l’entreprise,Intitulé du poste,Description,Lieu,Commencé le,Terminé le", "Postes.csv", "août 2022", "Présent"),
        ("Entreprise,Titre,Description,Lieu,Date de début,Date de fin", "Positions.csv", "depuis août 2022", ""),
        ("Firmenname,Titel,Beschreibung,Ort,Gestartet am,Beendet am", "Positionen.csv", "Aug. 2022", "Heute"),
        ("Company Name,Title,Description,Location,Started On,Finished On", "Positions.csv", "ago 2022", "Actualidad"),
        ("Company Name,Title,Description,Location,Started On,Finished On", "x.csv", "Since Aug 2022", "Not Available"),
    ],
)  # fmt: skip
def test_a_table_speaks_the_language_of_the_account(header: str, name: str, start: str, end: str) -> None:
    found = read(f"{header}\nA,B,d,l,{start},{end}\n", name)
    assert periods(found) == [("B", "2022-08", "")]
    assert (found.format, lost(found)) == ("LinkedIn (CSV)", [])


def test_columns_that_are_missing_do_not_keep_the_archive_out() -> None:
    found = read(pack([("a/Positions.csv", b"Company Name,Title\nS,C\n"), ("a/Education.csv", b"School Name\nL\n")]))
    assert kinds(found) == {"activity": 1}
    assert [place for place, _ in lost(found)] == ["a/Education.csv#row=1"]


def test_a_folder_in_the_archive_and_what_computers_add_to_it() -> None:
    inside = "export/Basic_LinkedInDataExport_06-06-2026/"
    found = read(
        pack(
            [
                (inside + "Positions.csv", (HEADER + JOB).encode()),
                (inside + "Rich_Media.csv", b"a,b\n1,2\n"),
                ("__MACOSX/" + inside + "._Positions.csv", b"\0\5\x16\7"),
                ("export/.DS_Store", b"\0\0\0\1Bud1"),
                ("export/Articles/1.html", b"<p>words</p>"),
            ]
        )
    )
    assert places(found) == {"Chargée d’accueil": inside + "Positions.csv#row=2"}
    assert {place for place, _ in lost(found)} == {inside + "Rich_Media.csv", "export/Articles/1.html"}


def test_an_archive_in_two_parts_says_nothing_twice() -> None:
    whole = HEADER + JOB + "Other,Work,,,2010,2011\n"
    found = read(pack([("Basic/Positions.csv", (HEADER + JOB).encode()), ("Complete/Positions.csv", whole.encode())]))
    assert [title for title, _, _ in periods(found)] == ["Chargée d’accueil", "Work"]


def test_an_archive_in_an_archive_says_what_to_do() -> None:
    with pytest.raises(UnreadableFile, match="holds another archive"):
        read(pack([("Basic_LinkedInDataExport.zip", archive())]))


def test_one_damaged_table_does_not_keep_the_others_out() -> None:
    found = read(pack([("Positions.csv", (HEADER + JOB).encode()), ("Skills.csv", b"Name\nA\0B\n")]))
    assert kinds(found) == {"activity": 1}
    assert lost(found)[0][0] == "Skills.csv#row=2"


def test_many_messages_and_contacts_are_counted_and_the_rest_is_taken() -> None:
    contacts = "First Name,Last Name,Connected On\n" + "".join(f"Demo{n},X,\n" for n in range(2100))
    found = read(
        pack(
            [
                ("Positions.csv", (HEADER + JOB).encode()),
                ("messages.csv", b"CONVERSATION ID,FROM\n" + b"1,2\n" * 30_000),
                ("Connections.csv", contacts.encode()),
            ]
        )
    )
    assert kinds(found) == {"activity": 1, "person": 2000}
    assert not any(line.kind == "person" and not line.asked for line in found.lines)
    said = dict(lost(found))
    assert "30000 rows" in said["messages.csv"]
    assert "100 more people" in said["Connections.csv"]


@pytest.mark.parametrize(
    ("rows", "first"),
    [
        ("A,3/4/2022,25/12/2022", "2022-04-03"),  # the other date says that the day comes first
        ("A,3/4/2022,12/25/2022", "2022-03-04"),
    ],
)
def test_the_dates_of_a_table_explain_each_other(rows: str, first: str) -> None:
    assert periods(read(f"Titre,Début,Fin\n{rows}\n", "x.csv"))[0][1] == first


def test_a_french_table_is_read_the_french_way() -> None:
    assert periods(read("Titre;Début\nA;3/4/2022\n", "x.csv"))[0][1] == "2022-04-03"


# Calendars


def calendar(*events: str, extra: str = "") -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", *extra.splitlines()]
    for event in events:
        lines += ["BEGIN:VEVENT", *event.splitlines(), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


EVENT = "UID:1\nSUMMARY:Café\nDTSTART:20240304T090000\nDTEND:20240304T103000"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_a_calendar_reads_the_same_however_it_was_written(encoding: str, end: str) -> None:
    (entry,) = times(read(calendar(EVENT).replace("\r\n", end).encode(encoding)))
    assert (entry.minutes, entry.description) == (90, "Café")


@pytest.mark.parametrize(
    ("event", "minutes"),
    [
        (
            ("UID:1\nSUMMARY:W\nDTSTART;TZID=Europe/Paris:20240304T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=5\n"
            "EXDATE;TZID=Europe/Paris:20240305T090000\nEXDATE;TZID=Europe/Paris:20240306T090000"),
            180,
        ),
        ("UID:1\nSUMMARY:W\nDTSTART:20240304T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=5\nEXDATE;VALUE=DATE:20240305", 240),
        # An added time may be longer or shorter than the first.
        (
            ("UID:1\nSUMMARY:W\nDTSTART:20240304T090000Z\nDURATION:PT1H\n"
            "RDATE;VALUE=PERIOD:20240310T090000Z/20240310T110000Z,20240312T090000Z/PT30M"),
            210,
        ),
        ("UID:1\nSUMMARY:W\nDTSTART:20240304T090000Z\nDURATION:PT1H\nRDATE;VALUE=PERIOD:nonsense", 60),
        # A rule that would go on for ever by nothing.
        ("UID:1\nSUMMARY:W\nDTSTART:20240304T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;INTERVAL=0", 60),
        ('UID:1\nSUMMARY:W\nDTSTART;TZID="Romance Standard Time":20240304T090000\nDURATION:PT1H', 60),
    ],
)  # fmt: skip
def test_series_add_up(event: str, minutes: int) -> None:
    assert sum(entry.minutes for entry in times(read(calendar(event)))) == minutes


def test_a_calendar_in_utc_counts_on_the_days_of_its_owner() -> None:
    event = "UID:1\nSUMMARY:W\nDTSTART:20240304T233000Z\nDTEND:20240305T003000Z"
    (entry,) = times(read(calendar(event, extra="X-WR-TIMEZONE:Europe/Paris")))
    assert (str(entry.on), entry.minutes) == ("2024-03-05", 60)


def test_what_an_event_says_beside_its_time_is_a_loss_with_a_place() -> None:
    found = read(calendar(EVENT + "\nLOCATION:Lyon\nDESCRIPTION:words", EVENT.replace("UID:1", "UID:2")))
    assert [place for place, _ in lost(found)] == ["#event=1", "#event=1"]
    assert {"LOCATION × 1", "DESCRIPTION × 1"} == {loss.value for loss in found.losses}
    assert lost(read(calendar())) == [("/", "there is no event in this calendar")]


# Europass


def test_a_heading_of_europass_is_not_a_title() -> None:
    entry = "<Achievement><Title><Code>projects</Code><Label>Projects</Label></Title><Description>{}</Description></Achievement>"
    inner = "".join(entry.format(text) for text in ("Robot arm", "Kite club"))
    found = read(
        "<SkillsPassport xmlns='http://europass.cedefop.europa.eu/Europass' locale='en'><LearnerInfo>"
        f"<AchievementList>{inner}</AchievementList><Skills><Computer><ProficiencyLevel><Information>A</Information>"
        "<Safety>B</Safety></ProficiencyLevel><VerifiedBy><Certificate><Title>ACDL</Title></Certificate></VerifiedBy></Computer>"
        "</Skills><WorkExperienceList><WorkExperience><Position><Label>P</Label></Position><Employer><Name>E</Name>"
        "<Sector><Label>Health</Label></Sector></Employer></WorkExperience></WorkExperienceList></LearnerInfo></SkillsPassport>"
    )
    assert {one.title for one in activities(found)} == {"Robot arm", "Kite club", "P"}
    assert [(one.label, one.current and one.current.as_stated) for one in skills(found)] == [
        ("Digital skills", "Information A, Safety B")
    ]
    assert kinds(found)["evidence"] == 1
    (loss,) = lost(found)
    assert loss[0] == "/LearnerInfo/WorkExperienceList/WorkExperience/Employer/Sector/Label"
    assert "Health" in loss[1]


def test_a_field_that_nobody_thought_of_is_a_loss_with_its_pointer() -> None:
    said = {"SkillsPassport": {"LearnerInfo": {"WorkExperience": [{"Position": {"Label": "P"}, "Hobby": "chess"}]}}}
    assert lost(read(json.dumps(said))) == [
        ("/SkillsPassport/LearnerInfo/WorkExperience/0/Hobby", "“chess” found no place in your bag")
    ]


# Credentials


def token(value: object) -> str:
    parts = [json.dumps({"alg": "EdDSA"}), json.dumps(value), "signature"]
    return ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)


BADGE = {
    "@context": ["https://www.w3.org/2018/credentials/v1", "https://purl.imsglobal.org/spec/ob/v3p0/context.json"],
    "id": "urn:uuid:1",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": "did:web:demo.example", "name": "Demo school"},
    "credentialSubject": {"type": ["AchievementSubject"], "achievement": {"name": "Welding"}},
}
EUROPEAN = {
    "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
    "id": "urn:credential:1",
    "issuer": {"legalName": {"fr": "Demo"}},
    "credentialSubject": {"hasClaim": {"type": "LearningAchievement", "title": {"fr": "Diplôme"}}},
}
SEALED = {
    "payload": base64.urlsafe_b64encode(json.dumps(EUROPEAN).encode()).decode(),
    "signatures": [{"protected": "x", "signature": "y"}],
}
PLAIN = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential", "AlumniCredential"],
    "issuer": "https://demo.example/issuers/1",
    "credentialSubject": {"alumniOf": {"name": "Demo university"}},
}


@pytest.mark.parametrize(
    ("value", "found_at"),
    [
        ([BADGE, EUROPEAN], {"Welding": "/0", "Diplôme": "/1/credentialSubject/hasClaim/0"}),
        ({"type": ["VerifiablePresentation"], "verifiableCredential": [BADGE]}, {"Welding": "/verifiableCredential/0"}),
        ({"type": "VerifiablePresentation", "verifiableCredential": token(BADGE)}, {"Welding": "/verifiableCredential"}),
        (
            {"verifiableCredential": [SEALED]},
            {"Diplôme": "/verifiableCredential/0/credentialSubject/hasClaim/0"},
        ),
        ({"credential": PLAIN}, {"Alumni credential": "/credential"}),
        (
            {"badges": [{"assertion": {"badge": {"name": "Robotics"}, "recipient": {"identity": "x"}, "issuedOn": "2020"}}]},
            {"Robotics": "/badges/0/assertion"},
        ),
        (
            {"type": ["EnvelopedVerifiableCredential"], "id": f"data:application/vc+jwt,{token(BADGE)}"},
            {"Welding": "/"},
        ),
    ],
)  # fmt: skip
def test_credentials_together_and_wrapped(value: object, found_at: dict[str, str]) -> None:
    found = read(json.dumps(value))
    assert {line.label: line.place for line in found.lines} == found_at
    assert len(found.files) == 1  # the file as it came, once


def test_any_other_credential_is_an_attestation_of_what_it_claims() -> None:
    found = read(json.dumps(PLAIN))
    assert (found.format, kinds(found)) == ("Verifiable Credential", {"evidence": 1})
    said = {str(value) for graph in found.graphs.values() for value in graph.objects()}
    assert "alumniOf › name : Demo university" in said
    assert any("nothing is signed" in sentence for _, sentence in lost(found))


def test_a_sealed_badge_is_a_badge_and_a_token_may_disclose_more() -> None:
    sealed = {**SEALED, "payload": base64.urlsafe_b64encode(json.dumps(BADGE).encode()).decode()}
    assert read(json.dumps(sealed)).format == "Open Badges"
    assert kinds(read(token(BADGE) + "~WyJhIl0~")) == {"evidence": 1}


def test_a_list_in_which_one_does_not_open_gives_the_others() -> None:
    found = read(json.dumps([BADGE, {"type": ["VerifiableCredential", "OpenBadgeCredential"], "credentialSubject": 3}]))
    assert [line.label for line in found.lines] == ["Welding"]
    assert ("/1", "this is no credential that could be read") in lost(found)


# Tables and accounts


def ods(rows: list[list[str]], more: str = "") -> bytes:
    cells = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell {cell}</table:table-cell>" for cell in row)
        + "</table:table-row>"
        for row in rows
    )
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        f"<office:body><office:spreadsheet><table:table>{cells}</table:table>{more}</office:spreadsheet></office:body></office:document-content>"
    )
    return pack([("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content.encode())])


def words(*texts: str) -> list[str]:
    return [f'office:value-type="string"><text:p>{text}</text:p>' for text in texts]


def test_a_spreadsheet_of_libreoffice() -> None:
    other = "<table:table>" + "<table:table-row><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>" * 2 + "</table:table>"  # fmt: skip
    rows = [
        words("Date", "Activité", "Heures"),
        [
            'office:value-type="date" office:date-value="2024-03-01"><text:p>01/03/24</text:p>',
            *words("Café"),
            'office:value-type="float" office:value="2.5"><text:p>2,5</text:p>',
        ],
        [
            'office:value-type="date" office:date-value="2024-03-02T00:00:00"><text:p>02/03/24</text:p>',
            *words("Café"),
            'office:value-type="time" office:time-value="PT01H30M00S"><text:p>1:30</text:p>',
        ],
        ['table:number-columns-repeated="16384">'],
    ]
    found = read(ods(rows, other))
    assert sorted((str(one.on), one.minutes) for one in times(found)) == [("2024-03-01", 150), ("2024-03-02", 90)]
    assert [place for place, _ in lost(found)] == ["/"]


def test_a_table_under_a_title_and_one_of_a_time_tracker() -> None:
    assert periods(read("Mon tableau 2024\n\nTitre;Début\nA;2020\n")) == [("A", "2020", "")]
    tracked = "Project,Client,Description,Start Date,Start Time,End Date,End Time,Duration (h)\nP,C,d,03/04/2024,09:00 AM,03/04/2024,10:15 AM,01:15:00\n"  # fmt: skip
    (entry,) = times(read(tracked))
    assert (str(entry.on), entry.minutes, entry.description) == ("2024-03-04", 75, "d")


def test_a_sphere_in_everyday_words() -> None:
    found = read("Titre,Sphère,Début\nA,emploi,2020\nB,auto-entrepreneur,2020\nC,nowhere,2020\n")
    spheres = {one.title: str(one.sphere).rpartition("#")[2] for one in activities(found)}
    assert spheres == {"A": "sphere-employment", "B": "sphere-self-employment", "C": "sphere-employment"}
    assert [place for place, _ in lost(found)] == ["#row=4"]


def test_accounts_of_a_resume_are_asked_for_one_by_one() -> None:
    profiles = [
        {"network": "GitHub", "username": "demo"},
        {"network": "X", "url": "https://x.com/demo"},
        {"network": "?"},
    ]
    found = read(json.dumps({"basics": {"name": "Demo", "profiles": profiles}, "work": []}))
    assert [(line.label, line.asked) for line in found.lines] == [("demo", True), ("https://x.com/demo", True)]
    assert [place for place, _ in lost(found)] == ["/basics/name", "/basics/profiles/2"]


def test_ratings_of_rides_are_counted_as_they_were_given() -> None:
    header = "begintrip_timestamp_local,dropoff_timestamp_local,status,driver_rating\n"
    rows = "".join(f"2024-03-0{n} 8:00:00,2024-03-0{n} 8:30:00,completed,{5 if n < 3 else 4}\n" for n in range(1, 4))
    found = read(header + rows)
    ratings = [(line.label, line.place) for line in found.lines if line.kind == "rating"]
    assert ratings == [("4", "#row=4"), ("5", "#row=2")]


def test_a_template_of_two_platforms_gives_two_activities() -> None:
    found = read(
        "section;platform;label;from;to;value;unit;best;count;source\nincome;One;;2024-05;;10;EUR;;;\n"
        "income;Two;;2024-05;;20;EUR;;;\nevaluation;;;2024-05;;4,5;;5;9;\n"
    )
    assert sorted(one.title for one in activities(found)) == ["One", "Two"]
    assert kinds(found) == {"activity": 2, "income": 2, "rating": 1}


def test_an_archive_of_calendars_and_badges_is_read_file_by_file() -> None:
    found = read(
        pack(
            [
                ("Takeout/Calendar/Work.ics", calendar(EVENT).encode()),
                ("Takeout/Calendar/Home.ics", calendar(EVENT.replace("Café", "Garden")).encode()),
                ("badge.json", json.dumps(BADGE).encode()),
                ("other.json", json.dumps({**BADGE, "id": "urn:uuid:2", "name": "Other"}).encode()),
                ("notes.json", b"{}"),
                ("photo.jpg", b"\xff\xd8\xff"),
            ]
        )
    )
    assert places(found) == {
        "Café": "Takeout/Calendar/Work.ics#event=1",
        "Garden": "Takeout/Calendar/Home.ics#event=1",
        "Welding": "other.json#/",
    }
    assert kinds(found) == {"time": 2, "evidence": 2}
    assert len(found.files) == 2
    assert {"notes.json#/", "photo.jpg#/"} <= {place for place, _ in lost(found)}


def test_a_pdf_of_europass_carries_its_data() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    said = "<SkillsPassport><LearnerInfo><WorkExperienceList><WorkExperience><Position><Label>Baker</Label></Position></WorkExperience></WorkExperienceList></LearnerInfo></SkillsPassport>"  # fmt: skip
    pdf.attachments["attachment.xml"] = pikepdf.AttachedFileSpec(pdf, said.encode())
    made = io.BytesIO()
    pdf.save(made)
    found = read(made.getvalue(), "cv.pdf")
    assert places(found) == {"Baker": "attachment.xml#/LearnerInfo/WorkExperience/0"}
    empty = io.BytesIO()
    pikepdf.new().save(empty)
    for data, sentence in ((empty.getvalue(), "how a page looks"), (b"%PDF-1.7 nonsense", "that is whole")):
        with pytest.raises(UnreadableFile, match=sentence):
            read(data)


def test_an_archive_with_a_lifetime_of_pictures_is_read_all_the_same() -> None:
    made = io.BytesIO()
    actor = json.dumps({"preferredUsername": "demo", "url": "https://m.example/@demo"}).encode()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for name, data in (("./actor.json", actor), ("./outbox.json", b'{"orderedItems": []}')):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
        for number in range(3000):
            entry = tarfile.TarInfo(f"./media_attachments/files/{number}.jpg")
            entry.size = 30_000
            archive.addfile(entry, io.BytesIO(b"\0" * 30_000))
        link = tarfile.TarInfo("./avatar.png")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    found = read(made.getvalue())
    assert [line.label for line in found.lines] == ["@demo@m.example"]
