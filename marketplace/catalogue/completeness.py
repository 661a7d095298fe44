"""What a listing needs before the office is asked to look at it."""

from enum import IntEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.listing_models import Listing
from marketplace.catalogue.models import Product, ProductGroup, ProductSet, Variant, policy_of
from marketplace.catalogue.pictures import LEAST_PICTURES, ProductPicture

LEAST_DESCRIPTION = 20


class Step(IntEnum):
    """The five steps in which a listing is written."""

    NAME = 1
    PICTURES = 2
    PACKS = 3
    WORDS = 4
    REVIEW = 5


def list_gaps(session: Session, listing: Listing, product: Product) -> list[Step]:
    """Return the steps that miss something, in their order.

    Needed are a group, two pictures, a pack where goods of the set are ordered here, and a description
    of some words.
    """
    pictures, packs = _counts(session, product.id)
    product_set = session.get(ProductSet, product.set_id) if product.set_id else None
    group = session.get(ProductGroup, product.group_id) if product.group_id else None
    missing = {
        Step.NAME: group is None,
        Step.PICTURES: pictures < LEAST_PICTURES,
        Step.PACKS: not packs and policy_of(product_set, group).orderable,
        Step.WORDS: len(listing.description or "") < LEAST_DESCRIPTION,
    }
    return [step for step, lacks in missing.items() if lacks]


def _counts(session: Session, product_id: int) -> tuple[int, int]:
    """Return how many pictures a product has, and how many packs that wait or are of its listing."""
    pictures = sa.select(sa.func.count()).where(ProductPicture.product_id == product_id)
    packs = sa.select(sa.func.count()).where(Variant.product_id == product_id, Variant.waiting)
    found = session.execute(sa.select(pictures.scalar_subquery(), packs.scalar_subquery())).one()
    return found[0], found[1]
