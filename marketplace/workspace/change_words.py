"""Changes of what a certificate fixes, in words: labels, and names instead of slugs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.catalogue.certified_facts import ChangeField
from marketplace.catalogue.change_requests import ChangeRequest, RequestState
from marketplace.catalogue.models import ProductSet
from marketplace.database import db
from marketplace.producers.models import Producer
from marketplace.workspace.words import Mark

FIELDS: dict[ChangeField, LazyString] = {
    ChangeField.NAME: _l("Tên sản phẩm"),
    ChangeField.NAME_EN: _l("Tên tiếng Anh"),
    ChangeField.PRODUCER: _l("Chủ thể"),
    ChangeField.SET: _l("Bộ sản phẩm"),
    ChangeField.INGREDIENTS: _l("Thành phần"),
    ChangeField.LABELS: _l("Chữ trên nhãn"),
}
STATES: dict[RequestState, Mark] = {
    RequestState.OPEN: Mark(_l("Đang chờ cán bộ"), "new", "wait"),
    RequestState.CONFIRMED: Mark(_l("Đã sửa theo đề nghị"), "ok", "ok"),
    RequestState.DECLINED: Mark(_l("Không được nhận"), "bad", "x"),
    RequestState.WITHDRAWN: Mark(_l("Bạn đã rút lại"), "", "undo"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A change in words: which field, what it is now, what it should be."""

    label: LazyString
    old: str
    new: str


def tell(requests: Iterable[ChangeRequest]) -> dict[int, list[Told]]:
    """Return what each request asks for, by its id, producers and sets by their names."""
    asked = list(requests)
    names = _names(asked)
    return {one.id: [_told(field, change, names) for field, change in one.changes.items()] for one in asked}


def _told(field: str, change: Mapping[str, str | None], names: Mapping[str, str]) -> Told:
    old, new = change["old"] or "", change["new"] or ""
    if field in {ChangeField.PRODUCER, ChangeField.SET}:
        old, new = names.get(f"{field}/{old}", old), names.get(f"{field}/{new}", new)
    return Told(FIELDS[ChangeField(field)], old, new)


def _names(requests: Iterable[ChangeRequest]) -> dict[str, str]:
    """Return the names of the producers and sets that requests speak of, one statement for each kind."""
    found: dict[str, str] = {}
    for field, named in ((ChangeField.PRODUCER, Producer), (ChangeField.SET, ProductSet)):
        slugs = {
            slug for one in requests for slug in one.changes.get(field.value, {}).values() if slug is not None
        }
        if slugs:
            rows = db.session.execute(sa.select(named.slug, named.name).where(named.slug.in_(slugs)))
            found |= {f"{field.value}/{slug}": name for slug, name in rows}
    return found
