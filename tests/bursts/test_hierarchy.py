"""Interneurons, and the circuit of two populations: beside NumPy, synapse by synapse."""

import numpy as np
import pytest

from experiments.bursts import burst_hierarchy as study
from models.bursts import adaptive, hierarchy
from models.bursts.hierarchy import CURRENTS, Sizes, Weights
from models.engine import device
from models.engine.bench import alone
from models.engine.circuit import Population
from models.engine.recording import SPIKES, Recording
from models.engine.schedule import Schedule
from models.theory import Inputs
from tests.bursts import pyramids

DT, LASTS = 0.1, 400  # ms
STEPS = [60.0, 150.0, 300.0, 500.0]  # pA: of cells side by side
CELLS = {  # g_L, C, E_L, V_r, V_T, Delta, a, b, tau_w, t_ref: nS, pF, mV, pA, ms
    "SOM": (adaptive.SOM, (5, 100, -70, -65, -61.8, 4, 0.5, 10, 500, 2)),
    "PV": (adaptive.PV, (10, 100, -70, -55, -48, 2, 0, 0, 500, 1)),
}
STD, STF = (0.9, 20, 1000), (0.02, 100, 100)  # U, tau_D, tau_F
N, MS = 3, 60  # cells of each kind, all connected; ms
W = Weights(0.05, 0.06, 0.07, 0.37, 0.3, 0.035, 0.11, 0.12, 0.013, 0.017)
ARRIVES = {  # population, conductance -> where from, weight, dynamic part, static part
    ("pyr_2", "ge_s"): [("pyr_1", W.up, STD, 0)],
    ("PV", "ge"): [("pyr_1", W.to_PV, STD, 0)],
    ("pyr_2", "gi_s"): [("PV", 0, STD, W.from_PV)],
    ("pyr_1", "ge_d"): [("pyr_2", W.down, STF, W.down_static)],
    ("SOM", "ge"): [("pyr_2", W.to_SOM, STF, W.to_SOM_static)],
    ("pyr_1", "gi_d"): [("SOM", 0, STF, W.from_SOM), ("pyr_1", W.within_1, STF, 0)],
    ("pyr_2", "gi_d"): [("pyr_2", W.within_2, STF, 0)],
}


def order_of(*moments):
    return tuple(one for one in hierarchy.ORDER if one.moments[0] in moments)


def steps(count):
    return Schedule.of({"held": np.array([count])}, {}, hierarchy.DT)


def fired(x, g_L, C, E_L, V_r, V_T, Delta, a, b, tau_w, t_ref):
    """Steps at which a cell fires that gets a constant current x, by Euler steps."""
    V, w, held, found = E_L, 0.0, 0, []
    for step in range(round(LASTS / DT)):
        upstroke = g_L * Delta * np.exp((V - V_T) / Delta)
        dV = (g_L * (E_L - V) + upstroke - w + x) / C
        dw = (a * (V - E_L) - w) / tau_w
        V, w = V + DT * dV * (held == 0), w + DT * dw
        held = max(held - 1, 0)
        if V > 0:
            found.append(step)
            V, w, held = V_r, w + b, round(t_ref / DT)
    return found


@pytest.mark.parametrize("kind", CELLS)
def test_an_interneuron_fires_with_the_reference(kind):
    params, numbers = CELLS[kind]
    cell = adaptive.interneuron(hierarchy.DT, params, None)

    def prepare(group):
        group.x_ = np.array(STEPS) * 1e-12
        return []

    with device.interpreted(seed=1):
        seen = alone(
            Population(len(STEPS), cell, adaptive.events(cell)),
            order_of("grow", "move", "spike"),
            steps(round(LASTS / DT)),
            {},
            prepare,
            (),
        )
    for k, x in enumerate(STEPS):
        assert np.flatnonzero(seen.spikes[:, k]).tolist() == fired(x, *numbers), x
    counts = seen.spikes.sum(axis=0)
    assert counts[0] < counts[-1] and counts[-1] > 10  # else agreement says nothing


