"""Where else a lot is on record: what its holder says of other portals, shown and never fetched."""

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.database import db
from marketplace.producers.models import Producer
from marketplace.traceability.lots import references
from marketplace.traceability.lots.errors import InvalidPortal
from marketplace.traceability.lots.models import Portal
from marketplace.traceability.lots.queries import get_own_lot
from marketplace.web.guards import requires
from marketplace.web.lot_words import PORTALS
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.tenancy import own_producer, own_producer_in
from marketplace.workspace.typed import Typed
from marketplace.workspace.views.lot_events import LOT


@door.get(f"/<slug>/lo/{LOT}/cong-khac")
@requires(Role.OWNER, Role.STAFF)
def ask_for_reference(slug: str, lot_id: int) -> Response:
    """Ask where else a lot is on record."""
    return _reference_page(own_producer(slug), lot_id)


@door.post(f"/<slug>/lo/{LOT}/cong-khac")
@requires(Role.OWNER, Role.STAFF)
def save_reference(slug: str, lot_id: int) -> Response:
    """Note where else a lot is on record, as its holder says."""
    producer, portal = own_producer(slug), request.form.get("cong", "")
    get_own_lot(db.session(), lot_id, producer.id)
    if portal not in set(Portal):
        return _reference_page(producer, lot_id, [("cong", _("Mời chọn một cổng."))])
    try:
        _write_reference(slug, lot_id, Portal(portal))
    except InvalidPortal as refusal:
        words = {
            "reference": _("Mời ghi mã ở cổng đó. Mỗi sản phẩm nhiều nhất 12 mã."),
            "url": _("Địa chỉ phải bắt đầu bằng https:// và là trang có tên miền."),
        }
        field = str(refusal.parameters["field"])
        fault = ({"reference": "ma", "url": "dia_chi"}[field], words[field])
        return _reference_page(own_producer(slug), lot_id, [fault])
    return go(f"/gian-hang/{slug}/lo/{lot_id}", _("Đã ghi. Trang truy xuất nói rõ đây là lời của cơ sở."))


@door.post(f"/<slug>/lo/{LOT}/cong-khac/bo")
@requires(Role.OWNER, Role.STAFF)
def drop_reference(slug: str, lot_id: int) -> Response:
    """Note no longer where else a lot is on record."""
    with acting() as (session, actor):
        own = own_producer_in(session, actor, slug)
        lot = get_own_lot(session, lot_id, own.id)
        number = Typed(request.form).id("so")
        one = references.get_own_reference(session, number, lot.product_id or 0)
        references.remove_reference(session, actor, own, one, clock.now())
    return go(f"/gian-hang/{slug}/lo/{lot_id}", _("Đã bỏ mã ở cổng khác."))


def _write_reference(slug: str, lot_id: int, portal: Portal) -> None:
    facts = references.ReferenceFacts(
        portal=portal, reference=request.form.get("ma", ""), url=request.form.get("dia_chi", "")
    )
    with acting() as (session, actor):
        own = own_producer_in(session, actor, slug)
        lot = get_own_lot(session, lot_id, own.id)
        references.add_reference(session, actor, own, lot.product_id or 0, lot, facts, clock.now())


def _reference_page(producer: Producer, lot_id: int, faults: Faults = ()) -> Response:
    return page(
        "lot_reference",
        producer,
        faults=faults,
        lot=get_own_lot(db.session(), lot_id, producer.id),
        typed=request.form,
        portals=[(portal.value, words) for portal, words in PORTALS.items()],
    )
