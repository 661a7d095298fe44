"""One spelling for each address, however it was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.accounts.errors import InvalidIdentity, InvalidName
from marketplace.accounts.identity import Identity, read_identity, read_name


@pytest.mark.parametrize(
    "text",
    ["0912345678", "+84 912 345 678", "0084912345678", "84912345678", "(+84)0912.345.678", "0912-345-678"],
)
def test_a_phone_is_ten_digits(text: str) -> None:
    assert read_identity(text) == Identity(phone="0912345678")


def test_an_email_is_casefolded() -> None:
    identity = read_identity("  Man.Nguyen+OCOP@Example.VN ")
    assert identity == Identity(email="man.nguyen+ocop@example.vn")
    assert str(identity) == "man.nguyen+ocop@example.vn"
    assert str(read_identity("0912345678")) == "0912345678"
    assert str(Identity()) == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "an",
        "an@",
        "@b.vn",
        "an@b",
        "a b@c.vn",
        "a@b@c.vn",
        "an@b..vn",
        "an@-b.vn",
        "a\n@b.vn",
        "091234567",
        "09123456789",
        "1912345678",
        "0912345678a",
        "٠٩١٢٣٤٥٦٧٨",
        "an@b.v1",
        "x" * 65 + "@b.vn",
        "a@" + "b" * 254 + ".vn",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidIdentity):
        read_identity(text)


@given(st.text(max_size=40))
def test_reading_twice_changes_nothing(text: str) -> None:
    try:
        once = read_identity(text)
    except InvalidIdentity:
        return
    assert read_identity(str(once)) == once


def test_a_name_has_a_letter_and_single_spaces() -> None:
    assert read_name("  Nguyễn   Thị Mận ") == "Nguyễn Thị Mận"
    for text in ("", " ", "123", "…", "a" * 121):
        with pytest.raises(InvalidName):
            read_name(text)
