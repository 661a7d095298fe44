"""Finding products by typed words, and suggesting while words are typed."""

from dataclasses import dataclass

from marketplace.search.engine import present_engine
from marketplace.search.suggesting import Suggestion, Suggestions, suggest

__all__ = ["Found", "Suggestion", "Suggestions", "find", "suggest"]


@dataclass(frozen=True, slots=True)
class Found:
    """What typed words found.

    `product_ids` are best first, at most 2,000, whatever the products' state; `understood` is the
    line as it was read (`keoj lacj` is `kẹo lạc`), `corrected` what it was taken for when it found
    nothing as it stood, `loosened` whether not all of its words are met. `engine` is `whoosh` or
    `database`.
    """

    product_ids: tuple[int, ...]
    understood: str
    corrected: str | None
    loosened: bool
    engine: str


def find(line: str, limit: int | None = None) -> Found:
    """Return the products that answer a typed line, best first.

    The first 200 characters and 12 words count; signs, wildcards and operators are plain text.
    """
    engine = present_engine()
    answer = engine.answer(line)
    return Found(
        product_ids=answer.product_ids[:limit],
        understood=answer.understood,
        corrected=answer.corrected,
        loosened=answer.loosened,
        engine=engine.name,
    )
