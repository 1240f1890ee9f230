"""Settings that several pages train with, and what ``--smoke`` makes of them.

``PRINTED_*`` are as the paper prints them; ``RESTED``: and each image begins at rest; ``LATE``
(added to these): and the forward plateau waits until activity has reached the apical dendrites, see
``settling``. ``CHOSEN``, with ``EARLY_*``, were chosen on training images held out before that was
found, ``BEST*`` (the presets) after it; never on the test set (``results/segregated/choice``).
"""

from models.segregated.presets import PRESETS

PRINTED_ONE, PRINTED_TWO = {"layers": (500, 10)}, {"layers": (500, 100, 10)}
RESTED = PRINTED_ONE | {"clear": True}
LATE = {name: PRESETS["best"][name] for name in ("forward_ms", "window_ms")}
LATE_TWO = {name: PRESETS["best-deep"][name] for name in ("forward_ms", "window_ms")}

# An image begins at rest, weights have no mean, and rates fall slowly.
CHOSEN = {"centre": True, "clear": True, "decay": 0.95}
EARLY_ONE = CHOSEN | {"layers": (500, 10), "eta": (0.2, 0.1), "feedback": (16.0,)}
EARLY_TWO = CHOSEN | {"layers": (500, 100, 10), "eta": (0.2, 0.2, 0.1), "feedback": (16.0, 8.0)}
# The error that backpropagation hands down is a hundred times smaller than that of the plateaus, so
# its hidden layer needs a higher rate (chosen on training images held out).
BACKPROP = {"rule": "backprop", "eta": (10.0, 0.1), "feedback": (1.0,)}
ALL = {"quick_examples": 0}  # all test images at once, after each epoch
PAPER = "paper, 60 epochs"  # what figures call its test errors
EARLY = "early plateau, feedback × 16"  # what figures call these two


def _preset(name):
    return {key: value for key, value in PRESETS[name].items() if key != "epochs"}


BEST, BEST_DEEP = _preset("best"), _preset("best-deep")
FRONTIER, FRONTIER_REGULAR = _preset("frontier"), _preset("frontier-regular")


def small(options):
    """What ``--smoke`` changes: hidden layers of 8 cells, and short test images."""
    *hidden, _ = options.get("layers", PRINTED_ONE["layers"])
    return {"layers": (*(8 for _ in hidden), 10), "test_ms": 50.0}
