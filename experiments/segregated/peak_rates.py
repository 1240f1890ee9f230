"""How many spikes does the plateau rule need?

    python -m experiments peak_rates --data-dir DIR [--only plateau_50 ...] [--seeds S ...]

The paper's cells fire up to 200 spikes a second. Here the highest rate of all cells is 200, 100 and
50 Hz, in phases as long as before: with a quarter of the spikes in a plateau, and in an answer.
Initial weights follow (they are scaled so that dendrites are driven as far, P 'Initialisation'),
learning rates are as they are, or (``*_fast``) higher by the square of what rates lose: a change of
a weight is as large as the rate below it, and what it does to a drive is so once more. Beside it
backpropagation through the same cells and spikes; its hidden error is handed down as a rate is, so
that there it is the cube. Preset ``best``, five epochs of MNIST, three networks each.

Expect that half the spikes cost plateaus 1.7 points and backpropagation 2.4, and a quarter 5.4 and
7.7, so that plateaus are ahead then (of rates that were chosen at 200 Hz, for both); and that
higher learning rates make most of it worse. A minute of one core a network.
"""

from experiments.segregated.settings import ALL, BACKPROP, BEST, small
from experiments.study.conditions import Condition
from experiments.study.replicates import replicate

EPOCHS, USUAL, FEWER = 5, 200, (100, 50)  # Hz
FAST = ("", "_fast")  # ends of names: learning rates as they are, and higher
PLATEAU = BEST | ALL


def fires(rate, options, *powers):
    """Options whose cells fire at ``rate`` Hz at most.

    ``powers``: of what rates lose, to which the learning rates of the hidden layer and of the
    output are higher.
    """
    eta = [one * (USUAL / rate) ** n for one, n in zip(options["eta"], powers, strict=True)]
    return options | {"cell": (f"phi_max={rate}",), "eta": tuple(eta)}


CONDITIONS = {
    f"plateau_{USUAL}": Condition(f"{USUAL} Hz", PLATEAU, EPOCHS),
    f"backprop_{USUAL}": Condition(f"{USUAL} Hz, backprop", PLATEAU | BACKPROP, EPOCHS),
}
for rate in FEWER:
    CONDITIONS |= {
        f"plateau_{rate}": Condition(f"{rate} Hz", fires(rate, PLATEAU, 0, 0), EPOCHS),
        f"backprop_{rate}": Condition(
            f"{rate} Hz, backprop", fires(rate, PLATEAU | BACKPROP, 0, 0), EPOCHS
        ),
        f"plateau_{rate}_fast": Condition(
            f"{rate} Hz, higher learning rates", fires(rate, PLATEAU, 2, 2), EPOCHS
        ),
        f"backprop_{rate}_fast": Condition(
            f"{rate} Hz, higher learning rates, backprop",
            fires(rate, PLATEAU | BACKPROP, 3, 2),
            EPOCHS,
        ),
    }
PAIRS = [(f"plateau_{USUAL}", f"plateau_{rate}") for rate in FEWER]
PAIRS += [(f"plateau_{rate}{fast}", f"backprop_{rate}{fast}") for rate in FEWER for fast in FAST]

page = replicate(
    __name__,
    __doc__,
    CONDITIONS,
    PAIRS,
    title="Fewer spikes: the highest rate of cells",
    smoke=small,
)
