"""Lots in the workspace: made in one page with their labels, listed, and looked at."""

from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from marketplace import clock, jobs
from marketplace.accounts.permissions import Actor
from marketplace.catalogue.models import Product
from marketplace.database import db, unit_of_work
from marketplace.ordering.lot_models import LotStock
from marketplace.ordering.models import StockItem
from marketplace.traceability.codes.models import LabelBatch, LabelLevel, SerialCode
from marketplace.traceability.events.models import BizStep, TraceEvent
from marketplace.traceability.labels.making import LabelOrder, make_labels
from marketplace.traceability.lots.errors import InvalidLot
from marketplace.traceability.lots.inputs import InputFacts, read_inputs
from marketplace.traceability.lots.models import Lot, LotInput, MeasureUnit
from marketplace.traceability.recalls.acts import lift_recall
from marketplace.traceability.recalls.models import RecallScope
from marketplace.traceability.scans.models import ScanAlert, ScanRule, ScanTally
from marketplace.traceability.scans.tallies import Scan, note_province
from marketplace.traceability.zones.models import MaterialZone
from marketplace.workspace.scan_warnings import SHOWN_FOR
from tests.factories.accounts import a_person
from tests.factories.certification import a_certificate
from tests.factories.lots import a_lot, a_material_lot, a_paper, a_zone, an_event, from_lot
from tests.factories.recalls import a_recall, recalled
from tests.factories.shop_sheets import Goods, goods_of
from tests.pages import visit
from tests.signin.browsing import write
from tests.workspace.conftest import Shop


@pytest.fixture
def goods(shop: Shop) -> Goods:
    """What the shop sells, twenty of each pack on the shelf."""
    found: Goods = write(goods_of, shop.producer)
    return found


@pytest.fixture
def zone(shop: Shop) -> MaterialZone:
    """Where its material grows."""
    found: MaterialZone = write(a_zone, shop.producer, "Vườn xóm 7")
    return found


def form_of(shop: Shop, path: str = "", **changes: Any) -> dict[str, Any]:
    """Return the form of a new lot as a browser would send it without touching anything."""
    page = shop.browser.open(path or f"{shop.base}/lo/moi")
    form = page.one("form[data-lot]")
    fields: dict[str, Any] = {}
    for one in form.select("input[name]"):
        kind = one.get("type")
        if kind in {"checkbox", "radio"} and not one.has_attr("checked"):
            continue
        fields[str(one["name"])] = one.get("value", "")
    for one in form.select("select[name]"):
        chosen = one.select_one("option[selected]") or one.select_one("option")
        fields[str(one["name"])] = chosen["value"] if chosen else ""
    fields.pop("csrf_token")
    return {**fields, "viec": "in", **changes}


def lots_of(shop: Shop) -> list[Lot]:
    db.session.rollback()
    return list(
        db.session.scalars(sa.select(Lot).where(Lot.producer_id == shop.producer.id).order_by(Lot.id))
    )


def test_a_lot_is_made_with_its_labels_as_the_form_stands(
    shop: Shop, goods: Goods, zone: MaterialZone
) -> None:
    certificate = write(a_certificate, goods.product, 4)
    assert "Chưa có lô nào" in shop.staff_browser.open(f"{shop.base}/lo").words
    form = form_of(shop, han_dung="2026-12-06", so_luong="48", **{"tu-0": f"z{zone.id}", "kg-0": "60"})
    answer = shop.browser.send(f"{shop.base}/lo/moi", **form)
    [lot] = lots_of(shop)
    assert answer.location == f"{shop.base}/lo/{lot.id}#tem"
    assert (lot.product_id, lot.variant_id, lot.quantity) == (
        goods.product.id,
        goods.packs[0].id,
        Decimal(48),
    )
    assert lot.certificate_code == certificate.code
    assert lot.printed_at is not None
    [batch] = db.session.scalars(sa.select(LabelBatch))
    assert (batch.count, batch.first_number, batch.level, batch.format) == (48, 1, LabelLevel.ITEM, "a4-24")
    [used] = db.session.scalars(sa.select(LotInput))
    assert (used.zone_id, used.quantity, used.uom) == (zone.id, Decimal(60), MeasureUnit.KILOGRAM)
    assert db.session.get_one(StockItem, goods.packs[0].id).on_hand == 68
    assert db.session.get_one(LotStock, lot.id).remaining == 48
    page = shop.browser.open(f"{shop.base}/lo/{lot.id}")
    assert f"{shop.base}/lo/{lot.id}/tem/{batch.id}.pdf" in page.links()
    assert "Tem 0001 đến 0048" in page.words
    assert f"/t/{goods.product.trace_token}/10/{lot.code}" in page.links()
    assert page.texts(".tl b") == ["Tạo lô"]


