"""The web application: each view decodes a request, calls one use case and renders."""

from flask import Flask

from musette_solid import shipped
from musette_solid.web import (
    access,
    activities,
    errors,
    granted,
    home,
    i18n,
    imports,
    notices,
    pages,
    security,
    session,
    shares,
    signin,
    skills,
    static,
    taking,
    things,
    time,
    vocabulary,
)
from musette_solid.web.config import Config, NotConfigured

__all__ = ["Config", "NotConfigured", "create_app"]


def create_app(config: Config, who: access.Who | None = None) -> Flask:
    """The WSGI application. `who` says who is there for the request under way; by default, the signed-in session."""
    app = Flask(
        __name__,
        static_folder=str(shipped.WEB / "static"),
        static_url_path="/static",
        template_folder=str(shipped.WEB / "templates"),
    )
    app.jinja_options = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    security.install(app, config)
    i18n.install(app, config)
    static.install(app)
    notices.install(app)
    things.install(app)
    errors.install(app)

    session.install(app, config)
    access.install(app, config, who or session.current)
    for module in (home, activities, time, skills, imports, shares, granted, vocabulary, pages, signin, taking):
        app.register_blueprint(module.bp)
    return app
