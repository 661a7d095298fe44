"""What of an order's money is where, and what that is called; derived, never stored."""

from dataclasses import dataclass
from enum import StrEnum


class PaymentStatus(StrEnum):
    """How far an order is paid, in the field's own words."""

    NONE = "none"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    OVERCHARGED = "overcharged"
    VOIDED = "voided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An order's money in đồng.

    `total` is what was ordered, `due` what of it was not canceled. `captured` came in, `refunded` goes
    back, `lessened` is what of that went back for goods that came back or by a dispute, so that it is
    not owed again. `held` is what of `captured - refunded` the seller holds itself.
    """

    total: int
    due: int
    captured: int = 0
    refunded: int = 0
    lessened: int = 0
    held: int = 0

    @property
    def kept(self) -> int:
        """Return what was paid and not given back: the most that can still be refunded."""
        return self.captured - self.refunded

    @property
    def owed(self) -> int:
        """Return what the buyer still has to pay."""
        return max(0, self.due - self.lessened - self.kept)

    @property
    def excess(self) -> int:
        """Return what was paid beyond what is due: never more than is kept, whatever went back before."""
        return max(0, self.kept - max(0, self.due - self.lessened))

    @property
    def value(self) -> int:
        """Return what of the money kept is the seller's, whoever holds it."""
        return self.kept - self.excess

    @property
    def gross(self) -> int:
        """Return what of the seller's money passed through here."""
        return max(0, self.value - self.held)

    @property
    def status(self) -> PaymentStatus:
        """Return what this is called."""
        if self.captured == 0:
            return PaymentStatus.NONE if self.due else PaymentStatus.VOIDED
        if self.kept == 0:
            return PaymentStatus.REFUNDED
        if self.excess:
            return PaymentStatus.OVERCHARGED
        if self.kept >= self.total:
            return PaymentStatus.PAID
        if self.refunded:
            return PaymentStatus.PARTIALLY_REFUNDED
        return PaymentStatus.PARTIALLY_PAID if self.owed else PaymentStatus.PAID
