"""What roles, levels and abilities are called, and the names of what a role is held in."""

from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.accounts.api_keys import Ability
from marketplace.accounts.consent import Purpose
from marketplace.accounts.roles import Role, Scope, ScopeKind, SignInLevel
from marketplace.database import db
from marketplace.places.models import AdminUnit
from marketplace.producers.models import Producer
from marketplace.sales_points.models import SalesPoint

ROLES: dict[Role, LazyString] = {
    Role.OWNER: _l("Chủ cơ sở"),
    Role.STAFF: _l("Nhân viên cơ sở"),
    Role.KEEPER: _l("Người giữ điểm bán"),
    Role.COMMUNE_OFFICER: _l("Cán bộ xã, phường"),
    Role.PROVINCE_OFFICER: _l("Cán bộ tỉnh"),
    Role.COUNCIL_MEMBER: _l("Thành viên hội đồng"),
    Role.ADMINISTRATOR: _l("Quản trị"),
}
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
PURPOSES: dict[Purpose, LazyString] = {
    Purpose.ACCOUNT: _l("Giữ tên và cách liên hệ để mở tài khoản"),
    Purpose.LETTERS: _l("Nhận thư tin tức không bắt buộc"),
    Purpose.REVIEWS: _l("Hiện nhận xét kèm tên"),
    Purpose.PUBLIC_PROFILE: _l("Hiện hồ sơ công khai"),
}
_NAMED = {
    ScopeKind.PRODUCER: (Producer.id, Producer.name),
    ScopeKind.SALES_POINT: (SalesPoint.id, SalesPoint.name),
    ScopeKind.ADMIN_UNIT: (AdminUnit.id, AdminUnit.name),
}


def name_scopes(scopes: Iterable[Scope]) -> dict[Scope, str]:
    """Return what scopes are called, with one statement for each kind among them."""
    asked = set(scopes)
    names = {scope: _plain_name(scope) for scope in asked}
    for kind, (number, name) in _NAMED.items():
        ids = [scope.id for scope in asked if scope.kind is kind]
        if ids:
            rows = db.session.execute(sa.select(number, name).where(number.in_(ids)))
            names.update({Scope(kind, row[0]): row[1] for row in rows})
    return names


def _plain_name(scope: Scope) -> str:
    if scope.kind is ScopeKind.SITE:
        return str(_("toàn chợ"))
    return str(_("Hội đồng số %(number)s", number=scope.id))
