"""Phases turned into named moments with precomputed times. The one place that knows 50 ms.

One image is a forward phase and a target phase (P 'Phases'); a test image is a forward phase
only. Times are whole numbers of steps, so that every moment falls on the grid.
"""

from typing import NamedTuple

import numpy as np
from brian2 import Quantity, ms

from models.segregated.parameters import Phases

# Every moment, when within its step it happens, and what it is for.
MOMENTS = {
    "onset": ("start", "an image appears, teaching goes off"),
    "teach": ("start", "teaching goes on: the target phase begins"),
    "forward_window": ("end", "each step whose potentials enter the forward averages"),
    "forward_apical": ("end", "each step that the forward plateau averages"),
    "forward_plateau": ("end", "last step of the forward phase"),
    "target_window": ("end", "each step whose rates enter the target averages"),
    "target_apical": ("end", "each step that the target plateau averages"),
    "target_plateau": ("end", "last step of the target phase; learning follows"),
}


class Schedule(NamedTuple):
    """The phases of a chunk of images, in steps.

    Attributes
    ----------
    onset, teach, end : ndarray of int, shape (images,)
        First step of the forward phase, of the target phase, and of the next image.
        Without target phases ``teach`` equals ``end``.
    settle : int
        Steps at the start of a phase that averages leave out, unless they have a window.
    window : int or None
        Steps before a phase's end that averages include; None: all after ``settle``.
    apical_window : int or None
        The same for asynchronous plateaus (window plus the longest jitter); None: as ``window``.
    dt : Quantity
        The time step.
    """

    onset: np.ndarray
    teach: np.ndarray
    end: np.ndarray
    settle: int
    window: int | None
    apical_window: int | None
    dt: Quantity

    @property
    def images(self):
        """Number of images."""
        return len(self.onset)

    @property
    def duration(self):
        """Length of the whole chunk."""
        return int(self.end[-1]) * self.dt

    def steps(self, moment):
        """Steps at which a moment of ``MOMENTS`` happens (sorted ndarray of int)."""
        target = self.teach[self.teach < self.end]
        if moment == "onset":
            return self.onset
        if moment == "teach":
            return target
        if moment == "forward_plateau":
            return self.teach - 1
        if moment == "target_plateau":
            return (self.end - 1)[self.teach < self.end]
        phase, kind = moment.split("_")
        length = self.window if kind == "window" or not self.apical_window else self.apical_window
        if phase == "forward":
            return self._windows(self.onset, self.teach, length)
        return self._windows(target, self.end[self.teach < self.end], length)

    def _windows(self, starts, ends, length):
        firsts = starts + self.settle if length is None else ends - length
        if not len(firsts):
            return firsts
        return np.concatenate([np.arange(a, b) for a, b in zip(firsts, ends, strict=True)])

    def times(self, moment):
        """The same as times, each exactly on Brian2's grid of steps."""
        return Quantity(self.steps(moment) * float(self.dt), dim=self.dt.dim)


def training(phases: Phases, images, asynchronous=False):
    """A schedule of forward and target phases for a number of images.

    Raises
    ------
    ValueError
        If a window does not fit into its phase.
    """
    rng = np.random.default_rng(phases.seed)
    if phases.lengths:
        ms_per_step = float(phases.dt / ms)
        forward, target = (
            np.rint(np.asarray(length) / ms_per_step).astype(int)
            for length in phases.lengths(phases, images, rng)
        )
    else:
        forward = _steps(phases.forward, phases) + _extra(phases, rng, images)
        target = _steps(phases.target, phases) + _extra(phases, rng, images)
    end = np.cumsum(forward + target)
    onset = end - forward - target
    return _schedule(phases, onset, onset + forward, end, asynchronous)


def testing(phases: Phases, images):
    """A schedule of forward phases only; the averages leave out ``settle`` and no more."""
    length = _steps(phases.test, phases)
    end = length * np.arange(1, images + 1)
    return _schedule(phases._replace(window=None), end - length, end, end, False)


def _schedule(phases, onset, teach, end, asynchronous):
    settle = _steps(phases.settle, phases)
    window = None if phases.window is None else _steps(phases.window, phases)
    apical = None
    if asynchronous:
        apical = _steps(phases.plateau_window, phases) + _steps(phases.plateau_max, phases)
    shortest = int((teach - onset).min())
    if (end - teach).any():
        shortest = min(shortest, int((end - teach).min()))
    if settle >= shortest or (window or 1) > shortest or (apical or 1) > shortest:
        wanted = {"settling time": settle, "window": window, "plateau window and jitter": apical}
        parts = ", ".join(f"{name} {steps}" for name, steps in wanted.items() if steps)
        raise ValueError(
            f"the averages ({parts} steps) do not fit into a phase of {shortest} steps"
        )
    return Schedule(onset, teach, end, settle, window, apical, phases.dt)


def _steps(length, phases):
    return round(float(length / phases.dt))


def _extra(phases, rng, images):
    """Whole steps that are added to each phase: Wald, P 'Phases'."""
    if not phases.random:
        return np.zeros(images, dtype=int)
    extra = rng.wald(
        float(phases.wald_mean / phases.dt), float(phases.wald_scale / phases.dt), images
    )
    return (np.floor(extra) if phases.rounding == "down" else np.rint(extra)).astype(int)


def phase_names(schedule):
    """Rows (onset ms, offset ms, phase name) of every phase, in order; for records."""
    unit = float(schedule.dt / ms)
    rows = []
    for onset, teach, end in zip(schedule.onset, schedule.teach, schedule.end, strict=True):
        rows.append((onset * unit, teach * unit, "forward"))
        if teach < end:
            rows.append((teach * unit, end * unit, "target"))
    return rows
