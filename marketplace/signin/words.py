"""What levels, abilities and purposes are called; roles are in `web.role_words`, for every door."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.accounts.api_keys import Ability
from marketplace.accounts.consent import Purpose
from marketplace.accounts.letter_choices import LetterKind
from marketplace.accounts.roles import SignInLevel
from marketplace.web.role_words import ROLES, name_scopes

__all__ = ["ABILITIES", "LEVELS", "PURPOSES", "ROLES", "name_scopes"]

LEVELS: dict[SignInLevel, LazyString] = {
    SignInLevel.PASSWORD: _l("mật khẩu"),
    SignInLevel.TWO_FACTOR: _l("mật khẩu và mã"),
    SignInLevel.PASSKEY: _l("vân tay, khuôn mặt"),
}
ABILITIES: dict[Ability, LazyString] = {
    Ability.LISTINGS_READ: _l("Đọc sản phẩm"),
    Ability.LISTINGS_WRITE: _l("Sửa sản phẩm"),
    Ability.PRICES_WRITE: _l("Sửa giá"),
    Ability.STOCK_READ: _l("Đọc tồn kho"),
    Ability.STOCK_WRITE: _l("Sửa tồn kho"),
    Ability.ORDERS_READ: _l("Đọc đơn hàng"),
    Ability.ORDERS_FULFIL: _l("Xử lý đơn hàng"),
    Ability.LOTS_WRITE: _l("Ghi lô hàng"),
}
LETTER_KINDS: dict[LetterKind, tuple[LazyString, LazyString]] = {
    LetterKind.RENEWAL: (_l("Nhắc hạn giấy OCOP"), _l("12, 6 và 4 tháng trước khi giấy hết hạn")),
    LetterKind.LISTING: (_l("Trả lời về gian hàng"), _l("Cán bộ duyệt sản phẩm hoặc trả lời đề nghị")),
    LetterKind.SAVED: (_l("Tin về sản phẩm đã lưu"), _l("Khi đổi giá, được công nhận lại hoặc hết sao")),
}
PURPOSES: dict[Purpose, LazyString] = {
    Purpose.ACCOUNT: _l("Giữ tên và cách liên hệ để mở tài khoản"),
    Purpose.LETTERS: _l("Nhận thư tin tức không bắt buộc"),
    Purpose.SAVED_NEWS: _l("Nhận tin về sản phẩm đã lưu"),
    Purpose.REVIEWS: _l("Hiện nhận xét kèm tên"),
    Purpose.PUBLIC_PROFILE: _l("Hiện hồ sơ công khai"),
}
