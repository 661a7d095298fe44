"""What a print is printed on: grounds by group, a pattern, a frame around the motif."""

# Paths are one piece of drawing each; wrapped or spread out they say no more.
# ruff: noqa: E501
# fmt: off
CREAM, IVORY = "#f6f1e1", "#fffdf4"

# Ground, pattern, medallion.
SCHEMES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "thuc-pham": (
        ("#e9c46a", "#ddaf45", CREAM), ("#efc9a4", "#e4b384", CREAM), ("#e8ddb5", "#dbcb92", IVORY),
        ("#d9dfb4", "#c5cd97", IVORY),
    ),
    "do-uong": (("#b7d8c6", "#9ac6ae", CREAM), ("#c9ddb2", "#b2cb94", IVORY), ("#d6cfe0", "#c1b7cf", IVORY)),
    "duoc-lieu": (("#cfe0c3", "#b8cfa7", CREAM), ("#bfd9cf", "#a3c6b8", IVORY), ("#e2d9b8", "#d2c69a", CREAM)),
    "thu-cong": (("#e6c9a8", "#d8b48b", CREAM), ("#dcc3b0", "#cbab92", IVORY), ("#cbd5c9", "#b4c2b2", IVORY)),
    "sinh-vat-canh": (("#f0c4bc", "#e5aba0", CREAM), ("#d5d9ea", "#bfc5dd", IVORY)),
    "du-lich": (("#bbd8dd", "#9fc6cd", CREAM), ("#f0d2a0", "#e4be7e", IVORY)),
}

# Tiles of 40 × 40.
PATTERNS: dict[str, str] = {
    "thuc-pham": "M0 40a20 20 0 0 1 40 0M8 40a12 12 0 0 1 24 0M16 40a4 4 0 0 1 8 0M-20 20a20 20 0 0 1 40 0a20 20 0 0 1 40 0M-12 20a12 12 0 0 1 24 0M28 20a12 12 0 0 1 24 0",
    "do-uong": "M20 4c8 10 8 16 0 20c-8-4-8-10 0-20zM0 24c8 10 8 16 0 20c-8-4-8-10 0-20zM40 24c8 10 8 16 0 20c-8-4-8-10 0-20z",
    "duoc-lieu": "M10 36V18M10 28q-8-2-8-10q8 2 8 10M10 22q8-2 8-10q-8 2-8 10M30 18V0M30 10q-8-2-8-10M30 6q8-2 8-10",
    "thu-cong": "M0 10h20M0 20h20M0 30h20M25 20v20M30 20v20M35 20v20M20 0h20M20 10h20M5 30v10M10 30v10M15 30v10",
    "sinh-vat-canh": "M4 10a6 6 0 1 0 12 0a6 6 0 1 0-12 0M24 30a6 6 0 1 0 12 0a6 6 0 1 0-12 0M10 10h0M30 30h0",
    "du-lich": "M-10 14q10-12 20 0t20 0t20 0M-10 34q10-12 20 0t20 0t20 0",
}

MEDALLIONS: tuple[str, ...] = (
    "M42 200a158 158 0 1 0 316 0a158 158 0 1 0-316 0z",
    "M138 44h124l94 94v124l-94 94H138l-94-94V138z",
    "M52 352V196a148 148 0 0 1 296 0v156z",
    "M200 40a52 52 0 0 1 80 33a52 52 0 0 1 47 47a52 52 0 0 1 33 80a52 52 0 0 1-33 80a52 52 0 0 1-47 47a52 52 0 0 1-80 33a52 52 0 0 1-80-33a52 52 0 0 1-47-47a52 52 0 0 1-33-80a52 52 0 0 1 33-80a52 52 0 0 1 47-47a52 52 0 0 1 80-33z",
)
