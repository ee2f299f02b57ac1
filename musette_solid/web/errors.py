"""One table: error class to status and page. The person's sentence first; address, status and request id folded under it."""

import logging
from collections.abc import Mapping

from flask import Flask, Response, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, SecurityError

from musette_solid.errors import N_, MusetteError
from musette_solid.exchange.errors import UnreadableFile
from musette_solid.exchange.unmarked import NotCleaned
from musette_solid.model.comment import NoComment, NotInvited
from musette_solid.model.dossier import NotADossier
from musette_solid.model.grant import NotAGrant
from musette_solid.model.identity import FacetsMixed
from musette_solid.model.methods import NotAMethod
from musette_solid.model.receipt import NotAReceipt
from musette_solid.model.request import BadRequest, NotARequest
from musette_solid.model.time import Unclear
from musette_solid.model.validation import Unfit
from musette_solid.pod import errors as pod
from musette_solid.pod.webid import NotAProfile
from musette_solid.rdf.syntax import NotRdf
from musette_solid.usecases import (
    answer_request,
    ask,
    ask_esco,
    assess_another,
    bring_method,
    granted,
    import_file,
    import_record,
    keep,
    keep_evidence,
    letters,
    open_to_all,
    publish,
    renew,
    resume_import,
    set_up,
    share,
    show_in_profile,
    unpublish,
    who_sees,
)
from musette_solid.usecases.take_out import NotPutBack
from musette_solid.web import access, forms, i18n, security
from musette_solid.web.sealed import StoreUnreachable
from musette_solid.web.under_way import TooMuchAtWork

log = logging.getLogger(__name__)

STATUS: Mapping[type[MusetteError], int] = {
    MusetteError: 500,
    # what was asked does not fit
    Unfit: 422,
    Unclear: 422,
    NotRdf: 422,
    UnreadableFile: 422,
    NotPutBack: 422,
    assess_another.NothingSaid: 422,
    assess_another.NotDelivered: 502,
    keep_evidence.TooHeavy: 413,
    keep_evidence.MayRun: 422,
    keep_evidence.EmptyFile: 422,
    NotCleaned: 422,
    share.RecipientRefused: 422,
    share.NothingChosen: 422,
    share.BadTerms: 422,
    FacetsMixed: 422,
    publish.GivenAway: 422,
    publish.NotShown: 502,
    unpublish.NotWithdrawn: 502,
    show_in_profile.ProfileClosed: 403,
    ask_esco.EscoSilent: 502,
    ask_esco.NotAskedOnline: 404,
    ask_esco.NotKeptHere: 507,
    share.PreviewOutdated: 409,
    bring_method.InUse: 409,
    NotAMethod: 422,
    open_to_all.NoLicence: 422,
    open_to_all.NotOursToPassOn: 409,
    TooMuchAtWork: 503,
    ask.NotPublished: 502,
    open_to_all.StillSeen: 502,
    import_file.NothingNew: 409,
    import_record.NoSuchImport: 404,
    import_record.StillUnderWay: 409,
    resume_import.CannotGoOn: 409,
    keep.NoCopy: 409,
    keep.NothingToRestore: 409,
    set_up.NoStorage: 409,
    set_up.NotPrivate: 409,
    share.NotEffective: 502,
    StoreUnreachable: 503,
    NotADossier: 404,
    NotAGrant: 404,
    letters.NoInbox: 404,
    letters.Overfull: 503,
    granted.Ended: 410,
    NotARequest: 404,
    NotAReceipt: 404,
    NoComment: 422,
    NotInvited: 403,
    renew.NothingToRenew: 409,
    who_sees.NotOurs: 422,
    BadRequest: 422,
    answer_request.Forged: 422,
    answer_request.RequestChanged: 409,
    # what the space answered
    pod.PodError: 502,
    pod.SignInNeeded: 401,
    pod.AccessRefused: 403,
    pod.NotThere: 404,
    NotAProfile: 404,
    pod.ChangedMeanwhile: 412,
    pod.AlreadyThere: 409,
    pod.TooLarge: 502,
    pod.StorageFull: 507,
    pod.Unreachable: 504,
    pod.Busy: 503,
    pod.NotAllowed: 422,
    pod.NotKept: 502,
    pod.NotUnderstood: 502,
    pod.SignInFailed: 400,
    pod.RulesRefused: 422,
}

