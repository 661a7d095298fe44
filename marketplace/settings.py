"""Settings: one frozen dataclass, read once from the environment."""

import csv
import hashlib
import os
import re
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from marketplace.errors import SettingsError

PROJECT = Path(__file__).resolve().parent.parent
INSTANCE = PROJECT / "instance"
PROVINCES = PROJECT / "marketplace" / "data" / "places" / "admin_provinces_2025.csv"
BANKS = PROJECT / "marketplace" / "data" / "payments" / "banks.csv"
LOOPBACK = {"127.0.0.1", "localhost"}
STRIPE_API = "https://api.stripe.com"
UNDECLARED = "(mẫu, chưa khai báo)"
"""What the operator of the demo is said to be, until told; pages put it in their own language."""


class LapsedProducts(StrEnum):
    """What the shop does with a product whose certificate is no longer alive."""

    SHOW = "show"
    SELL = "sell"
    HIDE = "hide"


@dataclass(frozen=True, kw_only=True, slots=True)
class Owner:
    """Who answers for the site; Decree 248/2026/NĐ-CP has it published."""

    name: str
    address: str
    representative: str
    enterprise_code: str
    phone: str
    email: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MailServer:
    """The server that takes letters: TLS from the first byte (`smtps`) or after STARTTLS (`smtp`).

    `secure` is False for a server on this machine alone.
    """

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls_first: bool
    secure: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceivingAccount:
    """The bank account that transfers come to; `holder` as the bank writes the name.

    `sample` marks the made-up one of the demo, which no bank knows.
    """

    bank_bin: str
    bank_name: str
    account: str
    holder: str
    sample: bool = False


