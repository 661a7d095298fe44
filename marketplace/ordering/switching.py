"""An order that was to be paid by card and is paid on delivery after all."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.ordering.allowance import take_allowance
from marketplace.ordering.completion import Finalized, finalize
from marketplace.ordering.errors import NotSwitchable
from marketplace.ordering.models import OrderStatus, PaymentMethod
from marketplace.ordering.order_lock import lock_group


def switch_to_cash(session: Session, group_id: int, at: datetime) -> Finalized:
    """Place the draft orders of a group to be paid on delivery; what is held for them becomes promised.

    Orders whose goods are gone are canceled for want of stock. Whoever calls has made sure that nothing
    of it can be paid by card any more. Locks: group, telephone, stock, register version.
    Raises NotFound, NotSwitchable without a draft order, and TooManyUnconfirmed.
    """
    group = lock_group(session, group_id)
    drafts = any(order.status is OrderStatus.DRAFT for order in group.orders)
    if not group.payment_method.paid_first or not drafts:
        raise NotSwitchable
    take_allowance(session, group.buyer_phone)
    group.payment_method, group.allowance_held = PaymentMethod.CASH_ON_DELIVERY, True
    return finalize(session, group_id, at)
