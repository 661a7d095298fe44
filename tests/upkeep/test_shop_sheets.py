"""A producer's sheet: what it says, what it changes, and that it changes all or nothing."""

import io
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa
from flask import Flask
from openpyxl import load_workbook

from marketplace import clock
from marketplace.accounts.errors import ReauthenticationNeeded
from marketplace.accounts.journal import Deed
from marketplace.accounts.permissions import Actor
from marketplace.accounts.privacy import Subject, erase
from marketplace.accounts.roles import Role
from marketplace.catalogue.listing_content import change_price
from marketplace.catalogue.listing_models import Listing, ListingState
from marketplace.catalogue.models import Product, Uom, Variant
from marketplace.catalogue.prices import price_history
from marketplace.database import db, unit_of_work
from marketplace.ordering.models import StockItem, StockMovement
from marketplace.ordering.stock_keeping import StockReason
from marketplace.upkeep.shop_sheets import limits
from marketplace.upkeep.shop_sheets.brought import Brought, keep_brought
from marketplace.upkeep.shop_sheets.columns import COLUMNS_OF, ERASE, Column, SheetKind
from marketplace.upkeep.shop_sheets.errors import TrialGone, TrialHasErrors, TrialOutdated
from marketplace.upkeep.shop_sheets.models import SheetTrial
from marketplace.upkeep.shop_sheets.plans import Plan, differences
from marketplace.upkeep.shop_sheets.present import list_values, load_kept, written
from marketplace.upkeep.shop_sheets.trials import (
    begin_trial,
    confirm_trial,
    examine_trial,
    get_trial,
    let_go_of_expired,
)
from marketplace.upkeep.shop_sheets.uploads import read_upload
from marketplace.upkeep.shop_sheets.workbook import workbook_of
from tests.factories.listings import DESCRIPTION
from tests.factories.producers import a_producer
from tests.factories.shop_sheets import Cells, Goods, goods_of, sheet_csv, sheet_xlsx

C = Column


@pytest.fixture
def goods(app: Flask) -> Goods:
    """A shop with one product on view, of two packs."""
    with unit_of_work() as session:
        return goods_of(session, a_producer(session))


@pytest.fixture
def others(app: Flask) -> Goods:
    """Another shop."""
    with unit_of_work() as session:
        return goods_of(session, a_producer(session, "HTX Bưởi Phúc Trạch"), "Bưởi", ("BUOI-1",))


def tried(goods: Goods, content: bytes, actor: Actor | None = None, brought: Brought | None = None) -> Plan:
    """Send a sheet in and return what it would do."""
    actor = actor or goods.actor()
    with unit_of_work() as session:
        keys, new = keep_brought(session, brought or Brought(), goods.producer.id, clock.now())
        begin_trial(session, goods.producer.id, actor, read_upload(content), keys, new, clock.now())
    return examine_trial(goods.producer.id, actor, clock.now())


def confirmed(goods: Goods, actor: Actor | None = None, token: str | None = None) -> Plan:
    """Confirm the sheet sent last."""
    actor = actor or goods.actor()
    trial = get_trial(db.session(), goods.producer.id, actor.person_id, clock.now())
    with unit_of_work() as session:
        return confirm_trial(session, goods.producer, actor, token or trial.token, clock.now())


def done(goods: Goods, *rows: Cells) -> Plan:
    """Send rows in and confirm them."""
    tried(goods, sheet_csv(rows))
    return confirmed(goods)


def told(plan: Plan) -> list[tuple[int, str, str, str]]:
    return [(one.row, one.column, one.old, one.new) for one in plan.changes]


def errors(plan: Plan) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.message) for one in plan.errors]


def variant(sku: str) -> Variant:
    db.session.rollback()
    return db.session.scalars(sa.select(Variant).where(Variant.sku == sku)).one()


def on_hand(sku: str) -> int:
    return db.session.scalars(
        sa.select(StockItem.on_hand)
        .join(Variant, Variant.id == StockItem.variant_id)
        .where(Variant.sku == sku)
    ).one()


