import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.ordering.commission import commission_on
from marketplace.settings import read_settings
from tests.environment.application import SECRET


@pytest.mark.parametrize(
    ("base", "rate", "amount"),
    [
        (100_000, 500, 5_000),
        (270_000, 275, 7_425),
        (0, 500, 0),
        (90_000, 0, 0),
        (90_000, 10_000, 90_000),
        (1, 5_000, 1),
        (1, 4_999, 0),
        (33, 1_000, 3),
        (35, 1_000, 4),
    ],
)
def test_commission_in_whole_dong(base: int, rate: int, amount: int) -> None:
    assert commission_on(base, rate) == amount


@given(st.integers(0, 10**12), st.integers(0, 10_000))
def test_commission_is_never_more_than_the_sale(base: int, rate: int) -> None:
    assert 0 <= commission_on(base, rate) <= base


@pytest.mark.parametrize(
    ("typed", "rate"),
    [("", 0), ("0", 0), ("5", 500), ("2.75", 275), ("2,5", 250), ("100", 10_000), ("0.01", 1)],
)
def test_the_rate_is_a_setting_in_percent(typed: str, rate: int) -> None:
    assert read_settings(_environment(typed)).commission_rate == rate


@pytest.mark.parametrize("typed", ["-1", "100.01", "101", "five", "2.755", "1e1", "٣", "5%", ".5"])
def test_a_rate_that_is_no_percentage_stops_the_start(typed: str) -> None:
    with pytest.raises(Exception, match="COMMISSION_RATE"):
        read_settings(_environment(typed))


def _environment(rate: str) -> dict[str, str]:
    return {
        "DEMO": "1",
        "SECRET_KEY": SECRET,
        "DATABASE_URL": "sqlite:////nowhere/shop.db",
        "COMMISSION_RATE": rate,
    }
