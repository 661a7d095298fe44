"""Pictures for tests: sound ones, as a phone makes them."""

import io
from datetime import datetime
from functools import cache
from typing import Any

from PIL import Image
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.media.encoding import Encoded, encode
from marketplace.media.models import Picture
from marketplace.media.pictures import keep


def photo(
    width: int = 640,
    height: int = 480,
    colour: Any = (190, 120, 40),
    form: str = "JPEG",
    mode: str = "RGB",
    **written: Any,
) -> bytes:
    """Return a picture in one colour as a file."""
    file = io.BytesIO()
    Image.new(mode, (width, height), colour).save(file, form, **written)
    return file.getvalue()


@cache
def encoded(width: int = 640, height: int = 480) -> Encoded:
    """Return a picture ready to be kept, made once for all tests."""
    return encode(photo(width, height), "anh.jpg")


def a_picture(session: Session, owner: str = "producer:1", at: datetime | None = None) -> Picture:
    """Keep a picture."""
    return keep(session, encoded(), owner, at or clock.now())
