"""When things happen to an image: its phases, and the moments in them (P 'Phases').

One image is a forward phase and a target phase; a test image is a forward phase only.
"""

import numpy as np

from models import units
from models.engine.schedule import Moment, Schedule

FORWARD, TARGET = "forward", "target"


def moments(settle, window=0, apical=0):
    """Every moment, in the order of those in one step.

    Parameters
    ----------
    settle : int
        Steps at the start of a phase that averages leave out, unless they have a window.
    window : int
        Steps before a phase's end that averages include; 0: all after ``settle``.
    apical : int
        The same for asynchronous plateaus (window plus the longest jitter); 0: as ``window``.
    """
    mean, plateau = (settle, window), (settle, apical or window)
    return {
        "onset": Moment(FORWARD, "first", "start", "an image appears, teaching goes off"),
        "lit": Moment(FORWARD, "first", "start", "pixels that are not dark are listed"),
        "teach": Moment(TARGET, "first", "start", "teaching goes on: the target phase begins"),
        "forward_window": Moment(
            FORWARD, "each", "end", "each step whose potentials enter the forward averages", *mean
        ),
        "forward_apical": Moment(
            FORWARD, "each", "end", "each step that the forward plateau averages", *plateau
        ),
        "forward_plateau": Moment(FORWARD, "last", "end", "last step of the forward phase"),
        "target_window": Moment(
            TARGET, "each", "end", "each step whose rates enter the target averages", *mean
        ),
        "target_apical": Moment(
            TARGET, "each", "end", "each step that the target plateau averages", *plateau
        ),
        "target_plateau": Moment(
            TARGET, "last", "end", "last step of the target phase; learning follows"
        ),
        "hand_down": Moment(TARGET, "last", "end", "errors go down through synapses"),
        "learn": Moment(TARGET, "last", "end", "synapses learn"),
    }


# What a cell may do something at; the others are those of synapses.
OF_CELLS = tuple(name for name in moments(0) if name not in ("lit", "hand_down", "learn"))


def training(phases, images, asynchronous=False):
    """A schedule of forward and target phases for a number of images.

    Parameters
    ----------
    phases : models.segregated.parameters.Phases
    images : int
    asynchronous : bool
        Whether cells have plateaus at times of their own.

    Raises
    ------
    ValueError
        If a window does not fit into its phase.
    """
    rng = np.random.default_rng(phases.seed)
    if phases.lengths:
        forward, target = (
            np.rint(np.asarray(length) / units.number(phases.dt, "ms")[0]).astype(int)
            for length in phases.lengths(phases, images, rng)
        )
    else:
        forward = _steps(phases, "forward") + _extra(phases, rng, images)
        target = _steps(phases, "target") + _extra(phases, rng, images)
    window = 0 if phases.window is None else _steps(phases, "window")
    apical = _steps(phases, "plateau_window") + _steps(phases, "plateau_max")
    when = moments(_steps(phases, "settle"), window, apical if asynchronous else 0)
    return Schedule.of({FORWARD: forward, TARGET: target}, when, phases.dt)


def testing(phases, images):
    """A schedule of forward phases only; the averages leave out ``settle`` and no more."""
    length = np.full(images, _steps(phases, "test"))
    return Schedule.of({FORWARD: length}, moments(_steps(phases, "settle")), phases.dt)


def _steps(phases, name):
    return round(float(getattr(phases, name) / phases.dt))


def _extra(phases, rng, images):
    """Whole steps that are added to each phase: Wald, P 'Phases'."""
    if not phases.random:
        return np.zeros(images, dtype=int)
    extra = rng.wald(
        float(phases.wald_mean / phases.dt), float(phases.wald_scale / phases.dt), images
    )
    return (np.floor(extra) if phases.rounding == "down" else np.rint(extra)).astype(int)
