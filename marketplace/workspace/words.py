"""What states, steps and units are called in the workspace."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.catalogue.completeness import Step
from marketplace.catalogue.listing_models import ListingState
from marketplace.catalogue.models import Product, Publication, Uom


@dataclass(frozen=True, slots=True)
class Mark:
    """A state as a tag: words, kind and drawing."""

    words: LazyString
    kind: str
    drawing: str


NOT_BEGUN = Mark(_l("Chưa có bài đăng"), "", "plus")
SUSPENDED = Mark(_l("Văn phòng OCOP tạm ẩn"), "bad", "ban")
STATES: dict[ListingState, Mark] = {
    ListingState.DRAFT: Mark(_l("Bài nháp"), "", "save"),
    ListingState.SUBMITTED: Mark(_l("Đang chờ duyệt"), "new", "wait"),
    ListingState.DECLINED: Mark(_l("Cần sửa"), "warn", "pencil"),
    ListingState.LIVE: Mark(_l("Đang hiện"), "ok", "eye"),
    ListingState.PAUSED: Mark(_l("Đang tạm ẩn"), "warn", "pause"),
}
STEPS: dict[Step, LazyString] = {
    Step.NAME: _l("Sản phẩm"),
    Step.PICTURES: _l("Ảnh"),
    Step.PACKS: _l("Gói và giá"),
    Step.WORDS: _l("Câu chuyện"),
    Step.REVIEW: _l("Xem lại"),
}
UNITS: dict[Uom, LazyString] = {
    Uom.GRAM: _l("gam"),
    Uom.MILLILITRE: _l("ml"),
    Uom.PIECE: _l("cái, hộp, bộ"),
}
VAT_RATES = (0, 5, 8, 10)


def mark_of(product: Product) -> Mark:
    """Return the state of a product, its listing loaded, as a tag."""
    if product.publication is Publication.SUSPENDED:
        return SUSPENDED
    return STATES[product.listing.state] if product.listing else NOT_BEGUN