@pytest.fixture(scope="module")
def shown():
    """All cells driven into firing, without noise."""
    x = np.zeros((MS, len(CURRENTS)))
    for name, value in {"I_s_1": 2500, "I_s_2": 1500, "I_d_2": 600, "I_PV": 900}.items():
        x[:, CURRENTS.index(name)] = value
    x[20:, CURRENTS.index("I_SOM")] = 300
    x[:15, CURRENTS.index("I_s_1")] = 0
    record = Recording({"g": tuple({name for _, name in ARRIVES}), SPIKES: ()})
    with device.interpreted(seed=1):
        network = hierarchy.network(1, Sizes(N, N, 1.0), noisy=False)
        program = network.program(MS, record=record, device="runtime")
        given = Inputs(x, np.zeros(MS, dtype=int), hierarchy.state_of(W), 1)
        return program.run(given)


def spikes(shown, name):
    """Times of the first cell of a population (all are alike), ms."""
    times, cells = (shown.records[SPIKES, name, key] for key in "ti")
    assert len(times) == N * np.sum(cells == 0) > 0
    return times[cells == 0]


@pytest.mark.parametrize(("target", "name"), ARRIVES)
def test_spikes_arrive_through_synapses_of_each_pathway(shown, target, name):
    decay = np.exp(-DT / (5 if name.startswith("ge") else 10))  # as all that only decays
    step, expected = np.arange(10 * MS), 0
    for source, w, (U, tau_D, tau_F), static in ARRIVES[target, name]:
        times = spikes(shown, source)
        sent = N * (w * pyramids.sent(times, U, tau_D, tau_F) + static)
        since = step[:, None] - np.rint(times / DT)
        expected = expected + np.where(since >= 0, decay ** np.maximum(since, 0), 0) @ sent
    assert expected.max() > 0
    for cell in range(N):
        found = shown.records["g", target, name][:, cell]
        assert found == pytest.approx(expected, rel=1e-6, abs=1e-9)


def test_what_is_counted_is_what_cells_did(shown):
    for k in (1, 2):
        times = spikes(shown, f"pyr_{k}")
        soon = np.append(False, np.diff(times) < 16.05)
        bursts = np.sum(soon & ~np.append(False, soon[:-1]))
        counts = [shown.measures[f"{one}_{k}"].sum() for one in "EBS"]
        assert bursts and counts == [N * np.sum(~soon), N * bursts, N * len(times)]
    for kind in ("PV", "SOM"):
        assert shown.measures[f"S_{kind}"].sum() == N * len(spikes(shown, kind))
    sent = pyramids.sent(spikes(shown, "pyr_2"), *STF)
    assert study.share(shown.measures) == pytest.approx(sent.mean(), rel=1e-6)


def test_synapses_of_a_dendrite_are_driven_by_its_own_potential_or_by_the_soma():
    V_s, V_d, g = -60e-3, -75e-3, 0.1
    found = []
    for from_soma in (False, True):
        circuit = hierarchy.network(1, Sizes(N, N, 1.0), from_soma, noisy=False).circuit

        def prepare(group):
            group.V_s_, group.V_d_, group.ge_d, group.gi_d = V_s, V_d, g, 2 * g
            group.x_s_ = group.x_d_ = 0
            return []

        full = circuit.populations["pyr_1"]
        bare = Population(1, full.cell._replace(moments={}), {"spike": full.events["spike"]})
        order = order_of("move", "spike")
        with device.interpreted(seed=1):
            seen = alone(bare, order, steps(1), {}, prepare, ("V_d",))
        found.append(seen.traces["V_d"][0, 0])
    own, soma = found
    decayed = g * np.exp(-DT / 5) + 2 * g * np.exp(-DT / 10)
    assert soma - own == pytest.approx(decayed * 1e3 * (V_d - V_s) * DT / 7, rel=1e-5)


def test_what_is_taken_away():
    wired = study.CIRCUITS["found"]
    whole = study.changed(wired, "", None)
    assert whole == wired.weights
    for lesion, gone in study.LESIONS.items():
        left = study.changed(wired, lesion, None)
        assert {n for n in whole._fields if getattr(left, n) != getattr(whole, n)} == set(gone)
    static = study.changed(wired, study.STATIC, 0.1)
    assert (static.down, static.down_static) == pytest.approx((0, 0.1 * whole.down))
    assert (static.to_SOM, static.to_SOM_static) == pytest.approx((0, 0.1 * whole.to_SOM))


def test_a_third_signal_is_taken_out_of_a_correlation():
    z, noise, other = np.random.default_rng(1).normal(size=(3, 100_000))
    x, y = z + noise, z + other
    assert study.partial(x, y, z) == pytest.approx(0, abs=0.02)
    assert study.partial(x, z + noise + other, z) == pytest.approx(0.5**0.5, abs=0.02)
