"""Amounts of money: whole đồng as `int`, never fractions, never floats."""

from decimal import ROUND_HALF_UP, Decimal

NO_BREAK_SPACE = "\u00a0"


def format_vnd(amount: int) -> str:
    """Write an amount of đồng as people in Vietnam do: 1250000 becomes `1.250.000 ₫`."""
    return f"{amount:,}".replace(",", ".") + f"{NO_BREAK_SPACE}₫"


def vat_included(gross: int, rate_percent: int) -> int:
    """Return the VAT contained in a VAT-inclusive amount, in whole đồng, half up."""
    net_share = Decimal(gross) * rate_percent / (100 + rate_percent)
    return int(net_share.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def per_unit(price: int, quantity: Decimal) -> int:
    """Return the price of one unit (kg, litre, piece) in whole đồng, half up.

    Raises ZeroDivisionError (decimal's) for a quantity of zero.
    """
    return int((Decimal(price) / quantity).quantize(Decimal(1), rounding=ROUND_HALF_UP))
