"""Products as pages ask for them."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import LoaderOption

from marketplace.catalogue.errors import InvalidGtin
from marketplace.catalogue.filters import Filters, conditions
from marketplace.catalogue.gtin import gtin14
from marketplace.catalogue.listing_models import Listing, ListingState
from marketplace.catalogue.models import Product, ProductGroup, ProductSet, Publication, Variant
from marketplace.catalogue.pictures import ProductPicture
from marketplace.catalogue.product_list import Sort, card_relations, sort_keys
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.settings import LapsedProducts

RELATED = 4


def get_product(slug: str) -> Product:
    """Return a published product with all its page shows, in one statement; raises NotFound."""
    found = _find(Product.slug == slug)
    if found is None or found.publication is not Publication.PUBLISHED:
        raise NotFound(slug=slug)
    return found


def get_by_trace_token(token: str) -> Product:
    """Return the product of a printed trace address, published or not; raises NotFound.

    A pack in somebody's hand outlives its listing, so the trace page answers for all products.
    """
    found = _find(Product.trace_token == token)
    if found is None:
        raise NotFound(token=token)
    return found


def find_by_gtin(gtin: str) -> Product | None:
    """Return the product of a GTIN in any of its lengths, published or not."""
    try:
        return _find(Product.gtin == gtin14(gtin))
    except InvalidGtin:
        return None


def _find(condition: sa.ColumnElement[bool]) -> Product | None:
    wanted = sa.select(Product).where(condition).options(*_everything())
    return db.session.scalars(wanted).unique().one_or_none()


def _everything() -> list[LoaderOption]:
    return [
        joinedload(Product.producer),
        joinedload(Product.set),
        joinedload(Product.group),
        joinedload(Product.commune),
        joinedload(Product.province),
        joinedload(Product.aliases),
        joinedload(Product.variants.and_(Variant.active)),
        joinedload(Product.cover),
        *listing_on_view(),
    ]


def listing_on_view() -> list[LoaderOption]:
    """Return the options that load what the public sees of a product's listing: nothing unless it is live."""
    live = sa.exists().where(
        Listing.product_id == ProductPicture.product_id, Listing.state == ListingState.LIVE
    )
    return [
        joinedload(Product.listing.and_(Listing.state == ListingState.LIVE)),
        joinedload(Product.pictures.and_(live)).joinedload(ProductPicture.picture),
    ]


def list_related(
    product: Product, *, day: date, lapsed: LapsedProducts = LapsedProducts.SHOW, most: int = RELATED
) -> list[Product]:
    """Return a few others: of its set in its province first, then of its producer, then of its set."""
    same_set = Product.set_id == product.set_id if product.set_id else sa.false()
    same_producer = Product.producer_id == product.producer_id if product.producer_id else sa.false()
    nearness = sa.case(
        (sa.and_(same_set, Product.province_id == product.province_id), 0), (same_producer, 1), else_=2
    )
    wanted = (
        sa.select(Product)
        .where(Product.id != product.id, sa.or_(same_set, same_producer))
        .where(*conditions(Filters(), day, lapsed).values())
        .order_by(nearness, *sort_keys(Sort.DEFAULT, day))
        .limit(most)
    )
    return list(db.session.scalars(wanted.options(*card_relations())).unique())


def get_picture_facts(slug: str) -> tuple[str, int | None, str | None]:
    """Return what a product's print is drawn from: name, number of its set, slug of its group.

    Raises NotFound, for drafts too; a product taken off public view keeps its picture, which orders
    still show.
    """
    wanted = (
        sa.select(Product.name, ProductSet.number, ProductGroup.slug)
        .outerjoin(ProductSet, ProductSet.id == Product.set_id)
        .outerjoin(ProductGroup, ProductGroup.id == Product.group_id)
        .where(Product.slug == slug, Product.publication != Publication.DRAFT)
    )
    found = db.session.execute(wanted).one_or_none()
    if found is None:
        raise NotFound(slug=slug)
    name, number, group = found
    return name, number, group


def list_groups() -> list[ProductGroup]:
    """Return the six groups in the order of the regulation."""
    return list(db.session.scalars(sa.select(ProductGroup).order_by(ProductGroup.id)))


def list_sets() -> list[ProductSet]:
    """Return the 26 sets with their groups, in the order of the regulation."""
    wanted = sa.select(ProductSet).options(joinedload(ProductSet.group)).order_by(ProductSet.number)
    return list(db.session.scalars(wanted))
