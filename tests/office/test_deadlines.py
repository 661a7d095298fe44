"""How long there still is, in words and in a colour."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from marketplace.office.deadlines import TimeLeft, time_left
from tests.conftest import NOON


@pytest.mark.parametrize(
    ("left", "words", "kind"),
    [
        (timedelta(days=9), "còn 9 ngày", ""),
        (timedelta(hours=47), "còn 47 giờ", "warn"),
        (timedelta(hours=11, minutes=59), "còn 11 giờ", "bad"),
        (timedelta(minutes=20), "còn 20 phút", "bad"),
        (timedelta(seconds=5), "còn 1 phút", "bad"),
        (timedelta(0), "quá hạn 1 phút", "bad"),
        (-timedelta(days=3), "quá hạn 3 ngày", "bad"),
    ],
)
def test_time_left(left: timedelta, words: str, kind: str, app: Flask) -> None:
    assert time_left(NOON + left, NOON) == TimeLeft(words, kind)


def test_without_a_deadline(app: Flask) -> None:
    none: datetime | None = None
    assert time_left(none, NOON) == TimeLeft("chưa có hạn", "")
