"""What the producer that stays takes over from the one that goes, where it says nothing itself."""

from dataclasses import fields

from marketplace.producers.matching import may_be_same_place, whereabouts_of
from marketplace.producers.models import Producer
from marketplace.producers.profile import Profile

FILLED = (
    "legal_form",
    "printed_type",
    "email",
    "website",
    "tax_code",
    "story",
    "visiting_hours",
    "source_url",
)
OWN_WORDS = frozenset(one.name for one in fields(Profile))
"""What a producer says of itself."""


def lacks_address(stays: Producer, goes: Producer) -> bool:
    """Whether the one that stays has no street address where the other has one: without it nobody sells."""
    return bool(goes.printed_address) and not stays.printed_address


def is_address_taken(stays: Producer, goes: Producer) -> bool:
    """Whether the one that stays takes over the other's street address: both may lie in one place."""
    return lacks_address(stays, goes) and may_be_same_place(whereabouts_of(stays), whereabouts_of(goes))


def fill(stays: Producer, goes: Producer) -> None:
    """Fill what the one that stays leaves empty; words of the other's own stay a producer's own words."""
    columns = FILLED if goes.sample_contact else (*FILLED, "phone")
    taken = {
        column: value
        for column in columns
        if getattr(stays, column) is None and (value := getattr(goes, column)) is not None
    }
    for column, value in taken.items():
        setattr(stays, column, value)
    if OWN_WORDS & taken.keys():
        stays.described_at = stays.described_at or goes.described_at
    if is_address_taken(stays, goes):
        stays.printed_address = goes.printed_address
        stays.sample_contact = stays.sample_contact or goes.sample_contact