SAMPLE_ACCOUNT = ReceivingAccount(
    bank_bin="000000",
    bank_name="Ngân hàng minh hoạ",
    account="0000000000000",
    holder="CHO OCOP MINH HOA",
    sample=True,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class CardSettings:
    """How cards are paid by; without a key nobody pays by card.

    `test_gateway` has the test gateway serve beside the site, with keys of its own.
    """

    secret_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    api_base: str
    test_gateway: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PayoutSettings:
    """How sellers are paid.

    `withheld_tax_rate`, in hundredths of a percent, is kept of money that passes through here for
    households and individuals: 1 % VAT and 0.5 % income tax on goods unless told otherwise (Nghị định
    117/2025/NĐ-CP). Whom it concerns, and at which rate, is for the operator's accountant to decide.
    `minimum` is đồng: less than that waits for the next payout.
    """

    withheld_tax_rate: int
    every_days: int
    minimum: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Everything the operator decides; README lists each with its meaning."""

    database_url: str
    secret_key: str
    site_url: str
    site_name: str
    province_code: str
    trusted_hosts: tuple[str, ...]
    trusted_proxies: int
    lapsed_products: LapsedProducts
    commission_rate: int
    payout: PayoutSettings
    demo: bool
    host: str
    port: int
    search_index: Path
    journal_anchors: Path
    outbox: Path
    mail_server: MailServer | None
    media: Path
    media_url: str
    owner: Owner
    card: CardSettings
    receiving_account: ReceivingAccount | None
    bank_notice_secret: str | None

    @property
    def secure(self) -> bool:
        """Whether people reach the site over TLS."""
        return urlsplit(self.site_url).scheme == "https"


class _Reader:
    """Reads one setting after another and remembers what was wrong with each."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.problems: list[str] = []

    def read(self, name: str, parse: Callable[[str], Any], default: str | None) -> Any:
        text = self.environment.get(name) or default
        if text is None:
            self.problems.append(f"{name} is missing")
            return None
        try:
            return parse(text)
        except ValueError as error:
            self.problems.append(f"{name}: {error}")
            return None


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings from the environment.

    Raises SettingsError, which names every setting that is missing or ill-typed, all at once.
    """
    reader = _Reader(environment)
    demo = reader.read("DEMO", _switch, "0")
    host = reader.read("HOST", str, "127.0.0.1")
    port = reader.read("PORT", _port, "8000")
    if demo and host not in LOOPBACK:
        reader.problems.append(f"DEMO is on, so HOST must be a loopback address, not {host}")
    secret_key = _secret_key(reader, demo)
    settings = Settings(
        database_url=_database_url(reader),
        secret_key=secret_key,
        site_url=reader.read("SITE_URL", _origin, f"http://{host}:{port}" if demo else None),
        site_name=reader.read("SITE_NAME", str, "Phiên chợ OCOP"),
        province_code=reader.read("PROVINCE_CODE", _province, ""),
        trusted_hosts=reader.read("TRUSTED_HOSTS", _words, _hosts(environment, host)),
        trusted_proxies=reader.read("TRUSTED_PROXIES", _hops, "0"),
        commission_rate=reader.read("COMMISSION_RATE", _rate, "0"),
        payout=_payout(reader),
        lapsed_products=reader.read("LAPSED_PRODUCTS", LapsedProducts, "sell" if demo else "show"),
        demo=demo,
        host=host,
        port=port,
        search_index=reader.read("SEARCH_INDEX", Path, str(PROJECT / "search_index")),
        journal_anchors=reader.read("JOURNAL_ANCHORS", Path, str(INSTANCE / "journal_anchors.jsonl")),
        outbox=reader.read("OUTBOX", Path, str(INSTANCE / "outbox")),
        mail_server=reader.read("MAIL_URL", _mail_server, ""),
        media=reader.read("MEDIA", Path, str(INSTANCE / "media")),
        media_url=reader.read("MEDIA_URL", _folder_address, "/anh/"),
        owner=_owner(reader, demo),
        card=_card(reader, demo, port, secret_key),
        receiving_account=_receiving_account(reader, demo),
        bank_notice_secret=reader.read("BANK_NOTICE_SECRET", _secret_or_none, ""),
    )
    if reader.problems:
        raise SettingsError(reader.problems)
    return settings


def _owner(reader: _Reader, demo: bool) -> Owner:
    sample = UNDECLARED if demo else None
    return Owner(
        name=reader.read("OWNER_NAME", str, sample),
        address=reader.read("OWNER_ADDRESS", str, sample),
        representative=reader.read("OWNER_REPRESENTATIVE", str, sample),
        enterprise_code=reader.read("OWNER_CODE", str, sample),
        phone=reader.read("SUPPORT_PHONE", str, "1900 0000" if demo else None),
        email=reader.read("SUPPORT_EMAIL", str, "ho-tro@example.vn" if demo else None),
    )


def _payout(reader: _Reader) -> PayoutSettings:
    return PayoutSettings(
        withheld_tax_rate=reader.read("WITHHELD_TAX_RATE", _rate, "1.5"),
        every_days=reader.read("PAYOUT_EVERY_DAYS", _days, "7"),
        minimum=reader.read("PAYOUT_MINIMUM", _dong, "200000"),
    )


def _receiving_account(reader: _Reader, demo: bool) -> ReceivingAccount | None:
    """Return the account of all three settings; with none of them transfers are not offered."""
    names = ("VIETQR_BANK", "VIETQR_ACCOUNT", "VIETQR_NAME")
    if not any(reader.environment.get(name) for name in names):
        return SAMPLE_ACCOUNT if demo else None
    bank = reader.read("VIETQR_BANK", _bank, None) or ("", "")
    return ReceivingAccount(
        bank_bin=bank[0],
        bank_name=bank[1],
        account=reader.read("VIETQR_ACCOUNT", _bank_account, None),
        holder=reader.read("VIETQR_NAME", _holder, None),
    )


def _card(reader: _Reader, demo: bool, port: int | None, own_secret: str | None) -> CardSettings:
    key: str = reader.read("STRIPE_SECRET_KEY", str, "")
    webhook_secret: str = reader.read("STRIPE_WEBHOOK_SECRET", str, "")
    if key and not webhook_secret and not demo:
        reader.problems.append("STRIPE_SECRET_KEY is set, so STRIPE_WEBHOOK_SECRET must be set too")
    if demo and key and not key.startswith(("sk_test_", "rk_test_")):
        reader.problems.append("DEMO is on, so STRIPE_SECRET_KEY must be a test key (sk_test_...)")
    if reader.read("TEST_GATEWAY", _switch, "0"):
        return _test_gateway(reader, demo, port or 0, own_secret or "")
    base: str = reader.read("STRIPE_API_BASE", _origin, STRIPE_API)
    return CardSettings(secret_key=key, webhook_secret=webhook_secret, api_base=base, test_gateway=False)


def _test_gateway(reader: _Reader, demo: bool, port: int, own_secret: str) -> CardSettings:
    if not demo:
        reader.problems.append("TEST_GATEWAY is on, so DEMO must be on: no money passes through it")
    given = ("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "STRIPE_API_BASE")
    if any(map(reader.environment.get, given)):
        reader.problems.append(f"TEST_GATEWAY is on and brings its own {', '.join(given)}")
    beside: int | None = reader.read("TEST_GATEWAY_PORT", _port, str(port % 65535 + 1))
    keys = hashlib.sha256(f"test gateway of {own_secret}".encode()).hexdigest()
    return CardSettings(
        secret_key=f"sk_test_{keys[:32]}",
        webhook_secret=f"whsec_{keys[32:]}",
        api_base=f"http://127.0.0.1:{beside}",
        test_gateway=True,
    )


def _database_url(reader: _Reader) -> str:
    if not reader.environment.get("DATABASE_URL"):
        INSTANCE.mkdir(mode=0o700, exist_ok=True)
    url: str = reader.read("DATABASE_URL", _database, f"sqlite:///{INSTANCE / 'marketplace.db'}")
    return url


def _secret_key(reader: _Reader, demo: bool) -> str:
    own = demo and not reader.environment.get("SECRET_KEY")
    key: str = reader.read("SECRET_KEY", _secret, _own_secret() if own else None)
    return key


def _switch(text: str) -> bool:
    if text.lower() not in {"0", "1", "off", "on"}:
        raise ValueError(f"0 or 1 is needed, not {text}")
    return text.lower() in {"1", "on"}


def _port(text: str) -> int:
    if not _is_number(text) or not 0 < int(text) < 65536:
        raise ValueError(f"a number from 1 to 65535 is needed, not {text}")
    return int(text)


def _hops(text: str) -> int:
    if not _is_number(text):
        raise ValueError(f"a number of proxies is needed, not {text}")
    return int(text)


def _rate(text: str) -> int:
    """Read percent with up to two decimals as hundredths of a percent."""
    if not re.fullmatch(r"[0-9]{1,3}([.,][0-9]{1,2})?", text, re.ASCII):
        raise ValueError(f"a percentage such as 5 or 2.75 is needed, not {text}")
    whole, _, part = text.replace(",", ".").partition(".")
    rate = int(whole) * 100 + int(part.ljust(2, "0"))
    if rate > 10_000:
        raise ValueError(f"100 percent is the most, not {text}")
    return rate


def _days(text: str) -> int:
    if not _is_number(text) or not 1 <= int(text) <= 90:
        raise ValueError(f"a number of days from 1 to 90 is needed, not {text}")
    return int(text)


def _dong(text: str) -> int:
    if not _is_number(text) or not 1 <= int(text) <= 1_000_000_000:
        raise ValueError(f"an amount in đồng such as 200000 is needed, not {text}")
    return int(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _province(text: str) -> str:
    if text and text not in _province_codes():
        raise ValueError(f"the two digits of a province of today are needed (Decision 19/2025), not {text}")
    return text


def _province_codes() -> set[str]:
    with PROVINCES.open(encoding="utf-8", newline="") as file:
        return {row["code"] for row in csv.DictReader(file)}


def _bank(text: str) -> tuple[str, str]:
    """Return BIN and name of a bank by its code or BIN; where names shared a BIN, the one of today."""
    with BANKS.open(encoding="utf-8", newline="") as file:
        today = [row for row in csv.DictReader(file) if row["former"] == "0"]
    found = [row for row in today if text.strip().upper() in {row["code"], row["bin"]}]
    if not found:
        raise ValueError(f"the code (VCB) or the BIN (970436) of a bank is needed, not {text}")
    return found[0]["bin"], found[0]["short_name"]


def _bank_account(text: str) -> str:
    account = text.replace(" ", "").upper()
    if not re.fullmatch("[0-9A-Z]{4,19}", account):
        raise ValueError("an account number of 4 to 19 digits or letters is needed")
    return account


def _holder(text: str) -> str:
    if len(text) > 100:
        raise ValueError("a name of at most 100 characters is needed")
    return text.strip()


def _secret_or_none(text: str) -> str | None:
    return _secret(text) if text else None


def _database(text: str) -> str:
    if text.startswith(("postgresql://", "postgres://")):
        text = "postgresql+psycopg://" + text.split("://", 1)[1]
    if not text.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("only sqlite:/// and postgresql:// addresses are understood")
    try:
        make_url(text)
    except (ArgumentError, ValueError) as error:
        raise ValueError("postgresql://user:password@host:port/database is needed") from error
    return text


def _secret(text: str) -> str:
    if len(text) < 32:
        raise ValueError("at least 32 characters are needed")
    return text


def _origin(text: str) -> str:
    parts = urlsplit(text)
    _ = parts.port  # raises ValueError for what is no port
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise ValueError("an address such as https://ocop.example.vn is needed, without a path")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("plain http is for loopback addresses only")
    return text.rstrip("/")


def _mail_server(text: str) -> MailServer | None:
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


def _folder_address(text: str) -> str:
    parts = urlsplit(text)
    abroad = parts.scheme == "https" and parts.hostname is not None
    ours = not parts.scheme and not parts.netloc and text.startswith("/")
    if not (abroad or ours) or not re.fullmatch(r"[\w./:-]*/", text, re.ASCII):
        raise ValueError("a path such as /anh/ or an address such as https://anh.example.vn/ is needed")
    return text


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in text.replace(",", " ").split() if word)


def _hosts(environment: Mapping[str, str], host: str) -> str:
    named = None
    with suppress(ValueError):
        named = urlsplit(environment.get("SITE_URL", "")).hostname
    return " ".join(sorted({named or host, *LOOPBACK}))


def _own_secret() -> str:
    """Return the development secret, made on the first run and kept readable by its owner only."""
    path = INSTANCE / "secret_key"
    INSTANCE.mkdir(mode=0o700, exist_ok=True)
    if not path.exists():
        own = INSTANCE / f"secret_key.{os.getpid()}"
        with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        with suppress(FileExistsError):
            path.hardlink_to(own)
        own.unlink()
    return path.read_text()
