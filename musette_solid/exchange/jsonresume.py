"""JSON Resume (jsonresume.org, 1.x and what was written before 1.0) to activities, skills and evidence.

What is about the person or about somebody else is not taken over; it is listed with its place in the file, like
everything else that finds none. Nothing is guessed: a date that is none is left out, a level that is not ours is kept
in its own words.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from musette_solid.errors import N_
from musette_solid.exchange import jsonresume_accounts
from musette_solid.exchange.draft import Draft
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.jsonresume_entry import ENDS_BEFORE, FREELANCE, NO_TITLE, Entry, items
from musette_solid.exchange.jsonresume_writing import write
from musette_solid.exchange.losses import Imported, Loss
from musette_solid.exchange.strict_json import parse, pointer
from musette_solid.model import dates
from musette_solid.model.dates import PartialDate
from musette_solid.model.skill import LANGUAGE
from musette_solid.model.words import folded, words
from musette_solid.rdf import names, syntax, terms

__all__ = ["Imported", "Loss", "UnreadableFile", "read", "write"]

SECTIONS: Final = (
    *("basics", "work", "volunteer", "education", "awards", "certificates", "publications", "skills", "languages"),
    *("interests", "references", "projects"),
)

_ABOUT_THE_PERSON = N_("this is about who you are, not about what you did")
_ABOUT_SOMEBODY_ELSE = N_("these are the name and the words of somebody else")
_NO_PLACE = N_("there is no place for it in your bag yet")
_NOT_A_SECTION = N_("this is not a list, so it was not read")
_OTHER_ADDRESS = N_("this organisation already has another address in the file")

_EXPECTED = N_("a JSON Resume: an object with “work”, “education”, “skills” or another of its sections")
_NOT_SO_MANY = N_("at most 2000 entries in a section")
_NOT_SO_MUCH = N_("the life of one person (this file says more than 60000 things)")
_MORE = N_("%(value)s more details are not listed")
MOST_ENTRIES: Final = 2000
#: More than a document of the bag should hold: somebody made this file to see what happens.
MOST_TRIPLES: Final = 60_000
_MOST_LOSSES: Final = 1000
_LONGEST_LABEL: Final = 6  # words

#: Their words, folded, and the step of our scale that says the same.
LEVELS: Final = {
    word: level
    for level, written in (
        (terms.LEVEL_DISCOVERING, "beginner, basic, basics, novice, entry level, debutant, debutante, notions, bases"),
        (terms.LEVEL_ASSISTED, "elementary, elementaire"),
        (terms.LEVEL_AUTONOMOUS, "intermediate, intermediaire, autonomous, autonome"),
        (terms.LEVEL_ADAPTING, "advanced, avance, avancee, confirme, confirmee"),
        (terms.LEVEL_PASSING_ON, "expert, experte, master, mastery, maitrise"),
    )
    for word in written.split(", ")
}

_TYPES: Final = {
    **dict.fromkeys(("volunteering", "volunteer", "benevolat", "benevole", "pro bono"), terms.SPHERE_VOLUNTEERING),
    **dict.fromkeys(("employment", "work", "job", "professional", "emploi", "professionnel"), terms.SPHERE_EMPLOYMENT),
    **dict.fromkeys(("freelance", "self employment"), terms.SPHERE_SELF_EMPLOYMENT),
}


def read(
    data: bytes,
    *,
    activities: str,
    skills: str,
    owner: str,
    run: str,
    now: datetime,
    name: Callable[[str, date | None], str] = names.fragment,
    file: str = "",
) -> Imported:
    """Two graphs, for the documents `activities` and `skills`; every node says that `run` made it.

    `name` gives a new fragment for a kind of thing. Levels are attributed to `owner`, on the day the file was last
    modified, else today. Raises UnreadableFile.
    """
    resume = parse(data, file)
    if not isinstance(resume, dict):
        raise UnreadableFile(file=file, expected=_EXPECTED, row=1, column=1)
    known = [key for key in SECTIONS if isinstance(resume.get(key), dict if key == "basics" else list)]
    if not known:
        raise UnreadableFile(file=file, expected=_EXPECTED, pointer="/")
    for key in known:
        if len(resume[key]) > MOST_ENTRIES:
            raise UnreadableFile(file=file, expected=_NOT_SO_MANY, pointer=pointer(key))
    return _Reading(activities, skills, owner, run, now, name, file).of(resume)


def into(data: bytes, draft: Draft) -> None:
    """The same, as every other format is read: each thing with its place in the file, under a name that never changes."""
    counts: dict[str, int] = {}

    def name(kind: str, day: date | None) -> str:
        counts[kind] = counts.get(kind, 0) + 1
        return names.derived(kind, day, draft.bag.owner, draft.digest, str(counts[kind]))

    bag = draft.bag
    imported = read(
        data,
        activities=bag.document("activities"),
        skills=bag.document("skills"),
        owner=bag.owner,
        run=bag.run,
        now=bag.now,
        name=name,
        file=draft.file,
    )
    draft.graphs = {"activities": imported.activities, "skills": imported.skills}
    for node, place in imported.places.items():
        document = "activities" if node.startswith(bag.document("activities")) else "skills"
        graph = draft.graphs[document]
        kinds = {one for one in graph.objects(node, terms.RDF_TYPE) if isinstance(one, URIRef)}
        kind = next((one for one in _SHOWN if one in kinds), None)
        draft.from_place(document, node, kind or terms.Evidence, place)
        label = next((str(one) for path in _LABELS if (one := graph.value(node, path)) is not None), "")
        if kind is not None:
            draft.line(node, _SHOWN[kind], label, place)
    for loss in imported.losses:
        if loss.place != jsonresume_accounts.PROFILES:  # each of them is looked at by itself
            draft.lose(loss.place, loss.reason, loss.value)
    jsonresume_accounts.into(parse(data, draft.file), draft)


_SHOWN: Final = {terms.Activity: "activity", terms.Skill: "skill", terms.Evidence: "evidence"}
_LABELS: Final = (terms.DCTERMS_TITLE, terms.SKOS_PREF_LABEL)


class _Reading:
    def __init__(
        self,
        activities: str,
        skills: str,
        owner: str,
        run: str,
        now: datetime,
        name: Callable[[str, date | None], str],
        file: str,
    ) -> None:
        self._file, self._said = file, 0
        self._documents = {"activities": activities, "skills": skills}
        self._graphs = {"activities": syntax.empty(), "skills": syntax.empty()}
        self._owner, self._run, self._now, self._name = URIRef(owner), URIRef(run), now, name
        self._assessed_on = now.date()
        self._losses: list[Loss] = []
        self._organizations: dict[str, URIRef] = {}
        self._spheres: dict[str, URIRef] = {}
        self._skills: dict[str, URIRef] = {}
        self._broader: dict[URIRef, list[URIRef]] = {}
        self._evidence: list[tuple[str, URIRef]] = []
        self._told: list[tuple[tuple[str, ...], URIRef]] = []
        self._place = "/"
        self._places: dict[URIRef, str] = {}

    def of(self, resume: dict[str, Any]) -> Imported:
        self._meta(resume.get("meta"))
        sections: dict[str, Callable[[Entry], None]] = {
            "work": self._work,
            "volunteer": self._volunteer,
            "education": self._education,
            "skills": self._skill_entry,
            "languages": self._language,
            "projects": self._project,
            "certificates": self._certificate,
            "awards": self._award,
            "publications": self._publication,
        }
        for section, take in sections.items():
            for entry in self._entries(resume, section):
                self._place = entry.place
                take(entry)
                entry.report_the_rest()
        for narrower, broader in _without_circles(self._broader):
            self._say("skills", narrower, terms.SKOS_BROADER, broader)
        self._link_evidence()
        self._link_activities()
        self._left_aside(resume)
        for key in resume.keys() - {*SECTIONS, "$schema", "meta"}:
            if resume[key] not in (None, "", [], {}):
                self._losses.append(Loss.of(pointer(key), _NO_PLACE, key))
        return Imported(
            self._graphs["activities"],
            self._graphs["skills"],
            self._named_losses(),
            self._counts(),
            self._places,
        )

    def _named_losses(self) -> tuple[Loss, ...]:
        found = sorted(self._losses[: 10 * _MOST_LOSSES], key=_by_place)[:_MOST_LOSSES]
        left = len(self._losses) - len(found)
        return (*found, Loss.of("/", _MORE, left)) if left else tuple(found)

    def _entries(self, resume: dict[str, Any], section: str) -> Iterable[Entry]:
        value = resume.get(section)
        if value is None:
            return
        if not isinstance(value, list):
            if value not in ("", {}):
                self._losses.append(Loss.of(pointer(section), _NOT_A_SECTION))
            return
        # A skill, a language or an award is often just written as a text.
        short = {"languages": "language", "awards": "title"}.get(section, "name")
        yield from items(value, pointer(section), short, self._losses)

    def _meta(self, meta: Any) -> None:
        """Only the day of the last change: the rest of `meta` is about the file."""
        said = meta.get("lastModified") if isinstance(meta, dict) else None
        if not isinstance(said, str) or not said.strip():
            return
        try:
            modified = datetime.fromisoformat(said.strip()).date()
        except ValueError:
            self._losses.append(Loss.of(pointer("meta", "lastModified"), N_("“%(value)s” is not a date"), said))
        else:
            self._assessed_on = min(modified, self._now.date())

    def _left_aside(self, resume: dict[str, Any]) -> None:
        basics = resume.get("basics")
        for key, value in basics.items() if isinstance(basics, dict) else ():
            if value not in (None, "", [], {}):
                self._losses.append(Loss.of(pointer("basics", key), _ABOUT_THE_PERSON))
        for section, reason in (("references", _ABOUT_SOMEBODY_ELSE), ("interests", _NO_PLACE)):
            value = resume.get(section)
            for number, entry in enumerate(value if isinstance(value, list) else ()):
                called = entry.get("name") if isinstance(entry, dict) and section == "interests" else ""
                self._losses.append(Loss.of(pointer(section, number), reason, called or ""))

    # Activities

    def _work(self, entry: Entry) -> None:
        employer = entry.text("name", "company")
        position = entry.text("position")
        sphere = terms.SPHERE_SELF_EMPLOYMENT if folded(employer or "") in FREELANCE else terms.SPHERE_EMPLOYMENT
        self._activity(
            entry,
            sphere,
            title=position or employer,
            role=position,
            organization=self._organization(entry, employer, sphere, entry.long_text("description")),
            description=entry.long_text("summary"),
        )

    def _volunteer(self, entry: Entry) -> None:
        organization = entry.text("organization", "company", "name")
        position = entry.text("position")
        self._activity(
            entry,
            terms.SPHERE_VOLUNTEERING,
            title=position or organization,
            role=position,
            organization=self._organization(entry, organization, terms.SPHERE_VOLUNTEERING),
            description=entry.long_text("summary"),
        )

    def _education(self, entry: Entry) -> None:
        institution = entry.text("institution", "organization", "name")
        title = ", ".join(text for text in (entry.text("studyType"), entry.text("area")) if text)
        score = entry.text("score", "gpa")
        organization = self._organization(entry, institution, terms.SPHERE_TRAINING)
        dated = list(items(entry.list_of("courses"), f"{entry.place}/courses", "name", self._losses))
        lessons = [course for course in dated if course.has("startDate", "endDate", "date")]
        node = self._activity(
            entry,
            terms.SPHERE_TRAINING,
            title=title or institution,
            organization=organization,
            description=f"Score: {score}" if score else None,
            achievements=[text for course in dated if course not in lessons and (text := course.text("name", "title"))],
        )
        for course in lessons if node else ():
            self._place = course.place
            self._course(course, node, organization)
        for course in dated:
            course.report_the_rest()

    def _course(self, course: Entry, part_of: URIRef | None, organization: URIRef | None) -> None:
        day = course.date("date")
        node = self._activity(
            course,
            terms.SPHERE_TRAINING,
            title=course.text("name", "title"),
            organization=organization,
            start=day,
            end=day,
        )
        if node and part_of:
            self._say("activities", node, terms.DCTERMS_IS_PART_OF, part_of)

    def _project(self, entry: Entry) -> None:
        title = entry.text("name", "title")
        entity = entry.text("entity")
        said = entry.text("type")
        sphere = (
            _TYPES.get(folded(said or "")) or self._spheres.get(folded(entity or "")) or terms.SPHERE_PERSONAL_PROJECT
        )
        if said and sphere == terms.SPHERE_PERSONAL_PROJECT:
            self._losses.append(Loss.of(f"{entry.place}/type", _NO_PLACE, said))
        url = entry.link("url", "website")
        node = self._activity(
            entry,
            sphere,
            title=title,
            role=", ".join(entry.texts("roles", 200)) or None,
            organization=self._organization(entry, entity, None),
            description=entry.long_text("description", "summary"),
        )
        if node is None:
            return
        if url:
            proof = self._node("activities", "e", terms.Evidence)
            self._text("activities", proof, terms.DCTERMS_TITLE, title)
            self._say("activities", proof, terms.SCHEMA_URL, URIRef(url))
            self._say("activities", node, terms.EVIDENCE, proof)
        for keyword in entry.texts("keywords", 200):
            self._say("activities", node, terms.MOBILISES, self._skill(keyword))

    def _activity(
        self,
        entry: Entry,
        sphere: URIRef,
        *,
        title: str | None,
        organization: URIRef | None,
        role: str | None = None,
        description: str | None = None,
        achievements: Iterable[str] = (),
        start: PartialDate | None = None,
        end: PartialDate | None = None,
    ) -> URIRef | None:
        start = start or entry.date("startDate")
        end = end or entry.end_date("endDate")
        if start and end and end.last() < start.first():
            entry.lose(ENDS_BEFORE, f"{end.text} < {start.text}")
            end = None
        if title is None:
            entry.lose(NO_TITLE)
            return None
        graph = "activities"
        node = self._node(graph, "a", terms.Activity, start.first() if start else None)
        self._text(graph, node, terms.DCTERMS_TITLE, title)
        self._say(graph, node, terms.SPHERE, sphere)
        for path, said in ((terms.SCHEMA_START_DATE, start), (terms.SCHEMA_END_DATE, end)):
            if said:
                self._say(graph, node, path, said.literal())
        if organization:
            self._say(graph, node, terms.ORG_ORGANIZATION, organization)
        self._text(graph, node, terms.SCHEMA_ROLE_NAME, role)
        self._text(graph, node, terms.SCHEMA_LOCATION, entry.place_name("location"))
        self._text(graph, node, terms.DCTERMS_DESCRIPTION, description)
        achieved = (*achievements, *entry.texts("highlights", 1000))
        for achievement in achieved:
            self._text(graph, node, terms.ACHIEVEMENT, achievement)
        self._told.append((tuple(filter(None, (role, description, *achieved))), node))
        self._say(graph, node, terms.DCTERMS_CREATED, dates.moment(self._now))
        return node

    def _organization(
        self, entry: Entry, name: str | None, sphere: URIRef | None, description: str | None = None
    ) -> URIRef | None:
        """One node an organisation, whatever the number of roles in it."""
        url = entry.link("url", "website") if sphere else None
        if name is None:
            for path, value in (("url", url), ("description", description)):
                if value:
                    self._losses.append(Loss.of(f"{entry.place}/{path}", NO_TITLE, value))
            return None
        key = folded(name) or name
        if key not in self._organizations:
            node = self._organizations[key] = self._node("activities", "o", terms.ORG_ORGANIZATION_CLASS)
            self._text("activities", node, terms.FOAF_NAME, name)
        node = self._organizations[key]
        if sphere:
            self._spheres.setdefault(key, sphere)
        graph = self._graphs["activities"]
        known = graph.value(node, terms.SCHEMA_URL)
        if url and known is None:
            self._say("activities", node, terms.SCHEMA_URL, URIRef(url))
        elif url and str(known) != url:
            self._losses.append(Loss.of(f"{entry.place}/url", _OTHER_ADDRESS, url))
        said = graph.value(node, terms.DCTERMS_DESCRIPTION)
        if description and said is None:
            self._text("activities", node, terms.DCTERMS_DESCRIPTION, description)
        elif description and str(said) != description:
            self._losses.append(Loss.of(f"{entry.place}/description", _NO_PLACE, description))
        return node

    # Skills

    def _skill_entry(self, entry: Entry) -> None:
        label = entry.text("name", "skill")
        level = entry.text("level")
        keywords = entry.texts("keywords", 200)
        if label is None:
            # Keywords without a heading are skills of their own.
            for keyword in keywords:
                self._skill(keyword)
            if not keywords or level:
                entry.lose(NO_TITLE)
            return
        node = self._skill(label)
        self._assess(node, level)
        for keyword in keywords:
            self._skill(keyword, broader=node)

    def _language(self, entry: Entry) -> None:
        label = entry.text("language", "name")
        fluency = entry.text("fluency", "level")
        if label is None:
            entry.lose(NO_TITLE)
            return
        node = self._skill(label)
        self._say("skills", node, terms.RDF_TYPE, LANGUAGE)
        self._assess(node, fluency, is_language=True)

    def _skill(self, label: str, broader: URIRef | None = None) -> URIRef:
        key = folded(label) or label
        if key not in self._skills:
            node = self._skills[key] = self._node("skills", "s", terms.Skill)
            self._text("skills", node, terms.SKOS_PREF_LABEL, label)
            self._say("skills", node, terms.DCTERMS_CREATED, dates.moment(self._now))
        node = self._skills[key]
        if broader is not None:
            self._broader.setdefault(node, []).append(broader)
        return node

    def _assess(self, skill: URIRef, stated: str | None, *, is_language: bool = False) -> None:
        if stated is None:
            return
        node = self._node("skills", "m", terms.Assessment, self._assessed_on)
        self._say("skills", node, terms.SKILL, skill)
        # "Elementary" in a language is a step of another scale: it stays in its words.
        level = None if is_language else LEVELS.get(folded(stated))
        if level:
            self._say("skills", node, terms.LEVEL, level)
        self._text("skills", node, terms.LEVEL_AS_STATED, stated)
        self._say("skills", node, terms.DCTERMS_DATE, dates.day(self._assessed_on))
        self._say("skills", node, terms.PROV_WAS_ATTRIBUTED_TO, self._owner)

    # Evidence

    def _certificate(self, entry: Entry) -> None:
        self._proof(entry, entry.text("name", "title"), entry.text("issuer", "authority"), entry.date("date"))

    def _award(self, entry: Entry) -> None:
        self._proof(entry, entry.text("title", "name"), entry.text("awarder", "issuer"), entry.date("date"))

    def _publication(self, entry: Entry) -> None:
        self._proof(entry, entry.text("name", "title"), entry.text("publisher"), entry.date("releaseDate", "date"))

    def _proof(self, entry: Entry, title: str | None, publisher: str | None, day: PartialDate | None) -> None:
        url = entry.link("url", "website")
        summary = entry.long_text("summary", "description")
        if title is None:
            entry.lose(NO_TITLE)
            return
        node = self._node("skills", "e", terms.Evidence, day.first() if day else None)
        self._text("skills", node, terms.DCTERMS_TITLE, title)
        self._text("skills", node, terms.DCTERMS_PUBLISHER, publisher)
        self._text("skills", node, terms.DCTERMS_DESCRIPTION, summary)
        if url:
            self._say("skills", node, terms.SCHEMA_URL, URIRef(url))
        if day:
            self._say("skills", node, terms.DCTERMS_DATE, day.literal())
        self._evidence.append((title, node))

    def _link_evidence(self) -> None:
        """A certificate proves a skill only when it says the same words: "Tableau Desktop Specialist" and "Tableau"."""
        for title, proof in self._evidence:
            for skill in self._named_in(title):
                self._say("skills", skill, terms.EVIDENCE, proof)

    def _link_activities(self) -> None:
        """An activity mobilises a skill of the file that it names: "Wrote SQL models in dbt" and "SQL"."""
        for told, activity in self._told:
            for skill in dict.fromkeys(skill for text in told for skill in self._named_in(text)):
                self._say("activities", activity, terms.MOBILISES, skill)

    def _named_in(self, text: str) -> Iterator[URIRef]:
        """The skills that these words name in full."""
        said = words(text)
        for start in range(len(said)):
            for end in range(start + 1, min(start + _LONGEST_LABEL, len(said)) + 1):
                label = " ".join(said[start:end])
                # One or two letters say nothing: "R", "Go", "C".
                if len(label) >= 3 and label in self._skills:
                    yield self._skills[label]

    # Graphs

    def _node(self, graph: str, kind: str, type_: URIRef, day: date | None = None) -> URIRef:
        node = URIRef(f"{self._documents[graph]}#{self._name(kind, day)}")
        self._places[node] = self._place
        self._say(graph, node, terms.RDF_TYPE, type_)
        self._say(graph, node, terms.DCTERMS_SOURCE, self._run)
        return node

    def _text(self, graph: str, node: URIRef, path: URIRef, text: str | None) -> None:
        if text:
            self._say(graph, node, path, Literal(text))

    def _say(self, graph: str, subject: Node, path: Node, value: Node) -> None:
        self._said += 1
        if self._said > MOST_TRIPLES:
            raise UnreadableFile(file=self._file, expected=_NOT_SO_MUCH)
        self._graphs[graph].add((subject, path, value))

    def _counts(self) -> dict[str, int]:
        def count(graph: Graph, kind: URIRef) -> int:
            return sum(1 for _ in graph.subjects(terms.RDF_TYPE, kind))

        activities, skills = self._graphs["activities"], self._graphs["skills"]
        return {
            "activities": count(activities, terms.Activity),
            "organizations": count(activities, terms.ORG_ORGANIZATION_CLASS),
            "skills": count(skills, terms.Skill),
            "assessments": count(skills, terms.Assessment),
            "evidence": count(activities, terms.Evidence) + count(skills, terms.Evidence),
        }


def _without_circles(broader: Mapping[URIRef, Sequence[URIRef]]) -> Iterator[tuple[URIRef, URIRef]]:
    """Narrower and broader, but for the links that would make a skill broader than itself."""
    is_open: dict[URIRef, bool] = {}
    for first in broader:
        if first in is_open:
            continue
        is_open[first] = True
        path = [(first, iter(broader[first]))]
        while path:
            node, rest = path[-1]
            above = next((one for one in rest if not is_open.get(one)), None)
            if above is None:
                is_open[node] = False
                path.pop()
                continue
            yield node, above
            if above not in is_open:
                is_open[above] = True
                path.append((above, iter(broader.get(above, ()))))


def _by_place(loss: Loss) -> tuple[object, ...]:
    """The order of a reader: /skills/2 before /skills/10."""
    return tuple((0, int(step), "") if step.isdigit() else (1, 0, step) for step in re.split("/", loss.place))
