"""Who carries a parcel, and the number by which they know it."""

import re

from marketplace.ordering.after_sale_errors import InvalidCarrier, InvalidTrackingNumber
from marketplace.text import clean

CARRIERS = ("Viettel Post", "Bưu điện Việt Nam", "GHN", "GHTK", "J&T Express", "Ninja Van", "SPX Express")
"""Names to choose from; any other may be typed."""
_LONGEST_CARRIER = 60
_TRACKING_NUMBER = re.compile(r"[0-9A-Z][0-9A-Z./_-]{2,59}", re.IGNORECASE)


def read_carrier(text: str | None) -> str | None:
    """Return a carrier's name as it is kept, or None for none; raises InvalidCarrier."""
    name = clean(text or "")
    if len(name) > _LONGEST_CARRIER:
        raise InvalidCarrier(field="carrier", most=_LONGEST_CARRIER)
    return name or None


def read_tracking_number(text: str | None) -> str | None:
    """Return a carrier's number of a parcel without spaces, or None; raises InvalidTrackingNumber."""
    number = clean(text or "").replace(" ", "")
    if number and not _TRACKING_NUMBER.fullmatch(number):
        raise InvalidTrackingNumber(field="tracking_number")
    return number or None
