"""The pictures and documents that are kept; their files lie in the folder MEDIA."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.database import Base, UtcDateTime


class Picture(Base):
    """A picture in several widths and forms; what it shows is said where it is shown.

    `key` is its unguessable name in addresses. `owner` names whose it is by kind and identity
    ("producer:12") without a foreign key: owners stand above this package, and erase their pictures
    before they go. `width` and `height` are those of the widest one in pixels, `sizes` all its widths.
    `digest` is of the file it was made from, which nobody keeps.
    """

    __tablename__ = "picture"
    __table_args__ = (sa.CheckConstraint("width > 0 AND height > 0", name="has_a_size"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(22), unique=True)
    owner: Mapped[str] = mapped_column(sa.String(60), index=True)
    width: Mapped[int]
    height: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))
    sizes: Mapped[list[int]] = mapped_column(sa.JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Document(Base):
    """A PDF that is kept as it came, beside the pictures; `key` is its unguessable name in addresses.

    `owner` is as for pictures. `size` is bytes, `digest` the SHA-256 of the file.
    """

    __tablename__ = "document"
    __table_args__ = (sa.CheckConstraint("size > 0", name="size"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(22), unique=True)
    owner: Mapped[str] = mapped_column(sa.String(60), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
