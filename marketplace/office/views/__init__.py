"""The pages of this door, one module per feature; importing this package puts them on the door."""

from marketplace.office import door
from marketplace.office.views import (  # noqa: F401
    bank,
    change_requests,
    complaints,
    decisions,
    giving_back,
    listings,
    money,
    people,
    plan_books,
    plans,
    recalls,
    reports,
    resets,
    scan_alerts,
    tasks,
    voices,
)

__all__ = ["door"]
