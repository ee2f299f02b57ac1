"""Europass CV before 2020 (SkillsPassport 3.x), as XML or as JSON: both say the same things in the same words."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from rdflib import URIRef

from musette_solid.errors import N_
from musette_solid.exchange import strict_json, unsaid, xml_tree
from musette_solid.exchange.draft import Draft
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.jsonresume_entry import NOT_A_DATE
from musette_solid.exchange.linkedin import ABOUT_YOU
from musette_solid.exchange.markup import plain
from musette_solid.exchange.source import Source
from musette_solid.model.dates import PartialDate
from musette_solid.model.words import folded
from musette_solid.rdf import terms

_EXPECTED: Final = N_("a Europass CV: a SkillsPassport with a LearnerInfo")
NO_PLACE: Final = N_("there is no place for it in your bag yet")
ATTACHED: Final = N_("“%(value)s” is attached: take it out of the file and add it as evidence")

#: Parts of "skills" that are one text each, as people write them.
_TEXTS: Final = ("Communication", "Organisational", "JobRelated", "Computer", "Other")
_VOLUNTEER: Final = frozenset({"volunteering", "volunteer", "benevolat", "volontariat"})
_SPHERES: Final[Mapping[str, URIRef]] = {
    "projects": terms.SPHERE_PERSONAL_PROJECT,
    "memberships": terms.SPHERE_CIVIC_ENGAGEMENT,
    "courses": terms.SPHERE_TRAINING,
}
MOTHER_TONGUE: Final = "C2+"


#: How the file was made and is to look, what is attached to what, and codes that stand beside their words.
_FORMAL: Final = re.compile(
    r"/(?:DocumentInfo|PrintingPreferences|ReferenceTo|Documentation|Attachment|AttachmentList|Photo|Current|Code|Id|Use)(?:/|$)"
)


def read_xml(source: Source, draft: Draft) -> None:
    root = xml_tree.parse(source.data, source.name)
    _Reading(draft).of(xml_tree.tree(root))
    unsaid.name_unsaid(draft, unsaid.of_xml(root), _FORMAL)


def read_json(source: Source, draft: Draft) -> None:
    read = strict_json.parse(source.data, source.name)
    root = "/SkillsPassport" if isinstance(read, dict) and "SkillsPassport" in read else ""
    _Reading(draft, root).of(read.get("SkillsPassport", read) if isinstance(read, dict) else None)
    unsaid.name_unsaid(draft, unsaid.of_json(read), _FORMAL)


class _Reading:
    """`root`: where the passport stands in the file."""

    def __init__(self, draft: Draft, root: str = "") -> None:
        self._draft, self._root = draft, root
        self._is_french = False

    def of(self, passport: Any) -> None:
        learner = passport.get("LearnerInfo") if isinstance(passport, dict) else None
        if not isinstance(learner, dict):
            raise UnreadableFile(file=self._draft.file, expected=_EXPECTED, pointer="/LearnerInfo")
        self._is_french = str(passport.get("locale") or passport.get("Locale") or "fr").casefold().startswith("fr")
        for place, entry in self._items(learner, "WorkExperience"):
            self._work(place, entry)
        for place, entry in self._items(learner, "Education"):
            self._education(place, entry)
        self._skills(_dict(learner.get("Skills")))
        for place, entry in self._items(learner, "Achievement"):
            self._achievement(place, entry)
        self._rest(learner, passport)

    def _items(
        self, parent: dict[str, Any], key: str, at: str = "/LearnerInfo"
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        value = parent.get(key)
        for number, one in enumerate(value if isinstance(value, list) else [value] if value else []):
            if isinstance(one, dict):
                yield f"{self._root}{at}/{key}/{number}", one

    def _rest(self, learner: dict[str, Any], passport: dict[str, Any]) -> None:
        for key in ("Identification", "Headline"):
            for part in _dict(learner.get(key)) or ([key] if learner.get(key) else []):
                self._draft.lose(f"{self._root}/LearnerInfo/{key}" + (f"/{part}" if part != key else ""), ABOUT_YOU)
        attached = passport.get("Attachment") or _dict(passport.get("AttachmentList")).get("Attachment") or []
        for number, one in enumerate(attached if isinstance(attached, list) else [attached]):
            said = _dict(one).get("Description") or _dict(one).get("Name")
            self._draft.lose(f"{self._root}/Attachment/{number}", ATTACHED, _label(said))
        for key in learner.keys() - {
            "WorkExperience",
            "Education",
            "Skills",
            "Achievement",
            "ReferenceTo",
            "Documentation",
        }:
            if key not in {"Identification", "Headline"} and learner[key]:
                self._draft.lose(f"{self._root}/LearnerInfo/{key}", NO_PLACE, key)
        for key in passport.keys() & {"CoverLetter"}:
            self._draft.lose(f"{self._root}/{key}", NO_PLACE, key)

    def _period(self, place: str, period: Any) -> tuple[PartialDate | None, PartialDate | None]:
        said = _dict(period)
        start = self._date(f"{place}/Period/From", said.get("From"))
        end = self._date(f"{place}/Period/To", said.get("To"))
        return start, None if str(said.get("Current")).casefold() == "true" else end

    def _date(self, place: str, said: Any) -> PartialDate | None:
        """XML writes `year="1940" month="--03" day="---10"`, JSON `{"Year": 1940, "Month": 3}`."""
        if not said:
            return None
        parts = {key.casefold(): str(value).lstrip("-") for key, value in _dict(said).items()}
        try:
            return PartialDate(int(parts["year"]), int(parts.get("month") or 0), int(parts.get("day") or 0))
        except (KeyError, ValueError):
            self._draft.lose(place, NOT_A_DATE, said)
            return None

    def _organization(self, place: str, said: Any) -> URIRef | None:
        organization = _dict(said)
        site = _dict(_dict(organization.get("ContactInfo")).get("Website")).get("Contact")
        return self._draft.organization(place, _label(organization.get("Name")), self._draft.link(place, site))

    def _work(self, place: str, entry: dict[str, Any]) -> None:
        start, end = self._period(place, entry.get("Period"))
        position = _label(entry.get("Position"))
        kind = folded(_label(_dict(entry.get("Employer")).get("Sector")))
        self._draft.activity(
            place,
            position,
            terms.SPHERE_VOLUNTEERING if kind in _VOLUNTEER else terms.SPHERE_EMPLOYMENT,
            organization=self._organization(place, entry.get("Employer")),
            start=start,
            end=end,
            role=position,
            location=_town(entry.get("Employer")),
            description=plain(_label(entry.get("Activities"))),
        )

    def _education(self, place: str, entry: dict[str, Any]) -> None:
        start, end = self._period(place, entry.get("Period"))
        level, field = _label(entry.get("Level")), _label(entry.get("Field"))
        said = [plain(_label(entry.get("Activities"))), *(text for text in (level, field) if text)]
        self._draft.activity(
            place,
            _label(entry.get("Title")),
            terms.SPHERE_TRAINING,
            organization=self._organization(place, entry.get("Organisation")),
            start=start,
            end=end,
            location=_town(entry.get("Organisation")),
            description="\n".join(text for text in said if text),
        )

    def _skills(self, skills: dict[str, Any]) -> None:
        spoken = _dict(skills.get("Linguistic"))
        for place, entry in self._items(spoken, "MotherTongue", "/LearnerInfo/Skills/Linguistic"):
            node = self._draft.skill(place, _label(entry.get("Description")), is_language=True)
            self._draft.assess(place, node, MOTHER_TONGUE)
        for place, entry in self._items(spoken, "ForeignLanguage", "/LearnerInfo/Skills/Linguistic"):
            self._language(place, entry)
        for key in _TEXTS:
            said = plain(_label(_dict(skills.get(key)).get("Description")))
            if said:
                self._described(f"{self._root}/LearnerInfo/Skills/{key}", said)
        computer = _dict(skills.get("Computer"))
        at = f"{self._root}/LearnerInfo/Skills/Computer"
        levels = _dict(computer.get("ProficiencyLevel"))
        if levels:
            node = self._draft.skill(f"{at}/ProficiencyLevel", _WORDS[self._is_french][0])
            self._draft.assess(f"{at}/ProficiencyLevel", node, cefr((k, _label(v)) for k, v in levels.items()))
        self._certificates(at, computer, [])
        driving = _dict(skills.get("Driving")).get("Description")
        licences = _dict(driving).get("Licence", driving)
        for number, licence in enumerate(licences if isinstance(licences, list) else [licences] if licences else []):
            place = f"{self._root}/LearnerInfo/Skills/Driving/{number}"
            self._draft.evidence(place, f"{_WORDS[self._is_french][1]} {_label(licence)}".strip())

    def _described(self, place: str, said: str) -> None:
        """A line of its own is a skill of its own; running text is one skill, with the text kept whole."""
        lines = [line.lstrip("-•* ").strip() for line in said.splitlines() if line.strip("-•* ")]
        for line in lines:
            if len(line) <= _SHORTEST_SENTENCE:
                self._draft.skill(place, line)
            else:
                node = self._draft.skill(place, line[: _SHORTEST_SENTENCE - 1].rpartition(" ")[0] + "…")
                if node is not None:
                    self._draft.say_text(
                        "skills", node, terms.DCTERMS_DESCRIPTION, self._draft.text(place, line, 10_000)
                    )

    def _language(self, place: str, entry: dict[str, Any]) -> None:
        node = self._draft.skill(place, _label(entry.get("Description")), is_language=True)
        levels = _dict(entry.get("ProficiencyLevel"))
        self._draft.assess(place, node, cefr(levels.items()))
        self._certificates(place, entry, [node])

    def _certificates(self, place: str, entry: dict[str, Any], about: list[URIRef | None]) -> None:
        verified = entry.get("VerifiedBy")
        certificates = _dict(verified).get("Certificate", verified) if isinstance(verified, dict) else verified
        for number, one in enumerate(
            certificates if isinstance(certificates, list) else [certificates] if certificates else []
        ):
            at = f"{place}/Certificate/{number}"
            said = _dict(one)
            self._draft.evidence(
                at,
                _label(said.get("Title")),
                publisher=_label(_dict(said.get("AwardingBody")).get("Name") or said.get("AwardingBody")),
                on=self._date(f"{at}/Date", said.get("Date")),
                about=about,
            )

    def _achievement(self, place: str, entry: dict[str, Any]) -> None:
        title, said = _label(entry.get("Title")), plain(_label(entry.get("Description")))
        sphere = _SPHERES.get(_code(entry.get("Title")))
        if said and _code(entry.get("Title")):
            # The title is the heading of the section, the same for each entry: the first line says which one it is.
            heading, title = title, _first_line(said)
            said = "" if said == title else said
            detail = heading
        else:
            title, detail = title or _first_line(said), ""
        if sphere is None:
            self._draft.evidence(place, title, description=said, detail=detail, key=("achievement", title, detail))
        else:
            self._draft.activity(place, title, sphere, description=said, detail=detail)


_SHORTEST_SENTENCE: Final = 100
#: What has no words of its own in the file, in its language: English, French.
_WORDS: Final = (("Digital skills", "Driving licence"), ("Compétences numériques", "Permis de conduire"))


def _first_line(text: str) -> str:
    line = next((one.lstrip("-•* ").strip() for one in text.splitlines() if one.strip("-•* ")), "")
    return line if len(line) <= _SHORTEST_SENTENCE else line[: _SHORTEST_SENTENCE - 1].rpartition(" ")[0] + "…"


def cefr(levels: Iterable[tuple[str, Any]]) -> str:
    """The five sides of a language in one line: "B2" when all agree, else each by its name."""
    said = {str(key): str(value).strip() for key, value in levels if str(value or "").strip()}
    values = set(said.values())
    if len(values) == 1 and len(said) > 1:
        return values.pop()
    return ", ".join(f"{key} {value}" for key, value in said.items())


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _label(value: Any) -> str:
    """A text, or the label of a code."""
    if isinstance(value, dict):
        return _label(value.get("Label") or value.get("Description") or value.get("Code"))
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _code(value: Any) -> str:
    return str(value.get("Code") or "") if isinstance(value, dict) else ""


def _town(organization: Any) -> str:
    contact = _dict(_dict(_dict(_dict(organization).get("ContactInfo")).get("Address")).get("Contact"))
    return ", ".join(text for text in (_label(contact.get("Municipality")), _label(contact.get("Country"))) if text)
