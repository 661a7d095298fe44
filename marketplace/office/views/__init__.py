"""The pages of this door, one module per feature; importing this package puts them on the door."""

from marketplace.office import door
from marketplace.office.views import (  # noqa: F401
    bank,
    change_requests,
    decisions,
    listings,
    money,
    people,
    plan_books,
    plans,
    reports,
    resets,
    tasks,
    voices,
)

__all__ = ["door"]
