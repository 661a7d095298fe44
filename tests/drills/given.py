"""What the stage cannot make up: columns whose values hang together, and tables that are nobody's own."""

from collections.abc import Callable
from typing import Any

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

Row = dict[str, Any]

SHARED = frozenset(
    {
        "admin_unit", "admin_succession", "product_group", "product_set", "regulation", "decision",
        "search_generation", "register_version", "job", "attempt", "deed", "deed_head",
        "first_administrator", "lookup_attempt", "phone_allowance",
    }
)  # fmt: skip
"""Tables whose rows belong to no tenant."""

GIVEN: dict[str, Callable[[Any, Row], Row]] = {
    "totp_secret": lambda tenant, row: {
        "person_id": tenant.people["staff"],
        "secret": SECRET,
        "pending_secret": SECRET,
    },
}
"""By table: what a made-up row has instead, given the tenant and the row."""

TALLIES: frozenset[str] = frozenset()
"""Tables that reading a page may write to, in batches after the answer."""
