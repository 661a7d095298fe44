"""What roles are called, and the names of what a role is held in."""

from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.accounts.roles import Role, Scope, ScopeKind
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
