"""Fewer spikes: with learning rates that follow, an image moves weights as far as before."""

import numpy as np
import pytest

from experiments.run.config import Config
from experiments.segregated.peak_rates import CONDITIONS, FEWER, USUAL
from models.engine import device
from models.theory import Inputs

IMAGES = 6
SMALL = {"theory": "segregated", "dataset": "digits", "layers": (50, 10), "variant": "regular"}


def moved(name, digits):
    """Mean |change| by an image from the same weights, over mean |weight|, of each layer."""
    config = Config.of(CONDITIONS[name].options | SMALL | {"device": "runtime"})
    network = config.network(64, 10)
    state, program, found = network.start(1), network.program(1, **config.how), []
    for k in range(IMAGES):
        shown = digits.train_images[k : k + 1].astype(float), digits.train_labels[k : k + 1]
        after = program.run(Inputs(*shown, state, k)).state
        found.append([np.abs(after[w] - state[w]).mean() for w in ("W_0", "W_1")])
    return np.mean(found, axis=0) / [np.abs(state[w]).mean() for w in ("W_0", "W_1")]


@pytest.mark.parametrize("rule", ["plateau", "backprop"])
def test_with_higher_learning_rates_an_image_moves_weights_as_far_as_before(rule, digits):
    device.interpret()
    usual = moved(f"{rule}_{USUAL}", digits)
    for rate in FEWER:
        assert moved(f"{rule}_{rate}_fast", digits) == pytest.approx(usual, rel=0.3)
