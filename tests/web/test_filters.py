import json
from datetime import UTC, date, datetime

import pytest

from marketplace.web.filters import (
    dial,
    keep_together,
    outward,
    write_date,
    write_json,
    write_number,
    write_time,
)


def test_days_and_times_are_those_of_vietnam() -> None:
    evening = datetime(2026, 8, 4, 18, 30, tzinfo=UTC)
    assert write_date(evening) == "05/08/2026"
    assert write_date(date(2026, 8, 5)) == "05/08/2026"
    assert write_date(None) == ""
    assert write_time(evening) == "01:30 05/08/2026"


def test_numbers_have_dots_between_thousands() -> None:
    assert write_number(1234567) == "1.234.567"
    assert write_number(12) == "12"


def test_compounds_stay_together_and_markup_is_escaped() -> None:
    assert keep_together("Sản phẩm của hợp tác xã") == "Sản\u00a0phẩm của hợp\u00a0tác\u00a0xã"
    assert keep_together("<b>chứng nhận") == "&lt;b&gt;chứng\u00a0nhận"


@pytest.mark.parametrize("hostile", ["</script><script>alert(1)</script>", "<!--", "]]>", "a & b"])
def test_json_cannot_leave_its_element(hostile: str) -> None:
    written = write_json({"name": hostile})
    assert not set("<>&") & set(str(written))
    assert json.loads(str(written)) == {"name": hostile}


def test_telephone_numbers_are_dialled_without_spaces() -> None:
    assert dial("+84 (0) 912.345-678") == "+840912345678"


@pytest.mark.parametrize(
    ("address", "led_to"),
    [
        ("https://ocop.example.vn/x", "https://ocop.example.vn/x"),
        ("HTTP://ocop.example.vn", "HTTP://ocop.example.vn"),
        ("javascript:alert(1)", ""),
        (" javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//evil.example", ""),
        ("https://", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_only_addresses_on_the_web_are_led_to(address: str | None, led_to: str) -> None:
    assert outward(address) == led_to
