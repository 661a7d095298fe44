"""The chain as it is read: by pages, of one decision or certificate, whole, and whether it is whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.certification.chain.lines import GENESIS, hash_of, text_of
from marketplace.certification.chain.models import RegisterLine
from marketplace.database import db

LINES_PER_PAGE = 50
AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class LinePage:
    """Some lines, newest first; `length` and `head` are those of the whole chain."""

    lines: Sequence[RegisterLine]
    total: int
    page: int
    pages: int
    length: int
    head: str


def list_lines(code: str = "", page: int = 1) -> LinePage:
    """Return a page of lines, of one decision or certificate where a code is given."""
    wanted = sa.select(RegisterLine)
    if code:
        wanted = wanted.where(RegisterLine.code == code)
    last = db.session.scalar(sa.select(RegisterLine).order_by(RegisterLine.position.desc()).limit(1))
    length = last.position if last else 0
    total = db.session.scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) if code else length
    newest = wanted.order_by(RegisterLine.position.desc())
    lines = db.session.scalars(newest.offset((page - 1) * LINES_PER_PAGE).limit(LINES_PER_PAGE)).all()
    pages = max(1, -(-(total or 0) // LINES_PER_PAGE))
    return LinePage(lines, total or 0, page, pages, length, last.hash if last else GENESIS)


def whole_text() -> str:
    """Return the whole chain, oldest line first: each line's hash, a space, and the text that was hashed."""
    return "".join(f"{line.hash} {text_of(line)}\n" for line in _every(db.session()))


def find_break(session: Session) -> tuple[int, str, str] | None:
    """Return the first position at which the chain is broken, the hash it should have and has; None if whole.

    A position that is missing is the broken one.
    """
    previous = GENESIS
    for position, line in enumerate(_every(session), start=1):
        if line.position != position:
            return position, str(position), str(line.position)
        made = hash_of(line, previous)
        if line.hash != made:
            return position, made, line.hash
        previous = made
    return None


def _every(session: Session) -> Iterator[RegisterLine]:
    every = sa.select(RegisterLine).order_by(RegisterLine.position)
    with session.scalars(every.execution_options(yield_per=AT_ONCE, populate_existing=True)) as lines:
        yield from lines
