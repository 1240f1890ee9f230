"""Can a network play a picture, a spike for each of its dots (Zenke & Ganguli, Fig 6 to 8)?

    python -m experiments spike_pattern

A ring and the letters S and P, drawn here in dots; a row is an output cell, a column 40 ms (100
outputs) or 10 ms (200): a loop of 2 s. Inputs are frozen Poisson noise, 5 Hz. ``symmetric_0`` to
``symmetric_256``: so many hidden cells between 100 inputs and 100 outputs. With 64 of them:
``random`` feedback, the same with the ``regulariser``, ``uniform`` feedback, symmetric feedback
with 1 in the place of the surrogate derivative (``no_surrogate``), and hidden weights that stay as
they are (``fixed``). 240 s at a rate of 1 mV and 60 s at a tenth of it, three seeds. ``large``:
200-256-200, 102,400 plastic synapses, 1,000 s, one seed. Everything else is as in ``spike_times``.

Expected (the paper shows curves): J falls with the number of hidden cells; symmetric feedback is
best, random feedback is worse than no hidden cells at all, the regulariser helps it, uniform is
worst. Half an hour.
"""

import numpy as np

from experiments.measures import correlation
from experiments.study.page import Page
from experiments.superspike import stimuli
from experiments.superspike.playing import Player, Task, how, options

LASTS, LOOP, RATE = 500.0, 4, 5.0  # ms of an example, examples of the loop, Hz
SIZES = (0, 8, 16, 32, 64, 128, 256)
SEEDS, PART, BEFORE = 3, 20.0, 10.0
FAST, SLOW = 240.0, 60.0  # s at the full rate, and at a tenth of it
LARGE_FAST, LARGE_SLOW = 800.0, 200.0
SHOWN = 1  # the seed whose spikes are kept
OTHERS = {
    "random": {"feedback": "random"},
    "regulariser": {"feedback": "random", "rho": 0.005},
    "uniform": {"feedback": "uniform"},
    "no_surrogate": {"surrogate": "none"},
    "fixed": {"feedback": "none"},
}
CONDITIONS = {f"symmetric_{n}": {"layers": (n, 100)[not n :]} for n in SIZES}
CONDITIONS |= {name: {"layers": (64, 100)} | values for name, values in OTHERS.items()}
CONDITIONS["large"] = {"layers": (256, 200)}


def picture(rows, columns, seed=1):
    """A ring and two letters in dots; bool, shape (rows, columns), the top row first.

    Strokes are dark (three dots of four), the ground is light (one of eight).
    """
    y, x = np.mgrid[0:rows, 0:columns]
    x, y = 3 * (x + 0.5) / columns, (y + 0.5) / rows  # three squares in a row
    dark = np.abs(np.hypot(x - 0.5, y - 0.5) - 0.3) < 0.07
    strokes = [  # S, as five bars; P, as three and an arc
        ((1.25, 0.2), (1.75, 0.2)),
        ((1.25, 0.2), (1.25, 0.5)),
        ((1.25, 0.5), (1.75, 0.5)),
        ((1.75, 0.5), (1.75, 0.8)),
        ((1.25, 0.8), (1.75, 0.8)),
        ((2.3, 0.17), (2.3, 0.83)),
        ((2.3, 0.2), (2.55, 0.2)),
        ((2.3, 0.5), (2.55, 0.5)),
    ]
    for (x_0, y_0), (x_1, y_1) in strokes:
        along = np.hypot(x_1 - x_0, y_1 - y_0)
        u = ((x - x_0) * (x_1 - x_0) + (y - y_0) * (y_1 - y_0)) / along**2
        u = np.clip(u, 0, 1)
        dark |= np.hypot(x - x_0 - u * (x_1 - x_0), y - y_0 - u * (y_1 - y_0)) < 0.055
    arc = np.abs(np.hypot(x - 2.55, y - 0.35) - 0.15) < 0.055
    dark |= arc & (x > 2.55)
    return np.random.default_rng(seed).random(dark.shape) < np.where(dark, 0.75, 0.12)


def played(dots, lasts, rng):
    """Spikes of a picture: a row is a cell, the first at the top; a dot fires within its column."""
    cells, column = np.nonzero(dots)
    times = (column + rng.random(len(column))) * lasts / dots.shape[1]
    order = np.argsort(times, kind="stable")
    return stimuli.Spikes(times[order], cells[order])


