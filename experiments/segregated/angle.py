"""Does a hidden layer learn in the direction that backpropagation would choose (P Fig 7A)?

    python -m experiments angle [--only spiking ...]

For each training image: the angle between the hidden layer's own error, from its two plateau
potentials, and the error that backpropagation hands down through the same weights before they
learn. An update is an error times what the presynaptic cells did, which both share, so this is the
angle between the two updates. Feedback comes by spikes, or by the rates of the output
cells, with the presets ``best``; ``long_*`` averages 100 ms in place of 20, to see what the noise
of so few spikes does; ``printed_*`` are the paper's settings as printed, ``strong_*`` has feedback
16 times as strong and an early forward plateau; ``two_hidden`` has an angle in each layer.

Expected: about 90 degrees at first, as feedback weights are random; by spikes down to 65 and back
to 70 degrees, by rates down to 35 and back to 40. Five epochs take five to ten minutes of one core
for each condition.
"""

import numpy as np

from experiments.measures import angle
from experiments.run import loop
from experiments.segregated.settings import BEST, BEST_DEEP, EARLY, EARLY_ONE, PRINTED_ONE, small
from experiments.study import observe
from experiments.study.conditions import Condition
from experiments.study.page import Page
from experiments.study.statistics import mean_and_middle, summary
from models import progress

WINDOW = 100  # images of the mean at first
LEAST = 1000  # images of the means whose least is given: of fewer, noise alone would make it low
RATES = {"feedback_spikes": False}
LONG = {"forward_ms": 160.0, "target_ms": 130.0, "window_ms": 100.0}
CONDITIONS = {
    "spiking": Condition("feedback by spikes", BEST, 5),
    "long_spiking": Condition("spikes, averaged over 100 ms", BEST | LONG, 5),
    "rate": Condition("feedback by rates", BEST | RATES, 5),
    "printed_spiking": Condition("feedback by spikes, as printed", PRINTED_ONE, 5),
    "printed_rate": Condition("feedback by rates, as printed", PRINTED_ONE | RATES, 5),
    "strong_spiking": Condition(f"spikes, {EARLY}", EARLY_ONE, 5),
    "two_hidden": Condition("two hidden layers", BEST_DEEP, 5),
}
PAPER = {  # degrees, of the paper's own conditions: at first, at its least, at the end
    "angle_spiking": (90, 65, 70),
    "angle_rate": (90, 35, 40),
}
THEIRS = ("spiking", "rate", "printed_spiking", "printed_rate")


def follow(run, epochs):
    """Train from the beginning, and measure the angle at each image.

    The network holds both errors (``Model.observe``). Returns hidden population -> degrees, shape
    (images,), in the order of training; nan where one of the two errors is zero.
    """
    found = {f"hidden_{m}": [] for m in range(run.network.depth)}
    total = epochs * len(run.data.train_labels)
    with progress.bar(total=total, unit="image") as bar:
        for seen in observe.learning(run, ("errors",), epochs, run.chunk):
            for layer, angles in found.items():
                angles.append(angle(seen.cells[layer, "error"], seen.cells[layer, "e_bp"]))
            bar.update(seen.images_seen - bar.n)
    return {layer: np.concatenate(angles) for layer, angles in found.items()}


def sliding_mean(values, window):
    """Mean of each ``window`` values in a row, shape (values - window + 1,)."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    return (total[window:] - total[:-window]) / window


def blocks(images, first, fine, coarse):
    """Limits (a, b) of blocks of images: ``fine`` ones up to image ``first``, then ``coarse``."""
    limits = [*range(0, first, fine), *range(first, images, coarse), images]
    return list(zip(limits[:-1], limits[1:], strict=True))


def curve(angles, limits):
    """Mean and quartiles of the angles in blocks of images, as columns of a table.

    Angles, shape (images,), in degrees; nan where there is none, which is left out of its block.
    ``limits`` has each block's first image and the one after its last.
    """
    found = [mean_and_middle(angles[a:b]) for a, b in limits]
    columns = {name: np.round([part[name] for part in found], 2) for name in found[0]}
    counts = [np.isfinite(angles[a:b]).sum() for a, b in limits]
    return {"images_seen": [b for _, b in limits]} | columns | {"angles": counts}


def headlines(measure, angles, epochs, window, least):
    """Rows of the summary: the angle of the first images, its least mean, the last epoch.

    ``angles`` as for ``curve``; ``window`` and ``least``: images of the first mean, and of the
    sliding mean whose least value is given.
    """
    first, last = angles[:window], angles[-(len(angles) // epochs) :]
    lowest = sliding_mean(angles[np.isfinite(angles)], least).min()
    return [
        {"measure": f"{measure}_start"} | summary(first[np.isfinite(first)]),
        {"measure": f"{measure}_min", "value": lowest, "n": least},
        {"measure": measure} | summary(last[np.isfinite(last)]),
    ]


def study(setting):
    """Train each condition, and keep the curve of its angles."""
    setting.one_seed("one network is followed, so give one seed")
    for name in setting.only or CONDITIONS:
        condition = CONDITIONS[name]
        epochs = setting.epochs or condition.epochs
        print(f"{name}: {epochs} epochs", flush=True)
        config = setting.configured(name, condition.options, epochs)
        run = loop.Run(config, None)  # its weights are not kept
        run.network = run.network._replace(observe=True)
        _write(setting, name, config, follow(run, config.epochs), len(run.data.train_labels))


def _write(setting, name, config, found, epoch):
    """Keep the angles of one network; ``epoch`` is its number of images."""
    window, least, fine, coarse = setting.size((WINDOW, LEAST, 100, 1000), (3, 3, 3, 6))
    about = {"condition": name, "epochs": config.epochs}
    rows = []
    for layer, angles in found.items():
        limits = blocks(len(angles), epoch, fine, coarse)
        setting.results.write(f"{name}_{layer}", curve(angles, limits))
        measure = "angle_spiking" if config.options.feedback_spikes else "angle_rate"
        paper = PAPER[measure] if name in THEIRS else (None,) * 3
        measure += "" if layer == "hidden_0" else f"_{layer}"
        three = headlines(measure, angles, config.epochs, window, least)
        rows += [about | row | {"paper": p} for row, p in zip(three, paper, strict=True)]
    setting.results.headline(rows, setting.arguments or ("--only", name))


page = Page(__name__, __doc__, study, CONDITIONS, smoke=small)
