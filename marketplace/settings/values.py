"""Single settings read from their text; each raises ValueError with words that say what is needed."""

import csv
import re
from urllib.parse import unquote, urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from marketplace.settings.model import MailServer
from marketplace.settings.places import BANKS, LOOPBACK, PROVINCES


def read_switch(text: str) -> bool:
    """Return whether a switch is on."""
    if text.lower() not in {"0", "1", "off", "on"}:
        raise ValueError(f"0 or 1 is needed, not {text}")
    return text.lower() in {"1", "on"}


def read_port(text: str) -> int:
    """Return a port."""
    if not _is_number(text) or not 0 < int(text) < 65536:
        raise ValueError(f"a number from 1 to 65535 is needed, not {text}")
    return int(text)


def read_hops(text: str) -> int:
    """Return a number of proxies."""
    if not _is_number(text):
        raise ValueError(f"a number of proxies is needed, not {text}")
    return int(text)


def read_rate(text: str) -> int:
    """Return percent with up to two decimals, in hundredths of a percent."""
    if not re.fullmatch(r"[0-9]{1,3}([.,][0-9]{1,2})?", text, re.ASCII):
        raise ValueError(f"a percentage such as 5 or 2.75 is needed, not {text}")
    whole, _, part = text.replace(",", ".").partition(".")
    rate = int(whole) * 100 + int(part.ljust(2, "0"))
    if rate > 10_000:
        raise ValueError(f"100 percent is the most, not {text}")
    return rate


def read_days(text: str) -> int:
    """Return a number of days from 1 to 90."""
    if not _is_number(text) or not 1 <= int(text) <= 90:
        raise ValueError(f"a number of days from 1 to 90 is needed, not {text}")
    return int(text)


def read_dong(text: str) -> int:
    """Return an amount in đồng."""
    if not _is_number(text) or not 1 <= int(text) <= 1_000_000_000:
        raise ValueError(f"an amount in đồng such as 200000 is needed, not {text}")
    return int(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def read_province(text: str) -> str:
    """Return the code of a province of today, or nothing."""
    if text and text not in _province_codes():
        raise ValueError(f"the two digits of a province of today are needed (Decision 19/2025), not {text}")
    return text


def _province_codes() -> set[str]:
    with PROVINCES.open(encoding="utf-8", newline="") as file:
        return {row["code"] for row in csv.DictReader(file)}


def read_bank(text: str) -> tuple[str, str]:
    """Return BIN and name of a bank by its code or BIN; where names shared a BIN, the one of today."""
    with BANKS.open(encoding="utf-8", newline="") as file:
        today = [row for row in csv.DictReader(file) if row["former"] == "0"]
    found = [row for row in today if text.strip().upper() in {row["code"], row["bin"]}]
    if not found:
        raise ValueError(f"the code (VCB) or the BIN (970436) of a bank is needed, not {text}")
    return found[0]["bin"], found[0]["short_name"]


def read_bank_account(text: str) -> str:
    """Return the number of a bank account."""
    account = text.replace(" ", "").upper()
    if not re.fullmatch("[0-9A-Z]{4,19}", account):
        raise ValueError("an account number of 4 to 19 digits or letters is needed")
    return account


def read_holder(text: str) -> str:
    """Return the name of an account holder."""
    if len(text) > 100:
        raise ValueError("a name of at most 100 characters is needed")
    return text.strip()


def read_secret_or_none(text: str) -> str | None:
    """Return a secret, or None for none."""
    return read_secret(text) if text else None


def read_database(text: str) -> str:
    """Return the address of a database, with the driver that we use."""
    if text.startswith(("postgresql://", "postgres://")):
        text = "postgresql+psycopg://" + text.split("://", 1)[1]
    if not text.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("only sqlite:/// and postgresql:// addresses are understood")
    try:
        make_url(text)
    except (ArgumentError, ValueError) as error:
        raise ValueError("postgresql://user:password@host:port/database is needed") from error
    return text


def read_secret(text: str) -> str:
    """Return a secret that is long enough."""
    if len(text) < 32:
        raise ValueError("at least 32 characters are needed")
    return text


def read_origin(text: str) -> str:
    """Return the address of a site, without a path."""
    parts = urlsplit(text)
    _ = parts.port  # raises ValueError for what is no port
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise ValueError("an address such as https://ocop.example.vn is needed, without a path")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("plain http is for loopback addresses only")
    return text.rstrip("/")


def read_mail_server(text: str) -> MailServer | None:
    """Return a mail server, or None for none."""
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path.strip("/"):
        raise ValueError("an address such as smtp://user:password@mail.example.vn:587 is needed")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not (user + password).isascii():
        raise ValueError("name and password of a mail server are ASCII")
    tls_first = parts.scheme == "smtps"
    return MailServer(
        host=parts.hostname,
        port=parts.port or (465 if tls_first else 587),
        user=user,
        password=password,
        tls_first=tls_first,
        secure=tls_first or parts.hostname not in LOOPBACK,
    )


def read_folder_address(text: str) -> str:
    """Return the address of a folder."""
    parts = urlsplit(text)
    abroad = parts.scheme == "https" and parts.hostname is not None
    ours = not parts.scheme and not parts.netloc and text.startswith("/")
    if not (abroad or ours) or not re.fullmatch(r"[\w./:-]*/", text, re.ASCII):
        raise ValueError("a path such as /anh/ or an address such as https://anh.example.vn/ is needed")
    return text


def read_words(text: str) -> tuple[str, ...]:
    """Return words set apart by spaces or commas."""
    return tuple(word for word in text.replace(",", " ").split() if word)
