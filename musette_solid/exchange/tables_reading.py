"""Any table, once somebody said what its columns mean; a first guess is made from their names, and a mapping can be kept.

A mapping is a JSON file: `{"format": "musette-mapping/1", "columns": {"Intitulé": "title", "Début": "start"}, "sphere":
"volunteering", "days": "first"}`. `columns` maps a column to a field of FIELDS, or to "" to leave it out; `sphere` is for the
rows that do not say theirs; `days`: "first" when 3/4/2024 is in April, "last" when it is in March. Our own tables need none.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from rdflib import URIRef

from musette_solid.errors import N_
from musette_solid.exchange import loose_dates, sheets, strict_json
from musette_solid.exchange.draft import Draft
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.jsonresume import LEVELS
from musette_solid.exchange.jsonresume_entry import END_NOT_A_DATE, NO_TITLE, NOT_A_DATE
from musette_solid.exchange.linkedin import MORE_CELLS, UNKNOWN_COLUMN
from musette_solid.exchange.rides import number
from musette_solid.exchange.sheets import Row
from musette_solid.exchange.source import Source
from musette_solid.model import labels
from musette_solid.model.dates import PartialDate
from musette_solid.model.words import folded
from musette_solid.rdf import terms

FORMAT: Final = "musette-mapping/1"
_EXPECTED: Final = N_("a mapping: an object with “columns”, each a column of the table and a field")
_NOTHING: Final = N_("a table whose columns say a title, a skill or a time: say what they mean (%(columns)s)")
_OTHER_SHEETS: Final = N_("%(value)s more sheets were left out: save each as a file of its own")
_NO_ACTIVITY: Final = N_("this time does not say what it was for")
_NO_TIME: Final = N_("“%(value)s” is no time between a minute and 24 hours")
_UNCLOSED: Final = N_("a quotation mark in this table is never closed: what follows it may have become one text")
_NO_SPHERE: Final = N_("“%(value)s” is none of the spheres: it went to the one of the mapping")

#: What a column may mean, and the names (folded) by which it is guessed; the first is ours.
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "title": (
        "title",
        "titre",
        "intitule",
        "activity",
        "activite",
        "name",
        "nom",
        "poste",
        "position",
        "job title",
        "mission",
        "intitule du poste",
        "titre du poste",
        "emploi",
        "metier",
        "titel",
        "stelle",
        "tatigkeit",
        "project",
        "projet",
        "task",
        "tache",
    ),
    "sphere": ("sphere", "type", "categorie", "category", "kind of activity"),
    "start": (
        *("start", "debut", "start date", "date de debut", "from", "du", "started on", "begin", "commence le"),
        *("debut le", "depuis", "beginn", "startdatum", "von", "gestartet am", "fecha de inicio"),
    ),
    "end": (
        *(
            "end",
            "fin",
            "end date",
            "date de fin",
            "to",
            "au",
            "finished on",
            "until",
            "termine le",
            "fin le",
            "jusqu au",
        ),
        *("ende", "enddatum", "bis", "beendet am", "fecha de fin"),
    ),
    "organisation": (
        *(
            "organisation",
            "organization",
            "company",
            "company name",
            "employeur",
            "employer",
            "entreprise",
            "structure",
        ),
        *("association", "client", "societe", "nom de l entreprise", "etablissement", "firma", "firmenname"),
        *("unternehmen", "arbeitgeber", "empresa"),
    ),
    "role": ("role", "fonction", "function"),
    "place": ("place", "lieu", "location", "ville", "city", "ort", "standort"),
    "weekly_hours": ("weekly hours", "heures par semaine", "heures hebdomadaires", "hours a week", "hours per week"),
    "description": (
        "description",
        "details",
        "notes",
        "note",
        "commentaire",
        "comment",
        "summary",
        "resume",
        "beschreibung",
        "descriptif",
    ),
    "achievements": ("achievements", "realisations", "resultats", "achievement"),
    "skills": ("skills", "competences", "kenntnisse"),
    "skill": ("skill", "competence"),
    "level": ("level", "niveau"),
    "date": ("date", "jour", "day", "le", "datum", "tag"),
    "minutes": ("minutes", "logged minutes", "duree en minutes", "min"),
    "hours": (
        "hours",
        "heures",
        "duree",
        "duration",
        "temps",
        "time",
        "nombre d heures",
        "temps passe",
        "stunden",
        "dauer",
        "duration decimal",
        "duration h",
    ),
    "url": ("url", "lien", "link", "site"),
}
#: Instead of a mapping: say what the columns are, and read nothing.
ASK: Final = "ask"
_SAMPLES: Final = 3
_MOST_TOLD: Final = 60  # more columns than anybody wants to be asked about
_KINDS: Final = frozenset({"title", "skill", "role", "organisation"})


class ColumnsUnknown(UnreadableFile):
    """A table whose columns say nothing by themselves: `header` and a few rows, to ask somebody what they mean."""

    def __init__(
        self, *, header: Sequence[str], samples: Sequence[Sequence[str]], expected: str = _NOTHING, **details: Any
    ) -> None:
        super().__init__(expected=expected, **details)
        self.header = tuple(header)
        self.samples = tuple(tuple(row) for row in samples)


def mapping_of(data: bytes, file: str = "") -> dict[str, str]:
    """A mapping file as `Source.mapping` wants it. Raises UnreadableFile."""
    said = strict_json.parse(data, file)
    columns = said.get("columns") if isinstance(said, dict) else None
    if not isinstance(said, dict) or not isinstance(columns, dict):
        raise UnreadableFile(file=file, expected=_EXPECTED, pointer="/columns")
    wrong = next((key for key, field in columns.items() if field not in {*FIELDS, ""}), None)
    if wrong is not None:
        raise UnreadableFile(file=file, expected=_EXPECTED, pointer=f"/columns/{wrong}")
    found = {f"column:{folded(key)}": str(field) for key, field in columns.items()}
    return found | {key: str(said[key]) for key in ("sphere", "days") if isinstance(said.get(key), str)}


def mapping_file(columns: Mapping[str, str], sphere: str = "", days: str = "") -> dict[str, Any]:
    """What to keep, so that the next table of this kind needs no questions."""
    said: dict[str, Any] = {"format": FORMAT, "columns": dict(columns)}
    return said | {key: value for key, value in (("sphere", sphere), ("days", days)) if value}


def guessed(header: tuple[str, ...], mapping: Mapping[str, str] | None = None) -> dict[str, str]:
    """Column (folded) to field: as the mapping says, else by its name; one column a field."""
    found: dict[str, str] = {}
    said = mapping or {}
    for column in map(folded, header):
        chosen = said.get(f"column:{column}")
        if chosen is not None:
            found[column] = chosen
    for field, names in FIELDS.items():
        if field in found.values():
            continue
        match = next((name for name in names if name in set(map(folded, header)) and name not in found), None)
        if match is not None and not (said and any(key.startswith("column:") for key in said)):
            found[match] = field
    # What tracks time says on which day it began, and how long it took.
    if not said and {"start", "hours"} <= set(found.values()) and _TRACKED & set(map(folded, header)):
        found = {column: "date" if field == "start" else field for column, field in found.items() if field != "end"}
    return found


_TRACKED: Final = frozenset({"start time", "heure de debut", "billable", "facturable", "project", "projet", "task"})


def is_table(header: tuple[frozenset[str], ...]) -> bool:
    """Whether some line looks like a header: at least two names in it."""
    return any(len(line) >= 2 for line in header)


def read(source: Source, draft: Draft) -> None:
    data, others = _of_workbook(source) if source.data[:4] == b"PK\x03\x04" else (source.data, 0)
    sheet = _sheet(data, source.name, source.mapping)
    columns = guessed(sheet.header, source.mapping)
    draft.header = sheet.header
    if not _KINDS & set(columns.values()) or ASK in source.mapping:
        if len(sheet.header) > _MOST_TOLD:
            raise UnreadableFile(file=source.name, expected=_NOTHING, row=1, column=1, columns=_shown(sheet.header))
        samples = [[row.text(folded(name)) for name in sheet.header] for row in islice(sheet.rows, _SAMPLES)]
        raise ColumnsUnknown(
            file=source.name, row=1, column=1, columns=_shown(sheet.header), header=sheet.header, samples=samples
        )
    if others:
        draft.lose("/", _OTHER_SHEETS, others)
    for name in sheet.header:
        if folded(name) and folded(name) not in columns and folded(name) not in _OUR_OWN:
            draft.lose("#row=1", UNKNOWN_COLUMN, name)
    fields = {field: column for column, field in columns.items() if field}
    days = source.mapping.get("days")
    day_first = days == "first" if days else _day_comes_first(data, source.name, sheet, fields)
    reading = _Reading(draft, fields, source.mapping, day_first=day_first)
    for row in sheet.rows:
        if row.extra:
            draft.lose(f"#row={row.number}", MORE_CELLS, ", ".join(row.extra))
        reading.row(f"#row={row.number}", row)
    reading.end()
    if data.count(b'"') % 2 and data[:2] != b"PK":
        draft.lose("/", _UNCLOSED)


def _shown(header: Sequence[str]) -> str:
    return ", ".join(name for name in header[:20] if name)


_NAMES: Final = frozenset(name for names in FIELDS.values() for name in names)


def _sheet(data: bytes, name: str, mapping: Mapping[str, str] | None = None) -> sheets.Sheet:
    """The table under whatever stands above it: its header is the first line with two names that we know, else with two cells."""
    known = _NAMES | {key.removeprefix("column:") for key in mapping or {} if key.startswith("column:")}
    for least in (lambda names: len(names & known) > 1, lambda names: len(names - {""}) > 1):
        try:
            return sheets.read(data, name, is_header=least)
        except sheets.NoHeader:
            continue
    return sheets.read(data, name)


def _day_comes_first(data: bytes, name: str, sheet: sheets.Sheet, fields: Mapping[str, str]) -> bool:
    """Whether 3/4/2020 is in April: as the other dates of the table say, else as its header's language has it."""
    columns = [fields[field] for field in ("start", "end", "date") if field in fields]
    header = frozenset(map(folded, sheet.header))
    again = sheets.read(data, name, is_header=lambda names: names == header)
    texts = (row.text(column) for row in again.rows for column in columns)
    said = loose_dates.day_comes_first(texts)
    if said is not None:
        return said
    return sheet.separator == ";" or not columns[:1] or columns[0] not in _ENGLISH


