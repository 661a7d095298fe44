"""People, what they prove themselves with, where they are signed in, and what they are members of.

Memberships, invitations and API keys name their scope by kind and identity without a foreign key:
producers, sales points and councils stand above this package. Whoever deletes one of those withdraws
its memberships first.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.roles import ROLES_OF, Grant, Role, Scope, ScopeKind, SignInLevel
from marketplace.database import Base, UtcDateTime

TokenHash = sa.String(64)


class Person(Base):
    """Somebody with an account; e-mail is casefolded, phone is ten digits, one of them is present.

    `password_hash` is None for whoever signs in by passkey alone. `wants_letters` is a yes to letters
    that no order or duty requires. An erased person keeps the row and its number, nothing else.
    """

    __tablename__ = "person"
    __table_args__ = (
        sa.CheckConstraint(
            "email IS NOT NULL OR phone IS NOT NULL OR erased_at IS NOT NULL", name="reachable"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    email: Mapped[str | None] = mapped_column(sa.String(254), unique=True)
    phone: Mapped[str | None] = mapped_column(sa.String(10), unique=True)
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    wants_letters: Mapped[bool] = mapped_column(default=False)
    sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="person", lazy="raise", order_by="Membership.id"
    )
    passkeys: Mapped[list["Passkey"]] = relationship(
        back_populates="person", lazy="raise", order_by="Passkey.id"
    )


class PendingSignUp(Base):
    """Somebody asked for an account; it comes into being when the letter's link is followed."""

    __tablename__ = "pending_sign_up"

    token_hash: Mapped[str] = mapped_column(TokenHash, primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    email: Mapped[str | None] = mapped_column(sa.String(254))
    phone: Mapped[str | None] = mapped_column(sa.String(10))
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Passkey(Base):
    """A WebAuthn credential; `sign_count` must not run backwards on authenticators that count."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(sa.LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(sa.LargeBinary)
    sign_count: Mapped[int] = mapped_column(sa.BigInteger)
    label: Mapped[str] = mapped_column(sa.String(60))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(back_populates="passkeys", lazy="raise")


class PasskeyChallenge(Base):
    """A challenge handed to a browser, good for one answer; without a person it is for signing in."""

    __tablename__ = "passkey_challenge"

    token_hash: Mapped[str] = mapped_column(TokenHash, primary_key=True)
    challenge: Mapped[bytes] = mapped_column(sa.LargeBinary)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class TotpSecret(Base):
    """The secret of an authenticator app; in use once confirmed. `pending_secret` waits to follow it.

    `last_used_step` is the number of the latest half minute whose code was taken: a code works once.
    """

    __tablename__ = "totp_secret"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(sa.String(64))
    pending_secret: Mapped[str | None] = mapped_column(sa.String(64))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_step: Mapped[int] = mapped_column(sa.BigInteger, default=0)


class RecoveryCode(Base):
    """The hash of a code that stands in for the second factor once."""

    __tablename__ = "recovery_code"

    code_hash: Mapped[str] = mapped_column(TokenHash, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)


class SignIn(Base):
    """A browser that is signed in; the row is deleted when that ends, and its cookie is worthless then.

    `strong_at` is when the person last proved themselves, for dangerous acts.
    """

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(TokenHash, unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    level: Mapped[SignInLevel]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    strong_at: Mapped[datetime] = mapped_column(UtcDateTime)
    idle_seconds: Mapped[int]
    idle_until: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    address_prefix: Mapped[str | None] = mapped_column(sa.String(45))
    device: Mapped[str] = mapped_column(sa.String(60))

    person: Mapped[Person] = relationship(lazy="raise")


class KnownDevice(Base):
    """A browser from which somebody signed in before; strangers' attempts do not lock it out."""

    __tablename__ = "known_device"

    token_hash: Mapped[str] = mapped_column(TokenHash, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class SecondStep(Base):
    """A password was right and a second factor is awaited; ten minutes, one success."""

    __tablename__ = "second_step"

    token_hash: Mapped[str] = mapped_column(TokenHash, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class PasswordReset(Base):
    """A way back in for whoever lost the password; single use. `issued_by` is the officer, if one did."""

    __tablename__ = "password_reset"

    token_hash: Mapped[str] = mapped_column(TokenHash, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    issued_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    clears_second_factor: Mapped[bool] = mapped_column(default=False)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class FirstAdministrator(Base):
    """The one row of the link that makes the first administrator; `used_at` closes it for good."""

    __tablename__ = "first_administrator"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    token_hash: Mapped[str] = mapped_column(TokenHash)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def _combinations() -> str:
    """Return in SQL which roles go with which kind of scope."""
    allowed = [
        f"(scope_kind = '{kind.value}' AND role IN ({', '.join(sorted(repr(r.value) for r in roles))}))"
        for kind, roles in ROLES_OF.items()
    ]
    return " OR ".join(allowed)


class Membership(Base):
    """A person's one role in a scope."""

    __tablename__ = "membership"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "scope_kind", "scope_id"),
        sa.CheckConstraint(_combinations(), name="role_of_scope"),
        sa.Index(None, "scope_kind", "scope_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    scope_kind: Mapped[ScopeKind]
    scope_id: Mapped[int]
    role: Mapped[Role]
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(back_populates="memberships", lazy="raise")

    @property
    def scope(self) -> Scope:
        """Return what it belongs to."""
        return Scope(self.scope_kind, self.scope_id)

    @property
    def grant(self) -> Grant:
        """Return it as a plain value."""
        return Grant(self.scope, self.role)


class Invitation(Base):
    """An offer of a role to whoever holds the link: 72 hours, accepted once, then deleted."""

    __tablename__ = "invitation"
    __table_args__ = (
        sa.CheckConstraint(_combinations(), name="role_of_scope"),
        sa.Index(None, "scope_kind", "scope_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(TokenHash, unique=True)
    scope_kind: Mapped[ScopeKind]
    scope_id: Mapped[int]
    role: Mapped[Role]
    email: Mapped[str | None] = mapped_column(sa.String(254))
    phone: Mapped[str | None] = mapped_column(sa.String(10))
    invited_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    @property
    def scope(self) -> Scope:
        """Return what it invites to."""
        return Scope(self.scope_kind, self.scope_id)


class ApiKey(Base):
    """A key for programs, kept as a hash; it reaches what its scopes name, in one organisation.

    `prefix` is the beginning by which people tell their keys apart.
    """

    __tablename__ = "api_key"
    __table_args__ = (sa.Index(None, "scope_kind", "scope_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(TokenHash, unique=True)
    prefix: Mapped[str] = mapped_column(sa.String(16))
    label: Mapped[str] = mapped_column(sa.String(60))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    scope_kind: Mapped[ScopeKind]
    scope_id: Mapped[int]
    abilities: Mapped[list[str]] = mapped_column(sa.JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def scope(self) -> Scope:
        """Return the organisation it works for."""
        return Scope(self.scope_kind, self.scope_id)
