"""The payload of a transfer's QR code: byte for byte as others write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.ordering.order_number import draw_number
from marketplace.payments.banks import find_bank, list_banks
from marketplace.payments.vietqr import Payload, checksum
from tests.payments.qr_reading import read_payload

STATIC = "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN63049E6F"
ASKED = (
    "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA5303704"
    "540618000058"
    "02VN62110807OCOP1236304E2B8"
)

payloads = st.builds(
    Payload,
    bank_bin=st.from_regex(r"[0-9]{6}", fullmatch=True),
    account=st.from_regex(r"[0-9A-Z]{1,19}", fullmatch=True),
    amount=st.none() | st.integers(1, 10**13 - 1),
    message=st.none() | st.from_regex(r"[0-9A-Za-z .-]{1,25}", fullmatch=True),
)


def test_the_checksum_is_ccitt_false() -> None:
    assert checksum("123456789") == "29B1"


def test_payloads_are_those_of_other_builders() -> None:
    assert Payload("970403", "0011012345678").write() == STATIC
    assert Payload("970403", "0011012345678", 180_000, "OCOP123").write() == ASKED


@given(payloads)
def test_what_is_written_is_read_back(payload: Payload) -> None:
    assert read_payload(payload.write()) == payload


@pytest.mark.parametrize(
    "payload",
    [
        Payload("97040", "001"),
        Payload("970403", ""),
        Payload("970403", "0" * 20),
        Payload("970403", "12-34"),
        Payload("970403", "001", 0),
        Payload("970403", "001", 10**13),
        Payload("970403", "001", 1, "x" * 26),
        Payload("970403", "001", 1, "đơn hàng"),
        Payload("970403", "001", 1, ""),
    ],
)
def test_a_code_carries_nothing_else(payload: Payload) -> None:
    with pytest.raises(ValueError, match="no transfer"):
        payload.write()


def test_an_order_number_fits_as_message() -> None:
    number = draw_number()
    assert read_payload(Payload("970403", "001", 99_000, number).write()).message == number


def test_banks_are_found_by_code_and_by_bin() -> None:
    found = [find_bank(text) for text in ("vcb", "970436", "LPB", "970449", "970414", "970406")]
    assert [bank and bank.short_name for bank in found] == [
        "Vietcombank", "Vietcombank", "LPBank", "LPBank", "MBV", "Vikki Bank",
    ]  # fmt: skip
    assert find_bank("DONGABANK") is None
    assert len({bank.code for bank in list_banks()}) == len(list_banks())
