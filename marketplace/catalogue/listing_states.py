"""Which deed leads a listing from where to where, and the one way to change it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.catalogue.errors import IllegalTransition, ListingChanged
from marketplace.catalogue.listing_models import Listing, ListingState


class Deed(StrEnum):
    """What is done to a listing once it is there; EDIT changes what it says and leaves its state."""

    EDIT = "edit"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    DECLINE = "decline"
    PAUSE = "pause"
    RESUME = "resume"


_S = ListingState
TRANSITIONS: dict[Deed, dict[ListingState, ListingState]] = {
    Deed.EDIT: {state: state for state in _S if state is not _S.SUBMITTED},
    Deed.SUBMIT: {_S.DRAFT: _S.SUBMITTED, _S.DECLINED: _S.SUBMITTED},
    Deed.WITHDRAW: {_S.SUBMITTED: _S.DRAFT},
    Deed.APPROVE: {_S.SUBMITTED: _S.LIVE},
    Deed.DECLINE: dict.fromkeys((_S.SUBMITTED, _S.LIVE, _S.PAUSED), _S.DECLINED),
    Deed.PAUSE: {_S.LIVE: _S.PAUSED},
    Deed.RESUME: {_S.PAUSED: _S.LIVE},
}
"""Every deed that is open in a state, and the state it leads to; what is not here is illegal.

What an officer reads stays as it is until they have answered: a submitted listing is not edited.
"""


def is_open(deed: Deed, state: ListingState) -> bool:
    """Say whether a deed is open in a state."""
    return state in TRANSITIONS[deed]


@dataclass(frozen=True, slots=True)
class By:
    """Who does a deed, and when."""

    actor: Actor
    at: datetime


def claim(session: Session, listing: Listing, deed: Deed, version: int | None = None) -> None:
    """Lock a listing and check that a deed is open to whoever has read it at a version.

    Raises IllegalTransition, and ListingChanged when `version` is not the present one.
    """
    session.refresh(listing, with_for_update=True)
    if version is not None and version != listing.version:
        raise ListingChanged(version=listing.version)
    if not is_open(deed, listing.state):
        raise IllegalTransition(deed=deed.value, state=listing.state.value)


def advance(
    session: Session, listing: Listing, deed: Deed, by: By, version: int | None = None, **data: Any
) -> None:
    """Do a deed upon a listing: claim it, lead it to its next state, and write that into the journal.

    Raises what `claim` does.
    """
    claim(session, listing, deed, version)
    listing.state = TRANSITIONS[deed][listing.state]
    listing.version += 1
    listing.touched_at = by.at
    note_deed(session, listing, deed.value, by, version=listing.version, state=listing.state, **data)


def note_deed(session: Session, listing: Listing, verb: str, by: By, **data: Any) -> None:
    """Write a deed upon a listing into the journal."""
    org = Scope(ScopeKind.PRODUCER, listing.producer_id)
    journal.record(
        session, by.actor, f"listing:{verb}", "product", listing.product_id, org, at=by.at, data=data
    )
