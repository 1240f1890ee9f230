"""Must plateaus come all at once? Each cell at its own time (P Fig 6-S1).

    python -m experiments asynchronous [--raster]

Each cell fires its plateaus up to 5 ms before a phase ends, from the mean of its own last 30 ms.
Expected: no loss against plateaus that all come when the phase ends. But a mean of 30 ms reaches
further back into the rise of the apical potential (see ``settling``) than the 20 ms of a
synchronous plateau: ``asynchronous_20`` has a mean of 20 ms, ``early_*`` forward phases of 50 ms,
in which the rise is steeper. Twenty epochs take about 25 minutes of one core for each.

Kept as well: when 100 hidden cells have their plateaus in two training images. ``--raster`` does
that alone, in seconds where the network is trained.
"""

import numpy as np

from experiments.run.record import recording
from experiments.run.seeds import Purpose
from experiments.segregated.settings import BEST, EARLY_ONE, PAPER, small
from experiments.study import comparison
from experiments.study.conditions import Condition
from experiments.study.page import Page
from models import units
from models.theory import Inputs

OWN_TIMES = {"asynchronous": True}
SHORT = OWN_TIMES | {"plateau_window_ms": 20.0}
CONDITIONS = {
    "synchronous": Condition("all at the phase's end", BEST, 20, 4.1, "best_one_hidden"),
    "asynchronous": Condition("each cell at its own time", BEST | OWN_TIMES, 20),
    "asynchronous_20": Condition("the same, means of 20 ms, not 30", BEST | SHORT, 20),
    "early_synchronous": Condition(
        "early, all at the phase's end", EARLY_ONE, 20, network="one_hidden"
    ),
    "early_asynchronous": Condition("early, each at its own time", EARLY_ONE | OWN_TIMES, 20),
}
PAIRS = (
    ("synchronous", "asynchronous"),
    ("synchronous", "asynchronous_20"),
    ("early_synchronous", "early_asynchronous"),
)
TITLE = "Plateaus at once or each cell at its own time: best settings, and early plateaus"
RASTER = "asynchronous"  # the condition whose plateaus are shown
CELLS, IMAGES = 100, 2
PHASES = ("forward", "target")


def plateau_times(schedule, d_f, d_t):
    """When each cell has its plateaus: at the end of a step, ms after the first image's onset.

    ``d_f`` and ``d_t``, ms before the end of the forward and of the target phase, and both of the
    times have shape (images, cells).
    """
    dt, _ = units.number(schedule.dt, "ms")
    ends = (schedule.ends("forward"), schedule.ends())
    return tuple(
        dt * (end[:, None] - np.rint(d / dt)) for end, d in zip(ends, (d_f, d_t), strict=True)
    )


def raster(setting):
    """Keep the plateaus of some hidden cells in the first training images, and the phases."""
    network = setting.network(RASTER)
    run = network.run
    record = recording(run.network, ("plateaus",))
    program = run.network.program(IMAGES, record=record, **run.config.how)
    images, labels = run.data.train_images[:IMAGES], run.data.train_labels[:IMAGES]
    seed = run.seed(Purpose.LOOK)
    out = program.run(Inputs(images, labels, network.state, seed, learns=False))
    delays = (out.records["plateaus", "hidden_0", name][:, :CELLS] for name in ("d_f", "d_t"))
    times = plateau_times(program.schedule, *delays)
    image, cell = np.indices(times[0].shape)
    columns = {"image": image.ravel(), "cell": cell.ravel()}
    columns |= {f"{phase}_ms": t.ravel() for phase, t in zip(PHASES, times, strict=True)}
    setting.results.write("plateaus", columns)
    start, end, phase = zip(*program.schedule.rows(), strict=True)
    columns = {"phase": phase, "start_ms": start, "end_ms": end}
    setting.results.write("plateau_phases", columns | {"label": np.repeat(labels, 2)})


def study(setting):
    """Train and test the conditions; keep the times of plateaus."""
    if not setting.given.raster:
        comparison.study(setting)
    if RASTER in setting.chosen(CONDITIONS):
        if setting.given.raster or comparison.alone(setting, RASTER):
            raster(setting)


def _options(parser):
    parser.add_argument("--raster", action="store_true", help="the times of plateaus alone")


page = Page(
    __name__, __doc__, study, CONDITIONS, PAIRS, TITLE, paper=PAPER, smoke=small, options=_options
)
