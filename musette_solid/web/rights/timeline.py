"""Rights in time: what each year gave, beside the trajectory."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from musette_solid.model.rights.conclusions import Quantity
from musette_solid.model.rights.standing import Standing
from musette_solid.model.trajectory import draw
from musette_solid.rdf.names import local
from musette_solid.usecases.explain_rights import explain_rights
from musette_solid.usecases.layout import Bag
from musette_solid.web import clock, picture
from musette_solid.web.access import with_bag
from musette_solid.web.reasons import written
from musette_solid.web.rights.blueprint import bp, today, words

_TOP, _NAME, _BAR, _LANE = 26, 24, 20, 54
#: A letter's share of the width of the picture, on a wide screen.
_LETTER = 7.6 / 680


class Piece(NamedTuple):
    """What one year gave, in percent of the width; `text` is empty where it has no room."""

    x: float
    width: float
    text: str
    title: str


class Lane(NamedTuple):
    name: str
    y: int
    pieces: tuple[Piece, ...]


@bp.get("/timeline")
@with_bag
def timeline(bag: Bag) -> ResponseReturnValue:
    """What each year gave, on the same scale as the trajectory below."""
    rights = explain_rights(bag, today())
    columns = [s for s in rights.standings if s.simulated is not None]
    given = [_by_year(standing) for standing in columns]
    years = sorted({year for found in given for year in found}, reverse=True)
    drawn = draw(rights.life.activities, clock.today())
    return render_template(
        "pages/rights_timeline.html",
        columns=[(words(s.scheme.title), url_for(".show", slug=s.scheme.slug), written(s.simulated)) for s in columns],
        years=[(year, [written(found.get(year)) for found in given]) for year in years],
        lanes=[
            Lane(words(s.scheme.title), _TOP + n * _LANE, _pieces(found, drawn.first, drawn.last))
            for n, (s, found) in enumerate(zip(columns, given, strict=True))
        ],
        height=_TOP + len(columns) * _LANE,
        name_at=_NAME - 6,
        bar_at=_NAME,
        bar=_BAR,
        picture=picture.of(
            drawn,
            address=lambda iri: (
                url_for("activities.show", name=local(iri)) if iri.startswith(bag.layout.activities) else ""
            ),
        )
        if rights.life.activities
        else None,
    )


def _by_year(standing: Standing) -> dict[int, Quantity]:
    totals: dict[int, Quantity] = {}
    for movement in (m for c in standing.conclusions for m in c.movements):
        before = totals.get(movement.on.year)
        number = movement.counted.number + (before.number if before else 0)
        totals[movement.on.year] = Quantity(number, movement.counted.unit)
    return totals


def _pieces(found: Mapping[int, Quantity], first: date, last: date) -> tuple[Piece, ...]:
    days = (last - first).days + 1
    pieces = []
    for year, amount in sorted(found.items()):
        begin, end = max(first, date(year, 1, 1)), min(last, date(year, 12, 31))
        if begin > end:
            continue
        width = ((end - begin).days + 1) / days
        said = written(amount)
        text = next((s for s in (said, said.rpartition("\u00a0")[0]) if s and (len(s) + 1) * _LETTER <= width), "")
        pieces.append(
            Piece(round(100 * (begin - first).days / days, 3), round(100 * width, 3), text, f"{year}: {said}")
        )
    return tuple(pieces)
