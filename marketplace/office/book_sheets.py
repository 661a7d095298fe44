"""What the form of each book asks, field by field."""

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.programme.asset_models import RightKind, SupportKind
from marketplace.programme.books import Book
from marketplace.programme.fact_models import ChannelKind, EventKind, EventReach
from marketplace.sales_points.models import PointLevel


class Kind(StrEnum):
    """Kinds of fields; the last ones name something of the plan's land."""

    TEXT = "text"
    DAY = "day"
    NUMBER = "number"
    YEAR = "year"
    CHOICE = "choice"
    DISTRICT = "district"
    PRODUCER = "producer"
    PRODUCT = "product"
    POINT = "point"
    PRODUCERS = "producers"
    PRODUCTS = "products"


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its name in the form, the column it fills, and what it asks."""

    name: str
    column: str
    label: LazyString
    kind: Kind
    needed: bool = True
    choices: type[StrEnum] | None = None
    longest: int = 160


@dataclass(frozen=True, slots=True)
class Sheet:
    """A book's form and what the book is for."""

    title: LazyString
    lead: LazyString
    fields: tuple[Field, ...]


SOURCE = Field("nguon", "source", _l("Nguồn: số văn bản, báo cáo hoặc đường dẫn"), Kind.TEXT, longest=400)


def _several(name: str, column: str, label: LazyString, kind: Kind = Kind.PRODUCERS) -> Field:
    """Return a field of names, one a line, which may stay empty."""
    return Field(name, column, label, kind, needed=False)


PRODUCER = Field("chu_the", "producer_id", _l("Chủ thể"), Kind.PRODUCER, longest=200)

SHEETS: dict[Book, Sheet] = {
    Book.TRAININGS: Sheet(
        _l("Tập huấn"),
        _l("Lớp tập huấn cho cán bộ và chủ thể; ghi cơ sở cử người dự, không ghi tên người."),
        (
            Field("noi_dung", "topic", _l("Nội dung lớp"), Kind.TEXT, longest=200),
            Field("ngay", "held_on", _l("Ngày mở lớp"), Kind.DAY),
            Field("can_bo", "officials", _l("Số cán bộ dự"), Kind.NUMBER),
            _several("cac_chu_the", "producers", _l("Chủ thể dự, mỗi dòng một tên")),
            SOURCE,
        ),
    ),
    Book.EVENTS: Sheet(
        _l("Xúc tiến thương mại"),
        _l("Hội chợ, hội nghị, kết nối cung cầu mà tỉnh tham gia."),
        (
            Field("ten", "name", _l("Tên sự kiện"), Kind.TEXT, longest=200),
            Field("loai", "kind", _l("Loại sự kiện"), Kind.CHOICE, choices=EventKind),
            Field("noi", "reach", _l("Nơi tổ chức"), Kind.CHOICE, choices=EventReach),
            Field("ngay", "started_on", _l("Ngày bắt đầu"), Kind.DAY),
            _several("cac_chu_the", "producers", _l("Chủ thể tham gia, mỗi dòng một tên")),
            SOURCE,
        ),
    ),
    Book.CHANNELS: Sheet(
        _l("Kênh bán hàng"),
        _l("Chủ thể bán hàng qua siêu thị, cửa hàng tiện lợi, sàn thương mại điện tử, xuất khẩu, đại lý."),
        (
            PRODUCER,
            Field("loai", "kind", _l("Kênh"), Kind.CHOICE, choices=ChannelKind),
            Field("doi_tac", "partner", _l("Tên siêu thị, sàn hoặc đối tác"), Kind.TEXT),
            Field("tu_ngay", "started_on", _l("Bán từ ngày"), Kind.DAY),
            Field("den_ngay", "ended_on", _l("Đến ngày, nếu đã ngừng"), Kind.DAY, needed=False),
            SOURCE,
        ),
    ),
    Book.VILLAGES: Sheet(
        _l("Làng nghề"),
        _l("Làng nghề được công nhận và sản phẩm của làng."),
        (
            Field("ten", "name", _l("Tên làng nghề"), Kind.TEXT),
            Field("huyen", "district_id", _l("Huyện, thị xã, thành phố khi đó"), Kind.DISTRICT),
            Field("ngay", "recognised_on", _l("Ngày công nhận"), Kind.DAY),
            _several("lam_tai_lang", "made", _l("Sản phẩm làm tại làng, mỗi dòng một tên"), Kind.PRODUCTS),
            _several(
                "dung_nguyen_lieu",
                "material",
                _l("Sản phẩm dùng nguyên liệu của làng, mỗi dòng một tên"),
                Kind.PRODUCTS,
            ),
            SOURCE,
        ),
    ),
    Book.RIGHTS: Sheet(
        _l("Sở hữu trí tuệ"),
        _l("Nhãn hiệu, chỉ dẫn địa lý, kiểu dáng và các quyền khác của chủ thể."),
        (
            PRODUCER,
            Field("loai", "kind", _l("Loại quyền"), Kind.CHOICE, choices=RightKind),
            Field("so", "number", _l("Số đơn hoặc số văn bằng"), Kind.TEXT, longest=60),
            Field("ngay_nop", "filed_on", _l("Ngày nộp đơn"), Kind.DAY),
            Field("ngay_cap", "granted_on", _l("Ngày cấp, nếu đã cấp"), Kind.DAY, needed=False),
            SOURCE,
        ),
    ),
    Book.STATISTICS: Sheet(
        _l("Số liệu hằng năm"),
        _l("Số lao động mà chủ thể báo cáo mỗi năm."),
        (
            PRODUCER,
            Field("nam", "year", _l("Năm"), Kind.YEAR),
            Field("lao_dong", "workers", _l("Số lao động"), Kind.NUMBER),
            Field("tai_cho", "local_workers", _l("Trong đó người địa phương"), Kind.NUMBER),
            SOURCE,
        ),
    ),
    Book.SUPPORT: Sheet(
        _l("Hỗ trợ chủ thể"),
        _l("Hỗ trợ quản lý, công nghệ, bao bì, hồ sơ trung ương. Hồ sơ trung ương phải ghi tên sản phẩm."),
        (
            PRODUCER,
            Field("loai", "kind", _l("Hỗ trợ về"), Kind.CHOICE, choices=SupportKind),
            Field("san_pham", "product_id", _l("Sản phẩm"), Kind.PRODUCT, needed=False, longest=200),
            Field("ngay", "given_on", _l("Ngày hỗ trợ"), Kind.DAY),
            SOURCE,
        ),
    ),
    Book.FLAGSHIPS: Sheet(
        _l("Sản phẩm chủ lực"),
        _l("Sản phẩm OCOP mà huyện, xã chọn làm chủ lực."),
        (
            Field("san_pham", "product_id", _l("Sản phẩm"), Kind.PRODUCT, longest=200),
            Field("ngay", "named_on", _l("Ngày chọn"), Kind.DAY),
            SOURCE,
        ),
    ),
}

