"""The burst-dependent rule: by hand, beside NumPy, and where nothing is to be learned."""

from collections import namedtuple

import numpy as np
import pytest
from brian2 import Hz, ms

from models.bursts import protocols
from models.bursts.rule import Rule
from models.engine import device
from models.theory import Inputs
from tests.bursts import plastic_pair
from tests.bursts.plastic_pair import Numbers

STEPS, MOST, TAU = 1000, 80, 15_000.0  # ms of a stretch, spikes of a cell in it, ms
PAIRS, NUMBERS = 40, Numbers()
Run = namedtuple("Run", "state answers all_w")


def rule(n):
    return Rule(
        eta=n.eta, tau_pre=n.tau_pre * ms, tau_avg=n.tau_avg * ms, E_0=n.E_0 * Hz, P_0=n.P_0,
        w_min=n.w_min, w_max=n.w_max, r_min=n.r_min * Hz, r_max=n.r_max * Hz,
    )  # fmt: skip


def dense(network):
    """The same with synapses from each cell to each."""
    synapses = network.circuit.projections["synapses"]._replace(pairs=None)
    shape = 2 * (network.circuit.populations["pre"].size,)
    return network._replace(
        circuit=network.circuit._replace(projections={"synapses": synapses}),
        start=lambda seed: network.start(seed) | {"w": np.zeros(shape)},
    )


class Pairs:
    """A program for pairs, and what it makes of spike trains.

    Compiled, each cell has synapses to all cells of the other end: weights are a matrix, in which
    those of the pairs are the diagonal.
    """

    def __init__(self, numbers=NUMBERS, pairs=PAIRS, bounded=False, where="standalone"):
        self.network = protocols.network(rule(numbers), pairs, MOST, STEPS, bounded)
        if where == "standalone":
            self.network = dense(self.network)
        self.program = self.network.program(1, device=where)

    def run(self, pre, post, learns=None):
        """Stretch by stretch; ``learns`` says in which of them there is plasticity."""
        images = protocols.packed(pre, post, MOST, STEPS)
        state = self.network.start(1)
        for k, image in enumerate(images):
            gate = True if learns is None else learns[k]
            out = self.program.run(Inputs(image[None], np.zeros(1, int), state, 1, learns=gate))
            state = out.state
        w = state["w"]
        pairs = np.diag(w) if w.ndim == 2 else w
        return Run(state | {"w": pairs}, out.answers[0], w)


@pytest.fixture(scope="module")
def pairs():
    return Pairs()


def trains(seed, seconds=4, rate=30.0, cells=PAIRS):
    """Poisson spikes, so many that all kinds of runs are among them; one cell is silent."""
    rng = np.random.default_rng(seed)
    found = [np.nonzero(rng.random(seconds * 1000) < rate / 1000)[0] for _ in range(cells)]
    found[1] = np.zeros(0, dtype=int)
    found[0] = np.append(found[0], seconds * 1000 - 1)
    return found


def test_weights_of_short_trains_are_those_found_by_hand(pairs):
    """eta .1, Pbar .15: an event takes .015 Etr, a burst gives .1 Etr; Pbar follows slowly."""
    cases = {  # pre, post -> weight
        "an event": ([100], [100], -0.015),
        "an event, a time constant later": ([100], [150], -0.015 / np.e),
        "before it": ([100], [90], 0.0),
        "a burst": ([100], [100, 110], -0.015 + 0.1 * np.exp(-0.2)),
        "16 ms are a burst": ([100], [100, 116], -0.015 + 0.1 * np.exp(-0.32)),
        "of which only the second spike counts": (
            [100],
            [100, 110, 120, 136],
            -0.015 + 0.1 * np.exp(-0.2),
        ),
        "a presynaptic burst is one event": ([90, 100, 110], [140], -0.015 / np.e),
        "17 ms are two events": (
            [100],
            [100, 117],
            -0.015 - 0.1 * np.exp(-0.34) * 0.75 / (5 + np.exp(0.101 / 15) / 15),
        ),
    }
    pre, post = ([np.zeros(0, dtype=int)] * PAIRS for _ in range(2))
    for k, (one, other, _) in enumerate(cases.values()):
        pre[k], post[k] = np.array(one), np.array(other)
    found = pairs.run(pre, post).state["w"]
    for k, (case, (*_, w)) in enumerate(cases.items()):
        assert found[k] == pytest.approx(w, abs=1e-12), case
    assert not found[len(cases) :].any()


