"""Shares of local material: computed from inputs, through source lots, and never claimed beyond them."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.traceability.lots.models import LotInput, MeasureUnit
from marketplace.traceability.lots.shares import Shares, share_of_material
from marketplace.traceability.zones.models import MaterialZone

KG, LITRE, PIECE = MeasureUnit.KILOGRAM, MeasureUnit.LITRE, MeasureUnit.PIECE
COMMUNE, PROVINCE = 11, 1
HERE, NEAR, FAR, NOWHERE = (COMMUNE, PROVINCE), (12, PROVINCE), (21, 2), (None, None)
PLACES = (HERE, NEAR, FAR, NOWHERE)


def used(
    place: tuple[int | None, int | None], quantity: Any = 1, uom: MeasureUnit | None = KG, **more: Any
) -> LotInput:
    """Return material bought at a place."""
    amount = None if quantity is None else Decimal(quantity)
    return LotInput(
        material="x",
        bought_from="y",
        commune_id=place[0],
        province_id=place[1],
        quantity=amount,
        uom=uom,
        zone=None,
        **more,
    )


def grown(place: tuple[int | None, int | None], quantity: Any = 1, uom: MeasureUnit = KG) -> LotInput:
    """Return material from a zone that lies at a place."""
    zone = MaterialZone(commune_id=place[0], province_id=place[1])
    return LotInput(material="x", zone=zone, quantity=Decimal(quantity), uom=uom)


def taken(lot_id: int, quantity: Any = 1) -> LotInput:
    """Return material from another lot."""
    return LotInput(material="x", source_lot_id=lot_id, quantity=Decimal(quantity), uom=KG, zone=None)


def shares(*inputs: LotInput, **others: list[LotInput]) -> Shares:
    by_lot = {1: list(inputs)} | {int(name.removeprefix("lot")): given for name, given in others.items()}
    return share_of_material(1, by_lot, COMMUNE, PROVINCE)


def percent(commune: Any, province: Any, unknown: Any) -> Shares:
    return Shares(Decimal(str(commune)), Decimal(str(province)), Decimal(str(unknown)))


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ([], percent(0, 0, 100)),
        ([grown(HERE)], percent(100, 100, 0)),
        ([grown(NEAR)], percent(0, 100, 0)),
        ([grown(FAR)], percent(0, 0, 0)),
        ([used(NOWHERE)], percent(0, 0, 100)),
        ([grown(HERE, 3), grown(NEAR, 1)], percent(75, 100, 0)),
        ([grown(HERE, 1), used(FAR, 1), used(NOWHERE, 1)], percent(33.3, 33.3, 33.3)),
        ([grown(HERE, 1), used(HERE, 2, LITRE)], percent(100, 100, 0)),
        ([grown(HERE, 1), used(FAR, 1, LITRE)], percent(50, 50, 0)),
        ([grown(HERE, 1), used(FAR, 1, PIECE)], percent(0, 0, 100)),
        ([grown(HERE, 3, PIECE), used(FAR, 1, PIECE)], percent(75, 75, 0)),
        ([grown(HERE, 1), used(HERE, None, None)], percent(100, 100, 0)),
        ([grown(HERE, 1), used(FAR, None, None)], percent(0, 0, 100)),
        ([taken(2)], percent(0, 0, 100)),
    ],
)
def test_shares(inputs: list[LotInput], expected: Shares) -> None:
    assert shares(*inputs) == expected


def test_material_of_a_lot_is_what_it_was_made_of() -> None:
    halves = [grown(HERE, 5), used(FAR, 5)]
    assert shares(taken(2, 8), grown(HERE, 2), lot2=halves) == percent(60, 60, 0)
    deep = shares(taken(2), lot2=[taken(3)], lot3=[grown(NEAR)])
    assert deep == percent(0, 100, 0)
    diamond = shares(taken(2), taken(3), lot2=[taken(4)], lot3=[taken(4)], lot4=[grown(HERE)])
    assert diamond == percent(100, 100, 0)


def test_a_circle_that_somebody_forced_into_the_books_ends() -> None:
    assert shares(taken(2), lot2=[taken(1)]) == percent(0, 0, 100)


def test_lots_that_went_into_one_by_many_ways_are_reckoned_once() -> None:
    """Two ways at each of sixty steps are more ways than anybody could walk."""
    steps = {f"lot{number}": [taken(number + 1), taken(number + 1, 2)] for number in range(2, 62)}
    assert shares(taken(2), **steps, lot62=[grown(HERE)]) == percent(100, 100, 0)


def test_a_product_whose_place_is_unsure_has_no_local_material() -> None:
    by_lot = {1: [grown(HERE)]}
    assert share_of_material(1, by_lot, None, PROVINCE) == percent(0, 100, 0)
    assert share_of_material(1, by_lot, COMMUNE, None) == percent(0, 0, 0)
    assert share_of_material(1, by_lot, None, None).elsewhere == 100


INPUTS = st.lists(
    st.builds(
        used,
        st.sampled_from(PLACES),
        st.none() | st.decimals("0.001", 10**6, places=3, allow_nan=False),
        st.sampled_from(MeasureUnit),
    ),
    max_size=6,
)


@settings(deadline=None)
@given(INPUTS)
def test_shares_add_up_and_claim_nothing_too_much(inputs: list[LotInput]) -> None:
    found = shares(*inputs)
    assert 0 <= found.commune <= found.province <= 100
    assert 0 <= found.unknown <= 100
    assert 0 <= found.elsewhere <= 100
    weighed = [(one, one.quantity) for one in inputs]
    if all(amount is not None for _, amount in weighed) and {one.uom for one in inputs} == {KG}:
        total = sum((amount or Decimal(0) for _, amount in weighed), Decimal(0))
        near = (amount or Decimal(0) for one, amount in weighed if one.province_id == PROVINCE)
        local = sum(near, Decimal(0))
        assert 0 <= local * 100 / total - found.province < Decimal("0.1")


@settings(deadline=None)
@given(INPUTS, st.integers(1, 1000))
def test_a_lot_that_is_all_of_another_has_its_shares(inputs: list[LotInput], quantity: int) -> None:
    assert shares(taken(2, quantity), lot2=inputs) == shares(*inputs)
