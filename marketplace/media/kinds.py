"""What a file is by its bytes; its name and what a browser says of it count for nothing."""

import io
import re
import zipfile

from marketplace.media.errors import (
    PictureEmpty,
    PictureMixed,
    PictureOfOtherKind,
    PictureTooLarge,
)
from marketplace.media.limits import MAX_BYTES

_PICTURES = {
    "JPEG": re.compile(rb"\xff\xd8\xff"),
    "PNG": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "WEBP": re.compile(rb"RIFF....WEBP", re.DOTALL),
}
_OTHERS = {
    "GIF": re.compile(rb"GIF8"),
    "HEIC": re.compile(rb"....ftyp(heic|heix|hevc|mif1|msf1)", re.DOTALL),
    "AVIF": re.compile(rb"....ftyp(avif|avis)", re.DOTALL),
    "video": re.compile(rb"....ftyp|\x1aE\xdf\xa3|RIFF....AVI ", re.DOTALL),
    "SVG": re.compile(rb"\s*(\xef\xbb\xbf)?\s*<(\?xml|!DOCTYPE svg|!--|svg)", re.IGNORECASE),
    "HTML": re.compile(rb"\s*(\xef\xbb\xbf)?\s*<(!DOCTYPE|html|head|body|script)", re.IGNORECASE),
    "PDF": re.compile(rb"%PDF-"),
    "EPS": re.compile(rb"%!PS|\xc5\xd0\xd3\xc6"),
    "TIFF": re.compile(rb"II\*\x00|MM\x00\*"),
    "BMP": re.compile(rb"BM"),
    "ZIP": re.compile(rb"PK\x03\x04"),
    "FITS": re.compile(rb"SIMPLE  ="),
    "PSD": re.compile(rb"8BPS"),
}
# Five bytes or more each: four turn up by chance in one photograph out of a thousand.
_FOREIGN = re.compile(rb"<script|<html|<svg|<!doctype|<\?php|%pdf-|%!ps-adobe", re.IGNORECASE)


def require_picture(content: bytes, name: str = "") -> str:
    """Return whether a file is a JPEG, PNG or WEBP.

    Raises PictureEmpty, PictureTooLarge, PictureOfOtherKind and PictureMixed. What phones add to a
    photograph (a moving scene, a second exposure) is no reason to refuse it; it is left behind.
    """
    if not content:
        raise PictureEmpty(name=name)
    if len(content) > MAX_BYTES:
        raise PictureTooLarge(name=name, most=MAX_BYTES // 1_000_000)
    kind = next((kind for kind, sign in _PICTURES.items() if sign.match(content)), None)
    if kind is None:
        raise PictureOfOtherKind(name=name, kind=_look_of(content))
    if _FOREIGN.search(content) or zipfile.is_zipfile(io.BytesIO(content)):
        raise PictureMixed(name=name)
    return kind


def _look_of(content: bytes) -> str:
    return next((look for look, sign in _OTHERS.items() if sign.match(content)), "?")
