"""The web application: each view decodes a request, calls one use case and renders."""

from flask import Flask

from musette_solid import shipped
from musette_solid.web import (
    access,
    activities,
    assessments,
    bridges,
    clearing,
    comments,
    day,
    drafts,
    drawing,
    errors,
    evidence,
    frames,
    fresh,
    goals,
    granted,
    health,
    home,
    i18n,
    identities,
    imports,
    journal,
    letterbox,
    letters,
    methods,
    my_sessions,
    notices,
    pages,
    people,
    portfolio,
    probe,
    profile,
    putting_back,
    receipts,
    reflect,
    repairs,
    requests,
    rhythm,
    rights,
    scenarios,
    security,
    session,
    shares,
    shelves,
    signin,
    skill_map,
    skill_proposals,
    skill_search,
    skills,
    static,
    taking,
    things,
    time,
    tools,
    trajectory,
    values,
    vocabulary,
    watch,
    who_sees,
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
    clearing.install(app)
    i18n.install(app, config)
    static.install(app)
    notices.install(app)
    drafts.install(app, config)
    things.install(app)
    drawing.install(app)
    shelves.install(app, config)
    errors.install(app)

    session.install(app, config)
    access.install(app, config, who or session.current)
    fresh.install(app, config)
    probe.install(app, config)
    for module in (
        home,
        activities,
        time,
        skills,
        imports,
        shares,
        who_sees,
        comments,
        receipts,
        requests,
        granted,
        rights,
        letterbox,
        letters,
        vocabulary,
        pages,
        repairs,
        signin,
        my_sessions,
        taking,
        putting_back,
        reflect,
        journal,
        people,
        values,
        tools,
        methods,
        rhythm,
        goals,
        scenarios,
        day,
        watch,
        trajectory,
        portfolio,
        profile,
        identities,
    ):
        app.register_blueprint(module.bp)
    health.install(app, config)
    app.register_blueprint(scenarios.inside)
    app.register_blueprint(goals.steps.bp)
    for part in (skill_proposals, skill_search, skill_map, frames, assessments, evidence, bridges):
        app.register_blueprint(part.bp)
    return app
