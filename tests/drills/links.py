"""Links of letters, one of each kind, by the first part of the address that they open."""

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.identity import Identity
from marketplace.accounts.invitations import invite
from marketplace.accounts.new_address import ask_new_address
from marketplace.accounts.recovery import ask_reset
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.accounts.sign_up import sign_up
from tests.factories import accounts

if TYPE_CHECKING:
    from tests.drills.stage import Tenant


def write_links(session: Session, tenant: "Tenant") -> None:
    """Ask for an account, a reset and another address, and invite somebody, all in the tenant's name."""
    at, producer = clock.now(), Scope(ScopeKind.PRODUCER, tenant.rows["producer"][0][0])
    owner = accounts.an_actor(tenant.people["owner"], (producer, Role.OWNER))
    buyer = accounts.an_actor(tenant.people["buyer"])
    new = Identity(email=f"moi.{tenant.secret}@example.vn")
    tenant.tokens |= {
        "dang-ky": sign_up(session, f"Mới {tenant.secret}", new, accounts.password_hash(), at) or "",
        "dat-lai-mat-khau": ask_reset(session, Identity(email=f"buyer.{tenant.secret}@example.vn"), at) or "",
        "loi-moi": invite(session, owner, producer, Role.STAFF, new, at),
        "dia-chi-moi": ask_new_address(session, buyer, new, at) or "",
    }
