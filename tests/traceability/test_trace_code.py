"""Reading what is printed on a pack (rule R16)."""

from urllib.parse import unquote

import pytest
from biip.checksums import gs1_standard_check_digit
from hypothesis import given
from hypothesis import strategies as st

from marketplace.traceability.codes.trace_code import TraceCode, read_digital_link, read_token_link
from marketplace.traceability.errors import Misreading, UnreadableCode

GTIN = "09521234543213"
VALUES = st.text(st.characters(codec="ascii", categories=["Lu", "Ll", "Nd"]), min_size=1, max_size=20)


@pytest.mark.parametrize("printed", ["9521234543213", GTIN, "9521234-54321.3", "0952 1234 5432 13"])
def test_every_length_becomes_fourteen_digits(printed: str) -> None:
    assert read_digital_link(printed).path == f"/01/{GTIN}"


@pytest.mark.parametrize("payload", ["9520000", "95212345432", "952123454321", "1952123454321"])
def test_all_four_lengths_are_gtins(payload: str) -> None:
    printed = f"{payload}{gs1_standard_check_digit(payload)}"
    assert read_digital_link(printed).gtin == printed.zfill(14)


@pytest.mark.parametrize(
    ("printed", "reason"),
    [
        ("9521234543214", Misreading.CHECK_DIGIT),
        ("123", Misreading.LENGTH),
        ("952123454321", Misreading.CHECK_DIGIT),
        ("952123454321x", Misreading.FORM),
        ("²²²²²²²²²²²²²", Misreading.FORM),
        ("", Misreading.FORM),
        (f"{GTIN}/99/1", Misreading.FORM),
        (f"{GTIN}/10/", Misreading.FORM),
        (f"{GTIN}/10/{'x' * 21}", Misreading.FORM),
        (f"{GTIN}/10/lô", Misreading.FORM),
        (f"{GTIN}/21/1/10/2", Misreading.FORM),
    ],
)
def test_says_what_is_wrong(printed: str, reason: Misreading) -> None:
    with pytest.raises(UnreadableCode) as refusal:
        read_digital_link(printed)
    assert refusal.value.parameters["reason"] is reason
    assert refusal.value.status == 400


def test_reads_variant_lot_and_serial() -> None:
    code = read_digital_link(f"{GTIN}/22/2A/10/L24/B/21/0137")
    assert code == TraceCode(gtin=GTIN, variant="2A", lot="L24/B", serial="0137")
    assert code.path == f"/01/{GTIN}/22/2A/10/L24%2FB/21/0137"


@given(lot=VALUES, serial=VALUES)
def test_the_canonical_path_reads_back(lot: str, serial: str) -> None:
    code = TraceCode(gtin=GTIN, lot=lot, serial=serial)
    assert read_digital_link(unquote(code.path.removeprefix("/01/"))) == code


def test_our_token_stands_where_there_is_no_gtin() -> None:
    assert read_token_link("aB-_9/10/L1").path == "/t/aB-_9/10/L1"


@pytest.mark.parametrize("printed", ["", "a b", "x" * 33, "/10/L1"])
def test_a_token_has_its_letters_only(printed: str) -> None:
    with pytest.raises(UnreadableCode):
        read_token_link(printed)
