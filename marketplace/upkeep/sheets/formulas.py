"""Cells that no spreadsheet takes for formulas, and that always read back (OWASP ASVS 5.0, 1.2.10).

A spreadsheet may split a line at other places than it was written for: where numbers have a decimal
comma, as in Vietnam, lists are separated by semicolons, and a CSV of commas opens split at those. So the
guard stands wherever a cell could begin: at the start, and after a semicolon, a tab or a line's end.
"""

import re

GUARD = "'"
RISKY = "=+\\-@|＝＋－＠"
_BLANK = '\\s"\u00a0\u00ad\u200b-\u200d\u2060\ufeff'
_BEGINNING = re.compile(f"(\\A|[;\t\r\n])([{_BLANK}]{{0,16}})(?=[{RISKY}{GUARD}])")
_GUARDED = re.compile(f"(\\A|[;\t\r\n])([{_BLANK}]{{0,16}}){GUARD}(?=[{RISKY}{GUARD}])")
_BREAKS = ("\t", "\r", "\n")


def neutralise(text: str) -> str:
    """Return a cell that no spreadsheet runs: a quote goes before what could begin a formula.

    `restore` undoes it, so a quote that stands in such a place gets one more.
    """
    guarded = _BEGINNING.sub(rf"\1\2{GUARD}", text)
    return GUARD + guarded if guarded.startswith(_BREAKS) else guarded


def restore(cell: str) -> str:
    """Return the text that `neutralise` made a cell of; what it never makes stays as it is."""
    if cell.startswith(tuple(GUARD + sign for sign in _BREAKS)):
        cell = cell[1:]
    return _GUARDED.sub(r"\1\2", cell)
