"""The files that people and others send as pictures: sound ones, broken ones, hostile ones.

All are made by chance of a fixed seed. Sound ones carry CANARY wherever a file can hold words, and
a place on the earth in their EXIF notes; neither may ever come out again.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from PIL import Image, ImageCms, PngImagePlugin

CANARY = "NhaRiengCuaMan20N105E"
ORIENTATION, CAMERA, GPS = 0x0112, 0x0110, 0x8825
NAMES = (
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/shadow.jpg",
    "CON.jpg",
    "a.jpg.php",
    "a.php%00.jpg",
    "<script>alert(1)</script>.jpg",
    "'; DROP TABLE picture; --.jpg",
    "\u202egpj.exe",
    "Ảnh " * 200 + ".jpg",
    '"; filename="b.jpg',
    "-rf.jpg",
    ".htaccess",
    "ảnh mật ong.JPG",
    "%s%n{0.__class__}.jpg",
    "\ud83c.jpg".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
)


@dataclass(frozen=True)
class Sent:
    """A file as it is sent, and whether it should be taken."""

    name: str
    content: bytes
    sound: bool


def noise(random: Random, width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Return a picture that compresses as photographs do."""
    small = Image.frombytes("RGB", (16, 16), random.randbytes(768))
    return small.resize((width, height), Image.Resampling.BICUBIC).convert(mode)


def written(image: Image.Image, form: str, **options: Any) -> bytes:
    """Return a picture as a file."""
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def notes(orientation: int = 1) -> Image.Exif:
    """Return what a camera notes: how it was held, whose it is, and where on the earth."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[CAMERA] = CANARY
    place = exif.get_ifd(GPS)
    place[1], place[2], place[3], place[4] = "N", (20.0, 15.0, 30.0), "E", (105.0, 58.0, 12.0)
    return exif


def words(form: str, orientation: int = 1) -> dict[str, Any]:
    """Return how CANARY is hidden in a file of a form, in every place that it has for words."""
    told: dict[str, Any] = {"exif": notes(orientation), "xmp": f"<x:xmpmeta>{CANARY}</x:xmpmeta>".encode()}
    if form == "JPEG":
        told["comment"] = CANARY.encode()
    if form == "PNG":
        told = {"exif": told["exif"], "pnginfo": PngImagePlugin.PngInfo()}
        told["pnginfo"].add_text("Author", CANARY)
        told["pnginfo"].add_itxt("Comment", CANARY, zip=True)
    return told


def sound_ones(random: Random) -> Iterator[Sent]:
    """Yield pictures that have to be taken."""
    for form, ending in (("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")):
        for orientation in range(1, 9):
            content = written(noise(random, 240, 180), form, **words(form, orientation))
            yield Sent(f"{ending}{orientation}.{ending}", content, sound=True)
        for width, height in ((64, 64), (199, 300), (201, 150), (1250, 900), (1700, 1200), (600, 1700)):
            image = noise(random, width, height)
            yield Sent(f"{width}.{ending}", written(image, form, **words(form)), sound=True)
        for other in ("exe", "php", "gif", "svg", ""):
            yield Sent(f"a.{other}", written(noise(random, 90, 90), form, **words(form)), sound=True)


def odd_ones(random: Random) -> Iterator[Sent]:
    """Yield pictures of unusual kinds, profiles and names, which have to be taken too."""
    for number in range(30):
        image = noise(random, random.randrange(64, 180), random.randrange(64, 180))
        form = random.choice(("JPEG", "PNG", "WEBP"))
        yield Sent(f"IMG_{number:04}.jpg", written(image, form, **words(form)), sound=True)
    for mode in ("L", "CMYK", "1"):
        yield Sent(f"{mode}.jpg", written(noise(random, 100, 80, mode), "JPEG", **words("JPEG")), sound=True)
    for mode in ("1", "L", "LA", "P", "RGBA", "I;16"):
        image = noise(random, 100, 80, "L" if mode == "I;16" else mode).convert(mode)
        yield Sent(f"{mode}.png", written(image, "PNG", **words("PNG")), sound=True)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for odd in (profile, profile[:200], b"\0" * 128, CANARY.encode() * 40):
        yield Sent("mau.jpg", written(noise(random, 90, 90), "JPEG", icc_profile=odd), sound=True)
    for options in ({"progressive": True}, {"subsampling": 0}, {"quality": 1}, {"restart_marker_rows": 1}):
        yield Sent("kieu.jpg", written(noise(random, 300, 200), "JPEG", **options), sound=True)
    second = noise(random, 100, 100)
    moving = written(noise(random, 200, 200), "MPO", save_all=True, append_images=[second])
    yield Sent("hai-lan-phoi.jpg", moving + b"MotionPhoto_Data" + random.randbytes(3000), sound=True)
    for name in NAMES:
        yield Sent(name, written(noise(random, 100, 100), "JPEG", **words("JPEG")), sound=True)


def large_ones(random: Random) -> Iterator[Sent]:
    """Yield pictures close to the largest that are taken, each of a kind that costs memory in its own way."""
    ways: tuple[tuple[tuple[int, int], str, str, dict[str, Any]], ...] = (
        ((4000, 3000), "RGB", "JPEG", {}),
        ((8000, 6000), "RGB", "JPEG", {"quality": 50}),
        ((8000, 6000), "CMYK", "JPEG", {"quality": 50}),
        ((5000, 3900), "RGB", "JPEG", {"quality": 50, "progressive": True, "subsampling": 0}),
        ((3900, 3000), "RGBA", "PNG", {"compress_level": 1}),
        ((3600, 2700), "RGB", "WEBP", {"method": 0}),
        ((1400, 4100), "RGB", "JPEG", {}),
    )
    for (width, height), mode, form, options in ways:
        image = noise(random, width, height, mode)
        yield Sent(f"{mode}{width}.jpg", written(image, form, **options, **words(form)), sound=True)


def chunk(kind: bytes, body: bytes) -> bytes:
    """Return a part of a PNG file."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *extra: bytes, pixels: bytes = bytes(20_000), kind: int = 2) -> bytes:
    """Return a PNG that says of itself what it likes."""
    header = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    body = chunk(b"IHDR", header) + b"".join(extra) + chunk(b"IDAT", zlib.compress(pixels, 9))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def bombs(random: Random) -> Iterator[bytes]:
    """Yield files that are small and would become large."""
    for width, height in (
        (3500, 3500),
        (9000, 9000),
        (20_000, 20_000),
        (65_535, 65_535),
        (2**31 - 1, 2**31 - 1),
    ):
        yield png(width, height)
        yield png(width, height, pixels=bytes(12_000_000))
    packed = zlib.compress(bytes(60_000_000), 9)
    for kind, head in ((b"zTXt", b"a\0\0"), (b"iCCP", b"a\0\0"), (b"iTXt", b"a\0\1\0\0\0")):
        yield png(100, 100, *[chunk(kind, head + packed)] * 3)
    jpeg = bytearray(written(noise(random, 90, 90), "JPEG"))
    frame = jpeg.index(b"\xff\xc0") + 5
    for height, width in ((65_500, 65_500), (0, 0), (1, 65_500), (9000, 9000)):
        jpeg[frame : frame + 4] = struct.pack(">HH", height, width)
        yield bytes(jpeg)
    for side in (16_384, 4_000):
        canvas = struct.pack("<I", side - 1)[:3] * 2
        body = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + canvas
        yield b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
    yield b"\xff\xd8\xff\xe0" + bytes(12_500_000)
    yield written(Image.new("L", (7200, 7200)), "PNG")
    yield written(Image.new("L", (7200, 7200)), "JPEG")
    yield written(Image.new("RGB", (4000, 4000)), "WEBP", method=0)


