"""How much of a producer's sheet is taken at once, and how long a tried one waits."""

from datetime import timedelta

MOST_BYTES = 5_000_000
MOST_ROWS = 2_000
MOST_LETTERS = 2_000_000
"""Characters of all cells together: what is kept until it is confirmed."""
KEPT_FOR = timedelta(hours=2)
MOST_NEW_PICTURES = 40
"""Pictures made ready in one request, which takes about half a second for each."""
