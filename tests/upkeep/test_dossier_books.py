"""The doctor's book of dossiers: silent on sound ones, naming each row that was changed past all rules."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.catalogue.models import Product
from marketplace.certification.dossiers.flow import move
from marketplace.certification.dossiers.laying import lay_to
from marketplace.certification.dossiers.ministry_deeds import record_ministry_answer, send_to_ministry
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.database import db, unit_of_work
from marketplace.media.store import store
from marketplace.producers.models import Producer
from marketplace.upkeep.doctor import Fault, examine
from tests.factories.certification import a_certificate, a_decision
from tests.factories.decisions import a_held_session
from tests.factories.dossiers import a_dossier, a_dossier_product, an_evidence, the_owner
from tests.factories.media import encoded

TODAY = date(2026, 11, 21)


@pytest.fixture
def dossiers(app: Flask) -> None:
    """Dossiers of every way: a draft, one returned, one recognised, one refused, two the ministry saw."""
    with unit_of_work() as session:
        product = a_dossier_product(session)
        owner = the_owner(session, product)
        draft = a_dossier(session, product, actor=owner)
        photograph = an_evidence(
            session, session.get_one(Producer, draft.producer_id), owner, file=encoded(), title="Ảnh vườn"
        )
        lay_to(session, owner, draft, "1.1", photograph, clock.now())
        for state in (DossierState.RETURNED, DossierState.SUBMITTED, DossierState.WITHDRAWN):
            a_dossier(session, state=state)
        held = a_held_session(session, 4, 2, 5, 5)
        at, officer = clock.now(), held.officer
        recognised, refused, below, waiting = (session.get_one(Dossier, one) for one in held.dossiers)
        decision = a_decision(session, "77/QĐ-UBND", decided_on=TODAY)
        a_certificate(session, session.get_one(Product, recognised.product_id), 4, decision=decision)
        move(session, officer, recognised, DossierState.RECOGNISED, at, granted=4)
        move(session, officer, refused, DossierState.NOT_RECOGNISED, at)
        for one, points in ((below, "80"), (waiting, "95")):
            send_to_ministry(session, officer, one, "45/TTr-UBND", TODAY, at)
            record_ministry_answer(session, officer, one, Decimal(points), "", TODAY, at)


@dataclass(frozen=True)
class Broken:
    """A row changed past all rules, and what the doctor calls it."""

    by: str
    what: str


OF_RECOGNISED = "(SELECT id FROM dossier WHERE state = 'recognised')"
BROKEN = [
    Broken("UPDATE dossier SET state = 'forwarded' WHERE state = 'submitted'", "dossier, state by its log"),
    Broken("UPDATE dossier SET since = '2026-11-20 00:00:00+00'", "dossier, state by its log"),
    Broken("DELETE FROM dossier_step WHERE state = 'draft' AND dossier_id = 1", "dossier, state by its log"),
    Broken("DELETE FROM dossier_step WHERE state = 'forwarded'", "dossier step, state it follows"),
    Broken(
        "UPDATE dossier_step SET at = '2026-11-20 00:00:00+00' WHERE state = 'advised'",
        "dossier step, state it follows",
    ),
    Broken(
        "UPDATE dossier SET rubric_digest = 'f' WHERE state = 'submitted'", "dossier, rubric by its digest"
    ),
    Broken(
        "UPDATE dossier SET rubric_digest = 'f' WHERE state = 'recognised'", "result of a session, sheets"
    ),
    Broken(
        "UPDATE score_sheet SET signed_at = NULL WHERE level = 'self'", "dossier, own sheet whole and signed"
    ),
    Broken("DELETE FROM score_choice WHERE criterion = '1.1'", "dossier, own sheet whole and signed"),
    Broken(
        "UPDATE score_choice SET \"option\" = 99 WHERE criterion = '1.1'",
        "dossier, own sheet whole and signed",
    ),
    Broken("UPDATE session_dossier SET points = 99 WHERE stars = 4", "result of a session"),
    Broken("UPDATE session_dossier SET stars = 3 WHERE stars = 4", "result of a session"),
    Broken("UPDATE session_dossier SET spread = 50 WHERE stars = 4", "result of a session"),
    Broken("UPDATE score_sheet SET signed_at = NULL WHERE level = 'council'", "result of a session, sheets"),
    Broken(f"UPDATE dossier SET points = 99 WHERE id = {OF_RECOGNISED}", "dossier, points by its results"),
    Broken(
        "UPDATE dossier SET points = 50, outcome = 'recognised' WHERE state = 'draft'",
        "dossier, points by its results",
    ),
    Broken("UPDATE ministry_file SET points = 81 WHERE points = 80", "dossier, points by its results"),
    Broken("UPDATE dossier SET granted = NULL WHERE state = 'recognised'", "dossier, stars granted"),
    Broken("UPDATE dossier SET granted = 3 WHERE state = 'not_recognised'", "dossier, stars granted"),
    Broken("UPDATE dossier SET granted = 3 WHERE state = 'recognised'", "dossier recognised, certificate"),
    Broken("UPDATE certificate SET stars = 3", "dossier recognised, certificate"),
    Broken("UPDATE certificate SET issued_on = '2026-11-20'", "dossier recognised, certificate"),
    Broken(
        "UPDATE evidence_file SET digest = 'f' WHERE document_id IS NOT NULL", "evidence, digest of its file"
    ),
    Broken("UPDATE picture SET digest = 'f'", "evidence, digest of its file"),
    Broken("UPDATE evidence_file SET handed_in = false", "evidence handed in, kept"),
]


@pytest.mark.usefixtures("dossiers")
def test_sound_dossiers_are_passed_over_and_each_broken_row_is_named() -> None:
    assert _found() == []
    missed = [broken for broken in BROKEN if not _is_named(broken)]
    assert missed == []
    assert _found() == []


@pytest.mark.usefixtures("dossiers")
def test_a_file_that_is_lost_is_named() -> None:
    with unit_of_work() as session:
        key = session.execute(sa.text("SELECT key FROM document ORDER BY id LIMIT 1")).scalar_one()
    store().remove(key)
    assert {fault.subject.rsplit(" ", 1)[0] for fault in _found()} == {"evidence, digest of its file"}


def _found() -> list[Fault]:
    db.session.rollback()
    return [fault for fault in examine(db.session()) if fault.book == "dossiers"]


def _is_named(broken: Broken) -> bool:
    """Break a row, ask the doctor, and undo it again."""
    db.session.rollback()
    session = db.session()
    session.connection().execute(sa.text(broken.by))
    named = {fault.subject.rsplit(" ", 1)[0] for fault in examine(session) if fault.book == "dossiers"}
    session.rollback()
    return broken.what in named
