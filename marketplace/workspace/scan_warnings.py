"""What scans of a producer's codes make one suspect, for its own eyes; the office answers it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.traceability.scans.alerts import list_alerts
from marketplace.traceability.scans.models import ScanAlert
from marketplace.web.scan_words import SCAN_RULES, explain_alert

MOST_SHOWN = 5
SHOWN_FOR = timedelta(days=30)
"""How long a warning stands where nothing else leads to it, unless its rule is broken again."""


@dataclass(frozen=True, slots=True)
class Warned:
    """A rule that scans broke, in words, and the goods whose codes they were."""

    rule: LazyString
    words: str
    goods: str


def warnings_of_lot(session: Session, lot_id: int) -> list[Warned]:
    """Return what scans of a lot make one suspect, as long as the office did not clear it."""
    return _told(
        list_alerts(session, ScanAlert.lot_id == lot_id, ScanAlert.cleared_at.is_(None), most=MOST_SHOWN)
    )


def warnings_of_products(session: Session, producer_id: int, at: datetime) -> list[Warned]:
    """Return what lately was scanned with the codes of a producer's products and belongs to no lot."""
    own = (ScanAlert.product_id.is_not(None), Product.producer_id == producer_id)
    lately = ScanAlert.raised_at > at - SHOWN_FOR
    return _told(list_alerts(session, *own, lately, ScanAlert.cleared_at.is_(None), most=MOST_SHOWN))


def _told(alerts: list[ScanAlert]) -> list[Warned]:
    return [
        Warned(SCAN_RULES[one.rule], explain_alert(one), one.goods.name if one.goods else "")
        for one in alerts
    ]
