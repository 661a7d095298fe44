"""Style sheets as they are served: without what only their authors need."""

import re

_PARTS = re.compile(
    r"""(?P<text>"[^"]*"|'[^']*')|(?P<comment>/\*.*?\*/)|\s*(?P<sign>[{};,>])\s*|(?P<colon>:)\s+|(?P<space>\s+)""",
    re.DOTALL,
)


def shrink(sheet: str) -> str:
    """Return a style sheet without comments and needless spaces; quoted texts stay as they are."""
    return _PARTS.sub(_shrink_part, sheet).replace(";}", "}").strip()


def _shrink_part(part: re.Match[str]) -> str:
    kind = part.lastgroup
    if kind == "comment":
        return ""
    return " " if kind == "space" else part[str(kind)]
