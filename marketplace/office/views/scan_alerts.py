"""Scans that look wrong: which rule was broken, by how much, and who has looked at it."""

from flask import Response, request

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.tenancy import OFFICE, Reach
from marketplace.traceability.codes.trace_code import TraceCode
from marketplace.traceability.errors import InvalidClearing
from marketplace.traceability.scans.alerts import LONGEST_WORDS, clear_alert, list_alerts, see_alert
from marketplace.traceability.scans.models import ScanAlert
from marketplace.web.guards import requires
from marketplace.web.scan_words import SCAN_RULES, explain_alert
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _

PATH = "/van-phong/canh-bao"


@door.get("/canh-bao")
@requires(*OFFICE)
def list_scan_alerts() -> Response:
    """List the alerts of the actor's units, those nobody has looked at first."""
    return _page()


@door.post("/canh-bao/<int(max=2147483647):scan_alert_id>")
@requires(*OFFICE)
def see_scan_alert(scan_alert_id: int) -> Response:
    """Note that somebody of the office has looked at an alert."""
    with acting() as (session, actor):
        see_alert(session, actor, _in_reach(actor, scan_alert_id), clock.now())
    return go(PATH, _("Đã ghi là đã xem."))


@door.post("/canh-bao/<int(max=2147483647):scan_alert_id>/go")
@requires(*OFFICE)
def clear_scan_alert(scan_alert_id: int) -> Response:
    """Note that nothing is wrong, with a reason: shoppers are warned no more."""
    field = f"loi-{scan_alert_id}"
    typed = request.form.get(field, "")
    try:
        with acting() as (session, actor):
            alert = _in_reach(actor, scan_alert_id)
            clear_alert(session, actor, alert, typed, clock.now())
    except InvalidClearing as refusal:
        words = _("Mời viết lý do, không quá %(longest)s chữ.", longest=refusal.parameters["longest"])
        return _page([(field, words)], typed)
    return go(PATH, _("Đã gỡ cảnh báo."))


def _page(faults: Faults = (), typed: str = "") -> Response:
    return page(
        "scan_alerts",
        faults=faults,
        typed=typed,
        alerts=list_alerts(db.session(), Reach.of(require_actor()).products()),
        rules=SCAN_RULES,
        explain=explain_alert,
        trace_path=_trace_path,
        most_words=LONGEST_WORDS,
    )


def _in_reach(actor: Actor, alert_id: int) -> ScanAlert:
    found = list_alerts(db.session(), Reach.of(actor).products(), ScanAlert.id == alert_id, most=1)
    if not found:
        raise NotFound(scan_alert=alert_id)
    return found[0]


def _trace_path(alert: ScanAlert) -> str:
    """Return the trace page of the lot, or of the product."""
    product = alert.goods
    assert product is not None
    gtin, token = product.gtin, None if product.gtin else product.trace_token
    return TraceCode(gtin=gtin, token=token, lot=alert.lot.code if alert.lot else None).path