def listing(goods: Goods) -> Listing | None:
    db.session.rollback()
    return db.session.get(Listing, goods.product.id)


def everything() -> list[Any]:
    """Return the rows that a sheet may change."""
    db.session.rollback()
    models: list[Any] = [Product, Variant, Listing, StockItem, StockMovement]
    tables = [sa.inspect(model).local_table for model in models]
    return [db.session.execute(sa.select(table).order_by(*table.primary_key)).all() for table in tables]


def test_a_trial_tells_what_would_change_and_changes_nothing(goods: Goods) -> None:
    before = everything()
    plan = tried(goods, sheet_csv([{C.SKU: "CAM-1", C.PRICE: "95.000", C.STOCK: 12, C.DESCRIPTION: "Ngọt."}]))
    assert told(plan) == [
        (2, "Mô tả", DESCRIPTION, "Ngọt."),
        (2, "Giá (đồng)", "90.000", "95.000"),
        (2, "Tồn kho", "20", "12"),
    ]
    assert not plan.findings
    assert everything() == before
    assert not db.session.scalars(sa.select(Deed)).all()


@pytest.mark.parametrize("write", [sheet_csv, sheet_xlsx])
def test_what_was_shown_is_done_and_sending_it_again_changes_nothing(goods: Goods, write: Any) -> None:
    rows: Sequence[Cells] = [
        {
            C.PRODUCT: goods.product.slug,
            C.DESCRIPTION: "Hái sớm.\nGiao trong ngày.",
            C.USAGE: "Ăn tươi.",
            C.STORAGE: "Nơi mát.",
            C.SHELF_LIFE: 15,
            C.SKU: "CAM-1",
            C.PACK: "Túi lưới 1 kg",
            C.PRICE: 99_000,
            C.VAT: 5,
            C.CONTENT: "1100",
            C.UNIT: "g",
            C.WEIGHT: 1_200,
            C.STOCK: 30,
            C.REASON: "làm thêm",
        },
        {C.PRODUCT: goods.product.slug, C.PACK: "Thùng 10 kg", C.PRICE: 800_000, C.VAT: 8, C.CONTENT: "10000",
         C.UNIT: "gam", C.WEIGHT: 10_500, C.STOCK: 4},
    ]  # fmt: skip
    plan = tried(goods, write(rows))
    assert not plan.findings
    assert told(confirmed(goods)) == told(plan)
    kept = listing(goods)
    assert kept is not None
    assert (kept.description, kept.usage_note) == ("Hái sớm.\nGiao trong ngày.", "Ăn tươi.")
    assert (kept.storage_note, kept.shelf_life_days) == ("Nơi mát.", 15)
    bag = variant("CAM-1")
    assert (bag.name, bag.price, bag.vat_percent, int(bag.content), bag.uom, bag.weight_g, bag.active) == (
        "Túi lưới 1 kg", 99_000, 5, 1_100, Uom.GRAM, 1_200, True,
    )  # fmt: skip
    assert variant("CAM-5").active
    box = db.session.scalars(sa.select(Variant).where(Variant.name == "Thùng 10 kg")).one()
    assert (box.price, box.active, on_hand(box.sku)) == (800_000, True, 4)
    assert on_hand("CAM-1") == 30
    movement = db.session.scalars(sa.select(StockMovement).order_by(StockMovement.id)).all()
    assert [one.reason for one in movement[-2:]] == [StockReason.PRODUCED, StockReason.MISCOUNTED]
    assert price_history(bag.id)[0].person_id == goods.actor().person_id
    deeds = db.session.scalars(sa.select(Deed.action).where(Deed.action == "sheet:apply")).all()
    assert deeds == ["sheet:apply"]
    before = everything()
    assert told(tried(goods, write(rows))) == []
    confirmed(goods)
    assert everything() == before


