"""Must plateaus come all at once? Each cell at its own time (P Fig 6-S1).

    python -m experiments.asynchronous [--raster]

Each cell fires its plateaus up to 5 ms before a phase ends, from the mean of its own last 30 ms.
Expected: no loss against plateaus that all come when the phase ends. But a mean of 30 ms reaches
further back into the rise of the apical potential (see ``settling``) than the 20 ms of a
synchronous plateau: ``asynchronous_20`` has a mean of 20 ms, ``early_*`` forward phases of 50 ms,
in which the rise is steeper. Twenty epochs take about 25 minutes of one core for each.

Kept as well: when 100 hidden cells have their plateaus in two training images. ``--raster`` does
that alone, in seconds where the network is trained.
"""

import sys

import numpy as np
from brian2 import ms

from experiments.segregated.conditions import CONDITIONS
from experiments.study import comparison as compare
from experiments.study import page
from models.engine import device, schedule
from models.engine.recording import Recording

NAME = "asynchronous"
NAMES = (
    "synchronous",
    "asynchronous",
    "asynchronous_20",
    "early_synchronous",
    "early_asynchronous",
)
PAIRS = (
    ("synchronous", "asynchronous"),
    ("synchronous", "asynchronous_20"),
    ("early_synchronous", "early_asynchronous"),
)
RASTER = "asynchronous"  # the condition whose plateaus are shown
CELLS, IMAGES = 100, 2
PHASES = ("forward", "target")


def plateau_times(timing, d_f, d_t):
    """When each cell has its plateaus: at the end of a step, ms after the first image's onset.

    Parameters
    ----------
    timing : Schedule
    d_f, d_t : ndarray, shape (images, cells)
        How long before the end of the forward and of the target phase, ms.

    Returns
    -------
    forward, target : ndarray, shape (images, cells)
    """
    dt = float(timing.dt / ms)
    ends = (timing.teach, timing.end)
    return tuple(
        dt * (end[:, None] - np.rint(d / dt)) for end, d in zip(ends, (d_f, d_t), strict=True)
    )


def raster(setting):
    """Keep the plateaus of some hidden cells in the first training images, and the phases."""
    condition = CONDITIONS[RASTER]
    epochs = setting.epochs or condition.epochs
    network = setting.trained(condition.network or RASTER, condition.options, epochs)
    run = network.run
    timing = schedule.training(run.model.phases, IMAGES, run.model.asynchronous)
    program = device.program(
        run.model, timing, record=Recording(("plateaus",)), device=run.config.device
    )
    images, labels = run.data.train_images[:IMAGES], run.data.train_labels[:IMAGES]
    still = dict.fromkeys(run.config.rates(0), 0.0)
    out = program.run(device.Inputs(images, labels, network.weights, still, run.seed(6)))
    times = plateau_times(
        timing,
        *(
            1e3 * out.records["plateaus", "hidden_0", name].reshape(IMAGES, -1)[:, :CELLS]
            for name in ("d_f", "d_t")
        ),
    )
    image, cell = np.indices(times[0].shape)
    columns = {"image": image.ravel(), "cell": cell.ravel()}
    columns |= {f"{phase}_ms": t.ravel() for phase, t in zip(PHASES, times, strict=True)}
    setting.results.write("plateaus", columns)
    start, end, phase = zip(*schedule.phase_names(timing), strict=True)
    columns = {"phase": phase, "start_ms": start, "end_ms": end}
    setting.results.write("plateau_phases", columns | {"label": np.repeat(labels, 2)})


def study(setting):
    """Train and test the conditions; keep the times of plateaus."""
    if not setting.given.raster:
        compare.study(setting, NAMES, PAIRS)
    if RASTER in setting.chosen(NAMES) and len(setting.seeds) == 1:
        raster(setting)


def _options(parser):
    parser.add_argument("--raster", action="store_true", help="the times of plateaus alone")


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return page.main(NAME, __doc__, study, arguments, NAMES, _options)


if __name__ == "__main__":
    sys.exit(main())
