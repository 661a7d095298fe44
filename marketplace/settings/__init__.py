"""Settings: one frozen dataclass, read once from the environment."""

from marketplace.settings.model import (
    CardSettings,
    LapsedProducts,
    MailServer,
    Owner,
    PayoutSettings,
    ReceivingAccount,
    Settings,
)
from marketplace.settings.places import BANKS, INSTANCE, LOOPBACK, PROJECT
from marketplace.settings.reading import STRIPE_API, UNDECLARED, read_settings

__all__ = [
    "BANKS",
    "INSTANCE",
    "LOOPBACK",
    "PROJECT",
    "STRIPE_API",
    "UNDECLARED",
    "CardSettings",
    "LapsedProducts",
    "MailServer",
    "Owner",
    "PayoutSettings",
    "ReceivingAccount",
    "Settings",
    "read_settings",
]
