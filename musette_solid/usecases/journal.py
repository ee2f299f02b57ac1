"""Write in the journal, one document a year; look back in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rdflib import URIRef

from musette_solid.model import activity as activities_model
from musette_solid.model import journal as journal_model
from musette_solid.model import people as people_model
from musette_solid.model import skill as skills_model
from musette_solid.model.activity import Activity
from musette_solid.model.intent import Change
from musette_solid.model.journal import Reflection
from musette_solid.model.people import Person
from musette_solid.model.skill import Skill
from musette_solid.model.validation import Finding, Unfit
from musette_solid.pod import containers
from musette_solid.rdf import names, syntax, terms
from musette_solid.rdf.delta import Delta
from musette_solid.usecases.documents import read_documents, said_of, without
from musette_solid.usecases.intents import carry_out
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.log_activity import Texts
from musette_solid.usecases.take_out import Removed, remove
from musette_solid.usecases.write_thing import add, made, replaced, seen_as


@dataclass(frozen=True)
class Journal:
    """Reflections of the years that were read, newest first; `years` are all there are; the rest to name things by."""

    reflections: tuple[Reflection, ...]
    years: tuple[int, ...]
    activities: tuple[Activity, ...]
    skills: tuple[Skill, ...]
    people: tuple[Person, ...]
    unreadable: tuple[str, ...]

    @property
    def called(self) -> tuple[tuple[str, str], ...]:
        """What may be spoken of: IRI and name."""
        return (
            *((a.iri, a.title) for a in self.activities),
            *((s.iri, s.label) for s in self.skills),
            *((p.iri, p.name) for p in self.people),
        )


def read_journal(bag: Bag, years: tuple[int, ...] | None = None) -> Journal:
    """`years`: those to read; None for all."""
    layout = bag.layout
    things = (layout.activities, layout.skills, layout.people)
    asked = tuple(layout.journal(year) for year in years or ())
    whole = (*things, *asked)
    readers = (*(syntax.parse for _ in whole), containers.listing)
    documents = read_documents(bag, (*whole, layout.journals), readers=readers)
    members = documents.said(layout.journals, containers.listing)
    listed = sorted((int(names.local(m.iri)[:4]) for m in members if layout.is_journal(m.iri)), reverse=True)
    unreadable = documents.unreadable
    inside = documents
    if years is None:
        asked = tuple(layout.journal(year) for year in listed)
        inside = read_documents(bag, asked)
        unreadable += inside.unreadable
    graphs = [inside.graph(iri) for iri in asked]
    found = [one for graph in graphs for one in journal_model.read(graph)]
    return Journal(
        tuple(sorted(found, key=journal_model.newest)),
        tuple(listed),
        activities_model.read(documents.graph(layout.activities)),
        skills_model.read(documents.graph(layout.skills)),
        people_model.read(documents.graph(layout.people)),
        unreadable,
    )


def chosen_notes(bag: Bag, iris: Sequence[str]) -> tuple[Reflection, ...]:
    """Those notes, newest first; their years are read and no others. What is no note of the journal is left out."""
    years = sorted({year for iri in iris if bag.layout.is_journal(year := names.document(iri))})
    documents = read_documents(bag, years)
    found = [one for year in years for one in journal_model.notes(journal_model.read(documents.graph(year)))]
    return tuple(sorted((one for one in found if one.iri in set(iris)), key=journal_model.newest))


def write_reflection(bag: Bag, texts: Texts, now: datetime, *, today: date | None = None) -> str:
    """One request; its IRI. Without a day, today. Raises Unfit; then nothing was written."""
    today = today or now.date()
    texts = dict(texts) | ({} if _said(texts, "date") else {"date": [today.isoformat()]})
    _not_ahead(texts, today)
    day = _day(texts) or today
    return add(bag, terms.ReflectionShape, f"{bag.layout.journal(day.year)}#{names.fragment('r', day)}", texts, now)


def correct_reflection(bag: Bag, iri: str, texts: Texts, now: datetime, seen: str) -> str:
    """Its IRI, which is another one when the day is of another year: it moves there, whole or not at all."""
    _not_ahead(texts, now.date())
    base = seen_as(bag, iri, seen)
    day = _day(texts)
    if day is None or bag.layout.journal(day.year) == names.document(iri):
        change = replaced(base.graph, terms.ReflectionShape, iri, texts, now)
        carry_out(bag, terms.OPERATION_CORRECT, [Change(base.iri, change)], now, [base])
        return iri
    target = f"{bag.layout.journal(day.year)}#{names.local(iri)}"
    new = frozenset(made(terms.ReflectionShape, target, texts, now))
    managed = {path for _, path, _ in new} | {terms.ABOUT, terms.WITH, terms.FEELING}
    kept = frozenset((URIRef(target), p, o) for _, p, o in said_of(base.graph, iri) if p not in managed)
    changes = [
        Change(names.document(target), Delta(into=new | kept)),
        Change(base.iri, without(base.graph, [iri], now)),
    ]
    carry_out(bag, terms.OPERATION_MOVE, changes, now, [base])
    return target


def remove_reflection(bag: Bag, iri: str) -> Removed:
    return remove(bag, names.document(iri), frozenset({iri}))


def _said(texts: Texts, name: str) -> str:
    return next((text.strip() for text in texts.get(name, ()) if text.strip()), "")


def _day(texts: Texts) -> date | None:
    try:
        return date.fromisoformat(_said(texts, "date"))
    except ValueError:
        return None


def _not_ahead(texts: Texts, today: date) -> None:
    """A journal looks back. Raises Unfit for an empty entry and for a day ahead."""
    findings = []
    if not _said(texts, "description"):
        findings.append(
            _finding(
                terms.DCTERMS_DESCRIPTION,
                "Write at least one word: an empty entry says nothing.",
                "Écrivez au moins un mot\u00a0: une note vide ne dit rien.",
            )
        )
    day = _day(texts)
    if day is not None and day > today:
        findings.append(
            _finding(
                terms.DCTERMS_DATE,
                "This day is still ahead: a journal looks back. For what is ahead, note a goal.",
                "Ce jour est encore à venir\u00a0: un journal regarde en arrière. Pour ce qui vient, notez un objectif.",
            )
        )
    if findings:
        raise Unfit(findings=findings)


def _finding(path: URIRef, en: str, fr: str) -> Finding:
    said = {"en": en, "fr": fr}
    return Finding("", str(path), None, "violation", said, said)
