"""Orders of authorities to the own provinces, and a new one put on record."""

from datetime import datetime, time

from flask import Response, request

from marketplace import clock
from marketplace.certification.oversight.errors import (
    AuthorityOrderOnRecord,
)
from marketplace.certification.oversight.order_facts import LENGTHS, OrderFacts
from marketplace.certification.oversight.takedown import (
    record_order,
)
from marketplace.database import db
from marketplace.errors import InvalidInput
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.authority_desk import (
    list_answered_orders,
    list_open_orders,
)
from marketplace.office.deadlines import time_left
from marketplace.office.tenancy import PROVINCE, Reach
from marketplace.office.typed_days import read_day
from marketplace.office.units import list_own_provinces
from marketplace.web.guards import requires
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _

PATH = "/van-phong/yeu-cau-go"
FIELDS = {"number": "so", "authority": "co_quan", "words": "loi", "received_at": "ngay"}


@door.get("/yeu-cau-go")
@requires(*PROVINCE)
def show_authority_orders() -> Response:
    """Show the orders of the own provinces, those due first on top."""
    work, reach = db.session(), Reach.of(require_actor())
    return page(
        "authority_orders",
        open=list_open_orders(work, reach),
        answered=list_answered_orders(work, reach),
        left=lambda due: time_left(due, clock.now()),
    )


@door.get("/yeu-cau-go/moi")
@requires(*PROVINCE)
def ask_for_authority_order() -> Response:
    """Ask what an order says and when it came in."""
    return _form_page()


@door.post("/yeu-cau-go/moi")
@requires(*PROVINCE)
def record_authority_order() -> Response:
    """Write an order down; the 24 hours count from its receipt."""
    received, unit_id = _read_instant(), _read_unit()
    if unit_id is None:
        return _form_page([("don_vi", _("Mời chọn tỉnh."))])
    if received is None:
        return _form_page([("ngay", _("Mời gõ ngày và giờ nhận, ví dụ 20/11/2026 và 08:30."))])
    typed = {name: request.form.get(FIELDS[name], "") for name in ("number", "authority", "words")}
    try:
        with acting() as (work, actor):
            facts = OrderFacts(**typed, received_at=received)
            number = record_order(work, actor, unit_id, facts, clock.now()).id
    except AuthorityOrderOnRecord as refusal:
        return go(f"{PATH}/{refusal.parameters['authority_order']}", explain(refusal))
    except InvalidInput as refusal:
        db.session.rollback()
        return _form_page([_fault(refusal)])
    return go(f"{PATH}/{number}", _("Đã ghi yêu cầu. Mời thêm các sản phẩm phải gỡ."))


def _read_instant() -> datetime | None:
    """Return when an order came in, by the clock of Vietnam; None for what is no day and time."""
    day = read_day(request.form.get("ngay", ""))
    try:
        hour = time.fromisoformat(request.form.get("gio", "").strip())
    except ValueError:
        return None
    if day is None or hour.tzinfo is not None:
        return None
    return datetime.combine(day, hour, tzinfo=clock.VIETNAM)


def _read_unit() -> int | None:
    """Return the province that was chosen, or the only one there is; None for none."""
    own = [unit.id for unit in list_own_provinces(Reach.of(require_actor()))]
    if len(own) == 1:
        return own[0]
    return next((unit for unit in own if str(unit) == request.form.get("don_vi")), None)


def _fault(refusal: InvalidInput) -> tuple[str, str]:
    return FIELDS.get(str(refusal.parameters.get("field")), "loi"), explain(refusal)


def _form_page(faults: Faults = ()) -> Response:
    units = list_own_provinces(Reach.of(require_actor()))
    return page(
        "authority_order_form",
        faults=faults,
        units=[(unit.id, unit.full_name) for unit in units] if len(units) > 1 else [],
        typed=request.form,
        lengths=LENGTHS,
        now=clock.now().astimezone(clock.VIETNAM),
    )
