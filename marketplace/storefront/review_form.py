"""Reading what a buyer says of their goods from the form."""

from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

from flask import request

from marketplace.media.pictures import Encoded, encode
from marketplace.reviews.errors import InvalidVoice, TooManyPhotographs
from marketplace.reviews.reading import (
    LONGEST_AUTHOR,
    LONGEST_REVIEW,
    read_author,
    read_rating,
    read_words,
)
from marketplace.reviews.writing import MOST_PICTURES, Told
from marketplace.web.pictures import read_files
from marketplace.web.refusals import explain
from marketplace.web.words import gettext as _

Faults = list[tuple[str, str]]
Value = TypeVar("Value")


def read_review(faults: Faults) -> Told | None:
    """Return what was typed, photographs apart; None where something is wrong, which the faults then say."""
    rating = _read("diem", read_rating, faults, _("Mời chọn một mức, từ 1 đến 5."))
    words = _read("loi", lambda text: read_words("words", text, 0, LONGEST_REVIEW), faults)
    author_words = _(
        "Mời gõ tên muốn hiện, tối đa %(most)s chữ, không ghi số điện thoại.", most=LONGEST_AUTHOR
    )
    author = _read("ten", read_author, faults, author_words)
    if faults or rating is None or words is None or author is None:
        return None
    return Told(rating=rating, author=author, words=words, dropped=frozenset(request.form.getlist("bo")))


def read_photographs(kept: Iterable[str], dropped: Collection[str]) -> list[Encoded]:
    """Return the photographs that came along, ready to be kept beside those of these keys.

    Raises TooManyPhotographs before any is opened, and PictureRefused.
    """
    files = list(read_files(most=MOST_PICTURES + 1))
    if len(set(kept) - set(dropped)) + len(files) > MOST_PICTURES:
        raise TooManyPhotographs(field="photographs", most=MOST_PICTURES)
    return [encode(content, name) for name, content in files]


def _read(
    field: str, reader: Callable[[str], Value], faults: Faults, said: str | None = None
) -> Value | None:
    try:
        return reader(request.form.get(field, ""))
    except InvalidVoice as refusal:
        faults.append((field, said or explain(refusal)))
        return None
