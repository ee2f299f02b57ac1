"""Shape fields to the controls of a page, and what a form says back to texts by field name."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import parse_qs, urlsplit

from flask import request
from rdflib import URIRef
from werkzeug.datastructures import MultiDict

from musette_solid.model.dates import PartialDate
from musette_solid.model.labels import in_language
from musette_solid.model.shapes import Field, fields
from musette_solid.model.validation import Finding
from musette_solid.rdf import terms
from musette_solid.rdf.names import local
from musette_solid.web import i18n
from musette_solid.web.i18n import gettext

Texts = Mapping[str, Sequence[str]]

#: Boxes that are all unticked send nothing: this field says that they were there, so that it is an answer.
SHOWN = "_shown"

#: A year, a month or a day, in the order of figures that people here write.
DATE_PATTERN = r"\s*(\d{4}(-\d{1,2}(-\d{1,2})?)?|(\d{1,2}[\/.])?\d{1,2}[\/.]\d{4})\s*"


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    is_chosen: bool = False


@dataclass(frozen=True)
class Control:
    """One control, ready to be drawn by `field` of components/forms.html."""

    name: str
    label: str
    kind: str = "text"  # text, textarea, url, date, number, select, radios, checkboxes
    id: str = ""
    hint: str = ""
    error: str = ""
    values: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    suggestions: tuple[str, ...] = ()
    required: bool = False
    max_length: int | None = None
    pattern: str = ""
    input_mode: str = ""
    autocomplete: str = "off"
    group: str = ""

    @property
    def value(self) -> str:
        return "\n".join(self.values) if self.kind == "textarea" else next(iter(self.values), "")

    @property
    def is_wide(self) -> bool:
        return self.kind in {"textarea", "checkboxes", "radios"} or self.name in {
            "title",
            "prefLabel",
            "sphere",
            "recipient",
        }


@dataclass(frozen=True)
class Problem:
    """One line at the top of a form that does not fit; `target` is the control it is about."""

    text: str
    target: str = ""


def with_error(control: Control, error: str) -> Control:
    return replace(control, error=error)


def address_inside(address: str, page: str) -> str:
    """`address`; from a link to `page`, here or on another site like ours, the `url` inside it."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    inside = parse_qs(parts.query).get("url", [])
    return inside[0] if inside and parts.path == page else address


@dataclass(frozen=True)
class Form:
    controls: tuple[Control, ...]
    problems: tuple[Problem, ...] = ()

    def __getitem__(self, name: str) -> Control:
        return next(control for control in self.controls if control.name == name)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What the form says, for hidden inputs."""
        return [
            *((control.name, value) for control in self.controls for value in (control.values or ("",))),
            *((SHOWN, control.name) for control in self.controls if control.kind == "checkboxes"),
        ]

    @property
    def if_any(self) -> "Form":
        """The same, for a part that may be left empty as a whole: no browser asks for any of it."""
        return replace(self, controls=tuple(replace(control, required=False) for control in self.controls))

    def only(self, *names: str) -> tuple[Control, ...]:
        return tuple(self[name] for name in names if any(control.name == name for control in self.controls))

    def without(self, *names: str) -> tuple[Control, ...]:
        return tuple(control for control in self.controls if control.name not in names)


def form(
    shape: URIRef,
    texts: Texts,
    *,
    findings: Iterable[Finding] = (),
    prefix: str = "",
    leave_out: Iterable[str] = (),
    options: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    suggestions: Mapping[str, Sequence[str]] | None = None,
) -> Form:
    """The controls of a shape, filled with `texts`. `options` give the choices that depend on the person's own data."""
    by_name = {}
    said = list(findings)
    for shape_field in fields(shape):
        if shape_field.name in set(leave_out):
            continue
        name = shape_field.name
        control = _control(shape_field, tuple(texts.get(name, ())), (options or {}).get(name))
        error = " ".join(dict.fromkeys(message(found) for found in said if found.path == str(shape_field.path)))
        by_name[str(shape_field.path)] = replace(
            control,
            name=prefix + name,
            id="f-" + prefix + name,
            error=error,
            suggestions=tuple((suggestions or {}).get(name, ())),
        )
    problems = [
        Problem(
            f"{by_name[found.path].label} – {message(found)}" if found.path in by_name else message(found),
            by_name[found.path].id if found.path in by_name else "",
        )
        for found in said
    ]
    return Form(tuple(by_name.values()), tuple(dict.fromkeys(problems)))


