"""What a picture may be, and in which widths and forms it is kept."""

WIDTHS = (200, 400, 800, 1200)
"""Pixels; a picture is never enlarged, so a small one has fewer, its own width being the last."""

FORMS = ("avif", "webp", "jpg")
"""The best first; a browser takes the first that it knows."""

MAX_BYTES = 12_000_000
MIN_SIDE = 64
MAX_SIDE = 16_000
MAX_RATIO = 3

MAX_MEGAPIXELS = {"JPEG": 50, "progressive JPEG": 20, "PNG": 12, "WEBP": 10}
"""By kind, after what opening one costs: a JPEG is made smaller while it is read, a WebP held thrice."""

CPU_SECONDS = 20
WALL_SECONDS = 30
MEMORY_BYTES = 240_000_000
