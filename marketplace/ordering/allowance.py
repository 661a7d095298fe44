"""How many orders a telephone number may have that nobody has paid and no seller has confirmed.

Cash on delivery and bank transfers count; what is paid first by card is never placed unpaid.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.ordering.counters import count_up
from marketplace.ordering.errors import TooManyUnconfirmed
from marketplace.ordering.models import OrderGroup, OrderStatus, PhoneAllowance

MOST_UNCONFIRMED = 3


def take_allowance(session: Session, phone: str) -> None:
    """Count one more unconfirmed order of a number.

    Raises TooManyUnconfirmed when it has three.
    """
    if not count_up(session, PhoneAllowance, PhoneAllowance.unconfirmed, MOST_UNCONFIRMED, phone=phone):
        raise TooManyUnconfirmed(most=MOST_UNCONFIRMED)


def give_allowance_back(session: Session, group: OrderGroup) -> None:
    """Count one unconfirmed order less, once per group; a number with none left is forgotten."""
    if not group.allowance_held:
        return
    group.allowance_held = False
    session.flush()
    counted = PhoneAllowance.phone == group.buyer_phone
    session.execute(
        sa.update(PhoneAllowance)
        .where(counted, PhoneAllowance.unconfirmed > 0)
        .values(unconfirmed=PhoneAllowance.unconfirmed - 1)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        sa.delete(PhoneAllowance)
        .where(counted, PhoneAllowance.unconfirmed == 0)
        .execution_options(synchronize_session=False)
    )


def give_back_when_settled(session: Session, group: OrderGroup) -> None:
    """Count a group no longer, its orders loaded, once none of them waits for its seller.

    Money that came in for the group settles it as well: then `give_allowance_back` is called.
    """
    waiting = (one.status is OrderStatus.PLACED and one.confirmed_at is None for one in group.orders)
    if not any(waiting):
        give_allowance_back(session, group)
