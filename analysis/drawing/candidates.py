"""Errors of candidate settings on training images held out: the test set plays no part in it."""

from analysis.drawing import conditions
from analysis.measures import MEASURES


def draw(results):
    """Curves of the candidates."""
    drawing = conditions.draw(results)
    drawing.axes[0].set_ylabel(MEASURES["validation_error"].text)
    return drawing
