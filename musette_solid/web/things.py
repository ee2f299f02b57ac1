"""How things of the domain look: the sphere's short name for styles and icons, the rank of a level, differences of two forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import urlsplit

from flask import Flask
from rdflib import URIRef

from musette_solid.model import labels
from musette_solid.model.dates import PartialDate
from musette_solid.rdf import terms
from musette_solid.rdf.names import local
from musette_solid.web import i18n
from musette_solid.web.forms import Control, Form

_SPHERE = "sphere-"


def install(app: Flask) -> None:
    app.jinja_env.globals.update(sphere_slug=sphere_slug, level_rank=level_rank, iris=terms)
    app.jinja_env.filters.update(is_web=is_web, day_or_partial=day_or_partial, host=host)


def spheres() -> tuple[URIRef, ...]:
    return labels.concepts(terms.SPHERES)


def levels() -> tuple[URIRef, ...]:
    return labels.concepts(terms.LEVELS)


def assessment_ways() -> tuple[URIRef, ...]:
    return labels.concepts(terms.ASSESSMENT_WAYS)


def purposes() -> tuple[URIRef, ...]:
    return labels.concepts(terms.PURPOSES)


def counterparts() -> tuple[URIRef, ...]:
    return labels.concepts(terms.COUNTERPARTS)


@lru_cache(maxsize=256)
def sphere_slug(iri: str | None) -> str:
    """`care`; `none` for a sphere that is not one of the ten."""
    return local(iri).removeprefix(_SPHERE) if iri and URIRef(iri) in spheres() else "none"


def sphere_of_slug(slug: str) -> URIRef | None:
    return next((sphere for sphere in spheres() if sphere_slug(sphere) == slug), None)


def level_rank(iri: str | None) -> int:
    """From 1 to 5; 0 when it is not a step of the scale."""
    known = levels()
    return known.index(URIRef(iri)) + 1 if iri and URIRef(iri) in known else 0


def is_web(address: str) -> bool:
    """Whether a link may be made of it: what comes from elsewhere can be `javascript:` too."""
    return urlsplit(address).scheme in {"http", "https"}


def host(address: str) -> str:
    """`solid.example` for `https://solid.example/`: what people recognise."""
    return urlsplit(address).netloc or address


def called(iri: str | None, owner: str, names: Mapping[str, str]) -> str:
    """What a page calls somebody: oneself, a name that is known, else the host of a stranger's address."""
    if not iri:
        return i18n.gettext("somebody")
    if iri == owner:
        return i18n.gettext("me")
    return names.get(iri) or host(iri)


def day_or_partial(when: date | PartialDate) -> str:
    return i18n.partial(when) if isinstance(when, PartialDate) else i18n.day(when)


@dataclass(frozen=True)
class Difference:
    label: str
    mine: str
    theirs: str

    @property
    def differs(self) -> bool:
        return self.mine != self.theirs


def differences(mine: Form, theirs: Form) -> tuple[Difference, ...]:
    """Both forms, control by control, as a person reads them."""
    found = []
    for control in mine.controls:
        other = next((one for one in theirs.controls if one.name == control.name), None)
        found.append(Difference(control.label, _read(control), _read(other) if other else ""))
    return tuple(found)


def _read(control: Control) -> str:
    if control.options:
        return ", ".join(option.label for option in control.options if option.is_chosen)
    return control.value


def named(pairs: Sequence[URIRef]) -> list[tuple[str, str]]:
    """Concepts as choices: IRI and label."""
    return [(str(iri), i18n.sentence_case(i18n.label(iri))) for iri in pairs]
