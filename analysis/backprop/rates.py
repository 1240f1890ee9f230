"""Errors on training images held out, for each pair of rates; the test set plays no part in it.

python -m analysis rates
"""

from analysis.drawing import conditions
from analysis.measures import MEASURES


def draw(results):
    """Curves of the candidates."""
    drawing = conditions.draw(results)
    drawing.axes[0].set_ylabel(MEASURES["validation_error"].text)
    return drawing
