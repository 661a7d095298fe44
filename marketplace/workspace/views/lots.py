"""Lots: the list of them, and one page that makes a lot with its labels in under a minute."""

from collections.abc import Sequence

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.catalogue.own_products import list_own_products
from marketplace.database import db
from marketplace.errors import MarketplaceError
from marketplace.ordering.secret import draw_secret
from marketplace.places.queries import list_provinces
from marketplace.producers.models import Producer
from marketplace.traceability.labels.errors import InvalidLabels, NotForPrinting
from marketplace.traceability.lots.errors import InvalidLot, LotCodeTaken, RecalledInput
from marketplace.traceability.lots.queries import count_lots, list_lots
from marketplace.web.guards import requires
from marketplace.web.refusals import explain
from marketplace.web.words import gettext as _
from marketplace.web.words import ngettext
from marketplace.workspace import door, label_words, lot_form
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.event_form import Places
from marketplace.workspace.lot_deeds import Making, make_goods, make_material
from marketplace.workspace.lot_goods import Goods, Sources, choose, likely_lot, list_goods
from marketplace.workspace.lot_pages import picture_of_code
from marketplace.workspace.lot_words import MEASURES, mark_of
from marketplace.workspace.scan_warnings import warnings_of_products
from marketplace.workspace.tenancy import own_producer
from marketplace.workspace.typed import Typed

PAGE_SIZE = 20
ROWS_BEHIND = ("tu-1", "tu-2", "mua_gi-0", "mua_gi-1", "mua_gi-2")
"""Fields that are shown only on demand; what stands in one of them opens their place."""


