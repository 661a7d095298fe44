"""The office's radar: what runs out when, and producers reminded once in each stage."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.journal import Deed
from marketplace.catalogue.models import Product
from marketplace.certification.actions import extend_certificate, revoke_certificate
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.certification.lapsing.errors import AlreadyReminded, NobodyToRemind, NothingToRemind
from marketplace.certification.lapsing.models import OfficeReminder
from marketplace.certification.lapsing.queries import (
    LINES_PER_PAGE,
    Band,
    count_bands,
    find_lapsing,
    list_lapsing,
)
from marketplace.certification.lapsing.reminders import remind_producer
from marketplace.certification.models import Certificate, RevocationReason
from marketplace.certification.renewal import Stage
from marketplace.clock import add_months
from marketplace.database import db, unit_of_work
from tests.factories.accounts import a_person, an_actor, an_owner
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate
from tests.factories.dossiers import a_dossier, a_dossier_product
from tests.factories.producers import a_producer

TODAY = date(2026, 11, 21)
EVERYWHERE = sa.true()


def ending(session: sa.orm.Session, name: str, on: date, owned: bool = True) -> Certificate:
    """Certify a product of a new producer until a day."""
    producer = a_producer(session, f"HTX {name}")
    if owned:
        an_owner(session, producer.id)
    return a_certificate(
        session, a_product(session, name, producer=producer), 4, issued_on=add_months(on, -36)
    )


def bands() -> dict[Band, list[str]]:
    db.session.rollback()
    listed = {
        band: [line.certificate.product_name for line in list_lapsing(db.session(), EVERYWHERE, band, TODAY)]
        for band in Band
    }
    assert count_bands(db.session(), EVERYWHERE, TODAY) == {band: len(listed[band]) for band in Band}
    return listed


def test_certificates_stand_in_the_band_of_their_end(app: Flask) -> None:
    with unit_of_work() as session:
        for name, on in (
            ("hôm nay", TODAY),
            ("4 tháng", date(2027, 3, 21)),
            ("hơn 4 tháng", date(2027, 3, 22)),
            ("6 tháng", date(2027, 5, 21)),
            ("hơn 6 tháng", date(2027, 5, 22)),
            ("12 tháng", date(2027, 11, 21)),
            ("hơn 12 tháng", date(2027, 11, 22)),
            ("hôm qua", date(2026, 11, 20)),
            ("năm ngoái", TODAY - timedelta(days=365)),
            ("lâu rồi", TODAY - timedelta(days=366)),
        ):
            ending(session, name, on)
        extend_certificate(session, ending(session, "kéo dài", date(2026, 11, 1)), date(2027, 4, 1))
        revoked = ending(session, "thu hồi", date(2027, 1, 1))
        revoke_certificate(session, revoked, RevocationReason.OTHER, TODAY)
        again = session.get_one(Product, ending(session, "đã cấp lại", date(2027, 1, 1)).product_id)
        a_certificate(session, again, 4, issued_on=date(2026, 10, 1))
        a_certificate(session, a_product(session, "không rõ"), 4, issued_on=None)
    assert bands() == {
        Band.FOUR: ["hôm nay", "4 tháng"],
        Band.SIX: ["hơn 4 tháng", "kéo dài", "6 tháng"],
        Band.TWELVE: ["hơn 6 tháng", "12 tháng"],
        Band.LAPSED: ["hôm qua", "năm ngoái"],
    }


def test_a_page_holds_fifty(app: Flask) -> None:
    with unit_of_work() as session:
        for number in range(LINES_PER_PAGE + 2):
            a_certificate(session, a_product(session, f"Trà {number}"), 3, issued_on=date(2023, 12, 1))
    assert len(list_lapsing(db.session(), EVERYWHERE, Band.FOUR, TODAY)) == LINES_PER_PAGE
    rest = list_lapsing(db.session(), EVERYWHERE, Band.FOUR, TODAY, page=2)
    assert len(rest) == 2
    assert not rest[0].reachable


def the_line(name: str) -> tuple[Stage, DossierState | None, bool, bool]:
    db.session.rollback()
    [line] = [
        line
        for band in Band
        for line in list_lapsing(db.session(), EVERYWHERE, band, TODAY)
        if line.certificate.product_name == name
    ]
    state = line.dossier.state if line.dossier else None
    return line.renewal.stage, state, line.told is not None, line.may_remind


def remind(name: str) -> int:
    """Have the producer of a product reminded."""
    with unit_of_work() as session:
        named = session.scalars(sa.select(Certificate.id).where(Certificate.product_name == name)).one()
        found = find_lapsing(session, EVERYWHERE, named)
        assert found is not None
        return remind_producer(session, an_actor(a_person(session)), found, clock.now())


def test_a_producer_is_reminded_once_in_each_stage(app: Flask) -> None:
    with unit_of_work() as session:
        ending(session, "Cam", date(2027, 1, 1))
    assert the_line("Cam") == (Stage.MISSED, None, False, True)
    producer = remind("Cam")
    assert the_line("Cam") == (Stage.MISSED, None, True, False)
    with pytest.raises(AlreadyReminded) as refused:
        remind("Cam")
    assert refused.value.parameters == {"on": TODAY}
    with clock.stopped(clock.now() + timedelta(days=60)):
        assert remind("Cam") == producer
    stages = db.session.scalars(sa.select(OfficeReminder.stage).order_by(OfficeReminder.sent_at)).all()
    assert list(stages) == [Stage.MISSED, Stage.LAPSED]
    deed = db.session.scalars(
        sa.select(Deed).where(Deed.action == "certificate:remind").order_by(Deed.seq)
    ).first()
    assert deed is not None
    assert deed.data == '{"stage":"missed"}'


def test_nobody_is_reminded_in_vain(app: Flask) -> None:
    with unit_of_work() as session:
        ending(session, "Không tài khoản", date(2027, 1, 1), owned=False)
        ending(session, "Còn lâu", date(2028, 1, 1))
        a_certificate(session, a_product(session, "Vô chủ"), 3, issued_on=date(2023, 12, 31))
        revoked = ending(session, "Thu hồi", date(2027, 1, 1))
        revoke_certificate(session, revoked, RevocationReason.OTHER, TODAY)
        again = session.get_one(Product, ending(session, "Cấp lại", date(2026, 11, 1)).product_id)
        a_certificate(session, again, 4, issued_on=date(2026, 11, 20), product_name="Cấp lại, giấy mới")
    with pytest.raises(NobodyToRemind):
        remind("Không tài khoản")
    assert the_line("Không tài khoản")[3] is False
    for name in ("Còn lâu", "Vô chủ", "Thu hồi", "Cấp lại"):
        with pytest.raises(NothingToRemind):
            remind(name)
    assert db.session.scalars(sa.select(OfficeReminder)).all() == []


def test_a_dossier_that_was_handed_in_needs_no_reminder(app: Flask) -> None:
    with unit_of_work() as session:
        drafted, handed_in = (a_dossier_product(session, name, stars=4) for name in ("Soạn", "Nộp"))
        a_dossier(session, drafted)
        a_dossier(session, handed_in, DossierState.SUBMITTED)
        for product in (drafted, handed_in):
            assert product.producer_id is not None
            an_owner(session, product.producer_id)
    assert the_line("Soạn")[1:] == (DossierState.DRAFT, False, True)
    assert the_line("Nộp")[1:] == (DossierState.SUBMITTED, False, False)
    remind("Soạn")
    with pytest.raises(NothingToRemind):
        remind("Nộp")
    assert len(db.session.scalars(sa.select(Dossier)).all()) == 2


def test_what_lies_elsewhere_is_not_found(app: Flask) -> None:
    with unit_of_work() as session:
        certificate = ending(session, "Cam", date(2027, 1, 1))
        assert find_lapsing(session, sa.false(), certificate.id) is None
        assert find_lapsing(session, Product.name == "Cam", certificate.id) is certificate
