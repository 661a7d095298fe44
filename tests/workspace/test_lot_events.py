"""Events of lots in the workspace: written one by one, scanned for, in the notebook, and declared wrong."""

import io
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from marketplace.database import db, unit_of_work
from marketplace.media.models import Picture
from marketplace.traceability.events.history import load_history
from marketplace.traceability.events.models import BizStep, ErrorReason, TraceEvent
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.zones.models import MaterialZone, Site
from tests.factories.lots import a_lot, a_site, a_zone, an_event
from tests.factories.media import photo
from tests.factories.shop_sheets import Goods, goods_of
from tests.signin.browsing import SAME_ORIGIN, write
from tests.workspace.conftest import Shop

JSON = {**SAME_ORIGIN, "Accept": "application/json"}


@pytest.fixture
def goods(shop: Shop) -> Goods:
    """What the shop sells."""
    found: Goods = write(goods_of, shop.producer)
    return found


@pytest.fixture
def lot(goods: Goods) -> Lot:
    """A lot with the event that began it."""
    found: Lot = write(a_lot, goods.product)
    return found


def an_entry(number: str = "1", **changes: Any) -> dict[str, Any]:
    return {
        "ma_su_kien": f"urn:uuid:00000000-0000-4000-8000-{number:0>12}",
        "viec": "storing",
        "ngay": "2026-11-20",
        "gio": "07:30",
        "noi": "khac",
        "noi_khac": "Kho mát xóm 3",
        "ghi_chu": "Giữ ở 8 độ",
        "so_luong": "48",
        "don_vi": "H87",
        **changes,
    }


def events_of(lot: Lot) -> list[TraceEvent]:
    db.session.rollback()
    return load_history(db.session(), lot.id).events


def test_an_event_is_written_down_once_however_often_its_form_comes(shop: Shop, lot: Lot) -> None:
    at = f"{shop.base}/lo/{lot.id}/su-kien"
    form = shop.staff_browser.open(at)
    assert form.one("#ngay")["value"] == "2026-11-21"
    assert str(form.one("input[name=ma_su_kien]")["value"]).startswith("urn:uuid:")
    for _ in range(2):
        shop.staff_browser.send(at, **an_entry())
    [_first, event] = events_of(lot)
    assert (event.biz_step, event.place_words, event.words) == (
        BizStep.STORING,
        "Kho mát xóm 3",
        "Giữ ở 8 độ",
    )
    assert event.event_time.isoformat() == "2026-11-20T00:30:00+00:00"
    assert (event.quantity, event.recorded_by) == (Decimal(48), shop.staff.id)
    words = shop.browser.open(f"{shop.base}/lo/{lot.id}").words
    assert "Cất kho 07:30 20/11/2026 Kho mát xóm 3 Giữ ở 8 độ 48" in words


def test_an_event_has_a_place_of_the_producer_and_a_picture(shop: Shop, rival: Shop, lot: Lot) -> None:
    at = f"{shop.base}/lo/{lot.id}/su-kien"
    site, zone = write(a_site, shop.producer), write(a_zone, shop.producer)
    foreign = write(a_site, rival.producer)
    for number, place in (("1", f"s{site.id}"), ("2", f"z{zone.id}")):
        picture = (io.BytesIO(photo(300, 300)), "a.jpg")
        shop.browser.send(at, **an_entry(number, noi=place, anh=picture))
    [_first, at_site, in_zone] = events_of(lot)
    assert (at_site.site_id, at_site.zone_id, at_site.place_words) == (site.id, None, None)
    assert (in_zone.site_id, in_zone.zone_id) == (None, zone.id)
    assert at_site.picture_id == in_zone.picture_id
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Picture)) == 1
    assert 'href="#noi"' in shop.browser.send(at, 422, **an_entry("3", noi=f"s{foreign.id}")).text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"viec": ""}, "viec"),
        ({"viec": "commissioning"}, "viec"),
        ({"ngay": ""}, "ngay"),
        ({"ngay": "2026-11-22"}, "ngay"),
        ({"gio": "25:00"}, "gio"),
        ({"noi_khac": " "}, "noi_khac"),
        ({"so_luong": "0"}, "so_luong"),
        ({"so_luong": "x"}, "so_luong"),
        ({"don_vi": "tấn"}, "so_luong"),
        ({"ghi_chu": "x" * 501}, "ghi_chu"),
        ({"noi_khac": "x" * 201}, "noi_khac"),
        ({"ma_su_kien": "không phải mã"}, "viec"),
        ({"anh": b"%PDF-1.7"}, "anh"),
    ],
)
def test_what_is_wrong_is_named(shop: Shop, lot: Lot, changes: dict[str, Any], field: str) -> None:
    if "anh" in changes:
        changes = {**changes, "anh": (io.BytesIO(changes["anh"]), "a.jpg")}
    answer = shop.browser.send(f"{shop.base}/lo/{lot.id}/su-kien", 422, **an_entry(**changes))
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}"' in answer.text
    assert len(events_of(lot)) == 1


