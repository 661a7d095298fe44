"""The pages of sheets: taken out, sent in, looked at, confirmed."""

import csv
import io
import zipfile
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from marketplace import clock
from marketplace.accounts.models import SignIn
from marketplace.catalogue.listing_models import Listing
from marketplace.catalogue.models import Variant
from marketplace.catalogue.pictures import ProductPicture
from marketplace.database import db, unit_of_work
from marketplace.media.models import Picture
from marketplace.upkeep.shop_sheets import brought, limits
from marketplace.upkeep.shop_sheets.columns import Column
from marketplace.upkeep.shop_sheets.models import SheetTrial
from tests.factories.media import photo
from tests.factories.shop_sheets import Cells, Goods, goods_of, sheet_csv, sheet_xlsx
from tests.signin.browsing import Browser, write
from tests.workspace.conftest import Shop

C = Column


@pytest.fixture
def goods(shop: Shop) -> Goods:
    """What the shop sells."""
    found: Goods = write(goods_of, shop.producer)
    return found


def send(shop: Shop, *rows: Cells, browser: Browser | None = None, status: int = 303, **files: Any) -> Any:
    """Send a sheet in."""
    browser = browser or shop.browser
    fields = {"tep": (io.BytesIO(sheet_xlsx(rows)), "gia.xlsx"), **files}
    return browser.send(f"{shop.base}/bang-tinh", status, **fields)


def confirm(shop: Shop, status: int = 303, browser: Browser | None = None) -> Any:
    """Press the button of the page that shows what would change."""
    browser = browser or shop.browser
    page = browser.open(f"{shop.base}/bang-tinh/xem-thu")
    token = str(page.one("input[name=ban]")["value"])
    return browser.send(f"{shop.base}/bang-tinh/xem-thu/ghi", status, ban=token)


def price(sku: str) -> int:
    db.session.rollback()
    return db.session.scalars(sa.select(Variant.price).where(Variant.sku == sku)).one()


def test_a_sheet_is_tried_looked_at_and_confirmed(shop: Shop, goods: Goods) -> None:
    page = shop.browser.open(f"{shop.base}/bang-tinh")
    assert f"{shop.base}/bang-tinh/mau.xlsx" in page.links()
    answer = send(shop, {C.SKU: "CAM-1", C.PRICE: 95_000}, {C.SKU: "CAM-5", C.STOCK: 3})
    assert answer.location == f"{shop.base}/bang-tinh/xem-thu"
    page = shop.browser.open(answer.location)
    assert "2 dòng: 2 thay đổi, 0 lỗi" in page.words
    assert page.texts("tbody tr")[0] == "Cam Khe Mây · Gói CAM-1 Dòng 2 Giá (đồng) 90.000 95.000"
    assert price("CAM-1") == 90_000
    assert "đang chờ bạn ghi" in shop.browser.open(f"{shop.base}/bang-tinh").words
    assert confirm(shop).location == f"{shop.base}/bang-tinh"
    assert "Đã ghi 2 thay đổi" in shop.browser.open(f"{shop.base}/bang-tinh").words
    assert price("CAM-1") == 95_000


def test_a_sheet_with_an_error_has_no_button_to_confirm(shop: Shop, goods: Goods) -> None:
    send(shop, {C.SKU: "CAM-1", C.PRICE: "rẻ", C.NAME: "Cam <b>"}, {C.SKU: "BUOI-1", C.STOCK: 3})
    page = shop.browser.open(f"{shop.base}/bang-tinh/xem-thu")
    assert "Có 2 lỗi: chưa ghi được" in page.words
    assert "Dòng 3, Mã gói : không có trong gian hàng này" in page.words
    assert f"{shop.base}/san-pham/{goods.product.slug}/de-nghi" in page.links()
    assert not page.soup.select("input[name=ban]")
    trial = db.session.scalars(sa.select(SheetTrial)).one()
    shop.browser.send(f"{shop.base}/bang-tinh/xem-thu/ghi", 409, ban=trial.token)
    assert price("CAM-1") == 90_000


