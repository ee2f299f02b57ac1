"""Receipts: what was agreed, on a page that can be printed and as data, the same for the person and for the recipient."""

import json

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from musette_solid.model import receipt as model
from musette_solid.model.receipt import Receipt
from musette_solid.rdf import syntax
from musette_solid.usecases import acknowledge
from musette_solid.usecases.granted import receipt_for
from musette_solid.usecases.layout import Bag
from musette_solid.usecases.renew import line_of
from musette_solid.web import clock
from musette_solid.web.access import Visitor, signed_in, with_bag

bp = Blueprint("receipts", __name__)


def _own(bag: Bag, share_id: str) -> Receipt:
    line = line_of(bag, share_id, clock.today())
    if line.awaits_word and acknowledge.look(bag, clock.now()):
        line = line_of(bag, share_id, clock.today())
    return model.of_grant(line.grant)


@bp.get("/shares/<share_id>/receipt")
@with_bag
def own(bag: Bag, share_id: str) -> ResponseReturnValue:
    receipt = _own(bag, share_id)
    return _page(
        receipt,
        url_for(".own_data", share_id=share_id),
        url_for("shares.show", share_id=share_id),
        is_mine=True,
    )


@bp.get("/shares/<share_id>/receipt.jsonld")
@with_bag
def own_data(bag: Bag, share_id: str) -> ResponseReturnValue:
    return _data(_own(bag, share_id))


@bp.get("/granted/receipt")
@signed_in
def received(visitor: Visitor) -> ResponseReturnValue:
    url = request.args.get("url", "")
    receipt = receipt_for(visitor.pod, url, clock.now())
    return _page(receipt, url_for(".received_data", url=url), url_for("granted.dossier", url=url), is_mine=False)


@bp.get("/granted/receipt.jsonld")
@signed_in
def received_data(visitor: Visitor) -> ResponseReturnValue:
    return _data(receipt_for(visitor.pod, request.args.get("url", ""), clock.now()))


def _page(receipt: Receipt, data: str, back: str, *, is_mine: bool) -> str:
    return render_template(
        "pages/receipt.html",
        receipt=receipt,
        status=receipt.status(clock.today()),
        is_mine=is_mine,
        data=data,
        back=back,
        standard=model.STANDARD,
    )


def _data(receipt: Receipt) -> Response:
    graph = model.graph_of_receipt(receipt, clock.today())
    response = Response(
        json.dumps(syntax.json_ld(graph), ensure_ascii=False, indent=2).encode(), content_type=syntax.JSON_LD
    )
    response.headers["Content-Disposition"] = 'attachment; filename="receipt.jsonld"'
    return response
