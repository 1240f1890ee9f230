"""Regular spikes in the place of Poisson ones: a cell counts up its rate, and fires at each one.

d due/dt = phi, from a random part of a spike at an image's onset; at 1 the cell fires, and 1 is
taken off. Rates, dendrites and the rule are the paper's. It is not the paper's cell: what a train
tells of its rate is off by a spike at most, a Poisson train's by the root of its count.

Source: a perfect integrator; no noise of spikes as in P's Poisson process, Eq. 3.

Expect: what the rule reaches when the apical dendrite hears its teacher clearly. On Fashion-MNIST,
with an output error of rates, 10.7 % of errors on images held out after 20 epochs, where Poisson
spikes come to 11.8 (one network each; the page ``fashion_choice``).
"""

from models.segregated import inputs, output
from models.segregated.variants.paper import HIDDEN as PAPER

REGULAR = {
    "parts": {"due": "ddue/dt = phi                           : 1     # spikes that are due"},
    "threshold": "due >= 1",
    "reset": "due -= 1",
}


def regular(cell):
    """A cell that fires regularly; ``clear`` is not to bring its phase back to 0."""
    return cell.vary(**REGULAR).then({}, {"onset": "due = rand()"})


HIDDEN, OUTPUT, INPUT = (regular(cell) for cell in (PAPER, output.OUTPUT, inputs.INPUT))
