"""What happens in the two phases, and how long are they (P Fig 4)?

    python -m experiments.phases

A: a '9' goes through forward and target phase in a network with one hidden layer, trained for one
epoch; the weights stand still. B: lengths of the phases of successive images: 50 ms and a random
part, Wald-distributed with mean 2 ms and scale 1 ms (variance 8 ms^2), in whole steps of 1 ms.

Expected: in the target phase the taught output fires at its highest rate, 200 Hz, and the others
are silent (by their equation 198 and 2 Hz at V^b = 0). No phase is shorter than 50 ms,
most last 50 to 60 ms. Takes some seconds, and a minute more if the network is to be trained.
"""

import sys

import numpy as np
from brian2 import Hz, ms
from scipy import stats

from experiments.run import score as scores
from experiments.segregated.conditions import CONDITIONS
from experiments.study import page
from models.engine import device, schedule
from models.engine.recording import Recording

NAME = "phases"
CONDITION = "one_hidden"
EPOCHS = 1
LABEL = 9
IMAGES = 200  # test images whose output rates are averaged; the first is the '9' that is shown
SHOWN = 20  # successive images whose phases are drawn
MANY = 60_000  # images whose phases are counted
OUTPUTS = tuple(range(10))
MOMENTS = ("random_part_mean_ms", "random_part_variance_ms2", "share_50_to_60_ms")


def answer(network, count):
    """A '9' and other test images through both phases; returns timing, labels and records."""
    run, labels = network.run, network.run.data.test_labels
    nine = np.argmax(labels == LABEL)  # the first
    chosen = np.append(nine, np.delete(np.arange(len(labels)), nine))[:count]
    timing = schedule.training(run.model.phases, len(chosen), run.model.asynchronous)
    record = Recording(("spikes", "voltages"), OUTPUTS)
    program = device.program(run.model, timing, record=record, device=run.config.device)
    still = dict.fromkeys(run.config.rates(0), 0.0)
    images = run.data.test_images[chosen]
    out = program.run(device.Inputs(images, labels[chosen], network.weights, still, run.seed(6)))
    return timing, labels[chosen], out.records


def output_rates(network, records):
    """Rates phi of the output cells in each step, Hz, shape (steps, outputs)."""
    phi_max = float(network.run.model.output.params.phi_max / Hz)
    V = 1e3 * records["voltages", "output", "V"].reshape(-1, len(OUTPUTS))
    return phi_max * scores.sigma(V)


def image_rates(rates, labels, timing):
    """Mean rates of the taught cell and of the others in each phase's window.

    Parameters
    ----------
    rates : ndarray, shape (steps, outputs)
        Hz.
    labels : ndarray of int, shape (images,)
    timing : Schedule

    Returns
    -------
    dict
        (phase, "taught" or "others") -> ndarray of shape (images,), Hz.
    """
    taught = labels[:, None] == np.arange(rates.shape[1])
    found = {}
    for phase in ("forward", "target"):
        steps = timing.steps(f"{phase}_window")
        image = np.searchsorted(timing.end, steps, side="right")
        means = np.array([rates[steps[image == k]].mean(axis=0) for k in range(len(labels))])
        found[phase, "taught"] = means[taught]
        found[phase, "others"] = np.mean(means[~taught].reshape(len(labels), -1), axis=1)
    return found


def lengths(phases, images):
    """Lengths of the forward and of the target phases of successive images, ms, (images,) each."""
    timing = schedule.training(phases, images)
    unit = float(phases.dt / ms)
    return (timing.teach - timing.onset) * unit, (timing.end - timing.teach) * unit


def expected_share(extra, phases):
    """Share of phases whose random part, rounded to the nearest step, is ``extra`` (ms, array)."""
    mean, scale = float(phases.wald_mean / ms), float(phases.wald_scale / ms)
    wald, half = stats.invgauss(mean / scale, scale=scale), float(phases.dt / ms) / 2
    return wald.cdf(extra + half) - wald.cdf(extra - half)


def study(setting):
    """Look at a '9' and at the rates of many images; count the lengths of phases."""
    options = CONDITIONS[CONDITION].options
    network = setting.trained(CONDITION, options, setting.epochs or EPOCHS)
    timing, labels, records = answer(network, setting.size(IMAGES, 4))
    rates = output_rates(network, records)
    _write_image(setting.results, timing, labels[0], records, rates)
    rows = _rates(setting.results, image_rates(rates, labels, timing))
    rows += _lengths(setting.results, network.run.model.phases, setting.size(MANY, 500))
    about = {"condition": CONDITION, "epochs": network.epochs}
    setting.results.headline([about | row for row in rows], setting.arguments)


def _write_image(results, timing, label, records, rates):
    """Rates and spikes of the output cells while the first image is shown, and its phases."""
    end, unit = int(timing.end[0]), float(timing.dt / ms)
    columns = {"t_ms": np.arange(end) * unit}
    columns |= {f"rate_{k}": np.round(rates[:end, k], 2) for k in OUTPUTS}
    results.write("image_rates", columns)
    t, cell = (records["spikes", "output", k] for k in "ti")
    here = np.rint(t * 1e3 / unit) < end
    results.write("image_spikes", {"t_ms": np.round(t[here] * 1e3, 3), "cell": cell[here]})
    names = schedule.phase_names(timing)[:2]
    start, stop, phase = zip(*names, strict=True)
    columns = {"phase": phase, "start_ms": start, "end_ms": stop, "label": [label] * 2}
    results.write("image_phases", columns)


def _rates(results, found):
    """Table of mean rates; headlines of the target phase."""
    table = [
        {
            "phase": phase,
            "cell": cell,
            "rate_hz": values.mean(),
            "sd_hz": values.std(ddof=1),
            "n": len(values),
        }
        for (phase, cell), values in found.items()
    ]
    results.write("rates", {k: [row[k] for row in table] for k in table[0]})
    return [
        {
            "measure": f"target_rate_{row['cell']}",
            "value": row["rate_hz"],
            "spread": row["sd_hz"],
            "n": row["n"],
            "paper": {"taught": 200, "others": 0}[row["cell"]],
        }
        for row in table
        if row["phase"] == "target"
    ]


def _lengths(results, phases, images):
    """Tables of the lengths of phases; their headlines."""
    forward, target = lengths(phases, images)
    first = slice(SHOWN)
    columns = {"image": np.arange(len(forward[first])) + 1, "forward_ms": forward[first]}
    results.write("lengths", columns | {"target_ms": target[first]})
    shortest, unit = float(phases.forward / ms), float(phases.dt / ms)
    both = np.concatenate([forward, target])
    extra = both - shortest
    grid = np.arange(round(extra.max() / unit) + 1) * unit
    counts = np.bincount(np.rint(extra / unit).astype(int), minlength=len(grid))
    columns = {"length_ms": shortest + grid, "phases": counts}
    results.write("histogram", columns | {"expected_share": expected_share(grid, phases)})
    found = dict(zip(MOMENTS, moments(extra, np.full(len(extra), 1 / len(extra))), strict=True))
    grid = np.arange(0, 1000, unit)  # ms: all there is
    rounded = moments(grid, expected_share(grid, phases))
    mean, scale = float(phases.wald_mean / ms), float(phases.wald_scale / ms)
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


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return page.main(NAME, __doc__, study, arguments)


if __name__ == "__main__":
    sys.exit(main())
