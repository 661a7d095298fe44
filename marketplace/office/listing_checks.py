"""What a machine can say of a listing before an officer reads it; it decides nothing."""

import re
from dataclasses import dataclass
from datetime import date

from marketplace.catalogue.listing_models import Listing
from marketplace.catalogue.models import Product, SalePolicy
from marketplace.catalogue.pictures import LEAST_PICTURES
from marketplace.text import fold
from marketplace.web.words import gettext as _

_CURES = (
    "chua khoi",
    "chua benh",
    "chua dut diem",
    "dac tri",
    "dieu tri",
    "khoi han",
    "thay the thuoc",
    "than duoc",
    "tri tan goc",
)
"""What food may not be said to do (Law on Food Safety 55/2010/QH12, Decree 15/2018/NĐ-CP, article 27)."""
_REACHES = re.compile(r"https?://|www\.|\b(?:\+84|0)(?:[ .\-]?\d){9}\b|\b[\w.+\-]+@[\w\-]+\.\w+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: `kind` is that of an icon, ok, warn or bad."""

    kind: str
    words: str

    @property
    def fine(self) -> bool:
        """Whether there is nothing to look at."""
        return self.kind == "ok"


def check_listing(product: Product, listing: Listing, day: date) -> list[Check]:
    """Return what was found, of a product with its producer, pictures, packs, set and group loaded."""
    said = " ".join(filter(None, (listing.description, listing.usage_note, listing.storage_note)))
    return [
        _certificate(product, day),
        _seller(product),
        _pictures(product),
        _packs(product),
        _policy(product),
        _shelf_life(listing),
        _cures(said),
        _reaches(said),
    ]


def _certificate(product: Product, day: date) -> Check:
    stars = product.live_stars(day)
    if stars is None:
        return Check("warn", _("Giấy chứng nhận đã hết hạn hoặc không rõ ngày: chợ không hiện sao"))
    if not product.decision_checked:
        return Check("warn", _("Còn giấy %(stars)s sao, chưa đối chiếu quyết định", stars=stars))
    return Check("ok", _("Còn giấy %(stars)s sao, có số quyết định", stars=stars))


def _seller(product: Product) -> Check:
    if product.producer is not None and product.producer.can_sell:
        return Check("ok", _("Người bán có tên và địa chỉ"))
    return Check("bad", _("Người bán thiếu địa chỉ: chỉ giới thiệu, chưa bán được"))


def _pictures(product: Product) -> Check:
    number = len(product.pictures)
    if number >= LEAST_PICTURES:
        return Check("ok", _("Có %(number)s ảnh, đã bỏ thông tin ẩn trong ảnh", number=number))
    return Check("bad", _("Thiếu ảnh: cần ít nhất %(least)s", least=LEAST_PICTURES))


def _packs(product: Product) -> Check:
    packs = [variant for variant in product.variants if variant.waiting or variant.active]
    if packs:
        return Check("ok", _("Có %(number)s quy cách, đều có giá và khối lượng", number=len(packs)))
    return Check("warn", _("Chưa có quy cách nào để bán"))


def _policy(product: Product) -> Check:
    policy = product.sale_policy
    if policy is SalePolicy.AGE_18:
        return Check("warn", _("Hàng cho người từ đủ 18 tuổi: giỏ hàng sẽ hỏi tuổi"))
    if policy.orderable:
        return Check("ok", _("Nhóm hàng được đặt mua qua mạng"))
    return Check("warn", _("Nhóm hàng này chỉ giới thiệu, không đặt mua qua mạng"))


def _shelf_life(listing: Listing) -> Check:
    if listing.shelf_life_days:
        return Check("ok", _("Có hạn dùng %(days)s ngày", days=listing.shelf_life_days))
    return Check("warn", _("Không ghi hạn dùng: xem trên ảnh nhãn"))


def _cures(said: str) -> Check:
    folded = fold(said)
    if found := [words for words in _CURES if words in folded]:
        return Check("bad", _("Có lời như thuốc chữa bệnh (%(number)s chỗ)", number=len(found)))
    return Check("ok", _("Không có lời hứa chữa bệnh"))


def _reaches(said: str) -> Check:
    if _REACHES.search(said):
        return Check("warn", _("Lời giới thiệu có đường dẫn, email hoặc số điện thoại"))
    return Check("ok", _("Lời giới thiệu không kéo khách ra ngoài chợ"))
