"""Every format: the same file again, or one that overlaps, creates nothing twice. Whatever rows the two files have."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from musette_solid.exchange.draft import Bag as Destination
from musette_solid.exchange.draft import Recognised
from musette_solid.exchange.packages import pack
from musette_solid.exchange.recognition import Asked, recognise
from musette_solid.pod import resources
from musette_solid.pod.memory import MemoryPod
from musette_solid.rdf import names, terms
from musette_solid.usecases import set_up
from musette_solid.usecases.import_file import Choices, NothingChosen, NothingNew, compare, take_in
from musette_solid.usecases.layout import Bag
from tests.exchange.test_formats import BADGE, tar
from tests.usecases.conftest import NOW

ROWS = 4
Rows = Sequence[int]


@dataclass(frozen=True)
class Format:
    """`file` makes one with these rows; `name` is what it is called."""

    name: str
    file: Callable[[Rows], bytes]
    mapping: dict[str, str] | None = None


def _text(head: str, row: Callable[[int], str], tail: str = "") -> Callable[[Rows], bytes]:
    return lambda rows: (head + "".join(row(n) for n in rows) + tail).encode()


def _json(whole: Callable[[Rows], object]) -> Callable[[Rows], bytes]:
    return lambda rows: json.dumps(whole(rows)).encode()


def _linkedin(rows: Rows) -> bytes:
    positions = _text(
        "Company Name,Title,Description,Location,Started On,Finished On\n",
        lambda n: f"C{n % 2},Job {n},,,Aug 200{n},\n",
    )
    skills = _text("Name\n", lambda n: f"Skill {n}\n")
    people = _text(
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n", lambda n: f"P{n},Demo,,,,,\n"
    )
    return pack([("Positions.csv", positions(rows)), ("Skills.csv", skills(rows)), ("Connections.csv", people(rows))])


def _badge(n: int) -> dict[str, object]:
    achievement = {"id": f"https://demo.example/a/{n}", "name": f"Badge {n}", "criteria": {"narrative": "x"}}
    return BADGE | {
        "id": f"https://demo.example/c/{n}",
        "credentialSubject": {"id": "did:example:me", "achievement": achievement},
    }


def _europass(rows: Rows) -> bytes:
    return _text(
        '<SkillsPassport xmlns="http://europass.cedefop.europa.eu/Europass" locale="en"><LearnerInfo><WorkExperienceList>',
        lambda n: (
            f'<WorkExperience><Period><From year="200{n}"/></Period><Position><Label>Job {n}</Label></Position>'
            f"<Employer><Name>C{n % 2}</Name></Employer></WorkExperience>"
        ),
        "</WorkExperienceList></LearnerInfo></SkillsPassport>",
    )(rows)


def _europass_json(rows: Rows) -> object:
    work = [
        {"Period": {"From": {"Year": 2000 + n}}, "Position": {"Label": f"Job {n}"}, "Employer": {"Name": f"C{n % 2}"}}
        for n in rows
    ]
    return {"SkillsPassport": {"LearnerInfo": {"WorkExperience": work}}}


def _candidate(rows: Rows) -> bytes:
    return _text(
        '<Candidate xmlns="http://www.europass.eu/1.0" xmlns:oa="http://www.openapplications.org/oagis/9"'
        ' xmlns:eures="http://www.europass_eures.eu/1.0" xmlns:hr="http://www.hr-xml.org/3"><CandidateProfile><EmploymentHistory>',
        lambda n: (
            f"<EmployerHistory><hr:OrganizationName>C{n % 2}</hr:OrganizationName><PositionHistory>"
            f"<PositionTitle>Job {n}</PositionTitle><eures:EmploymentPeriod><eures:StartDate><hr:FormattedDateTime>200{n}"
            "</hr:FormattedDateTime></eures:StartDate></eures:EmploymentPeriod></PositionHistory></EmployerHistory>"
        ),
        "</EmploymentHistory></CandidateProfile></Candidate>",
    )(rows)


def _profile(rows: Rows) -> bytes:
    return _text(
        "@prefix org: <http://www.w3.org/ns/org#> . @prefix solid: <http://www.w3.org/ns/solid/terms#> .\n"
        "@prefix vcard: <http://www.w3.org/2006/vcard/ns#> . @prefix schema: <http://schema.org/> .\n"
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . <#me> a vcard:Individual .\n",
        lambda n: (
            f'<#id{n}> org:member <#me> ; a solid:CurrentRole ; vcard:role "Job {n}" ;'
            f' schema:startDate "200{n}-03-01"^^xsd:date . <#me> schema:skills "Skill {n}" .\n'
        ),
    )(rows)


def _bag(rows: Rows) -> bytes:
    said = "@prefix mus: <https://w3id.org/musette#> . @prefix dcterms: <http://purl.org/dc/terms/> .\n" + "".join(
        f'<#a{n}> a mus:Activity ; dcterms:title "Job {n}" ; mus:sphere mus:sphere-care .\n' for n in rows
    )
    documents = [{"path": "bag/activities.ttl", "url": "https://other.example/musette/activities.ttl"}]
    manifest = {"format": "musette-archive/1", "documents": documents}
    return pack([("manifest.json", json.dumps(manifest).encode()), ("bag/activities.ttl", said.encode())])


def _elm(rows: Rows) -> object:
    def one(n: int) -> dict[str, object]:
        return {
            "@context": ["http://data.europa.eu/snb/model/context/edc-ap"],
            "id": f"urn:credential:{n}",
            "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
            "issuer": {"id": "urn:org", "type": "Organisation", "legalName": {"en": "School"}},
            "credentialSubject": {
                "id": "urn:me",
                "type": "Person",
                "hasClaim": [{"id": f"urn:a:{n}", "type": "LearningAchievement", "title": {"en": f"Course {n}"}}],
            },
        }

    return [one(n) for n in rows]


def _repositories(rows: Rows) -> bytes:
    found = [
        {"name": f"r{n}", "full_name": f"demo/r{n}", "html_url": f"https://github.com/demo/r{n}", "fork": False,
         "language": "Python", "created_at": f"200{n}-05-01T10:00:00Z"} for n in rows
    ]  # fmt: skip
    return tar(("repositories_000001.json", found), ("users_000001.json", [{"login": "demo"}]))


def _mastodon(rows: Rows) -> bytes:
    actor = {"preferredUsername": f"demo{rows[0]}", "url": f"https://social.example/@demo{rows[0]}"}
    return pack([("actor.json", json.dumps(actor).encode()), ("outbox.json", b"{}")])


FORMATS = (
    Format(
        "jsonresume",
        _json(
            lambda rows: {
                "work": [{"name": f"C{n % 2}", "position": f"Job {n}", "startDate": f"200{n}"} for n in rows],
                "skills": [{"name": f"Skill {n}", "level": "Master", "keywords": [f"k{n % 2}"]} for n in rows],
                "certificates": [{"name": f"Cert {n}", "date": f"200{n}-01-01"} for n in rows],
                "basics": {"profiles": [{"network": "N", "username": f"u{n}"} for n in rows]},
            }
        ),
    ),
    Format("linkedin", _linkedin),
    Format(
        "linkedin-table",
        _text("Company Name,Title,Description,Location,Started On,Finished On\n", lambda n: f"C,Job {n},,,200{n},\n"),
    ),
    Format("europass-xml", _europass),
    Format("europass-json", _json(_europass_json)),
    Format("europass-candidate", _candidate),
    Format("openbadges", _json(lambda rows: [_badge(n) for n in rows])),
    Format("elm", _json(_elm)),
    Format(
        "icalendar",
        _text(
            "BEGIN:VCALENDAR\nVERSION:2.0\n",
            lambda n: (
                f"BEGIN:VEVENT\nUID:{n}\nDTSTART:2026010{n + 1}T090000\nDURATION:PT1H\nSUMMARY:T{n % 2}\nEND:VEVENT\n"
            ),
            "END:VCALENDAR\n",
        ),
    ),
    Format("table", _text("title;start;organisation;skills\n", lambda n: f"Job {n};200{n};C{n % 2};s{n}\n")),
    Format(
        "table-of-hours",
        _text("Quoi;Le;Combien\n", lambda n: f"T{n % 2};2026-01-0{n + 1};1,5\n"),
        {"column:quoi": "title", "column:le": "date", "column:combien": "hours"},
    ),
    Format(
        "rides",
        _text(
            "start_timestamp_local,end_timestamp_local,minutes_online,minutes_on_trip,completed_trips,trip_fares,currency_code,flow_type\n",
            lambda n: f"2026-0{n + 1}-02 9:05:00,2026-0{n + 1}-02 10:05:00,60.0,16.01,1,12.5,CHF,UberX\n",
        ),
    ),
    Format(
        "platform",
        _text(
            "section;platform;label;from;to;value;unit;best;count;source\n",
            lambda n: (
                f"service;Demo;Course;2026-01-0{n + 1};2026-01-0{n + 1};3,5;h;;;\n"
                f"income;Demo;;2026-0{n + 1};2026-0{n + 1};412,30;EUR;;;\nevaluation;Demo;Note;2026-0{n + 1};2026-0{n + 1};4,8;;5;1;\n"
            ),
        ),
    ),
    Format("github", _repositories),
    Format("mastodon", _mastodon),
    Format("vcard", _text("", lambda n: f"BEGIN:VCARD\nVERSION:3.0\nFN:Demo {n}\nORG:C{n % 2}\nEND:VCARD\n")),
    Format("musette", _bag),
    Format("solid-profile", _profile),
)


def new_bag() -> tuple[MemoryPod, Bag]:
    server = MemoryPod()
    person = server.create_pod("demo")
    return server, set_up.create(server.pod_for(person.webid), person.storage, NOW)


def taken(bag: Bag, file: Format, rows: Rows) -> bool:
    """Everything in it that is not there yet, other people and accounts too; whether anything was written."""
    run = f"{bag.layout.log(NOW.year)}#{names.fragment('import', NOW.date())}"
    asked = Asked("solid-profile" if file.name == "solid-profile" else "", file.mapping, f"{bag.layout.root}../card")
    found: Recognised = recognise(file.file(rows), "file", Destination(bag.layout.root, bag.owner, run, NOW), asked)
    assert found.lines
    sphere = str(terms.SPHERE_CARE)
    shown = compare(bag, found, Choices(sphere=sphere), NOW)
    every = frozenset(item.line.node for item in shown.items if not item.there)
    try:
        take_in(bag, found, NOW, Choices(every, sphere=sphere))
    except (NothingNew, NothingChosen):
        return False
    return True


#: What tells things apart: not their names, which may be new each time.
_SAID = (
    *(terms.DCTERMS_TITLE, terms.SKOS_PREF_LABEL, terms.FOAF_NAME, terms.VCARD_FN, terms.FOAF_ACCOUNT_NAME),
    *(terms.DCTERMS_DATE, terms.MINUTES, terms.SCHEMA_VALUE, terms.SCHEMA_RATING_VALUE, terms.LEVEL_AS_STATED),
)


def things(bag: Bag, server: MemoryPod) -> Counter[tuple[str, ...]]:
    found: Counter[tuple[str, ...]] = Counter()
    for url in list(server._stored):
        if url.startswith(bag.layout.root) and url.endswith(".ttl") and "/log/" not in url:
            graph = resources.read(bag.pod, url).graph
            for node, kind in graph.subject_objects(terms.RDF_TYPE):
                said = (str(value) for path in _SAID for value in sorted(graph.objects(node, path), key=str))
                found[(url.removeprefix(bag.layout.root), str(kind), *said)] += 1
    return found


Subsets = st.lists(st.integers(0, ROWS - 1), min_size=1, max_size=ROWS, unique=True)


@pytest.mark.parametrize("file", FORMATS, ids=lambda one: one.name)
@settings(max_examples=2, deadline=None, database=None)
@given(first=Subsets, second=Subsets)
@example(first=[0, 1], second=[1, 2, 0])
def test_nothing_comes_in_twice(file: Format, first: list[int], second: list[int]) -> None:
    server, bag = new_bag()
    assert taken(bag, file, first)
    once = things(bag, server)
    assert not taken(bag, file, first)
    assert things(bag, server) == once
    # One that overlaps: as if both had been one file.
    taken(bag, file, second)
    assert not taken(bag, file, second)
    assert not taken(bag, file, first)
    if file.name != "mastodon":  # one account a file
        whole_server, whole = new_bag()
        taken(whole, file, [*first, *(n for n in second if n not in first)])
        ours, theirs = things(bag, server), things(whole, whole_server)
        assert ours - theirs == theirs - ours == Counter()
