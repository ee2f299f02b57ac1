"""Europass CV since 2020: the Candidate of HR-XML and EURES, with escaped rich text and dates as partial as people know them."""

import re
from collections.abc import Callable
from typing import Final
from xml.etree.ElementTree import Element

from rdflib import URIRef

from musette_solid.errors import N_
from musette_solid.exchange import loose_dates, unsaid
from musette_solid.exchange.draft import Draft
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.europass import ATTACHED, MOTHER_TONGUE, NO_PLACE, cefr
from musette_solid.exchange.jsonresume_entry import NOT_A_DATE
from musette_solid.exchange.linkedin import ABOUT_YOU
from musette_solid.exchange.markup import plain
from musette_solid.exchange.source import Source
from musette_solid.exchange.xml_tree import at, every, local, parse, raw, text
from musette_solid.model.dates import PartialDate
from musette_solid.model.labels import language_name
from musette_solid.rdf import terms

_EXPECTED: Final = N_("a Europass CV: a Candidate with a CandidateProfile")
_ESCO: Final = "http://data.europa.eu/esco/"
#: Three-letter codes are all there is of a language.
_SKIPPED: Final = frozenset({"ID", "Attachment", "RenderingInformation", "ExecutiveSummary"})
#: How the file was made and is to look, and codes that are said in words or by a level.
_FORMAL: Final = re.compile(
    r"/(?:DocumentID|ID|CandidateSupplier|RenderingInformation|CandidatePerson|Attachment|CurrentIndicator|Ongoing"
    r"|CompetencyDimensionTypeCode|CompetencyID|TaxonomyID|ChannelCode|UseCode|CountryCode|FileType|CreditType)(?:/|$)"
)


def read(source: Source, draft: Draft) -> None:
    root = parse(source.data, source.name)
    profiles = every(root, "CandidateProfile")
    if not profiles:
        raise UnreadableFile(file=source.name, expected=_EXPECTED, pointer="/Candidate")
    for number, profile in enumerate(profiles):
        where = "/CandidateProfile" + (f"/{number}" if number else "")
        _Reading(draft, where, profile.get("languageCode") or "en").of(profile)
    person = at(root, "CandidatePerson")
    for name in dict.fromkeys(local(child) for child in person) if person is not None else ():
        if name == "PrimaryLanguageCode":
            continue
        draft.lose(f"/CandidatePerson/{name}", ABOUT_YOU)
    for number, said in enumerate(every(person, "PrimaryLanguageCode")):
        place = f"/CandidatePerson/PrimaryLanguageCode/{number}"
        spoken = language_name(text(said), profiles[0].get("languageCode") or "en") or text(said)
        draft.assess(place, draft.skill(place, spoken, is_language=True), MOTHER_TONGUE)
    if at(root, "CandidateSupplier") is not None:
        draft.lose("/CandidateSupplier", ABOUT_YOU)
    unsaid.name_unsaid(draft, unsaid.of_xml(root), _FORMAL)