@pytest.mark.parametrize("kind", list(SheetKind))
def test_what_was_taken_out_comes_back_without_a_change(goods: Goods, kind: SheetKind) -> None:
    words = "=1+1\n- Rửa sạch; -gọt vỏ\n@ mẹ"
    with unit_of_work() as session:
        session.get_one(Listing, goods.product.id).description = words
        session.get_one(Variant, goods.packs[0].id).content = sa.literal(0.125)
    columns = COLUMNS_OF[kind]
    rows = list(list_values(load_kept(db.session(), goods.producer.id), columns))
    assert len(rows) == 2
    book = workbook_of(columns, rows)
    assert not (plan := tried(goods, book)).changes, plan
    assert not plan.findings
    sheet = load_workbook(io.BytesIO(book)).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    plan = tried(goods, sheet_csv([{c: written(c, row.get(c)) for c in columns} for row in rows]))
    assert not [one for one in plan.changes if one.column != "Mô tả"]


def test_the_sheet_offers_choices_and_explains_itself(goods: Goods) -> None:
    book = load_workbook(io.BytesIO(workbook_of(COLUMNS_OF[SheetKind.LISTINGS], [])))
    goods_sheet, guide = book.worksheets
    offered = {str(one.sqref)[0]: one.formula1 for one in goods_sheet.data_validations.dataValidation}
    assert sorted(offered.values()) == [
        '"0,5,8,10"', '"có,không"', '"g,ml,cái"', '"đếm lại,làm thêm,khách trả,bán nơi khác,hỏng,biếu tặng"'
    ]  # fmt: skip
    assert [cell.value for cell in goods_sheet[1]] == [column.value for column in Column]
    explained = {row[0].value for row in guide.iter_rows()}
    assert {column.value for column in Column} <= explained


def test_another_producers_code_is_told_of_like_one_that_nobody_has(goods: Goods, others: Goods) -> None:
    plan = tried(
        goods,
        sheet_csv(
            [
                {C.SKU: "BUOI-1", C.PRICE: 1_000},
                {C.SKU: "KHONG-CO", C.PRICE: 1_000},
                {C.PRODUCT: others.product.slug, C.DESCRIPTION: "x"},
                {C.PRODUCT: "khong-co", C.DESCRIPTION: "x"},
            ]
        ),
    )
    here = "không có trong gian hàng này"
    assert errors(plan) == [
        (2, "Mã gói", here),
        (3, "Mã gói", here),
        (4, "Mã sản phẩm", here),
        (5, "Mã sản phẩm", here),
    ]
    assert not plan.changes
    with pytest.raises(TrialHasErrors):
        confirmed(goods)


def test_what_the_certificate_fixes_stays_and_is_pointed_out(goods: Goods) -> None:
    fixed = {
        C.NAME: "Cam Vàng",
        C.SET: "Khác",
        C.PRODUCER: "HTX khác",
        C.INGREDIENTS: "đường",
        C.LABELS: "mới",
        C.NAME_EN: "Orange",
    }
    row = {C.PRODUCT: goods.product.slug, **fixed, C.SKU: "CAM-1", C.STOCK: 1}
    plan = done(goods, row)
    assert [(one.column, one.old, one.new) for one in plan.fixed] == [
        ("Tên sản phẩm", "Cam Khe Mây", "Cam Vàng"),
        ("Tên tiếng Anh", "", "Orange"),
        ("Bộ sản phẩm", plan.fixed[2].old, "Khác"),
        ("Chủ thể", "HTX Cam Khe Mây", "HTX khác"),
        ("Thành phần", "", "đường"),
        ("Ghi trên nhãn", "", "mới"),
    ]
    assert all(one.certified and one.product == goods.product.slug for one in plan.fixed)
    db.session.rollback()
    product = db.session.get_one(Product, goods.product.id)
    assert (product.name, product.ingredients, product.labels) == ("Cam Khe Mây", None, None)
    assert on_hand("CAM-1") == 1


