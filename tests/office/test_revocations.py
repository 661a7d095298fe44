"""Revocations and extensions on their pages: two people, a number, and what the public sees."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.models import Product
from marketplace.certification.dossiers.models import DossierKind, DossierState
from marketplace.certification.models import Certificate
from marketplace.certification.oversight.models import Revocation, RevocationState
from marketplace.database import db, unit_of_work
from tests.factories import accounts
from tests.factories.dossiers import a_dossier, a_dossier_product
from tests.factories.office import Desk
from tests.signin.browsing import Browser, letters

LIST = "/van-phong/thu-hoi-giay"
LATE = "/van-phong/keo-dai"
SIGNED: dict[str, Any] = {"so": "3100/QĐ-UBND", "ngay": "21/11/2026"}


def certificate_of(product: int) -> Certificate:
    db.session.rollback()
    wanted = sa.select(Certificate).where(Certificate.product_id == product)
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()


def grounds(desk: Desk, **changes: str) -> dict[str, Any]:
    return {
        "ly_do": "mark_misused",
        "loi": "Kết luận 12/KL-SNNMT: in sao OCOP lên loại hàng chưa được công nhận.",
        "ngay": "10/11/2026",
        **changes,
    }


def new(desk: Desk) -> str:
    return f"{LIST}/moi/{certificate_of(desk.waiting).id}"


def drafted(desk: Desk, office: Browser) -> str:
    return str(office.send(new(desk), **grounds(desk)).location)


def second_of(desk: Desk, app: Flask) -> Browser:
    second = Browser(app)
    second.enter_as(desk.second)
    return second


def test_a_certificate_is_found_by_name(desk: Desk, office: Browser) -> None:
    assert "Không có giấy nào chờ thu hồi" in office.open(LIST).words
    assert office.open(f"{LIST}/moi").soup.select(".rows") == []
    page = office.open(f"{LIST}/moi?q=cam khe")
    assert "Cam Khe Mây" in page.texts(".rows a")
    assert "Không tìm thấy" in office.open(f"{LIST}/moi?q=tiêu cùa").words
    page = office.open(new(desk))
    assert len(page.soup.select("input[name=ly_do]")) == 6
    assert "3 và 4 sao do chủ tịch" in page.words


def test_a_second_officer_decides_and_the_stars_are_gone(desk: Desk, office: Browser, app: Flask) -> None:
    path = drafted(desk, office)
    product = db.session.get_one(Product, desk.waiting)
    mine = office.open(path)
    assert mine.soup.select('form[action$="/quyet-dinh"]') == []
    assert "Hạn 25/11/2026" in mine.words
    assert "Cam Khe Mây" in office.open(LIST).words
    second = second_of(desk, app)
    page = second.open(path)
    assert "Dùng sai nhãn hiệu chứng nhận OCOP" in page.words
    letters(app)
    second.send(f"{path}/quyet-dinh", **SIGNED)
    assert certificate_of(desk.waiting).revoked_on == date(2026, 11, 21)
    shown = second.open(path)
    assert "Đã thu hồi" in shown.words
    assert shown.soup.select("main form") == []
    assert "Thu hồi theo 3100/QĐ-UBND" in second.open(LIST).words
    told = letters(app)[:2]
    assert {one.to for one in told} == {desk.owner.email, desk.commune_officer.email}
    letter = told[0]
    assert "bị thu hồi theo quyết định 3100/QĐ-UBND ngày 21/11/2026" in letter.body
    public = second.client.get(f"/san-pham/{product.slug}").text
    assert "Giấy chứng nhận đã bị thu hồi" in public
    assert "hasCertification" not in public
    second.send(f"{path}/quyet-dinh", 409, **SIGNED)


def test_the_public_register_tells_by_which_decision(desk: Desk, office: Browser, app: Flask) -> None:
    path = drafted(desk, office)
    second = second_of(desk, app)
    second.send(f"{path}/quyet-dinh", **SIGNED)
    revoked = certificate_of(desk.waiting)
    page = second.client.get(f"/chung-nhan/{revoked.code}").text
    assert "dùng sai nhãn hiệu OCOP" in page
    assert 'href="/chung-nhan/3100-qd-ubnd-tinh-ha-tinh-2026"' in page
    decision = second.client.get("/chung-nhan/3100-qd-ubnd-tinh-ha-tinh-2026").text
    assert "1 giấy bị thu hồi theo quyết định này" in decision
    assert revoked.product_name in decision


def test_the_author_and_strangers_do_not_decide(desk: Desk, office: Browser, app: Flask) -> None:
    path = drafted(desk, office)
    assert "không tự xác nhận" in office.send(f"{path}/quyet-dinh", 403, **SIGNED).text
    for person in (desk.stranger, desk.commune_officer):
        other = Browser(app)
        other.enter_as(person)
        for closed in (path, f"{path}/ban-in", new(desk)):
            other.open(closed, 404)
        other.send(f"{path}/quyet-dinh", 404, **SIGNED)
        other.send(f"{path}/rut", 404)
        other.send(new(desk), 404, **grounds(desk))
    assert certificate_of(desk.waiting).revoked_on is None


def test_members_of_the_producer_find_nothing(desk: Desk, office: Browser) -> None:
    with unit_of_work() as session:
        person = session.get_one(Person, desk.officer.id)
        accounts.a_member(session, Scope(ScopeKind.PRODUCER, desk.producer), Role.STAFF, person)
    assert "Không tìm thấy" in office.open(f"{LIST}/moi?q=cam khe").words
    office.open(new(desk), 404)


def test_members_of_the_producer_do_not_see_what_is_drafted(desk: Desk, office: Browser, app: Flask) -> None:
    path = drafted(desk, office)
    second = second_of(desk, app)
    assert path in second.open(LIST).links()
    with unit_of_work() as session:
        person = session.get_one(Person, desk.second.id)
        accounts.a_member(session, Scope(ScopeKind.PRODUCER, desk.producer), Role.STAFF, person)
    second.open(path, 404)
    second.send(f"{path}/rut", 404)
    assert path not in second.open(LIST).links()


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"ly_do": "khong-co"}, "ly_do"),
        ({"loi": "ngắn"}, "loi"),
        ({"ngay": "hôm qua"}, "ngay"),
        ({"ngay": "22/11/2026"}, "ngay"),
        ({"ngay": "01/01/2020"}, "ngay"),
    ],
)
def test_grounds_typed_wrong_are_said(changes: dict[str, str], at: str, desk: Desk, office: Browser) -> None:
    answer = office.send(new(desk), 422, **grounds(desk, **changes))
    assert f'href="#{at}"' in answer.text


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"ngay": ""}, "ngay"),
        ({"ngay": "09/11/2026"}, "ngay"),
        ({"ngay": "22/11/2026"}, "ngay"),
        ({"so": "31"}, "so"),
        ({"so": "4100/QĐ-BNNMT"}, "so"),
    ],
)
def test_a_decision_typed_wrong_is_said(
    changes: dict[str, str], at: str, desk: Desk, office: Browser, app: Flask
) -> None:
    path = drafted(desk, office)
    answer = second_of(desk, app).send(f"{path}/quyet-dinh", 422, **{**SIGNED, **changes})
    assert f'href="#{at}"' in answer.text


def test_one_draft_at_a_time_and_it_may_be_given_up(desk: Desk, office: Browser, app: Flask) -> None:
    path = drafted(desk, office)
    assert office.send(new(desk), **grounds(desk)).location == path
    second_of(desk, app).send(f"{path}/rut")
    db.session.rollback()
    kept = db.session.get_one(Revocation, int(path.rsplit("/", 1)[1]), populate_existing=True)
    assert kept.state is RevocationState.WITHDRAWN
    assert "Đã rút bản soạn" in office.open(path).words
    assert drafted(desk, office) != path


def test_the_paper_is_printed(desk: Desk, office: Browser) -> None:
    page = office.open(f"{drafted(desk, office)}/ban-in")
    for words in ("……/QĐ-UBND", "Điều 8", "Thu hồi giấy chứng nhận 4 sao", "12/KL-SNNMT"):
        assert words in page.words
    assert page.one("button[data-print]")
    assert page.one('script[src*="js/work"]')


def test_a_revocation_that_waits_is_a_task_with_its_days_left(
    desk: Desk, office: Browser, app: Flask
) -> None:
    assert "Thu hồi giấy chờ quyết định" not in office.open("/van-phong", statements=12).words
    path = drafted(desk, office)
    page = office.open("/van-phong", statements=12)
    [row] = [one for one in page.soup.select(".board li") if one.select(f'a[href="{path}"]')]
    assert row.get_text(" ").split()[-3:] == ["còn", "4", "ngày"]
    second_of(desk, app).send(f"{path}/rut")
    assert "Thu hồi giấy chờ quyết định" not in office.open("/van-phong", statements=12).words


def test_five_stars_are_the_ministers_to_take(desk: Desk, office: Browser, app: Flask) -> None:
    with unit_of_work() as session:
        session.execute(sa.update(Certificate).values(stars=5))
    assert "5 sao do Bộ trưởng thu hồi" in office.open(new(desk)).words
    path = drafted(desk, office)
    second = second_of(desk, app)
    assert "giấy 3 và 4 sao do tỉnh" in second.send(f"{path}/quyet-dinh", 422, **SIGNED).text
    second.send(f"{path}/quyet-dinh", so="4100/QĐ-BNNMT", ngay="21/11/2026")
    assert certificate_of(desk.waiting).revoked_on == date(2026, 11, 21)


def a_late_one() -> tuple[int, int]:
    """Write a product whose certificate ends soon with an open file, and return it and the certificate."""
    with unit_of_work() as session:
        product = a_dossier_product(session, stars=3)
        a_dossier(session, product, DossierState.FORWARDED, kind=DossierKind.REASSESS)
        found = session.scalars(sa.select(Certificate).where(Certificate.product_id == product.id)).one()
        found.valid_until = clock.add_months(clock.today(), 3)
        return product.id, found.id


def test_a_late_file_extends_its_certificate(desk: Desk, office: Browser, app: Flask) -> None:
    assert "Không có giấy nào cần kéo dài" in office.open(LATE).words
    product, number = a_late_one()
    page = office.open(LATE)
    longest = page.one("input[name=den]")["value"]
    assert longest == "2027-08-20"
    letters(app)
    office.send(f"{LATE}/{number}", den=longest)
    assert certificate_of(product).extended_until == date(2027, 8, 20)
    assert "đến 20/08/2027" in office.open(LATE).words
    assert "muộn nhất là hết ngày 20/08/2027" in letters(app)[0].body


def test_what_cannot_be_extended_is_said(desk: Desk, office: Browser, app: Flask) -> None:
    _product, number = a_late_one()
    office.send(f"{LATE}/{number}", 422, den="")
    assert "đến 180 ngày" in office.send(f"{LATE}/{number}", 409, den="21/08/2027").text
    refused = office.send(f"{LATE}/{certificate_of(desk.waiting).id}", 409, den="21/08/2027")
    assert "Không có hồ sơ đánh giá lại" in refused.text
    for person in (desk.stranger, desk.commune_officer):
        other = Browser(app)
        other.enter_as(person)
        other.send(f"{LATE}/{number}", 404, den="20/08/2027")