def test_an_identity_stands_for_one_event(shop: Shop, lot: Lot) -> None:
    at = f"{shop.base}/lo/{lot.id}/su-kien"
    shop.browser.send(at, **an_entry())
    shop.browser.send(at, 409, **an_entry(ghi_chu="khác"))
    assert len(events_of(lot)) == 2


def test_an_event_is_taken_back_and_written_anew(shop: Shop, lot: Lot) -> None:
    event = write(an_event, lot, BizStep.STORING)
    at = f"{shop.base}/lo/{lot.id}/su-kien/{event.position}/sai"
    form = shop.browser.open(at)
    assert form.one("#viec option[selected]")["value"] == "storing"
    assert 'href="#ly_do"' in shop.browser.send(at, 422, **an_entry(ly_do="")).text
    wrong_time = an_entry(ly_do="incorrect_data", ngay="2026-11-22")
    assert 'href="#ngay"' in shop.browser.send(at, 422, **wrong_time).text
    assert 'href="#viec"' in shop.browser.send(at, 422, **an_entry(ly_do="incorrect_data", viec="")).text
    shop.browser.send(at, **an_entry(ly_do="incorrect_data", viec="packing"))
    [_first, wrong, declaration, instead] = events_of(lot)
    assert (declaration.declares_wrong_id, declaration.error_reason) == (wrong.id, ErrorReason.INCORRECT_DATA)
    assert (instead.corrects_id, instead.biz_step) == (wrong.id, BizStep.PACKING)
    page = shop.browser.open(f"{shop.base}/lo/{lot.id}")
    assert page.texts("del") == ["Cất kho"]
    assert at not in page.links()
    shop.browser.open(at, 404)
    shop.browser.send(at, 404, **an_entry(ly_do="did_not_occur"))
    at = f"{shop.base}/lo/{lot.id}/su-kien/{instead.position}/sai"
    shop.browser.send(at, **an_entry(ly_do="did_not_occur"))
    db.session.rollback()
    assert [event.position for event in load_history(db.session(), lot.id).living_events] == [1]
    shop.browser.open(f"{shop.base}/lo/{lot.id}/su-kien/1/sai", 404)


@pytest.mark.parametrize(
    "form", ["{code}", "http://localhost/t/{token}/10/{code}", "/en/t/{token}/10/{code}/21/X"]
)
def test_a_scanned_pack_leads_to_its_lot(shop: Shop, goods: Goods, lot: Lot, form: str) -> None:
    other = write(goods_of, shop.producer, "Mứt cam", ("MUT-1",))
    write(a_lot, other.product, code="KHAC-1")
    page = shop.browser.open(f"{shop.base}/quet")
    assert "camera=(self)" in page.response.headers["Permissions-Policy"]
    typed = form.format(code=lot.code, token=goods.product.trace_token)
    answer = shop.browser.client.get(f"{shop.base}/quet", query_string={"ma": typed})
    assert (answer.status_code, answer.location) == (303, f"{shop.base}/lo/{lot.id}/su-kien")


def test_a_code_that_is_none_or_of_two_lots_is_told(shop: Shop, rival: Shop, goods: Goods, lot: Lot) -> None:
    other = write(goods_of, shop.producer, "Mứt cam", ("MUT-1",))
    write(a_lot, other.product, code=lot.code)
    assert "Nhiều lô cùng mã này" in shop.browser.open(f"{shop.base}/quet?ma={lot.code}", 422).words
    address = f"/t/{other.product.trace_token}/10/{lot.code}"
    assert shop.browser.client.get(f"{shop.base}/quet", query_string={"ma": address}).status_code == 303
    for typed in (lot.code, f"/01/09521234543213/10/{lot.code}"):
        words = rival.browser.open(f"{rival.base}/quet?ma={typed}", 422).words
        assert "Không có lô này" in words


