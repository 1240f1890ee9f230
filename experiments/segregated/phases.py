"""What happens in the two phases, and how long are they (P Fig 4)?

    python -m experiments phases

A: a '9' goes through forward and target phase in a network with one hidden layer, trained for one
epoch; the weights stand still. B: lengths of the phases of successive images: 50 ms and a random
part, Wald-distributed with mean 2 ms and scale 1 ms (variance 8 ms^2), in whole steps of 1 ms.

Expected: in the target phase the taught output fires at its highest rate, 200 Hz, and the others
are silent (by their equation 198 and 2 Hz at V^b = 0). No phase is shorter than 50 ms,
most last 50 to 60 ms. Takes some seconds, and a minute more if the network is to be trained.
"""

import numpy as np
from scipy import stats

from experiments.run.seeds import Purpose
from experiments.segregated.settings import EARLY_ONE, small
from experiments.study import observe
from experiments.study.page import Page
from experiments.study.statistics import summary
from models import units
from models.segregated import timing
from models.segregated.losses import sigma

NETWORK = "one_hidden"
EPOCHS = 1
LABEL = 9
IMAGES = 200  # test images whose output rates are averaged; the first is the '9' that is shown
SHOWN = 20  # successive images whose phases are drawn
MANY = 60_000  # images whose phases are counted
OUTPUTS = tuple(range(10))
MOMENTS = ("random_part_mean_ms", "random_part_variance_ms2", "share_50_to_60_ms")


def answer(network, count):
    """A '9' and other test images through both phases; returns schedule, labels and records."""
    run, labels = network.run, network.run.data.test_labels
    nine = np.argmax(labels == LABEL)  # the first
    chosen = np.append(nine, np.delete(np.arange(len(labels)), nine))[:count]
    images, labels, kinds = run.data.test_images[chosen], labels[chosen], ("spikes", "voltages")
    seed = run.seed(Purpose.LOOK)
    shown = observe.show(run, network.state, images, labels, kinds, cells=OUTPUTS, seed=seed)
    return shown.schedule, labels, shown.records


def output_rates(network, records):
    """Rates phi of the output cells in each step, Hz, shape (steps, outputs)."""
    return network.run.network.phi_max["output"] * sigma(records["voltages", "output", "V"])


def image_rates(rates, labels, schedule):
    """Mean rates (Hz) of the taught cell and of the others in each phase's window.

    ``rates`` has shape (steps, outputs), ``labels`` (images,). Returns (phase, "taught" or
    "others") -> ndarray of shape (images,).
    """
    taught = labels[:, None] == np.arange(rates.shape[1])
    found = {}
    for phase in ("forward", "target"):
        steps = schedule.steps(f"{phase}_window")
        image = np.searchsorted(schedule.ends(), steps, side="right")
        means = np.array([rates[steps[image == k]].mean(axis=0) for k in range(len(labels))])
        found[phase, "taught"] = means[taught]
        found[phase, "others"] = np.mean(means[~taught].reshape(len(labels), -1), axis=1)
    return found


def lengths(phases, images):
    """Lengths of the forward and of the target phases of successive images, ms, (images,) each."""
    schedule, unit = timing.training(phases, images), _ms(phases.dt)
    return tuple(
        (schedule.ends(phase) - schedule.starts(phase)) * unit for phase in ("forward", "target")
    )


def _ms(time):
    return units.number(time, "ms")[0]


def expected_share(extra, phases):
    """Share of phases whose random part, rounded to the nearest step, is ``extra`` (ms, array)."""
    mean, scale = _ms(phases.wald_mean), _ms(phases.wald_scale)
    wald, half = stats.invgauss(mean / scale, scale=scale), _ms(phases.dt) / 2
    return wald.cdf(extra + half) - wald.cdf(extra - half)


