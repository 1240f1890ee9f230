"""Test errors of microcircuits on MNIST, and what hidden cells learn from.

    python -m analysis microcircuit_mnist

Below the errors, by epoch: the angle between each layer's update and that of backpropagation, the
same of the update less that without a target, the angle of top-down to transposed bottom-up
weights, and the apical potential that is left without a target, beside its part from above; means
over networks, shades the range between them.
"""

from analysis.drawing import by_layer

SHOWN = {"mnist_500_500": "microcircuit", "transposed": "transposed top-down"}
LAYERS = {0: "first hidden", 1: "second hidden", 2: "output"}
COLUMNS = {
    "update": "update to backprop (degrees)",
    "taught": "less that untaught (degrees)",
    "feedback": "feedback to transposed (degrees)",
    "residual": "apical potential left (share)",
}


def draw(results):
    """Errors, and a row of axes for each condition that is there."""
    return by_layer.draw(results, SHOWN, COLUMNS, LAYERS)
