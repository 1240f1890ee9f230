"""Which settings? Chosen on training images held out; the test set is left alone.

    python -m experiments.choice [--only CANDIDATE ...]

Each candidate is trained on 50,000 images for a few epochs, with rates that fall as far as they
would in a long run, and tested on 5,000 of the other 10,000. Seed 1. What was learned from them
stands in ``experiments/conditions.py``, and in the presets ``best``: their weak feedback was
suggested by rates with Poisson noise in place of spikes, on the same held-out images, and worked
once the forward plateau was late enough (``*_late_feedback_4``). A still later one (``*_later_*``)
is as good, within what a seed changes, and takes 30 ms more an image. A candidate takes 4 to 10
minutes of one core.
"""

import sys

from experiments.segregated.conditions import LATE, LATE_TWO
from experiments.study import page

NAME = "choice"
START = {  # from rest and without a mean
    "validation": 10_000,
    "test_examples": 5_000,
    "quick_examples": 0,
    "centre": True,
    "clear": True,
}
ONE = {**START, "layers": (500, 10), "eta": (0.2, 0.1), "feedback": (16.0,), "decay": 0.75}
NARROW = {"init": (0.25, 0.5)}
BACKPROP = {**START, "layers": (500, 10), "eta": (0.2, 0.1), "decay": 0.7, "rule": "backprop"}
TWO = {**START, "layers": (500, 100, 10), "eta": (0.2, 0.2, 0.1), "decay": 0.7}
WEAK, STRONG = {"feedback": (16.0, 8.0)}, {"feedback": (64.0, 32.0)}
# The forward plateau waits until activity has climbed to the apical dendrite (see settling).
LATER, LATER_TWO = LATE | {"forward_ms": 110.0}, LATE | {"forward_ms": 120.0}

CANDIDATES = {  # name: (options, epochs)
    "one": (ONE, 8),
    "one_feedback_64": ({**ONE, "feedback": (64.0,)}, 8),
    "one_narrow": ({**ONE, **NARROW}, 8),
    "one_fast": ({**ONE, "eta": (0.8, 0.1), "decay": 0.7}, 6),
    "one_slow": ({**ONE, **NARROW, "eta": (0.05, 0.1), "decay": 0.7}, 6),
    "one_slow_feedback_64": (
        {**ONE, **NARROW, "eta": (0.05, 0.1), "feedback": (64.0,), "decay": 0.7},
        6,
    ),
    "one_late": ({**ONE, **LATE}, 8),
    "one_late_feedback_4": ({**ONE, **LATE, "feedback": (4.0,)}, 8),
    "one_later_feedback_4": ({**ONE, **LATER, "feedback": (4.0,)}, 8),
    "one_backprop": (BACKPROP, 6),
    "one_backprop_fast": ({**BACKPROP, "eta": (10.0, 0.1), "decay": 0.6}, 5),
    "two": ({**TWO, **WEAK}, 6),
    "two_feedback_64": ({**TWO, **STRONG}, 6),
    "two_slow": ({**TWO, **WEAK, "eta": (0.1, 0.1, 0.05)}, 6),
    "two_narrow": ({**TWO, **WEAK, "init": (0.25, 0.5, 0.5)}, 6),
    "two_slow_middle": ({**TWO, **WEAK, "eta": (0.2, 0.02, 0.3)}, 6),
    "two_late": ({**TWO, **WEAK, **LATE_TWO}, 6),
    "two_late_feedback_4": (
        {**TWO, **LATE_TWO, "eta": (0.2, 0.1, 0.3), "feedback": (4.0, 1.0)},
        6,
    ),
    "two_later_feedback_4": (
        {**TWO, **LATER_TWO, "eta": (0.2, 0.1, 0.3), "feedback": (4.0, 1.0)},
        6,
    ),
}


def study(setting):
    """Train the candidates and write their errors on the images held out."""
    for name in setting.chosen(CANDIDATES):
        options, epochs = CANDIDATES[name]
        network = setting.trained(f"choice/{name}", options, setting.epochs or epochs)
        config = network.run.config
        rows = [
            {
                "candidate": name,
                "layers": "-".join(map(str, config.layers)),
                "rule": config.rule,
                "eta": " ".join(map(str, config.eta)),
                "decay": config.decay,
                "feedback": " ".join(map(str, config.feedback)),
                "init": " ".join(map(str, config.init)),
                "forward_ms": config.forward_ms,
                "epoch": int(row["epoch"]),
                "validation_error": row["test_error"],
            }
            for row in network.run.folder.metrics()
            if row["test_error"] is not None and row["epoch"].is_integer()
        ]
        setting.results.update("candidates", rows, ("candidate", "epoch"))
        last = {"condition": name, "measure": "validation_error", "epochs": network.epochs}
        row = last | {"value": rows[-1]["validation_error"], "n": 1}
        setting.results.headline([row], setting.arguments or ("--only", name))


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return page.main(NAME, __doc__, study, arguments, tuple(CANDIDATES))


if __name__ == "__main__":
    sys.exit(main())
