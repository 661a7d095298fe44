"""What producers say of themselves, as buyers read it: profile, certificates, holidays, fees."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.catalogue.models import Product, Variant
from marketplace.database import unit_of_work
from marketplace.ordering.shipping_rules import REST, Pickup, set_pickup
from marketplace.ordering.shipping_zones import ZoneTerms, begin_zones, set_zone
from marketplace.producers.models import Producer, QualityCertificate, QualityKind
from marketplace.producers.pictures import add_producer_picture
from marketplace.producers.profile import scope_of
from tests.factories.accounts import an_actor
from tests.factories.media import a_picture, encoded
from tests.pages import Visited, visit
from tests.storefront.pages import add, get
from tests.storefront.shelves import on_shelf

TODAY, LAST = date(2026, 11, 21), date(2026, 11, 25)
OPEN_AGAIN = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
REOPENS = "nhận đơn lại từ ngày 26/11/2026"


@pytest.fixture
def cam(app: Flask) -> Product:
    with unit_of_work() as session:
        return on_shelf(session)


def seller(product: Product, **facts: object) -> Producer:
    with unit_of_work() as session:
        assert product.producer_id
        producer = session.get_one(Producer, product.producer_id)
        for name, value in facts.items():
            setattr(producer, name, value)
        return producer


def profile(client: FlaskClient, product: Product) -> Visited:
    return visit(client, f"/chu-the/{seller(product).slug}")


def test_a_profile_is_shown_as_text(client: FlaskClient, cam: Product) -> None:
    seller(
        cam,
        story="Vườn trên đồi.\n<script>alert(1)</script>",
        visiting_hours="Thứ 2 đến thứ 7, 7:30–17:00",
        website="https://htxkhemay.vn",
    )
    page = profile(client, cam)
    assert [text for text in page.texts(".sec p") if text.startswith(("Vườn", "<script>"))] == [
        "Vườn trên đồi.",
        "<script>alert(1)</script>",
    ]
    assert "Giờ đón khách Thứ 2 đến thứ 7, 7:30–17:00" in page.words
    [link] = [link for link in page.soup.select("main a") if link["href"] == "https://htxkhemay.vn"]
    assert link["rel"] == ["nofollow", "ugc", "noopener"]


def test_pictures_take_the_place_of_drawings(client: FlaskClient, cam: Product) -> None:
    assert not profile(client, cam).soup.select(".banner picture")
    with unit_of_work() as session:
        assert cam.producer_id
        producer = session.get_one(Producer, cam.producer_id)
        actor = an_actor(1, (scope_of(producer), Role.STAFF))
        for width in (400, 500, 600, 700):
            add_producer_picture(session, actor, producer, encoded(width, 300), f"Rộng {width}", clock.now())
    page = profile(client, cam)
    assert [img["alt"] for img in page.soup.select(".banner img")] == ["Rộng 400", "Rộng 500", "Rộng 600"]
    assert [img["alt"] for img in page.soup.select("img.shown")] == ["Rộng 700"]


def test_certificates_say_whether_they_still_hold(client: FlaskClient, cam: Product) -> None:
    held: list[tuple[QualityKind, str | None, date, date | None]] = [
        (QualityKind.VIETGAP, None, date(2027, 1, 1), None),
        (QualityKind.ORGANIC, None, date(2026, 11, 20), None),
        (QualityKind.OTHER, "Nhãn hiệu tập thể", date(2028, 1, 1), date(2026, 12, 1)),
        (QualityKind.HACCP, None, TODAY, None),
    ]
    with unit_of_work() as session:
        for kind, title, until, since in held:
            session.add(
                QualityCertificate(
                    producer_id=cam.producer_id, kind=kind, title=title, number="12/2024",
                    issuer="Trung tâm X", valid_until=until, valid_from=since,
                    picture=a_picture(session) if kind is QualityKind.VIETGAP else None,
                )
            )  # fmt: skip
    page = profile(client, cam)
    [section] = [one for one in page.soup.select("section.sec") if "Chứng chỉ chất lượng" in one.get_text()]
    told = [" ".join(row.get_text(" ").split()) for row in section.select("li")]
    assert [row.split(" Số ")[0] for row in told] == ["Nhãn hiệu tập thể", "VietGAP", "HACCP", "Hữu cơ"]
    assert [row.split(" cấp ")[1] for row in told] == [
        "Có hiệu lực từ ngày 01/12/2026",
        "Còn hạn đến 01/01/2027 Xem ảnh VietGAP",
        "Còn hạn đến 21/11/2026",
        "Đã hết hạn ngày 20/11/2026",
    ]
    assert "chợ không cấp các giấy này" in section.get_text()
    with clock.stopped(datetime(2026, 11, 21, 17, 0, tzinfo=UTC)):
        assert "HACCP Số 12/2024, Trung tâm X cấp Đã hết hạn ngày 21/11/2026" in profile(client, cam).words


def test_a_holiday_is_told_with_the_day_it_ends(client: FlaskClient, cam: Product) -> None:
    seller(cam, holiday_from=TODAY, holiday_until=LAST, holiday_words="Nghỉ giỗ tổ.")
    page = profile(client, cam)
    assert f"Cơ sở đang nghỉ, {REOPENS}. Nghỉ giỗ tổ." in page.words
    shown = visit(client, f"/san-pham/{cam.slug}")
    assert f"Người bán đang nghỉ, {REOPENS}. Nghỉ giỗ tổ." in shown.words
    assert not shown.soup.select("form#mua, .dock")
    assert shown.one(".buy .price").get_text() == "90.000\xa0₫"
    [offer] = shown.thing("Product")["offers"]
    assert offer["availability"] == "https://schema.org/OutOfStock"
    with clock.stopped(OPEN_AGAIN):
        assert "nghỉ" not in profile(client, cam).words
        assert visit(client, f"/san-pham/{cam.slug}").soup.select("form#mua")


def test_a_holiday_to_come_is_told_on_the_profile_alone(client: FlaskClient, cam: Product) -> None:
    seller(cam, holiday_from=date(2026, 11, 24), holiday_until=LAST)
    assert f"Cơ sở nghỉ từ ngày 24/11/2026, {REOPENS}." in profile(client, cam).words
    assert visit(client, f"/san-pham/{cam.slug}").soup.select("form#mua")


def test_carts_and_checkout_refuse_in_words_that_name_the_day(client: FlaskClient, cam: Product) -> None:
    variant_id = _variant_of(cam).id
    assert add(client, variant_id).status == 303
    seller(cam, holiday_from=TODAY, holiday_until=LAST)
    refused = add(client, variant_id)
    assert refused.status == 409
    assert f"Người bán đang nghỉ, {REOPENS}." in refused.words
    cart = get(client, "/gio-hang")
    assert f"Người bán đang nghỉ, {REOPENS}" in cart.words
    assert get(client, "/dat-hang").response.location == "/gio-hang"


def _variant_of(product: Product) -> Variant:
    with unit_of_work() as session:
        return session.query(Variant).filter_by(product_id=product.id).one()


def test_fees_of_the_sellers_own_are_told_before_the_order(client: FlaskClient, cam: Product) -> None:
    assert "Cách tính" in visit(client, f"/san-pham/{cam.slug}").words
    with unit_of_work() as session:
        producer = session.get_one(Producer, cam.producer_id)
        begin_zones(session, an_actor(1), producer, ("Các tỉnh còn lại", "Trong tỉnh"), clock.now())
        told = ZoneTerms(
            name="Các tỉnh còn lại", steps=((1_000, 28_000),), further=7_000, days_from=3, days_to=6
        )
        set_zone(session, an_actor(1), producer, REST, told, clock.now())
        pickup = Pickup(pickup=True, pickup_address="Kho ở chợ Khe Mây", pickup_words="Gọi trước một giờ")
        set_pickup(session, an_actor(1), producer, pickup, clock.now())
    words = visit(client, f"/san-pham/{cam.slug}").words
    assert "Các tỉnh còn lại: 3–6 ngày, phí 35.000 ₫" in words
    assert "Người bán tự đặt phí giao." in words
    assert "Có thể đến cơ sở lấy hàng" in words
    assert "Kho ở chợ Khe Mây. Gọi trước một giờ" in words
    add(client, _variant_of(cam).id)
    cart = get(client, "/gio-hang").words
    assert "Phí giao 35.000 ₫" in cart.replace("\xa0", " ")
    assert "Có thể đến cơ sở lấy hàng" in cart
