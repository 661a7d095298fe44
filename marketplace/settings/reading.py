"""Reading the settings: once, from the environment, all problems named together."""

import hashlib
import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from marketplace.errors import SettingsError
from marketplace.settings import values
from marketplace.settings.model import (
    SAMPLE_ACCOUNT,
    CardSettings,
    LapsedProducts,
    Owner,
    PayoutSettings,
    ReceivingAccount,
    Settings,
)
from marketplace.settings.places import INSTANCE, LOOPBACK, PROJECT

STRIPE_API = "https://api.stripe.com"
UNDECLARED = "(mẫu, chưa khai báo)"
"""What the operator of the demo is said to be, until told; pages put it in their own language."""


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
    demo = reader.read("DEMO", values.read_switch, "0")
    host = reader.read("HOST", str, "127.0.0.1")
    port = reader.read("PORT", values.read_port, "8000")
    if demo and host not in LOOPBACK:
        reader.problems.append(f"DEMO is on, so HOST must be a loopback address, not {host}")
    secret_key = _secret_key(reader, demo)
    settings = Settings(
        database_url=_database_url(reader),
        secret_key=secret_key,
        site_url=reader.read("SITE_URL", values.read_origin, f"http://{host}:{port}" if demo else None),
        site_name=reader.read("SITE_NAME", str, "Phiên chợ OCOP"),
        province_code=reader.read("PROVINCE_CODE", values.read_province, ""),
        trusted_hosts=reader.read("TRUSTED_HOSTS", values.read_words, _hosts(environment, host)),
        trusted_proxies=reader.read("TRUSTED_PROXIES", values.read_hops, "0"),
        commission_rate=reader.read("COMMISSION_RATE", values.read_rate, "0"),
        payout=_payout(reader),
        lapsed_products=reader.read("LAPSED_PRODUCTS", LapsedProducts, "sell" if demo else "show"),
        demo=demo,
        host=host,
        port=port,
        search_index=reader.read("SEARCH_INDEX", Path, str(PROJECT / "search_index")),
        journal_anchors=reader.read("JOURNAL_ANCHORS", Path, str(INSTANCE / "journal_anchors.jsonl")),
        outbox=reader.read("OUTBOX", Path, str(INSTANCE / "outbox")),
        mail_server=reader.read("MAIL_URL", values.read_mail_server, ""),
        media=reader.read("MEDIA", Path, str(INSTANCE / "media")),
        media_url=reader.read("MEDIA_URL", values.read_folder_address, "/anh/"),
        owner=_owner(reader, demo),
        card=_card(reader, demo, port, secret_key),
        receiving_account=_receiving_account(reader, demo),
        bank_notice_secret=reader.read("BANK_NOTICE_SECRET", values.read_secret_or_none, ""),
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
        withheld_tax_rate=reader.read("WITHHELD_TAX_RATE", values.read_rate, "1.5"),
        every_days=reader.read("PAYOUT_EVERY_DAYS", values.read_days, "7"),
        minimum=reader.read("PAYOUT_MINIMUM", values.read_dong, "200000"),
    )


def _receiving_account(reader: _Reader, demo: bool) -> ReceivingAccount | None:
    """Return the account of all three settings; with none of them transfers are not offered."""
    names = ("VIETQR_BANK", "VIETQR_ACCOUNT", "VIETQR_NAME")
    if not any(reader.environment.get(name) for name in names):
        return SAMPLE_ACCOUNT if demo else None
    bank = reader.read("VIETQR_BANK", values.read_bank, None) or ("", "")
    return ReceivingAccount(
        bank_bin=bank[0],
        bank_name=bank[1],
        account=reader.read("VIETQR_ACCOUNT", values.read_bank_account, None),
        holder=reader.read("VIETQR_NAME", values.read_holder, None),
    )


def _card(reader: _Reader, demo: bool, port: int | None, own_secret: str | None) -> CardSettings:
    key: str = reader.read("STRIPE_SECRET_KEY", str, "")
    webhook_secret: str = reader.read("STRIPE_WEBHOOK_SECRET", str, "")
    if key and not webhook_secret and not demo:
        reader.problems.append("STRIPE_SECRET_KEY is set, so STRIPE_WEBHOOK_SECRET must be set too")
    if demo and key and not key.startswith(("sk_test_", "rk_test_")):
        reader.problems.append("DEMO is on, so STRIPE_SECRET_KEY must be a test key (sk_test_...)")
    if reader.read("TEST_GATEWAY", values.read_switch, "0"):
        return _test_gateway(reader, demo, port or 0, own_secret or "")
    base: str = reader.read("STRIPE_API_BASE", values.read_origin, STRIPE_API)
    return CardSettings(secret_key=key, webhook_secret=webhook_secret, api_base=base, test_gateway=False)


def _test_gateway(reader: _Reader, demo: bool, port: int, own_secret: str) -> CardSettings:
    if not demo:
        reader.problems.append("TEST_GATEWAY is on, so DEMO must be on: no money passes through it")
    given = ("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "STRIPE_API_BASE")
    if any(map(reader.environment.get, given)):
        reader.problems.append(f"TEST_GATEWAY is on and brings its own {', '.join(given)}")
    beside: int | None = reader.read("TEST_GATEWAY_PORT", values.read_port, str(port % 65535 + 1))
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
    url: str = reader.read("DATABASE_URL", values.read_database, f"sqlite:///{INSTANCE / 'marketplace.db'}")
    return url


def _secret_key(reader: _Reader, demo: bool) -> str:
    own = demo and not reader.environment.get("SECRET_KEY")
    key: str = reader.read("SECRET_KEY", values.read_secret, _own_secret() if own else None)
    return key


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
