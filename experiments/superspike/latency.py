"""How well does SuperSpike tell images apart, of which each pixel fires once?

    python -m experiments latency [--only digits ...]

The brighter a pixel, the earlier it fires, in 20 ms; dark ones do not. The class's cell is to fire
within 30 ms, and no other (the error of the paper's exclusive or). Time steps are 0.5 ms, updates
follow 50 images, times vary by 2 ms where they are learned from (ours). ``digits``: 64-200-10 on
1,437 images; the same with ``random`` and ``uniform`` feedback, and with hidden weights that stay
as they are (``fixed``). Settings were chosen on training images held out, with symmetric feedback.
Three networks each. The page ``latency_mnist`` has MNIST.

There is no published number of SuperSpike on images. Expected on the digits: 5.6 % with symmetric
feedback, 16 % if hidden weights stay as they are; random feedback is worse than that, and uniform
feedback learns nothing. Three minutes.
"""

from experiments.study.conditions import Condition
from experiments.study.replicates import replicate
from models.superspike.options import PRESETS

DIGITS = {"dataset": "digits"} | PRESETS["digits"]
EPOCHS = PRESETS["digits"]["epochs"]
CONDITIONS = {
    "digits": Condition("digits, symmetric", DIGITS, EPOCHS),
    "random": Condition("digits, random", DIGITS | {"feedback": "random"}, EPOCHS),
    "uniform": Condition("digits, uniform", DIGITS | {"feedback": "uniform"}, EPOCHS),
    "fixed": Condition("digits, hidden weights fixed", DIGITS | {"feedback": "none"}, EPOCHS),
}
PAIRS = [("digits", "random"), ("digits", "uniform"), ("digits", "fixed")]


def small(options):
    """What ``--smoke`` changes."""
    return {"layers": (8, 10), "dt": 1.0}


page = replicate(
    __name__, __doc__, CONDITIONS, PAIRS, title="Images, told by one spike a pixel", smoke=small
)
