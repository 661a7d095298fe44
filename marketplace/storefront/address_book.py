"""The addresses of whoever is signed in, at checkout: one fills the form, and one typed may be kept."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

import sqlalchemy as sa
from flask import request
from sqlalchemy.orm import Session

from marketplace.accounts.models import Person
from marketplace.database import db
from marketplace.ordering.addresses import Receiver, SavedAddress, keep_address, list_addresses
from marketplace.ordering.checkout import Checkout
from marketplace.ordering.errors import TooManyAddresses
from marketplace.ordering.models import OrderGroup
from marketplace.storefront.forms import CheckoutForm
from marketplace.web.visitors import current_actor


def kept_addresses() -> Sequence[SavedAddress]:
    """Return the addresses of whoever is signed in, the one used last first; of a guest, none."""
    actor = current_actor()
    return list_addresses(db.session(), actor.person_id) if actor is not None else []


def find_kept(address_id: int | None) -> SavedAddress | None:
    """Return an address of whoever is signed in, or None."""
    if address_id is None:
        return None
    return next((one for one in kept_addresses() if one.id == address_id), None)


def fill_in(form: CheckoutForm, kept: SavedAddress) -> CheckoutForm:
    """Put an address into the form; a commune that has ended since is to be chosen again."""
    form.sdt.data, form.ten.data, form.nha.data = kept.phone, kept.name, kept.address
    form.tinh.data = str(kept.commune.parent_id or "")
    form.xa.data = "" if kept.commune.ended else str(kept.commune_id)
    return form


def remembered_email() -> str | None:
    """Return the e-mail address that whoever is signed in ordered with last, else that of the account."""
    actor = current_actor()
    if actor is None:
        return None
    last = (
        sa.select(OrderGroup.buyer_email)
        .where(OrderGroup.person_id == actor.person_id, OrderGroup.buyer_email.is_not(None))
        .order_by(OrderGroup.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    own = sa.select(sa.func.coalesce(last, Person.email)).where(Person.id == actor.person_id)
    email: str | None = db.session.execute(own).scalar_one()
    return email


def keep_if_wanted(session: Session, checkout: Checkout, at: datetime) -> None:
    """Keep where an order goes, when its buyer is signed in and ticked so; a full book keeps none more.

    Who fetches everything and names no street leaves nothing to keep.
    """
    actor = current_actor()
    if actor is None or request.form.get("luu") != "co" or not checkout.address:
        return
    receiver = Receiver(checkout.name, checkout.phone, checkout.commune_id, checkout.address)
    with suppress(TooManyAddresses):
        keep_address(session, actor, receiver, at)
