"""Test errors of burstprop on MNIST, and how near it comes to backpropagation.

    python -m analysis burstprop_mnist

Below the errors, by epoch: the angle between each layer's update and that of backpropagation, and
that of feedback to transposed forward weights, with feedback that learns and that does not; means
over networks, shades the range between them.
"""

from analysis.drawing import by_layer

SHOWN = {"burstprop_mnist": "learned feedback", "burstprop_fixed_mnist": "fixed feedback"}
LAYERS = {0: "first hidden", 1: "second hidden", 2: "third hidden"}
COLUMNS = {
    "update": "update to backprop (degrees)",
    "feedback": "feedback to transposed (degrees)",
}


def draw(results):
    """Errors, and a row of axes for each condition that is there."""
    return by_layer.draw(results, SHOWN, COLUMNS, LAYERS)
