"""Phases follow a noisy oscillation: a cycle is an image, its halves are the two phases.

Source: P Discussion (oscillations as the cue for a phase). Cycles of 1/F with independent
Gaussian jitter of each half; no half is shorter than 35 ms, so that something is left to average.

Expect: learning as in the paper: averages do not depend on the length of a phase.
It leaves out cells that mistake the phase: all of them follow the same oscillation.
"""

import numpy as np

from models.segregated.variants.paper import HIDDEN

__all__ = ["HIDDEN"]
MEAN, JITTER, SHORTEST = 55.0, 6.0, 35.0  # of a half cycle, ms: 9 Hz


def oscillation(phases, images, rng):
    """half cycles of a 9 Hz oscillation with a jitter of 6 ms"""
    return np.maximum(rng.normal(MEAN, JITTER, (2, images)), SHORTEST)


PHASES = {"lengths": oscillation}
