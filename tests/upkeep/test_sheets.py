"""Reading files from outside: what goes in, what is refused, and in which words."""

import subprocess
import sys
import unicodedata
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from marketplace.upkeep.sheets import Columns, Severity, SheetRefused, limits, reading
from tests.factories import sheets
from tests.factories.sheets import csv_text, product, write_csv, write_xlsx

COLUMNS = Columns(("id", "name", "province"), ("name", "province"))
NAMES = ["Nước mắm Phú Quốc", "Bánh đa vừng Nguyên Lâm", "Rượu mơ Hương Tích", "Đũa gỗ Quảng Thủy", "Ổi lê"]
ROWS = [{"id": str(n), "name": name, "province": "Hà Tĩnh"} for n, name in enumerate(NAMES, 1)]
TEXT = csv_text(ROWS, COLUMNS.known)


def names_in(path: Path) -> list[str]:
    with reading(path, COLUMNS) as sheet:
        assert not sheet.findings
        assert sheet.count == len(list(sheet.rows()))
        return [row["name"] for row in sheet.rows()]


def refusal(path: Path) -> str:
    with pytest.raises(SheetRefused) as caught, reading(path, COLUMNS):
        pass
    return str(caught.value)


def findings(path: Path) -> list[str]:
    with reading(path, COLUMNS) as sheet:
        return [str(finding) for finding in sheet.findings]


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        sheets.cp1258(TEXT),
        unicodedata.normalize("NFD", TEXT).encode(),
        TEXT.replace("\n", "\r\n").encode(),
        csv_text(ROWS, COLUMNS.known, ";").encode(),
        csv_text(ROWS, COLUMNS.known, "\t").encode(),
        TEXT.replace("Đ", "\u00d0").encode(),
        (TEXT + "\n,,\n").encode(),
    ],
    ids=[
        "utf-8", "bom", "utf-16", "utf-16-be", "unmarked-le", "unmarked-be", "utf-32", "cp1258", "nfd",
        "crlf", "semicolons", "tabs", "eth-for-d", "empty-lines",
    ],
)  # fmt: skip
def test_encodings_and_delimiters_give_the_same_rows(sheet: Path, content: bytes) -> None:
    sheet.write_bytes(content)
    assert names_in(sheet) == NAMES


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Tệp rỗng"),
        (b" \n \n", "Tệp rỗng"),
        (b"\n,,\n", "Tệp rỗng"),
        (sheets.tcvn3(TEXT), "TCVN3"),
        (sheets.tcvn3(TEXT).decode("cp1252").encode(), "TCVN3"),
        (sheets.vni(TEXT), "VNI"),
        (sheets.vni(TEXT).decode("cp1252").encode(), "VNI"),
        (TEXT.encode()[:60] + b"\xff\xfe\xfd\x81" * 40, "bảng mã"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le")[:-1], "hỏng ở dòng"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), ".xls"),
        (b'id,name,province\n1,"never closed,H\n', "Dòng 2: dấu ngoặc kép"),
        (b"PK\x03\x04 not an archive", "gói nén"),
        (("," * 200 + "\n").replace(",,", "a,a,").encode(), "cột, nhiều nhất"),
        (b"id,name,province\n" + b"\n" * 50_001 + b"1,a,b\n", "50.000 dòng"),
        (b"id,name,province\n" + b"x" * 16_000_000, "16 MB"),
    ],
    ids=[
        "empty", "blank", "only-delimiters", "tcvn3", "tcvn3-as-utf-8", "vni", "vni-as-utf-8", "noise",
        "half-utf-16", "xls", "open-quote", "no-archive", "too-wide", "too-long", "too-big",
    ],
)  # fmt: skip
def test_what_is_no_sheet_is_refused_by_name(sheet: Path, content: bytes, said: str) -> None:
    sheet.write_bytes(content)
    assert said in refusal(sheet)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("a\x00b", "byte rỗng"),
        ("a\x07b", "U+0007"),
        ("Cam \u202edlos", "đảo chiều chữ U+202E"),
        ("x" * 1_000_000, "1.000.000 ký tự"),
        ("=1+1", "công thức"),
        ('=HYPERLINK("http://evil.test")', "công thức"),
        ("+cmd|' /C calc'!A0", "công thức"),
        ("@SUM(A1)", "công thức"),
        ("#REF!", "báo lỗi"),
    ],
)
def test_a_cell_that_cannot_be_taken_is_named_by_row_and_column(sheet: Path, cell: str, said: str) -> None:
    write_csv(sheet, [ROWS[0], {**ROWS[1], "name": cell}], COLUMNS.known)
    told = findings(sheet)
    assert len(told) == 1
    assert told[0].startswith("LỖI: dòng 3, cột name:")
    assert said in told[0]


@pytest.mark.parametrize("cell", ["-18 độ C", "+84 912 345 678", "@home", "Gạo 100% = ngon", "20°N"])
def test_ordinary_signs_are_no_formulas(sheet: Path, cell: str) -> None:
    write_csv(sheet, [{**ROWS[0], "name": cell}], COLUMNS.known)
    assert names_in(sheet) == [cell]


