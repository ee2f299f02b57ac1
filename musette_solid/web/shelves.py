"""The registers that this installation has at hand, the same for every visitor."""

from flask import Flask, current_app

from musette_solid.model.references.shelf import Shelf
from musette_solid.web.config import Config


def install(app: Flask, config: Config) -> None:
    shelf = Shelf(config.references or config.data / "references")
    app.extensions["musette.shelf"] = shelf
    app.jinja_env.globals["register_of"] = shelf.register_of


def shelf() -> Shelf:
    found: Shelf = current_app.extensions["musette.shelf"]
    return found
