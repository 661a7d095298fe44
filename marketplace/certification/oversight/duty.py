"""Whose duty it is to inspect a producer and to go on with an inspection, and who is kept from both."""

from sqlalchemy.orm import Session

from marketplace.accounts.errors import ConflictOfDuty, NotPermitted
from marketplace.accounts.permissions import Actor
from marketplace.accounts.placement import grants_of
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.certification.oversight.models import Inspection
from marketplace.producers.models import Producer


def may_act(actor: Actor, inspection: Inspection) -> bool:
    """Return whether an inspection, its producer loaded, is the actor's to go on with.

    The commune that made it does, and the province above whoever made it.
    """
    provinces = actor.scope_ids(ScopeKind.ADMIN_UNIT, Role.PROVINCE_OFFICER)
    communes = actor.scope_ids(ScopeKind.ADMIN_UNIT, Role.COMMUNE_OFFICER)
    above = actor.is_administrator or inspection.producer.province_id in provinces
    return above or inspection.unit_id in communes


def refuse_own(session: Session, actor: Actor, producer_id: int | None) -> None:
    """Refuse a member of the producer; the database says who is, not the sign-in. Raises ConflictOfDuty."""
    held = grants_of(session, actor.person_id)
    if any(one.scope == Scope(ScopeKind.PRODUCER, producer_id or 0) for one in held):
        raise ConflictOfDuty


def office_of(actor: Actor, producer: Producer) -> int:
    """Return the unit that inspects: the producer's province where the actor serves it, else its commune."""
    if producer.province_id is not None and (
        actor.is_administrator
        or producer.province_id in actor.scope_ids(ScopeKind.ADMIN_UNIT, Role.PROVINCE_OFFICER)
    ):
        return producer.province_id
    communes = actor.scope_ids(ScopeKind.ADMIN_UNIT, Role.COMMUNE_OFFICER)
    if producer.commune_id is None or producer.commune_id not in communes:
        raise NotPermitted
    return producer.commune_id