def test_what_changed_meanwhile_is_shown(shop: Shop, goods: Goods) -> None:
    send(shop, {C.SKU: "CAM-1", C.PRICE: 95_000})
    page = shop.browser.open(f"{shop.base}/bang-tinh/xem-thu")
    token = str(page.one("input[name=ban]")["value"])
    with unit_of_work() as session:
        session.get_one(Variant, goods.packs[0].id).price = 93_000
    answer = shop.browser.send(f"{shop.base}/bang-tinh/xem-thu/ghi", 409, ban=token)
    assert "90.000 → 95.000" in answer.text
    assert "93.000 → 95.000" in answer.text
    assert price("CAM-1") == 93_000
    shop.browser.send(f"{shop.base}/bang-tinh/xem-thu/ghi", 409, ban=token)
    confirm(shop)
    assert price("CAM-1") == 95_000


def test_a_far_price_asks_the_owner_who_they_are(shop: Shop, goods: Goods) -> None:
    with unit_of_work() as session:
        session.get_one(Listing, goods.product.id).live_since = clock.now()
        session.execute(sa.update(SignIn).values(strong_at=clock.now() - limits.KEPT_FOR))
    send(shop, {C.SKU: "CAM-1", C.PRICE: 50_000})
    assert 'action="/xac-nhan-lai"' in confirm(shop, 403).text
    assert price("CAM-1") == 90_000
    with unit_of_work() as session:
        session.execute(sa.update(SignIn).values(strong_at=clock.now()))
    confirm(shop)
    assert price("CAM-1") == 50_000


def test_pictures_come_in_a_zip_by_their_names(shop: Shop, goods: Goods) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("ảnh/Cam 1.JPG", photo(300, 300))
        written.writestr("ảnh/cam 2.jpg", photo(300, 300, (9, 99, 9)))
        written.writestr("ảnh/hỏng.jpg", b"\xff\xd8\xff\xe0 not a picture")
        written.writestr("ảnh/không cần.txt", b"x")
    named = {C.PRODUCT: goods.product.slug, C.PICTURES: "cam 2.jpg; cam 1.jpg"}

    def sent(row: Cells) -> None:
        send(shop, row, anh_zip=(io.BytesIO(archive.getvalue()), "anh.zip"))

    sent({**named, C.PICTURES: "cam 1.jpg; hỏng.jpg"})
    assert "hỏng.jpg" in shop.browser.open(f"{shop.base}/bang-tinh/xem-thu").words
    assert count(Picture) == 1
    sent(named)
    assert count(Picture) == 2
    confirm(shop)
    assert shown(goods) == digests("cam 2", "cam 1")
    sent(named)
    assert "không có gì để đổi" in shop.browser.open(f"{shop.base}/bang-tinh/xem-thu").words
    keys = [shown.key for shown in db.session.scalars(sa.select(Picture).order_by(Picture.id))]
    send(shop, {**named, C.PICTURES: f"{keys[0]}.jpg"})
    confirm(shop)
    assert len(shown(goods)) == 1
    assert count(SheetTrial) == 0


def count(model: Any) -> int:
    db.session.rollback()
    return db.session.execute(sa.select(sa.func.count()).select_from(model)).scalar_one()


def shown(goods: Goods) -> list[str]:
    """Return the digests of the pictures a product shows."""
    db.session.rollback()
    wanted = sa.select(Picture.digest).join(ProductPicture, ProductPicture.picture_id == Picture.id)
    return list(db.session.scalars(wanted.order_by(ProductPicture.position)))


def digests(*names: str) -> list[str]:
    from marketplace.media.pictures import digest_of  # noqa: PLC0415

    colours = {"cam 1": photo(300, 300), "cam 2": photo(300, 300, (9, 99, 9))}
    return [digest_of(colours[name]) for name in names]


