"""Rights that do not exist yet: a proposal tried on one's own data, beside the law. Nothing of it is kept."""

from decimal import Decimal

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from musette_solid.errors import MusetteError
from musette_solid.model.rights.conclusions import Quantity, Status
from musette_solid.model.rights.proposals import NotAScheme
from musette_solid.model.rights.standing import Standing
from musette_solid.pod.errors import NotThere, PodError
from musette_solid.rdf.names import local
from musette_solid.usecases.explain_rights import explain_rights
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.load_proposal import from_file, from_url, shipped
from musette_solid.web import clock, i18n
from musette_solid.web.access import with_bag
from musette_solid.web.i18n import gettext
from musette_solid.web.reasons import reasons, written
from musette_solid.web.rights.blueprint import bp, line_of, words


@bp.get("/proposals")
@with_bag
def proposals(_bag: Bag) -> ResponseReturnValue:
    return render_template("pages/rights_proposals.html", shipped=[name for name, _ in shipped()], error="", do="")


@bp.get("/proposals/<name>.ttl")
@with_bag
def example(_bag: Bag, name: str) -> ResponseReturnValue:
    """A whole example, to begin a right of one's own with."""
    data = dict(shipped()).get(name)
    if data is None:
        raise NotThere("", 404)
    response = Response(data, content_type="text/turtle; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.ttl"'
    return response


@bp.post("/proposals")
@with_bag
def try_proposal(bag: Bag) -> ResponseReturnValue:
    """A proposal from a file, an address or the application itself, worked out beside the law. Nothing is kept of it."""
    today = clock.today()
    chosen, address, named = (
        request.files.get("file"),
        request.form.get("url", "").strip(),
        request.form.get("shipped", ""),
    )
    try:
        if chosen is not None and chosen.filename:
            proposal = from_file(chosen.read(), chosen.filename, today)
        elif address:
            proposal = from_url(bag.pod.transport, address, today)
        else:
            data = dict(shipped()).get(named)
            if data is None:
                raise NotThere("", 404)
            proposal = from_file(data, f"{named}.ttl", today)
    except (NotAScheme, PodError) as error:
        return _refused_proposal(error)
    rights = explain_rights(bag, today, proposal.schemes)
    mine = {scheme.iri for scheme in proposal.schemes}
    return render_template(
        "pages/rights_proposal.html",
        proposal=proposal,
        refused=[(local(r.rule), gettext(r.because, said=r.said)) for r in proposal.refused],
        found=[
            (
                words(s.scheme.title),
                words(s.scheme.description),
                _totals(s),
                sorted(
                    reasons((c for c in s.conclusions if c.status is not Status.UNKNOWN), rights),
                    key=lambda r: -r.year,
                ),
                sorted({c.year for c in s.conclusions if c.status is Status.UNKNOWN}),
            )
            for s in rights.standings
            if s.scheme.iri in mine
        ],
        law=[line_of(s, rights) for s in rights.standings if s.scheme.iri not in mine],
        titles=[words(s.title) for s in proposal.schemes],
    )


def _totals(standing: Standing) -> list[tuple[str, str]]:
    """What each rule of a proposal would give in all: points of two kinds are not added together."""
    totals: dict[str, tuple[str, Quantity]] = {}
    for conclusion in standing.conclusions:
        for movement in conclusion.movements:
            _, before = totals.get(conclusion.rule.iri, ("", Quantity(Decimal(0), movement.counted.unit)))
            total = Quantity(before.number + movement.counted.number, movement.counted.unit)
            totals[conclusion.rule.iri] = words(conclusion.rule.title), total
    return [(title, written(total)) for title, total in totals.values()]


def _refused_proposal(error: MusetteError) -> ResponseReturnValue:
    what, do = i18n.sentences(error)
    page = render_template(
        "pages/rights_proposals.html", shipped=[name for name, _ in shipped()], error=what, do=do
    )  # fmt: skip
    return page, 422
