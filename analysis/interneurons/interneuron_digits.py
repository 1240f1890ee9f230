"""Test errors on the digits of circuits with lesions, and what their cells learn from.

    python -m analysis interneuron_digits

Below the errors, of each network at the end: the mean error of the last five epochs, the angle
between the error of hidden cells and backpropagation's, and the share of cells with a plateau that
teaches. At the bottom, of circuits that have learned: errors without a class of interneurons, at
once and after two more epochs, and the share of cells that still learn.
"""

from analysis.drawing import conditions
from analysis.interneurons import points

COLUMNS = {
    "test_error_last_five": ("error, last 5 epochs (%)", 1),
    "angle_spiking": ("angle to backprop (degrees)", 1),
    "cells_learning": ("cells that learn (%)", 100),
}
TRAINED = {
    "test_error": ("error at once (%)", 1),
    "test_error_later": ("after 2 more epochs (%)", 1),
    "cells_learning": ("cells that learn (%)", 100),
}
LESIONS = {"none": "intact", "PV": "no PV", "SST": "no SST", "VIP": "no VIP"}


def draw(results):
    """Errors, what hidden cells learn from, and lesions of what has learned."""
    about, table = results.page()["conditions"], results.table("networks")
    names = [name for name in about if name in table["condition"]]
    heights = 0.9 + 0.22 * len(names), 1.9
    drawing = conditions.draw(results, more=sum(heights))
    upper, lower = drawing.subfigs[-1].subfigures(2, 1, height_ratios=heights)
    looks = conditions.looks(about)
    rows = {name: (looks[name].text, looks[name]) for name in names}
    points.plot(table, "condition", rows, COLUMNS, upper)
    if results.has("trained"):
        plain = conditions.Look("", "0.25", "o", "-")
        rows = {name: (text, plain) for name, text in LESIONS.items()}
        axes = points.plot(results.table("trained"), "without", rows, TRAINED, lower)
        axes[0].set_title("circuits that have learned", loc="left", fontsize="medium")
    return drawing
