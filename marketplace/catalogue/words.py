"""The words a product is found by while no search index is at hand."""

import re
from collections.abc import Iterable

from marketplace import text

_WORD = re.compile(r"[a-z0-9]+")


def searchable_words(name: str, others: Iterable[str | None] = ()) -> str:
    """Return what `product.words_folded` holds: each folded word once, a space before and after.

    `others` are the names of its producer and of the places around it, former ones included. With
    the spaces, `LIKE '% nuoc %'` finds the whole word and `LIKE '% nuo%'` its beginning.
    """
    words = dict.fromkeys(_WORD.findall(text.fold(name)))
    for other in others:
        words.update(dict.fromkeys(_WORD.findall(text.fold(other or ""))))
    return f" {' '.join(words)} "
