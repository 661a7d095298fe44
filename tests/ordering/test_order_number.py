from hypothesis import given
from hypothesis import strategies as st

from marketplace.ordering.order_number import ALPHABET, draw_number, read_number, write_number

places = st.integers(0, 13)


def test_numbers_are_read_as_people_type_them() -> None:
    number = draw_number()
    assert len(number) == 14
    assert read_number(number) == number
    assert read_number(f" {write_number(number).lower()} ") == number
    assert read_number(number.replace("0", "o").replace("1", "l")) == number


@given(places, st.sampled_from(ALPHABET))
def test_a_wrong_character_is_noticed(place: int, letter: str) -> None:
    number = draw_number()
    typed = number[:place] + letter + number[place + 1 :]
    assert (read_number(typed) == number) == (typed == number)
    assert read_number(typed) is None or typed == number


@given(st.integers(0, 12))
def test_swapped_neighbours_are_noticed(place: int) -> None:
    number = draw_number()
    one, other = number[place], number[place + 1]
    swapped = number[:place] + other + one + number[place + 2 :]
    same = one == other or {one, other} == {ALPHABET[0], ALPHABET[31]}
    assert (read_number(swapped) is not None) == same


def test_what_is_no_number_is_none() -> None:
    for typed in ("", "7K4M2", "U" * 14, "7K4M2PQX8V3T9BB", "đơn hàng của tôi"):
        assert read_number(typed) is None


def test_numbers_tell_nothing_of_each_other() -> None:
    drawn = [draw_number() for _ in range(2_000)]
    assert len(set(drawn)) == 2_000
    assert len({number[:3] for number in drawn}) > 1_800
