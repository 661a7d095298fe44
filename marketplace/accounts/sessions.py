"""Who is signed in: a token in a cookie, a row in the database, and nothing left when the row is gone."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace.accounts import journal
from marketplace.accounts.errors import NotPermitted
from marketplace.accounts.models import KnownDevice, Membership, Person, SecondStep, SignIn
from marketplace.accounts.permissions import STRONG_FOR, Actor
from marketplace.accounts.roles import PUBLIC_DUTY, TRADERS, Role, SignInLevel
from marketplace.accounts.tokens import draw_token, hash_token

DEVICE_KNOWN_FOR = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a sign-in lasts without use, and at most."""

    idle: timedelta
    absolute: timedelta


CONSUMERS = Lifetime(timedelta(days=14), timedelta(days=90))
PRODUCERS = Lifetime(timedelta(hours=12), timedelta(days=7))
ON_DUTY = Lifetime(timedelta(minutes=30), timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Browser:
    """What is known of the browser: its address, its family in words, and its device cookie."""

    address: str | None = None
    device: str = ""
    device_token: str | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What the browser is given: the token of the session cookie and that of the device cookie."""

    person_id: int
    token: str
    device_token: str
    level: SignInLevel


def lifetime_of(roles: Iterable[Role]) -> Lifetime:
    """Return the lifetime that the strongest of the roles allows."""
    held = set(roles)
    if held & PUBLIC_DUTY:
        return ON_DUTY
    return PRODUCERS if held & TRADERS else CONSUMERS


def address_prefix(address: str | None) -> str | None:
    """Return the network of an address: /24 of IPv4, /48 of IPv6; None for what is no address."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return None
    length = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network((parsed, length), strict=False))


def open_sign_in(
    session: Session, person_id: int, level: SignInLevel, browser: Browser, at: datetime
) -> SignedIn:
    """Sign a browser in under a token never used before."""
    token, lifetime = draw_token(), _lifetime(session, person_id)
    session.add(
        SignIn(
            token_hash=hash_token(token),
            person_id=person_id,
            level=level,
            created_at=at,
            last_seen_at=at,
            strong_at=at,
            idle_seconds=int(lifetime.idle.total_seconds()),
            idle_until=at + lifetime.idle,
            expires_at=at + lifetime.absolute,
            address_prefix=address_prefix(browser.address),
            device=browser.device[:60],
        )
    )
    session.execute(sa.update(Person).where(Person.id == person_id).values(last_seen_at=at, warned_at=None))
    device_token, known = _know_device(session, person_id, browser.device_token, at)
    data = {"level": level, "known_device": known}
    journal.record(session, Actor(person_id), "sign_in:open", "person", person_id, at=at, data=data)
    return SignedIn(person_id, token, device_token, level)