def test_the_next_lot_begins_as_the_last_one_was(shop: Shop, goods: Goods, zone: MaterialZone) -> None:
    form = form_of(shop, han_dung="2026-12-06", so_luong="36", **{"tu-0": f"z{zone.id}"})
    shop.browser.send(f"{shop.base}/lo/moi", **form)
    again = form_of(shop)
    assert (again["so_luong"], again["han_dung"], again["tu-0"]) == ("36", "2026-12-06", f"z{zone.id}")
    assert again["ma_lo"] != form["ma_lo"]
    other = f"v{goods.packs[1].id}"
    assert form_of(shop, f"{shop.base}/lo/moi?goi={other}")["goi"] == other
    assert shop.browser.client.get(f"{shop.base}/lo/moi?goi=v999999").status_code == 404


def test_without_a_script_the_last_day_follows_the_day_of_packing(shop: Shop, goods: Goods) -> None:
    shop.browser.send(f"{shop.base}/lo/moi", **form_of(shop, han_dung="2026-12-06"))
    shop.browser.send(f"{shop.base}/lo/moi", **form_of(shop, ngay_lam="2026-11-19"))
    assert [str(lot.use_by) for lot in lots_of(shop)] == ["2026-12-06", "2026-12-04"]


def test_a_form_sent_twice_makes_one_lot(shop: Shop, goods: Goods) -> None:
    form = form_of(shop)
    shop.browser.send(f"{shop.base}/lo/moi", **form)
    answer = shop.browser.send(f"{shop.base}/lo/moi", 422, **form)
    assert 'href="#ma_lo"' in answer.text
    assert len(lots_of(shop)) == 1
    assert db.session.get_one(StockItem, goods.packs[0].id).on_hand == 44


def test_a_form_with_an_emptied_code_makes_one_lot(shop: Shop, goods: Goods) -> None:
    form = form_of(shop)
    for expected in (303, 422):
        answer = shop.browser.send(f"{shop.base}/lo/moi", expected, **{**form, "ma_lo": ""})
    assert 'href="#ma_lo"' in answer.text
    [lot] = lots_of(shop)
    assert lot.code == form["ma_lo"] == form["ma_lo_san"]
    assert db.session.get_one(StockItem, goods.packs[0].id).on_hand == 44


def test_material_stays_a_choice_however_many_lots_of_goods_follow(
    shop: Shop, goods: Goods, zone: MaterialZone
) -> None:
    material = write(a_material_lot, shop.producer)
    for _ in range(61):
        write(a_lot, goods.product)
    choices = {
        str(one["value"]) for one in shop.browser.open(f"{shop.base}/lo/moi").soup.select("#tu-0 option")
    }
    assert {f"l{material.id}", f"z{zone.id}"} <= choices


def test_only_the_lot_may_be_made(shop: Shop, goods: Goods) -> None:
    form = form_of(shop, viec="chi_lo", ma_lo="rieng-1")
    form.pop("vao_kho")
    shop.staff_browser.send(f"{shop.base}/lo/moi", **form)
    [lot] = lots_of(shop)
    assert (lot.code, lot.printed_at) == ("rieng-1", None)
    assert db.session.get_one(StockItem, goods.packs[0].id).on_hand == 20
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SerialCode)) == 0
    assert "In tem" in shop.browser.open(f"{shop.base}/lo/{lot.id}").words


