"""Can cells learn to fire at given times, also through a hidden layer (Zenke & Ganguli, Fig 2, 4)?

    python -m experiments spike_times

Frozen Poisson noise of 100 inputs (5 Hz, .5 s, again and again); one output cell is to fire at 83,
166, 249, 332 and 415 ms. ``psp``: one spike of an input, beside its closed form. ``single``: no
hidden cells; ``fast`` and ``slow``: the same with 5 and a fifth of the learning rate; four hidden
cells with each way of feedback (``symmetric``, ``random``, ``uniform``); ``negative``: random
feedback weights, all of them negative; ``random_8``: eight hidden cells. 20 seeds (of noise and
weights), a rate of 1 mV throughout, 10 s without learning first. J is the mean square of the error
signal, 1 for a cell that never fires; a sequence is exact if the error's root mean square over 25 s
is below .005 (silence: .091): then all spikes are within the time step.

Expected: the potential's peak is a quarter of the weight, 6.93 ms after the spike; J falls below
.15 in 250 s in all but ``negative``; most are exact after 500 s. The paper shows curves, and no
numbers. Twenty minutes.
"""

import numpy as np

from experiments.study.page import Page
from experiments.superspike import stimuli
from experiments.superspike.playing import Player, Task, how, options
from models.engine.recording import Recording
from models.superspike.network import network
from models.theory import Inputs

TIMES = (83.0, 166.0, 249.0, 332.0, 415.0)  # ms: of the targets
CELLS, RATE, LASTS, SEEDS = 100, 5.0, 500.0, 20
PART, BEFORE = 25.0, 10.0  # s: of a chunk, and without learning
EXACT = 0.005
MOST = 14  # spikes of an input in an example that there is room for: 5 Hz make 2.5
MARKS = (50, 250, 500)  # s: where numbers are told
PSP = "psp"
HIDDEN = {
    "symmetric": {"layers": (4, 1)},
    "random": {"layers": (4, 1), "feedback": "random"},
    "uniform": {"layers": (4, 1), "feedback": "uniform"},
    "negative": {"layers": (4, 1), "feedback": "random"},
    "random_8": {"layers": (8, 1), "feedback": "random"},
}
CONDITIONS = {
    "single": {"layers": (1,)},
    "fast": {"layers": (1,), "r_0": 5.0},
    "slow": {"layers": (1,), "r_0": 0.2},
} | HIDDEN
LONG = {"single": 800.0}  # s
SHOWN = 1  # the seed whose spikes are kept


def task(seed):
    """Frozen noise, and the five targets of one cell."""
    rng = np.random.default_rng([seed, 11])
    noise = stimuli.poisson(CELLS, RATE, LASTS, rng)
    targets = stimuli.Spikes(np.array(TIMES), np.zeros(len(TIMES), dtype=int))
    return Task([noise], [targets], CELLS, 1)


def learned(setting, name):
    """Rows by time and seed of one condition, and of the spikes of one seed."""
    lasts = setting.size(LONG.get(name, 500.0), 1.0)
    part, before = setting.size((PART, BEFORE), (0.5, 0.5))
    given = options(setting, **CONDITIONS[name])
    curves, raster, player = [], [], None
    for seed in range(1, setting.size(SEEDS, 2) + 1):
        room = MOST, len(TIMES)
        player = Player(task(seed), given, how(setting), room).sharing(player)
        state = player.network.start(seed)
        if name == "negative":
            state["B_0"] = -np.abs(state["B_0"])
        state, _ = player.play(state, before, learns=False)
        while player.seconds < lasts:
            state, heard = player.play(state, part, spikes=True)
            row = {"condition": name, "seed": seed, "t": heard.seconds}
            rates = {f"rate_{population}": rate for population, rate in heard.rates.items()}
            curves.append(row | {"J": heard.J, "rms": heard.rms} | {"rate_hidden_0": 0.0} | rates)
            if seed == SHOWN:
                raster += [
                    {"condition": name, "trial": int(t // 0.5), "t": round(1000 * (t % 0.5), 4)}
                    for t in heard.spikes.times
                ]
        print(f"{name}, seed {seed}: J {heard.J:.4f} after {heard.seconds:g} s", flush=True)
    return curves, raster


def headlines(name, curves):
    """What is told of a condition."""
    found = []
    times = {row["t"] for row in curves}
    for mark in [mark for mark in MARKS if mark in times] or [max(times)]:
        mine = [row for row in curves if row["t"] == mark]
        J, rms = (np.array([row[key] for row in mine]) for key in ("J", "rms"))
        found += [
            {"measure": f"J_{mark:g}s", "value": np.median(J)},
            {"measure": f"rms_{mark:g}s", "value": rms.mean(), "spread": rms.std(ddof=1)},
            {"measure": f"exact_{mark:g}s", "value": (rms < EXACT).mean()},
        ]
    n = len({row["seed"] for row in curves})
    last = [row["rate_hidden_0"] for row in curves if row["t"] == curves[-1]["t"]]
    if name in HIDDEN:
        found.append({"measure": "rate_hidden", "value": np.mean(last)})
    return [{"condition": name, "n": n} | row for row in found]


def psp(setting):
    """Rows of the potential after one spike, by time, beside the closed form; and its peak."""
    w = 10.0  # mV: no spike
    step = setting.size({}, {"dt": 0.5})
    given = options(setting, layers=(1,), delay=0.0, lasts=60.0, target=(), **step)
    net = network(given, stimuli.trains(1, 1), 1)
    double = how(setting) | {"precision": "double"}
    program = net.program(1, False, Recording({"potentials": ("U",)}), **double)
    state = net.start(1) | {"W_0": np.full((1, 1), w)}
    shown = stimuli.packed([stimuli.Spikes(np.zeros(1), np.zeros(1, dtype=int))], 1, 1)
    out = program.run(Inputs(shown, np.zeros(1, dtype=int), state, 1, learns=False))
    U = out.records["potentials", "output", "U"][:, 0] + 60
    t = np.arange(len(U)) * given.dt  # a spike is felt from the step after its own
    theory = w * (np.exp(-t / 10) - np.exp(-t / 5))
    peak = int(U.argmax())
    rows = [
        {"condition": PSP, "t": a, "U": b, "theory": c}
        for a, b, c in zip(t, U, theory, strict=True)
    ]
    about = {"condition": PSP, "n": 1}
    return rows, [
        about | {"measure": "peak", "value": U[peak] / w},
        about | {"measure": "peak_time", "value": t[peak]},
    ]


def study(setting):
    """All conditions asked for."""
    if PSP in setting.chosen((PSP, *CONDITIONS)):
        rows, told = psp(setting)
        setting.results.write("psp", rows)
        setting.results.headline(told, setting.arguments)
    for name in setting.chosen((PSP, *CONDITIONS)):
        if name == PSP:
            continue
        curves, raster = learned(setting, name)
        setting.results.update("curves", curves, ("condition",))
        if raster:
            setting.results.update("raster", raster, ("condition",))
        setting.results.headline(headlines(name, curves), setting.arguments)


page = Page(
    __name__,
    __doc__,
    study,
    title="Spikes at given times, learned",
    parts=(PSP, *CONDITIONS),
    trains=False,
)
