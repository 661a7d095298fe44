"""How people are addressed: by e-mail or by phone, each kept in one spelling."""

import re
from dataclasses import dataclass
from typing import Any

from marketplace.accounts.errors import InvalidIdentity, InvalidName, InvalidPhone
from marketplace.accounts.phone import read_phone
from marketplace.text import clean

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@(?:[^\W_](?:[\w\-]*[^\W_])?\.)+[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Identity:
    """An e-mail address or a phone number; exactly one of them."""

    email: str | None = None
    phone: str | None = None

    def __str__(self) -> str:
        """Return the one that is there."""
        return self.email or self.phone or ""

    @property
    def columns(self) -> dict[str, Any]:
        """Return it as the columns of a row."""
        return {"email": self.email, "phone": self.phone}


def read_identity(text: str) -> Identity:
    """Return what somebody typed as an e-mail address or else as a phone number.

    Raises InvalidIdentity when it is neither.
    """
    if "@" in text:
        return Identity(email=read_email(text))
    try:
        return Identity(phone=read_phone(text))
    except InvalidPhone as refusal:
        raise InvalidIdentity(field="phone") from refusal


def read_email(text: str) -> str:
    """Return an e-mail address casefolded; raises InvalidIdentity."""
    email = clean(text).casefold()
    if len(email) > 254 or not _EMAIL.fullmatch(email):
        raise InvalidIdentity(field="email")
    return email


def read_name(text: str) -> str:
    """Return a person's name with single spaces; raises InvalidName without a letter or past 120."""
    name = clean(text)
    if len(name) > 120 or not any(letter.isalpha() for letter in name):
        raise InvalidName(field="name")
    return name
