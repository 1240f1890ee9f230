"""Exclusive-or: the network beside NumPy step by step, its cells' chances, its lessons."""

import numpy as np
import pytest
from brian2 import Hz, pA

from experiments.bursts import burst_xor
from models.bursts import burst_poisson, exclusive_or
from models.bursts.exclusive_or import Task
from models.engine import device
from models.engine.bench import alone
from models.engine.circuit import Event, Population, Sweep
from models.engine.recording import Recording
from models.engine.schedule import Schedule
from models.theory import Inputs

DT = 0.5
# Few cells without background, so driven that all layers fire, and that bounds are crossed.
SMALL = Task(
    n_cells=6,
    p_connect=0.7,
    w_0=1.4,
    w_i=0.1,
    w_max=1.6,
    I_T=600 * pA,
    e_max=9 * Hz,
    r_min=8 * Hz,
    r_max=9 * Hz,
)._replace(eta=(0.05, 0.04), k_min=0.3)
GIVEN = np.array(  # a bin each: currents, target, teacher, rate of learning
    [(900, 500, 1, 0, 0), (900, 900, 1, 1, 1), (-100, 900, 0, 1, 0.5), (1200, 1100, 0, 1, 1)]
    + [(-900, -900, 1, 1, 1)]
)


@pytest.fixture(scope="module")
def played():
    """The network, its state after all bins, and what cells did in each step."""
    device.interpret()
    network = exclusive_or.network(SMALL, 3, noise=False)
    record = Recording({"seen": ("V_s", "V_d", "age", "due")})
    program = network.program(len(GIVEN), device="runtime", record=record)
    labels = np.zeros(len(GIVEN), dtype=int)
    out = program.run(Inputs(GIVEN, labels, network.start(3), 3, learns=True))
    return network, out


def happened(age, due):
    """Events and bursts, of shape (steps, cells): what is due comes, all else is an event."""
    late = np.vstack([np.zeros_like(due[:1]), due[:-1]])
    before = np.vstack([np.full_like(age[:1], 10**5), age[:-1]])
    bursts = (late > 0) & (before + 1 == late)
    return (age == 0) & ~bursts, bursts


def matrix(pairs, values, shape):
    """Synapses as a matrix, 0 where there is none."""
    found = np.zeros(shape)
    found[pairs] = values
    return found


class Layer:
    """Cells in NumPy, forward Euler: mV, pA, ms; decays are exact and come first."""

    def __init__(self, cells, I_s, I_d):
        zero = np.zeros(cells)
        self.V_s, self.V_d = zero - 70, zero - 70
        self.w_s, self.w_d, self.m, self.Etr = (zero.copy() for _ in range(4))
        self.g = {name: zero.copy() for name in ("e_s", "i_s", "e_d", "i_d")}
        self.E, self.B, self.age = zero + 5, zero + 1, zero + 10**5
        self.I_s, self.I_d = zero + I_s, zero + I_d

    def step(self, extra=0.0):
        self.age += 1
        for name, g in self.g.items():
            g *= np.exp(-DT / (5 if name[0] == "e" else 10))
        for value, tau in ((self.w_s, 100), (self.m, 27), (self.Etr, 200)):
            value *= np.exp(-DT / tau)
        for value in (self.E, self.B):
            value *= np.exp(-DT / 1000)
        g, free = self.g, self.age > 40.5
        pull = [-70 - V - g[f"e_{x}"] * V - g[f"i_{x}"] * (V + 80) for x, V in self.potentials]
        dV_s = pull[0] / 16 + (self.w_s + self.I_s) / 370
        dV_d = pull[1] / 7 + (self.w_d + self.I_d + extra) / 170
        self.w_d = self.w_d + DT / 30 * (-13 * (self.V_d + 70) - self.w_d)
        self.V_s, self.V_d = self.V_s + DT * free * dV_s, self.V_d + DT * dV_d

    @property
    def potentials(self):
        return ("s", self.V_s), ("d", self.V_d)

    @property
    def usual(self):
        return np.clip(self.B / (self.E + 1e-15), 0, 1)

    @property
    def excess(self):
        return np.clip((self.E - 9) / self.E, 0, 1)

    def fire(self, events, bursts):
        self.V_s[events] = -70
        self.w_s[events] -= 200
        self.m[events] += 2
        self.age[events | bursts] = 0
        self.Etr += events