@pytest.mark.parametrize("bounded", [False, True], ids=["plain", "homeostasis"])
def test_numpy_finds_the_same_weights_traces_and_averages_of_random_trains(pairs, bounded):
    n = Numbers()
    if bounded:  # bounds that the cells are beyond, on either side, and weights that they stop at
        n = n._replace(r_min=5.1, r_max=5.3, w_min=-0.02, w_max=0.4)
        device.interpret()
        pairs = Pairs(n, bounded=True, where="runtime")
    seconds = 1 if bounded else 4
    pre, post = trains(1, seconds), trains(2, seconds)
    if bounded:
        assert not pairs.run(pre, post, learns=[False]).state["w"].any()
    out, wanted = pairs.run(pre, post), []
    for one, other in zip(pre, post, strict=True):
        wanted.append(plastic_pair.learned(one, other, n, 1000 * seconds - 1))
    for name, values in zip(wanted[0]._fields, zip(*wanted, strict=True), strict=True):
        np.testing.assert_allclose(out.state[name], values, rtol=1e-12, atol=1e-12, err_msg=name)
    assert np.ptp(out.state["w"]) > 0.3
    usual = np.minimum(np.array([one.Bbar for one in wanted]) / [one.Ebar for one in wanted], 1)
    np.testing.assert_allclose(out.answers, usual, atol=1e-9)
    if not bounded:  # synapses between the pairs
        for k, m in ((0, 2), (7, 3), (39, 0), (1, 5), (5, 1)):
            w = plastic_pair.learned(pre[k], post[m], n, 3999).w
            assert out.all_w[k, m] == pytest.approx(w, rel=1e-12, abs=1e-12), (k, m)
    if bounded:
        assert out.state["w"].min() == -0.02 and out.state["w"].max() == 0.4


def test_running_averages_of_regular_events_are_the_geometric_sum(pairs):
    """Events each 50 ms, each second one a doublet: rates of 20 and 10 Hz, Pbar of one half."""
    events = np.arange(0, 10_000, 50)
    post = np.sort(np.append(events, events[::2] + 5))
    out = pairs.run([events] * PAIRS, [post] * PAIRS).state
    end = 9999
    q = np.exp(-50 / TAU)
    E = (1 - q**200) / (1 - q) * np.exp(-(end - events[-1]) / TAU) * 1000 / TAU
    B = (1 - q**200) / (1 - q**2) * np.exp(-(end - post[-2]) / TAU) * 1000 / TAU
    np.testing.assert_allclose(out["Ebar"], E + 5 * np.exp(-(end + 1) / TAU), rtol=1e-12)
    np.testing.assert_allclose(out["Bbar"], B + 0.75 * np.exp(-(end + 1) / TAU), rtol=1e-12)


def test_where_plasticity_is_gated_off_weights_stay_and_averages_go_on(pairs):
    pre, post = trains(3), trains(4)
    shut = pairs.run(pre, post, learns=[False] * 4).state
    assert not shut["w"].any()
    np.testing.assert_array_equal(shut["Bbar"], pairs.run(pre, post).state["Bbar"])
    some = pairs.run(pre, post, learns=[False, True, False, False]).state["w"]
    wanted = [
        plastic_pair.learned(*both, Numbers(), 3999, (1000, 2000)).w
        for both in zip(pre, post, strict=True)
    ]
    np.testing.assert_allclose(some, wanted, atol=1e-12)
    assert (some != 0).mean() > 0.8


def test_a_cell_that_has_been_silent_for_ever_learns_of_its_first_event():
    device.interpret()
    quiet = Pairs(Numbers(E_0=0.0, P_0=0.0), pairs=1, where="runtime")
    out = quiet.run([np.array([10])], [np.array([10, 15])])
    assert out.state["w"] == pytest.approx([0.1 * np.exp(-0.1)], abs=1e-12)  # Pbar was 0


def test_trains_that_do_not_fit_are_refused():
    train = np.arange(5)
    with pytest.raises(ValueError, match="a cell has more than 4 spikes in a stretch"):
        protocols.packed([train], [train], 4, 10)
    assert protocols.packed([train], [train], 5, 10).shape == (1, 12)
