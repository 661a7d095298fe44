"""The columns of a producer's sheet, which of them make which sheet, and what each is for."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from marketplace import text
from marketplace.catalogue.models import Uom
from marketplace.ordering.stock_keeping import StockReason
from marketplace.upkeep.sheets import Columns

ERASE = "(xoá)"
"""What a cell says to empty a field; an empty cell leaves it as it is."""
YES, NO = "có", "không"
UNITS: dict[str, Uom] = {"g": Uom.GRAM, "ml": Uom.MILLILITRE, "cái": Uom.PIECE}
UNIT_SPELLINGS = {**UNITS, "gam": Uom.GRAM, "gram": Uom.GRAM, "hộp": Uom.PIECE, "bộ": Uom.PIECE}
REASONS: dict[str, StockReason] = {
    "đếm lại": StockReason.MISCOUNTED,
    "làm thêm": StockReason.PRODUCED,
    "khách trả": StockReason.RETURNED,
    "bán nơi khác": StockReason.SOLD_ELSEWHERE,
    "hỏng": StockReason.DAMAGED,
    "biếu tặng": StockReason.GIVEN_AWAY,
}
VAT_RATES = (0, 5, 8, 10)
"""Rates of value added tax in force, in percent (Law 48/2024/QH15, article 9; 8 is the reduced 10)."""


class Column(StrEnum):
    """A column by its heading."""

    PRODUCT = "Mã sản phẩm"
    NAME = "Tên sản phẩm"
    NAME_EN = "Tên tiếng Anh"
    SET = "Bộ sản phẩm"
    PRODUCER = "Chủ thể"
    INGREDIENTS = "Thành phần"
    LABELS = "Ghi trên nhãn"
    DESCRIPTION = "Mô tả"
    USAGE = "Cách dùng"
    STORAGE = "Bảo quản"
    SHELF_LIFE = "Hạn dùng (ngày)"
    PICTURES = "Ảnh"
    SKU = "Mã gói"
    PACK = "Gói"
    ON_SALE = "Đang bán"
    PRICE = "Giá (đồng)"
    VAT = "VAT (%)"
    CONTENT = "Lượng trong gói"
    UNIT = "Đơn vị"
    WEIGHT = "Nặng cả bao bì (g)"
    STOCK = "Tồn kho"
    REASON = "Lý do đổi kho"


CERTIFIED = (
    Column.NAME,
    Column.NAME_EN,
    Column.SET,
    Column.PRODUCER,
    Column.INGREDIENTS,
    Column.LABELS,
)
"""Fields that the certificate fixes: a sheet shows them and never changes them."""
TEXTS = (Column.DESCRIPTION, Column.USAGE, Column.STORAGE)
OF_LISTING = (*TEXTS, Column.SHELF_LIFE)
OF_PACK = (Column.PACK, Column.ON_SALE, Column.PRICE, Column.VAT, Column.CONTENT, Column.UNIT, Column.WEIGHT)
NEW_PACK = (Column.PRICE, Column.VAT, Column.CONTENT, Column.UNIT, Column.WEIGHT)
"""What a new pack cannot do without, beside its name."""
NUMBERS = frozenset(
    {Column.SHELF_LIFE, Column.PRICE, Column.VAT, Column.CONTENT, Column.WEIGHT, Column.STOCK}
)


class SheetKind(StrEnum):
    """The sheets that can be taken out; all of them come back through one door."""

    LISTINGS = "hang-ban"
    PRICES = "gia"
    STOCK = "ton-kho"


COLUMNS_OF: dict[SheetKind, Sequence[Column]] = {
    SheetKind.LISTINGS: tuple(column for column in Column),
    SheetKind.PRICES: (Column.NAME, Column.SKU, Column.PACK, Column.ON_SALE, Column.PRICE, Column.VAT),
    SheetKind.STOCK: (Column.NAME, Column.SKU, Column.PACK, Column.STOCK, Column.REASON),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a column takes, in words, with an example."""

    words: str
    example: str


EXPLANATIONS: dict[Column, Explanation] = {
    Column.PRODUCT: Explanation("Mã của sản phẩm trong gian hàng; lấy từ tệp tải xuống.", "cam-khe-may"),
    Column.NAME: Explanation("Để đối chiếu. Muốn đổi, gửi đề nghị thay đổi.", "Cam Khe Mây"),
    Column.NAME_EN: Explanation("Để đối chiếu. Muốn đổi, gửi đề nghị thay đổi.", "Khe May orange"),
    Column.SET: Explanation("Để đối chiếu. Muốn đổi, gửi đề nghị thay đổi.", "Trái cây tươi"),
    Column.PRODUCER: Explanation("Để đối chiếu. Muốn đổi, gửi đề nghị thay đổi.", "HTX Khe Mây"),
    Column.INGREDIENTS: Explanation("Để đối chiếu. Muốn đổi, gửi đề nghị thay đổi.", "100% cam tươi"),
    Column.LABELS: Explanation("Để đối chiếu. Muốn đổi, gửi đề nghị thay đổi.", "Ngày thu hoạch in trên tem"),
    Column.DESCRIPTION: Explanation("Lời giới thiệu với người mua.", "Cam chín cây, hái trong ngày."),
    Column.USAGE: Explanation("Cách dùng.", "Ăn tươi hoặc vắt nước."),
    Column.STORAGE: Explanation("Cách bảo quản.", "Để nơi thoáng mát."),
    Column.SHELF_LIFE: Explanation("Số ngày dùng được kể từ ngày sản xuất.", "15"),
    Column.PICTURES: Explanation(
        "Tên các tệp ảnh trong tệp ZIP gửi kèm, cách nhau bằng dấu chấm phẩy; ảnh đầu là ảnh bìa. "
        "Ảnh đã đăng giữ tên như trong tệp tải xuống.",
        "cam-1.jpg; cam-nhan.jpg",
    ),
    Column.SKU: Explanation(
        "Mã của gói; lấy từ tệp tải xuống. Để trống và ghi tên gói để thêm gói mới.",
        "CAM-1KG",
    ),
    Column.PACK: Explanation("Tên gói người mua chọn.", "Túi 1 kg"),
    Column.ON_SALE: Explanation(f"«{YES}» hoặc «{NO}». Gói ngừng bán vẫn giữ trong đơn cũ.", YES),
    Column.PRICE: Explanation("Giá đã gồm VAT, đồng. Đổi quá 30 % cần chủ cơ sở xác nhận lại.", "90000"),
    Column.VAT: Explanation("Thuế suất: 0, 5, 8 hoặc 10.", "8"),
    Column.CONTENT: Explanation("Lượng hàng trong gói, theo đơn vị ở cột bên.", "1000"),
    Column.UNIT: Explanation("g, ml hoặc cái.", "g"),
    Column.WEIGHT: Explanation("Gam, gồm cả bao bì; để tính phí giao.", "1050"),
    Column.STOCK: Explanation("Số đếm được trên kệ, gồm cả hàng đã có người đặt.", "120"),
    Column.REASON: Explanation(
        f"Vì sao số trên kệ khác: {', '.join(REASONS)}. Để trống là đếm lại.", "đếm lại"
    ),
}

_BY_NAME = {text.clean(column.value).casefold(): column for column in Column}
SHEET_COLUMNS = Columns(
    known=tuple(_BY_NAME),
    required=(),
    lines=frozenset(column.value.casefold() for column in TEXTS),
    guarded=True,
)


def column_named(name: str) -> Column | None:
    """Return the column that a heading names, however it is spelled, or None."""
    return _BY_NAME.get(text.clean(name).casefold())
