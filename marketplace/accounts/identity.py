"""How people are addressed: by e-mail or by phone, each kept in one spelling."""

import re
from dataclasses import dataclass
from typing import Any

from marketplace.accounts.errors import InvalidIdentity, InvalidName
from marketplace.text import clean

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@(?:[^\W_](?:[\w\-]*[^\W_])?\.)+[^\W\d_]{2,}")
_SEPARATORS = re.compile(r"[\s.\-()\u00a0]+")
_COUNTRY = re.compile(r"(?:\+|00)840?(?=[1-9])|84(?=[1-9][0-9]{8}$)")
_PHONE = re.compile(r"0[0-9]{9}")


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
    return Identity(email=read_email(text)) if "@" in text else Identity(phone=read_phone(text))


def read_email(text: str) -> str:
    """Return an e-mail address casefolded; raises InvalidIdentity."""
    email = clean(text).casefold()
    if len(email) > 254 or not _EMAIL.fullmatch(email):
        raise InvalidIdentity(field="email")
    return email


def read_phone(text: str) -> str:
    """Return a Vietnamese number in its ten digits, however it was typed; raises InvalidIdentity."""
    digits = _SEPARATORS.sub("", text)
    if country := _COUNTRY.match(digits):
        digits = "0" + digits[country.end() :]
    if not _PHONE.fullmatch(digits):
        raise InvalidIdentity(field="phone")
    return digits


def read_name(text: str) -> str:
    """Return a person's name with single spaces; raises InvalidName without a letter or past 120."""
    name = clean(text)
    if len(name) > 120 or not any(letter.isalpha() for letter in name):
        raise InvalidName(field="name")
    return name
