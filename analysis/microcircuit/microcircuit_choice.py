"""Errors on training images held out: what holds microcircuits up on MNIST.

    python -m analysis microcircuit_choice

One seed each, after five epochs.
"""

from analysis.drawing.candidates import draw

__all__ = ["draw"]
