"""What the shop publishes about itself as data: complaint times, and how lists are ordered.

Decree 248/2026/NĐ-CP wants both published; the pages are built from what stands here and from the
weights that search and lists use, so that they cannot say something else than the shop does.
"""

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.catalogue.product_list import Sort
from marketplace.ordering import returnable
from marketplace.ordering.complaint_times import TIMES, Issue
from marketplace.search.weights import Weight

PAGES: dict[str, tuple[str, LazyString]] = {
    "gioi-thieu": ("owner", _l("Đơn vị vận hành")),
    "quy-che": ("rules", _l("Quy chế mua bán")),
    "thanh-toan": ("payment", _l("Giá và cách trả tiền")),
    "giao-hang": ("delivery", _l("Giao hàng")),
    "doi-tra": ("returns", _l("Đổi trả và hoàn tiền")),
    "khieu-nai": ("complaints", _l("Khiếu nại")),
    "rieng-tu": ("privacy", _l("Dữ liệu cá nhân")),
    "xep-hang": ("ranking", _l("Cách xếp thứ tự sản phẩm")),
}
"""The pages that the law has every shop publish: template and title by path."""

IN_FORCE_SINCE = date(2026, 11, 21)
RETURN_DAYS = returnable.RETURN_DAYS


ISSUES: dict[Issue, LazyString] = {
    Issue.UNSAFE: _l("Nghi hàng giả, tem giả, hàng không an toàn"),
    Issue.FAULTY: _l("Hàng hỏng, thiếu, không đúng đơn"),
    Issue.LATE: _l("Giao chậm, chưa nhận được hàng"),
    Issue.MONEY: _l("Trả hàng, hoàn tiền"),
    Issue.FACTS: _l("Thông tin sản phẩm, sao hoặc chứng nhận sai"),
    Issue.PERSONAL_DATA: _l("Dữ liệu cá nhân"),
    Issue.OTHER: _l("Việc khác"),
}


@dataclass(frozen=True, slots=True)
class ComplaintTime:
    """A kind of issue, the hours until we first answer and the working days until it is settled."""

    issue: LazyString
    first_answer_hours: int
    settled_days: int


COMPLAINT_TIMES = tuple(
    ComplaintTime(ISSUES[issue], times.first_answer_hours, times.settled_days)
    for issue, times in TIMES.items()
)

CERTIFIED = _l("sản phẩm có chứng nhận còn hiệu lực đứng trước")
STARS = _l("nhiều sao hơn đứng trước (chỉ tính sao còn hiệu lực)")
NAME = _l("theo tên, từ A đến Z, không kể dấu")
NEWEST = _l("vào sổ sau đứng trước")
PRICED = _l("sản phẩm có giá đứng trước")
CHEAPEST = _l("giá thấp hơn đứng trước")
DEAREST = _l("giá cao hơn đứng trước")

ORDERS: dict[Sort, tuple[LazyString, ...]] = {
    Sort.DEFAULT: (CERTIFIED, STARS, NAME),
    Sort.STARS: (STARS, NAME),
    Sort.NEWEST: (NEWEST,),
    Sort.PRICE_UP: (PRICED, CHEAPEST, NAME),
    Sort.PRICE_DOWN: (PRICED, DEAREST, NAME),
    Sort.NAME: (NAME,),
}
"""What each order of a list goes by, first criterion first."""

ORDER_NAMES: dict[Sort, LazyString] = {
    Sort.DEFAULT: _l("Mặc định"),
    Sort.STARS: _l("Sao"),
    Sort.NEWEST: _l("Mới nhất"),
    Sort.PRICE_UP: _l("Giá thấp trước"),
    Sort.PRICE_DOWN: _l("Giá cao trước"),
    Sort.NAME: _l("Tên"),
}


def list_weights(language: str) -> list[tuple[str, float]]:
    """Return what search gives points for, in words, with the points, most first."""
    weights = sorted(Weight, key=lambda weight: -weight.points)
    return [(weight.vietnamese if language == "vi" else weight.english, weight.points) for weight in weights]
