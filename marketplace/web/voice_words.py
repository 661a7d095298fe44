"""What the rules of reviews and questions are called: each ends the sentence "hidden because …"."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.reviews.models import BrokenRule

BROKEN_RULES: dict[BrokenRule, LazyString] = {
    BrokenRule.INSULT: _l("có lời xúc phạm người khác"),
    BrokenRule.PERSONAL: _l("lộ thông tin riêng của ai đó"),
    BrokenRule.ADVERTISING: _l("quảng cáo cho hàng khác, nơi khác"),
    BrokenRule.OFF_TOPIC: _l("không nói về sản phẩm này"),
}
