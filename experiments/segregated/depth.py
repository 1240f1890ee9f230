"""Do hidden layers help? No, one, two and three hidden layers (P Fig 6B).

    python -m experiments depth [--only one_hidden ...]

Expected: 8.3, 4.1 and 3.2 per cent of test errors after 60 epochs with 0, 1 and 2 hidden layers,
and no better with three. Each also stands with the settings that the paper prints (``printed_*``),
with these but for the carry-over between images and for when the forward plateau is (``late_*``),
and with the presets ``best`` and ``best-deep`` (``best_*``, and three layers).
Sixty epochs take about an hour of one core for each network with hidden layers.
"""

from experiments.segregated.settings import (
    ALL,
    BEST,
    BEST_DEEP,
    CHOSEN,
    EARLY,
    EARLY_ONE,
    EARLY_TWO,
    LATE,
    LATE_TWO,
    PAPER,
    PRINTED_ONE,
    PRINTED_TWO,
    RESTED,
    small,
)
from experiments.study.comparison import compare
from experiments.study.conditions import Condition

# As best-deep; a layer more, so the forward plateau waits longer.
THREE = BEST_DEEP | {
    "layers": (500, 100, 100, 10),
    "eta": (0.2, 0.1, 0.1, 0.3),
    "feedback": (4.0, 1.0, 1.0),
    "forward_ms": 110.0,
}
RESTED_TWO = PRINTED_TWO | {"clear": True}
NONE = {"layers": (10,)}


# Number of hidden layers -> the paper's error, and a marker; settings -> a colour and a line.
LAYERS = {"none": (8.3, "o"), "one": (4.1, "s"), "two": (3.2, "^"), "three": (None, "D")}
DASHES = (0, (5, 1, 1, 1, 1, 1))
LOOKS = {
    "as printed": ("C3", "--"),
    "from rest": ("C4", ":"),
    "from rest, late plateau": ("C2", "-."),
    "chosen rates": ("C0", DASHES),
    EARLY: ("C0", DASHES),
    "best settings": ("C1", "-"),
}


def condition(layers, settings, options, epochs=60, network=None):
    """A condition by its number of hidden layers and its settings."""
    (paper, marker), (color, line) = LAYERS[layers], LOOKS[settings]
    look = color, marker, line
    return Condition(f"{layers}, {settings}", options, epochs, paper, network, look=look)


CONDITIONS = {
    "printed_no_hidden": condition("none", "as printed", NONE),
    "printed_one_hidden": condition("one", "as printed", PRINTED_ONE),
    "printed_two_hidden": condition("two", "as printed", PRINTED_TWO),
    "cleared_one_hidden": condition("one", "from rest", RESTED, 20, "random"),
    "cleared_two_hidden": condition("two", "from rest", RESTED_TWO, 20),
    "late_no_hidden": condition("none", "from rest, late plateau", RESTED | LATE | NONE),
    "late_one_hidden": condition("one", "from rest, late plateau", RESTED | LATE, 60, "late"),
    "late_two_hidden": condition("two", "from rest, late plateau", RESTED_TWO | LATE_TWO),
    "no_hidden": condition("none", "chosen rates", CHOSEN | NONE | {"eta": (0.1,)}),
    "one_hidden": condition("one", EARLY, EARLY_ONE),
    "two_hidden": condition("two", EARLY, EARLY_TWO),
    # As side by side, whose networks of MNIST may stand for these.
    "best_one_hidden": condition("one", "best settings", BEST | ALL),
    "best_two_hidden": condition("two", "best settings", BEST_DEEP | ALL),
    "three_hidden": condition("three", "best settings", THREE, 20),
}
PAIRS = (
    ("printed_no_hidden", "printed_one_hidden"),
    ("printed_one_hidden", "printed_two_hidden"),
    ("cleared_one_hidden", "cleared_two_hidden"),
    ("late_no_hidden", "late_one_hidden"),
    ("late_one_hidden", "late_two_hidden"),
    ("no_hidden", "one_hidden"),
    ("one_hidden", "two_hidden"),
    ("no_hidden", "best_one_hidden"),
    ("best_one_hidden", "best_two_hidden"),
    ("best_two_hidden", "three_hidden"),
)
TITLE = "Hidden layers: none, 500, 500-100, 500-100-100"
page = compare(__name__, __doc__, CONDITIONS, PAIRS, TITLE, paper=PAPER, smoke=small)