def two_in_one(random: Random) -> Iterator[bytes]:
    """Yield pictures that are something else at the same time."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writing:
        writing.writestr("a.class", b"\xca\xfe\xba\xbe")
    others = (
        archive.getvalue(),
        b"<html><script>alert(1)</script>",
        b"<?php system($_GET[0]); ?>",
        b"%PDF-1.4 1 0 obj",
        b"<svg onload=alert(1)>",
        b"<!DOCTYPE html><body>",
        b"%!PS-Adobe-3.0 EPSF-3.0",
    )
    for form in ("JPEG", "PNG", "WEBP"):
        plain = written(noise(random, 100, 100), form)
        yield from (plain + other for other in others)
    for other in others[1:]:
        yield written(noise(random, 90, 90), "JPEG", comment=other)
        yield png(100, 100, chunk(b"tEXt", b"Comment\0" + other))


def animated(random: Random) -> Iterator[bytes]:
    """Yield pictures that move."""
    for form, count in (("GIF", 1000), ("PNG", 3), ("PNG", 60), ("WEBP", 2), ("WEBP", 60)):
        frames = [Image.new("L", (64, 64), random.randrange(256)) for _ in range(count)]
        yield written(frames[0], form, save_all=True, append_images=frames[1:], duration=20)


def other_kinds(random: Random) -> Iterator[bytes]:
    """Yield files of other kinds, most of which a library for pictures would open."""
    for form in ("GIF", "BMP", "TIFF", "ICO", "PPM", "TGA", "PCX", "SGI", "AVIF", "PDF", "JPEG2000", "DDS"):
        yield written(noise(random, 80, 80), form)
    yield written(noise(random, 80, 80), "EPS")
    for text in (
        '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>',
        '<svg xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="http://169.254.169.254/"/></svg>',
        "%!PS\n(/etc/passwd) (r) file",
        "<html><body onload=alert(1)>",
        "#!/bin/sh\nrm -rf /\n",
        "push graphic-context\nviewbox 0 0 640 480\nfill 'url(https://evil.test/x.jpg\"|ls \"-la)'\npop",
        "SIMPLE  =                    T / FITS\nNAXIS1  = 2000000000",
        "{}",
        "\ufeffname,price\n=1+1,2",
    ):
        yield text.encode()
    for magic in (b"8BPS", b"\x7fELF", b"MZ", b"PK\x03\x04", b"\x1f\x8b", b"Rar!", b"\xca\xfe\xba\xbe"):
        yield magic + random.randbytes(400)
    for brand in (b"heic", b"mif1", b"avif", b"isom", b"qt  "):
        yield b"\0\0\0\x20ftyp" + brand + random.randbytes(600)
    yield from (b"", b"\0", b"\xff", b"\xff\xd8", b"\x89PNG", b"RIFF", b"GIF89a", b"\0" * 100_000)
    for length in (1, 10, 100, 1000, 100_000):
        yield random.randbytes(length)


def broken(random: Random) -> Iterator[bytes]:
    """Yield pictures that end too early or contradict themselves."""
    for form in ("JPEG", "PNG", "WEBP"):
        whole = written(noise(random, 400, 300), form)
        for part in range(1, 25):
            yield whole[: len(whole) * part // 27]
    whole = written(noise(random, 200, 150), "PNG")
    for name in (b"IHDR", b"IDAT"):
        at = whole.index(name) + 6
        yield whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :]
    yield png(0, 100)
    yield png(100, 0)
    yield png(100, 100, kind=7)
    yield png(300, 200, pixels=b"\x09" * 181_000)[:-40]
    for image in (Image.new("RGB", (1, 1)), Image.new("RGB", (63, 500)), Image.new("RGB", (1000, 70))):
        yield from (written(image, form) for form in ("JPEG", "PNG", "WEBP"))


HOSTILE: tuple[Callable[[Random], Iterator[bytes]], ...] = (bombs, two_in_one, animated, other_kinds, broken)


def corpus(random: Random) -> list[Sent]:
    """Return every file, sound and hostile, the hostile ones under names of pictures."""
    sent = [*sound_ones(random), *odd_ones(random)]
    for make in HOSTILE:
        for number, content in enumerate(make(random)):
            ending = random.choice(("jpg", "jpeg", "png", "webp", "JPG"))
            sent.append(Sent(f"{make.__name__}-{number}.{ending}", content, sound=False))
    return sent


def mutations(random: Random, count: int) -> Iterator[bytes]:
    """Yield sound pictures with bytes changed, taken out, doubled and put elsewhere."""
    whole = [written(noise(random, 90, 70), form, **words(form)) for form in ("JPEG", "PNG", "WEBP")]
    whole.append(written(noise(random, 90, 70, "P"), "PNG"))
    whole.append(written(noise(random, 90, 70), "JPEG", progressive=True))
    for number in range(count):
        content = bytearray(whole[number % len(whole)])
        for _ in range(random.choice((1, 1, 2, 4, 16, 64))):
            at = random.randrange(12, len(content))
            match random.randrange(4):
                case 0:
                    content[at] ^= 1 << random.randrange(8)
                case 1:
                    content[at] = random.choice((0, 1, 0x7F, 0x80, 0xFF))
                case 2:
                    del content[at : at + random.randrange(1, 40)]
                case _:
                    content[at:at] = content[at : at + random.randrange(1, 40)]
            if len(content) < 40:
                break
        yield bytes(content)


def archives(random: Random) -> Iterator[bytes]:
    """Yield ZIP files that mean ill."""
    picture = written(noise(random, 90, 90), "JPEG")
    for name in ("../a.jpg", "/a.jpg", "a/../../b.jpg", "..\\a.jpg", "C:\\a.jpg", "a\x01.jpg", "\u202egpj.a"):
        yield zipped({name: picture})
    yield zipped({"a.jpg": zipped({"b.jpg": picture})})
    yield zipped({"a.jpg": bytes(50_000_000)})
    yield zipped({f"{n}.jpg": bytes(9_000_000) for n in range(20)})
    yield zipped({f"{n}.jpg": b"" for n in range(3_000)})
    yield zipped({"1/a.jpg": picture, "2/A.jpg": picture})
    yield zipped({"a.jpg": picture})[:-30]
    yield b"PK\x05\x06" + b"\xff" * 18
    yield b"PK\x03\x04" + random.randbytes(500)
    lying = bytearray(zipped({"a.jpg": bytes(5_000_000)}))
    at = lying.rindex(b"PK\x01\x02") + 24
    lying[at : at + 4] = struct.pack("<I", 9)
    yield bytes(lying)


def zipped(files: dict[str, bytes]) -> bytes:
    """Return files as a ZIP."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writing:
        for name, content in files.items():
            writing.writestr(name, content)
    return archive.getvalue()
