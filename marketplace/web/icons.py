"""Icons and rows of stars: references into one sprite, which browsers fetch once."""

import re
from functools import cache

from markupsafe import Markup

from marketplace.web.assets import STATIC, asset_url

SPRITE = "icons/sprite.svg"
STAR_WIDTHS = {3: 64, 4: 86, 5: 108}


@cache
def list_icons() -> frozenset[str]:
    """Return the names of the drawings in the sprite."""
    return frozenset(re.findall(r'<symbol id="([\w-]+)"', (STATIC / SPRITE).read_text()))


@cache
def icon(name: str) -> Markup:
    """Return an icon that stands beside a word; screen readers skip it.

    Raises KeyError for a name that is not in the sprite, so that a template with a wrong one fails.
    """
    if name not in list_icons():
        raise KeyError(name)
    return Markup('<svg class="i" aria-hidden="true"><use href="{}#{}"/></svg>').format(
        asset_url(SPRITE), name
    )


@cache
def star_row(stars: int) -> Markup:
    """Return a row of three to five stars; the words beside it say the number."""
    width = STAR_WIDTHS[stars]
    return Markup('<svg class="st" viewBox="0 0 {} 20" aria-hidden="true"><use href="{}#s{}"/></svg>').format(
        width, asset_url(SPRITE), stars
    )