@pytest.mark.parametrize("scope", [RecallScope.PRODUCT, RecallScope.PRODUCER])
def test_what_is_made_under_a_recall_is_recalled(shop: Shop, goods: Goods, scope: RecallScope) -> None:
    form = form_of(shop, viec="in")
    product_id = goods.packs[0].product_id
    recall = recalled(scope, product_id if scope is RecallScope.PRODUCT else shop.producer.id)
    shop.browser.send(f"{shop.base}/lo/moi", 409, **form)
    assert lots_of(shop) == []
    shop.browser.send(f"{shop.base}/lo/moi", **{**form, "viec": "chi_lo"})
    [lot] = lots_of(shop)
    assert lot.recalled_at is not None
    assert recall.words in shop.browser.open(f"{shop.base}/lo/{lot.id}").words
    jobs.do_all()
    db.session.rollback()
    shelved = db.session.get_one(LotStock, lot.id)
    assert (shelved.remaining, shelved.quarantined) == (0, 24)
    with unit_of_work() as session:
        lift_recall(session, Actor(a_person(session).id), recall, "Mẫu kiểm lại đạt, bán tiếp.", clock.now())
    jobs.do_all()
    assert lots_of(shop)[0].recalled_at is None
    shelved = db.session.get_one(LotStock, lot.id)
    assert (shelved.remaining, shelved.quarantined) == (24, 0)


def test_a_harvest_under_a_recall_of_its_producer_is_recalled(shop: Shop, zone: MaterialZone) -> None:
    a_recall(RecallScope.PRODUCER, shop.producer.id)
    form: dict[str, Any] = {
        "tu-0": f"z{zone.id}",
        "ten": "Cam tươi",
        "ngay_lam": "2026-11-20",
        "so_luong": "9",
    }
    shop.browser.send(f"{shop.base}/lo/nguyen-lieu", don_vi="KGM", **form)
    [material] = lots_of(shop)
    assert material.recalled_at is not None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ngay_lam": "2026-11-22"}, "ngay_lam"),
        ({"ngay_lam": ""}, "ngay_lam"),
        ({"han_dung": "2026-11-20"}, "han_dung"),
        ({"han_dung": "x"}, "han_dung"),
        ({"so_luong": "0"}, "so_luong"),
        ({"so_luong": "1,5"}, "so_luong"),
        ({"so_luong": "nhiều"}, "so_luong"),
        ({"ma_lo": "có dấu"}, "ma_lo"),
        ({"tu-0": "z999999"}, "tu-0"),
        ({"kg-1": "x", "tu-1": "z1"}, "tu-1"),
        ({"mua_gi-0": "Đường"}, "mua_gi-0"),
        ({"mua_gi-0": "Đường", "mua_cua-0": "Chợ", "mua_kg-0": "x"}, "mua_kg-0"),
        ({"mua_gi-0": "Đường", "mua_cua-0": "Chợ", "mua_kg-0": "99999999999999"}, "mua_kg-0"),
        ({"kho": "a4-1"}, "kho"),
        ({"so_tem": "0"}, "so_tem"),
        ({"so_tem": "2001"}, "so_tem"),
    ],
)
def test_what_is_wrong_is_named(shop: Shop, goods: Goods, changes: dict[str, Any], field: str) -> None:
    answer = shop.browser.send(f"{shop.base}/lo/moi", 422, **form_of(shop, **changes))
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}"' in answer.text
    assert lots_of(shop) == []


def test_a_weight_beyond_all_measure_is_named(shop: Shop, goods: Goods, zone: MaterialZone) -> None:
    heavy = form_of(shop, **{"tu-0": f"z{zone.id}", "kg-0": "99999999999999"})
    answer = shop.browser.send(f"{shop.base}/lo/moi", 422, **heavy)
    assert 'href="#kg-0"' in answer.text
    assert lots_of(shop) == []
    with pytest.raises(InvalidLot), unit_of_work() as session:
        facts = InputFacts(
            material="Cam", zone_id=zone.id, quantity=Decimal(99_999_999_999), uom=MeasureUnit.KILOGRAM
        )
        read_inputs(session, shop.producer.id, [facts])