def message(finding: Finding) -> str:
    return _said(finding.messages)


def _said(by_language: Mapping[str, str]) -> str:
    return in_language(dict(by_language), i18n.language())


def _control(shape_field: Field, values: tuple[str, ...], options: Sequence[tuple[str, str]] | None) -> Control:
    control = Control(
        name=shape_field.name,
        label=i18n.sentence_case(_said(shape_field.label)),
        hint=_said(shape_field.description),
        values=values,
        required=shape_field.required,
        max_length=shape_field.max_length,
        group=str(shape_field.group or ""),
    )
    pairs = options
    if pairs is None and shape_field.choices:
        pairs = [(str(choice), i18n.sentence_case(i18n.label(choice))) for choice in shape_field.choices]
    if pairs is not None:
        # A value that the list does not know (a sphere of one's own, another application's) stays chosen.
        known = {value for value, _ in pairs}
        pairs = [
            *pairs,
            *((value, i18n.label(value) or local(value)) for value in values if value and value not in known),
        ]
        chosen = tuple(Option(value, label, value in values) for value, label in pairs)
        return replace(control, kind="checkboxes" if shape_field.many else "select", options=chosen)
    if shape_field.long or shape_field.many:
        hint = control.hint
        if shape_field.many:
            hint = " ".join(filter(None, [hint, gettext("One a line.")]))
        return replace(control, kind="textarea", hint=hint)
    if is_date(shape_field):
        return replace(control, pattern=DATE_PATTERN, max_length=12)
    if shape_field.datatype in {terms.XSD_DECIMAL, terms.XSD_INTEGER}:
        return replace(control, input_mode="decimal")
    if shape_field.is_address and shape_field.node_class is None:
        return replace(control, kind="url", input_mode="url")
    return control


def is_date(shape_field: Field) -> bool:
    return shape_field.is_partial_date or shape_field.datatype == terms.XSD_DATE


def texts(
    shape: URIRef, *, prefix: str = "", leave_out: Iterable[str] = (), said: MultiDict[str, str] | None = None
) -> dict[str, list[str]]:
    """What the form under way says, or `said`, by field name; a field that was not in the form is not in the answer."""
    found: dict[str, list[str]] = {}
    said = request.form if said is None else said
    shown = frozenset(said.getlist(SHOWN))
    for shape_field in fields(shape):
        name = prefix + shape_field.name
        if shape_field.name in set(leave_out) or not (name in said or name in shown):
            continue
        values = [value.replace("\r\n", "\n").strip() for value in said.getlist(name)]
        if shape_field.many and not shape_field.choices and shape_field.node_class is None:
            values = [line.strip() for value in values for line in value.splitlines()]
        if is_date(shape_field):
            values = [as_iso(value) for value in values]
        found[shape_field.name] = [value for value in values if value]
    return found


_DAY_FIRST = re.compile(r"(?:(\d{1,2})[/.])?(\d{1,2})[/.](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")


def as_iso(text: str) -> str:
    """`12/03/2019`, `3/2019` and `2019-3` in the one order of figures that data keeps; anything else as it is."""
    if match := _DAY_FIRST.fullmatch(text.strip()):
        day, month, year = match.groups()
    elif match := _YEAR_FIRST.fullmatch(text.strip()):
        year, month, day = match.groups()
    else:
        return text.strip()
    return "-".join([year, month.zfill(2), *([day.zfill(2)] if day else [])])


def day_of(text: str) -> date | None:
    """The day that was written, in either order of figures; None when it is none, or only a month or a year."""
    try:
        written = PartialDate.from_text(as_iso(text))
    except ValueError:
        return None
    return written.first() if written.day else None
