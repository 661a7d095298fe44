"""Turning a stranger's file into a picture of ours: slow, pure, outside units of work."""

import hashlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from threading import BoundedSemaphore

from marketplace import text
from marketplace.media import limits
from marketplace.media.errors import REFUSALS, PictureDamaged, PictureTooHeavy
from marketplace.media.kinds import require_picture
from marketplace.settings import PROJECT

MOST_AT_ONCE = 2
"""Pictures that one process of the server has opened at the same time; the others wait."""

CHILD = ["-m", "marketplace.media.child"]
_places = BoundedSemaphore(MOST_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture ready to be kept: its size in pixels at its widest, and its files by width and form.

    `digest` is of the file it was made from, which is kept nowhere: the same file sent twice is known by it.
    """

    width: int
    height: int
    digest: str
    files: Mapping[tuple[int, str], bytes]

    @property
    def widths(self) -> list[int]:
        """The widths it is kept in, the smallest first."""
        return sorted({width for width, _ in self.files})


def digest_of(content: bytes) -> str:
    """Return by what a file is known again."""
    return hashlib.sha256(content).hexdigest()


def encode(content: bytes, name: str = "") -> Encoded:
    """Return a picture in all its widths and forms, without what the camera noted, upright, in sRGB.

    Takes about a second of a process of its own with bounded memory. Raises a PictureRefused that carries
    the file's `name`: PictureEmpty, PictureTooLarge, PictureOfOtherKind, PictureMixed, PictureAnimated,
    PictureTooManyPixels, PictureTooSmall, PictureTooNarrow, PictureDamaged or PictureTooHeavy.
    """
    name = text.clean(name)[:120]
    require_picture(content, name)
    with _places:
        answer = io.BytesIO(_ask_child(content, name))
    files: dict[tuple[int, str], bytes] = {}
    width = height = 0
    while line := answer.readline():
        told = json.loads(line)
        if "refused" in told:
            raise REFUSALS[told["refused"]](**{**told["parameters"], "name": name})
        files[told["width"], told["form"]] = answer.read(told["bytes"])
        width, height = told["width"], told["height"]
    return Encoded(width, height, digest_of(content), files)


def _ask_child(content: bytes, name: str) -> bytes:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    try:
        done = subprocess.run(  # noqa: S603 - our own module, without arguments
            [sys.executable, *CHILD],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=limits.WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PictureTooHeavy(name=name) from error
    if done.returncode < 0:
        raise PictureTooHeavy(name=name)
    if done.returncode:
        raise PictureDamaged(name=name)
    return done.stdout
