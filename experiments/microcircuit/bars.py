"""Can circuits that send rates, and ones that send spikes, tell bars of 3 x 3 pixels apart?

    python -m experiments bars

Three horizontal bars, three vertical ones, two diagonals: three classes. 9-30-3 cells that rise
without end, log(1 + exp(u)), without thresholds, from a self-predicting start; output cells are
asked for potentials of .1, and 1 where it is their class. An epoch is all eight bars, 100 ms each,
in an order of its own; synapses learn from 30 ms after a bar appeared on. Cells send their rates,
or Poisson spikes at 1 kHz (a cell stands for some ten) or 100 Hz times the rate, each with a trace
of 20 ms. Conductances are the paper's, or ten times smaller ones (``slow``), which were used for
this task; ``bars_slow_no_lag`` also learns while potentials settle. A bar is answered by the output
cell whose rate is highest after 100 ms without a target; each is shown five times. Three seeds,
500 epochs.

Expected: rates tell all bars apart after 200 epochs, after 250 where cells are slow; slow cells
that learn at all times stay at 62 %. Spikes at 1 kHz come to 94 % with detours, in slow cells to
63; at 100 Hz nothing is learned (33 %; always the same of the larger classes gives 38). Learning
doubles the spikes of hidden cells at most, and output cells send seven times as many. We think that
spikes harm because a trace that moves with single spikes moves what the dendrite predicts before
the soma can follow, which the rule takes for an error; it was not tested. Some four minutes of
processor time.
"""

import numpy as np

from experiments.microcircuit.playing import Player, continuous, how
from experiments.study.page import Page
from experiments.study.statistics import summary
from models.engine.recording import NOTHING, SPIKES, Recording

SIDE, LAYERS, POTENTIALS = 3, (30, 3), (0.1, 1.0)
EPOCHS, PART, SEEDS, REPEATS = 500, 50, (1, 2, 3), 5
BASE = {"layers": LAYERS, "phi": "softplus", "w_up": (1.0,), "w_down": (1.0,), "dt": 0.2}
FAST = BASE | {"eta_up": (0.005, 0.002), "eta_IP": (0.005,), "lag": 30.0}
SLOW = BASE | {"g_lk": 0.03, "g_B": 0.1, "g_A": 0.06, "g_D": 0.1, "g_som": 0.06}
SLOW |= {"eta_up": (0.005, 0.001), "eta_IP": (0.002,), "lag": 30.0}
SPIKING = {"psi": 1000.0, "tau_s": 20.0}
CONDITIONS = {
    "bars_rates": FAST,
    "bars_spikes": FAST | SPIKING,
    "bars_spikes_100": FAST | SPIKING | {"psi": 100.0},
    "bars_slow": SLOW,
    "bars_slow_spikes": SLOW | SPIKING,
    "bars_slow_no_lag": SLOW | {"lag": 0.0},
}
SHOWN = "bars_spikes"  # whose spikes are kept, while the first bar is shown


def bars():
    """All bars.

    Returns
    -------
    images : ndarray, shape (bars, pixels)
    labels : ndarray of int
        0: horizontal, 1: vertical, 2: diagonal.
    """
    lines, diagonal = np.eye(SIDE)[:, :, None] * np.ones(SIDE), np.eye(SIDE)
    found = [*lines, *lines.swapaxes(1, 2), diagonal, diagonal[::-1]]
    return np.array(found).reshape(len(found), -1), np.repeat([0, 1, 2], [SIDE, SIDE, 2])


class Circuits:
    """Programs of one condition, for all seeds: one that learns, and one that is tested."""

    def __init__(self, setting, name):
        self.images, self.labels = bars()
        small = {"lag": 0.0} if setting.smoke else {}
        options = continuous(setting, **CONDITIONS[name] | small)
        self.part, self.repeats = setting.size((PART, REPEATS), (1, 1))
        record = Recording({SPIKES: ()}) if options.psi else NOTHING
        many = self.part * len(self.images), self.repeats * len(self.images)
        told = how(setting)
        self.learner = Player(options, SIDE**2, many[0], told)
        self.tester = Player(options, SIDE**2, many[1], told, record, learning=False)
        self.lasts = options.lasts

    def learn(self, state, rng, seed):
        """The state after some epochs."""
        order = np.concatenate([rng.permutation(len(self.images)) for _ in range(self.part)])
        goals = np.where(np.arange(LAYERS[-1]) == self.labels[order, None], *POTENTIALS[::-1])
        return self.learner.show(state, self.images[order], goals, seed=seed)[0]

    def test(self, state, seed):
        """Bars that were answered rightly, per cent, and spikes: rows of the first showing."""
        images = np.tile(self.images, (self.repeats, 1))
        _, shown = self.tester.show(state, images, learns=False, seed=seed)
        right = shown.answers.argmax(axis=1) == np.tile(self.labels, self.repeats)
        rows = []
        for population in ("input", "hidden_0", "inter_0", "output") if shown.records else ():
            times, cells = (shown.records[SPIKES, population, name] for name in "ti")
            rows += [
                {"population": population, "cell": cell, "time": round(time, 1)}
                for cell, time in zip(cells, times.tolist(), strict=True)
                if time < self.lasts
            ]
        return 100 * right.mean(), rows


def learned(setting, circuits, name, seed):
    """Rows of accuracy by epoch, and of spikes before and after."""
    state, rng = circuits.learner.network.start(seed), np.random.default_rng([seed, 17])
    key, rows, spikes = {"condition": name, "seed": seed}, [], []
    epochs = range(0, setting.size(EPOCHS, circuits.part) + 1, circuits.part)
    for epoch in epochs:
        accuracy, seen = circuits.test(state, seed)
        rows.append(key | {"epoch": epoch, "accuracy": accuracy})
        if epoch in (epochs[0], epochs[-1]):
            spikes += [{"condition": name, "epoch": epoch} | row for row in seen]
        if epoch != epochs[-1]:
            state = circuits.learn(state, rng, seed)
    return rows, spikes


def study(setting):
    """Each condition from several seeds."""
    for name in setting.chosen(CONDITIONS):
        circuits = Circuits(setting, name)
        seeds = setting.size(SEEDS, SEEDS[:1])
        found = [learned(setting, circuits, name, seed) for seed in seeds]
        rows = [row for part, _ in found for row in part]
        setting.results.update("accuracy", rows, ("condition",))
        if name == SHOWN:
            setting.results.update("spikes", found[0][1], ("condition",))
        last = [part[-1]["accuracy"] for part, _ in found]
        told = {"condition": name, "measure": "accuracy"} | summary(last)
        setting.results.headline([told], ("--only", name))
        print(f"{name}: {np.mean(last):.0f} % right", flush=True)


page = Page(
    __name__,
    __doc__,
    study,
    title="Bars, told apart by rates and by spikes",
    parts=tuple(CONDITIONS),
    trains=False,
)
