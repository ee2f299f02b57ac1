"""Activities and skills to a JSON Resume that its schema accepts; what the format cannot say is named."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from rdflib import URIRef

from musette_solid.errors import N_
from musette_solid.exchange.jsonresume_entry import FREELANCE
from musette_solid.exchange.losses import Loss
from musette_solid.exchange.strict_json import pointer
from musette_solid.model.activity import Activity, Evidence
from musette_solid.model.dates import PartialDate
from musette_solid.model.identity import Account
from musette_solid.model.skill import Skill
from musette_solid.model.words import folded
from musette_solid.rdf import terms

SCHEMA: Final = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json"

_NO_SPHERE: Final = N_(
    "“%(value)s” has no place in a JSON Resume, which knows work, volunteering, education and projects"
)
_OTHER_SPHERE: Final = N_("a JSON Resume does not say that “%(value)s” was another kind of work than a job")
_HOURS: Final = N_("a JSON Resume does not say how many hours a week “%(value)s” takes")
_PART: Final = N_("a JSON Resume does not say what “%(value)s” is part of")
_NUMBER: Final = N_("a JSON Resume has no place for the official number of “%(value)s”")
_USED: Final = N_("a JSON Resume does not say which skills “%(value)s” uses; they stand in its list of skills")
_NOT_SAID: Final = N_("a JSON Resume has no place for “%(value)s”")
_DATE: Final = N_("“%(value)s” is not a date that a JSON Resume can hold")

_SECTIONS: Final[Mapping[URIRef | None, str]] = {
    terms.SPHERE_EMPLOYMENT: "work",
    terms.SPHERE_SELF_EMPLOYMENT: "work",
    terms.SPHERE_PLATFORM_WORK: "work",
    terms.SPHERE_VOLUNTEERING: "volunteer",
    terms.SPHERE_CIVIC_ENGAGEMENT: "volunteer",
    terms.SPHERE_TRAINING: "education",
    terms.SPHERE_PERSONAL_PROJECT: "projects",
}
_SAID_BY_THE_SECTION: Final = frozenset(
    {terms.SPHERE_EMPLOYMENT, terms.SPHERE_VOLUNTEERING, terms.SPHERE_TRAINING, terms.SPHERE_PERSONAL_PROJECT}
)
_LEVELS: Final[Mapping[URIRef | None, str]] = {
    terms.LEVEL_DISCOVERING: "Beginner",
    terms.LEVEL_ASSISTED: "Elementary",
    terms.LEVEL_AUTONOMOUS: "Intermediate",
    terms.LEVEL_ADAPTING: "Advanced",
    terms.LEVEL_PASSING_ON: "Expert",
}
_FREELANCE: Final = "Freelance"
_SCORE: Final = re.compile(r"Score: (?P<score>.+)")
_ISO_8601: Final = re.compile(r"[12][0-9]{3}(?:-[01][0-9](?:-[0-3][0-9])?)?")


def write(
    activities: Iterable[Activity],
    skills: Iterable[Skill],
    *,
    name: str | None = None,
    evidence: Iterable[Evidence] = (),
    accounts: Iterable[Account] = (),
) -> tuple[dict[str, Any], tuple[Loss, ...]]:
    """The resume, and what is in the bag but not in it. The place of a loss points into the resume.

    `evidence`: pieces to list as certificates besides those of the skills.
    """
    writing = _Writing(tuple(skills))
    for activity in activities:
        writing.add_activity(activity)
    writing.add_skills()
    writing.add_certificates(evidence)
    resume: dict[str, Any] = {"$schema": SCHEMA}
    profiles = [_profile(account) for account in accounts]
    if name or profiles:
        resume["basics"] = ({"name": name} if name else {}) | ({"profiles": profiles} if profiles else {})
    resume |= {section: entries for section, entries in writing.sections.items() if entries}
    return resume | {"meta": {"version": "v1.0.0"}}, tuple(writing.losses)


def _profile(account: Account) -> dict[str, str]:
    said = {"network": account.place, "username": account.name, "url": account.url or ""}
    return {key: text for key, text in said.items() if text}


class _Writing:
    def __init__(self, skills: Sequence[Skill]) -> None:
        self.sections: dict[str, list[dict[str, Any]]] = {
            section: []
            for section in ("work", "volunteer", "education", "projects", "skills", "languages", "certificates")
        }
        self.losses: list[Loss] = []
        self._skills = skills
        self._labels = {skill.iri: skill.label for skill in skills if skill.label}

    def add_activity(self, activity: Activity) -> None:
        section = _SECTIONS.get(activity.sphere)
        if section is None:
            self.losses.append(Loss.of("/", _NO_SPHERE, activity.title))
            return
        place = pointer(section, len(self.sections[section]))
        write_entry = {
            "work": self._work,
            "volunteer": self._volunteer,
            "education": self._education,
            "projects": self._project,
        }[section]
        entry = write_entry(activity, place)
        entry |= {
            "startDate": self._date(activity.start, activity.start_as_written, place),
            "endDate": self._date(activity.end, activity.end_as_written, place),
        }
        self.sections[section].append(_without_nothing(entry))
        if activity.sphere not in _SAID_BY_THE_SECTION and folded(entry.get("name") or "") not in FREELANCE:
            self._lose(place, _OTHER_SPHERE, activity.title)
        for reason, is_there in (
            (_HOURS, activity.weekly_hours is not None),
            (_PART, activity.part_of is not None),
            (_USED, section != "projects" and bool(activity.mobilises)),
        ):
            if is_there:
                self._lose(place, reason, activity.title)
        if activity.organization and activity.organization.identifier:
            self._lose(place, _NUMBER, activity.organization.name)
        for piece in activity.evidence:
            if piece.url is None or piece.url != entry.get("url") or section != "projects":
                self._lose(place, _NOT_SAID, piece.title)

    def _work(self, activity: Activity, place: str) -> dict[str, Any]:
        organization = activity.organization
        entry = self._role(activity, "name", place)
        if "name" not in entry and activity.sphere == terms.SPHERE_SELF_EMPLOYMENT:
            entry["name"] = _FREELANCE
        return entry | {
            "location": activity.location,
            "description": organization.description if organization else None,
            "summary": activity.description,
            "highlights": list(activity.achievements),
        }

    def _volunteer(self, activity: Activity, place: str) -> dict[str, Any]:
        self._without_description_of_organization(activity, place)
        if activity.location:
            self._lose(place, _NOT_SAID, activity.location)
        return self._role(activity, "organization", place) | {
            "summary": activity.description,
            "highlights": list(activity.achievements),
        }

    def _role(self, activity: Activity, organization_key: str, place: str) -> dict[str, Any]:
        """Who for and as what. Without an organisation the title stands in its place."""
        organization = activity.organization.name if activity.organization else ""
        role = activity.role or (activity.title if activity.title != organization else "")
        entry: dict[str, Any] = {}
        if organization:
            entry[organization_key] = organization
        elif activity.title and activity.title != role:
            entry[organization_key] = activity.title
        if role:
            entry["position"] = role
        if activity.title not in {*entry.values()}:
            self._lose(place, _NOT_SAID, activity.title)
        return entry | {"url": activity.organization.url if activity.organization else None}

    def _education(self, activity: Activity, place: str) -> dict[str, Any]:
        self._without_description_of_organization(activity, place)
        organization = activity.organization
        institution = organization.name if organization else ""
        study_type, _, area = activity.title.partition(", ") if activity.title != institution else ("", "", "")
        score = _SCORE.fullmatch(activity.description or "")
        for text in (activity.location, activity.role, None if score else activity.description):
            if text:
                self._lose(place, _NOT_SAID, text)
        return {
            "institution": institution,
            "url": organization.url if organization else None,
            "studyType": study_type if area else "",
            "area": area or study_type,
            "score": score["score"] if score else None,
            "courses": list(activity.achievements),
        }

    def _project(self, activity: Activity, place: str) -> dict[str, Any]:
        self._without_description_of_organization(activity, place)
        organization = activity.organization
        if activity.location:
            self._lose(place, _NOT_SAID, activity.location)
        return {
            "name": activity.title,
            "description": activity.description,
            "highlights": list(activity.achievements),
            "keywords": sorted(self._labels[iri] for iri in activity.mobilises if iri in self._labels),
            "url": next((piece.url for piece in activity.evidence if piece.url), None),
            "roles": activity.role.split(", ") if activity.role else [],
            "entity": organization.name if organization else None,
        }

    def _without_description_of_organization(self, activity: Activity, place: str) -> None:
        if activity.organization and activity.organization.description:
            self._lose(place, _NOT_SAID, activity.organization.description)

    def _date(self, said: PartialDate | None, as_written: str | None, place: str) -> str | None:
        text = said.text if said else as_written
        if text is None or (said and _ISO_8601.fullmatch(text)):
            return text
        self._lose(place, _DATE, text)
        return None

    def add_skills(self) -> None:
        """A skill is an entry of its own unless all that is said of it is that it belongs to a broader one."""
        keywords: dict[str, list[str]] = {}
        for skill in self._skills:
            for broader in skill.all_broader:
                if broader in self._labels:
                    keywords.setdefault(broader, []).append(skill.label)
        for skill in self._skills:
            is_keyword = any(broader in self._labels for broader in skill.all_broader)
            if not skill.label or (is_keyword and skill.iri not in keywords and _level(skill) is None):
                self._lose_of_skill(skill, "/skills")
                continue
            section = "languages" if skill.is_language else "skills"
            place = pointer(section, len(self.sections[section]))
            if skill.is_language:
                entry: dict[str, Any] = {"language": skill.label, "fluency": _level(skill)}
            else:
                entry = {"name": skill.label, "level": _level(skill), "keywords": sorted(keywords.get(skill.iri, ()))}
            self.sections[section].append(_without_nothing(entry))
            self._lose_of_skill(skill, place)

    def _lose_of_skill(self, skill: Skill, place: str) -> None:
        if skill.description:
            self._lose(place, _NOT_SAID, skill.description)
        if len(skill.assessments) > 1:
            self._lose(place, _NOT_SAID, f"{skill.label} ({len(skill.assessments)})")
        if skill.current and skill.current.comment:
            self._lose(place, _NOT_SAID, skill.current.comment)

    def add_certificates(self, evidence: Iterable[Evidence]) -> None:
        pieces = {piece.iri: piece for skill in self._skills for piece in skill.evidence}
        pieces |= {piece.iri: piece for piece in evidence}
        for piece in sorted(pieces.values(), key=lambda one: (folded(one.title), one.iri)):
            place = pointer("certificates", len(self.sections["certificates"]))
            entry = {
                "name": piece.title,
                "date": self._date(piece.date, None, place),
                "issuer": piece.publisher,
                "url": piece.url,
            }
            self.sections["certificates"].append(_without_nothing(entry))
            if piece.description:
                self._lose(place, _NOT_SAID, piece.description)

    def _lose(self, place: str, reason: str, value: str) -> None:
        self.losses.append(Loss.of(place, reason, value))


def _level(skill: Skill) -> str | None:
    current = skill.current
    return (current.as_stated or _LEVELS.get(current.level)) if current else None


def _without_nothing(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if value not in (None, "", [])}
