"""What pages of lots show: addresses of codes, and what a lot went through."""

from base64 import b64encode
from dataclasses import dataclass

from marketplace.catalogue.models import Product
from marketplace.media.qr import qr_svg
from marketplace.traceability.codes.trace_code import TraceCode
from marketplace.traceability.events.history import History
from marketplace.traceability.events.models import TraceEvent
from marketplace.traceability.lots.models import Lot
from marketplace.web.addresses import full_url
from marketplace.workspace.lot_words import Step, step_of


def trace_code_of(product: Product, lot_code: str | None = None) -> TraceCode:
    """Return the code that packs of a product bear, perhaps with their lot."""
    token = None if product.gtin else product.trace_token
    return TraceCode(gtin=product.gtin, token=token, lot=lot_code or None)


def trace_path_of(lot: Lot) -> str | None:
    """Return the permanent address of a lot, its product loaded; material has none of its own."""
    return trace_code_of(lot.product, lot.code).path if lot.product else None


def picture_of_code(product: Product, lot_code: str) -> str:
    """Return the QR code of a lot as the address of a picture that stands in the page itself."""
    drawing = qr_svg(full_url(trace_code_of(product, lot_code).path))
    return f"data:image/svg+xml;base64,{b64encode(drawing.encode()).decode()}"


@dataclass(frozen=True, slots=True)
class Happening:
    """An event as the page of a lot tells it; `wrong` says that it was declared so."""

    event: TraceEvent
    step: Step
    place: str
    wrong: bool
    correctable: bool


def happenings_of(history: History) -> list[Happening]:
    """Return the events of a lot by their time, those declared wrong too, their declarations left out."""
    wrong = {event.declares_wrong_id for event in history.events}
    shown = [event for event in history.events if event.declares_wrong_id is None]
    return [
        Happening(
            event=event,
            step=step_of(event.biz_step),
            place=_place_of(event),
            wrong=event.id in wrong,
            correctable=event.position > 1 and event.id not in wrong,
        )
        for event in sorted(shown, key=lambda event: (event.event_time, event.position))
    ]


def _place_of(event: TraceEvent) -> str:
    if event.site is not None:
        return event.site.name
    return event.zone.name if event.zone is not None else event.place_words or ""
