"""Two who do something to one dossier, one product or one shelf at the same moment."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask

from marketplace.accounts.permissions import Actor
from marketplace.catalogue.models import Product
from marketplace.certification.dossiers.actions import open_dossier, submit_dossier, withdraw_dossier
from marketplace.certification.dossiers.editing import save_choices
from marketplace.certification.dossiers.evidence import get_own_evidence, remove_evidence
from marketplace.certification.dossiers.evidence_models import EvidenceFile
from marketplace.certification.dossiers.models import Dossier, DossierKind, DossierState, DossierStep
from marketplace.certification.dossiers.office_deeds import return_dossier
from marketplace.certification.dossiers.queries import list_uses
from marketplace.certification.dossiers.sheet_models import SheetRow
from marketplace.database import db, unit_of_work
from marketplace.producers.models import Producer
from tests.accounts.conftest import race as race  # noqa: PLC0414 - pytest finds it by this name
from tests.factories.dossiers import (
    a_dossier,
    a_dossier_product,
    an_evidence,
    evidence_file,
    fill_dossier,
    the_officer,
    the_owner,
)

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
Race = Any


def ready() -> tuple[int, Actor]:
    """Write a draft with all that it needs; return its id and its owner."""
    with unit_of_work() as session:
        product = a_dossier_product(session)
        owner = the_owner(session, product)
        dossier = a_dossier(session, product, actor=owner)
        fill_dossier(session, owner, dossier)
        return dossier.id, owner


def count(model: Any) -> int:
    db.session.rollback()
    return int(db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0)


def test_a_dossier_handed_in_by_two_tabs_is_handed_in_once(app: Flask, race: Race) -> None:
    number, owner = ready()

    def submit(session: Any) -> None:
        submit_dossier(session, owner, session.get_one(Dossier, number), NOON)

    assert race(submit, submit) == ["WrongState", "done"]
    assert count(DossierStep) == 2


def test_a_product_for_which_two_open_has_one_dossier(app: Flask, race: Race) -> None:
    with unit_of_work() as session:
        product = a_dossier_product(session)
        owner = the_owner(session, product)

    def begin(session: Any) -> None:
        producer = session.get_one(Producer, product.producer_id)
        open_dossier(session, owner, producer, session.get_one(Product, product.id), DossierKind.FIRST, NOON)

    assert race(begin, begin) == ["OpenDossierExists", "done"]
    assert count(Dossier) == 1


def test_what_is_returned_and_taken_back_at_once_is_in_one_state(app: Flask, race: Race) -> None:
    with unit_of_work() as session:
        product = a_dossier_product(session)
        owner = the_owner(session, product)
        dossier = a_dossier(session, product, DossierState.SUBMITTED, actor=owner)
        officer = the_officer(session, dossier)
    results = race(
        lambda session: withdraw_dossier(session, owner, session.get_one(Dossier, dossier.id), NOON),
        lambda session: return_dossier(
            session, officer, session.get_one(Dossier, dossier.id), "Thiếu.", NOON
        ),
    )
    db.session.rollback()
    log = list(db.session.scalars(sa.select(DossierStep.state).order_by(DossierStep.id)))
    assert (results, log[2:]) in [
        (["WrongState", "done"], ["withdrawn"]),
        (["done", "done"], ["returned", "withdrawn"]),
    ]


def test_two_tabs_begin_one_sheet(app: Flask, race: Race) -> None:
    with unit_of_work() as session:
        product = a_dossier_product(session)
        owner = the_owner(session, product)
        number = a_dossier(session, product, actor=owner).id

    def choose(criterion: str) -> Any:
        return lambda session: save_choices(
            session, owner, session.get_one(Dossier, number), {criterion: 1}, {}, NOON
        )

    assert race(choose("1.1"), choose("1.2")) == ["done", "done"]
    assert count(SheetRow) == 1


def test_a_file_sent_by_two_tabs_is_one_piece(app: Flask, race: Race) -> None:
    with unit_of_work() as session:
        product = a_dossier_product(session)
        owner = the_owner(session, product)
    file = evidence_file("Hai lần")

    def add(session: Any) -> None:
        an_evidence(session, session.get_one(Producer, product.producer_id), owner, NOON, file=file)

    assert race(add, add) == ["done", "done"]
    assert count(EvidenceFile) == 1


def test_evidence_thrown_away_while_it_is_handed_in_is_there_or_missed(app: Flask, race: Race) -> None:
    number, owner = ready()
    with unit_of_work() as session:
        piece = session.scalars(sa.select(EvidenceFile)).one()

    def throw_away(session: Any) -> None:
        producer = session.get_one(Producer, piece.producer_id)
        own = get_own_evidence(session, piece.id, producer.id)
        remove_evidence(session, owner, producer, own, NOON)

    results = race(
        throw_away, lambda session: submit_dossier(session, owner, session.get_one(Dossier, number), NOON)
    )
    db.session.rollback()
    state = db.session.get_one(Dossier, number).state
    there = bool(list_uses(number))
    assert (results, state, there) in [
        (["EvidenceInUse", "done"], DossierState.SUBMITTED, True),
        (["MissingPieces", "done"], DossierState.DRAFT, False),
    ]
