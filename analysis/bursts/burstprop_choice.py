"""Errors on training images held out: what bursts need to teach soon.

    python -m analysis burstprop_choice

One seed each, after five epochs.
"""

from analysis.drawing.candidates import draw

__all__ = ["draw"]