_ENGLISH: Final = frozenset(
    {"start", "start date", "end", "end date", "from", "to", "date", "day", "started on", "begin"}
)


#: Columns of our own tables that say again what others say, or name a thing of another bag.
_OUR_OWN: Final = frozenset(
    {"sphere iri", "level iri", "iri", "kind", "evidence", "level as stated", "assessed on", "assessed by"}
)


class _Reading:
    def __init__(
        self, draft: Draft, columns: Mapping[str, str], mapping: Mapping[str, str], *, day_first: bool
    ) -> None:
        self._draft, self._columns = draft, columns
        self._day_first = day_first
        self._sphere = sphere_of(mapping.get("sphere", "")) or terms.SPHERE_EMPLOYMENT
        self._times: dict[URIRef, list[int]] = {}
        self._titles: dict[str, URIRef] = {}
        self._is_time = bool({"minutes", "hours"} & set(columns)) and "date" in columns
        self._take: Callable[[str, Row], None] = (
            self._time if self._is_time else self._activity if "title" in columns or "role" in columns else self._skill
        )
        if "title" not in columns and "skill" not in columns and "organisation" in columns:
            self._take = self._time if self._is_time else self._activity

    def row(self, place: str, row: Row) -> None:
        if folded(row.text("kind")) == "skill":  # our own table of a dossier
            self._from_dossier(place, row)
            return
        self._take(place, row)

    def end(self) -> None:
        for node, (count, minutes) in self._times.items():
            self._draft.amend(node, f"{count} × · {minutes // 60} h {minutes % 60:02d}")

    def _text(self, row: Row, field: str) -> str:
        column = self._columns.get(field)
        text = row.text(column) if column else ""
        # The apostrophe that keeps a spreadsheet from calculating is no part of the text.
        return text[1:] if text[:1] == "'" and text[1:2] in "=+-@\t\r" and len(text) > 1 else text

    def _date(self, place: str, row: Row, field: str, reason: str = NOT_A_DATE) -> PartialDate | None:
        text = self._text(row, field)
        if not text or loose_dates.says_nothing(text) or (field == "end" and loose_dates.goes_on(text)):
            return None
        found = loose_dates.said(loose_dates.since(text), day_first=self._day_first)
        if found is None:
            self._draft.lose(place, reason, text)
        return found

    def _activity(self, place: str, row: Row) -> None:
        draft = self._draft
        organization = draft.organization(place, self._text(row, "organisation"))
        said = self._text(row, "sphere")
        sphere = sphere_of(said)
        if said and sphere is None:
            draft.lose(place, _NO_SPHERE, said)
        weekly = number(Row(row.number, {"h": self._text(row, "weekly_hours")}), place, draft, "h")
        node = draft.activity(
            place,
            self._text(row, "title"),
            sphere or self._sphere,
            organization=organization,
            start=self._date(place, row, "start") or self._date(place, row, "date"),
            end=self._date(place, row, "end", END_NOT_A_DATE),
            role=self._text(row, "role"),
            location=self._text(row, "place"),
            description=self._text(row, "description"),
            achievements=self._text(row, "achievements").splitlines(),
            weekly_hours=weekly if weekly and Decimal(0) < weekly <= 168 else None,
        )
        url = draft.link(place, self._text(row, "url"))
        if node is not None and url:
            draft.evidence(place, self._text(row, "title"), url=url, about=[node], document="activities")
        for label in self._text(row, "skills").replace(";", "\n").splitlines():
            skill = draft.skill(place, label)
            if node is not None and skill is not None:
                draft.say("activities", node, terms.MOBILISES, skill)

    def _skill(self, place: str, row: Row) -> None:
        node = self._draft.skill(place, self._text(row, "skill"))
        if node is None:
            self._draft.lose(place, NO_TITLE)
            return
        self._draft.say_text(
            "skills", node, terms.DCTERMS_DESCRIPTION, self._draft.text(place, self._text(row, "description"), 10_000)
        )
        self._level(place, node, self._text(row, "level"))

    def _level(self, place: str, node: URIRef, said: str) -> None:
        self._draft.assess(place, node, said, level=LEVELS.get(folded(said)) or level_of(said))

    def _from_dossier(self, place: str, row: Row) -> None:
        node = self._draft.skill(place, row.text("title"))
        if node is not None:
            self._level(place, node, row.text("level as stated", "level"))

    def _time(self, place: str, row: Row) -> None:
        on = self._date(place, row, "date")
        minutes = self._minutes(place, row)
        if on is None or not on.day or minutes is None:
            if on is not None and not on.day:
                self._draft.lose(place, NOT_A_DATE, on.text)
            return
        title = self._text(row, "title") or self._text(row, "organisation")
        if not title:
            self._draft.lose(place, _NO_ACTIVITY)
            return
        self._spent(place, title, on.first(), minutes, self._text(row, "description"))

    def _spent(self, place: str, title: str, on: date, minutes: int, description: str) -> None:
        key = folded(title) or title
        node = self._titles.get(key)
        if node is None:
            node = self._titles[key] = self._draft.node("mappings", "c", terms.Classification, ("calendar", key), place)
            self._draft.say_text("mappings", node, terms.DCTERMS_TITLE, self._draft.text(place, title))
            self._draft.line(node, "time", title, place)
            self._times[node] = [0, 0]
        self._draft.time(place, node, on, minutes, key=(minutes, description), description=description)
        self._times[node][0] += 1
        self._times[node][1] += minutes

    def _minutes(self, place: str, row: Row) -> int | None:
        said = self._text(row, "minutes") or self._text(row, "hours")
        if not said:
            return None
        if self._text(row, "minutes"):
            found = number(Row(row.number, {"m": said}), place, self._draft, "m")
            minutes = int(found) if found is not None else 0
        else:
            minutes = _minutes_in(said)
        if not 0 < minutes <= 24 * 60:
            self._draft.lose(place, _NO_TIME, said)
            return None
        return minutes