def test_bought_in_material_is_told(shop: Shop, goods: Goods) -> None:
    bought = {"mua_gi-0": "Đường phèn", "mua_cua-0": "Đại lý Hoa", "mua_kg-0": "12,5"}
    shop.browser.send(f"{shop.base}/lo/moi", **form_of(shop, **bought))
    [used] = db.session.scalars(sa.select(LotInput))
    assert (used.material, used.bought_from, used.quantity) == ("Đường phèn", "Đại lý Hoa", Decimal("12.5"))
    [lot] = lots_of(shop)
    assert "Đường phèn , 12,5 kg · mua của Đại lý Hoa" in shop.browser.open(f"{shop.base}/lo/{lot.id}").words


def test_a_harvest_is_a_lot_of_material_that_goods_are_made_of(
    shop: Shop, goods: Goods, zone: MaterialZone
) -> None:
    at = f"{shop.base}/lo/nguyen-lieu"
    form: dict[str, Any] = {
        "tu-0": f"z{zone.id}",
        "ten": "Cam tươi",
        "ngay_lam": "2026-11-20",
        "so_luong": "350",
        "don_vi": "KGM",
    }
    assert shop.browser.open(at).one("#ten")["value"] == zone.crop
    for changes, field in (
        ({"ten": " "}, "ten"),
        ({"tu-0": ""}, "tu-0"),
        ({"don_vi": "x"}, "don_vi"),
        ({"so_luong": "0"}, "so_luong"),
        ({"ngay_lam": "2026-12-01"}, "ngay_lam"),
    ):
        assert f'href="#{field}"' in shop.browser.send(at, 422, **{**form, **changes}).text
    shop.browser.send(at, **form)
    [material] = lots_of(shop)
    assert (material.name, material.product_id, material.quantity) == ("Cam tươi", None, Decimal(350))
    assert "Ngày thu hái 20/11/2026" in shop.browser.open(f"{shop.base}/lo/{material.id}").words
    shop.browser.send(f"{shop.base}/lo/moi", **form_of(shop, **{"tu-0": f"l{material.id}"}))
    made = lots_of(shop)[1]
    page = shop.browser.open(f"{shop.base}/lo/{made.id}").words
    assert f"lô {material.code}" in page


def test_a_harvest_sent_twice_is_one_lot_until_something_else_is_typed(
    shop: Shop, zone: MaterialZone
) -> None:
    at = f"{shop.base}/lo/nguyen-lieu"
    key = shop.browser.open(at).one("input[name=khoa]")["value"]
    harvest = {"ten": "Cam tươi", "ngay_lam": "2026-11-20", "don_vi": "KGM", "khoa": key}
    form: dict[str, Any] = {"tu-0": f"z{zone.id}", **harvest}
    wrong = shop.browser.send(at, 422, **form, so_luong="0")
    assert f'name="khoa" value="{key}"' in wrong.text
    first, again = (shop.browser.send(at, **form, so_luong="350") for _ in range(2))
    [material] = lots_of(shop)
    assert first.location == again.location == f"{shop.base}/lo/{material.id}"
    shop.browser.send(at, **form, so_luong="40")
    shop.browser.send(at, **{**form, "khoa": "x" * 9_999}, so_luong="350")
    fresh = shop.browser.open(at).one("input[name=khoa]")["value"]
    shop.browser.send(at, **{**form, "khoa": fresh}, so_luong="350")
    assert [lot.quantity for lot in lots_of(shop)] == [350, 40, 350, 350]


def test_a_key_of_a_rivals_form_is_not_theirs(shop: Shop, rival: Shop, zone: MaterialZone) -> None:
    theirs = write(a_zone, rival.producer, "Vườn nhà khác")
    form: dict[str, Any] = {"ten": "Cam tươi", "ngay_lam": "2026-11-20", "don_vi": "KGM", "so_luong": "5"}
    form["khoa"] = "0" * 32
    shop.browser.send(f"{shop.base}/lo/nguyen-lieu", **{**form, "tu-0": f"z{zone.id}"})
    rival.browser.send(f"{rival.base}/lo/nguyen-lieu", **{**form, "tu-0": f"z{theirs.id}"})
    assert (len(lots_of(shop)), len(lots_of(rival))) == (1, 1)