def find_sign_in(session: Session, token: str, at: datetime) -> SignIn | None:
    """Return the living sign-in of a session cookie, with the person and the memberships, or None."""
    return session.execute(
        sa.select(SignIn)
        .join(SignIn.person)
        .where(
            SignIn.token_hash == hash_token(token),
            SignIn.idle_until > at,
            SignIn.expires_at > at,
            Person.disabled_at.is_(None),
        )
        .options(
            joinedload(SignIn.person).options(
                selectinload(Person.memberships), sa.orm.raiseload(Person.passkeys)
            )
        )
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def actor_of(sign_in: SignIn) -> Actor:
    """Return the actor of a sign-in that `find_sign_in` returned."""
    return Actor(
        person_id=sign_in.person_id,
        memberships=frozenset(membership.grant for membership in sign_in.person.memberships),
        level=sign_in.level,
        strong_until=sign_in.strong_at + STRONG_FOR,
        sign_in_id=sign_in.id,
    )


def list_sign_ins(session: Session, person_id: int, at: datetime) -> list[SignIn]:
    """Return where a person is signed in, last seen first."""
    living = sa.and_(SignIn.person_id == person_id, SignIn.idle_until > at, SignIn.expires_at > at)
    return list(
        session.execute(
            sa.select(SignIn).where(living).order_by(SignIn.last_seen_at.desc(), SignIn.id)
        ).scalars()
    )


def sign_out(session: Session, token: str, at: datetime) -> None:
    """End the sign-in of a session cookie; one that ended already is no error."""
    ended = session.execute(
        sa.delete(SignIn).where(SignIn.token_hash == hash_token(token)).returning(SignIn.person_id)
    ).scalar_one_or_none()
    if ended is not None:
        journal.record(session, Actor(ended), "sign_in:close", "person", ended, at=at)


def revoke_sign_in(session: Session, actor: Actor, sign_in_id: int, at: datetime) -> None:
    """End one of one's own sign-ins from the list; raises NotPermitted for anybody else's."""
    own = sa.delete(SignIn).where(SignIn.id == sign_in_id, SignIn.person_id == actor.person_id)
    if not session.execute(own.returning(SignIn.id)).all():
        raise NotPermitted
    journal.record(session, actor, "sign_in:revoke", "sign_in", sign_in_id, at=at)


def sign_out_everywhere(session: Session, actor: Actor, at: datetime) -> None:
    """End all of one's sign-ins, this one included, and forget the devices."""
    end_sign_ins(session, actor.person_id)
    session.execute(sa.delete(KnownDevice).where(KnownDevice.person_id == actor.person_id))
    journal.record(session, actor, "sign_in:close_all", "person", actor.person_id, at=at)


def end_sign_ins(session: Session, person_id: int, but: int | None = None) -> None:
    """End a person's sign-ins, but one, and what was halfway to one."""
    session.execute(sa.delete(SecondStep).where(SecondStep.person_id == person_id))
    doomed = sa.delete(SignIn).where(SignIn.person_id == person_id)
    session.execute(doomed if but is None else doomed.where(SignIn.id != but))


def rotate(session: Session, sign_in_id: int, at: datetime, level: SignInLevel | None = None) -> str | None:
    """Give a sign-in a new token, and the lifetime of the roles held now; None when it has ended."""
    sign_in = session.get(SignIn, sign_in_id, populate_existing=True)
    if sign_in is None:
        return None
    token, lifetime = draw_token(), _lifetime(session, sign_in.person_id)
    sign_in.token_hash = hash_token(token)
    sign_in.level = level or sign_in.level
    sign_in.idle_seconds = int(lifetime.idle.total_seconds())
    sign_in.idle_until = at + lifetime.idle
    sign_in.expires_at = min(sign_in.expires_at, sign_in.created_at + lifetime.absolute)
    return token


def _lifetime(session: Session, person_id: int) -> Lifetime:
    roles = sa.select(Membership.role).where(Membership.person_id == person_id)
    return lifetime_of(session.execute(roles).scalars())


def _know_device(session: Session, person_id: int, token: str | None, at: datetime) -> tuple[str, bool]:
    """Return the token of the device cookie and whether the device was known before."""
    expires_at = at + DEVICE_KNOWN_FOR
    if token is not None:
        known = sa.update(KnownDevice).where(_is_device(token, person_id, at)).values(expires_at=expires_at)
        if session.execute(known.returning(KnownDevice.person_id)).all():
            return token, True
    token = draw_token()
    session.add(KnownDevice(token_hash=hash_token(token), person_id=person_id, expires_at=expires_at))
    return token, False


def is_known_device(session: Session, token: str | None, person_id: int, at: datetime) -> bool:
    """Return whether somebody signed in before from the browser that holds a device cookie."""
    if token is None:
        return False
    known = sa.select(KnownDevice.person_id).where(_is_device(token, person_id, at))
    return session.execute(known).scalar_one_or_none() is not None


def _is_device(token: str, person_id: int, at: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        KnownDevice.token_hash == hash_token(token),
        KnownDevice.person_id == person_id,
        KnownDevice.expires_at > at,
    )
