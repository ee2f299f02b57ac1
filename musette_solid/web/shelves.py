"""The registers that this installation has at hand, the same for every visitor; and ESCO's service, when it may be asked."""

from urllib.parse import urlsplit

from flask import Flask, current_app

from musette_solid.exchange import esco
from musette_solid.model.references.shelf import Shelf
from musette_solid.web.config import Config


def install(app: Flask, config: Config) -> None:
    shelf = Shelf(config.references or config.data / "references")
    app.extensions["musette.shelf"] = shelf
    app.extensions["musette.esco"] = config.esco_service
    app.jinja_env.globals["register_of"] = shelf.register_of
    app.jinja_env.globals["attribution_of"] = attribution


def shelf() -> Shelf:
    found: Shelf = current_app.extensions["musette.shelf"]
    return found


def esco_service() -> str:
    """Empty where ESCO is not asked online."""
    found: str = current_app.extensions["musette.esco"]
    return found


def esco_host() -> str:
    """Who is asked, as people are told before they ask; empty where nobody is."""
    return urlsplit(esco_service()).hostname or ""


def attribution(iri: str) -> str:
    """What the licence of the register that a concept belongs to asks to be shown."""
    name = shelf().register_of(iri)
    said = next((about.attribution for about in shelf().about() if about.name.startswith(name)), "") if name else ""
    return said or (esco.ATTRIBUTION if name == "ESCO" else "")
