"""What the register knows of an idea, beside the lines of the officer's checklist."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.catalogue.models import Product, Publication
from marketplace.certification.ideas.models import IdeaCheck, ProductIdea
from marketplace.certification.ideas.roadmap import rubric_of_set
from marketplace.text import fold
from marketplace.traceability.zones.models import MaterialZone
from marketplace.web.language import current_language
from marketplace.web.words import gettext as _

MOST_NAMED = 3


def list_hints(session: Session, idea: ProductIdea) -> dict[IdeaCheck, str]:
    """Return what is known of an idea by the line it helps to answer, in words; two statements."""
    return {
        IdeaCheck.OWN_IDEA: _namesakes(session, idea),
        IdeaCheck.RIGHT_SET: _set_chosen(idea),
        IdeaCheck.LOCAL_MATERIAL: _zones(session, idea),
    }


def _namesakes(session: Session, idea: ProductIdea) -> str:
    named = sa.and_(
        *(Product.name_folded.contains(word, autoescape=True) for word in fold(idea.name).split())
    )
    wanted = (
        sa.select(Product)
        .where(named, Product.publication != Publication.WITHDRAWN, Product.id != (idea.product_id or 0))
        .options(joinedload(Product.producer), joinedload(Product.province))
        .order_by(Product.name_folded, Product.id)
        .limit(MOST_NAMED)
    )
    found = [_described(product) for product in session.scalars(wanted)]
    if not found:
        return _("Sổ chưa có sản phẩm nào tên như vậy.")
    return _("Sổ đã có tên giống: %(names)s.", names="; ".join(found))


def _described(product: Product) -> str:
    maker = product.producer.name if product.producer else ""
    province = product.province.name if product.province else ""
    return ", ".join(filter(None, (product.name, maker, province)))


def _set_chosen(idea: ProductIdea) -> str:
    rubric = rubric_of_set(idea.set_number)
    if rubric is None:
        return _("Cơ sở chưa chọn bộ: mời hướng dẫn rồi trả lại để chọn.")
    name = rubric.name.en if current_language() == "en" else rubric.name.vi
    return _("Cơ sở chọn bộ %(number)s: %(name)s.", number=rubric.number, name=name)


def _zones(session: Session, idea: ProductIdea) -> str:
    own = (MaterialZone.producer_id == idea.producer_id, MaterialZone.retired_at.is_(None))
    here = sa.func.count().filter(MaterialZone.commune_id == idea.commune_id)
    counts = sa.select(sa.func.count(), here).select_from(MaterialZone).where(*own)
    known, in_commune = session.execute(counts).one()
    if not known:
        return _("Cơ sở chưa ghi vùng nguyên liệu nào.")
    return _("Cơ sở đã ghi %(known)s vùng nguyên liệu, %(here)s vùng trong xã.", known=known, here=in_commune)
