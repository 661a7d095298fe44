"""What the tests of ordering share: two threads that want the same thing."""

from tests.accounts.conftest import race

__all__ = ["race"]
