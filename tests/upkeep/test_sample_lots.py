"""Sample lots: a dozen, told as samples, sound for the doctor, and made once."""

import pypdfium2
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.media.documents import read_document
from marketplace.traceability.codes.models import SerialCode, SerialState
from marketplace.traceability.events.history import load_history
from marketplace.traceability.lots.models import Lot, LotPaper
from marketplace.traceability.lots.papers import list_papers
from marketplace.traceability.zones.models import MaterialZone, Site
from marketplace.upkeep.doctor import examine
from marketplace.upkeep.samples.lots import make_sample_lots
from tests.factories.catalogue import a_product, a_variant
from tests.factories.certification import a_certificate
from tests.factories.ordering import a_commune
from tests.factories.producers import a_producer

CRAFT = 21


def goods(number: int) -> None:
    """Write products of as many producers, the first half certified, and one that nobody eats."""
    with unit_of_work() as session:
        commune = a_commune(session)
        place = {"commune_id": commune.id, "province_id": commune.parent_id}
        for n in range(number):
            producer = a_producer(session, f"HTX Số {n}", **place)
            product = a_product(session, f"Mứt số {n}", producer=producer, set_number=5, location=place)
            a_variant(session, product, sample=True)
            if n < number // 2:
                a_certificate(session, product, 4)
        craft = a_product(session, "Nón lá", producer=producer, set_number=CRAFT, location=place)
        a_variant(session, craft, sample=True)


def test_sample_lots_show_every_kind_and_are_made_once(app: Flask) -> None:
    goods(20)
    with unit_of_work() as session:
        assert make_sample_lots(session, clock.now()) == 13
        assert make_sample_lots(session, clock.now()) == 0
    lots = db.session.scalars(sa.select(Lot).order_by(Lot.id)).all()
    assert len({lot.product_id for lot in lots}) == 12
    assert all(lot.sample for lot in lots)
    assert all(db.session.scalars(sa.union_all(sa.select(MaterialZone.sample), sa.select(Site.sample))))
    assert [lot.is_past_use(clock.today()) for lot in lots].count(True) == 1
    assert sum(lot.certificate_code is not None for lot in lots) == 10
    assert sum(lot.printed_at is not None for lot in lots) == 6
    states = db.session.scalars(sa.select(SerialCode.state)).all()
    assert set(states) == {SerialState.ACTIVE}
    assert len(states) == 6 * 24
    assert list(examine(db.session())) == []


def test_a_sample_lot_has_a_whole_history(app: Flask) -> None:
    goods(1)
    with unit_of_work() as session:
        make_sample_lots(session, clock.now())
    lot = db.session.scalars(sa.select(Lot).order_by(Lot.id.desc())).first()
    assert lot is not None
    history = load_history(db.session(), lot.id)
    assert history.first_broken is None
    assert history.shares.commune == 100
    assert len(history.living_events) >= 9
    assert all("mẫu" in (event.words or "mẫu") for event in history.living_events)


def test_a_sample_paper_can_be_opened_and_says_what_it_is(app: Flask) -> None:
    goods(1)
    with unit_of_work() as session:
        make_sample_lots(session, clock.now())
    lot_id = db.session.scalars(sa.select(LotPaper.lot_id)).one()
    [paper] = list_papers(db.session(), lot_id)
    assert paper.document is not None
    content = read_document(paper.document.key)
    assert content is not None
    document = pypdfium2.PdfDocument(content)
    assert "KHONG CO GIA TRI" in document[0].get_textpage().get_text_bounded()
    document.close()
