"""Producers behind a figure: those with recognised products, new ones, helped, trained, in channels."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from marketplace.catalogue.models import Product
from marketplace.certification.models import Certificate
from marketplace.producers.models import Producer
from marketplace.programme.asset_models import CapacitySupport, ProducerYearStat
from marketplace.programme.fact_models import (
    ChannelKind,
    ChannelPresence,
    TrainingAttendance,
    TrainingSession,
)
from marketplace.programme.metrics.ground import Ground, Rows, Statement, before, undated, within
from marketplace.programme.metrics.products import NO_YEAR, in_term
from marketplace.programme.models import Target

MODERN = (ChannelKind.SUPERMARKET, ChannelKind.CONVENIENCE)


def ranked(ground: Ground, target: Target) -> Rows:
    """Count producers of one legal form, of all whose product was recognised by the end of the period.

    One whose legal form no source tells stays in the base, and is said to be unsure.
    """
    every = _with_certificate(ground, _by_the_end(target))
    of_form = every.where(Producer.legal_form == target.legal_form)
    return Rows(of_form, base=every, unsure=every.where(Producer.legal_form.is_(None)))


def new(ground: Ground, target: Target) -> Rows:
    """Count producers that have a recognition in the period and surely had none before it."""
    other = aliased(Product)
    known = sa.select(other.producer_id).join(Certificate, Certificate.product_id == other.id)
    known = known.where(other.producer_id.is_not(None), sa.or_(before(target.period_start), undated()))
    found = _with_certificate(ground, within(target.period_start, target.period_end))
    found = found.where(Producer.id.not_in(known.correlate(None)))
    if target.legal_form is None:
        return Rows(found)
    of_form = found.where(Producer.legal_form == target.legal_form)
    return Rows(of_form, unsure=found.where(Producer.legal_form.is_(None)))


def supported(ground: Ground, target: Target) -> Rows:
    """Count producers recognised before the period and helped in it."""
    helped = sa.exists().where(
        CapacitySupport.producer_id == Producer.id,
        CapacitySupport.given_on.between(target.period_start, target.period_end),
    )
    return Rows(_with_certificate(ground, before(target.period_start)).where(helped))


def trained(ground: Ground, target: Target) -> Rows:
    """Count producers that sent people to a training in the period, of all recognised by its end."""
    every = _with_certificate(ground, _by_the_end(target))
    attended = sa.exists().where(
        TrainingAttendance.producer_id == Producer.id,
        TrainingAttendance.session_id == TrainingSession.id,
        TrainingSession.held_on.between(target.period_start, target.period_end),
    )
    return Rows(every.where(attended), base=every)


def in_modern_channels(ground: Ground, target: Target) -> Rows:
    """Count producers sold in supermarkets or convenience shops, of all recognised by the end."""
    every = _with_certificate(ground, _by_the_end(target))
    sold = sa.exists().where(
        ChannelPresence.producer_id == Producer.id, ChannelPresence.kind.in_(MODERN), in_term(target)
    )
    return Rows(every.where(sold), base=every)


def with_statistics(ground: Ground, target: Target) -> Rows:
    """Count producers that reported a year of the period."""
    told = sa.exists().where(
        ProducerYearStat.producer_id == Producer.id,
        ProducerYearStat.year.between(target.period_start.year, target.period_end.year),
    )
    return Rows(_with_certificate(ground, _by_the_end(target)).where(told))


def _by_the_end(target: Target) -> sa.ColumnElement[bool]:
    return sa.or_(before(target.period_start), within(target.period_start, target.period_end))


def _with_certificate(ground: Ground, condition: sa.ColumnElement[bool]) -> Statement:
    columns: Any = (Producer.id.label("id"), Product.origin_id, NO_YEAR.label("year"))
    wanted = ground.products(*columns).join(Producer, Producer.id == Product.producer_id)
    return wanted.join(Certificate, Certificate.product_id == Product.id).where(condition)