#: What an HTTP error means for the person, and what to do.
SENTENCES: Mapping[int, tuple[str, str]] = {
    400: (N_("This request could not be understood."), N_("Go back to the previous page and try again.")),
    403: (N_("This page is not open to you."), N_("Nothing was changed. Go back to the home page.")),
    404: (N_("This page does not exist."), N_("Check the address, or go back to the home page.")),
    405: (N_("This page cannot be used in that way."), N_("Go back to the previous page and try again.")),
    413: (
        N_("This file is too large for this page."),
        N_("Nothing was written. Choose a smaller file, or split it and send the parts one after the other."),
    ),
    429: (N_("Too many requests in a short time."), N_("Wait a minute, then try again.")),
    500: (
        N_("Something went wrong on our side."),
        N_("Try again; if it happens again, tell us what you were doing and give us the number under “Details”."),
    ),
}

OTHER_HOST = N_("This site does not answer under this name.")

TOO_LARGE_AND_SIGNED_OUT = (
    N_("Your session has ended, and this file is too large."),
    N_("Nothing was written. Sign in, open the form again and choose a smaller file."),
)

CROSS_SITE = (
    N_("This form was sent from another site, so it was refused."),
    N_("Nothing was changed. Open the page here and send the form again."),
)


def status_of(error: MusetteError) -> int:
    """The status of the nearest class in the table."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def install(app: Flask) -> None:
    app.register_error_handler(MusetteError, on_musette_error)
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(Exception, on_fault)


def on_musette_error(error: MusetteError) -> ResponseReturnValue:
    if isinstance(error, pod.SignInNeeded):
        return access.sign_in_first()
    status = status_of(error)
    if status == 500:
        log.error("%s request=%s", type(error).__name__, g.request_id)
    what, do = i18n.sentences(error)
    details: dict[str, object] = {}
    if isinstance(error, pod.PodError):
        details = {"url": error.url, "answer": error.status or None, "form": access.kept_form()}
    findings = tuple(forms.message(found) for found in error.findings) if isinstance(error, Unfit) else ()
    if isinstance(error, StoreUnreachable):
        log.error("sessions=unreachable cause=%s request=%s", type(error.__cause__).__name__, g.request_id)
        details = {"form": access.kept_form()}
    headers = {"Retry-After": str(error.details["seconds"])} if isinstance(error, pod.Busy) else {}
    return page(status, what, do, findings=findings, **details), status, headers


def on_http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    if isinstance(error, SecurityError):
        # Another host: no address of ours can be made for it, so there is no page either.
        return Response(i18n.gettext(OTHER_HOST), error.code, content_type="text/plain; charset=utf-8")
    is_known = error.code in SENTENCES
    if isinstance(error, security.CrossSite):
        what, do = CROSS_SITE
    elif error.code == 413 and not access.is_signed_in():
        what, do = TOO_LARGE_AND_SIGNED_OUT
    else:
        what, do = SENTENCES[error.code if is_known else 500 if error.code >= 500 else 400]
    response = error.get_response()
    response.data = page(error.code, i18n.gettext(what), i18n.gettext(do))
    response.content_type = "text/html; charset=utf-8"
    return response


def on_fault(error: Exception) -> ResponseReturnValue:
    """Ours to fix. Neither the page nor the log says what was being written."""
    if current_app.testing:
        raise error
    frames = error.__traceback__
    while frames and frames.tb_next:
        frames = frames.tb_next
    where = f"{frames.tb_frame.f_code.co_filename}:{frames.tb_lineno}" if frames else "?"
    log.error("fault=%s at=%s endpoint=%s request=%s", type(error).__name__, where, request.endpoint, g.request_id)
    what, do = SENTENCES[500]
    return page(500, i18n.gettext(what), i18n.gettext(do)), 500


def page(status: int, what: str, do: str, **details: object) -> str:
    return render_template(
        "errors/error.html", status=status, what=what, do=do, request_id=g.get("request_id"), **details
    )
