from datetime import date

import pytest

from marketplace.errors import InvalidInput
from marketplace.ordering.stock_keeping import StockReason
from marketplace.workspace.shop_words import REASONS, reason_words
from marketplace.workspace.typed import Typed, read_day, read_required_day


@pytest.mark.parametrize("typed", ["2027-02-10", " 10/02/2027 ", "10-02-2027", "10.02.2027", "10/2/2027"])
def test_days_are_read_as_browsers_send_and_people_write_them(typed: str) -> None:
    assert read_day(typed) == read_required_day(typed) == date(2027, 2, 10)


@pytest.mark.parametrize(
    "typed", ["2027-02-30", "10/02/27", "1989-12-31", "2101-01-01", "mai", "२०२७-०२-१०x"]
)
def test_what_is_no_day_of_these_times_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        read_day(typed)


def test_no_day_is_none_unless_one_is_needed() -> None:
    assert read_day(" ") is None
    with pytest.raises(InvalidInput):
        read_required_day("")


@pytest.mark.parametrize(
    ("typed", "number"), [("12", 12), (" 7 ", 7), ("", 0), ("-1", 0), ("x", 0), ("२", 0), ("2147483648", 0),
                          ("9" * 30, 0)]
)  # fmt: skip
def test_numbers_of_rows(typed: str, number: int) -> None:
    assert Typed({"so": typed}).id("so") == number


def test_reasons_of_before_are_words_already() -> None:
    assert reason_words("kiểm kê đầu kỳ") == "kiểm kê đầu kỳ"
    assert reason_words(None) == ""
    assert {reason_words(one.value) for one in StockReason} == {str(words) for words in REASONS.values()}
