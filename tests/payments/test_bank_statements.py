"""Statements as banks hand them out: what is read, what is passed over, and what is named as unreadable."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from marketplace.clock import VIETNAM
from marketplace.payments.bank_statements import (
    MOST_LINES,
    FaultKind,
    NoStatement,
    Statement,
    TooManyTransfers,
    read_statement,
)
from marketplace.upkeep.sheets import SheetRefused, read_cells

TODAY = date(2026, 11, 21)
HEADING = ["Ngày giao dịch", "Số tham chiếu", "Số tiền ghi có", "Nội dung"]


def read(*rows: list[str], heading: list[str] | None = None) -> Statement:
    return read_statement(enumerate([heading or HEADING, *rows], start=1), TODAY)


def row(
    day: str = "21/11/2026", reference: str = "FT1", amount: str = "180.000", message: str = "7K4M2"
) -> list[str]:
    return [day, reference, amount, message]


@pytest.mark.parametrize(
    "heading",
    [
        HEADING,
        ["Ngày GD", "Mã giao dịch", "Credit", "Diễn giải"],
        ["TRANSACTION DATE", "REFERENCE NO.", "CREDIT AMOUNT", "TRANSACTION DETAILS"],
        ["Ngày giao dịch/Date", "Số bút toán/Transaction No", "Phát sinh có/Credit", "Nội dung/Details"],
        ["Ngày hiệu lực\nEffective date", "Số CT", "Ghi có (VND)", "Mô tả"],
        ["Tnx Date", "Ref", "Có", "Description"],
        ["Ngày", "Số GD", "PS Có (VNĐ)", "Nội dung chi tiết"],
    ],
)  # fmt: skip
def test_columns_are_known_by_their_spellings(heading: list[str]) -> None:
    [(number, line)] = read(row(), heading=heading).lines
    assert (number, line.reference, line.amount, line.message) == (2, "FT1", 180_000, "7K4M2")


def test_the_heading_stands_beneath_what_banks_put_above_it() -> None:
    rows = [
        (1, ["NGÂN HÀNG TMCP MẪU"]),
        (3, ["Số tài khoản", "0011"]),
        (4, ["Ngày", "21/11/2026"]),
        (7, HEADING),
        (8, row()),
        (9, ["Tổng cộng", "", "180.000", ""]),
    ]
    statement = read_statement(rows, TODAY)
    assert [number for number, _ in statement.lines] == [8]
    assert (statement.passed_over, statement.faults) == (1, ())


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("180000", 180_000),
        ("1.250.000", 1_250_000),
        ("1,250,000", 1_250_000),
        ("1 250 000", 1_250_000),
        ("1,250,000.00", 1_250_000),
        ("1.250.000,00", 1_250_000),
        ("1250000.0", 1_250_000),
        ("+1.250.000 VND", 1_250_000),
        ("1.250.000 ₫", 1_250_000),
        ("1.250", 1_250),
    ],
)
def test_amounts_are_read_as_they_are_written(cell: str, amount: int) -> None:
    [(_, line)] = read(row(amount=cell)).lines
    assert line.amount == amount


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("21/11/2026", datetime(2026, 11, 21, tzinfo=VIETNAM)),
        ("1/2/2026", datetime(2026, 2, 1, tzinfo=VIETNAM)),
        ("21-11-2026 08:09:10", datetime(2026, 11, 21, 8, 9, 10, tzinfo=VIETNAM)),
        ("21.11.2026 8:09", datetime(2026, 11, 21, 8, 9, tzinfo=VIETNAM)),
        ("2026-11-21", datetime(2026, 11, 21, tzinfo=VIETNAM)),
        ("2026-11-21 08:09:10.000", datetime(2026, 11, 21, 8, 9, 10, tzinfo=VIETNAM)),
    ],
)
def test_days_are_read_day_first(cell: str, moment: datetime) -> None:
    [(_, line)] = read(row(day=cell)).lines
    assert line.at == moment


@pytest.mark.parametrize(
    ("cells", "column", "kind"),
    [
        (row(day="31/02/2026"), "Ngày giao dịch", FaultKind.NO_DATE),
        (row(day="21/11/26"), "Ngày giao dịch", FaultKind.NO_DATE),
        (row(day="21/11/2026 25:00"), "Ngày giao dịch", FaultKind.NO_DATE),
        (row(day=""), "Ngày giao dịch", FaultKind.NO_DATE),
        (row(day="01/01/2019"), "Ngày giao dịch", FaultKind.NO_DATE),
        (row(day="23/11/2026"), "Ngày giao dịch", FaultKind.FUTURE),
        (row(reference=""), "Số tham chiếu", FaultKind.NO_REFERENCE),
        (row(reference="a b"), "Số tham chiếu", FaultKind.NO_REFERENCE),
        (row(reference="x" * 81), "Số tham chiếu", FaultKind.NO_REFERENCE),
        (row(amount="1.25"), "Số tiền ghi có", FaultKind.NO_AMOUNT),
        (row(amount="12,5"), "Số tiền ghi có", FaultKind.NO_AMOUNT),
        (row(amount="nhiều"), "Số tiền ghi có", FaultKind.NO_AMOUNT),
        (row(amount="1.250,000"), "Số tiền ghi có", FaultKind.NO_AMOUNT),
        (row(amount="9" * 13), "Số tiền ghi có", FaultKind.NO_AMOUNT),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(cells: list[str], column: str, kind: FaultKind) -> None:
    statement = read(row(reference="FT0"), cells)
    [fault] = statement.faults
    assert (fault.row, fault.column, fault.kind) == (3, column, kind)
    assert len(statement.lines) == 1


def test_money_out_sums_and_empty_rows_are_passed_over() -> None:
    statement = read(
        row(amount=""), row(amount="0"), row(amount="0.00"), row(amount="-180.000"), row(amount="-"),
        ["", "", "", ""], [], HEADING, ["Số dư cuối kỳ", "", "5.000.000", ""], row(),
    )  # fmt: skip
    assert len(statement.lines) == 1
    assert (statement.passed_over, statement.faults) == (9, ())


def test_one_column_of_money_needs_a_sign_beside_it() -> None:
    heading = ["Ngày giao dịch", "Số tham chiếu", "Thay đổi", "Số tiền", "Mô tả"]
    rows = [
        ["21/11/2026", f"FT{place}", sign, "180.000", "x"] for place, sign in enumerate(["+", "-", "C", "?"])
    ]
    statement = read(*rows, heading=heading)
    assert [line.reference for _, line in statement.lines] == ["FT0", "FT2"]
    assert [(fault.row, fault.column, fault.kind) for fault in statement.faults] == [
        (5, "Thay đổi", FaultKind.NO_SIGN)
    ]


def test_a_column_of_debit_or_credit_is_no_credit() -> None:
    heading = ["Date", "Reference", "Nợ/Có", "Amount", "Description"]
    statement = read(["21/11/2026", "FT1", "Nợ", "180.000", "x"], heading=heading)
    assert (statement.lines, statement.passed_over) == ((), 1)


def test_money_of_unknown_direction_is_never_taken_for_money_in() -> None:
    heading = ["Ngày", "Số GD", "Số tiền", "Nội dung"]
    statement = read(row(), row(reference="FT2", amount="+180.000"), heading=heading)
    assert [line.reference for _, line in statement.lines] == ["FT2"]
    assert [fault.kind for fault in statement.faults] == [FaultKind.NO_SIGN]


def test_a_reference_counts_once_and_never_with_two_amounts() -> None:
    statement = read(row(), row(), row(amount="5.000"))
    assert len(statement.lines) == 1
    assert [(fault.row, fault.kind) for fault in statement.faults] == [(4, FaultKind.DIFFERS)]


def test_what_is_no_statement_says_what_it_lacks() -> None:
    with pytest.raises(NoStatement) as refusal:
        read_statement([(1, ["Ngày", "Số tiền ghi có", "Tên"]), (2, ["x"])], TODAY)
    assert refusal.value.parameters["missing"] == ["message", "reference"]
    with pytest.raises(NoStatement):
        read_statement([], TODAY)


def test_only_so_many_are_taken_at_once() -> None:
    rows = [row(reference=f"FT{number}") for number in range(MOST_LINES + 1)]
    assert len(read(*rows[:-1]).lines) == MOST_LINES
    with pytest.raises(TooManyTransfers):
        read(*rows)


def test_short_rows_are_read_as_far_as_they_go() -> None:
    assert read(["21/11/2026", "FT1"]).passed_over == 1


def test_files_of_banks_are_opened(tmp_path: Path) -> None:
    csv = tmp_path / "sao-ke.csv"
    csv.write_text("Sao kê;;;\n\n" + ";".join(HEADING) + "\n" + ";".join(row()) + "\n", encoding="utf-8-sig")
    [(number, line)] = read_statement(read_cells(csv), TODAY).lines
    assert (number, line.amount) == (4, 180_000)
    book = Workbook()
    assert book.active is not None
    book.active.append(["Ngân hàng"])
    book.active.append(HEADING)
    book.active.append([datetime(2026, 11, 21, 9, 30), 123456789012, 180000.0, "CT DEN"])  # noqa: DTZ001
    book.save(tmp_path / "sao-ke.xlsx")
    [(number, line)] = read_statement(read_cells(tmp_path / "sao-ke.xlsx"), TODAY).lines
    assert (number, line.reference, line.amount) == (3, "123456789012", 180_000)
    assert line.at - datetime(2026, 11, 21, tzinfo=VIETNAM) < timedelta(days=1)


def test_what_is_no_sheet_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(b"")
    with pytest.raises(SheetRefused):
        read_cells(file)
