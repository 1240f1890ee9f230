"""The one table of units: sizes and factors, as Brian2 has them."""

import brian2
import pytest
from brian2 import Hz, Quantity, kelvin, ms, mV, nS, ohm, pA, pF

from models import units


@pytest.mark.parametrize("unit", units.UNITS, ids=[unit.text for unit in units.UNITS])
def test_a_unit_is_of_the_size_and_the_dimensions_that_brian2_gives_it(unit):
    assert unit.size * unit.factor == pytest.approx(1, rel=1e-15)
    text = unit.text.replace("^", "**").replace("V m", "V*m")
    told = Quantity(eval(text, {**vars(brian2), "kHz": brian2.kHz}))
    assert told.dim == unit.dim
    assert float(told) == pytest.approx(unit.size, rel=1e-12)


def test_no_unit_has_the_name_of_another():
    assert len(units.NAMED) == len(units.UNITS)


@pytest.mark.parametrize(
    "quantity, told",
    [
        (3 * mV, (3, "mV")),
        (20 * ms, (20, "ms")),
        (200 * Hz, (200, "Hz")),
        (0.5, (0.5, "1")),
        (7, (7, "1")),
        (2 * mV * ms, (2, "mV ms")),
        (0.2 * mV / ms, (0.2, "mV/ms")),
        (500 * ms**2, (500, "ms^2")),
        (100 * pF, (100, "pF")),
    ],
)
def test_a_quantity_is_told_in_the_first_unit_that_fits(quantity, told):
    value, text = units.number(quantity)
    assert (value, text) == (pytest.approx(told[0], rel=1e-12), told[1])


def test_a_quantity_may_be_told_in_a_unit_of_that_name():
    assert units.number(0.6 / ms, "1/ms") == (pytest.approx(0.6), "1/ms")
    assert units.number(0.6 / ms) == (pytest.approx(600), "Hz")
    assert units.written(100 * pF) == "100 pF" and units.written(0.1 / ms, "1/ms") == "0.1 1/ms"
    assert units.written(0.2 * mV / ms) == "0.2 mV/ms"


def test_a_unit_of_other_dimensions_is_refused():
    with pytest.raises(brian2.DimensionMismatchError):
        units.number(3 * mV, "ms")


@pytest.mark.parametrize(
    "quantity, told",
    [
        (5e-4 / (mV * ms**2), (0.0005, "1/(mV ms^2)")),
        (3 * mV**2 / ms, (3, "mV^2/ms")),
        (2 * pA / mV**2, (0.002, "nA/mV^2")),
        (2 * mV * kelvin / ms, (2, "mV K/ms")),
        (4 * nS / ms, (4, "nS/ms")),
        (5 * ohm, (5, "ohm")),
    ],
)
def test_what_has_no_name_is_told_in_mV_ms_nA_and_nS(quantity, told):
    value, text = units.number(quantity)
    assert (value, text) == (pytest.approx(told[0], rel=1e-12), told[1])
    assert units.of(quantity).size == pytest.approx(float(quantity) / told[0], rel=1e-12)


def test_what_the_table_does_not_have_is_told_as_brian2_would():
    for quantity, told in (
        (3 * brian2.joule, "J"),
        (2 * brian2.kelvin, "K"),
        (4 * brian2.coulomb, "C"),
    ):
        assert units.number(quantity) == (pytest.approx(float(quantity)), told)
