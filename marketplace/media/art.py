"""Woodblock prints (tranh Đông Hồ) drawn from a product that has no photograph.

The same product always gets the same print: its name, set and group choose the motif, its slug the
ground, the pattern and the frame. Colours sit a little off the ink, as on a hand-printed sheet.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from marketplace.media.motif_words import choose_motif
from marketplace.media.motifs import MOTIFS
from marketplace.media.motifs.drawing import INK, MAIN, Motif
from marketplace.media.motifs.paper import MEDALLIONS, PATTERNS, SCHEMES

RELEASE = "1"
"""Part of every picture's address; to be raised when drawings change."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a print is drawn from."""

    slug: str
    name: str
    set_number: int | None = None
    group_slug: str | None = None

    @property
    def version(self) -> str:
        """Return a short text that changes whenever the print would."""
        told = f"{RELEASE}|{self.name}|{self.set_number}|{self.group_slug}"
        return hashlib.blake2b(told.encode(), digest_size=4).hexdigest()


@lru_cache(maxsize=4096)
def draw(subject: Subject) -> str:
    """Return the print of a product as an SVG document of about 1.5 kB."""
    seed = hashlib.sha256(subject.slug.encode()).digest()
    motifs, colours = choose_motif(subject.name, subject.set_number, subject.group_slug)
    motif = MOTIFS[motifs[seed[4] % len(motifs)]]
    colour = colours[seed[5] % len(colours)]
    return _frame(seed, subject.group_slug or "thuc-pham", _print(motif, colour))


def _print(motif: Motif, main: str) -> str:
    areas = "".join(
        f'<path d="{path}" fill="{main if fill == MAIN else fill}"/>' for path, fill in motif.areas
    )
    ink = "".join(f'<path d="{path}"/>' for path, _ in motif.areas) + f'<path d="{"".join(motif.lines)}"/>'
    return (
        f'<g transform="translate(5 4)">{areas}</g><g fill="none" stroke="{INK}" stroke-width="5" '
        f'stroke-linejoin="round" stroke-linecap="round">{ink}</g>'
    )


def _frame(seed: bytes, group: str, print_: str) -> str:
    schemes = SCHEMES.get(group, SCHEMES["thuc-pham"])
    ground, pattern, paper = schemes[seed[0] % len(schemes)]
    medallion = MEDALLIONS[seed[1] % len(MEDALLIONS)]
    turn, scale = (0, 45, 0, 90)[seed[2] % 4], 1 + (seed[3] % 3) * 0.25
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400"><defs>'
        '<pattern id="p" width="40" height="40" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate({turn}) scale({scale})">'
        f'<path fill="none" stroke="{pattern}" stroke-width="2.5" stroke-linecap="round" '
        f'd="{PATTERNS.get(group, PATTERNS["thuc-pham"])}"/></pattern></defs>'
        f'<path fill="{ground}" d="M0 0h400v400H0z"/><path fill="url(#p)" d="M0 0h400v400H0z"/>'
        f'<path fill="{INK}" opacity=".16" transform="translate(6 7)" d="{medallion}"/>'
        f'<path fill="{paper}" stroke="{INK}" stroke-width="4" d="{medallion}"/>{print_}</svg>'
    )
