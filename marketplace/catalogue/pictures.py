"""The photographs of products, in the order they are shown."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import Base
from marketplace.media.models import Picture
from marketplace.register import PublicFact

MOST_PICTURES = 8
LEAST_PICTURES = 2
"""The front of the pack and its label: what a buyer would turn over in the hand."""
LONGEST_ALT = 200


class ProductPicture(Base, PublicFact):
    """A photograph of a product; the one at position 0 is its cover. On view while its listing is live."""

    __tablename__ = "product_picture"
    __table_args__ = (sa.UniqueConstraint("product_id", "position"),)

    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), primary_key=True)
    picture_id: Mapped[int] = mapped_column(sa.ForeignKey("picture.id"), primary_key=True, index=True)
    position: Mapped[int]
    alt: Mapped[str] = mapped_column(sa.String(LONGEST_ALT))

    picture: Mapped[Picture] = relationship(lazy="raise")


def first_picture_id(product_id: int) -> sa.Select[int]:
    """Return the statement that finds the cover of a product's listing."""
    return sa.select(ProductPicture.picture_id).where(
        ProductPicture.product_id == product_id, ProductPicture.position == 0
    )