def test_signs_nobody_sees_are_dropped_with_a_doubt(sheet: Path) -> None:
    write_csv(sheet, [{**ROWS[0], "name": "Cam\u200b Khe"}], COLUMNS.known)
    with reading(sheet, COLUMNS) as read:
        assert [row["name"] for row in read.rows()] == ["Cam Khe"]
        assert [(f.severity, f.row, f.column) for f in read.findings] == [(Severity.DOUBT, 2, "name")]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("id,name\n1,a\n", "LỖI: dòng 1, cột province: thiếu cột bắt buộc"),
        ("name,name,province\na,b,c\n", "LỖI: dòng 1, cột name: cột lặp lại ở B"),
        ("name,star,province\na,3,c\n", "nghi vấn: dòng 1, cột star: cột lạ, được bỏ qua"),
        ("name,province\na,b,c\n", "LỖI: dòng 2, cột C: ô nằm ngoài các cột có tên"),
        ("name,,province\na,b,c\n", "LỖI: dòng 2, cột B: cột không có tên"),
    ],
)
def test_the_heading_is_checked(sheet: Path, content: str, told: str) -> None:
    sheet.write_text(content)
    assert told in findings(sheet)


def test_a_heading_may_be_written_in_capitals(sheet: Path) -> None:
    sheet.write_text("ID, Name ,PROVINCE\n1,Cam,Hà Tĩnh\n", encoding="utf-8")
    assert names_in(sheet) == ["Cam"]


def test_a_quoted_cell_may_run_over_lines_and_rows_keep_their_line(sheet: Path) -> None:
    sheet.write_text('id,name,province\n1,"Cam\nKhe Mây",Hà Tĩnh\n2,Ổi,Hà Tĩnh\n', encoding="utf-8")
    with reading(sheet, COLUMNS) as read:
        assert [(row.number, row["name"]) for row in read.rows()] == [(2, "Cam Khe Mây"), (4, "Ổi")]


def test_xlsx_gives_text_whatever_the_cells_hold(tmp_path: Path) -> None:
    cells: list[list[object]] = [
        ["id", "name", "province"],
        [1, "Cam", date(2024, 8, 5)],
        [2.0, True, datetime(2024, 8, 5, 7)],  # noqa: DTZ001 - as spreadsheets keep them
        [2.5, "Ổi", None],
    ]
    with reading(write_xlsx(tmp_path / "a.xlsx", cells), COLUMNS) as read:
        rows = [list(row.cells.values()) for row in read.rows()]
    assert rows == [["1", "Cam", "2024-08-05"], ["2", "1", "2024-08-05"], ["2.5", "Ổi", ""]]


def test_the_first_bytes_tell_the_kind_whatever_the_name(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "sheet.csv", [["id", "name", "province"], ["1", "Cam", "Hà Tĩnh"]])
    assert names_in(path) == ["Cam"]


def test_formulas_in_xlsx_are_refused_whatever_value_is_kept(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [["id", "name", "province"], ["1", "=1+1", "Hà Tĩnh"]])
    assert findings(path) == ["LỖI: dòng 2, cột name: ô là công thức; chỉ nhận giá trị"]


def test_merged_cells_are_refused_by_name(tmp_path: Path) -> None:
    rows = [["id", "name", "province"], ["1", "a", "b"], ["2", "c", "d"]]
    assert "B2:B3" in refusal(write_xlsx(tmp_path / "a.xlsx", rows, merged="B2:B3"))


def test_bombs_are_refused_before_they_are_unpacked(tmp_path: Path) -> None:
    assert "bom nén" in refusal(sheets.zip_bomb(tmp_path / "bomb.xlsx"))
    assert "bom nén" in refusal(sheets.many_entries(tmp_path / "parts.xlsx"))


def test_other_archives_and_broken_books_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "no sheet")
    assert "không phải bảng tính" in refusal(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook>")
    assert "bị hỏng" in refusal(path)


def test_a_sheet_that_lies_about_its_width_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [["id", "name", "province"], ["1"] + [None] * 16_000 + ["far"]])
    assert "cột, nhiều nhất" in refusal(path)


def test_a_child_that_outgrows_its_limits_ends_without_the_importer(
    sheet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_csv(sheet, [product()])
    monkeypatch.setattr(limits, "WALL_SECONDS", 0.001)
    assert refusal(sheet) == limits.TOO_HEAVY


def test_ten_thousand_bad_cells_are_each_named(sheet: Path) -> None:
    write_csv(sheet, [{**ROWS[0], "name": "=bad"}] * 10_000, COLUMNS.known)
    told = findings(sheet)
    assert len(told) == 10_000
    assert told[-1].startswith("LỖI: dòng 10001, cột name")


def test_more_bad_cells_than_anyone_reads_are_refused_at_once(
    sheet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_FINDINGS", 3)
    write_csv(sheet, [{**ROWS[0], "name": "=bad"}] * 4, COLUMNS.known)
    assert "hơn 3 ô nghi vấn" in refusal(sheet)


def test_guards_go_and_lines_stay_where_columns_say_so(sheet: Path) -> None:
    sheet.write_text('name,province\n"\'- một\n\'- hai","\'=1\n x"\n', encoding="utf-8")
    columns = Columns(("name", "province"), (), lines=frozenset({"name"}), guarded=True)
    with reading(sheet, columns) as read:
        [row] = read.rows()
    assert (row["name"], row["province"]) == ("- một\n- hai", "=1 x")
    with reading(sheet, Columns(("name", "province"), ())) as read:
        [row] = read.rows()
    assert row["name"] == "'- một '- hai"


def test_what_opens_a_strangers_file_carries_no_more_than_it_needs() -> None:
    asked = (
        "import sys, marketplace.upkeep.sheets.child;"
        "print(*{'flask', 'openpyxl', 'sqlalchemy'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"