def test_letting_a_sheet_go_takes_its_pictures_along(shop: Shop, goods: Goods) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("a.jpg", photo(300, 300))
    send(
        shop,
        {C.PRODUCT: goods.product.slug, C.PICTURES: "a.jpg"},
        anh_zip=(io.BytesIO(archive.getvalue()), "anh.zip"),
    )
    assert count(Picture) == 1
    shop.browser.send(f"{shop.base}/bang-tinh/xem-thu/bo")
    assert (count(Picture), count(SheetTrial)) == (0, 0)
    assert shop.browser.client.get(f"{shop.base}/bang-tinh/xem-thu").status_code == 303
    assert shop.browser.client.get(f"{shop.base}/bang-tinh/xem-thu.csv").status_code == 303
    assert "hết hạn" in shop.browser.open(f"{shop.base}/bang-tinh").words


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Tệp rỗng"),
        ({"tep": (b"x" * 5_000_001, "a.csv")}, "lớn hơn 5 MB"),
        ({"tep": (b"PK\x03\x04 broken", "a.xlsx")}, "gói nén"),
        ({"tep": (sheet_csv([{C.SKU: "A"}]).splitlines()[0], "a.csv")}, "không có dòng nào"),
        ({"tep": (sheet_csv([{C.SKU: f"A{n}"} for n in range(2_001)]), "a.csv")}, "2001 dòng"),
        ({"tep": (sheet_csv([{C.SKU: "CAM-1"}]), "a.csv"), "anh_zip": (b"x", "a.zip")}, "không phải tệp ZIP"),
    ],
)
def test_files_that_cannot_be_read_are_refused(
    shop: Shop, goods: Goods, fields: dict[str, tuple[bytes, str]], words: str
) -> None:
    files: dict[str, Any] = {name: (io.BytesIO(content), file) for name, (content, file) in fields.items()}
    answer = shop.browser.send(f"{shop.base}/bang-tinh", 422, **files)
    assert words in answer.text


def test_sheets_and_trials_are_ones_own(shop: Shop, rival: Shop, goods: Goods) -> None:
    for path in ("", "/hang-ban.xlsx", "/hang-ban.csv", "/mau.xlsx", "/xem-thu", "/xem-thu.csv"):
        assert rival.browser.client.get(f"{shop.base}/bang-tinh{path}").status_code == 404
    for path in ("", "/xem-thu/ghi", "/xem-thu/bo"):
        rival.browser.send(f"{shop.base}/bang-tinh{path}", 404)
    send(rival, {C.SKU: "CAM-1", C.PRICE: 1_000}, {C.SKU: "KHONG", C.PRICE: 1_000})
    page = rival.browser.open(f"{rival.base}/bang-tinh/xem-thu")
    assert page.words.count("không có trong gian hàng này") == 2
    send(shop, {C.SKU: "CAM-1", C.PRICE: 95_000})
    assert shop.staff_browser.client.get(f"{shop.base}/bang-tinh/xem-thu").status_code == 303


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize(("name", "rows"), [("hang-ban", 2), ("gia", 2), ("ton-kho", 2), ("mau", 0)])
def test_sheets_are_taken_out(shop: Shop, goods: Goods, form: str, name: str, rows: int) -> None:
    answer = shop.staff_browser.client.get(f"{shop.base}/bang-tinh/{name}.{form}")
    assert answer.headers["Content-Disposition"] == f"attachment; filename={shop.producer.slug}-{name}.{form}"
    if form == "csv":
        table = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    else:
        sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
        table = [[str(cell.value) for cell in row] for row in sheet.iter_rows()]
    assert "Mã gói" in table[0]
    assert len(table) == rows + 1
    assert sum("CAM-1" in row for row in table) == (1 if rows else 0)


def test_all_of_a_trial_is_taken_out(shop: Shop, goods: Goods) -> None:
    send(shop, {C.SKU: "CAM-1", C.PRICE: "rẻ", C.NAME: "Khác", C.STOCK: 2})
    answer = shop.browser.client.get(f"{shop.base}/bang-tinh/xem-thu.csv")
    table = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert sorted(row[1] for row in table[1:]) == ["Giá (đồng)", "Tên sản phẩm", "Tồn kho"]


def test_more_new_pictures_than_one_request_takes_are_refused(
    shop: Shop, goods: Goods, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brought, "MOST_NEW_PICTURES", 1)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("a.jpg", photo(300, 300))
        written.writestr("b.jpg", photo(300, 300, (9, 9, 9)))
    row = {C.PRODUCT: goods.product.slug, C.PICTURES: "a.jpg; b.jpg"}
    zipped = (io.BytesIO(archive.getvalue()), "anh.zip")
    assert "có hơn 1 tệp" in send(shop, row, status=422, anh_zip=zipped).text
    assert (count(Picture), count(SheetTrial)) == (0, 0)