def task(outputs, columns, seed):
    """Noise of as many inputs as outputs, and the picture."""
    rng = np.random.default_rng([seed, 12])
    whole = LOOP * LASTS
    noise = stimuli.poisson(outputs, RATE, whole, rng)
    target = played(picture(outputs, columns), whole, rng)
    return Task(*(stimuli.cut(one, LASTS, LOOP) for one in (noise, target)), outputs, outputs)


def binned(spikes, began, cells, columns):
    """Spikes of one loop counted by cell and column, shape (cells, columns)."""
    edges = np.arange(cells + 1) - 0.5, np.linspace(0, LOOP * LASTS, columns + 1)
    return np.histogram2d(spikes.cells, 1000 * (spikes.times - began), bins=edges)[0]


def learned(setting, name):
    """Rows by time and seed of one condition; and dots of the target and of the last loop."""
    large = name == "large"
    given = CONDITIONS[name]
    if setting.smoke:
        given = given | {"layers": (*given["layers"][:-1], 10)}
    chosen = options(setting, decay=0.1, **given)
    outputs, columns = chosen.layers[-1], setting.size(200 if large else 50, 20)
    fast, slow = setting.size((LARGE_FAST, LARGE_SLOW) if large else (FAST, SLOW), (2.0, 0.0))
    part, before = setting.size((PART, BEFORE), (2.0, 2.0))
    curves, dots, player = [], [], None
    for seed in range(1, setting.size(1 if large else SEEDS, 1) + 1):
        own = task(outputs, columns, seed)
        most = 14, int(stimuli.columns(own.targets, outputs)) if large or setting.smoke else 26
        player = Player(own, chosen, how(setting), most).sharing(player)
        state, _ = player.play(player.network.start(seed), before, learns=False)
        while player.seconds < fast + slow:
            began = player.seconds
            last = began + part >= fast + slow
            state, heard = player.play(state, part, epoch=int(began >= fast), spikes=last)
            row = {"condition": name, "seed": seed, "t": heard.seconds, "J": heard.J}
            rates = {f"rate_{population}": rate for population, rate in heard.rates.items()}
            curves.append(row | {"rate_hidden_0": 0.0} | rates)
        loop = LOOP * LASTS / 1000
        inside = heard.spikes.times >= heard.seconds - loop
        answer = stimuli.Spikes(heard.spikes.times[inside], heard.spikes.cells[inside])
        asked = [
            stimuli.Spikes(k * LASTS / 1000 + times / 1000, cells)
            for k, (times, cells) in enumerate(own.targets)
        ]
        asked = stimuli.joined(*asked)
        both = (
            binned(asked, 0, outputs, columns),
            binned(answer, heard.seconds - loop, outputs, columns),
        )
        curves[-1]["correlation"] = correlation(*(counts.ravel() for counts in both))
        if seed == SHOWN:
            for kind, spikes, first in (
                ("target", asked, 0),
                ("output", answer, heard.seconds - loop),
            ):
                dots += [
                    {"condition": name, "kind": kind, "t": round(t - first, 5), "cell": int(cell)}
                    for t, cell in zip(*spikes, strict=True)
                ]
        print(f"{name}, seed {seed}: J {heard.J:.4f} after {heard.seconds:g} s", flush=True)
    return [{"correlation": None} | row for row in curves], dots


def headlines(name, curves):
    """What is told of a condition: of the last chunk, over seeds."""
    last = [row for row in curves if row["t"] == curves[-1]["t"]]
    found = []
    for measure, key in (
        ("J", "J"),
        ("correlation_dots", "correlation"),
        ("rate_hidden", "rate_hidden_0"),
    ):
        values = np.array([row[key] for row in last], dtype=float)
        spread = values.std(ddof=1) if len(values) > 1 else 0.0
        found.append({"measure": measure, "value": values.mean(), "spread": spread})
    return [{"condition": name, "n": len(last)} | row for row in found]


def study(setting):
    """All conditions asked for."""
    for name in setting.chosen(CONDITIONS):
        curves, dots = learned(setting, name)
        setting.results.update("curves", curves, ("condition",))
        if name in ("symmetric_256", "symmetric_64", "large", "symmetric_0") and dots:
            setting.results.update("dots", dots, ("condition",))
        setting.results.headline(headlines(name, curves), setting.arguments)


page = Page(
    __name__,
    __doc__,
    study,
    title="A picture, played by spikes",
    parts=tuple(CONDITIONS),
    trains=False,
)
