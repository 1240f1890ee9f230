"""Is what a nudge teaches the gradient, and how much of it is left of a short one (Theorem 1)?

    python -m experiments gradient

Networks of 10-15-5 and 10-15-12-5 cells with random weights, one image; both phases last until
nothing moves, and what each nudge beta teaches (eq 10) is set against the gradient of the cost in
closed form (``experiments.equilibrium.exact``): its distance, relative to the gradient's length,
one-sided (one nudge) and symmetric (half the difference of what +beta and -beta teach). Then the
nudged phase is cut off after 1 to 40 steps: how long is what it teaches in the direction of the
gradient (gain), and how near is its direction (cosine), in each layer? Medians over 20 networks,
with quartiles: in single ones a cell of the hard sigmoid reaches a border.

Expected: an error that falls with beta (one-sided, slope 1) and with its square (symmetric, slope
2), at beta = .001 some .002 and below .0001; a gain that grows with the number of steps, and in a
short phase is the smaller the further a layer is from the output. Two minutes, mostly compiling.
"""

import numpy as np

from experiments.equilibrium import exact
from experiments.run.record import recording
from experiments.study.page import Page
from experiments.study.statistics import quartiles
from models.equilibrium.network import network
from models.equilibrium.options import Options
from models.theory import Inputs

PIXELS, CLASSES = 10, 5
LAYERS = {"one_hidden": (15, CLASSES), "two_hidden": (15, 12, CLASSES)}
RHOS = ("hard", "smooth")
BETAS = (0.5, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001)
STEPS, SHORT, EPS = 800, 40, 0.5  # steps until nothing moves; of the nudged phase that is cut off
TRUNCATED = (0.1, 0.5, 1.0)  # nudges of that
NETWORKS, AT = 20, 0.001  # the nudge of the headline


def begin(net, seed):
    """A network's weights, and biases that are not 0; an image and its class."""
    state, rng = net.start(seed), np.random.default_rng([seed, 2])
    biases = {n: rng.uniform(-0.2, 0.4, len(b)) for n, b in state.items() if n[0] == "b"}
    return state | biases, rng.uniform(0, 1, PIXELS), int(rng.integers(CLASSES))


def program(options, betas, device):
    """The network, and a program for one image shown with each nudge, which records states."""
    net = network(options, PIXELS, CLASSES)
    net = net._replace(given=lambda inputs: {"nudge": np.array(betas)})
    asked = recording(net, ("states",))
    return net, net.program(len(betas), record=asked, device=device)


def phases(options, net, run, seed):
    """State, image, target, and the states of each step: arrays (nudges, steps, cells)."""
    state, x, label = begin(net, seed)
    shown = np.tile(x, (run.images, 1)), np.full(run.images, label)
    records = run.run(Inputs(*shown, state, seed, learns=False)).records
    names = [name for name in net.sizes if name != "input"]
    steps = options.free + options.nudged
    s = [records["states", name, "s"].reshape(run.images, steps, -1) for name in names]
    return state, x, np.eye(CLASSES)[label], s


def flat(found):
    """Weights and biases of all layers, one after the other."""
    return np.concatenate([np.ravel(value) for value in found.values()])


def accuracy(options, net, run, betas, seed):
    """Rows of the error of what each nudge teaches, once the states stand still."""
    state, x, d, s = phases(options, net, run, seed)
    free = [layer[0, options.free - 1] for layer in s]
    true, taught = flat(exact.gradient(options, state, x, d, free)), {}
    for k, beta in enumerate(betas):
        nudged = [layer[k, -1] for layer in s]
        taught[beta] = flat(exact.contrast(options, x, free, nudged, beta))
    for beta in BETAS:
        both = (taught[beta] + taught[-beta]) / 2
        yield {"beta": beta, "one_sided": relative(taught[beta], true)} | {
            "symmetric": relative(both, true),
            "cosine": cosine(taught[beta], true),
        }


