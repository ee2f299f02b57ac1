"""What LinkedIn gives its members: an archive of tables, whole or in two parts, or one of the tables alone.

Headers changed over the years and some tables begin with notes; columns are found by their names. Contacts are taken one
by one when asked for; messages, invitations and what others are called stay in the file.
"""

from collections.abc import Callable, Iterator
from typing import Final

from musette_solid.errors import N_
from musette_solid.exchange import loose_dates, sheets
from musette_solid.exchange.draft import TOO_MUCH, Draft
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.jsonresume_entry import END_NOT_A_DATE, FREELANCE, NOT_A_DATE
from musette_solid.exchange.linkedin_words import COLUMNS, FILES, called
from musette_solid.exchange.markup import plain
from musette_solid.exchange.sheets import Row
from musette_solid.exchange.source import Source
from musette_solid.model.dates import PartialDate
from musette_solid.model.words import folded
from musette_solid.rdf import terms

ABOUT_YOU: Final = N_("this is about who you are, not about what you did: say it in your profile if you wish")
OTHERS: Final = N_("%(value)s rows about other people: they were left in the file")
NOT_TAKEN: Final = N_("your bag has no place for this table (%(value)s rows)")
UNWATCHED: Final = N_("“%(value)s” was not finished, so it was left out")
ENDORSED: Final = N_("“%(value)s” was endorsed: the names of those who did were left in the file")
UNKNOWN_COLUMN: Final = N_("there is no place for the column “%(value)s”")
MORE_CELLS: Final = N_("this row has more cells than the header: “%(value)s” was left out")
_NEVER_ENDED: Final = N_("“%(value)s” is no part of what you did: it was left out")

_UNREADABLE: Final = N_("“%(value)s” is damaged from here on: what stood before was taken")
_UNKNOWN: Final = N_("“%(value)s” is no table that is known here: it was left out")
_MORE_PEOPLE: Final = N_("%(value)s more people are not listed: put those that you need into a table of their own")
_NAMELESS: Final = N_("this row names nobody and nothing")
#: As many as somebody may look through; LinkedIn lets nobody have more than 30,000.
_MOST_PEOPLE: Final = 2000
_MOST_CONTACTS: Final = 100_000

#: The tables, by the folded beginning of their file's name, and the columns that give one away.
SIGNATURES: Final = {
    "positions": frozenset({"company name", "title", "started on"}),
    "education": frozenset({"school name", "degree name"}),
    "skills": frozenset({"name"}),
    "endorsement received info": frozenset({"skill name"}),
    "endorsement given info": frozenset({"skill name", "endorsee first name"}),
    "certifications": frozenset({"name", "authority"}),
    "licenses certifications": frozenset({"name", "authority"}),
    "volunteering": frozenset({"company name", "role"}),
    "projects": frozenset({"title", "url"}),
    "courses": frozenset({"name", "number"}),
    "honors": frozenset({"title", "issued on"}),
    "languages": frozenset({"name", "proficiency"}),
    "organizations": frozenset({"name", "position"}),
    "publications": frozenset({"name", "published on"}),
    "patents": frozenset({"title", "patent number"}),
    "learning": frozenset({"content title"}),
    "connections": frozenset({"first name", "last name", "connected on"}),
    "invitations": frozenset({"from", "to", "sent at"}),
    "messages": frozenset({"conversation id", "from"}),
    "recommendations received": frozenset({"first name", "text"}),
    "recommendations given": frozenset({"first name", "text"}),
    "profile": frozenset({"headline", "summary", "industry"}),
    "email addresses": frozenset({"email address", "primary"}),
    "phonenumbers": frozenset({"number", "type"}),
    "registration": frozenset({"registered at"}),
    "job applications": frozenset({"application date", "company name"}),
    "company follows": frozenset({"organization", "followed on"}),
}
_PRIVATE: Final = ("invitations", "messages", "endorsement given info", "recommendations given")
_ABOUT: Final = ("profile", "email addresses", "phonenumbers", "registration", "profile summary", "whatsapp")
#: A table chosen alone is recognised when these columns are there.
ALONE: Final = (
    *(
        SIGNATURES[name]
        for name in (
            *("positions", "education", "connections", "learning", "endorsement given info", "invitations", "messages"),
            "profile",
        )
    ),
    frozenset({"skill name", "endorsement date"}),
    frozenset({"company name", "role", "cause"}),
)