def replayed(network, events, bursts):
    """The same network, told what fires when: layers, weights, and potentials of each step."""
    n, pairs = SMALL.n_cells, {k: p.pairs for k, p in network.circuit.projections.items()}
    layers = {
        "input": Layer(2 * n, 0, 0),
        "hidden": Layer(2 * n, 0, np.repeat([-300.0, 900.0], n)),
        "output": Layer(n, 0, 400),
    }
    way = (("input", "hidden"), ("hidden", "output"))
    size = {name: len(layer.V_s) for name, layer in layers.items()}
    shape = [(size[a], size[b]) for a, b in way]
    there = [matrix(pairs[f"W_{k}"], 1.0, shape[k]) for k in range(2)]
    W = [1.4 * one for one in there]
    inhibits = [matrix(pairs[f"inhibition_{k}"], 0.1, shape[k]) for k in range(2)]
    back = {k: matrix(pairs[f"feedback_{k}"], 1.0, shape[1][::-1]) for k in "ei"}
    hears = {"e": np.repeat([0.65, 0.065], n), "i": np.repeat([0.15, 0.675], n)}
    seen = {name: [] for name in layers}
    for t in range(len(events["input"])):
        x_1, x_2, target, teaches, rate = GIVEN[t // 200]
        layers["input"].I_s = np.repeat([x_1, x_2], n)
        for name, layer in layers.items():
            r = layer.E * np.exp(-DT / 1000)
            more = (r < 8) / np.clip(r - 2, 1, 9)
            less = (r > 3) / np.clip(9 - r, 1, 9)
            pushed = 600 * teaches * (target * more - (1 - target) * less)
            # the teacher is held over a step, at the new value of the average
            layer.step(pushed if name == "output" else 0.0)
        kinds = {"burst": bursts, "event": events}
        for kind, all_of in kinds.items():
            now = {name: all_of[name][t] for name in layers}
            delta = {}
            for name, layer in layers.items():
                gain = 1 - layer.excess if kind == "burst" else -(layer.usual + layer.excess)
                delta[name] = rate * gain
                if kind == "burst":
                    layer.B += now[name] * 1.0
                    layer.age[now[name]] = 0
                else:
                    layer.E += now[name] * 1.0
                    layer.fire(now[name], now[name])
            if kind == "burst":
                for k in "ei":
                    layers["hidden"].g[f"{k}_d"] += hears[k] * (now["output"] @ back[k])
            for k, (a, b) in enumerate(way):  # homeostasis, what arrives, and what is learned
                eta = SMALL.eta[k]
                if kind == "event":
                    lack = 0.3 * np.clip(8 - layers[b].E, 0, 8)
                    W[k] = np.clip(W[k] + eta * rate * np.outer(now[a], lack), 0, 1.6) * there[k]
                    layers[b].g["e_s"] += now[a] @ W[k]
                    layers[b].g["i_s"] += now[a] @ inhibits[k]
                change = np.outer(layers[a].Etr, now[b] * delta[b])
                W[k] = np.clip(W[k] + eta * change, 0, 1.6) * there[k]
        for name, layer in layers.items():
            seen[name].append((layer.V_s.copy(), layer.V_d.copy()))
    return layers, W, {name: np.array(values) for name, values in seen.items()}


def test_numpy_finds_the_same_potentials_weights_and_averages(played):
    network, out = played
    records = {
        name: {v: out.records["seen", name, v] for v in ("V_s", "V_d", "age", "due")}
        for name in ("input", "hidden", "output")
    }
    both = {name: happened(one["age"], one["due"]) for name, one in records.items()}
    for name, (events, bursts) in both.items():
        assert events.sum() > 20 and bursts.sum() > 2, name
    layers, W, seen = replayed(
        network, *({name: two[k] for name, two in both.items()} for k in (0, 1))
    )
    for name, one in records.items():
        np.testing.assert_allclose(seen[name][:, 0], one["V_s"], atol=1e-6, err_msg=name)
        np.testing.assert_allclose(seen[name][:, 1], one["V_d"], atol=1e-6, err_msg=name)
        fires = seen[name][:, 0] > -50  # those that reach the threshold are set back at once
        assert not fires[both[name][0]].any()
    for k in range(2):
        pairs = network.circuit.projections[f"W_{k}"].pairs
        np.testing.assert_allclose(out.state[f"W_{k}"], W[k][pairs], atol=1e-9)
        assert np.ptp(W[k][pairs]) > 0.2
    for name in ("hidden", "output"):
        np.testing.assert_allclose(out.state[f"Ebar_{name}"], layers[name].E, rtol=1e-9)
        np.testing.assert_allclose(out.state[f"Bbar_{name}"], layers[name].B, rtol=1e-9)


def test_bursts_come_with_the_probability_of_the_dendrite_5_to_15_ms_after_an_event():
    """Driven cells without background; their dendrites rest where currents hold them."""
    cells, steps = 400, 1600
    cell = burst_poisson.pyramidal(exclusive_or.DT, None)
    schedule = Schedule.of({"held": np.array([steps])}, {}, exclusive_or.DT)
    held = np.repeat([0.0, 300.0, 500.0, 800.0], cells // 4)

    def given(group):
        group.x_s, group.x_d = 900 * pA, held * pA
        return []

    names = ("V_d", "age", "due")
    order = (Sweep(("grow", "move", "burst", "event", "spike")),)
    events_of = burst_poisson.events(cell) | {"spike": Event("V_s > theta")}
    with device.interpreted(seed=1):
        population = Population(cells, cell, events_of)
        seen = alone(population, order, schedule, {}, given, names).traces
    events, bursts = happened(seen["age"], seen["due"])
    late = 400  # dendrites have come to rest
    for current in np.unique(held):
        mine = held == current
        V_d = seen["V_d"][late:, mine].mean()
        p, n = 1 / (1 + np.exp(-(V_d + 57) / 6)), events[late:, mine].sum()
        assert n > 500
        became = (events[late:, mine] & (seen["due"][late:, mine] > 0)).sum() / n
        assert became == pytest.approx(p, abs=4 * np.sqrt(p * (1 - p) / n))
    after = seen["age"][np.nonzero(bursts)[0] - 1, np.nonzero(bursts)[1]] + 1
    assert set(after) == set(range(10, 31)), "5 to 15 ms"
    for i in range(cells):
        both = np.nonzero(events[:, i] | bursts[:, i])[0]
        free = events[both[1:], i]
        assert (np.diff(both)[free] > 40).all(), "20 ms refractory"


def test_rates_fall_in_the_second_half_and_the_teacher_speaks_at_the_end_of_an_example():
    task = Task(epochs=10)
    rows, order = burst_xor.lessons(task, 1)
    shown = rows.reshape(10, 4, 20, 5)
    assert (np.sort(order, axis=1) == np.arange(4)).all() and np.ptp(order, axis=0).all()
    np.testing.assert_array_equal(shown[..., 3], np.broadcast_to(np.arange(20) > 15, (10, 4, 20)))
    rates = shown[:, 0, -1, 4]
    np.testing.assert_allclose(rates, [1, 1, 1, 1, 1, 0.82, 0.64, 0.46, 0.28, 0.1])
    assert not shown[:, :, :16, 4].any()
    for k, pattern in enumerate(burst_xor.PATTERNS):
        mine = shown[order == k]
        assert (mine[..., 0] == (150 if pattern[0] else -700)).all()
        assert (mine[..., 1] == (150 if pattern[1] else -700)).all()
        assert (mine[..., 2] == (sum(pattern) == 1)).all()


def test_cost_and_solution_by_hand():
    assert burst_xor.solved([5, 7, 6.5, 2]) and not burst_xor.solved([5, 7, 6, 2])
    assert not burst_xor.solved([5, 7, 7, 7])
    assert burst_xor.cost([6, 6, 6, 6]) == pytest.approx(4 * np.log(2))
    assert burst_xor.cost([0, 20, 20, 0]) == pytest.approx(-4 * np.log(0.99))
