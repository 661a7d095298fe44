"""The bar of a figure beside its target: numbers of an SVG, drawn by the server."""

from dataclasses import dataclass
from decimal import Decimal

from marketplace.programme.figures import Figure, Outcome
from marketplace.programme.models import Compare, Spread

WIDTH = 320
HEADROOM = Decimal("1.2")
THIN = Decimal(4)
"""The width of a mark that stands for one number."""


@dataclass(frozen=True, slots=True)
class Bar:
    """Widths and places on a bar of 320; `kind` is its colour: ok or bad once the period is complete."""

    value: Decimal
    mark: Decimal
    mark_width: Decimal
    anchor: str
    label: str
    kind: str


def bar_of(figure: Figure) -> Bar | None:
    """Return a figure's bar; None for one without a number, and for a percentage that may not be told yet."""
    target = figure.target
    if target.compare is Compare.NONE or target.spread is not Spread.WHOLE or target.least is None:
        return None
    value = figure.percent if target.percent else Decimal(figure.tally.count)
    if value is None:
        return None
    least, most = Decimal(target.least), Decimal(target.most or target.least)
    scale = WIDTH / (max(value, most, Decimal(1)) * HEADROOM)
    mark = _round(least * scale)
    width = max(THIN, _round((most - least) * scale))
    label = f"{target.least}–{target.most}" if target.most else str(target.least)
    kind = {None: "", Outcome.BELOW: "bad"}.get(figure.outcome, "ok")
    return Bar(_round(value * scale), mark, width, "end" if mark > WIDTH * 3 // 4 else "start", label, kind)


def _round(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.1"))