@door.get("/<slug>/lo")
@requires(Role.OWNER, Role.STAFF)
def show_lots(slug: str) -> Response:
    """List the lots of a producer, newest first, and the products whose evidence can be printed."""
    producer, session, day = own_producer(slug), db.session(), clock.today()
    total = count_lots(session, producer.id)
    last = max(1, -(-total // PAGE_SIZE))
    number = min(max(request.args.get("trang", 1, type=int), 1), last)
    lots = list_lots(session, producer.id, limit=PAGE_SIZE, offset=PAGE_SIZE * (number - 1))
    return page(
        "lots",
        producer,
        lots=lots,
        marks={lot.id: mark_of(lot, day) for lot in lots},
        total=total,
        number=number,
        last=last,
        warnings=warnings_of_products(session, producer.id, clock.now()),
        evidence=list_own_products(session, producer.id),
    )


@door.get("/<slug>/lo/moi")
@requires(Role.OWNER, Role.STAFF)
def ask_for_lot(slug: str) -> Response:
    """Show the form of a new lot, filled in as the last one of these goods was."""
    return _lot_page(own_producer(slug), request.args.get("goi", ""))


@door.post("/<slug>/lo/moi")
@requires(Role.OWNER, Role.STAFF)
def make_lot_of_goods(slug: str) -> Response:
    """Make a lot, and its labels unless only the lot is wanted."""
    producer, typed = own_producer(slug), Typed(request.form)
    making = _read(producer, typed)
    if making is None:
        return _lot_page(producer, typed.text("goi"), typed.faults)
    try:
        lot_id, batch_id = make_goods(slug, making)
    except (InvalidLot, InvalidLabels, LotCodeTaken, RecalledInput, NotForPrinting) as refusal:
        fault, status = _fault(refusal), 409 if isinstance(refusal, NotForPrinting) else 422
        return _lot_page(own_producer(slug), typed.text("goi"), [fault], status)
    at = f"/gian-hang/{slug}/lo/{lot_id}"
    words = _("Đã tạo lô %(code)s.", code=lot_form.read_goods_code(typed))
    return go(f"{at}#tem" if batch_id else at, words)


@door.get("/<slug>/lo/nguyen-lieu")
@requires(Role.OWNER, Role.STAFF)
def ask_for_material(slug: str) -> Response:
    """Ask what was harvested, and where."""
    return _material_page(own_producer(slug))


@door.post("/<slug>/lo/nguyen-lieu")
@requires(Role.OWNER, Role.STAFF)
def make_lot_of_material(slug: str) -> Response:
    """Make a lot of material, which lots of goods can be made of."""
    producer, typed = own_producer(slug), Typed(request.form)
    sources = Sources.of(db.session(), producer.id, Places.of(db.session(), producer.id))
    facts = lot_form.read_material_lot(typed, sources)
    if typed.faults or facts is None:
        return _material_page(producer, typed.faults)
    try:
        lot_id = make_material(slug, facts)
    except (InvalidLot, LotCodeTaken, RecalledInput) as refusal:
        return _material_page(own_producer(slug), [_fault(refusal)])
    return go(f"/gian-hang/{slug}/lo/{lot_id}", _("Đã ghi lô nguyên liệu."))


def _fault(refusal: MarketplaceError) -> tuple[str, str]:
    if isinstance(refusal, InvalidLot):
        return lot_form.fault_of(refusal)
    if isinstance(refusal, InvalidLabels):
        return label_words.fault_of(refusal)
    if isinstance(refusal, LotCodeTaken):
        words = _("Mã lô này vừa có lô khác dùng. Xem lại danh sách lô: có thể lô đã tạo xong.")
        return "ma_lo", words
    return "tu-0" if isinstance(refusal, RecalledInput) else "kho", explain(refusal)


def _read(producer: Producer, typed: Typed) -> Making | None:
    """Return what somebody typed of a lot and its labels, or None where something is wrong."""
    session = db.session()
    goods = choose(list_goods(session, producer.id), typed.text("goi"))
    sources = Sources.of(session, producer.id, Places.of(session, producer.id))
    facts = lot_form.read_goods_lot(typed, goods, sources, [unit.id for unit in list_provinces()])
    order = None
    if typed.text("viec") != "chi_lo":
        order = label_words.read_order(typed, int(facts.quantity) if facts else 1)
    if typed.faults or facts is None:
        return None
    return Making(goods, facts, order, into_stock=bool(typed.text("vao_kho")))


def _lot_page(producer: Producer, key: str, faults: Faults = (), status: int = 0) -> Response:
    session = db.session()
    goods = list_goods(session, producer.id)
    if not goods:
        return page("lot_new", producer, goods=[])
    chosen = choose(goods, key or _latest_key(producer, goods))
    following = likely_lot(session, chosen, clock.today())
    typed = request.form.to_dict() if faults else following.typed
    return page(
        "lot_new",
        producer,
        faults=faults,
        status=status,
        goods=goods,
        choices=[(one.key, one.words) for one in goods],
        chosen=chosen,
        typed=typed,
        span=following.span,
        span_words=_span_words(following.span),
        sources=Sources.of(session, producer.id, Places.of(session, producer.id)).choices(),
        provinces=[(unit.id, unit.name) for unit in list_provinces()],
        formats=label_words.format_choices(),
        levels=label_words.level_choices(),
        more_open=any(typed.get(name) for name in ROWS_BEHIND),
        code_picture=picture_of_code(chosen.product, typed.get("ma_lo", "")),
    )


def _latest_key(producer: Producer, goods: Sequence[Goods]) -> str:
    """Return the goods of the newest lot; else what stands first."""
    for lot in list_lots(db.session(), producer.id, limit=PAGE_SIZE):
        for one in goods:
            if one.product.id == lot.product_id and lot.variant_id in {one.variant and one.variant.id, None}:
                return one.key
    return goods[0].key


def _span_words(span: int | None) -> str:
    if span is None:
        return ""
    return ngettext("Tự tính %(num)s ngày, sửa được", "Tự tính %(num)s ngày, sửa được", span)


def _material_page(producer: Producer, faults: Faults = ()) -> Response:
    session = db.session()
    sources = Sources.of(session, producer.id, Places.of(session, producer.id))
    crop = sources.zones[0].crop if sources.zones else ""
    blank = {"ngay_lam": clock.today().isoformat(), "ten": crop, "khoa": draw_secret()}
    return page(
        "lot_material",
        producer,
        faults=faults,
        sources=sources.choices(),
        measures=[(unit.value, words) for unit, words in MEASURES.items()],
        typed=request.form if faults else blank,
    )
