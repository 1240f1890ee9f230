"""A formula is worked out once, and is that of its own equations and integrator."""

import pytest
from brian2 import Equations
from brian2.stateupdaters.base import StateUpdateMethod

from models.engine import integration

GATED = "dv/dt = (m*m - v)/tau : 1\ndm/dt = (1/(1 + exp(-v)) - m)/tau : 1"
NAMES = {"exact": "exponential_euler", "euler": "euler", "rk4": "rk4"}


@pytest.mark.parametrize("name", NAMES)
def test_potentials_are_stepped_as_brian2_does_it_whatever_was_asked_for_before(name):
    equations = Equations(GATED)
    own = StateUpdateMethod.stateupdaters[NAMES[name]](equations, None)
    for each in (*NAMES, name, name):
        found = integration.integrate(each)(equations)
    assert found == own


def test_a_formula_is_worked_out_once_and_that_of_other_equations_again():
    known = len(integration._solved)
    texts = ("dv/dt = (5 - v**3)/tau : 1", "dv/dt = (6 - v**3)/tau : 1")
    codes = [integration.integrate("rk4")(Equations(text)) for text in texts * 2]
    assert codes[:2] == codes[2:] and codes[0] != codes[1]
    assert len(integration._solved) == known + 2


def test_an_integrator_that_is_a_whole_text_is_refused_in_a_sentence():
    with pytest.raises(ValueError, match="unknown integrator") as caught:
        integration.integrate("dV/dt = -V/tau : volt\n" * 100)
    assert len(str(caught.value)) < 500


def test_noise_is_drawn_in_one_order_whatever_the_order_of_a_set():
    names = [f"xi_{letter}" for letter in "hgfedcba"]
    flow = " + ".join(f"{name}*tau**-0.5" for name in names)
    code = integration.integrate("euler")(Equations(f"dv/dt = {flow} : 1"))
    drawn = [line.split(" ")[0] for line in code.splitlines() if "randn" in line]
    assert drawn == sorted(names)
