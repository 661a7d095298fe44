"""VietQR: what a QR code says so that a bank's app fills in a transfer (EMVCo QR code, merchant-presented).

Written from the published layout: fields of two digits of name, two of length and a value, closed by a
CRC-16/CCITT-FALSE over all that stands before it, its own name and length included.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

NAPAS = "A000000727"
TO_ACCOUNT = "QRIBFTTA"
DONG = "704"
LONGEST_MESSAGE = 25
_ACCOUNT = re.compile(r"[0-9A-Z]{1,19}")
_MESSAGE = re.compile(rf"[0-9A-Za-z .-]{{1,{LONGEST_MESSAGE}}}")

Field = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Payload:
    """A transfer as a QR code asks for it: the amount in whole đồng, the message as it is to be sent."""

    bank_bin: str
    account: str
    amount: int | None = None
    message: str | None = None

    def write(self) -> str:
        """Return the text of the QR code; with an amount it is for one payment, else for any.

        Raises ValueError for what a code cannot carry.
        """
        self._check()
        account = encode([("00", self.bank_bin), ("01", self.account)])
        fields = [
            ("00", "01"),
            ("01", "11" if self.amount is None else "12"),
            ("38", encode([("00", NAPAS), ("01", account), ("02", TO_ACCOUNT)])),
            ("53", DONG),
        ]
        if self.amount is not None:
            fields.append(("54", str(self.amount)))
        fields.append(("58", "VN"))
        if self.message is not None:
            fields.append(("62", encode([("08", self.message)])))
        open_end = encode(fields) + "6304"
        return open_end + checksum(open_end)

    def _check(self) -> None:
        fits = (
            re.fullmatch("[0-9]{6}", self.bank_bin)
            and _ACCOUNT.fullmatch(self.account)
            and (self.amount is None or 0 < self.amount < 10**13)
            and (self.message is None or _MESSAGE.fullmatch(self.message))
        )
        if not fits:
            raise ValueError(f"no transfer that a QR code can ask for: {self}")


def checksum(text: str) -> str:
    """Return the CRC-16/CCITT-FALSE of an ASCII text as four hexadecimal digits."""
    register = 0xFFFF
    for byte in text.encode("ascii"):
        register ^= byte << 8
        for _ in range(8):
            register = (register << 1) ^ 0x1021 if register & 0x8000 else register << 1
        register &= 0xFFFF
    return f"{register:04X}"


def encode(fields: Iterable[Field]) -> str:
    """Return fields one after another, each with its length."""
    return "".join(f"{name}{len(value):02}{value}" for name, value in fields)
