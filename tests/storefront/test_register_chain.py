"""The page and the text of the register's chain."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from marketplace.certification.actions import revoke_certificate
from marketplace.certification.chain.models import RegisterLine
from marketplace.certification.models import Certificate, RevocationReason
from marketplace.database import db, unit_of_work
from tests.certification.test_register_chain import checked_by_shell
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate, a_decision
from tests.pages import visit

CHAIN = "/chung-nhan/chuoi"


@pytest.fixture
def orange(app: Flask) -> str:
    """The code of a certificate that was revoked, beside a decision and another certificate."""
    with unit_of_work() as session:
        orange = a_product(session, "Cam Khe Mây")
        a_certificate(session, orange, 4, decision=a_decision(session, decided_on=date(2024, 8, 5)))
        for number in range(60):
            a_certificate(session, a_product(session, f"Trà {number}"), 3)
    with unit_of_work() as session:
        found = session.scalars(sa.select(Certificate).order_by(Certificate.id)).first()
        assert found is not None
        revoke_certificate(session, found, RevocationReason.LAW_BROKEN, date(2026, 11, 21))
        return found.code


def test_lines_stand_newest_first_with_their_hashes(orange: str, client: FlaskClient) -> None:
    page = visit(client, CHAIN)
    assert page.texts("tbody th a")[0] == "Cam Khe Mây"
    assert page.texts("tbody td:nth-of-type(2)")[0] == "Thu hồi"
    assert len(page.texts("tbody tr")) == 50
    head = db.session.scalar(sa.select(RegisterLine.hash).order_by(RegisterLine.position.desc()))
    assert page.texts("dl code") == [head] == page.texts("tbody code")[:1]
    assert len(visit(client, f"{CHAIN}?trang=2").texts("tbody tr")) == 13
    assert visit(client, f"/en{CHAIN}").heading


def test_the_lines_of_one_certificate(orange: str, client: FlaskClient) -> None:
    visit(client, f"/chung-nhan/{orange}")
    page = visit(client, f"{CHAIN}?ma={orange}")
    assert page.texts("tbody td:nth-of-type(2)") == ["Thu hồi", "Ghi giấy"]
    assert "Không có dòng nào" in visit(client, f"{CHAIN}?ma=la").words
    assert f"{CHAIN}?ma={orange}" in visit(client, f"/chung-nhan/{orange}").links()
    assert CHAIN in visit(client, "/chung-nhan").links()


def test_the_text_is_what_was_hashed_and_follows_at_once(orange: str, client: FlaskClient) -> None:
    answer = client.get(f"{CHAIN}.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    [head] = checked_by_shell(answer.text)
    assert answer.text.splitlines()[-1].startswith(head)
    with unit_of_work() as session:
        a_certificate(session, a_product(session, "Rượu sim"), 3)
    later = client.get(f"{CHAIN}.txt", headers={"If-None-Match": answer.headers["ETag"]})
    assert later.status_code == 200
    assert later.text.startswith(answer.text)


def test_an_empty_register_has_an_empty_chain(app: Flask, client: FlaskClient) -> None:
    assert "Sổ chưa có dòng nào" in visit(client, CHAIN).words
    assert client.get(f"{CHAIN}.txt").text == ""
