"""Quality certificates: VietGAP, organic, HACCP and the like, each with its validity and a photograph."""

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.database import db
from marketplace.media.errors import PictureRefused
from marketplace.media.pictures import Encoded, encode
from marketplace.producers.errors import InvalidQualityCertificate
from marketplace.producers.models import Producer, QualityCertificate, QualityKind
from marketplace.producers.quality_certificates import (
    LONGEST_ISSUER,
    LONGEST_NUMBER,
    LONGEST_TITLE,
    QualityFacts,
    add_certificate,
    change_certificate,
    get_certificate,
    list_certificates,
    read_kind,
    read_line,
    remove_certificate,
)
from marketplace.web.guards import requires
from marketplace.web.pictures import read_files, takes_files
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.shop_words import QUALITY_KINDS
from marketplace.workspace.tenancy import own_producer, own_producer_in
from marketplace.workspace.typed import Typed, read_day, read_required_day

FIELDS = {
    "kind": "loai",
    "title": "ten",
    "number": "so",
    "issuer": "noi_cap",
    "valid_from": "tu_ngay",
    "valid_until": "den_ngay",
}
"""What the columns of a certificate are called in its form."""


@door.get("/<slug>/giay-to")
@requires(Role.OWNER, Role.STAFF)
def show_certificates(slug: str) -> Response:
    """List the certificates that a producer shows."""
    producer = own_producer(slug)
    certificates = list_certificates(db.session(), producer.id)
    return page("papers", producer, certificates=certificates, day=clock.today())


@door.get("/<slug>/giay-to/moi")
@requires(Role.OWNER, Role.STAFF)
def ask_for_certificate(slug: str) -> Response:
    """Ask what stands on another certificate."""
    return _form_page(own_producer(slug), None)


@door.post("/<slug>/giay-to/moi")
@requires(Role.OWNER, Role.STAFF)
@takes_files()
def save_new_certificate(slug: str) -> Response:
    """Show another certificate."""
    return _save(slug, None)


@door.get("/<slug>/giay-to/<int(max=2147483647):certificate_id>")
@requires(Role.OWNER, Role.STAFF)
def show_certificate(slug: str, certificate_id: int) -> Response:
    """Show what is known of a certificate, for correcting it."""
    producer = own_producer(slug)
    return _form_page(producer, get_certificate(db.session(), producer.id, certificate_id))


@door.post("/<slug>/giay-to/<int(max=2147483647):certificate_id>")
@requires(Role.OWNER, Role.STAFF)
@takes_files()
def save_certificate(slug: str, certificate_id: int) -> Response:
    """Correct what is known of a certificate."""
    return _save(slug, certificate_id)


@door.post("/<slug>/giay-to/bo")
@requires(Role.OWNER, Role.STAFF)
def drop_certificate(slug: str) -> Response:
    """Show a certificate no longer."""
    number = Typed(request.form).id("giay")
    with acting() as (session, actor):
        own = own_producer_in(session, actor, slug)
        remove_certificate(session, actor, own, get_certificate(session, own.id, number), clock.now())
    return go(f"/gian-hang/{slug}/giay-to", _("Đã bỏ giấy."))


def _save(slug: str, certificate_id: int | None) -> Response:
    producer, typed = own_producer(slug), Typed(request.form)
    kept = get_certificate(db.session(), producer.id, certificate_id) if certificate_id is not None else None
    facts, photograph = _read(typed), None
    try:
        photograph = next((encode(content, name) for name, content in read_files(most=1)), None)
    except PictureRefused as refusal:
        typed.fault("anh", explain(refusal))
    if typed.faults or facts is None:
        return _form_page(producer, kept, typed.faults)
    try:
        _write(slug, certificate_id, facts, photograph)
    except InvalidQualityCertificate as refusal:
        return _form_page(producer, kept, [_fault(refusal)])
    return go(f"/gian-hang/{slug}/giay-to", _("Đã lưu giấy. Người mua thấy ngay."))


def _write(slug: str, certificate_id: int | None, facts: QualityFacts, photograph: Encoded | None) -> None:
    with acting() as (session, actor):
        own, at = own_producer_in(session, actor, slug), clock.now()
        if certificate_id is None:
            add_certificate(session, actor, own, facts, at, photograph)
        else:
            kept = get_certificate(session, own.id, certificate_id)
            change_certificate(session, actor, own, kept, facts, at, photograph)


def _read(typed: Typed) -> QualityFacts | None:
    too_long = _("Mời gõ một dòng ngắn, không bỏ trống.")
    kind = typed.read("loai", read_kind, _("Chưa chọn loại giấy."))
    other = kind is QualityKind.OTHER
    title = (
        typed.read("ten", lambda text: read_line("title", text, LONGEST_TITLE), too_long) if other else None
    )
    number = typed.read("so", lambda text: read_line("number", text, LONGEST_NUMBER), too_long)
    issuer = typed.read("noi_cap", lambda text: read_line("issuer", text, LONGEST_ISSUER), too_long)
    day_words = _("Mời chọn ngày, ví dụ 10/02/2027.")
    valid_from = typed.read("tu_ngay", read_day, day_words)
    valid_until = typed.read("den_ngay", read_required_day, day_words)
    if kind is None or number is None or issuer is None or valid_until is None:
        return None
    return QualityFacts(
        kind=kind,
        title=title,
        number=number,
        issuer=issuer,
        valid_from=valid_from,
        valid_until=valid_until,
    )


def _fault(refusal: InvalidQualityCertificate) -> tuple[str, str]:
    field = refusal.parameters["field"]
    if "most" in refusal.parameters:
        words = _("Chỉ giữ được %(most)s giấy. Mời bỏ bớt giấy cũ.", most=refusal.parameters["most"])
    else:
        words = _("Ngày hết hạn không trước ngày cấp, và không quá 10 năm nữa.")
    return FIELDS[field], words


def _form_page(producer: Producer, kept: QualityCertificate | None, faults: Faults = ()) -> Response:
    return page(
        "paper",
        producer,
        faults=faults,
        kept=kept,
        typed=request.form if faults else _as_typed(kept),
        kinds=[(kind.value, words) for kind, words in QUALITY_KINDS.items()],
        longest={"ten": LONGEST_TITLE, "so": LONGEST_NUMBER, "noi_cap": LONGEST_ISSUER},
        at=f"/gian-hang/{producer.slug}/giay-to/{kept.id if kept else 'moi'}",
    )


def _as_typed(kept: QualityCertificate | None) -> dict[str, str]:
    if kept is None:
        return {}
    values = {field: getattr(kept, column) for column, field in FIELDS.items()}
    return {field: str(value) for field, value in values.items() if value is not None}