POINT_SHEET = Sheet(
    _l("Cấp của điểm bán"),
    _l("Điểm bán trong sổ do cấp nào mở và mở từ ngày nào."),
    (
        Field("diem", "point_id", _l("Điểm bán"), Kind.POINT, longest=200),
        Field("cap", "level", _l("Cấp"), Kind.CHOICE, choices=PointLevel),
        Field("ngay", "opened_on", _l("Ngày mở"), Kind.DAY),
    ),
)

CHOICE_WORDS: dict[StrEnum, LazyString] = {
    EventKind.FAIR: _l("Hội chợ, triển lãm"),
    EventKind.CONFERENCE: _l("Hội nghị"),
    EventKind.MATCHING: _l("Kết nối cung cầu"),
    EventReach.IN_PROVINCE: _l("Trong tỉnh"),
    EventReach.IN_COUNTRY: _l("Tỉnh khác trong nước"),
    EventReach.ABROAD: _l("Nước ngoài"),
    ChannelKind.SUPERMARKET: _l("Siêu thị"),
    ChannelKind.CONVENIENCE: _l("Cửa hàng tiện lợi"),
    ChannelKind.ECOMMERCE: _l("Sàn thương mại điện tử"),
    ChannelKind.EXPORT: _l("Xuất khẩu"),
    ChannelKind.AGENT: _l("Đại lý"),
    ChannelKind.OWN_SHOP: _l("Cửa hàng của chủ thể"),
    RightKind.TRADEMARK: _l("Nhãn hiệu"),
    RightKind.COLLECTIVE_MARK: _l("Nhãn hiệu tập thể"),
    RightKind.CERTIFICATION_MARK: _l("Nhãn hiệu chứng nhận"),
    RightKind.GEOGRAPHICAL_INDICATION: _l("Chỉ dẫn địa lý"),
    RightKind.DESIGN: _l("Kiểu dáng công nghiệp"),
    RightKind.PATENT: _l("Sáng chế, giải pháp hữu ích"),
    RightKind.COPYRIGHT: _l("Quyền tác giả"),
    SupportKind.MANAGEMENT: _l("Quản lý"),
    SupportKind.TECHNOLOGY: _l("Công nghệ"),
    SupportKind.PACKAGING: _l("Bao bì, nhãn"),
    SupportKind.CENTRAL_DOSSIER: _l("Hồ sơ trung ương"),
    PointLevel.PROVINCE: _l("Cấp tỉnh"),
    PointLevel.DISTRICT: _l("Cấp huyện"),
    PointLevel.COMMUNE: _l("Cấp xã"),
}