WRONG = [
    ({C.SKU: "CAM-1", C.PRICE: "rẻ"}, "Giá (đồng)", "không phải số tiền"),
    ({C.SKU: "CAM-1", C.PRICE: "-5"}, "Giá (đồng)", "không phải số tiền"),
    ({C.SKU: "CAM-1", C.VAT: "7"}, "VAT (%)", "thuế suất"),
    ({C.SKU: "CAM-1", C.CONTENT: "1.000"}, "Lượng trong gói", "hãy viết rõ"),
    ({C.SKU: "CAM-1", C.CONTENT: "0"}, "Lượng trong gói", "lớn hơn 0"),
    ({C.SKU: "CAM-1", C.UNIT: "thúng"}, "Đơn vị", "không phải"),
    ({C.SKU: "CAM-1", C.WEIGHT: "0"}, "Nặng cả bao bì (g)", "không phải số gam"),
    ({C.SKU: "CAM-1", C.STOCK: "-1"}, "Tồn kho", "không phải số đếm"),
    ({C.SKU: "CAM-1", C.STOCK: "2000000"}, "Tồn kho", "không phải số đếm"),
    ({C.SKU: "CAM-1", C.STOCK: "1,5"}, "Tồn kho", "không phải số đếm"),
    ({C.SKU: "CAM-1", C.STOCK: "1", C.REASON: "mất"}, "Lý do đổi kho", "không phải"),
    ({C.SKU: "CAM-1", C.ON_SALE: "có lẽ"}, "Đang bán", "không phải"),
    ({C.SKU: "CAM-1", C.SHELF_LIFE: "lâu"}, "Hạn dùng (ngày)", "không phải số ngày"),
    ({C.SKU: "CAM-1", C.USAGE: "a" * 1_001}, "Cách dùng", "nhiều nhất là 1000"),
    ({C.SKU: "CAM-1", C.DESCRIPTION: "=1+1"}, "Mô tả", "công thức"),
    ({C.SKU: "CAM-1", C.PICTURES: "a.jpg; A.jpg"}, "Ảnh", "hai lần"),
    ({C.SKU: "CAM-1", C.PICTURES: "a.jpg"}, "Ảnh", "không thấy tệp ảnh «a.jpg»"),
    ({C.SKU: "CAM-1", C.PICTURES: ";".join(f"{n}.jpg" for n in range(9))}, "Ảnh", "nhiều nhất là 8"),
    ({C.PRICE: "1000"}, "Mã gói", "thiếu mã"),
    ({C.PRODUCT: "cam-khe-may", C.PRICE: "1000"}, "Mã gói", "thiếu mã gói"),
    ({C.PRODUCT: "cam-khe-may", C.PACK: "Mới", C.PRICE: "1000", C.VAT: 8, C.UNIT: "g", C.CONTENT: 1},
     "Nặng cả bao bì (g)", "gói mới cần ô này"),
    ({C.PRODUCT: "cam-khe-may", C.PACK: "Mới", C.PRICE: "1000", C.VAT: 8, C.UNIT: "g", C.CONTENT: 1,
      C.WEIGHT: 2, C.ON_SALE: "không"}, "Đang bán", "gói mới thì đang bán"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "column", "words"), WRONG)
def test_every_cell_that_is_wrong_is_named(goods: Goods, row: Cells, column: str, words: str) -> None:
    plan = tried(goods, sheet_csv([row]))
    assert [(one.row, one.column) for one in plan.errors] == [(2, column)]
    assert words in plan.errors[0].message
    before = everything()
    with pytest.raises(TrialHasErrors):
        confirmed(goods)
    assert everything() == before


def test_one_wrong_row_keeps_all_the_others_waiting(goods: Goods) -> None:
    before = everything()
    tried(goods, sheet_csv([{C.SKU: "CAM-1", C.PRICE: 95_000}, {C.SKU: "CAM-5", C.PRICE: "rẻ"}]))
    with pytest.raises(TrialHasErrors):
        confirmed(goods)
    assert everything() == before


