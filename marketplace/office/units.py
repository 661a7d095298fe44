"""The units an officer serves, by name."""

import sqlalchemy as sa

from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import ScopeKind
from marketplace.database import db
from marketplace.office.tenancy import Reach
from marketplace.places.models import AdminUnit, Level
from marketplace.places.names import alphabetical
from marketplace.web.words import gettext as _


def name_office(actor: Actor) -> str:
    """Return whose office it is: the units served, or the whole market."""
    units = list_units(actor.scope_ids(ScopeKind.ADMIN_UNIT))
    if not units:
        return _("Toàn chợ")
    names = ", ".join(unit.full_name for unit in units)
    return names[:1].upper() + names[1:]


def list_units(ids: frozenset[int]) -> list[AdminUnit]:
    """Return units by their ids, provinces first, each level in the order of the alphabet."""
    if not ids:
        return []
    found = db.session.execute(sa.select(AdminUnit).where(AdminUnit.id.in_(ids))).scalars()
    return sorted(found, key=lambda unit: (unit.level is not Level.PROVINCE, alphabetical(unit.name)))


def list_own_provinces(reach: Reach) -> list[AdminUnit]:
    """Return the provinces an actor records decisions of: an administrator's are all of today."""
    wanted = sa.select(AdminUnit).where(AdminUnit.level == Level.PROVINCE, AdminUnit.ended.is_(False))
    if not reach.everywhere:
        wanted = wanted.where(AdminUnit.id.in_(reach.provinces))
    return sorted(db.session.execute(wanted).scalars(), key=lambda unit: alphabetical(unit.name))
