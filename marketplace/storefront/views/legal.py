"""What a shop must publish about itself: owner, rules, delivery, returns, complaints, data, ranking."""

from flask import render_template
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.ordering.allowance import MOST_UNCONFIRMED
from marketplace.ordering.cart import KEPT as CART_KEPT
from marketplace.ordering.cart import MOST_LINES, MOST_UNITS
from marketplace.ordering.shipping import RATES
from marketplace.storefront import door, promises
from marketplace.web.kept_pages import public_page
from marketplace.web.language import current_language

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
_ANY = ", ".join(f'"{path}"' for path in PAGES)


@door.get(f"/<any({_ANY}):page>")
@public_page
def show_legal(page: str) -> str:
    """Show one of the pages that the law has every shop publish (Decree 248/2026/NĐ-CP)."""
    template, title = PAGES[page]
    return render_template(
        f"storefront/legal/{template}.html",
        title=title,
        page=page,
        pages={path: words for path, (_, words) in PAGES.items()},
        promises=promises,
        weights=promises.list_weights(current_language()),
        rates=RATES,
        cart_days=CART_KEPT.days,
        most_lines=MOST_LINES,
        most_units=MOST_UNITS,
        most_unconfirmed=MOST_UNCONFIRMED,
    )