#: Other words for the same column.
_ALSO: Final = {
    "company name": ("company name", "company", "organization", "employer"),
    "title": ("title", "position", "position title", "role"),
    "started on": ("started on", "start date", "started", "from"),
    "finished on": ("finished on", "end date", "finished", "ended on", "to"),
    "description": ("description", "notes", "summary"),
    "location": ("location", "region"),
    "school name": ("school name", "school", "institution"),
    "degree name": ("degree name", "degree"),
}


def table_of(name: str) -> str:
    """Which table a file is, by its name: "Basic_LinkedInDataExport_06-06-2026/Positions_1.csv" is `positions`."""
    last = folded(name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0].replace("_", " "))
    names = {**dict.fromkeys(SIGNATURES), **FILES}
    found = next((key for key in sorted(names, key=len, reverse=True) if last == key or last.startswith(key + " ")), "")
    return FILES.get(found, found)


def is_archive(names: tuple[str, ...]) -> bool:
    tables = {table_of(name) for name in names if name.casefold().endswith(".csv")}
    return bool(tables & {"positions", "education", "connections", "profile", "skills", "learning", "certifications"})


def is_table(name: str, header: tuple[frozenset[str], ...]) -> bool:
    """One table alone: columns that only LinkedIn has, or its file's name over the columns of that table."""
    if any(columns <= line for columns in ALONE for line in header):
        return True
    named = SIGNATURES.get(table_of(name))
    return named is not None and any(named <= {COLUMNS.get(cell, cell) for cell in line} for line in header)


def read(source: Source, draft: Draft) -> None:
    """Every table of the archive, in the order of a life: positions before the skills they are shown with."""
    package = source.package
    seen: set[object] = set()
    found = sorted(
        ((table_of(name), name) for name in package.names),
        key=lambda pair: (list(SIGNATURES).index(pair[0]) if pair[0] else len(SIGNATURES), pair[1]),
    )
    for table, name in found:
        if name.casefold().endswith(".csv"):
            data = package.read(name)
            try:
                _table(table, name, data, draft, seen)
            except UnreadableFile as error:
                if error.expected == TOO_MUCH:
                    raise
                # One table that cannot be read does not keep the others out.
                row = f"#row={error.row}" if error.row else ""
                is_unknown = isinstance(error, sheets.NoHeader)
                draft.lose(name + row, _UNKNOWN if is_unknown else _UNREADABLE, name.rpartition("/")[2])
        else:
            draft.lose(name, _NEVER_ENDED, name.rpartition("/")[2])


def read_alone(source: Source, draft: Draft) -> None:
    """One table without its archive: recognised by its columns, whatever the file is called."""
    header = sheets.header(source.data, source.name, called)
    by_name = table_of(source.name if "." in source.name else source.name + ".csv")
    fits = [key for key, columns in SIGNATURES.items() if any(columns <= line for line in header)]
    best = max(fits, key=lambda key: (key == by_name, len(SIGNATURES[key])), default=by_name)
    _table(best, "", source.data, draft, set())


def _table(table: str, name: str, data: bytes, draft: Draft, seen_rows: set[object]) -> None:
    """`seen_rows`: those of the other parts of the archive; an export in two parts says some rows twice."""
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        return
    take = _TABLES.get(table)
    if take is None:
        number = sum(1 for _ in _rows(data, name, draft, None, most=sheets.MOST_ROWS_ADDED_UP))
        about = table in _ABOUT
        others = table in _PRIVATE
        draft.lose(name, ABOUT_YOU if about else OTHERS if others else NOT_TAKEN, number if not about else "")
        return
    seen: set[str] = set()
    people = 0
    # Whatever the columns that are missing, a line with two of them (or the only one) is the header.
    columns, least = _TAKEN[table], min(2, len(SIGNATURES[table]))
    most = _MOST_CONTACTS if table == "connections" else sheets.MOST_ROWS
    for row in _rows(data, name, draft, lambda names: len(names & columns) >= least, most=most):
        mark = (table, tuple(sorted(row.cells.items())))
        if mark in seen_rows:
            continue
        seen_rows.add(mark)
        people += table == "connections"
        if people > _MOST_PEOPLE:
            continue
        take(row, f"{name}#row={row.number}", draft)
        seen |= {column for column, cell in row.cells.items() if cell.strip() and not loose_dates.says_nothing(cell)}
        if row.extra:
            draft.lose(f"{name}#row={row.number}", MORE_CELLS, ", ".join(row.extra))
    if people > _MOST_PEOPLE:
        draft.lose(name or "/", _MORE_PEOPLE, people - _MOST_PEOPLE)
    for column in sorted(seen - _TAKEN.get(table, frozenset())):
        draft.lose(name or "/", UNKNOWN_COLUMN, column)


