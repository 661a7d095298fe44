"""Says what the tests run with, and fetches what is missing: `python -m tests.environment`."""

import sys

from playwright.sync_api import sync_playwright

from tests.environment.chromium import find_chromium
from tests.environment.postgres import find_binaries


def main() -> int:
    """Find or fetch PostgreSQL and Chromium; return 1, saying what to install, where that fails."""
    try:
        print(f"PostgreSQL: {find_binaries()}")  # noqa: T201
        with sync_playwright() as playwright:
            print(f"Chromium:   {find_chromium(playwright)}")  # noqa: T201
    except RuntimeError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