def test_a_harvest_needs_a_zone_first(shop: Shop) -> None:
    assert f"{shop.base}/vung/moi" in shop.browser.open(f"{shop.base}/lo/nguyen-lieu").links()


def test_without_goods_there_is_nothing_to_make_a_lot_of(shop: Shop) -> None:
    assert "chưa có sản phẩm nào" in shop.browser.open(f"{shop.base}/lo/moi").words


def test_lots_are_listed_page_by_page_with_how_they_stand(shop: Shop, goods: Goods) -> None:
    for _ in range(21):
        write(a_lot, goods.product)
    page = shop.browser.open(f"{shop.base}/lo")
    assert page.heading == "Lô và tem: 21 lô"
    assert len(page.soup.select(".panel .lst > li")) == 20
    assert len(shop.browser.open(f"{shop.base}/lo?trang=2").soup.select(".panel .lst > li")) == 1
    assert len(shop.browser.open(f"{shop.base}/lo?trang=99").soup.select(".panel .lst > li")) == 1
    assert f"{shop.base}/san-pham/{goods.product.slug}/minh-chung" in page.links()


def an_alert(product: Product, **facts: Any) -> ScanAlert:
    """Write that scans with the codes of a product belong to no lot of it."""
    with unit_of_work() as session:
        told = {"rule": ScanRule.UNKNOWN_LOT, "count": 7, "raised_at": clock.now(), **facts}
        alert = ScanAlert(product_id=product.id, **told)
        session.add(alert)
        return alert


def test_scans_of_made_up_lots_are_told_to_their_producer_alone(
    shop: Shop, rival: Shop, goods: Goods
) -> None:
    alert = an_alert(goods.product)
    page = visit(shop.staff_browser.client, f"{shop.base}/lo", statements=9)
    assert f"{goods.product.name}: Mã lô không có trong sổ" in page.words
    assert "Ngày 21/11/2026, sản phẩm này bị quét 7 lần" in page.words
    assert "trong sổ" not in rival.browser.open(f"{rival.base}/lo").words
    with unit_of_work() as session:
        session.get_one(ScanAlert, alert.id).raised_at = clock.now() - SHOWN_FOR
    assert "trong sổ" not in shop.browser.open(f"{shop.base}/lo").words


def test_scans_that_the_office_explained_are_told_no_more(shop: Shop, goods: Goods) -> None:
    person = write(a_person)
    seen = {"seen_at": clock.now(), "seen_by": person.id, "seen_count": 7}
    an_alert(goods.product, cleared_at=clock.now(), clear_words="Lớp học thử quét.", **seen)
    assert "trong sổ" not in shop.browser.open(f"{shop.base}/lo").words


def test_a_broken_chain_is_told(shop: Shop, goods: Goods) -> None:
    lot = write(a_lot, goods.product, events=3)
    assert "Chuỗi việc của lô không khớp" not in shop.browser.open(f"{shop.base}/lo/{lot.id}").words
    with db.engine.begin() as connection:
        connection.execute(
            sa.update(TraceEvent).where(TraceEvent.position == 2).values(biz_step=BizStep.OTHER)
        )
    assert "không khớp từ dòng 2" in shop.browser.open(f"{shop.base}/lo/{lot.id}").words


def test_a_lot_of_others_is_not_there(shop: Shop, rival: Shop, goods: Goods) -> None:
    lot, material = write(a_lot, goods.product), write(a_material_lot, shop.producer)
    for number in (lot.id, material.id, 2**31 - 1):
        for base in (shop.base, rival.base):
            rival.browser.open(f"{base}/lo/{number}", 404)
    rival.browser.open(f"{shop.base}/lo", 404)
    write(goods_of, rival.producer, "Bưởi", ("BUOI-1",))
    theirs = form_of(rival, goi=f"v{goods.packs[0].id}")
    rival.browser.send(f"{rival.base}/lo/moi", 404, **theirs)
    theirs = form_of(rival, **{"tu-0": f"l{material.id}"})
    rival.browser.send(f"{rival.base}/lo/moi", 422, **theirs)
    assert lots_of(rival) == []


