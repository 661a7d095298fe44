"""Guessing sets by name."""

import csv
from importlib.resources import files

import pytest

from marketplace.catalogue.classification import reviewed_sets
from marketplace.upkeep.importing.set_words import ALCOHOL_SETS, infer_set, speaks_of_alcohol

SHIPPED = files("marketplace") / "data" / "register" / "products.csv"


@pytest.mark.parametrize(
    "name",
    [
        "Rượu mơ Yên Tử",
        "RƯỢU Làng Vân",
        "Vang sim rừng",
        "Bia Đá Bạc",
        "Mật hoa dừa lên men",
        "Ruou Sim",
        "Vodka Men",
    ],
)
def test_alcohol_is_heard(name: str) -> None:
    assert speaks_of_alcohol(name)
    assert infer_set(name) in ALCOHOL_SETS


@pytest.mark.parametrize(
    "name", ["Bò sốt vang", "Gạo Vàng", "Chè Lam", "Biang Biang", "Cam Hòa Vang", "Vành khuyên"]
)
def test_words_that_only_look_like_alcohol(name: str) -> None:
    assert not speaks_of_alcohol(name)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("Nước mắm Ba Làng", 9),
        ("Chè lam Phủ Quảng", 6),
        ("Homestay Bản Lác", 26),
        ("Xyz", None),
    ],
)
def test_sets_by_words(name: str, number: int | None) -> None:
    assert infer_set(name) == number


def test_the_guess_agrees_with_the_reviewed_sets_and_misses_no_alcohol() -> None:
    rows = list(csv.DictReader(SHIPPED.read_text(encoding="utf-8").splitlines()))
    guesses = {row["id"]: infer_set(row["name"]) for row in rows}
    reviewed = reviewed_sets()
    alcohol = {key for key, number in reviewed.items() if number in ALCOHOL_SETS}
    assert alcohol <= {key for key, number in guesses.items() if number in ALCOHOL_SETS}
    right = sum(guesses[row["id"]] == reviewed[row["id"]] for row in rows)
    assert right / len(rows) > 0.85
