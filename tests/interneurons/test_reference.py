"""What cells and synapses do, beside the NumPy reference that is stepped with the same spikes."""

import numpy as np
import pytest

from experiments.run.record import recording
from models.engine import device
from tests.interneurons.reference import KINDS, RATE, sigma
from tests.interneurons.simulation import EXACT, Beside, small, stimuli

IMAGES, NEVER = 5, 1e9
# All synapses that there may be, a soma that feels its apical dendrite, currents that are not 0.
ALL = {
    "G_SP": 0.4,
    "G_VP": 0.3,
    "W_VE": 5.0,
    "W_PX": 20.0,
    "g_a": 0.05,
    "E_SST": -2.0,
    "T_ref": 40.0,
}
MORE = {  # of each image: as usual; lit; weak; ACh in the forward phase; no volley at all
    "M_from": np.array([50.0, 50, 45, 50, NEVER]),
    "ACh_from": np.array([150.0, 150, 145, 40, NEVER]),
    "A_VIP": np.array([1, 1, 0.6, 1, 1]),
    "lights": np.array(
        [
            [0, 0, 0, 0, 0, 0],
            [0.5, -0.3, 0, -2, 90, 170],
            [-0.4, 0.2, 1, 0, 20, 60],
            [0, 0, -1, 0.5, 100, 130],
            [0, 0, 0, 3, 10, 50],
        ],
        float,
    ),
}
POTENTIALS = {
    "hidden_0": ("V", "V_a", "V_fb", "V_b"),
    **{f"{kind}_0": ("V",) for kind in KINDS},
    "output": ("V",),
}
CONDUCTANCES = {
    "hidden_0": ("g_PV", "g_SST"),
    "PV_0": ("g_PV", "g_SST", "g_VIP"),
    "SST_0": ("g_VIP",),
    "VIP_0": ("g_SST",),
}


@pytest.fixture(scope="module")
def beside():
    device.interpret()
    options, network = small(**ALL)
    record = recording(network, [kind for kind in network.records if kind != "errors"])
    program = network.program(IMAGES, record=record, device="runtime")
    return Beside(options, network, program, *stimuli(IMAGES), **MORE)


def close(found, expected, what=""):
    assert np.abs(expected).max() > 1e-3, f"{what} does nothing"
    np.testing.assert_allclose(found, expected, rtol=0, atol=EXACT, err_msg=what)


def test_all_cells_fire_and_all_kinds_of_plateaus_happen(beside):
    for name in beside.network.sizes:
        assert beside.raster(name).sum() > 10, f"{name} is silent"
    learned = np.array([image["learned"] for image in beside.expected])
    assert learned[-1].sum() == 0 < learned.sum()
    assert beside.steps("begins").sum() > beside.steps("ends").sum() > 0, "none was cut"


def test_potentials_are_those_of_the_reference(beside):
    for population, names in POTENTIALS.items():
        for name in names:
            found = beside.recorded("voltages", population, name)
            close(found, beside.steps(f"{name}_{population}"), f"{name} of {population}")


def test_conductances_are_those_of_the_reference(beside):
    for population, names in CONDUCTANCES.items():
        for name in names:
            found = beside.recorded("conductances", population, name)
            close(found, beside.steps(f"{name}_{population}"), f"{name} of {population}")


@pytest.mark.parametrize("kind, name", [("plateaus", "begins"), ("plateau_ends", "ends")])
def test_plateaus_begin_and_end_with_those_of_the_reference(beside, kind, name):
    np.testing.assert_array_equal(beside.raster("hidden_0", kind), beside.steps(name))


def test_plateaus_and_averages_are_those_of_the_reference(beside):
    for name in ("alpha_f", "alpha_t", "d_alpha", "learned"):
        expected = np.array([image[name] for image in beside.expected])
        close(beside.out.records["alphas", "hidden_0", name], expected, name)
    close(beside.out.answers, np.array([image["V_bar"] for image in beside.expected]))
    teaching = np.mean([image["learned"] > 0 for image in beside.expected], axis=1)
    np.testing.assert_array_equal(beside.out.measures["learning"], teaching)


def test_weights_and_all_that_goes_on_are_those_of_the_reference(beside):
    beside.check_state()
    for name, before in beside.start.items():
        if name in ("W_0", "b_0", "W_1", "b_1"):
            assert np.abs(beside.out.state[name] - before).max() > 1e-3, name
        elif name.startswith(("W", "Y")):
            np.testing.assert_array_equal(beside.out.state[name], before, name)


# T12
def test_a_plateau_is_the_mean_apical_potential_of_just_its_own_steps(beside):
    V_a, ends = (
        beside.recorded("voltages", "hidden_0", "V_a"),
        beside.raster("hidden_0", "plateau_ends"),
    )
    begins = beside.raster("hidden_0", "plateaus")
    checked = 0
    for step, cell in np.argwhere(ends):
        image, T_p = step // beside.length, 20
        assert begins[step - T_p + 1, cell], "it lasts 20 steps, and no more"
        last = not ends[step + 1 : (image + 1) * beside.length, cell].any()
        learned = beside.out.records["alphas", "hidden_0", "learned"][image, cell]
        if last and not learned:
            alpha = sigma(V_a[step - T_p + 1 : step + 1, cell].mean())
            kept = beside.out.records["alphas", "hidden_0", "alpha_f"][image, cell]
            assert abs(kept - alpha) < EXACT
            checked += 1
    assert checked > 5


def test_another_plateau_needs_a_rest(beside):
    begins = np.argwhere(beside.raster("hidden_0", "plateaus").T)
    cells, steps = begins.T
    apart = np.diff(steps)[np.diff(cells) == 0]
    assert apart.min() >= 1 + 40, "even if one was cut"


# T4
@pytest.mark.parametrize(
    "source, onto, G", [("PV", "E", 0.6), ("SST", "E", 5.0), ("VIP", "SST", 2.0)]
)
def test_presynaptic_cells_at_their_standard_rate_give_the_conductance_that_is_named(
    beside, source, onto, G
):
    target = "hidden_0" if onto == "E" else f"{onto}_0"
    weights = beside.start[f"W_{source}_{onto}_0"]
    np.testing.assert_allclose(weights.sum(axis=0), 1, rtol=1e-12)
    rate = beside.raster(f"{source}_0").mean(axis=0) @ weights  # in 1/ms
    g = beside.recorded("conductances", target, f"g_{source}").mean(axis=0)
    # exact decay by steps of 1 ms: a spike counts 1/(1 - exp(-1/tau)) - 1/2 steps, not tau
    np.testing.assert_allclose(g / (G * rate / RATE[source]), 1, atol=0.08)
