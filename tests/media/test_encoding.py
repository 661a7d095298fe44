"""What becomes of a stranger's file: a picture of ours, or a refusal that names it."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest
from PIL import Image, ImageCms

from marketplace.media import encoding, errors, limits
from marketplace.media.encoding import Encoded, encode
from marketplace.media.errors import PictureRefused
from tests.factories.media import photo

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
ORIENTATION, CAMERA, GPS = 0x0112, 0x0110, 0x8825


def opened(encoded: Encoded, form: str = "jpg", width: int | None = None) -> Image.Image:
    return Image.open(io.BytesIO(encoded.files[width or encoded.width, form]))


def exif(orientation: int = 1) -> Image.Exif:
    notes = Image.Exif()
    notes[ORIENTATION] = orientation
    notes[CAMERA] = "Phone of Mận"
    notes.get_ifd(GPS)[2] = (20.0, 15.0, 30.0)
    return notes


def half_and_half(width: int, height: int) -> Image.Image:
    """Return a picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", (width, height), (200, 0, 0))
    image.paste((0, 0, 200), (width // 2, 0, width, height))
    return image


def written(image: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_comes_in_every_width_and_form(form: str) -> None:
    encoded = encode(photo(1600, 800, form=form))
    assert set(encoded.files) == {(width, form) for width in limits.WIDTHS for form in limits.FORMS}
    assert (encoded.width, encoded.height, encoded.widths) == (1200, 600, [200, 400, 800, 1200])
    for (width, kept_as), content in encoded.files.items():
        image = Image.open(io.BytesIO(content))
        assert image.size == (width, width // 2)
        assert image.format == {"avif": "AVIF", "webp": "WEBP", "jpg": "JPEG"}[kept_as]


@pytest.mark.parametrize(
    ("width", "widths"), [(120, [120]), (200, [200]), (799, [200, 400, 799]), (1200, [200, 400, 800, 1200])]
)
def test_a_picture_is_never_enlarged(width: int, widths: list[int]) -> None:
    assert encode(photo(width, width)).widths == widths


def test_what_the_camera_noted_is_gone() -> None:
    source = written(
        half_and_half(900, 600),
        exif=exif(),
        icc_profile=SRGB.tobytes(),
        comment=b"at home",
        xmp=b"<x:xmpmeta/>",
    )
    assert b"Phone of" in source
    for content in encode(source).files.values():
        image = Image.open(io.BytesIO(content))
        assert not image.getexif()
        assert not {"exif", "xmp", "comment", "icc_profile"} & set(image.info)
        assert b"Phone of" not in content
        assert b"Exif" not in content


def test_a_picture_is_set_upright() -> None:
    encoded = encode(written(half_and_half(400, 300), exif=exif(6)))
    assert (encoded.width, encoded.height) == (300, 400)
    top, bottom = opened(encoded).getpixel((150, 50)), opened(encoded).getpixel((150, 350))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 150 > top[2]
    assert bottom[2] > 150 > bottom[0]


def test_a_broken_note_of_the_camera_harms_nobody() -> None:
    for note in (b"II*\0\x08\0\0\0\xff\xff" + b"\x12" * 40, b"nothing of a note"):
        encoded = encode(written(half_and_half(400, 300), exif=b"Exif\0\0" + note))
        assert (encoded.width, encoded.height) == (400, 300)


def test_colours_are_those_that_the_profile_means() -> None:
    swapped = SRGB.tobytes().replace(b"rXYZ", b"xXYZ").replace(b"bXYZ", b"rXYZ").replace(b"xXYZ", b"bXYZ")
    image = Image.new("RGB", (100, 100), (200, 130, 60))
    plain = encode(written(image)).files[100, "jpg"]
    assert encode(written(image, icc_profile=SRGB.tobytes())).files[100, "jpg"] == plain
    assert encode(written(image, icc_profile=b"no profile" * 20)).files[100, "jpg"] == plain
    meant = opened(encode(written(image, icc_profile=swapped))).getpixel((50, 50))
    assert isinstance(meant, tuple)
    assert meant[2] > 170 > meant[0]


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (Image.new("RGBA", (80, 80), (0, 0, 0, 0)), (255, 255, 255)),
        (Image.new("LA", (80, 80), (0, 255)), (0, 0, 0)),
        (Image.new("P", (80, 80), 0), (0, 0, 0)),
        (Image.new("1", (80, 80), 1), (255, 255, 255)),
        (Image.new("L", (80, 80), 128), (128, 128, 128)),
        (Image.new("I;16", (80, 80), 128 << 8), (128, 128, 128)),
    ],
)
def test_all_that_a_png_can_be_becomes_three_colours(image: Image.Image, expected: tuple[int, ...]) -> None:
    shown = opened(encode(written(image, "PNG")))
    assert shown.mode == "RGB"
    pixel = shown.getpixel((40, 40))
    assert isinstance(pixel, tuple)
    assert all(abs(one - other) <= 2 for one, other in zip(pixel, expected, strict=True))


def test_a_picture_of_four_inks_becomes_three_colours() -> None:
    assert opened(encode(photo(80, 80, (0, 0, 0, 0), mode="CMYK"))).mode == "RGB"


def test_a_photograph_with_a_second_exposure_is_taken() -> None:
    second = Image.new("RGB", (300, 300), "green")
    source = written(half_and_half(300, 300), "MPO", save_all=True, append_images=[second])
    assert Image.open(io.BytesIO(source)).format == "MPO"
    assert encode(source + b"MotionPhoto_Data" + bytes(500)).width == 300


def frames(form: str) -> bytes:
    colours = [Image.new("RGB", (80, 80), colour) for colour in ("red", "green", "blue")]
    return written(colours[0], form, save_all=True, append_images=colours[1:])


def zipped() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writing:
        writing.writestr("a.txt", "x")
    return archive.getvalue()


def png_of_size(width: int, height: int) -> bytes:
    """Return a PNG that says it is so large, with hardly any pixels in it."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(10_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


REFUSED: dict[str, tuple[Callable[[], bytes], type[PictureRefused]]] = {
    "nothing": (bytes, errors.PictureEmpty),
    "13 MB": (lambda: b"\xff\xd8\xff" + bytes(13_000_000), errors.PictureTooLarge),
    "gif": (lambda: frames("GIF"), errors.PictureOfOtherKind),
    "bmp": (lambda: photo(form="BMP"), errors.PictureOfOtherKind),
    "avif": (lambda: photo(form="AVIF"), errors.PictureOfOtherKind),
    "svg": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"/>', errors.PictureOfOtherKind),
    "text": (lambda: b"nothing of a picture", errors.PictureOfOtherKind),
    "archive": (zipped, errors.PictureOfOtherKind),
    "archive behind": (lambda: photo() + zipped(), errors.PictureMixed),
    "page inside": (lambda: photo(comment=b"<ScRiPt>alert(1)</script>"), errors.PictureMixed),
    "document behind": (lambda: photo(form="PNG") + b"\n%PDF-1.4\n", errors.PictureMixed),
    "apng": (lambda: frames("PNG"), errors.PictureAnimated),
    "webp that moves": (lambda: frames("WEBP"), errors.PictureAnimated),
    "bomb": (lambda: png_of_size(15_000, 15_000), errors.PictureTooManyPixels),
    "larger bomb": (lambda: png_of_size(60_000, 60_000), errors.PictureTooManyPixels),
    "long": (lambda: png_of_size(65_000, 100), errors.PictureTooManyPixels),
    "strip": (lambda: photo(1000, 100), errors.PictureTooNarrow),
    "dot": (lambda: photo(8, 8), errors.PictureTooSmall),
    "half a jpeg": (lambda: written(Image.effect_noise((600, 600), 90))[:20_000], errors.PictureDamaged),
    "half a png": (lambda: png_of_size(1_000, 1_000), errors.PictureDamaged),
    "half a webp": (lambda: photo(form="WEBP")[:60], errors.PictureDamaged),
    "first bytes": (lambda: b"\xff\xd8\xff\xe0", errors.PictureDamaged),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_picture_is_refused_by_name(case: str) -> None:
    make, why = REFUSED[case]
    with pytest.raises(why) as caught:
        encode(make(), "Ảnh  của Mận.jpg")
    assert type(caught.value) is why
    assert caught.value.parameters["name"] == "Ảnh của Mận.jpg"
    assert caught.value.status == 422


def test_a_file_without_a_name_is_refused_too() -> None:
    with pytest.raises(errors.PictureEmpty) as caught:
        encode(b"")
    assert caught.value.parameters["name"] == "—"


def test_a_picture_that_needs_more_memory_than_there_is_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    limited = "from marketplace.media import child, limits; limits.MEMORY_BYTES = 100_000_000"
    whole = f"{limited}; child.limit_process(); import sys; child.main(sys.stdin.buffer, sys.stdout.buffer)"
    monkeypatch.setattr(encoding, "CHILD", ["-c", whole])
    with pytest.raises(errors.PictureTooHeavy) as caught:
        encode(photo(3900, 3000, (1, 2, 3, 4), form="PNG", mode="RGBA"), "nặng.png")
    assert caught.value.parameters["name"] == "nặng.png"


def test_a_process_that_goes_beyond_its_limits_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    busy = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass"
    monkeypatch.setattr(encoding, "CHILD", ["-c", busy])
    with pytest.raises(errors.PictureTooHeavy):
        encode(photo(), "nặng.jpg")


def test_a_process_that_fails_says_no_more_than_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "CHILD", ["-c", "raise SystemExit(3)"])
    with pytest.raises(errors.PictureDamaged):
        encode(photo(), "hỏng.jpg")


def test_a_process_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "CHILD", ["-c", "import time; time.sleep(60)"])
    monkeypatch.setattr(limits, "WALL_SECONDS", 0.2)
    with pytest.raises(errors.PictureTooHeavy):
        encode(photo(), "chậm.jpg")
