"""What a producer does with a dossier: open it, hand it in, take it back."""

import secrets
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.catalogue.models import Product, ProductSet
from marketplace.certification.dossiers.errors import (
    KindNotOpen,
    MissingPieces,
    NoRubric,
    OpenDossierExists,
    PlaceUnknown,
    TooEarly,
)
from marketplace.certification.dossiers.filling import begin_report, fill_from, find_last_dossier
from marketplace.certification.dossiers.flow import claim, move, note, write_step
from marketplace.certification.dossiers.kinds import find_renewal_of, kinds_open, opens_on
from marketplace.certification.dossiers.laying import mark_handed_in
from marketplace.certification.dossiers.models import Dossier, DossierKind, DossierState
from marketplace.certification.dossiers.queries import find_open_dossier, get_own_dossier
from marketplace.certification.dossiers.sheets import rubric_of
from marketplace.certification.dossiers.standing import standing_of
from marketplace.certification.dossiers.texts import LONGEST_REASONS, read_words
from marketplace.certification.regulations import regulation_in_force
from marketplace.certification.rubrics.shipped import EDITION
from marketplace.errors import NotFound
from marketplace.producers.models import Producer

HANDED_IN_FROM = (DossierState.DRAFT, DossierState.RETURNED, DossierState.NEEDS_COMPLETION)


def open_dossier(
    session: Session, actor: Actor, producer: Producer, product: Product, kind: DossierKind, at: datetime
) -> Dossier:
    """Open a dossier of a producer's product, filled from the last one handed in where there is one.

    Raises NotFound for the product of another, KindNotOpen, OpenDossierExists, NoRubric and PlaceUnknown.
    """
    day = clock.local_date(at)
    _one_at_a_time(session, product)
    if product.producer_id != producer.id:
        raise NotFound(product=product.id)
    if (other := find_open_dossier(session, product.id)) is not None:
        raise OpenDossierExists(number=other.code)
    if kind not in kinds_open(product, day):
        raise KindNotOpen(kind=kind)
    dossier = _new_dossier(session, actor, producer, product, kind, at)
    write_step(session, actor, dossier, at)
    begin_report(session, producer, dossier)
    if (last := find_last_dossier(session, product.id, producer.id)) is not None:
        fill_from(session, actor, dossier, last, product, at, day)
    note(session, actor, dossier, "open", at, kind=kind, product_id=product.id, dossier_code=dossier.code)
    return dossier


def submit_dossier(session: Session, actor: Actor, dossier: Dossier, at: datetime) -> None:
    """Hand a dossier in, or in again with what was asked for; what it holds is fixed from then on.

    The first time its regulation is that of the day, and the rubric is frozen with its digest (R12). Raises
    NotFound, WrongState, TooEarly, NoRubric and MissingPieces.
    """
    claim(session, dossier, *HANDED_IN_FROM)
    whole = get_own_dossier(session, dossier.id, dossier.producer_id)
    day = clock.local_date(at)
    if whole.submitted_at is None:
        _check_window(session, whole, day)
        whole.regulation, whole.rubric_edition = _regulation(day), EDITION
    standing = standing_of(whole, day)
    if standing.row is None or standing.missing:
        raise MissingPieces(standing.missing)
    standing.row.signed_at = at
    mark_handed_in(session, whole)
    if whole.state is DossierState.NEEDS_COMPLETION:
        move(session, actor, whole, DossierState.FORWARDED, at)
        return
    frozen = whole.rubric_digest or rubric_of(whole).digest
    handed_in = whole.submitted_at or at
    move(session, actor, whole, DossierState.SUBMITTED, at, submitted_at=handed_in, rubric_digest=frozen)


def withdraw_dossier(session: Session, actor: Actor, dossier: Dossier, at: datetime, words: str = "") -> None:
    """Take a dossier back, with reasons or without, as long as no council has it.

    Raises WrongState and InvalidDossier.
    """
    move(session, actor, dossier, DossierState.WITHDRAWN, at, read_words("words", words, LONGEST_REASONS))


def _new_dossier(
    session: Session, actor: Actor, producer: Producer, product: Product, kind: DossierKind, at: datetime
) -> Dossier:
    """Write an empty dossier by the rubric and the regulation of the day, with its number."""
    day = clock.local_date(at)
    commune_id, province_id = _place_of(product, producer)
    dossier = Dossier(
        code=secrets.token_hex(8),
        producer_id=producer.id,
        product_id=product.id,
        kind=kind,
        state=DossierState.DRAFT,
        since=at,
        commune_id=commune_id,
        province_id=province_id,
        regulation=_regulation(day),
        set_number=_set_of(session, product),
        rubric_edition=EDITION,
        created_by=actor.person_id,
        created_at=at,
    )
    rubric_of(dossier)
    session.add(dossier)
    session.flush()
    dossier.code = f"HS-{day.year}-{dossier.id:05}"
    return dossier


def _one_at_a_time(session: Session, product: Product) -> None:
    """Let dossiers of a product be opened one after the other."""
    one = sa.select(Product.id).where(Product.id == product.id)
    session.execute(one.with_for_update(key_share=True))
    session.refresh(product, ["producer_id", "ever_certified", "granted_stars", "certified_until"])


def _check_window(session: Session, dossier: Dossier, day: date) -> None:
    if dossier.kind is not DossierKind.REASSESS:
        return
    opens = opens_on(find_renewal_of(session, dossier.product_id, day))
    if opens is not None:
        raise TooEarly(opens=opens)


def _place_of(product: Product, producer: Producer) -> tuple[int, int]:
    """Return today's commune and province of a product, or else of who makes it."""
    for place in (product, producer):
        if place.commune_id is not None and place.province_id is not None:
            return place.commune_id, place.province_id
    raise PlaceUnknown


def _regulation(day: date) -> str:
    rules = regulation_in_force(day)
    if rules is None:
        raise NoRubric
    return rules.code


def _set_of(session: Session, product: Product) -> int:
    number = session.scalar(sa.select(ProductSet.number).where(ProductSet.id == product.set_id))
    if number is None:
        raise NoRubric
    return number
