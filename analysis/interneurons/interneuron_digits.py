"""Test errors on the digits of circuits with lesions, and what their cells learn from.

    python -m analysis interneuron_digits

Below the errors, of each network at the end: the mean error of the last five epochs, the angle
between the error of hidden cells and backpropagation's, and the share of cells with a plateau that
teaches. At the bottom, of circuits that have learned: errors without a class of interneurons, at
once and after two more epochs, and the share of cells that still learn. ``interneuron_periods``:
circuits with and without SST cells, by how long cells are refractory.
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
    "test_error_later": ("error after 2 more epochs (%)", 1),
    "cells_learning": ("cells that learn (%)", 100),
}
LESIONS = {"none": "intact", "PV": "no PV", "SST": "no SST", "VIP": "no VIP"}
USUAL = ("circuit", "no_sst")  # of those with other periods
PERIODS = "no SST cells, and other periods: digits, 64-100-10"


def draw(results):
    """Errors, what hidden cells learn from, and lesions of what has learned."""
    names = [name for name in _there(results) if not _period(name)]
    return _draw(results, names, results.table("trained") if results.has("trained") else None)


def more(results):
    """The same of other periods, if they are there."""
    names = [name for name in _there(results) if name in USUAL or _period(name)]
    if not any(map(_period, names)):
        return {}

    def periods(results):
        drawing = _draw(results, names)
        drawing.suptitle(PERIODS)
        return drawing

    return {"interneuron_periods": periods}


def _there(results):
    known = results.table("networks")["condition"]
    return [name for name in results.page()["conditions"] if name in known]


def _period(name):
    return name.rpartition("_")[2].isdigit()


def _draw(results, names, trained=None):
    heights = [0.9 + 0.22 * len(names)] + [1.9] * (trained is not None)
    drawing = conditions.draw(results, more=sum(heights), names=names)
    parts = drawing.subfigs[-1].subfigures(len(heights), 1, height_ratios=heights, squeeze=False)
    about = results.page()["conditions"]
    looks = conditions.looks({name: about[name] for name in names})
    rows = {name: (looks[name].text, looks[name]) for name in names}
    points.plot(results.table("networks"), "condition", rows, COLUMNS, parts[0, 0])
    if trained is not None:
        plain = conditions.Look("", "0.25", "o", "-")
        rows = {name: (text, plain) for name, text in LESIONS.items()}
        axes = points.plot(trained, "without", rows, TRAINED, parts[1, 0])
        axes[0].set_title("circuits that have learned", loc="left", fontsize="medium")
    return drawing
