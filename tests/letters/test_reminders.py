"""Letters that come round by themselves: once, to those who want them, about what still holds."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.letter_choices import LetterKind, choose_letter_kinds
from marketplace.accounts.models import Person
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.models import Product, Publication
from marketplace.catalogue.saved import save_product
from marketplace.certification.actions import revoke_certificate
from marketplace.certification.models import Certificate, RevocationReason
from marketplace.certification.notices import RenewalNotice
from marketplace.database import db, unit_of_work
from marketplace.letters.reminders import OPTIONAL, remind
from marketplace.web.post import Letter
from tests.conftest import NOON
from tests.factories import accounts
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate
from tests.factories.producers import a_producer
from tests.signin.browsing import letters

OPEN = date(2024, 4, 25)
SAID = {"policy_version": "2026-11", "text": "Tôi muốn nhận tin."}


def choose(person: Person, wanted: Collection[LetterKind]) -> None:
    with unit_of_work() as session:
        choose_letter_kinds(
            session, accounts.an_actor(person), list(LetterKind), wanted, **SAID, at=clock.now()
        )


def shop(*issued_on: date) -> tuple[Person, list[Certificate]]:
    """Write somebody who works for a producer with certificates of these days."""
    with unit_of_work() as session:
        producer = a_producer(session)
        staff = accounts.a_member(session, Scope(ScopeKind.PRODUCER, producer.id), Role.STAFF)
        made = [
            a_certificate(
                session, a_product(session, f"Cam {day:%m %Y}", producer=producer), 4, issued_on=day
            )
            for day in issued_on
        ]
        return staff, made


def subjects(app: Flask, at: datetime = NOON) -> list[str]:
    """Return what letters there are once what is due at a moment was sent."""
    with clock.stopped(at):
        remind()
        return sorted(letter.subject for letter in letters(app))


def test_a_renewal_is_told_of_once_for_each_notice(app: Flask) -> None:
    shop(OPEN, date(2026, 8, 5), date(2022, 1, 1))
    subject = "Cam 04 2024: giấy OCOP hết hạn ngày 25/04/2027"
    assert subjects(app) == [subject]
    assert subjects(app, NOON + timedelta(hours=1)) == [subject]
    [letter] = letters(app)
    assert "Hạn nộp là ngày 26/12/2026, còn 35 ngày" in letter.body
    assert "/gian-hang/htx-cam-khe-may/gia-han" in letter.body
    assert subjects(app, NOON + timedelta(days=40)) == [subject, subject]
    db.session.rollback()
    assert db.session.scalars(sa.select(RenewalNotice.months).order_by(RenewalNotice.months)).all() == [4, 6]
    assert any("đã qua từ ngày 26/12/2026" in one.body for one in letters(app))


def test_who_declined_gets_no_reminder(app: Flask) -> None:
    staff, _ = shop(OPEN)
    choose(staff, {LetterKind.LISTING})
    assert subjects(app) == []


def test_a_certificate_revoked_before_the_letter_goes_is_not_told_of(app: Flask) -> None:
    _, [certificate] = shop(OPEN)
    remind()
    with unit_of_work() as session:
        found = session.get_one(Certificate, certificate.id)
        revoke_certificate(session, found, RevocationReason.OTHER, clock.today())
    assert letters(app) == []


def test_replaced_revoked_and_unowned_certificates_are_not_told_of(app: Flask) -> None:
    _, [replaced, revoked] = shop(OPEN, OPEN + timedelta(days=40))
    with unit_of_work() as session:
        a_certificate(session, session.get_one(Product, replaced.product_id), 4)
        found = session.get_one(Certificate, revoked.id)
        revoke_certificate(session, found, RevocationReason.OTHER, clock.today())
        a_certificate(session, a_product(session, "Không ai"), 4, issued_on=OPEN)
    assert subjects(app) == []


@pytest.fixture
def mai(app: Flask) -> Person:
    """Somebody who keeps two products."""
    with unit_of_work() as session:
        person = accounts.a_person(session, "Mai")
        for name in ("Cam", "Bưởi"):
            product = a_product(session, name)
            product.from_price = 50_000
            save_product(session, accounts.an_actor(person), product.slug, clock.now())
        return person


def change(slug: str, **facts: object) -> None:
    with unit_of_work() as session:
        product = session.scalars(sa.select(Product).where(Product.slug == slug)).one()
        for name, value in facts.items():
            setattr(product, name, value)


def test_changes_of_what_is_kept_are_told_once_and_not_twice_a_day(app: Flask, mai: Person) -> None:
    choose(mai, {LetterKind.SAVED})
    assert subjects(app) == []
    change("cam", from_price=45_000)
    assert subjects(app) == ["Cam có thay đổi"]
    change("buoi", granted_stars=4, certified_until=date(2028, 1, 1))
    assert subjects(app, NOON + timedelta(hours=20)) == ["Cam có thay đổi"]
    later = NOON + timedelta(hours=25)
    assert subjects(app, later) == ["Bưởi có thay đổi", "Cam có thay đổi"]
    told = {letter.subject: letter.body for letter in letters(app)}
    assert "giá từ 45.000\u00a0₫, không có sao" in told["Cam có thay đổi"]
    assert "giá từ 50.000\u00a0₫, 4 sao OCOP" in told["Bưởi có thay đổi"]
    assert "/tai-khoan/thu" in told["Cam có thay đổi"]
    assert len(subjects(app, later + timedelta(days=5))) == 2


def test_stars_that_end_are_news_though_nothing_was_written(app: Flask, mai: Person) -> None:
    change("cam", granted_stars=4, certified_until=date(2026, 11, 22))
    choose(mai, {LetterKind.SAVED})
    assert subjects(app) == ["Cam có thay đổi"]
    assert subjects(app, NOON + timedelta(days=3)) == ["Cam có thay đổi", "Cam có thay đổi"]


def test_without_a_yes_there_is_no_news(app: Flask, mai: Person) -> None:
    change("cam", from_price=45_000)
    assert subjects(app) == []
    choose(mai, {LetterKind.SAVED})
    remind()
    choose(mai, set())
    assert subjects(app) == []


def test_what_left_the_market_is_no_news(app: Flask, mai: Person) -> None:
    choose(mai, {LetterKind.SAVED})
    change("cam", from_price=45_000, publication=Publication.SUSPENDED)
    assert subjects(app) == []
    change("buoi", from_price=45_000)
    remind()
    change("buoi", publication=Publication.SUSPENDED)
    assert subjects(app) == []


def test_letters_about_the_safety_of_an_account_cannot_be_declined() -> None:
    for letter in (Letter.NEW_DEVICE, Letter.SECURITY_CHANGED, Letter.RESET_PASSWORD, Letter.UNUSED_ACCOUNT):
        assert letter not in OPTIONAL
    assert set(OPTIONAL.values()) == set(LetterKind)