def _rows(
    data: bytes,
    name: str,
    draft: Draft,
    is_header: Callable[[frozenset[str]], bool] | None,
    most: int = sheets.MOST_ROWS,
) -> Iterator[Row]:
    sheet = sheets.read(data, name or draft.file, is_header=is_header, called=called, most=most)
    for row in sheet.rows:
        cells = {
            column: "" if loose_dates.says_nothing(cell) else cell for column, cell in row.cells.items() if cell.strip()
        }
        yield Row(row.number, cells, row.extra)


def _text(row: Row, column: str) -> str:
    return row.text(*_ALSO.get(column, (column,)))


def _period(row: Row, place: str, draft: Draft) -> tuple[PartialDate | None, PartialDate | None]:
    start, end = _text(row, "started on"), _text(row, "finished on")
    begun = loose_dates.said(loose_dates.since(start)) if start else None
    if start and begun is None:
        draft.lose(place, NOT_A_DATE, start)
    ended = loose_dates.said(end) if end and not loose_dates.goes_on(end) else None
    if end and ended is None and not loose_dates.goes_on(end):
        draft.lose(place, END_NOT_A_DATE, end)
    return begun, ended


def _date(row: Row, place: str, draft: Draft, *columns: str) -> PartialDate | None:
    text = row.text(*columns)
    found = loose_dates.said(text) if text else None
    if text and found is None:
        draft.lose(place, NOT_A_DATE, text)
    return found


def _position(row: Row, place: str, draft: Draft) -> None:
    company = _text(row, "company name")
    title = _text(row, "title")
    own = folded(company) in FREELANCE
    start, end = _period(row, place, draft)
    draft.activity(
        place,
        title or company,
        terms.SPHERE_SELF_EMPLOYMENT if own else terms.SPHERE_EMPLOYMENT,
        organization=draft.organization(place, company),
        start=start,
        end=end,
        role=title,
        location=_text(row, "location"),
        description=plain(_text(row, "description")),
    )


def _education(row: Row, place: str, draft: Draft) -> None:
    school = _text(row, "school name")
    start, end = _period(row, place, draft)
    draft.activity(
        place,
        _text(row, "degree name") or school,
        terms.SPHERE_TRAINING,
        organization=draft.organization(place, school),
        start=start,
        end=end,
        description=plain(_text(row, "description")),
        achievements=[text for text in (row.text("activities", "activities and societies"),) if text],
    )


def _volunteering(row: Row, place: str, draft: Draft) -> None:
    organization = _text(row, "company name")
    role = row.text("role", "title", "position")
    start, end = _period(row, place, draft)
    draft.activity(
        place,
        role or organization,
        terms.SPHERE_VOLUNTEERING,
        organization=draft.organization(place, organization),
        start=start,
        end=end,
        role=role,
        description="\n".join(text for text in (row.text("cause"), plain(_text(row, "description"))) if text),
    )


def _membership(row: Row, place: str, draft: Draft) -> None:
    name, role = row.text("name"), row.text("position")
    start, end = _period(row, place, draft)
    draft.activity(
        place,
        role or name,
        terms.SPHERE_CIVIC_ENGAGEMENT,
        organization=draft.organization(place, name),
        start=start,
        end=end,
        role=role,
        description=plain(_text(row, "description")),
    )


def _project(row: Row, place: str, draft: Draft) -> None:
    start, end = _period(row, place, draft)
    node = draft.activity(
        place,
        row.text("title", "name"),
        terms.SPHERE_PERSONAL_PROJECT,
        start=start,
        end=end,
        description=plain(_text(row, "description")),
    )
    url = draft.link(place, row.text("url"))
    if node and url:
        draft.evidence(place, row.text("title", "name"), url=url, about=[node], document="activities")


def _course(row: Row, place: str, draft: Draft) -> None:
    draft.activity(place, row.text("name"), terms.SPHERE_TRAINING, description=row.text("number"))


def _learning(row: Row, place: str, draft: Draft) -> None:
    title = row.text("content title")
    done = _date(row, place, draft, "content completed at if completed", "content completed at")
    if done is None:
        draft.lose(place, UNWATCHED, title)
        return
    draft.activity(
        place,
        title,
        terms.SPHERE_TRAINING,
        organization=draft.organization(place, "LinkedIn Learning"),
        start=_date(row, place, draft, "content last watched date if viewed") or done,
        end=done,
        description=plain(row.text("content description")),
    )


def _skill(row: Row, place: str, draft: Draft) -> None:
    draft.skill(place, row.text("name", "skill name", "skill"))


def _language(row: Row, place: str, draft: Draft) -> None:
    skill = draft.skill(place, row.text("name", "language"), is_language=True)
    draft.assess(place, skill, row.text("proficiency", "level"))


