"""Errors on training images held out, for each pair of rates; the test set plays no part in it.

python -m analysis relaxed_rates
"""

from analysis.drawing.candidates import draw

__all__ = ["draw"]