def test_rows_that_contradict_or_repeat_one_another_are_named(goods: Goods, others: Goods) -> None:
    with unit_of_work() as session:
        goods_of(session, goods.producer, "Mứt cam", ("MUT-1",))
    plan = tried(
        goods,
        sheet_csv(
            [
                {C.PRODUCT: "cam-khe-may", C.SKU: "CAM-1", C.DESCRIPTION: "Một", C.STOCK: 1},
                {C.PRODUCT: "cam-khe-may", C.SKU: "CAM-5", C.DESCRIPTION: "Hai"},
                {C.PRODUCT: "cam-khe-may", C.SKU: "CAM-1", C.STOCK: 2},
                {C.PRODUCT: "cam-khe-may", C.SKU: "MUT-1", C.STOCK: 2},
                {C.PRODUCT: "cam-khe-may", C.SKU: "CAM-5", C.DESCRIPTION: "Một"},
            ]
        ),
    )
    assert errors(plan) == [
        (3, "Mô tả", "khác với dòng 2 của cùng sản phẩm"),
        (4, "Mã gói", "gói này đã có ở dòng 2"),
        (5, "Mã gói", "gói này thuộc sản phẩm «Mứt cam»"),
        (6, "Mã gói", "gói này đã có ở dòng 3"),
    ]


def test_cells_that_say_so_are_emptied(goods: Goods) -> None:
    with unit_of_work() as session:
        session.get_one(Listing, goods.product.id).shelf_life_days = 9
    plan = done(goods, {C.SKU: "CAM-1", C.DESCRIPTION: ERASE, C.SHELF_LIFE: "(Xoá)", C.USAGE: ""})
    assert [(one.column, one.new) for one in plan.changes] == [("Mô tả", ""), ("Hạn dùng (ngày)", "")]
    kept = listing(goods)
    assert kept is not None
    assert (kept.description, kept.shelf_life_days) == (None, None)


def test_packs_go_off_sale_and_come_back(goods: Goods) -> None:
    done(goods, {C.SKU: "CAM-5", C.ON_SALE: "Không"})
    assert not variant("CAM-5").active
    assert variant("CAM-1").active
    plan = tried(goods, sheet_csv([{C.SKU: "CAM-5", C.PRICE: 91_000}]))
    assert errors(plan) == [(2, "Đang bán", "gói đã ngừng bán; ghi «có» để bán lại")]
    assert not tried(goods, sheet_csv([{C.SKU: "CAM-5", C.ON_SALE: "không"}])).changes
    done(goods, {C.SKU: "CAM-5", C.ON_SALE: "có", C.PRICE: 91_000})
    assert (variant("CAM-5").active, variant("CAM-5").price) == (True, 91_000)


def test_less_than_promised_is_refused(goods: Goods) -> None:
    with unit_of_work() as session:
        session.execute(sa.update(StockItem).values(allocated=7))
    plan = tried(goods, sheet_csv([{C.SKU: "CAM-1", C.STOCK: 6}]))
    assert errors(plan) == [(2, "Tồn kho", "7 đã có người đặt, không ghi ít hơn được")]


def test_a_product_without_a_listing_gets_a_draft(goods: Goods) -> None:
    with unit_of_work() as session:
        own = goods_of(session, goods.producer, "Mứt cam", ("MUT-1",), state=None)
    plan = tried(goods, sheet_csv([{C.SKU: "MUT-1", C.DESCRIPTION: "Dẻo.", C.PRICE: 91_000}]))
    assert [one.message for one in plan.doubts] == [
        "sản phẩm chưa có bài đăng: sẽ mở bài nháp, gửi duyệt sau"
    ]
    confirmed(goods)
    kept = listing(own)
    assert kept is not None
    assert (kept.state, kept.description) == (ListingState.DRAFT, "Dẻo.")
    assert (variant("MUT-1").price, variant("MUT-1").active) == (91_000, True)


