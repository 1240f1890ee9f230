"""A kind of cell: what varying it changes, what it refuses, and what its text determines."""

import pytest
from brian2 import Hz, Quantity, ms, mV

from models.engine.cell import Cell
from models.engine.device import ModelError
from models.engine.populations import resting
from models.segregated.parameters import Biophysics
from models.segregated.pyramidal import HIDDEN

LEAKY = Cell.of(
    {"soma": "dV/dt = (E - V)/tau : volt  # potential", "twice": "U = 2*V : volt"},
    {"onset": "V = E"},
    constants={"E": -3 * mV, "tau": 10 * ms},
    rest={"V": "E"},
)


def test_varying_replaces_what_has_the_name_and_leaves_the_rest_and_the_old_cell_alone():
    other = LEAKY.vary(parts={"twice": "U = 3*V : volt"}, moments={"spike": "V = 0*mV"})
    assert other.parts == {"soma": LEAKY.parts["soma"], "twice": "U = 3*V : volt"}
    assert other.moments == {"onset": "V = E", "spike": "V = 0*mV"}
    assert LEAKY.parts["twice"] == "U = 2*V : volt" and "spike" not in LEAKY.moments
    assert other._replace(parts=LEAKY.parts, moments=LEAKY.moments) == LEAKY


def test_what_comes_after_its_own_statements_is_added():
    other = LEAKY.then({"more": "q : 1"}, {"onset": "q = 0", "spike": "q += 1"})
    assert other.moments == {"onset": "V = E\nq = 0", "spike": "q += 1"}
    assert other.equations.names == {"V", "U", "q"}


def test_parts_and_moments_cannot_be_changed():
    for mapping in (LEAKY.parts, LEAKY.moments, LEAKY.vary(parts={"a": "b : 1"}).parts):
        with pytest.raises(TypeError):
            mapping["soma"] = ""


def test_every_parameter_has_a_unit_and_cannot_change():
    params = Biophysics()
    assert all(isinstance(value, Quantity) for value in params)
    with pytest.raises(AttributeError):
        params.g_a = 1 / ms


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"params": {"g_x": 1 / ms}}, "unknown parameter 'g_x'"),
        ({"params": {"g_a": 1 * mV}}, "is a quantity such as"),
        ({"parts": {"soma": 3}}, "must be a string"),
        ({"moments": "V = 0*mV"}, "a dict of names"),
    ],
)
def test_a_mistake_in_a_variant_is_named(change, message):
    with pytest.raises(ValueError, match=message):
        HIDDEN.vary(**change)


def test_a_word_that_is_no_attribute_is_refused():
    with pytest.raises(TypeError, match="has no 'part'"):
        HIDDEN.vary(part={})


def test_a_name_in_two_parts_is_refused():
    with pytest.raises(ModelError):
        _ = HIDDEN.vary(parts={"more": "V_a = psp_a + c : volt"}).equations


def test_the_symbols_of_a_cell_are_its_parameters_what_follows_from_them_and_its_constants():
    fast = HIDDEN.vary(params={"phi_max": 400 * Hz}, constants={"theta": 2 * mV})
    assert fast.namespace["phi_max"] == 400 * Hz and fast.namespace["theta"] == 2 * mV
    assert fast.namespace["P_0"] == 20 / (400 * Hz)


def test_clearing_sets_what_moves_and_what_has_a_rest():
    other = LEAKY.vary(parts={"held": "q : 1\nr : 1"}, rest={"r": "5"})
    assert other.clear.splitlines() == ["V = E", "r = 5"]


def test_a_cell_rests_where_its_text_says_and_not_where_only_a_network_could():
    lit = LEAKY.vary(parts={"light": "L = images(example*dt, i)*mV : volt"})
    assert resting(lit, ("V", "U", "L", "nothing")) == pytest.approx({"V": -3, "U": -6})
