"""Do circuits teach what backpropagation teaches, where feedback is weak (Sacramento et al. 2018)?

    python -m experiments lambda_angle

Self-predicting networks of 30-50-50-10 logistic cells, weights as Glorot & Bengio draw them; 50
patterns of U(0, 1), target potentials of U(-1, 1). No leak, and conductances such that the share of
apical and teaching potentials in each soma is lambda. The angle of what all patterns together
change in the weights of a layer (sweeps) to the gradient of the same network without apical
dendrites, for lambda from .001 to .42; top-down weights are the transposed bottom-up ones, or
random. Medians of twenty networks, with quartiles: in a few the gradient of all patterns nearly
cancels.

Expected: with transposed weights the angle goes with lambda, as the theory's first neglected term
does: .006 degrees in all layers at .001, .6 at .1, and 2.3 to 2.9 at .42, where the paper's
continuous networks are; a slope of 1.0 in logarithms. With random weights hidden layers stay at 90
degrees before learning, whatever lambda; the output does not use them. Two seconds.
"""

import numpy as np

from experiments.study.page import Page
from experiments.study.statistics import quartiles
from models.microcircuit.measured import measures
from models.microcircuit.options import Options
from models.microcircuit.weights import weights

INPUTS, LAYERS = 30, (50, 50, 10)
LAMBDAS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.42)
NETWORKS, PATTERNS = 20, 50
AT, LINEAR = 0.1, 0.1  # of the headline; up to which a slope is fitted
CONDITIONS = {"transposed": "transposed", "random": "fixed"}  # name -> top-down weights


def options(feedback, strength):
    """Options of a network whose factors lambda are ``strength``."""
    sizes = (INPUTS, *LAYERS)
    widths = [np.sqrt(6 / sum(pair)) for pair in zip(sizes, LAYERS, strict=False)]
    rest = 1 - strength
    g = {"g_lk": 0.0, "g_B": rest, "g_A": strength, "g_D": rest, "g_som": strength}
    how = {"thresholds": False, "feedback": feedback, "batch": PATTERNS}  # all at once
    return Options(layers=LAYERS, w_up=tuple(widths), w_down=tuple(widths[1:]), **g, **how)


def angles(name, strength, seed):
    """Rows of the angle of each layer, of one network."""
    made = options(CONDITIONS[name], strength)
    rng = np.random.default_rng([seed, 13])
    x = rng.uniform(0, 1, (PATTERNS, INPUTS))
    target = rng.uniform(-1, 1, (PATTERNS, LAYERS[-1]))
    found = measures(made, weights(made, INPUTS, seed), x, target)
    about = {"condition": name, "seed": seed, "lambda": strength}
    for m in range(len(LAYERS)):
        yield about | {"layer": m, "angle": found[f"update_{m}"][0]}


def headlines(rows):
    """Angles at one lambda, and slopes of logarithms where weights are transposed."""
    for name in CONDITIONS:
        for m in range(len(LAYERS)):
            own = [row for row in rows if (row["condition"], row["layer"]) == (name, m)]
            there = [row["angle"] for row in own if row["lambda"] == AT]
            yield {"condition": name, "measure": f"lambda_angle_W_{m}"} | middle(there)
            if name == "transposed":
                values = [slope(own, seed) for seed in sorted({row["seed"] for row in own})]
                yield {"condition": name, "measure": f"lambda_slope_W_{m}"} | middle(values)


def middle(values):
    """The median, and of how many."""
    return {"value": np.median(values), "n": len(values)}


def gathered(rows):
    """Median and quartiles over networks."""
    keys, groups = ("condition", "lambda", "layer"), {}
    for row in rows:
        groups.setdefault(tuple(row[key] for key in keys), []).append(row["angle"])
    for place, values in groups.items():
        low, middle_, high = quartiles(values)
        line = dict(zip(keys, place, strict=True)) | {"n": len(values)}
        yield line | {"angle": middle_, "angle_lower": low, "angle_upper": high}


def slope(rows, seed):
    """Of the logarithm of the angle by that of lambda."""
    mine = [row for row in rows if row["seed"] == seed and row["lambda"] <= LINEAR]
    points = np.log([[row["lambda"], row["angle"]] for row in mine])
    return np.polyfit(*points.T, 1)[0]


def study(setting):
    """All networks."""
    seeds = range(1, setting.size(NETWORKS, 2) + 1)
    places = [(name, one, seed) for name in CONDITIONS for one in LAMBDAS for seed in seeds]
    rows = [row for place in places for row in angles(*place)]
    setting.results.write("angles", list(gathered(rows)))
    setting.results.headline(list(headlines(rows)), setting.arguments)


page = Page(
    __name__,
    __doc__,
    study,
    title="What circuits teach, beside backpropagation",
    trains=False,
)