def test_prices_and_stock_alone_need_no_listing(goods: Goods) -> None:
    with unit_of_work() as session:
        own = goods_of(session, goods.producer, "Mứt cam", ("MUT-1",), state=None)
    assert not done(goods, {C.SKU: "MUT-1", C.PRICE: 91_000, C.STOCK: 3}).findings
    assert listing(own) is None
    assert (variant("MUT-1").price, on_hand("MUT-1")) == (91_000, 3)


def test_packs_older_than_the_listing_change_in_price_and_stock_alone(goods: Goods) -> None:
    with unit_of_work() as session:
        own = goods_of(session, goods.producer, "Mứt cam", ("MUT-1",), state=None)
    plan = tried(goods, sheet_csv([{C.SKU: "MUT-1", C.PACK: "Hũ"}]))
    assert [(row, column) for row, column, _ in errors(plan)] == [(2, "Gói")]
    assert "có trước bài đăng" in plan.errors[0].message
    fresh = {C.PRODUCT: own.product.slug, C.PACK: "Hũ", C.PRICE: 50_000, C.VAT: 8, C.CONTENT: "0,5",
             C.UNIT: "cái", C.WEIGHT: 300}  # fmt: skip
    done(goods, fresh, {C.SKU: "MUT-1", C.PRICE: 92_000})
    jar = db.session.scalars(sa.select(Variant).where(Variant.name == "Hũ")).one()
    assert (jar.waiting, jar.active, variant("MUT-1").active, variant("MUT-1").price) == (
        True, False, True, 92_000,
    )  # fmt: skip
    done(goods, {C.SKU: jar.sku, C.PACK: "Hũ nhỏ", C.STOCK: 5})
    assert (variant(jar.sku).name, variant(jar.sku).waiting, variant("MUT-1").active) == (
        "Hũ nhỏ",
        True,
        True,
    )


def test_what_the_office_reads_is_left_alone(goods: Goods) -> None:
    with unit_of_work() as session:
        goods_of(session, goods.producer, "Mứt cam", ("MUT-1",), state=ListingState.SUBMITTED)
    plan = tried(goods, sheet_csv([{C.SKU: "MUT-1", C.DESCRIPTION: "Dẻo."}, {C.SKU: "CAM-1", C.STOCK: 3}]))
    assert [(row, column) for row, column, _ in errors(plan)] == [(2, "Mã sản phẩm")]
    assert "đang chờ duyệt" in plan.errors[0].message


class TestFarPrices:
    """More than 30 % away: the owner's alone, after proving who it is."""

    row: ClassVar[Cells] = {C.SKU: "CAM-1", C.PRICE: 60_000}

    @pytest.fixture(autouse=True)
    def on_view_for_long(self, goods: Goods) -> None:
        with unit_of_work() as session:
            session.get_one(Listing, goods.product.id).live_since = clock.now() - timedelta(days=9)
            session.get_one(Product, goods.product.id).published_at = clock.now() - timedelta(days=9)

    def test_the_owner_proves_who_they_are(self, goods: Goods) -> None:
        plan = tried(goods, sheet_csv([self.row]))
        assert plan.needs_owner
        assert not plan.errors
        assert [one.row for one in plan.doubts] == [2]
        assert tried(goods, sheet_csv([self.row]), goods.actor(strong=True)).needs_owner
        with pytest.raises(ReauthenticationNeeded):
            confirmed(goods)
        confirmed(goods, goods.actor(strong=True))
        assert variant("CAM-1").price == 60_000
        assert price_history(variant("CAM-1").id)[0].confirmed

    def test_staff_may_not(self, goods: Goods) -> None:
        staff = goods.actor(Role.STAFF)
        plan = tried(goods, sheet_csv([self.row]), staff)
        assert [(row, column) for row, column, _ in errors(plan)] == [(2, "Giá (đồng)")]
        with pytest.raises(TrialHasErrors):
            confirmed(goods, staff)

    def test_small_steps_are_anybodys(self, goods: Goods) -> None:
        staff = goods.actor(Role.STAFF)
        assert not tried(goods, sheet_csv([{C.SKU: "CAM-1", C.PRICE: 80_000}]), staff).findings
        confirmed(goods, staff)
        assert variant("CAM-1").price == 80_000


