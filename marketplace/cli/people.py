"""The commands about accounts, for the operator at the machine."""

import click
from flask.cli import AppGroup

from marketplace import clock
from marketplace.accounts.errors import InvalidRole
from marketplace.accounts.identity import read_identity, read_name
from marketplace.accounts.memberships import write_membership
from marketplace.accounts.passwords import SHORTEST_ON_DUTY, check_password, hash_password
from marketplace.accounts.people import close_account
from marketplace.accounts.privacy import subject_of
from marketplace.accounts.roles import ROLES_OF, SITE_ID, Grant, Role, Scope, ScopeKind
from marketplace.accounts.sessions import end_sign_ins
from marketplace.accounts.sign_up import create_person
from marketplace.database import unit_of_work
from marketplace.errors import NotFound

user = AppGroup("user", help="Accounts: make, disable, give roles.")


@user.command("create")
@click.argument("identity")
@click.argument("name")
@click.password_option(help="Asked for when not given.")
def create(identity: str, name: str, password: str) -> None:
    """Make an account for an e-mail address or a phone."""
    known, called = read_identity(identity), read_name(name)
    check_password(password, shortest=SHORTEST_ON_DUTY, about=(called, str(known)))
    hashed = hash_password(password)
    with unit_of_work() as session:
        person = create_person(session, called, known, hashed, clock.now())
        number = person.id
    click.echo(f"Đã tạo tài khoản số {number}.")


@user.command("disable")
@click.argument("identity")
def disable(identity: str) -> None:
    """Close the account of a number, an e-mail address or a phone; its sign-ins end at once."""
    with unit_of_work() as session:
        number = subject_of(session, identity).person_id
        if number is None:
            raise NotFound(person=identity)
        close_account(session, None, number, clock.now())
    click.echo(f"Đã khoá tài khoản số {number}.")


@user.command("grant")
@click.argument("identity")
@click.argument("kind", type=click.Choice([kind.value for kind in ScopeKind]))
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.option("--id", "scope_id", type=int, default=SITE_ID, help="Number of the organisation; 0 = site.")
def grant(identity: str, kind: str, role: str, scope_id: int) -> None:
    """Give an account a role."""
    asked = Grant(Scope(ScopeKind(kind), scope_id), Role(role))
    if asked.role not in ROLES_OF[asked.scope.kind] or (scope_id == SITE_ID) != (kind == ScopeKind.SITE):
        raise InvalidRole(field="role", role=role)
    with unit_of_work() as session:
        number = subject_of(session, identity).person_id
        if number is None:
            raise NotFound(person=identity)
        write_membership(session, None, number, asked, clock.now())
        end_sign_ins(session, number)
    click.echo(f"Đã trao vai trò cho tài khoản số {number}.")
