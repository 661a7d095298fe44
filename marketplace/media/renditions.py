"""A picture opened, set upright, brought to sRGB, stripped of all it tells, and written anew."""

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps

from marketplace.media import limits
from marketplace.media.errors import (
    PictureAnimated,
    PictureDamaged,
    PictureTooManyPixels,
    PictureTooNarrow,
    PictureTooSmall,
)

WHITE = (255, 255, 255)
# A photograph is read at the smallest eighth that is still larger than what is made of it.
READ_AT = (1800, 1800)
_WAYS: dict[str, dict[str, object]] = {
    "avif": {"format": "AVIF", "quality": 60, "speed": 6, "max_threads": 1},
    "webp": {"format": "WEBP", "quality": 78, "method": 4},
    "jpg": {"format": "JPEG", "quality": 80, "optimize": True, "progressive": True},
}


@dataclass(frozen=True, slots=True)
class Rendition:
    """A picture in one width and form; sizes in pixels."""

    width: int
    height: int
    form: str
    content: bytes


def renditions_of(content: bytes, kind: str) -> Iterator[Rendition]:
    """Yield a picture in every width and form, the smallest first.

    Raises PictureTooManyPixels, PictureTooNarrow, PictureTooSmall, PictureAnimated and PictureDamaged.
    """
    try:
        upright = _read(content, kind)
    except Image.DecompressionBombError as error:
        raise PictureTooManyPixels(most=limits.MAX_MEGAPIXELS[kind]) from error
    except (OSError, ValueError, SyntaxError, EOFError, LookupError, TypeError, struct.error) as error:
        # What Pillow raises for files that contradict themselves is not told by one class.
        raise PictureDamaged from error
    for width in widths_for(upright.width):
        yield from _write(upright, width)


def widths_for(width: int) -> list[int]:
    """Return the widths in which a picture of a width is kept; it is never enlarged."""
    smaller = [one for one in limits.WIDTHS if one < width]
    return smaller if len(smaller) == len(limits.WIDTHS) else [*smaller, width]


def _read(content: bytes, kind: str) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(content), formats=(kind,)) as image:
            way = "progressive JPEG" if image.info.get("progressive") else kind
            _require_shape(image.size, limits.MAX_MEGAPIXELS[way])
            if kind != "JPEG" and getattr(image, "n_frames", 1) > 1:
                raise PictureAnimated
            image.draft(None, READ_AT)
            image.load()
            profile = image.info.get("icc_profile")
            return _plain(_upright(image), profile)


def _require_shape(size: tuple[int, int], most: int) -> None:
    short, long = sorted(size)
    if long > limits.MAX_SIDE or short * long > most * 1_000_000:
        raise PictureTooManyPixels(most=most)
    if short < limits.MIN_SIDE:
        raise PictureTooSmall(least=limits.MIN_SIDE)
    if long > short * limits.MAX_RATIO:
        raise PictureTooNarrow(most=limits.MAX_RATIO)


def _upright(image: Image.Image) -> Image.Image:
    """Turn a picture as the camera was held; one whose note of it is broken stays as it is."""
    with suppress(ValueError, TypeError, SyntaxError, KeyError, OSError, struct.error):
        return ImageOps.exif_transpose(image)
    return image


def _plain(image: Image.Image, profile: object) -> Image.Image:
    """Return a picture in sRGB without anything beside its pixels."""
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    image = _shrunk(image)
    plain = _over_white(image) if image.has_transparency_data else _in_srgb(image, profile)
    plain.info.clear()
    return plain


def _shrunk(image: Image.Image) -> Image.Image:
    """Return a picture no wider than the widest that is kept."""
    widest = limits.WIDTHS[-1]
    if image.mode == "P":
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    elif image.mode == "1":
        image = image.convert("L")
    if image.width <= widest:
        return image
    return _resized(image, widest)


def _over_white(image: Image.Image) -> Image.Image:
    layer = image.convert("RGBA")
    ground = Image.new("RGB", layer.size, WHITE)
    ground.paste(layer, mask=layer.getchannel("A"))
    return ground


def _in_srgb(image: Image.Image, profile: object) -> Image.Image:
    """Return the colours that the picture's profile means; without a sound one they are taken as sRGB."""
    if isinstance(profile, bytes) and image.mode in {"RGB", "CMYK", "L"}:
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(image, own, srgb, outputMode="RGB") or image.convert("RGB")
    return image.convert("RGB")


def _resized(image: Image.Image, width: int) -> Image.Image:
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _write(upright: Image.Image, width: int) -> Iterator[Rendition]:
    image = upright if width == upright.width else _resized(upright, width)
    for form in limits.FORMS:
        written = io.BytesIO()
        image.save(written, **_WAYS[form])  # type: ignore[arg-type]
        yield Rendition(image.width, image.height, form, written.getvalue())