_CLOCK: Final = re.compile(r"(\d{1,3}) ?(?:h|:|heures?|hours?)? ?(\d{2})?(?::\d{2})? ?(?:min|mn|m)?", re.IGNORECASE)


def _minutes_in(said: str) -> int:
    """Hours may be written 2,5 or 2.5 or 2 h 30 or 2:30 or 2:30:00, minutes 45 min; 0 for anything else."""
    text = said.strip().casefold().replace("\xa0", " ").replace("\u202f", " ")
    only_minutes = re.fullmatch(r"(\d{1,4}) ?(?:min|mn|minutes?)", text)
    if only_minutes:
        return int(only_minutes[1])
    decimal = re.fullmatch(r"(\d{1,3})(?:[.,](\d{1,6}))? ?(?:h|heures?|hours?)?", text)
    if decimal:
        return int((Decimal(f"{decimal[1]}.{decimal[2] or 0}") * 60).to_integral_value())
    clock = _CLOCK.fullmatch(text)
    return int(clock[1]) * 60 + int(clock[2] or 0) if clock and int(clock[2] or 0) < 60 else 0


#: What people call spheres in their own tables, beside the words of the vocabulary.
_SPHERES: Final[Mapping[str, URIRef]] = {
    **dict.fromkeys(
        ("emploi", "travail", "salariat", "salarie", "cdi", "cdd", "interim", "stage", "job", "work", "employed"),
        terms.SPHERE_EMPLOYMENT,
    ),
    **dict.fromkeys(
        ("independant", "freelance", "auto entrepreneur", "micro entrepreneur", "self employed", "entrepreneur"),
        terms.SPHERE_SELF_EMPLOYMENT,
    ),
    **dict.fromkeys(("plateforme", "platform", "vtc", "livraison"), terms.SPHERE_PLATFORM_WORK),
    **dict.fromkeys(
        ("benevole", "volontariat", "volunteer", "volunteer work", "association"), terms.SPHERE_VOLUNTEERING
    ),
    **dict.fromkeys(("engagement", "mandat", "syndicat", "civic", "citizenship"), terms.SPHERE_CIVIC_ENGAGEMENT),
    **dict.fromkeys(("aide", "aidant", "soin", "famille", "caring", "caregiving"), terms.SPHERE_CARE),
    **dict.fromkeys(("etudes", "diplome", "cours", "education", "course", "courses", "study"), terms.SPHERE_TRAINING),
    **dict.fromkeys(("projet", "project", "loisir", "hobby"), terms.SPHERE_PERSONAL_PROJECT),
    **dict.fromkeys(("chomage", "recherche", "unemployed", "unemployment"), terms.SPHERE_JOB_SEARCH),
    **dict.fromkeys(("conge", "conges", "leave", "sabbatical"), terms.SPHERE_BREAK),
}


def sphere_of(said: str) -> URIRef | None:
    """A sphere by its IRI, its short name, its label in either language, or an everyday word for it."""
    wanted = folded(said)
    if wanted in _SPHERES:
        return _SPHERES[wanted]
    for iri in labels.concepts(terms.SPHERES):
        short = str(iri).rpartition("#")[2].removeprefix("sphere-")
        if said == str(iri) or wanted in {
            folded(short),
            folded(labels.label(iri, "fr")),
            folded(labels.label(iri, "en")),
        }:
            return iri
    return None


def level_of(said: str) -> URIRef | None:
    wanted = folded(said)
    for iri in labels.concepts(terms.LEVELS):
        if wanted and wanted in {folded(labels.label(iri, "fr")), folded(labels.label(iri, "en"))}:
            return iri
    return None


def _of_workbook(source: Source) -> tuple[bytes, int]:
    """The first sheet of a workbook that has a header, as a table of texts; how many others there are."""
    from musette_solid.exchange import open_documents, workbooks  # noqa: PLC0415  (openpyxl is heavy, and seldom needed)

    return (
        open_documents.first_sheet(source) if open_documents.is_spreadsheet(source) else workbooks.first_sheet(source)
    )
