"""Activities and skills to a Europass CV (SkillsPassport 3.3, XML), which its editor and ours read back; losses are named."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from rdflib import URIRef

from musette_solid.errors import N_
from musette_solid.exchange.losses import Loss
from musette_solid.model.activity import Activity
from musette_solid.model.dates import PartialDate
from musette_solid.model.skill import Skill
from musette_solid.rdf import terms

_NS: Final = "http://europass.cedefop.europa.eu/Europass"
_SIDES: Final = ("Listening", "Reading", "SpokenInteraction", "SpokenProduction", "Writing")
_CEFR: Final = frozenset({"A1", "A2", "B1", "B2", "C1", "C2"})

_NO_SPHERE: Final = N_("“%(value)s” has no place in a Europass CV, which knows work, education and achievements")
_AS_WORK: Final = N_(
    "a Europass CV of this kind does not tell “%(value)s” from employment: it says it as an achievement"
)
_NOT_SAID: Final = N_("a Europass CV has no place for “%(value)s”")
_HOURS: Final = N_("a Europass CV does not say how many hours a week “%(value)s” takes")
_PART: Final = N_("a Europass CV does not say what “%(value)s” is part of")
_LEVEL: Final = N_("the level of “%(value)s” is none of A1 to C2")


def write(
    activities: Iterable[Activity], skills: Iterable[Skill], *, name: str, now: datetime, language: str = "fr"
) -> tuple[bytes, tuple[Loss, ...]]:
    """The CV, and what is in the bag but not in it."""
    return _Writing(language).of(tuple(activities), tuple(skills), name, now)


class _Writing:
    def __init__(self, language: str) -> None:
        self._losses: list[Loss] = []
        self._language = language

    def of(
        self, activities: tuple[Activity, ...], skills: tuple[Skill, ...], name: str, now: datetime
    ) -> tuple[bytes, tuple[Loss, ...]]:
        root = Element("SkillsPassport", {"xmlns": _NS, "locale": self._language})
        info = SubElement(root, "DocumentInfo")
        for key, value in (
            ("DocumentType", "ECV"),
            ("CreationDate", now.isoformat()),
            ("LastUpdateDate", now.isoformat()),
            ("XSDVersion", "V3.3"),
            ("Generator", "La Musette"),
        ):
            SubElement(info, key).text = value
        learner = SubElement(root, "LearnerInfo")
        first, _, last = name.strip().rpartition(" ")
        person = SubElement(SubElement(learner, "Identification"), "PersonName")
        SubElement(person, "FirstName").text = first
        SubElement(person, "Surname").text = last
        self._list(learner, "WorkExperience", [a for a in activities if a.sphere in _WORK])
        self._list(learner, "Education", [a for a in activities if a.sphere == terms.SPHERE_TRAINING])
        self._skills(learner, skills)
        self._achievements(learner, [a for a in activities if a.sphere in _ACHIEVEMENTS], skills)
        for one in activities:
            if one.sphere not in _WORK | _ACHIEVEMENTS.keys() | {terms.SPHERE_TRAINING}:
                self._lose("/LearnerInfo", _NO_SPHERE, one.title)
        indent(root)
        return tostring(root, encoding="utf-8", xml_declaration=True), tuple(self._losses)

    def _lose(self, place: str, reason: str, value: object) -> None:
        self._losses.append(Loss.of(place, reason, value))

    def _list(self, learner: Element, kind: str, found: list[Activity]) -> None:
        if not found:
            return
        parent = SubElement(learner, f"{kind}List")
        for number, one in enumerate(found):
            place = f"/LearnerInfo/{kind}/{number}"
            entry = SubElement(parent, kind)
            self._period(entry, one, place)
            if kind == "Education":
                SubElement(entry, "Title").text = one.title
            else:
                SubElement(SubElement(entry, "Position"), "Label").text = one.role or one.title
                if one.role and one.role != one.title:
                    self._lose(place, _NOT_SAID, one.title)
            said = "\n".join(text for text in (one.description, *one.achievements) if text)
            if said:
                SubElement(entry, "Activities").text = said
            self._organization(SubElement(entry, "Organisation" if kind == "Education" else "Employer"), one)
            for reason, is_there in ((_HOURS, one.weekly_hours is not None), (_PART, one.part_of is not None)):
                if is_there:
                    self._lose(place, reason, one.title)
            for piece in one.evidence:
                self._lose(place, _NOT_SAID, piece.title)

    def _period(self, entry: Element, one: Activity, place: str) -> None:
        """Its schema knows no period without a beginning: an end alone is named as lost."""
        for said, written in ((one.start, one.start_as_written), (one.end, one.end_as_written)):
            if written and not said:
                self._lose(place, _NOT_SAID, written)
        if one.start is None:
            if one.end is not None:
                self._lose(place, _NOT_SAID, one.end)
            return
        period = SubElement(entry, "Period")
        SubElement(period, "From", _date(one.start))
        if one.end:
            SubElement(period, "To", _date(one.end))
        SubElement(period, "Current").text = "false" if one.has_end else "true"

    @staticmethod
    def _organization(element: Element, one: Activity) -> None:
        organization = one.organization
        SubElement(element, "Name").text = organization.name if organization else ""
        if one.location or (organization and organization.url):
            contact = SubElement(element, "ContactInfo")
            if one.location:
                inner = SubElement(SubElement(contact, "Address"), "Contact")
                SubElement(inner, "Municipality").text = one.location
            if organization and organization.url:
                SubElement(SubElement(contact, "Website"), "Contact").text = organization.url

    def _skills(self, learner: Element, skills: tuple[Skill, ...]) -> None:
        if not skills:
            return
        parent = SubElement(learner, "Skills")
        spoken = [one for one in skills if one.is_language]
        mother = [one for one in spoken if _stated(one) == "C2+"]
        if spoken:
            linguistic = SubElement(parent, "Linguistic")
            self._languages(linguistic, "MotherTongue", mother)
            self._languages(linguistic, "ForeignLanguage", [one for one in spoken if one not in mother])
        others = [one.label for one in skills if not one.is_language and one.label]
        if others:
            # One skill a line: it comes back as it went.
            SubElement(SubElement(parent, "JobRelated"), "Description").text = "\n".join(others)
        for one in skills:
            if one.current and (one.current.level or one.current.as_stated) and not one.is_language:
                self._lose("/LearnerInfo/Skills/JobRelated", _NOT_SAID, f"{one.label}: {_stated(one) or '…'}")

    def _languages(self, parent: Element, kind: str, found: list[Skill]) -> None:
        if not found:
            return
        listed = SubElement(parent, f"{kind}List")
        for number, one in enumerate(found):
            entry = SubElement(listed, kind)
            SubElement(SubElement(entry, "Description"), "Label").text = one.label
            stated = _stated(one)
            sides = _sides(stated)
            if sides:
                levels = SubElement(entry, "ProficiencyLevel")
                for side, level in sides.items():
                    SubElement(levels, side).text = level
            elif stated and kind == "ForeignLanguage":
                self._lose(f"/LearnerInfo/Skills/Linguistic/{kind}/{number}", _LEVEL, f"{one.label}: {stated}")

    def _achievements(self, learner: Element, found: list[Activity], skills: tuple[Skill, ...]) -> None:
        pieces = {piece.iri: piece for skill in skills for piece in skill.evidence}
        if not found and not pieces:
            return
        parent = SubElement(learner, "AchievementList")
        for number, one in enumerate(found):
            entry = SubElement(parent, "Achievement")
            title = SubElement(entry, "Title")
            SubElement(title, "Code").text = _ACHIEVEMENTS[one.sphere]
            SubElement(title, "Label").text = one.title
            period = " – ".join(date.text for date in (one.start, one.end) if date)
            name = one.organization.name if one.organization else ""
            said = [text for text in (name, period, one.description or "", *one.achievements) if text]
            SubElement(entry, "Description").text = "\n".join(said)
            self._lose(f"/LearnerInfo/Achievement/{number}", _AS_WORK, one.title)
        for piece in pieces.values():
            entry = SubElement(parent, "Achievement")
            SubElement(SubElement(entry, "Title"), "Label").text = piece.title
            said = [
                piece.publisher or "",
                piece.date.text if piece.date else "",
                piece.url or "",
                piece.description or "",
            ]
            SubElement(entry, "Description").text = "\n".join(text for text in said if text)


_WORK: Final = frozenset({terms.SPHERE_EMPLOYMENT, terms.SPHERE_SELF_EMPLOYMENT, terms.SPHERE_PLATFORM_WORK})
_ACHIEVEMENTS: Final[Mapping[URIRef | None, str]] = {
    terms.SPHERE_VOLUNTEERING: "memberships",
    terms.SPHERE_CIVIC_ENGAGEMENT: "memberships",
    terms.SPHERE_PERSONAL_PROJECT: "projects",
}


def _date(said: PartialDate) -> dict[str, str]:
    found = {"year": f"{said.year:04}"}
    if said.month:
        found["month"] = f"--{said.month:02}"
    if said.day:
        found["day"] = f"---{said.day:02}"
    return found


def _stated(skill: Skill) -> str:
    return (skill.current.as_stated or "") if skill.current else ""


def _sides(stated: str) -> dict[str, str]:
    """Of B2 the same for every side, of “Listening C1, Reading B2” what is said of each."""
    if stated in _CEFR:
        return dict.fromkeys(_SIDES, stated)
    found = dict(part.strip().rpartition(" ")[::2] for part in stated.split(",") if " " in part.strip())
    return {side: level for side, level in found.items() if side in _SIDES and level in _CEFR}
