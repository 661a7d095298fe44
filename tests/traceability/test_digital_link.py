"""GS1 Digital Links in the cases of the standard, valid and broken.

The cases follow GS1 Digital Link: URI Syntax 1.6 (4 and 5), the General Specifications and the published
test cases of the GS1 Barcode Syntax Engine; the compressed ones those of the GS1 compression prototype.
"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.traceability.codes.compression import SAFE64, decompress
from marketplace.traceability.codes.digital_link import (
    BEST_BEFORE,
    MADE_ON,
    USE_BY,
    looks_partly_compressed,
    read_attributes,
    read_compressed,
    read_link,
)
from marketplace.traceability.codes.place_code import PlaceCode, read_place_link
from marketplace.traceability.codes.trace_code import TraceCode
from marketplace.traceability.errors import Misreading, UnreadableCode

KEY = "/01/09520123456788"
LONG = "x" * 20

VALID = [
    # the key, and what may stand before it
    ("/01/09520123456788", KEY),
    ("https://id.gs1.org/01/09520123456788", KEY),
    ("http://example.com/01/09520123456788", KEY),
    ("HTTPS://EXAMPLE.COM/01/09520123456788", KEY),
    ("https://example.com:8443/01/09520123456788", KEY),
    ("https://[2001:db8::1]/01/09520123456788", KEY),
    ("https://xn--fsq.xn--0zwm56d/01/09520123456788", KEY),
    ("https://brand.example.com/some-extra/pathinfo/01/09520123456788", KEY),
    ("/01/09520123456788/", KEY),
    ("/01/09520123456788#fragment", KEY),
    ("/01/09520123456788?", KEY),
    # lengths of a GTIN
    ("/01/9520123456788", KEY),
    ("/01/416000336108", "/01/00416000336108"),
    ("/01/02345673", "/01/00000002345673"),
    ("/01/0952-0123.4567 88".replace(" ", "%20"), KEY),
    # qualifiers, in order, any of them
    (f"{KEY}/22/2A", f"{KEY}/22/2A"),
    (f"{KEY}/10/ABC123", f"{KEY}/10/ABC123"),
    (f"{KEY}/21/12345", f"{KEY}/21/12345"),
    (f"{KEY}/10/ABC1/21/12345", f"{KEY}/10/ABC1/21/12345"),
    (f"{KEY}/22/2A/21/12345", f"{KEY}/22/2A/21/12345"),
    (f"{KEY}/22/TEST/10/ABC/21/XYZ", f"{KEY}/22/TEST/10/ABC/21/XYZ"),
    (f"{KEY}/235/TEST", f"{KEY}/235/TEST"),
    (f"{KEY}/235/{'x' * 28}", f"{KEY}/235/{'x' * 28}"),
    (f"{KEY}/10/{LONG}/21/{LONG}", f"{KEY}/10/{LONG}/21/{LONG}"),
    (f"{KEY}/10/10/21/21", f"{KEY}/10/10/21/21"),
    # characters of values, encoded and not
    (f"{KEY}/22/ABC%2d123", f"{KEY}/22/ABC-123"),
    (f"{KEY}/22/ABC+123", f"{KEY}/22/ABC%2B123"),
    (f"{KEY}/10/A%2FB", f"{KEY}/10/A%2FB"),
    (f"{KEY}/10/A%2fB", f"{KEY}/10/A%2FB"),
    (f"{KEY}/10/%41%42", f"{KEY}/10/AB"),
    (f"{KEY}/10/!%22%25&'()*+,-.", f"{KEY}/10/%21%22%25%26%27%28%29%2A%2B%2C-."),
    (f"{KEY}/10/%3A%3B%3C%3D%3E%3F_", f"{KEY}/10/%3A%3B%3C%3D%3E%3F_"),
    (f"{KEY}/10/aBc", f"{KEY}/10/aBc"),
    # attributes in the query, put in order; what is none of GS1 is passed on behind them
    (f"{KEY}/10/ABC1/21/12345?17=180426", f"{KEY}/10/ABC1/21/12345?17=180426"),
    (f"{KEY}?3103=000195", f"{KEY}?3103=000195"),
    (f"{KEY}?3103=000195&3922=0299&17=201225", f"{KEY}?17=201225&3103=000195&3922=0299"),
    (f"{KEY}?17=201200", f"{KEY}?17=201200"),
    (f"{KEY}?11=261101&15=270430", f"{KEY}?11=261101&15=270430"),
    (f"{KEY}?99=ABC&98=XYZ%2f987", f"{KEY}?98=XYZ%2F987&99=ABC"),
    (f"{KEY}?&&&99=ABC&&&&98=XYZ&&&", f"{KEY}?98=XYZ&99=ABC"),
    (f"{KEY}?99=ABC&unknown=666&98=XYZ", f"{KEY}?98=XYZ&99=ABC&unknown=666"),
    (f"{KEY}?singleton&99=ABC", f"{KEY}?99=ABC&singleton="),
    (f"{KEY}?99=ABC#fragment", f"{KEY}?99=ABC"),
    (f"{KEY}?linkType=gs1:pip", f"{KEY}?linkType=gs1%3Apip"),
    # names instead of numbers, and odd case
    ("/gtin/09520123456788", KEY),
    ("/GTIN/9520123456788", KEY),
    ("/gtin/9520123456788/cpv/2A/lot/ABC/ser/1", f"{KEY}/22/2A/10/ABC/21/1"),
    (f"{KEY}/LOT/ABC/Ser/1", f"{KEY}/10/ABC/21/1"),
    # places
    ("/414/9520123456788", "/414/9520123456788"),
    ("/414/9520123456788/254/32a%2Fb", "/414/9520123456788/254/32a%2Fb"),
    ("/gln/9520123456788/GLNX/1", "/414/9520123456788/254/1"),
    # our own tokens
    ("/t/aB-_9/10/L1?17=261231", "/t/aB-_9/10/L1?17=261231"),
    ("/T/aB-_9", "/t/aB-_9"),
]

BROKEN = [
    # no key of ours
    ("", Misreading.FORM),
    ("/", Misreading.FORM),
    ("https://example.com/b/", Misreading.FORM),
    ("/01", Misreading.FORM),
    ("/01/", Misreading.FORM),
    ("/00/006141411234567890", Misreading.FORM),
    ("/8004/9520614141234567", Misreading.FORM),
    # GTINs
    ("/01/09520123456787", Misreading.CHECK_DIGIT),
    ("/01/9520123456787", Misreading.CHECK_DIGIT),
    ("/01/123", Misreading.LENGTH),
    ("/01/095201234567880", Misreading.LENGTH),
    ("/01/0952012345678A", Misreading.FORM),
    ("/01/%D9%A1%D9%A2%D9%A3%D9%A4%D9%A5%D9%A6%D9%A7%D9%A8", Misreading.FORM),
    # qualifiers: unknown, empty, repeated, out of order, too long, of characters that no barcode has
    (f"{KEY}/foo", Misreading.FORM),
    (f"{KEY}/89/ABC123", Misreading.FORM),
    (f"{KEY}/10", Misreading.FORM),
    (f"{KEY}/10/", Misreading.FORM),
    (f"{KEY}/10//21/1", Misreading.FORM),
    (f"{KEY}/10/A/10/B", Misreading.FORM),
    (f"{KEY}/21/1/10/2", Misreading.FORM),
    (f"{KEY}/21/1/22/2", Misreading.FORM),
    (f"{KEY}/10/{LONG}x", Misreading.FORM),
    (f"{KEY}/235/{'x' * 29}", Misreading.FORM),
    (f"{KEY}/10/l%C3%B4", Misreading.FORM),
    (f"{KEY}/10/A%20B", Misreading.FORM),
    (f"{KEY}/10/A%23B", Misreading.FORM),
    (f"{KEY}/10/A%00B", Misreading.FORM),
    (f"{KEY}/10/A%4gB@", Misreading.FORM),
    # attributes: of the path, repeated, empty, unknown, of a wrong form, of an impossible day
    (f"{KEY}?10=ABC123", Misreading.FORM),
    (f"{KEY}/10/ABC123?10=ABC123", Misreading.FORM),
    (f"{KEY}?01=09520123456788", Misreading.FORM),
    (f"{KEY}?99=XYZ&99=XYZ", Misreading.FORM),
    (f"{KEY}?99=", Misreading.FORM),
    (f"{KEY}?17", Misreading.FORM),
    (f"{KEY}?999=faux", Misreading.FORM),
    (f"{KEY}?89=ABC123", Misreading.FORM),
    (f"{KEY}?17=1804260", Misreading.FORM),
    (f"{KEY}?17=181326", Misreading.FORM),
    (f"{KEY}?17=180231", Misreading.FORM),
    (f"{KEY}?11=180000", Misreading.FORM),
    (f"{KEY}?3103=00019", Misreading.FORM),
    (f"{KEY}?98=XYZ+987", Misreading.FORM),
    (f"{KEY}?02=09520123456787", Misreading.CHECK_DIGIT),
    # places
    ("/414/9520123456789", Misreading.CHECK_DIGIT),
    ("/414/952012345678", Misreading.LENGTH),
    ("/414/09520123456788", Misreading.LENGTH),
    ("/414/95201234567x8", Misreading.FORM),
    ("/414/9520123456788/254/", Misreading.FORM),
    ("/414/9520123456788/254/a%20b", Misreading.FORM),
    (f"/414/9520123456788/254/{LONG}x", Misreading.FORM),
    ("/414/9520123456788/10/A", Misreading.FORM),
    # tokens
    ("/t/a%20b", Misreading.FORM),
    (f"/t/{'x' * 33}", Misreading.FORM),
]

GTIN = "/01/05412345000013"
COMPRESSED = [
    ("AQnYUc1gmg", GTIN),
    ("AQnYUc1gmiCNV4JG", f"{GTIN}/10/ABC123"),
    ("AQnYUc1gmkIXDU-iun", f"{GTIN}/21/72292641703"),
    ("AQnYUc1gmkTaASxvp7z3tqfx6", f"{GTIN}/22/AJY3095721P49"),
    ("AQnYUc1gmiCNV4JGQhcNT6K6c", f"{GTIN}/10/ABC123/21/72292641703"),
    ("AQnYUc1gmiCNV4JGRNoBLG-nvPe2p_Ho", f"{GTIN}/22/AJY3095721P49/10/ABC123"),
    ("AQnYUc1gmkIXDU-iunIm0AljfT3nvbU_j0", f"{GTIN}/22/AJY3095721P49/21/72292641703"),
    ("AQnYUc1gmiCNV4JGQhcNT6K6cibQCWN9Pee9tT-PQ", f"{GTIN}/22/AJY3095721P49/10/ABC123/21/72292641703"),
    ("AQnYUc1gmkax7ipGrOHDPC5YNI8hMz", f"{GTIN}/235/8TFV883a904GH%263"),
    ("01/05412345000013/EEarwSM", f"{GTIN}/10/ABC123"),
    ("01/05412345000013/EEarwSMhC4an0V04", f"{GTIN}/10/ABC123/21/72292641703"),
    ("01/05412345000013/Im0AljfT3nvbU_j0", f"{GTIN}/22/AJY3095721P49"),
    ("QUSaVjC_dA", "/414/5060917510004"),
    ("JUa0T-eifdtOO9UFEmlYwv3Q", "/414/5060917510004/254/RP56J920471"),
    ("414/5060917510004/JUa0T-eifdtOO9Q", "/414/5060917510004/254/RP56J920471"),
]
NOT_OURS = [
    "AN2yxDhfaiaw",  # a shipping container
    "gBe1ajAd9ATDk",  # a service relation
    "EEarwSMhC4an0V04",  # a lot of nothing
    "EEarwSOABgwEj9s0bAmQ",  # a piece of a trade item
    "AQnYUc1gm",  # cut off
    "AQnYUc1gkg",  # a wrong check digit
    "san-pham-nao-do",
    "khuyen-mai",
    "AAAAAAAAAA",
    "__________",
    "kho",
    "short",
    "AQnYUc1gm.",
    "01/05412345000013/xx/EEarwSM",
    "414/5060917510004/EEarwSM",
    "",
]


def test_the_table_is_as_long_as_the_standard_asks() -> None:
    assert len(VALID) + len(BROKEN) + len(COMPRESSED) + len(NOT_OURS) >= 130


@pytest.mark.parametrize(("uri", "address"), VALID)
def test_a_valid_link_has_one_canonical_address(uri: str, address: str) -> None:
    link = read_link(uri)
    assert link.address == address
    assert read_link(link.address) == link


@pytest.mark.parametrize(("uri", "reason"), BROKEN)
def test_a_broken_link_is_refused_with_a_reason(uri: str, reason: Misreading) -> None:
    with pytest.raises(UnreadableCode) as refusal:
        read_link(uri)
    assert refusal.value.parameters["reason"] is reason
    assert refusal.value.status == 400


@pytest.mark.parametrize(("path", "address"), COMPRESSED)
def test_compressed_links_stand_for_whole_ones(path: str, address: str) -> None:
    assert read_compressed(path).address == address


@pytest.mark.parametrize("path", NOT_OURS)
def test_what_is_not_compressed_or_not_ours_is_refused(path: str) -> None:
    with pytest.raises(UnreadableCode):
        read_compressed(path)


@pytest.mark.parametrize(
    ("encoding", "characters", "lot"),
    [
        (0, f"{137:014b}", "0137"),
        (1, "1010000100101011", "a12b"),
        (2, "1010000100101011", "A12B"),
        (3, "000000011010110100111110", "Aa0-"),
        (4, "1000001010111111000010100001", "A/a!"),
    ],
)
def test_values_come_in_five_encodings(encoding: int, characters: str, lot: str) -> None:
    bits = f"00010000{encoding:03b}00100{characters}"
    padded = bits + "0" * (-len(bits) % 6)
    text = "".join(SAFE64[int(padded[at : at + 6], 2)] for at in range(0, len(padded), 6))
    assert decompress(text) == {"10": lot}


def test_the_query_of_a_compressed_link_is_kept() -> None:
    link = read_compressed("01/05412345000013/EEarwSM", [("x", "1"), ("17", "261231")])
    assert link.address == f"{GTIN}/10/ABC123?17=261231&x=1"


@given(st.text(alphabet="ABCDEFGHabcdefgh0189-_", min_size=7, max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        link = read_compressed(text)
    except UnreadableCode:
        return
    assert read_link(link.address).code == link.code


def test_partly_compressed_paths_are_told_from_broken_ones() -> None:
    assert looks_partly_compressed("05412345000013/EEarwSM")
    for path in ("05412345000013", "05412345000013/10/ABC123", "05412345000013/foo", "abc/EEarwSM"):
        assert not looks_partly_compressed(path)


def test_attributes_tell_days() -> None:
    link = read_link(f"{KEY}?17=261200&15=261130")
    assert link.day(USE_BY) == date(2026, 12, 31)
    assert link.day(BEST_BEFORE) == date(2026, 11, 30)
    assert link.day(MADE_ON) is None


def test_attributes_are_told_from_other_pairs() -> None:
    assert read_attributes([("17", "261231"), ("ma", "1")]) == ({"17": "261231"}, (("ma", "1"),))


def test_a_place_reads_back() -> None:
    code = PlaceCode("9520123456788", "32a/b")
    assert read_place_link(code.decoded_path.removeprefix("/414/")) == code


def test_a_serial_of_somebody_else_is_kept_apart() -> None:
    assert read_link(f"{KEY}/21/1/235/2").code == TraceCode(
        gtin="09520123456788", serial="1", third_party="2"
    )
