"""Tables that spreadsheets never run (S8)."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from marketplace.web.open_csv import neutralise, restore, write_csv

FORMULAS = [
    '=HYPERLINK("http://evil.example","x")',
    "+84 912",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    " =1",
    "|cmd",
    "=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_begins_like_a_formula(text: str) -> None:
    cell = neutralise(text)
    assert cell.startswith("'")
    assert restore(cell) == text
    sheet = Workbook().active
    assert sheet is not None
    sheet["A1"] = cell.replace("\r", " ")
    assert sheet["A1"].data_type == "s"


@pytest.mark.parametrize("text", ["Mật ong", "2919/QĐ-UBND", "", "5-3", "a'b"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert neutralise(text) == text


@given(st.text())
def test_every_text_comes_back(text: str) -> None:
    assert restore(neutralise(text)) == text


def test_writes_a_table_that_spreadsheets_open_in_utf8() -> None:
    text = write_csv(["tên", "sao"], [["=Bưởi", 4], ["Cam, quýt", None]])
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert rows == [["tên", "sao"], ["'=Bưởi", "4"], ["Cam, quýt", ""]]
