"""A product's stars follow from its certificates and from nothing else."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace.catalogue.models import Product, live_stars
from marketplace.certification.actions import extend_certificate, record_certificate, revoke_certificate
from marketplace.certification.errors import (
    AlreadyRevoked,
    CannotExtend,
    IssuedInFuture,
    NoCertificateForStars,
    RevokedBeforeIssue,
)
from marketplace.certification.models import Certificate, RevocationReason
from marketplace.database import db, unit_of_work
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate, a_decision

TODAY = date(2026, 11, 21)


def kept(product: Product) -> tuple[int | None, date | None, bool]:
    again = db.session.get_one(Product, product.id, populate_existing=True)
    return again.granted_stars, again.certified_until, again.decision_checked


def test_a_certificate_gives_its_stars_until_its_last_day(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_product(session)
        a_certificate(session, product, 4, issued_on=date(2024, 2, 29))
    assert kept(product) == (4, date(2027, 2, 28), False)


def test_a_decision_gives_its_day_and_counts_as_checked(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_product(session)
        decision = a_decision(session, decided_on=date(2025, 6, 19))
        certificate = a_certificate(session, product, 4, decision=decision, year=2024)
    assert kept(product) == (4, date(2028, 6, 19), True)
    assert certificate.issued_on == date(2025, 6, 19)
    assert certificate.year == 2025


def test_of_a_bare_year_the_plate_stays_until_the_last_safe_day(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_product(session)
        a_certificate(session, product, 3, year=2024)
    assert kept(product) == (3, date(2026, 12, 31), False)


@pytest.mark.parametrize("stars", [3, None])
def test_an_undated_certificate_tells_its_stars_and_shows_none(app: Flask, stars: int | None) -> None:
    with unit_of_work() as session:
        product = a_product(session)
        record_certificate(session, product, stars=stars, day=TODAY)
    assert kept(product) == (stars, None, False)
    assert product.live_stars(TODAY) is None
    assert db.session.scalar(sa.select(live_stars(TODAY)).select_from(Product)) is None


def test_of_several_undated_certificates_the_last_that_stands_and_names_stars_tells(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_product(session)
        for stars in (3, 4, 5, None):
            certificate = record_certificate(session, product, stars=stars, day=TODAY)
            if stars == 5:
                revoke_certificate(session, certificate, RevocationReason.OTHER, TODAY)
    assert kept(product) == (4, None, False)


@pytest.mark.parametrize("stars", [4, None])
def test_a_dated_certificate_decides_over_undated_ones(app: Flask, stars: int | None) -> None:
    with unit_of_work() as session:
        product = a_product(session)
        a_certificate(session, product, stars)
        record_certificate(session, product, stars=5, day=TODAY)
    assert kept(product) == (stars, date(2028, 8, 5), False)


def test_no_stars_recorded_is_no_plate_though_the_term_is_known(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_product(session)
        a_certificate(session, product, None)
    assert kept(product) == (None, date(2028, 8, 5), False)
    assert product.live_stars(TODAY) is None


def test_an_upgrade_replaces_and_keeps_the_history(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_product(session)
        upgraded = a_certificate(session, product, 4, issued_on=date(2026, 3, 1))
        first = a_certificate(session, product, 3, issued_on=date(2024, 5, 1))
    assert kept(product) == (4, date(2029, 3, 1), False)
    assert first.superseded_by_id == upgraded.id
    assert first.superseded_on == date(2026, 3, 1)
    assert upgraded.superseded_on is None


def test_a_revoked_certificate_does_not_win_and_brings_none_back(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_product(session)
        a_certificate(session, product, 3, issued_on=date(2025, 1, 1))
        latest = a_certificate(session, product, 4, issued_on=date(2026, 1, 1))
        revoke_certificate(session, latest, RevocationReason.MARK_MISUSED, TODAY)
    assert product.live_stars(date(2026, 11, 20)) == 4
    assert product.live_stars(TODAY) is None


def test_a_revocation_ahead_counts_from_its_day(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_product(session)
        certificate = a_certificate(session, product, 4)
        revoke_certificate(session, certificate, RevocationReason.OTHER, date(2026, 11, 22))
    assert product.live_stars(TODAY) == 4
    assert product.live_stars(date(2026, 11, 22)) is None


def test_a_certificate_is_revoked_once_and_not_before_it_began(app: Flask) -> None:
    with unit_of_work() as session:
        certificate = a_certificate(session, a_product(session))
        with pytest.raises(RevokedBeforeIssue):
            revoke_certificate(session, certificate, RevocationReason.OTHER, date(2025, 8, 4))
        revoke_certificate(session, certificate, RevocationReason.OTHER, TODAY)
        with pytest.raises(AlreadyRevoked):
            revoke_certificate(session, certificate, RevocationReason.OTHER, TODAY)


def test_an_undated_certificate_can_be_revoked(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_product(session)
        certificate = record_certificate(session, product, stars=3, day=TODAY)
        revoke_certificate(session, certificate, RevocationReason.CRITERIA_NOT_MET, TODAY)
    assert kept(product) == (None, None, False)


def test_an_open_renewal_file_keeps_a_certificate_180_days_at_most(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_product(session)
        certificate = a_certificate(session, product, issued_on=date(2023, 10, 1))
        with pytest.raises(CannotExtend):
            extend_certificate(session, certificate, date(2027, 3, 31))
        with pytest.raises(CannotExtend):
            extend_certificate(session, certificate, date(2026, 10, 1))
        extend_certificate(session, certificate, date(2027, 3, 30))
    assert kept(product) == (3, date(2027, 3, 30), False)


def test_what_is_undated_revoked_or_replaced_cannot_be_extended(app: Flask) -> None:
    def refused(certificate: Certificate) -> None:
        with pytest.raises(CannotExtend):
            extend_certificate(session, certificate, date(2028, 8, 6))

    with unit_of_work() as session:
        product = a_product(session)
        refused(record_certificate(session, product, stars=3, day=TODAY))
        revoked = a_certificate(session, product)
        revoke_certificate(session, revoked, RevocationReason.OTHER, TODAY)
        refused(revoked)
        replaced = a_certificate(session, product)
        a_certificate(session, product, issued_on=date(2026, 1, 1))
        refused(replaced)


@pytest.mark.parametrize("stars", [1, 2, 6])
def test_one_and_two_stars_get_no_certificate(app: Flask, stars: int) -> None:
    with pytest.raises(NoCertificateForStars), unit_of_work() as session:
        a_certificate(session, a_product(session), stars)


def test_a_day_ahead_is_refused(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_product(session)
        with pytest.raises(IssuedInFuture):
            a_certificate(session, product, issued_on=date(2026, 11, 22))
        with pytest.raises(IssuedInFuture):
            a_certificate(session, product, year=2027)


def test_codes_of_one_product_and_year_are_numbered(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_product(session)
        codes = [a_certificate(session, product, year=year).code for year in (2020, 2020, None)]
    assert codes == ["cam-khe-may-2020", "cam-khe-may-2020-2", "cam-khe-may-khong-ro-nam"]
