"""What papers, portals and places of lots, and reasons of recalls are called on every page."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.traceability.lots.models import PaperKind, Portal
from marketplace.traceability.recalls.models import RecallReason
from marketplace.traceability.zones.models import SiteKind

PAPER_KINDS: dict[PaperKind, LazyString] = {
    PaperKind.LAB_REPORT: _l("Phiếu kiểm nghiệm"),
    PaperKind.INSPECTION: _l("Biên bản kiểm tra"),
    PaperKind.OTHER: _l("Giấy khác"),
}
PORTALS: dict[Portal, LazyString] = {
    Portal.NATIONAL: _l("Cổng truy xuất quốc gia"),
    Portal.VERIGOODS: _l("Verigoods"),
    Portal.CHECKVN: _l("Check VN"),
    Portal.OTHER: _l("Cổng khác"),
}
SITE_KINDS: dict[SiteKind, LazyString] = {
    SiteKind.FARM: _l("Vườn, ruộng, trại"),
    SiteKind.WORKSHOP: _l("Xưởng chế biến"),
    SiteKind.PACKING: _l("Nơi đóng gói"),
    SiteKind.WAREHOUSE: _l("Kho"),
    SiteKind.LABORATORY: _l("Phòng kiểm nghiệm"),
    SiteKind.SHOP: _l("Cửa hàng"),
}
RECALL_REASONS: dict[RecallReason, LazyString] = {
    RecallReason.CONTAMINATION: _l("Nhiễm khuẩn, nhiễm chất lạ"),
    RecallReason.ALLERGEN: _l("Có chất gây dị ứng không ghi trên nhãn"),
    RecallReason.FOREIGN_BODY: _l("Lẫn vật lạ"),
    RecallReason.QUALITY: _l("Chất lượng không đạt"),
    RecallReason.LABELLING: _l("Nhãn ghi sai"),
    RecallReason.COUNTERFEIT: _l("Có hàng giả"),
    RecallReason.AUTHORITY: _l("Cơ quan quản lý yêu cầu"),
}
