"""Numbers as they are typed in Vietnam."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.errors import InvalidInput
from marketplace.workspace.numbers import read_decimal, read_whole, write_decimal


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("45000", "45000"),
        (" 45.000 đ", "45000"),
        ("1.250.000₫", "1250000"),
        ("1.250,5", "1250.5"),
        ("1,5", "1.5"),
        ("0.5", "0.5"),
        ("0.375", "0.375"),
        ("12 000 VND", "12000"),
    ],
)
def test_what_people_type_is_understood(typed: str, number: str) -> None:
    assert read_decimal("gia", typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["", "đ", "-1", "1e9", "nghìn", "1.2.3", "0,0001", "٣", "9" * 21, "1,5,5"])
def test_what_is_no_number_names_its_field(typed: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_decimal("gia", typed)
    assert refusal.value.parameters["field"] == "gia"


def test_whole_numbers_have_no_fraction() -> None:
    assert read_whole("gia", "45.000,0") == 45_000
    with pytest.raises(InvalidInput):
        read_whole("gia", "1,5")


@given(st.decimals(min_value=0, max_value=10**9, places=3, allow_nan=False))
def test_what_is_written_is_read_again(number: Decimal) -> None:
    assert read_decimal("luong", write_decimal(number)) == number
