"""The columns of a sheet of events, and the words that its cells may hold."""

from enum import StrEnum

from marketplace import text
from marketplace.traceability.events.models import BizStep
from marketplace.traceability.lots.models import MeasureUnit
from marketplace.upkeep.sheets import Columns

MOST_ROWS = 500
MOST_BYTES = 2_000_000
MOST_LETTERS = 100_000
"""Characters of all cells together: the page that shows the sheet carries them back."""

STEPS: dict[str, BizStep] = {
    "chăm sóc": BizStep.GROWING,
    "thu hái": BizStep.COLLECTING,
    "nhận hàng": BizStep.RECEIVING,
    "chế biến": BizStep.PROCESSING,
    "kiểm tra": BizStep.INSPECTING,
    "lấy mẫu": BizStep.SAMPLING,
    "đóng gói": BizStep.PACKING,
    "cất kho": BizStep.STORING,
    "gửi đi": BizStep.SHIPPING,
    "vận chuyển": BizStep.TRANSPORTING,
    "bày lên kệ": BizStep.STOCKING,
    "bán lẻ": BizStep.RETAIL_SELLING,
    "tạm giữ": BizStep.HOLDING,
    "mở gói": BizStep.UNPACKING,
    "tiêu huỷ": BizStep.DESTROYING,
    "việc khác": BizStep.OTHER,
}
"""The steps by the words that people write, in the order of the work."""
UNITS: dict[str, MeasureUnit] = {
    "kg": MeasureUnit.KILOGRAM,
    "lít": MeasureUnit.LITRE,
    "gói": MeasureUnit.PIECE,
}
UNIT_SPELLINGS = {**UNITS, "hộp": MeasureUnit.PIECE, "cái": MeasureUnit.PIECE, "l": MeasureUnit.LITRE}


class Column(StrEnum):
    """A column by its heading."""

    LOT = "Mã lô"
    PRODUCT = "Sản phẩm"
    STEP = "Việc"
    DAY = "Ngày"
    TIME = "Giờ"
    PLACE = "Nơi"
    WORDS = "Ghi chú"
    QUANTITY = "Số lượng"
    UNIT = "Đơn vị"
    EVENT = "Mã việc"


REQUIRED = (Column.LOT, Column.STEP, Column.DAY)
EXPLANATIONS: dict[Column, tuple[str, str]] = {
    Column.LOT: ("Mã lô đã tạo trên chợ.", "PT2611-02"),
    Column.PRODUCT: ("Chỉ cần khi hai sản phẩm có lô cùng mã.", "Mứt vỏ bưởi"),
    Column.STEP: (f"Một trong: {', '.join(STEPS)}.", "thu hái"),
    Column.DAY: ("Ngày đã làm, không ở sau hôm nay.", "14/11/2026"),
    Column.TIME: ("Giờ đã làm; để trống là 12:00.", "07:30"),
    Column.PLACE: ("Tên vùng hoặc nơi làm đã ghi; nơi khác thì ghi bằng lời.", "Vườn xóm 7"),
    Column.WORDS: ("Người mua đọc được.", "Hái buổi sớm, chọn quả chín"),
    Column.QUANTITY: ("Số lớn hơn 0; cần có đơn vị.", "120"),
    Column.UNIT: (f"Một trong: {', '.join(UNITS)}.", "kg"),
    Column.EVENT: ("Để trống. Chỉ ghi khi việc này đã có mã ở phần mềm khác.", "urn:uuid:…"),
}
"""What each column takes, and an example."""

_BY_NAME = {text.clean(column.value).casefold(): column for column in Column}
SHEET_COLUMNS = Columns(
    known=tuple(_BY_NAME), required=tuple(column.casefold() for column in REQUIRED), guarded=True
)


def cell_name(column: Column) -> str:
    """Return what the cells of a column are called once a sheet was read."""
    return column.value.casefold()


def heading_of(name: str) -> str:
    """Return a column as its heading is spelled."""
    known = _BY_NAME.get(text.clean(name).casefold())
    return known.value if known else name