@pytest.mark.parametrize("typed", ["http://[x", "//[", "%00", "/t/%00/10/A"])
def test_what_is_no_code_at_all_is_told(shop: Shop, typed: str) -> None:
    answer = shop.browser.client.get(f"{shop.base}/quet", query_string={"ma": typed})
    assert answer.status_code == 422
    assert "Không có lô này" in answer.text


def test_a_note_is_taken_from_the_notebook_and_counts_once(shop: Shop, lot: Lot) -> None:
    at = f"{shop.base}/so-tay"
    assert lot.code in shop.browser.open(at).texts("#lo option")[0]
    shop.browser.send(at, **an_entry(lo=lot.id))
    token = shop.browser.client.get(f"{at}/the").json["token"]  # type: ignore[index]
    fields = {"csrf_token": token, **an_entry(lo=lot.id)}
    for expected in (204, 204):
        assert shop.browser.client.post(at, data=fields, headers=JSON).status_code == expected
    assert len(events_of(lot)) == 2
    refused = shop.browser.client.post(at, data={**fields, "ghi_chu": "khác"}, headers=JSON)
    assert (refused.status_code, len(refused.json["messages"])) == (422, 1)  # type: ignore[index]
    for changes in ({"viec": ""}, {"lo": ""}, {"ngay": "2026-11-22"}):
        refused = shop.browser.client.post(at, data={**fields, **changes}, headers=JSON)
        assert refused.status_code == 422
    assert 'href="#lo"' in shop.browser.send(at, 422, **an_entry("2", lo="")).text
    assert len(events_of(lot)) == 2


def test_a_notebook_without_lots_says_what_to_do(shop: Shop) -> None:
    assert f"{shop.base}/lo/moi" in shop.browser.open(f"{shop.base}/so-tay").links()


def test_the_worker_lies_above_the_notebook(shop: Shop) -> None:
    answer = shop.browser.client.get("/gian-hang/so-tay.js")
    assert answer.content_type.startswith("text/javascript")
    assert "so-tay" in answer.text


def test_a_rival_writes_nothing(shop: Shop, rival: Shop, lot: Lot) -> None:
    event = write(an_event, lot)
    for base in (shop.base, rival.base):
        rival.browser.open(f"{base}/lo/{lot.id}/su-kien", 404)
        rival.browser.send(f"{base}/lo/{lot.id}/su-kien", 404, **an_entry())
        rival.browser.open(f"{base}/lo/{lot.id}/su-kien/{event.position}/sai", 404)
        rival.browser.send(f"{base}/lo/{lot.id}/su-kien/{event.position}/sai", 404, ly_do="did_not_occur")
    rival.browser.open(f"{shop.base}/quet", 404)
    rival.browser.open(f"{shop.base}/so-tay", 404)
    rival.browser.client.get(f"{shop.base}/so-tay/the")
    rival.browser.send(f"{shop.base}/so-tay", 404, **an_entry(lo=lot.id))
    rival.browser.send(f"{rival.base}/so-tay", 422, **an_entry(lo=lot.id))
    assert len(events_of(lot)) == 2


def test_a_lot_that_is_gone_is_not_offered(shop: Shop, lot: Lot) -> None:
    with unit_of_work() as session:
        session.get_one(Lot, lot.id).gone_at = lot.created_at
    assert str(lot.code) not in shop.browser.open(f"{shop.base}/so-tay").words


def test_a_note_may_come_after_its_lot_and_its_place_are_gone(shop: Shop, goods: Goods, lot: Lot) -> None:
    site, zone = write(a_site, shop.producer), write(a_zone, shop.producer)
    at, places = f"{shop.base}/so-tay", (f"s{site.id}", f"z{zone.id}")
    shop.browser.client.get(f"{at}/the")
    shop.browser.send(at, **an_entry("1", lo=lot.id, noi=places[0]))
    for _ in range(40):
        write(a_lot, goods.product)
    with unit_of_work() as session:
        session.get_one(Lot, lot.id).gone_at = lot.created_at
        session.get_one(Site, site.id).retired_at = lot.created_at
        session.get_one(MaterialZone, zone.id).retired_at = lot.created_at
    page = shop.browser.open(at)
    assert not {str(lot.id), *places} & {str(one["value"]) for one in page.soup.select("option")}
    for number, place in (("1", places[0]), ("2", places[1])):
        for _ in range(2):
            shop.browser.send(at, **an_entry(number, lo=lot.id, noi=place))
    [_first, at_site, in_zone] = events_of(lot)
    assert (at_site.site_id, in_zone.zone_id) == (site.id, zone.id)
