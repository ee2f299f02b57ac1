"""The person's accounts elsewhere, by the side of their life that they belong to."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from musette_solid.model.identity import Account
from musette_solid.model.labels import concepts
from musette_solid.model.validation import Unfit
from musette_solid.rdf import terms
from musette_solid.usecases import note_account as noting
from musette_solid.usecases.layout import Bag
from musette_solid.web import clock, forms, notices
from musette_solid.web.access import with_bag
from musette_solid.web.forms import Form

bp = Blueprint("identities", __name__, url_prefix="/accounts")


@bp.get("/")
@with_bag
def index(bag: Bag) -> ResponseReturnValue:
    return _page(bag, forms.form(terms.AccountShape, {}))


def _page(bag: Bag, form: Form) -> str:
    found = noting.list_accounts(bag)
    facets = (*concepts(terms.FACETS), None)
    return render_template(
        "pages/accounts.html",
        groups=[(facet, [one for one in found if one.facet == facet]) for facet in facets],
        accounts=found,
        form=form,
    )


@bp.post("/")
@with_bag
def add(bag: Bag) -> ResponseReturnValue:
    texts = forms.texts(terms.AccountShape)
    try:
        noting.note_account(bag, texts)
    except Unfit as error:
        return _page(bag, forms.form(terms.AccountShape, texts, findings=error.findings)), 422
    notices.say("account-noted")
    return redirect(url_for(".index"), 303)


def _texts(account: Account) -> dict[str, list[str]]:
    said = {
        "accountName": account.name,
        "homepage": account.url,
        "accountServiceHomepage": account.service,
        "facet": str(account.facet or ""),
        "description": account.note,
    }
    return {name: [text] for name, text in said.items() if text}


def _iri(bag: Bag, name: str) -> str:
    return f"{bag.layout.identities}#{name}"


@bp.get("/<name>/correct")
@with_bag
def one(bag: Bag, name: str) -> ResponseReturnValue:
    account, seen = noting.account_to_correct(bag, _iri(bag, name))
    form = forms.form(terms.AccountShape, _texts(account))
    return render_template("pages/account_edit.html", account=account, form=form, seen=seen, name=name)


@bp.post("/<name>/correct")
@with_bag
def change(bag: Bag, name: str) -> ResponseReturnValue:
    texts, seen = forms.texts(terms.AccountShape), request.form.get("seen", "")
    try:
        noting.correct_account(bag, _iri(bag, name), texts, seen)
    except Unfit as error:
        account, _ = noting.account_to_correct(bag, _iri(bag, name))
        form = forms.form(terms.AccountShape, texts, findings=error.findings)
        return render_template("pages/account_edit.html", account=account, form=form, seen=seen, name=name), 422
    notices.say("account-corrected")
    return redirect(url_for(".index"), 303)


@bp.post("/<name>/delete")
@with_bag
def delete(bag: Bag, name: str) -> ResponseReturnValue:
    noting.remove_account(bag, _iri(bag, name), clock.now())
    notices.say("account-removed")
    return redirect(url_for(".index"), 303)
