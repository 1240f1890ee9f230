"""Errors on training images held out: circuit and imposed plateaus, by rates and feedback.

    python -m analysis interneuron_choice

One seed each, after five epochs.
"""

from analysis.drawing.candidates import draw

__all__ = ["draw"]
