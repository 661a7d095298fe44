"""Products behind a figure: recognised, recognised anew, kept, sold online, of craft villages."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from marketplace.catalogue.models import Product, ProductGroup
from marketplace.certification.models import Certificate
from marketplace.programme.asset_models import (
    CapacitySupport,
    CraftVillageProduct,
    FlagshipProduct,
    SupportKind,
)
from marketplace.programme.fact_models import ChannelKind, ChannelPresence
from marketplace.programme.metrics.ground import (
    Ground,
    Rows,
    Statement,
    alive,
    before,
    has_certificate,
    undated,
    within,
)
from marketplace.programme.models import Target

NO_YEAR: sa.ColumnElement[int | None] = sa.cast(sa.null(), sa.Integer)
COLUMNS: Sequence[Any] = (Product.id.label("id"), Product.origin_id, NO_YEAR.label("year"))


def recognised(ground: Ground, target: Target) -> Rows:
    """Count products with a recognition in the period, by the highest stars they reached in it."""
    return Rows(_of_group(_of_period(ground, target), target), unsure=_unsure(ground, target))


def first_recognised(ground: Ground, target: Target) -> Rows:
    """Count those of them that surely had no recognition before the period."""
    earlier = has_certificate(sa.or_(before(target.period_start), undated()))
    return Rows(_of_period(ground, target).where(~earlier), unsure=_unsure(ground, target))


def renewed(ground: Ground, target: Target) -> Rows:
    """Count products recognised before the period and again in it, of all recognised before it."""
    known = ground.products(*COLUMNS).where(has_certificate(before(target.period_start)))
    again = known.where(has_certificate(within(target.period_start, target.period_end)))
    return Rows(again, base=known, unsure=_unsure(ground, target))


def kept(ground: Ground, target: Target) -> Rows:
    """Count products certified on the first day and still on the last, of those certified on the first."""
    first = ground.products(*COLUMNS).where(has_certificate(alive(target.period_start)))
    last = first.where(has_certificate(alive(target.period_end)))
    return Rows(last, base=first, unsure=_unsure(ground, target))


def online(ground: Ground, target: Target) -> Rows:
    """Count products whose producer sold on the web in the period, of those certified on its last day."""
    certified = ground.products(*COLUMNS).where(has_certificate(alive(target.period_end)))
    sold = sa.exists().where(
        ChannelPresence.producer_id == Product.producer_id,
        ChannelPresence.kind == ChannelKind.ECOMMERCE,
        in_term(target),
    )
    return Rows(certified.where(sold), base=certified)


def flagships(ground: Ground, target: Target) -> Rows:
    """Count products that localities named as their flagships by the end of the period."""
    named = sa.exists().where(
        FlagshipProduct.product_id == Product.id, FlagshipProduct.named_on <= target.period_end
    )
    return Rows(ground.products(*COLUMNS).where(named))


def of_villages(ground: Ground, target: Target) -> Rows:
    """Count recognised products made in a craft village or of its material."""
    tied = sa.exists().where(CraftVillageProduct.product_id == Product.id)
    return Rows(_of_period(ground, target).where(tied))


def with_supported_dossier(ground: Ground, target: Target) -> Rows:
    """Count products whose file for the ministry was helped on in the period."""
    helped = sa.exists().where(
        CapacitySupport.product_id == Product.id,
        CapacitySupport.kind == SupportKind.CENTRAL_DOSSIER,
        CapacitySupport.given_on.between(target.period_start, target.period_end),
    )
    return Rows(ground.products(*COLUMNS).where(helped))


def in_term(target: Target) -> sa.ColumnElement[bool]:
    """Return whether a presence in a channel reaches into a target's period."""
    return sa.and_(
        ChannelPresence.started_on <= target.period_end,
        sa.or_(ChannelPresence.ended_on.is_(None), ChannelPresence.ended_on >= target.period_start),
    )


def _of_period(ground: Ground, target: Target) -> Statement:
    best = (
        sa.select(
            Certificate.product_id,
            sa.func.max(Certificate.stars).label("stars"),
            sa.func.min(Certificate.year).label("year"),
        )
        .where(within(target.period_start, target.period_end))
        .group_by(Certificate.product_id)
        .subquery()
    )
    columns = (Product.id.label("id"), Product.origin_id, best.c.year)
    wanted = ground.products(*columns).join(best, best.c.product_id == Product.id)
    if target.star_from is not None:
        wanted = wanted.where(best.c.stars >= target.star_from)
    if target.star_to is not None:
        wanted = wanted.where(best.c.stars <= target.star_to)
    return wanted


def _of_group(wanted: Statement, target: Target) -> Statement:
    if target.group_slug is None:
        return wanted
    return wanted.join(ProductGroup, ProductGroup.id == Product.group_id).where(
        ProductGroup.slug == target.group_slug
    )


def _unsure(ground: Ground, target: Target) -> Statement:
    """Return products whose recognition lacks what the target asks: its year, or its stars."""
    lacking = undated()
    if target.star_from is not None or target.star_to is not None:
        in_period = within(target.period_start, target.period_end)
        lacking = sa.or_(lacking, sa.and_(Certificate.stars.is_(None), in_period))
    return _of_group(ground.products(*COLUMNS).where(has_certificate(lacking)), target)
