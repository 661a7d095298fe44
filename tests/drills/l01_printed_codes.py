"""L1: every code on printed labels is read again from the sheet, out of focus and turned."""

import time
from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import timedelta
from itertools import count
from random import Random
from unittest.mock import patch

from biip.checksums import gs1_standard_check_digit
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.catalogue.models import Product
from marketplace.database import db, unit_of_work
from marketplace.traceability.codes.models import LabelBatch, LabelLevel
from marketplace.traceability.codes.serials import Minted
from marketplace.traceability.labels import sheet
from marketplace.traceability.labels.formats import FORMATS, LabelFormat
from marketplace.traceability.labels.making import LabelOrder, make_labels
from marketplace.traceability.labels.queries import get_own_batch
from tests.drills import Outcome, Run, drill
from tests.factories.catalogue import a_product
from tests.factories.labels import SITE
from tests.factories.lots import a_lot
from tests.factories.producers import a_producer
from tests.traceability.printed import Seen, distorted, label_pictures, read

NAMES = "mứt vỏ bưởi Phúc Trạch cu đơ Hà Tĩnh nước mắm Kỳ Ninh nhung hươu Hương Sơn chè Ẵm Ỹ ruốc gạo lứt"
WORDS = NAMES.split()
LOT_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdxyz0123456789._-"
_numbers = count(1)
TOO_SMALL = 5.0
"""Side of the codes in the control, in millimetres: modules of a third of what phones can tell apart."""


@drill(
    "L1",
    bar="0 of the QR, DataMatrix and EAN codes of 200 random products misread, on every sheet and roll",
    databases=("sqlite",),
)
def printed_codes_are_read_again(run: Run) -> Outcome:
    """Print labels of random products at 300 dpi, blur and turn them, and read them with another reader."""
    products = run.count(short=4, full=200) if run.guarded else 2
    read_codes: Counter[str] = Counter()
    misread: list[str] = []
    with run.application(), nullcontext() if run.guarded else _codes_too_small():
        for _ in range(products):
            for form in FORMATS.values():
                batch, labels = _printed(run.random, form)
                _compare(run.random, batch, labels, form, read_codes, misread)
        seconds, size = _thousand(run) if run.full else (None, None)
    got = {"products": products, **read_codes, "misread": len(misread), "first": misread[:3]}
    if run.full:
        got |= {"cpu_seconds_for_1000": seconds, "bytes_for_1000": size}
    return Outcome(got, ok=not misread and min(read_codes[kind] for kind in ("qr", "matrix", "ean")) > 0)


def _compare(
    chance: Random,
    batch: LabelBatch,
    labels: list[Minted],
    form: LabelFormat,
    read_codes: Counter[str],
    misread: list[str],
) -> None:
    """Read the codes of a batch from its sheet and note which were read and which were not."""
    pdf = sheet.draw_batch(batch, labels, SITE, clock.today())
    for label, picture in zip(labels, label_pictures(pdf, form, len(labels)), strict=True):
        expected, seen = _expected(batch, label, form), read(distorted(picture, chance))
        for kind in ("qr", "matrix", "ean"):
            wanted, found = getattr(expected, kind), getattr(seen, kind)
            if wanted == found:
                read_codes[kind] += wanted is not None
            else:
                misread.append(f"{form.code} {kind}: {wanted} read as {found}")


def _printed(chance: Random, form: LabelFormat) -> tuple[LabelBatch, list[Minted]]:
    """Order two labels of a random product on a format, some with PINs."""
    pins = form.pins and chance.random() < 0.3
    with unit_of_work() as session:
        lot = a_lot(
            session,
            _random_product(session, chance),
            code=chance.choice("ABCD") + "".join(chance.choices(LOT_SIGNS, k=chance.randint(0, 19))),
            use_by=chance.choice((None, clock.today() + timedelta(days=chance.randint(1, 900)))),
        )
        order = LabelOrder(form.code, LabelLevel.ITEM, 2, with_pins=pins)
        made = make_labels(session, None, lot, order, clock.now())
        producer_id, batch_id = lot.producer_id, made.batch.id
    return get_own_batch(db.session(), batch_id, producer_id), made.minted


def _random_product(session: Session, chance: Random) -> Product:
    name = " ".join(chance.choices(WORDS, k=chance.randint(1, 25)))[:120].strip()
    producer = a_producer(
        session, f"HTX {next(_numbers)} {' '.join(chance.choices(WORDS, k=chance.randint(1, 12)))}"
    )
    product = a_product(session, name.capitalize(), producer=producer)
    product.gtin = _random_gtin(chance)
    session.flush()
    return product


def _random_gtin(chance: Random) -> str | None:
    """Return a GTIN-13, -12, -8 or -14 of a prefix for open trade as 14 digits, or none."""
    kind = chance.choice(("13", "13", "13", "12", "8", "14", ""))
    lengths = {"13": ("0893", 9), "12": ("000", 10), "8": ("0000008", 6), "14": ("1893", 9)}
    if not kind:
        return None
    start, drawn = lengths[kind]
    body = start + "".join(chance.choices("0123456789", k=drawn))
    if kind == "12":
        body = "001" + body[3:]
    return body + str(gs1_standard_check_digit(body))


def _expected(batch: LabelBatch, label: Minted, form: LabelFormat) -> Seen:
    lot, product = batch.lot, batch.lot.product
    assert product is not None
    gtin = product.gtin
    path = f"/01/{gtin}" if gtin else f"/t/{product.trace_token}"
    until = f"(17){lot.use_by:%y%m%d}" if lot.use_by else ""
    matrix = f"(01){gtin}{until}(10){lot.code}(21){label.serial}" if gtin and form.matrix else None
    ean = None
    if gtin and form.ean and gtin.startswith("0") and not label.pin:
        ean = gtin[6:] if gtin.startswith("000000") else gtin[1:]
    if matrix and label.pin and form.code == "roll-40x30":
        matrix = None
    return Seen(f"{SITE}{path}/10/{lot.code}/21/{label.serial}", matrix, ean)


def _codes_too_small() -> AbstractContextManager[object]:
    """In the control the codes are drawn so small that they fit on a grain of rice."""
    small = {code: replace(form, qr=TOO_SMALL, matrix=form.matrix / 4) for code, form in FORMATS.items()}
    return patch.object(sheet, "get_format", small.__getitem__)


def _thousand(run: Run) -> tuple[float, int]:
    """Return processor seconds and bytes of a thousand labels, of the kind with most on them."""
    form = FORMATS["a4-24"]
    with unit_of_work() as session:
        product = _random_product(session, run.random)
        product.gtin = "08931234567897"
        lot = a_lot(session, product)
        made = make_labels(session, None, lot, LabelOrder(form.code, LabelLevel.ITEM, 1_000), clock.now())
        producer_id, batch_id = lot.producer_id, made.batch.id
    batch = get_own_batch(db.session(), batch_id, producer_id)
    begun = time.process_time()
    pdf = sheet.draw_batch(batch, made.minted, SITE, clock.today())
    return round(time.process_time() - begun, 2), len(pdf)