def left_of(lot_id: int) -> int:
    """Return how many rows still speak of a lot."""
    db.session.rollback()
    kept = ((Lot, Lot.id), (TraceEvent, TraceEvent.lot_id), (LotInput, LotInput.lot_id))
    shelved = ((LotStock, LotStock.lot_id), (ScanTally, ScanTally.lot_id))
    counts = (sa.select(sa.func.count()).select_from(of).where(key == lot_id) for of, key in kept + shelved)
    return sum(db.session.execute(one).scalar_one() for one in counts)


def make_without_labels(shop: Shop, **changes: Any) -> Lot:
    """Make a lot without labels."""
    shop.browser.send(f"{shop.base}/lo/moi", 303, **form_of(shop, **{"viec": "chi_lo", **changes}))
    return lots_of(shop)[-1]


def on_hand(goods: Goods) -> int:
    """Return how many of the first pack are in stock."""
    db.session.rollback()
    return db.session.get_one(StockItem, goods.packs[0].id).on_hand


def test_a_lot_typed_wrong_is_dropped_and_its_code_is_free(
    shop: Shop, goods: Goods, zone: MaterialZone
) -> None:
    used = {"tu-0": f"z{zone.id}", "kg-0": "60"}
    lot = make_without_labels(shop, so_luong="7", vao_kho="1", **used)
    lot_id, code, at = lot.id, lot.code, f"{shop.base}/lo/{lot.id}"
    write(note_province, Scan(lot.product_id or 0, "lot_good", lot_id, province_id=1), clock.now())
    assert (on_hand(goods), left_of(lot_id)) == (27, 5)
    assert f"Bỏ lô {code}" in shop.browser.open(at).words
    assert shop.browser.send(f"{at}/bo", 303, bot_kho="1").location == f"{shop.base}/lo"
    assert (left_of(lot_id), on_hand(goods)) == (0, 20)
    shop.browser.send(f"{at}/bo", 404)
    again = make_without_labels(shop, so_luong="7", ma_lo=code, vao_kho="1")
    shop.browser.send(f"{shop.base}/lo/{again.id}/bo", 303)
    assert on_hand(goods) == 27


def printed(lot: Lot) -> None:
    write(make_labels, None, lot, LabelOrder(format="a4-24", level=LabelLevel.LOT, count=1), clock.now())


def used_up(lot: Lot) -> None:
    write(a_lot, db.session.get_one(Product, lot.product_id), inputs=(from_lot(lot),))


def partly_sent(lot: Lot) -> None:
    with unit_of_work() as session:
        session.get_one(LotStock, lot.id).remaining -= 1


@pytest.mark.parametrize(
    "happened",
    [
        printed,
        used_up,
        partly_sent,
        lambda lot: write(an_event, lot),
        lambda lot: write(a_paper, lot),
        lambda lot: recalled(RecallScope.LOT, lot.id),
    ],
)
def test_a_lot_of_which_something_came_stands(shop: Shop, goods: Goods, happened: Any) -> None:
    lot = make_without_labels(shop, so_luong="7", vao_kho="1")
    happened(lot)
    before = left_of(lot.id)
    page = shop.browser.send(f"{shop.base}/lo/{lot.id}/bo", 409, bot_kho="1").text
    assert "không bỏ được nữa" in page
    assert left_of(lot.id) == before


def test_goods_that_were_promised_are_not_taken_out_of_stock(shop: Shop, goods: Goods) -> None:
    lot = make_without_labels(shop, so_luong="7", vao_kho="1")
    with unit_of_work() as session:
        session.get_one(StockItem, goods.packs[0].id).allocated = 25
    page = shop.browser.send(f"{shop.base}/lo/{lot.id}/bo", 409, bot_kho="1").text
    assert "đã hứa" in page
    assert (on_hand(goods), left_of(lot.id)) == (27, 3)
