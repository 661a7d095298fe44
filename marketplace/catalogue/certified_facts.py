"""The facts of a product that its certificate fixes: read as text, checked, and given anew."""

from collections.abc import Mapping
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.actions import classify_product, refresh_offer, refresh_words
from marketplace.catalogue.errors import InvalidChange
from marketplace.catalogue.listing_words import LONGEST_NAME, LONGEST_TEXT, tidied
from marketplace.catalogue.models import ClassifiedBy, Product, ProductSet
from marketplace.producers.models import Producer
from marketplace.producers.queries import find_by_slug


class ChangeField(StrEnum):
    """What changes by a change request alone."""

    NAME = "name"
    NAME_EN = "name_en"
    PRODUCER = "producer"
    SET = "set"
    INGREDIENTS = "ingredients"
    LABELS = "labels"


TEXTS = {
    ChangeField.NAME: LONGEST_NAME,
    ChangeField.NAME_EN: LONGEST_NAME,
    ChangeField.INGREDIENTS: LONGEST_TEXT,
    ChangeField.LABELS: LONGEST_TEXT,
}
"""The fields that are text, and the most characters each may have."""


def facts_of(session: Session, product: Product) -> dict[ChangeField, str | None]:
    """Return the present values: texts, and the slugs of the producer and the set."""
    producer = session.get(Producer, product.producer_id) if product.producer_id else None
    product_set = session.get(ProductSet, product.set_id) if product.set_id else None
    texts: dict[ChangeField, str | None] = {field: getattr(product, field.value) for field in TEXTS}
    return {
        **texts,
        ChangeField.PRODUCER: producer.slug if producer else None,
        ChangeField.SET: product_set.slug if product_set else None,
    }


def read_change(session: Session, field: ChangeField, value: str | None) -> str | None:
    """Return a new value as it will be kept.

    Raises InvalidChange for a producer or set that is not there, InvalidWords for a text too long or
    an empty name.
    """
    if field in TEXTS:
        return tidied(field.value, value, TEXTS[field], required=field is ChangeField.NAME)
    named = _producer(session, value) if field is ChangeField.PRODUCER else _set(session, value)
    return named.slug


def give(session: Session, product: Product, facts: Mapping[ChangeField, str | None]) -> None:
    """Give a product new facts, and derive again what repeats them.

    Raises InvalidChange for a producer or set that is not there any more.
    """
    for field in TEXTS.keys() & facts.keys():
        setattr(product, field.value, facts[field])
    if ChangeField.SET in facts:
        product_set = _set(session, facts[ChangeField.SET])
        classify_product(session, product, ClassifiedBy.SOURCE, product_set=product_set)
    if ChangeField.PRODUCER in facts:
        product.producer_id = _producer(session, facts[ChangeField.PRODUCER]).id
    refresh_words(session, product)
    refresh_offer(session, product)


def _producer(session: Session, slug: str | None) -> Producer:
    found = find_by_slug(session, slug) if slug else None
    if found is None:
        raise InvalidChange(field=ChangeField.PRODUCER.value)
    return found


def _set(session: Session, slug: str | None) -> ProductSet:
    found = session.scalar(sa.select(ProductSet).where(ProductSet.slug == slug))
    if found is None:
        raise InvalidChange(field=ChangeField.SET.value)
    return found
