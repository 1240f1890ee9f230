"""Are the steady states of mini-batches those that circuits settle in (sweeps beside time)?

    python -m experiments steady_states

30-50-50-10 logistic cells, weights as Glorot & Bengio draw them, top-down ones from U(-1, 1).
Twenty patterns of U(0, 1) with target potentials of U(-1, 1) are shown in continuous time, without
noise and learning, until nothing moves; the same weights are swept 1, 2, 3 and more times up and
down. Conductances without a leak, such that lambda, the share of apical potentials and targets, is
.01 to .42; lateral weights are self-predicting, or from U(-1, 1). In each layer: the distance of
both potentials beside their size, over all patterns (``relative``), and beside the distance from
the state without apical potentials and target (``of_moved``).

Expected: with self-predicting weights one sweep is off by .13 % at lambda = .1 in the output (by
.0014 % at .01, 1.5 % at .42), and by less in hidden layers: by 2 % at most of what the target
moves. Each further sweep leaves a thousandth. With random weights one sweep is off by 15 % at .1,
two by .8 and three by .05: apical potentials are not small, and reach
the output only with the next sweep. Five minutes, mostly compiling.
"""

import dataclasses

import numpy as np

from experiments.microcircuit.playing import Player, continuous, how
from experiments.study.page import Page
from models.microcircuit import sweeps
from models.microcircuit.network import network
from models.microcircuit.rates import POTENTIALS
from models.microcircuit.weights import attenuation

INPUTS, LAYERS = 30, (50, 50, 10)
LAMBDAS = (0.01, 0.03, 0.1, 0.2, 0.42)
PATTERNS, SEED = 20, 1
SWEEPS = (1, 2, 3, 5, 10)
AT = 0.1  # lambda of the headlines
STARTS = {"self_predicting": "self-predicting", "random": "random"}
COARSE = {"dt": 0.5}  # ms: what it settles in does not depend on it


def options(setting, strength):
    """Of a circuit whose factors lambda are ``strength``."""
    widths = [np.sqrt(6 / sum(pair)) for pair in zip((INPUTS, *LAYERS), LAYERS, strict=False)]
    rest = 1 - strength
    g = {"g_lk": 0.0, "g_B": rest, "g_A": strength, "g_D": rest, "g_som": strength}
    fixed = {"eta_up": (0.0,), "eta_IP": (0.0,)}
    about = {"layers": LAYERS, "w_up": tuple(widths)}
    return continuous(setting, **about, **g, **fixed, **COARSE)


def settled(player, state, x, goals):
    """Potentials of each layer after each pattern, lists of arrays (patterns, cells)."""
    names = [name for name in player.network.sizes if name.startswith(("hidden", "output"))]
    rows = []
    for k in range(len(x)):
        state, _ = player.show(state, x[k : k + 1], goals[k : k + 1], learns=False)
        rows.append([state[f"u_{name}"] for name in names])
    return [np.array(layer) for layer in zip(*rows, strict=True)]


def swept(options, state, x, goals, times):
    """The same after so many sweeps."""
    made = dataclasses.replace(options, dynamics="sweeps", sweeps=times)
    return [POTENTIALS[options.phi](r) for r in sweeps.settle(made, state, x, goals).r]


def alone(options, state, x):
    """The same without apical potentials and target."""
    v_B, _ = sweeps.up(options, state, x)
    return [a * v for a, v in zip(attenuation(options), v_B, strict=True)]


def compared(setting, strength):
    """Rows of one lambda: both starts, all numbers of sweeps, all layers."""
    given = options(setting, strength)
    player = Player(given, INPUTS, 1, how(setting))
    rng, patterns = np.random.default_rng([SEED, 15]), setting.size(PATTERNS, 2)
    x, goals = rng.uniform(0, 1, (patterns, INPUTS)), rng.uniform(-1, 1, (patterns, LAYERS[-1]))
    for name, start in STARTS.items():
        begun = dataclasses.replace(given, start=start)
        state = network(begun, INPUTS, LAYERS[-1]).start(SEED)
        true, still = settled(player, state, x, goals), alone(given, state, x)
        for times in SWEEPS:
            found = swept(given, state, x, goals, times)
            for m, (one, other, begin) in enumerate(zip(found, true, still, strict=True)):
                far = np.linalg.norm(one - other)
                row = {"condition": name, "lambda": strength, "sweeps": times, "layer": m}
                yield row | {
                    "relative": far / np.linalg.norm(other),
                    "of_moved": far / np.linalg.norm(other - begin),
                }


def headlines(rows):
    """The worst layer at one lambda."""
    for name in STARTS:
        for times in SWEEPS[:3]:
            here = {"condition": name, "lambda": AT, "sweeps": times}
            worst = [row["relative"] for row in rows if here.items() <= row.items()]
            found = {"measure": f"distance_after_{times}_sweeps", "value": 100 * max(worst)}
            yield {"condition": name, "n": len(worst)} | found


def study(setting):
    """All lambdas."""
    rows = []
    for strength in LAMBDAS if not setting.smoke else (AT,):
        rows += compared(setting, strength)
        print(f"lambda {strength}: done", flush=True)
    setting.results.write("distances", rows)
    setting.results.headline(list(headlines(rows)), setting.arguments)


page = Page(
    __name__,
    __doc__,
    study,
    title="Steady states by sweeps, beside those in time",
    trains=False,
)
