"""What the operator decides, as frozen dataclasses."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit


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
