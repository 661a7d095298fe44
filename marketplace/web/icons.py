"""Icons and rows of stars: references into sprites, which browsers fetch once.

What only workspace and office show lies in a sprite of its own, so that buyers need not fetch it.
"""

import re
from functools import cache

from markupsafe import Markup

from marketplace.web.assets import STATIC, asset_url

SPRITE = "icons/sprite.svg"
WORK_SPRITE = "icons/work.svg"
STAR_WIDTHS = {3: 64, 4: 86, 5: 108}


@cache
def list_icons() -> dict[str, str]:
    """Return the names of the drawings, each with the sprite it lies in."""
    return {
        name: sprite
        for sprite in (WORK_SPRITE, SPRITE)
        for name in re.findall(r'<symbol id="([\w-]+)"', (STATIC / sprite).read_text())
    }


@cache
def icon(name: str) -> Markup:
    """Return an icon that stands beside a word; screen readers skip it.

    Raises KeyError for a name that is in no sprite, so that a template with a wrong one fails.
    """
    sprite = list_icons()[name]
    return Markup('<svg class="i" aria-hidden="true"><use href="{}#{}"/></svg>').format(
        asset_url(sprite), name
    )


@cache
def star_row(stars: int) -> Markup:
    """Return a row of three to five stars; the words beside it say the number."""
    width = STAR_WIDTHS[stars]
    return Markup('<svg class="st" viewBox="0 0 {} 20" aria-hidden="true"><use href="{}#s{}"/></svg>').format(
        width, asset_url(SPRITE), stars
    )