def truncation(options, net, run, seed):
    """Rows of gain and cosine of what a nudged phase of so many steps teaches, by layer."""
    state, x, d, s = phases(options, net, run, seed)
    free = [layer[0, options.free - 1] for layer in s]
    true = exact.gradient(options, state, x, d, free)
    for k, beta in enumerate(TRUNCATED):
        for step in range(1, options.nudged + 1):
            nudged = [layer[k, options.free + step - 1] for layer in s]
            taught = exact.contrast(options, x, free, nudged, beta)
            for m in range(len(free)):
                one, other = taught[f"W_{m}"].ravel(), true[f"W_{m}"].ravel()
                gain = one @ other / (other @ other) if other.any() else np.nan
                about = {"beta": beta, "steps": step, "layer": m}
                yield about | {"gain": gain, "cosine": cosine(one, other)}


def relative(one, true):
    """Distance to the gradient, relative to its length; nan if it is 0."""
    length = np.linalg.norm(true)
    return np.linalg.norm(one - true) / length if length else np.nan


def cosine(one, other):
    """Of the angle between two; nan where one is 0."""
    length = np.linalg.norm(one) * np.linalg.norm(other)
    return one @ other / length if length else np.nan


def gathered(rows, about, keys):
    """Median and quartiles of each measure over networks, for each value of ``keys``."""
    groups = {}
    for row in rows:
        groups.setdefault(tuple(row[key] for key in keys), []).append(row)
    for place, found in groups.items():
        line = about | dict(zip(keys, place, strict=True)) | {"n": len(found)}
        for name in (name for name in found[0] if name not in keys):
            # but for networks whose outputs all stand at a border: there is no gradient
            low, middle, high = quartiles([row[name] for row in found])
            line |= {name: middle, f"{name}_lower": low, f"{name}_upper": high}
        yield line


def study(setting):
    """All networks, both rate functions."""
    device = "runtime" if setting.smoke else "standalone"
    steps, cut_off = setting.size((STEPS, SHORT), (8, 6))
    seeds = range(setting.size(NETWORKS, 1))
    signed = [sign * beta for beta in BETAS for sign in (1, -1)]
    errors, short = [], []
    for condition, layers in LAYERS.items():
        for rho in RHOS:
            about = {"condition": condition, "rho": rho}
            plain = {"layers": layers, "rho": rho, "eps": EPS}
            long = Options(**plain, free=steps, nudged=steps)
            made = program(long, signed, device)
            rows = [row for seed in seeds for row in accuracy(long, *made, signed, seed)]
            errors += gathered(rows, about, ("beta",))
            cut = Options(**plain, free=steps, nudged=cut_off)
            made = program(cut, TRUNCATED, device)
            rows = [row for seed in seeds for row in truncation(cut, *made, seed)]
            short += gathered(rows, about, ("beta", "steps", "layer"))
            print(f"{condition}, {rho} sigmoid: done", flush=True)
    setting.results.write("errors", errors)
    setting.results.write("truncation", short)
    setting.results.headline(list(headlines(errors, short)), setting.arguments)


def headlines(errors, short):
    """The worst median at the smallest nudge, the slopes, and the gain of the paper's phase."""
    small = [row for row in errors if row["beta"] == AT]
    about = {"condition": "gradient_check", "n": small[0]["n"]}
    for measure, column in (("relative_error", "one_sided"), ("symmetric_error", "symmetric")):
        yield about | {"measure": measure, "value": max(row[column] for row in small)}
        ten = [row for row in errors if row["beta"] == 10 * AT]
        slopes = [
            np.log10(there[column] / here[column]) for here, there in zip(small, ten, strict=True)
        ]
        yield about | {"measure": f"slope_of_{measure}", "value": np.mean(slopes)}
    for row in short:
        paper = {"one_hidden": 4, "two_hidden": 6}[row["condition"]]
        if row["rho"] == "hard" and row["beta"] == 1.0 and row["steps"] == paper:
            found = {"condition": row["condition"], "measure": f"gain_W_{row['layer']}"}
            yield found | {"value": row["gain"], "n": row["n"]}


page = Page(
    __name__,
    __doc__,
    study,
    title="What a nudge teaches, beside the gradient of the cost",
    trains=False,
)
