import pytest

from marketplace.accounts.errors import InvalidPhone
from marketplace.accounts.phone import mask_phone, read_phone, write_phone


@pytest.mark.parametrize(
    "typed",
    ["0912345678", " 0912 345 678 ", "0912.345.678", "+84912345678", "+84 912-345-678", "0084912345678",
     "84912345678", "+840912345678", "(091) 234 5678", "0912\u00a0345\u00a0678"],
)  # fmt: skip
def test_one_number_however_it_is_typed(typed: str) -> None:
    assert read_phone(typed) == "0912345678"


@pytest.mark.parametrize(
    ("typed", "missing"),
    [("091234567", 1), ("09123456789", -1), ("0", 9), ("", None), ("9123456780", None), ("abc", None),
     ("09123456७8", None), ("+1 212 555 0100", None), ("0912345678 hay 0987654321", None)],
)  # fmt: skip
def test_what_is_wrong_is_told(typed: str, missing: int | None) -> None:
    with pytest.raises(InvalidPhone) as refusal:
        read_phone(typed)
    assert refusal.value.parameters["missing"] == missing


def test_the_middle_is_hidden() -> None:
    assert mask_phone("0912345678") == "0912 ••• 678"
    assert write_phone("0912345678") == "0912 345 678"
