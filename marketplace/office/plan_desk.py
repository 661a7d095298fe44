"""The plans that an officer's provinces answer for today, former provinces' included."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace.accounts.permissions import Actor
from marketplace.errors import NotFound
from marketplace.office.tenancy import Reach
from marketplace.places.models import AdminSuccession, AdminUnit
from marketplace.programme.models import Programme, Target
from marketplace.programme.queries import provinces_today


@dataclass(frozen=True, slots=True)
class PlanDesk:
    """A plan before its office: `office_id` is the province of today that answers for it."""

    programme: Programme
    office: AdminUnit

    @property
    def office_id(self) -> int:
        """Return the id of the province of today."""
        return self.office.id

    def target(self, code: str) -> Target:
        """Return a row of the plan; raises NotFound."""
        found = next((one for one in self.programme.targets if one.code == code), None)
        if found is None:
            raise NotFound(target=code)
        return found


def list_desks(session: Session, reach: Reach) -> list[PlanDesk]:
    """Return the plans in reach with their provinces, targets and marks, newest period first."""
    wanted = _plans(reach).order_by(Programme.period_end.desc(), Programme.slug)
    return _desks(session.scalars(wanted).unique().all())


def plan_in_reach(session: Session, actor: Actor, slug: str) -> PlanDesk:
    """Return a plan of the actor's provinces with its targets; raises NotFound."""
    wanted = _plans(Reach.of(actor)).where(Programme.slug == slug)
    shown = selectinload(Programme.targets).selectinload(Target.evidence)
    found = session.scalars(wanted.options(shown).execution_options(populate_existing=True))
    desks = _desks(found.unique().all())
    if not desks:
        raise NotFound(programme=slug)
    return desks[0]


def _plans(reach: Reach) -> sa.Select[Programme]:
    wanted = sa.select(Programme).options(
        joinedload(Programme.unit), selectinload(Programme.targets).joinedload(Target.mark)
    )
    if reach.everywhere:
        return wanted
    passed_on = sa.select(AdminSuccession.predecessor_id).where(
        AdminSuccession.successor_id.in_(reach.provinces)
    )
    own = sa.or_(Programme.unit_id.in_(reach.provinces), Programme.unit_id.in_(passed_on))
    return wanted.where(own)


def _desks(programmes: Sequence[Programme]) -> list[PlanDesk]:
    today = provinces_today(programmes)
    return [PlanDesk(one, office) for one in programmes if (office := today[one.id]) is not None]