def study(setting):
    """Look at a '9' and at the rates of many images; count the lengths of phases."""
    network = setting.trained(NETWORK, EARLY_ONE, setting.epochs or EPOCHS)
    schedule, labels, records = answer(network, setting.size(IMAGES, 4))
    rates = output_rates(network, records)
    _write_image(setting.results, schedule, labels[0], records, rates)
    rows = _rates(setting.results, image_rates(rates, labels, schedule))
    rows += _lengths(setting.results, network.run.network.phases, setting.size(MANY, 500))
    about = {"condition": NETWORK, "epochs": network.epochs}
    setting.results.headline([about | row for row in rows], setting.arguments)


def _write_image(results, schedule, label, records, rates):
    """Rates and spikes of the output cells while the first image is shown, and its phases."""
    end, unit = int(schedule.ends()[0]), _ms(schedule.dt)
    columns = {"t_ms": np.arange(end) * unit}
    columns |= {f"rate_{k}": np.round(rates[:end, k], 2) for k in OUTPUTS}
    results.write("image_rates", columns)
    t, cell = (records["spikes", "output", k] for k in "ti")
    here = np.rint(t / unit) < end
    results.write("image_spikes", {"t_ms": np.round(t[here], 3), "cell": cell[here]})
    start, stop, phase = zip(*schedule.rows()[:2], strict=True)
    columns = {"phase": phase, "start_ms": start, "end_ms": stop, "label": [label] * 2}
    results.write("image_phases", columns)


def _rates(results, found):
    """Table of mean rates; headlines of the target phase."""
    table = []
    for (phase, cell), values in found.items():
        row = {"phase": phase, "cell": cell, "rate_hz": values.mean()}
        table.append(row | {"sd_hz": values.std(ddof=1), "n": len(values)})
    results.write("rates", table)
    return [
        {"measure": f"target_rate_{cell}", "paper": paper} | summary(found["target", cell])
        for cell, paper in (("taught", 200), ("others", 0))
    ]


def _lengths(results, phases, images):
    """Tables of the lengths of phases; their headlines."""
    forward, target = lengths(phases, images)
    first = slice(SHOWN)
    columns = {"image": np.arange(len(forward[first])) + 1, "forward_ms": forward[first]}
    results.write("lengths", columns | {"target_ms": target[first]})
    shortest, unit = _ms(phases.forward), _ms(phases.dt)
    both = np.concatenate([forward, target])
    extra = both - shortest
    grid = np.arange(round(extra.max() / unit) + 1) * unit
    counts = np.bincount(np.rint(extra / unit).astype(int), minlength=len(grid))
    columns = {"length_ms": shortest + grid, "phases": counts}
    results.write("histogram", columns | {"expected_share": expected_share(grid, phases)})
    found = dict(zip(MOMENTS, moments(extra, np.full(len(extra), 1 / len(extra))), strict=True))
    grid = np.arange(0, 1000, unit)  # ms: all there is
    rounded = moments(grid, expected_share(grid, phases))
    mean, scale = _ms(phases.wald_mean), _ms(phases.wald_scale)
    wald = mean, mean**3 / scale, stats.invgauss.cdf(10, mean / scale, scale=scale)
    columns = {"measure": MOMENTS, "value": list(found.values()), "wald": wald}
    results.write("random_part", columns | {"wald_in_whole_steps": rounded})
    paper = dict(zip(MOMENTS, wald[:2], strict=False)) | {"shortest_phase_ms": shortest}
    return [
        {"measure": name, "value": float(value), "n": len(both), "paper": paper.get(name)}
        for name, value in (found | {"shortest_phase_ms": both.min()}).items()
    ]


def moments(extra, shares):
    """Mean, variance and share up to 10 ms of random parts (ms) that have these shares of all."""
    mean = np.sum(shares * extra)
    return mean, np.sum(shares * (extra - mean) ** 2), np.sum(shares[extra <= 10])


page = Page(__name__, __doc__, study, smoke=small)
