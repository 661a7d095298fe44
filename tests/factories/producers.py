"""Producers for tests."""

from typing import Any

from sqlalchemy.orm import Session

from marketplace.producers.models import LegalForm, Producer
from marketplace.text import fold, slugify


def a_producer(session: Session, name: str = "HTX Cam Khe Mây", **changes: Any) -> Producer:
    """Write a cooperative that may sell; `printed_address=None` takes that away."""
    facts = {
        "slug": slugify(name),
        "name_key": fold(name),
        "legal_form": LegalForm.COOPERATIVE,
        "printed_address": "Thôn 5, xã Hương Đô, tỉnh Hà Tĩnh",
        "printed_province": "Hà Tĩnh",
        "phone": "0912000000",
        **changes,
    }
    producer = Producer(name=name, **facts)
    session.add(producer)
    session.flush()
    return producer