def test_what_changed_meanwhile_is_not_overwritten(goods: Goods) -> None:
    row = {C.SKU: "CAM-1", C.PRICE: 95_000, C.STOCK: 5}
    shown = tried(goods, sheet_csv([row]))
    with unit_of_work() as session:
        change_price(
            session, session.get_one(Variant, goods.packs[0].id), 93_000, actor=goods.actor(), at=clock.now()
        )
    before = everything()
    with pytest.raises(TrialOutdated):
        confirmed(goods)
    assert everything() == before
    now = examine_trial(goods.producer.id, goods.actor(), clock.now())
    [one] = differences(shown, now)
    assert one.then is not None
    assert one.now is not None
    assert (one.column, one.then.old, one.now.old, one.now.new) == (
        "Giá (đồng)",
        "90.000",
        "93.000",
        "95.000",
    )
    confirmed(goods)
    assert (variant("CAM-1").price, on_hand("CAM-1")) == (95_000, 5)


def test_what_was_submitted_meanwhile_is_left_alone(goods: Goods) -> None:
    with unit_of_work() as session:
        own = goods_of(session, goods.producer, "Mứt cam", ("MUT-1",), state=ListingState.DRAFT)
    tried(goods, sheet_csv([{C.SKU: "MUT-1", C.DESCRIPTION: "Dẻo."}]))
    with unit_of_work() as session:
        kept = session.get_one(Listing, own.product.id)
        kept.state, kept.answer_due_at = ListingState.SUBMITTED, clock.now()
    with pytest.raises(TrialOutdated):
        confirmed(goods)


def test_a_trial_is_its_persons_and_confirmed_once(goods: Goods, others: Goods) -> None:
    row = {C.SKU: "CAM-1", C.STOCK: 5}
    tried(goods, sheet_csv([row]))
    first = get_trial(db.session(), goods.producer.id, goods.actor().person_id, clock.now()).token
    for producer, person in ((goods.producer, 999), (others.producer, goods.actor().person_id)):
        with pytest.raises(TrialGone):
            get_trial(db.session(), producer.id, person, clock.now())
    tried(goods, sheet_csv([{C.SKU: "CAM-1", C.STOCK: 6}]))
    with pytest.raises(TrialGone):
        confirmed(goods, token=first)
    confirmed(goods)
    assert on_hand("CAM-1") == 6
    with pytest.raises(TrialGone):
        confirmed(goods, token=first)


def test_a_trial_runs_out(goods: Goods) -> None:
    tried(goods, sheet_csv([{C.SKU: "CAM-1", C.STOCK: 5}]))
    token = get_trial(db.session(), goods.producer.id, goods.actor().person_id, clock.now()).token
    assert let_go_of_expired() == 0
    with clock.stopped(clock.now() + limits.KEPT_FOR):
        with pytest.raises(TrialGone), unit_of_work() as session:
            confirm_trial(session, goods.producer, goods.actor(), token, clock.now())
        assert let_go_of_expired() == 1
    assert not db.session.scalars(sa.select(SheetTrial.id)).all()


def test_erasing_a_person_lets_their_trials_go(goods: Goods) -> None:
    tried(goods, sheet_csv([{C.SKU: "CAM-1", C.STOCK: 5}]))
    with unit_of_work() as session:
        erase(session, Subject(None, "a@example.vn", None), clock.now())
    assert db.session.scalars(sa.select(SheetTrial.id)).all()
    from marketplace.upkeep.shop_sheets.trials import erase_trials  # noqa: PLC0415

    with unit_of_work() as session:
        erase_trials(session, Subject(goods.actor().person_id, None, None), clock.now())
    assert not db.session.scalars(sa.select(SheetTrial.id)).all()
