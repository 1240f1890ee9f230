"""CPU time of networks with interneurons, beside the same network without them.

    python -m benchmarks.circuits [--data-dir DIR]

784-500-10 on MNIST, 100 + 100 steps an image: a circuit of PV, SST and VIP cells that times
plateaus, with the cortex's number of them, twice and four times as many, beside imposed plateaus
without interneurons. Writes ``results/benchmarks/circuits.csv``, and the ratios into the summary.
"""

import sys

from benchmarks import measuring
from benchmarks.measuring import Ratio, chunk_time, on_mnist, show
from models.interneurons import THEORY
from models.interneurons.parameters import SHARES

NAME = "benchmarks.circuits"
COLUMNS = ("what", "interneurons", "ms", "beside_ms", "ratio", "lowest", "highest")
LAYERS, IMAGES, REPEATS = (500, 10), 500, 7
FACTORS = {"circuit": 1.0, "twice": 2.0, "four_times": 4.0}
BARE = {"plateaus": "imposed", "without": tuple(SHARES)}


def timed(data, images=IMAGES, layers=LAYERS, **changes):
    """How many interneurons a network has, and a function that gives its CPU seconds an image."""
    pixels = data.train_images[:images].astype(float)
    options = THEORY.options(layers=layers, **changes)
    network = THEORY.network(options, pixels.shape[1], data.classes)
    many = sum(n for name, n in network.sizes.items() if name.startswith(tuple(SHARES)))
    program = measuring.program(network, images)
    return many, chunk_time(program, pixels, data.train_labels[:images], network.start(1))


def measure(data):
    """Rows of the table."""
    _, bare = timed(data, **BARE)
    rows = []
    for what, factor in FACTORS.items():
        many, ours = timed(data, interneurons=factor)
        show(rows, (what, many, *Ratio.of(ours, bare, REPEATS).rounded))
    return rows


def condition(row):
    """What the summary calls a row of the table."""
    return f"speed_{row['what']}"


main = measuring.with_headline(
    on_mnist(NAME, __doc__, measure, COLUMNS), NAME, "interneurons", condition, REPEATS
)

if __name__ == "__main__":
    sys.exit(main())