class _Reading:
    def __init__(self, draft: Draft, where: str, language: str) -> None:
        self._draft, self._where, self._language_of_words = draft, where, language
        self._sections: dict[str, Callable[[str, Element], None]] = {
            "EmploymentHistory": self._employers,
            "EducationHistory": self._education,
            "PersonQualifications": self._competencies,
            "VoluntaryWorks": self._entries(terms.SPHERE_VOLUNTEERING),
            "SocialAndPoliticalActivities": self._entries(terms.SPHERE_CIVIC_ENGAGEMENT),
            "NetworksAndMemberships": self._entries(terms.SPHERE_CIVIC_ENGAGEMENT),
            "Projects": self._entries(terms.SPHERE_PERSONAL_PROJECT),
            "CreativeWorks": self._entries(None),
            "ConferencesAndSeminars": self._entries(None),
            "CourseCertifications": self._entries(None),
            "Certifications": self._entries(None),
            "Licenses": self._entries(None),
            "PublicationHistory": self._entries(None),
            "HonorsAndAwards": self._entries(None),
            "Patents": self._entries(None),
            "Recommendations": self._entries(None),
            "Skills": self._skills,
            "Others": self._others,
        }

    def of(self, profile: Element) -> None:
        counts: dict[str, int] = {}
        for section in profile:
            name = local(section)
            number = counts[name] = counts.get(name, -1) + 1
            place = f"{self._where}/{name}" + (f"/{number}" if number else "")
            take = self._sections.get(name)
            if take is not None:
                take(place, section)
            elif name == "Attachment":
                self._draft.lose(place, ATTACHED, text(section, "Instructions") or text(section, "FileType"))
            elif name == "ExecutiveSummary":
                self._draft.lose(place, ABOUT_YOU)
            elif name not in _SKIPPED and (len(section) or text(section)):
                self._draft.lose(place, NO_PLACE, name)

    def _date(self, place: str, element: Element | None) -> PartialDate | None:
        said = text(element, "FormattedDateTime") or text(element)
        found = loose_dates.said(said) if said else None
        if said and found is None:
            self._draft.lose(place, NOT_A_DATE, said)
        return found

    def _period(self, place: str, period: Element | None) -> tuple[PartialDate | None, PartialDate | None]:
        start = self._date(f"{place}/StartDate", at(period, "StartDate"))
        end = self._date(f"{place}/EndDate", at(period, "EndDate"))
        goes_on = "true" in {text(period, "CurrentIndicator").casefold(), text(period, "Ongoing").casefold()}
        return start, None if goes_on else end

    def _organization(self, place: str, entry: Element) -> URIRef | None:
        sites = [
            text(one, "URI")
            for contact in every(entry, "OrganizationContact")
            for one in every(contact, "Communication")
            if text(one, "ChannelCode") == "Web"
        ]
        url = self._draft.link(place, sites[0]) if sites else None
        return self._draft.organization(place, text(entry, "OrganizationName"), url)

    def _employers(self, place: str, section: Element) -> None:
        for number, employer in enumerate(every(section, "EmployerHistory")):
            here = f"{place}/EmployerHistory/{number}"
            organization = self._organization(here, employer)
            links = [text(link) for link in every(employer, "Link")]
            positions = every(employer, "PositionHistory")
            for index, position in enumerate(positions):
                self._position(f"{here}/PositionHistory/{index}", position, organization, links if not index else [])
            if not positions:
                self._draft.activity(here, None, terms.SPHERE_EMPLOYMENT, organization=organization)

    def _position(self, place: str, entry: Element, organization: URIRef | None, links: list[str]) -> None:
        title = at(entry, "PositionTitle")
        start, end = self._period(place, at(entry, "EmploymentPeriod"))
        # The address of the occupation stands where the language should.
        codes = [title.get("languageID") or "", title.get("schemeID") or ""] if title is not None else []
        town = ", ".join(t for t in (text(entry, "City"), text(entry, "Country").upper()) if t)
        node = self._draft.activity(
            place,
            text(title),
            terms.SPHERE_EMPLOYMENT,
            organization=organization,
            start=start,
            end=end,
            role=text(title),
            location=town,
            description=plain(raw(entry, "Description")),
            occupation=next((code for code in codes if code.startswith(_ESCO)), None),
        )
        self._links(place, text(title), links, node)

    def _links(self, place: str, title: str, links: list[str], node: URIRef | None) -> None:
        for number, link in enumerate(dict.fromkeys(links)):
            url = self._draft.link(f"{place}/Link/{number}", link)
            if url and node is not None:
                called = title if len(links) == 1 else f"{title} ({number + 1})"
                self._draft.evidence(f"{place}/Link/{number}", called, url=url, about=[node], document="activities")

    def _education(self, place: str, section: Element) -> None:
        for number, entry in enumerate(every(section, "EducationOrganizationAttendance")):
            here = f"{place}/EducationOrganizationAttendance/{number}"
            degree = at(entry, "EducationDegree")
            start, end = self._period(here, at(entry, "AttendancePeriod"))
            said = [plain(raw(degree, "OccupationalSkillsCovered"))]
            for label, value in (
                ("EQF", text(entry, "EducationLevelCode")),
                ("Note", text(degree, "FinalGrade", "ScoreText")),
                (text(degree, "CreditType") or "ECTS", text(degree, "NumberOfCredit")),
                ("ISCED-F", ", ".join(_fields_of_study(degree))),
            ):
                if value:
                    said.append(f"{label} : {value}")
            thesis = text(degree, "Thesis")
            self._draft.activity(
                here,
                text(degree, "DegreeName"),
                terms.SPHERE_TRAINING,
                organization=self._organization(here, entry),
                start=start,
                end=end,
                description="\n".join(t for t in said if t),
                achievements=[thesis] if thesis else [],
            )

    def _competencies(self, place: str, section: Element) -> None:
        for number, entry in enumerate(every(section, "PersonCompetency")):
            here = f"{place}/PersonCompetency/{number}"
            code, taxonomy = text(entry, "CompetencyID"), text(entry, "TaxonomyID")
            sides = [
                (
                    text(side, "CompetencyDimensionTypeCode").removeprefix("CEF-"),
                    text(side, "Score", "ScoreText"),
                )
                for side in every(entry, "CompetencyDimension")
            ]
            is_language = taxonomy == "language"
            name = text(entry, "CompetencyName")
            if is_language:
                name = name or language_name(code, self._language_of_words) or code
            node = self._draft.skill(
                here, name or code, is_language=is_language, match=code if code.startswith(_ESCO) else None
            )
            self._draft.assess(here, node, cefr(sides))

    def _skills(self, place: str, section: Element) -> None:
        for number, entry in enumerate(section):
            said = text(entry, "Title") or text(entry, "Name") or text(entry)
            for part in said.split("|") if "|" in said else [said]:
                self._draft.skill(f"{place}/{local(entry)}/{number}", part)

    def _entries(self, sphere: URIRef | None) -> Callable[[str, Element], None]:
        def take(place: str, section: Element) -> None:
            for number, entry in enumerate(section):
                if len(entry):
                    self._entry(f"{place}/{local(entry)}/{number}", entry, sphere)

        return take

    def _entry(self, place: str, entry: Element, sphere: URIRef | None) -> None:
        title = next(
            (
                found
                for key in (
                    "Title",
                    "Name",
                    "CertificationName",
                    "LicenseName",
                    "PositionTitle",
                    "Role",
                    "OrganizationName",
                )
                if (found := text(entry, key))
            ),
            "",
        )
        period = at(entry, "Date") if at(entry, "Date") is not None else at(entry, "EffectiveDate")
        start, end = self._period(place, period) if period is not None else (None, None)
        issuer = text(entry, "OrganizationName") or text(entry, "IssuingAuthorityName") or text(entry, "Organization")
        said = plain(raw(entry, "Description"))
        links = [text(link) for link in every(entry, "Link")]
        if sphere is None:
            on = start or (self._date(place, period) if period is not None and not len(period) else None)
            where = text(entry, "Location")
            url = self._draft.link(place, links[0]) if links else None
            self._draft.evidence(place, title, publisher=issuer or where, on=on, url=url, description=said)
            return
        node = self._draft.activity(
            place,
            title,
            sphere,
            organization=self._draft.organization(place, issuer) if issuer != title else None,
            start=start,
            end=end,
            role=text(entry, "PositionTitle") or text(entry, "Role") or None,
            location=text(entry, "Location"),
            description=said,
        )
        self._links(place, title, links, node)

    def _others(self, place: str, section: Element) -> None:
        """Sections that people named themselves: kept as evidence, which says what it is and when."""
        heading = text(section, "Title")
        for number, entry in enumerate(every(section, "Other")):
            here = f"{place}/Other/{number}"
            start, _ = self._period(here, at(entry, "Date"))
            links = [text(link) for link in every(entry, "Link")]
            said = plain(raw(entry, "Description"))
            self._draft.evidence(
                here,
                text(entry, "Title") or heading,
                on=start,
                url=self._draft.link(here, links[0]) if links else None,
                description="\n".join(t for t in (heading, said) if t),
            )


def _fields_of_study(degree: Element | None) -> list[str]:
    """The codes (or words) of what was studied, the most precise of each."""
    found = []
    for field in every(degree, "FieldOfStudy"):
        precise = [text(one, "ProgramConcentration") or text(one) for one in every(field, "SpecificFieldOfStudy")]
        found += [one for one in precise if one] or [text(field)]
    return list(dict.fromkeys(one for one in found if one))
