"""Pictures that nothing shows are erased, and no others."""

import sqlalchemy as sa
from flask import Flask

from marketplace.database import db, unit_of_work
from marketplace.media.models import Picture
from marketplace.media.unused import erase_when_unused
from tests.factories.listings import a_certified_product, a_listing
from tests.factories.media import a_picture


def test_only_what_nothing_refers_to_is_erased(app: Flask) -> None:
    with unit_of_work() as session:
        a_listing(session, a_certified_product(session))
        lonely = a_picture(session)
        shown = session.scalars(sa.select(Picture).where(Picture.id != lonely.id)).all()
        assert [erase_when_unused(session, one) for one in shown] == [False, False]
        assert erase_when_unused(session, lonely)
    assert set(db.session.scalars(sa.select(Picture.id))) == {one.id for one in shown}