def _endorsed(row: Row, place: str, draft: Draft) -> None:
    label = row.text("skill name")
    status = folded(row.text("endorsement status"))
    if status in {"rejected", "declined", "ignored"}:
        return
    if draft.skill(place, label) is not None and len(row.cells) > 1:
        draft.lose(place, ENDORSED, label)


def _certificate(row: Row, place: str, draft: Draft) -> None:
    number = row.text("license number", "licence number")
    draft.evidence(
        place,
        row.text("name", "title"),
        publisher=row.text("authority", "issuer", "organization"),
        on=_date(row, place, draft, "started on", "issued on"),
        url=draft.link(place, row.text("url")),
        description=f"N° {number}" if number else None,
    )


def _honor(row: Row, place: str, draft: Draft) -> None:
    on = _date(row, place, draft, "issued on", "published on", "filing date", "issued date")
    draft.evidence(
        place,
        row.text("title", "name"),
        publisher=row.text("issuer", "publisher"),
        on=on,
        url=draft.link(place, row.text("url")),
        description=plain(row.text("description")),
    )


def _connection(row: Row, place: str, draft: Draft) -> None:
    name = " ".join(text for text in (row.text("first name"), row.text("last name")) if text)
    organization, role = row.text("company"), row.text("position")
    if not name:
        draft.lose(place, _NAMELESS)
        return
    detail = ", ".join(text for text in (role, organization) if text)
    url = draft.link(place, row.text("url").partition("?")[0])
    draft.person(place, name, organization=organization, role=role, url=url, detail=detail)


def _recommendation(_row: Row, place: str, draft: Draft) -> None:
    draft.lose(place, OTHERS, 1)


def _application(row: Row, place: str, draft: Draft) -> None:
    # Who was written to is somebody else; what was answered to questions was said to an employer alone.
    draft.answered(
        place,
        row.text("title"),
        publisher=_text(row, "company name"),
        url=draft.link(place, row.text("job url").partition("?")[0]),
        on=_date(row, place, draft, "application date"),
    )


_TABLES: Final[dict[str, Callable[[Row, str, Draft], None]]] = {
    "positions": _position,
    "education": _education,
    "volunteering": _volunteering,
    "organizations": _membership,
    "projects": _project,
    "courses": _course,
    "learning": _learning,
    "skills": _skill,
    "languages": _language,
    "endorsement received info": _endorsed,
    "certifications": _certificate,
    "licenses certifications": _certificate,
    "honors": _honor,
    "publications": _honor,
    "patents": _honor,
    "connections": _connection,
    "recommendations received": _recommendation,
    "job applications": _application,
}


def _columns(*names: str) -> frozenset[str]:
    return frozenset(other for name in names for other in _ALSO.get(name, (name,)))


_DATES: Final = ("started on", "finished on")
_TAKEN: Final = {
    "positions": _columns("company name", "title", "description", "location", *_DATES),
    "education": _columns("school name", "degree name", "description", "activities", *_DATES)
    | {"activities and societies"},
    "volunteering": _columns("company name", "title", "role", "cause", "description", *_DATES),
    "organizations": _columns("name", "position", "description", *_DATES),
    "projects": _columns("title", "name", "url", "description", *_DATES),
    "courses": frozenset({"name", "number"}),
    "learning": frozenset(
        {
            *("content title", "content description", "content type", "content last watched date if viewed"),
            *("content completed at if completed", "content completed at", "content saved"),
        }
    ),
    "skills": frozenset({"name", "skill name", "skill"}),
    "languages": frozenset({"name", "language", "proficiency", "level"}),
    # Who endorsed is said for each row; the rest is about them.
    "endorsement received info": frozenset(
        {
            *("skill name", "endorsement date", "endorsement status", "endorser first name", "endorser last name"),
            *("endorser public url",),
        }
    ),
    "certifications": _columns(
        "name", "title", "url", "authority", "issuer", "license number", "started on", "issued on"
    ),
    "honors": frozenset({"title", "name", "issuer", "publisher", "url", "description", "issued on", "published on"}),
    "publications": frozenset({"title", "name", "publisher", "url", "description", "published on"}),
    "patents": frozenset(
        {"title", "name", "issuer", "url", "description", "issued on", "filing date", "patent number"}
    ),
    "connections": frozenset(
        {"first name", "last name", "url", "email address", "company", "position", "connected on"}
    ),
    "job applications": _columns("company name") | {"application date", "title", "job url"},
    "recommendations received": frozenset(
        {"first name", "last name", "company", "job title", "text", "creation date", "status"}
    ),
}
