"""Pages that say something and ask for nothing: your data, help, how the pages look."""

import json
from datetime import UTC, date, datetime
from functools import lru_cache

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from musette_solid import shipped
from musette_solid.model import activity as activities_model
from musette_solid.model import labels
from musette_solid.model import skill as skills_model
from musette_solid.model.dossier import Dossier
from musette_solid.model.trajectory import draw
from musette_solid.model.values import ValueStatement
from musette_solid.rdf import syntax, terms
from musette_solid.usecases import export_all
from musette_solid.usecases.layout import Bag
from musette_solid.web import forms, picture, things, values
from musette_solid.web.access import public, with_bag

bp = Blueprint("pages", __name__)

_SAMPLE_DAY = date(2026, 11, 22)
_SAMPLE_BASE = "https://demo.example/musette/"


@bp.get("/your-data")
@public
def data() -> ResponseReturnValue:
    return render_template("pages/data.html")


@bp.get("/help")
@public
def help_() -> ResponseReturnValue:
    return render_template("pages/help.html", levels=things.levels(), spheres=things.spheres())


@bp.get("/your-data/musette.<any(ttl, jsonld, csv):kind>")
@with_bag
def export(bag: Bag, kind: str) -> ResponseReturnValue:
    """Everything, in one file of an open format."""
    match kind:
        case "ttl":
            text, media_type = export_all.export_turtle(bag)[0], syntax.TURTLE
        case "jsonld":
            text = json.dumps(export_all.export_json_ld(bag)[0], ensure_ascii=False, indent=2).encode()
            media_type = syntax.JSON_LD
        case _:
            text, media_type = export_all.export_csv(bag)[0], "text/csv"
    response = Response(text, content_type=f"{media_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="musette.{kind}"'
    return response


@bp.get("/your-data/resume.json")
@with_bag
def resume(bag: Bag) -> ResponseReturnValue:
    document, _ = export_all.export_json_resume(bag)
    response = Response(json.dumps(document, ensure_ascii=False, indent=2), content_type="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="resume.json"'
    return response


@lru_cache(maxsize=1)
def _sample() -> tuple[tuple[activities_model.Activity, ...], tuple[skills_model.Skill, ...]]:
    folder = shipped.WEB / "samples"
    activities = syntax.parse((folder / "activities.ttl").read_bytes(), syntax.TURTLE, _SAMPLE_BASE + "activities.ttl")
    skills = syntax.parse((folder / "skills.ttl").read_bytes(), syntax.TURTLE, _SAMPLE_BASE + "skills.ttl")
    return activities_model.read(activities), skills_model.read(skills)


def _sample_dossier() -> Dossier:
    activities, skills = _sample()
    chosen = tuple(a for a in activities if a.title in {"Menuisier", "Repair café", "Soin d’un parent"})
    return Dossier(
        iri=_SAMPLE_BASE + "shares/1/dossier.ttl#it",
        title="Candidature à l’atelier partagé",
        owner="https://demo.example/profile/card#me",
        owner_name="Démo",
        recipient="https://association.example/profile/card#it",
        purpose=terms.PURPOSE_VOLUNTEERING_PLACEMENT,
        issued=datetime(2026, 11, 22, tzinfo=UTC),
        until=date(2027, 2, 22),
        note="Comme convenu samedi.",
        activities=chosen,
        skills=skills,
    )


_SAMPLE_DIMENSIONS = [
    (terms.DIMENSION_INCOME, "1"),
    (terms.DIMENSION_SOCIAL_TIE, "2"),
    (terms.DIMENSION_LEARNING, "3"),
    (terms.DIMENSION_MEANING, "4"),
    (terms.DIMENSION_CARE, "5"),
]


def _sample_values(most: int) -> dict[URIRef, ValueStatement]:
    found = enumerate(_SAMPLE_DIMENSIONS)
    return {d: ValueStatement("#d", "#a", d, (place * 3 + 1) % (most + 1)) for place, (d, _) in found}


@bp.get("/style")
@public
def style() -> ResponseReturnValue:
    """Every component on one page, with an example: for whoever changes how things look."""
    activities, skills = _sample()
    return render_template(
        "pages/style.html",
        activities=activities,
        skills=skills,
        spheres=things.spheres(),
        levels=things.levels(),
        picture=picture.of(draw(activities, _SAMPLE_DAY), address=lambda _: ""),
        dossier=_sample_dossier(),
        radar=values.radar(_SAMPLE_DIMENSIONS, [_sample_values(2), _sample_values(4)]),
        radar_size=(values.WIDTH, values.HEIGHT),
        feelings=labels.concepts(terms.FEELINGS),
        form=forms.form(terms.EvidenceShape, {"title": [""]}, prefix="style-"),
        home=url_for("home.home"),
    )
