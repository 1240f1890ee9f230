"""Which settings? Chosen on training images held out; the test set is left alone.

    python -m experiments choice [--only CANDIDATE ...]

Each candidate is trained on 50,000 images for a few epochs, with rates that fall as far as they
would in a long run, and tested on 5,000 of the other 10,000. Seed 1. What was learned from them
stands in ``settings``, and in the presets ``best``: their weak feedback was
suggested by rates with Poisson noise in place of spikes, on the same held-out images, and worked
once the forward plateau was late enough (``*_late_feedback_4``). A still later one (``*_later_*``)
is as good, within what a seed changes, and takes 30 ms more an image. A candidate takes 4 to 10
minutes of one core.
"""

from experiments.segregated.settings import LATE, LATE_TWO, small
from experiments.study.conditions import Condition
from experiments.study.page import Page

START = {"validation": 10_000, "test_examples": 5_000, "quick_examples": 0}
START |= {"centre": True, "clear": True}  # without a mean, and from rest
ONE = {**START, "layers": (500, 10), "eta": (0.2, 0.1), "feedback": (16.0,), "decay": 0.75}
NARROW = {"init": (0.25, 0.5)}
BACKPROP = {**START, "layers": (500, 10), "eta": (0.2, 0.1), "decay": 0.7, "rule": "backprop"}
TWO = {**START, "layers": (500, 100, 10), "eta": (0.2, 0.2, 0.1), "decay": 0.7}
# The forward plateau waits until activity has climbed to the apical dendrite (see settling).
LATER, LATER_TWO = LATE | {"forward_ms": 110.0}, LATE | {"forward_ms": 120.0}

SLOW, FAST = {"eta": (0.05, 0.1), "decay": 0.7}, {"eta": (0.8, 0.1), "decay": 0.7}
FOUR, SIXTY_FOUR = {"feedback": (4.0,)}, {"feedback": (64.0,)}
FOUR_TWO = {"eta": (0.2, 0.1, 0.3), "feedback": (4.0, 1.0)}
WEAK, STRONG = {"feedback": (16.0, 8.0)}, {"feedback": (64.0, 32.0)}

CANDIDATES = {
    "one": Condition("one layer", ONE, 8),
    "one_feedback_64": Condition("one, feedback x 64", ONE | SIXTY_FOUR, 8),
    "one_narrow": Condition("one, narrow weights", ONE | NARROW, 8),
    "one_fast": Condition("one, fast", ONE | FAST, 6),
    "one_slow": Condition("one, narrow, slow", ONE | NARROW | SLOW, 6),
    "one_slow_feedback_64": Condition(
        "one, narrow, slow, feedback x 64", ONE | NARROW | SLOW | SIXTY_FOUR, 6
    ),
    "one_late": Condition("one, late plateau", ONE | LATE, 8),
    "one_late_feedback_4": Condition("one, late plateau, feedback x 4", ONE | LATE | FOUR, 8),
    "one_later_feedback_4": Condition("one, later plateau, feedback x 4", ONE | LATER | FOUR, 8),
    "one_backprop": Condition("one, backpropagation", BACKPROP, 6),
    "one_backprop_fast": Condition(
        "one, backpropagation, fast", BACKPROP | {"eta": (10.0, 0.1), "decay": 0.6}, 5
    ),
    "two": Condition("two layers", TWO | WEAK, 6),
    "two_feedback_64": Condition("two, feedback x 64", TWO | STRONG, 6),
    "two_slow": Condition("two, slow", TWO | WEAK | {"eta": (0.1, 0.1, 0.05)}, 6),
    "two_narrow": Condition("two, narrow weights", TWO | WEAK | {"init": (0.25, 0.5, 0.5)}, 6),
    "two_slow_middle": Condition(
        "two, slow in the middle", TWO | WEAK | {"eta": (0.2, 0.02, 0.3)}, 6
    ),
    "two_late": Condition("two, late plateau", TWO | WEAK | LATE_TWO, 6),
    "two_late_feedback_4": Condition(
        "two, late plateau, feedback x 4", TWO | LATE_TWO | FOUR_TWO, 6
    ),
    "two_later_feedback_4": Condition(
        "two, later plateau, feedback x 4", TWO | LATER_TWO | FOUR_TWO, 6
    ),
}


def study(setting):
    """Train the candidates and write their errors on the images held out."""
    for name in setting.chosen(CANDIDATES):
        condition = CANDIDATES[name]
        epochs = setting.epochs or condition.epochs
        network = setting.trained(f"choice/{name}", condition.options, epochs)
        used = network.run.config.options
        about = {"candidate": name, "layers": "-".join(map(str, used.layers)), "rule": used.rule}
        about |= {"eta": " ".join(map(str, used.eta)), "decay": used.decay}
        about |= {key: " ".join(map(str, getattr(used, key))) for key in ("feedback", "init")}
        about["forward_ms"] = used.forward_ms
        rows = [
            about | {"epoch": int(row["epoch"]), "validation_error": row["test_error"]}
            for row in network.run.folder.metrics()
            if row["test_error"] is not None and row["epoch"].is_integer()
        ]
        setting.results.update("candidates", rows, ("candidate", "epoch"))
        last = {"condition": name, "measure": "validation_error", "epochs": network.epochs}
        row = last | {"value": rows[-1]["validation_error"], "n": 1}
        setting.results.headline([row], setting.arguments or ("--only", name))


page = Page(__name__, __doc__, study, CANDIDATES, smoke=small)
