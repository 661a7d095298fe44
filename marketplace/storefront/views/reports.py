"""Telling the office what is wrong with a product, a producer or the code on a pack: without an account."""

from dataclasses import replace

from flask import Response, make_response, render_template, request

from marketplace import clock
from marketplace.accounts.errors import InvalidIdentity, TooManyAttempts
from marketplace.accounts.identity import read_identity
from marketplace.catalogue.errors import InvalidReport
from marketplace.catalogue.report_models import ReportKind
from marketplace.catalogue.reports import LONGEST, Told, claim_report, open_report, read_words
from marketplace.database import unit_of_work
from marketplace.media.errors import PictureRefused
from marketplace.media.limits import MAX_BYTES
from marketplace.media.pictures import Encoded, encode
from marketplace.storefront import door
from marketplace.storefront.reported import About, read_about
from marketplace.web.desk_words import REPORT_KINDS
from marketplace.web.guards import Guard, guarded
from marketplace.web.pictures import read_files, takes_files
from marketplace.web.refusals import explain
from marketplace.web.words import gettext as _

Faults = list[tuple[str, str]]


@door.get("/bao-cao")
@guarded(Guard.VISITOR)
def ask_what_is_wrong() -> Response:
    """Ask what is wrong with the product, producer or code that the address names."""
    return _page(read_about(request.args))


@door.post("/bao-cao")
@guarded(Guard.VISITOR)
@takes_files(MAX_BYTES + 200_000)
def take_report() -> Response:
    """Take a report, within the limits; what is typed wrong costs no attempt, a picture is opened last."""
    about = read_about(request.form)
    told, faults = _read(about)
    if told is None:
        return _page(about, faults)
    at = clock.now()
    try:
        claim_report(request.remote_addr, at)
        told = replace(told, picture=_read_picture())
    except TooManyAttempts as refusal:
        response = _page(about, [("loi", explain(refusal))], refusal.status)
        response.headers["Retry-After"] = str(refusal.parameters["wait"])
        return response
    except PictureRefused as refusal:
        return _page(about, [("anh", explain(refusal))])
    with unit_of_work() as work:
        report = open_report(work, about.subject, told, at)
        due_at = report.answer_due_at
    return make_response(render_template("storefront/reported.html", about=about, due_at=due_at, told=told))


def _read(about: About) -> tuple[Told | None, Faults]:
    """Return what was told, or what is wrong with it in the order of the form."""
    kind, contact = request.form.get("viec", ""), request.form.get("lien_he", "").strip()
    faults: Faults = []
    words, identity = "", None
    if kind not in set(ReportKind):
        faults.append(("viec", _("Mời chọn một việc.")))
    try:
        words = read_words(request.form.get("loi", ""))
    except InvalidReport as refusal:
        faults.append(("loi", explain(refusal)))
    try:
        identity = read_identity(contact) if contact else None
    except InvalidIdentity as refusal:
        faults.append(("lien_he", explain(refusal)))
    if faults:
        return None, faults
    return Told(kind=ReportKind(kind), words=words, code=about.code, contact=identity), faults


def _read_picture() -> Encoded | None:
    """Return the picture that was sent, if one was; raises PictureRefused."""
    return next((encode(content, name) for name, content in read_files(most=1)), None)


def _page(about: About, faults: Faults | None = None, status: int = 422) -> Response:
    page = render_template(
        "storefront/report.html",
        about=about,
        kinds=[(kind.value, words) for kind, words in REPORT_KINDS.items()],
        longest=LONGEST,
        faults=faults or [],
        faulty=dict(faults or []),
        typed=request.form or {"viec": ReportKind.FAKE if about.code else ""},
    )
    return make_response(page, status if faults else 200)
