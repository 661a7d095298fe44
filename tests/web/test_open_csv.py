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
    assert cell.strip().startswith("'")
    assert restore(cell) == text
    sheet = Workbook().active
    assert sheet is not None
    sheet["A1"] = cell.replace("\r", " ")
    assert sheet["A1"].data_type == "s"


SPLIT = ["a;=1+1", "a\n=1+1", "a\t@SUM(A1)", 'a;"=1+1', "a; \t-1", "1\r\n+1", "a;＝1", "\n;=1"]


@pytest.mark.parametrize("text", SPLIT)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_part_becomes_a_formula_where_lists_are_separated_otherwise(text: str, delimiter: str) -> None:
    table = write_csv(["tên", "ghi chú"], [["Cam", text], [text, "x"]])
    read = [part.strip(' "') for row in csv.reader(io.StringIO(table), delimiter=delimiter) for part in row]
    assert not [part for part in read if part[:1] in set("=+-@＝")]
    assert restore(neutralise(text)) == text


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
