"""A neutral template for what a platform must give its workers (Code du travail, D7342-6), filled from any platform's screens.

A table with the columns `section, label, from, to, value, unit, best, count, source`, or the same as JSON
(`{"format": "musette-platform/1", "platform": "…", "entries": [{"section": "service", …}]}`). Sections: `registration`
(as self-employed), `relation` (since when), `service` (nature, number, hours), `income` (after commission), `evaluation`
(of the last twelve months), `training`, `social` (contribution, top-up). The French names of columns and sections are the same.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from rdflib import URIRef  # noqa: TC002  (annotations are read at run time elsewhere: one rule for all modules)

from musette_solid.errors import N_
from musette_solid.exchange import loose_dates, sheets, strict_json
from musette_solid.exchange.draft import Draft
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.europass import NO_PLACE
from musette_solid.exchange.jsonresume_entry import NOT_A_DATE
from musette_solid.exchange.rides import income, number, rating
from musette_solid.exchange.sheets import Row
from musette_solid.exchange.source import Source
from musette_solid.model.dates import PartialDate
from musette_solid.model.words import folded
from musette_solid.rdf import terms

FORMAT: Final = "musette-platform/1"
SIGNATURES: Final = (frozenset({"section", "value", "unit"}), frozenset({"rubrique", "valeur", "unite"}))
_EXPECTED: Final = N_("the template for a platform: rows with a section and a value")
_NO_SECTION: Final = N_("there is no section “%(value)s” in the template")
#: As people write them; dollars are of several countries.
_CURRENCIES: Final = {"€": "eur", "euro": "eur", "euros": "eur", "£": "gbp", "chf": "chf"}
_NO_UNIT: Final = N_("“%(value)s” needs its unit: a currency such as EUR, or hours")
_NO_DATE: Final = N_("hours need the day they were spent on: “%(value)s” was kept as a text")

_COLUMNS: Final = {
    "section": ("section", "rubrique"),
    "label": ("label", "libelle", "nature"),
    "from": ("from", "du", "debut"),
    "to": ("to", "au", "fin"),
    "value": ("value", "valeur"),
    "unit": ("unit", "unite"),
    "best": ("best", "maximum", "sur"),
    "count": ("count", "nombre"),
    "source": ("source",),
    "platform": ("platform", "plateforme"),
}
_SECTIONS: Final = {
    **dict.fromkeys(("registration", "immatriculation"), "registration"),
    **dict.fromkeys(("relation", "contract", "contrat"), "relation"),
    **dict.fromkeys(("service", "services", "prestation", "prestations"), "service"),
    **dict.fromkeys(("income", "revenu", "revenus"), "income"),
    **dict.fromkeys(("evaluation", "evaluations", "rating", "note"), "evaluation"),
    **dict.fromkeys(("training", "formation", "vae"), "training"),
    **dict.fromkeys(("social", "responsabilite sociale"), "social"),
}
_HOURS: Final = frozenset({"h", "hour", "hours", "heure", "heures"})
_MINUTES: Final = frozenset({"min", "minute", "minutes"})


def read(source: Source, draft: Draft) -> None:
    sheet = sheets.read(source.data, source.name, wanted=SIGNATURES)
    _by_platform(draft, "", ((f"#row={row.number}", row) for row in sheet.rows))


def read_json(source: Source, draft: Draft) -> None:
    said = strict_json.parse(source.data, source.name)
    entries = said.get("entries") if isinstance(said, dict) else None
    if not isinstance(said, dict) or not isinstance(entries, list) or len(entries) > sheets.MOST_ROWS:
        raise UnreadableFile(file=source.name, expected=_EXPECTED, pointer="/entries")
    rows = (
        (f"/entries/{at}", Row(at + 1, {folded(str(k)): _word(v) for k, v in one.items()}))
        for at, one in enumerate(entries)
        if isinstance(one, dict)
    )
    _by_platform(draft, _word(said.get("platform")), rows)


def _by_platform(draft: Draft, platform: str, rows: Iterable[tuple[str, Row]]) -> None:
    """One activity a platform; a row that names none belongs to the one before."""
    found: dict[str, list[tuple[str, Row]]] = {}
    here = platform
    for place, row in rows:
        here = _text(row, "platform") or here
        found.setdefault(here, []).append((place, row))
    if "" in found and len(found) > 1:
        first = next(name for name in found if name)
        found[first] = [*found.pop(""), *found[first]]
    if not sum(_Reading(draft, name).of(iter(own)) for name, own in found.items()):
        raise UnreadableFile(file=draft.file, expected=_EXPECTED, row=1, column=1)


def _word(value: Any) -> str:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


class _Reading:
    def __init__(self, draft: Draft, platform: str) -> None:
        self._draft, self._platform = draft, platform
        self._node: URIRef | None = None

    def of(self, rows: Iterator[tuple[str, Row]]) -> bool:
        """Whether any of them says something."""
        kept = [(place, row, self._section(place, row)) for place, row in rows]
        said = [(place, row, section) for place, row, section in kept if section]
        if not said:
            return False
        platform = self._platform or next((t for _, row, _ in said if (t := _text(row, "platform"))), "")
        since = next((_period(row)[0] for _, row, section in said if section == "relation"), None)
        until = next((_period(row)[1] for _, row, section in said if section == "relation"), None)
        first = said[0][0]
        self._node = self._draft.activity(
            first,
            next((t for _, row, section in said if section == "service" and (t := _text(row, "label"))), platform),
            terms.SPHERE_PLATFORM_WORK,
            organization=self._draft.organization(first, platform),
            start=since,
            end=until,
            description="\n".join(self._described(row, section) for _, row, section in said if section in _DESCRIBED),
            key=("platform", platform),
        )
        for place, row, section in said:
            self._take(place, row, section)
        return True

    def _section(self, place: str, row: Row) -> str:
        said = _text(row, "section")
        section = _SECTIONS.get(folded(said), "")
        if not section:
            self._draft.lose(place, _NO_SECTION, said)
        return section

    @staticmethod
    def _described(row: Row, section: str) -> str:
        period = " – ".join(text for text in (_text(row, "from"), _text(row, "to")) if text)
        value = " ".join(text for text in (_text(row, "value"), _text(row, "unit")) if text)
        said = (_text(row, "label") or section, value, period, _text(row, "source"))
        return " · ".join(text for text in said if text)

    def _take(self, place: str, row: Row, section: str) -> None:
        if self._node is None or section in {"registration", "relation", "social"}:
            return
        value = number(Row(row.number, {"value": _text(row, "value")}), place, self._draft, "value")
        start, end = _period(row)
        for column, found in (("from", start), ("to", end)):
            if _text(row, column) and found is None:
                self._draft.lose(place, NOT_A_DATE, _text(row, column))
        if section == "training":
            self._draft.activity(
                place,
                _text(row, "label"),
                terms.SPHERE_TRAINING,
                start=start,
                end=end,
                description=self._described(row, section),
            )
        elif value is not None:
            self._number(place, row, section, value, end or start)

    def _number(self, place: str, row: Row, section: str, value: Decimal, period: PartialDate | None) -> None:
        node, draft, said = self._node, self._draft, _text(row, "unit")
        unit = _CURRENCIES.get(said.strip()) or folded(said)
        unit = _CURRENCIES.get(unit, unit)
        assert node is not None
        if section == "evaluation":
            best = number(Row(row.number, {"best": _text(row, "best")}), place, draft, "best")
            if best is None and said.strip() == "%":
                best = Decimal(100)
            count = _text(row, "count")
            rating(draft, place, node, value, best=best, count=int(count) if count.isdecimal() else None, period=period)
        elif section == "income" and len(unit) == 3 and unit.isalpha() and period is not None:
            income(draft, place, node, period, value, unit.upper())
        elif section == "income":
            draft.lose(place, _NO_UNIT, value)
        elif unit in _HOURS | _MINUTES:
            minutes = int((value * (60 if unit in _HOURS else 1)).to_integral_value())
            if period is not None and period.day and 0 < minutes <= 24 * 60:
                on = period.first()
                label = _text(row, "label")
                draft.time(place, node, on, minutes, key=(label,), counterpart=terms.COUNTERPART_PAID)
            else:
                draft.lose(place, _NO_DATE, self._described(row, section))
        elif unit and section not in _DESCRIBED:
            draft.lose(place, NO_PLACE, unit)


_DESCRIBED: Final = frozenset({"registration", "relation", "service", "social"})


def _text(row: Row, column: str) -> str:
    return row.text(*_COLUMNS[column])


def _period(row: Row) -> tuple[PartialDate | None, PartialDate | None]:
    return (
        loose_dates.said(_text(row, "from"), day_first=True),
        loose_dates.said(_text(row, "to"), day_first=True),
    )


def is_template(value: Mapping[str, Any]) -> bool:
    return value.get("format") == FORMAT
