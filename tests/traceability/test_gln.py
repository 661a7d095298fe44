"""Location numbers of GS1."""

import pytest

from marketplace.traceability.codes.gln import read_gln
from marketplace.traceability.errors import InvalidGln


@pytest.mark.parametrize("typed", ["9521321000001", " 952-1321.00000 1 "])
def test_thirteen_digits_are_a_location(typed: str) -> None:
    assert read_gln(typed) == "9521321000001"


@pytest.mark.parametrize(
    "typed", ["", "9521321000002", "952132100000", "09521321000001", "952132100000x", "²²²²²²²²²²²²²"]
)
def test_all_else_is_refused(typed: str) -> None:
    with pytest.raises(InvalidGln) as refusal:
        read_gln(typed)
    assert refusal.value.status == 422
