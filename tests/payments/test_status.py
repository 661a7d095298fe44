"""What an order's money is called."""

import pytest

from marketplace.payments.status import PaymentStatus, Standing


@pytest.mark.parametrize(
    ("standing", "called"),
    [
        (Standing(total=100, due=100), PaymentStatus.NONE),
        (Standing(total=100, due=0), PaymentStatus.VOIDED),
        (Standing(total=100, due=100, captured=60), PaymentStatus.PARTIALLY_PAID),
        (Standing(total=100, due=100, captured=100), PaymentStatus.PAID),
        (Standing(total=100, due=100, captured=130), PaymentStatus.OVERCHARGED),
        (Standing(total=100, due=100, captured=130, refunded=30), PaymentStatus.PAID),
        (Standing(total=100, due=70, captured=100, refunded=30), PaymentStatus.PARTIALLY_REFUNDED),
        (Standing(total=100, due=70, captured=70), PaymentStatus.PAID),
        (
            Standing(total=100, due=100, captured=100, refunded=30, lessened=30),
            PaymentStatus.PARTIALLY_REFUNDED,
        ),
        (Standing(total=100, due=0, captured=100), PaymentStatus.OVERCHARGED),
        (Standing(total=100, due=0, captured=100, refunded=100), PaymentStatus.REFUNDED),
        (Standing(total=100, due=100, captured=100, refunded=100, lessened=100), PaymentStatus.REFUNDED),
    ],
)
def test_names(standing: Standing, called: PaymentStatus) -> None:
    assert standing.status is called


def test_what_came_back_is_not_owed_again() -> None:
    returned = Standing(total=100, due=100, captured=100, refunded=30, lessened=30)

    assert (returned.owed, returned.excess, returned.value, returned.kept) == (0, 0, 70, 70)


def test_cash_that_the_seller_holds_does_not_pass_through_here() -> None:
    in_cash = Standing(total=100, due=100, captured=120, held=120)

    assert (in_cash.value, in_cash.gross, in_cash.excess) == (100, 0, 20)


def test_what_went_back_before_is_no_excess_twice() -> None:
    """An order of 100 whose 30 went back at a gateway's desk, canceled since."""
    canceled = Standing(total=100, due=0, captured=100, refunded=30, lessened=30)

    assert (canceled.owed, canceled.excess, canceled.value) == (0, 70, 0)
    assert Standing(total=100, due=0, captured=100, refunded=100, lessened=100).excess == 0
