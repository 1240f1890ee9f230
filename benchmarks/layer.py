"""CPU time of a dense layer of rates that learns in each step, beside the same loop by hand.

    python -m benchmarks.layer

784 inputs and 500 cells at steps of 0.1 ms. In each step every synapse low-passes the product of
rate and error, changes its weight by that, and adds to the drive of its cell: a circuit of strings
in compiled Brian2, and ``layer.cpp``. Both have to end with the same weights. Writes
``results/benchmarks/layer.csv``.
"""

import sys

import numpy as np
from brian2 import Hz, ms

from benchmarks import measuring
from benchmarks.measuring import HERE, PRECISION, Ratio, built, call, children, command_of, show
from models.engine.cell import Cell
from models.engine.circuit import Circuit, Event, Pathway, Population, Projection, Sweep
from models.engine.network import EACH_IMAGE, Network
from models.engine.schedule import ONSET, Moment
from models.theory import Inputs

NAME = "benchmarks.layer"
COLUMNS = ("what", "network", "precision", "cpu_us_per_step", "weights_differ_by")
COLUMNS += ("ratio", "lowest", "highest")
SIZES, STEPS, STRETCHES, REPEATS = (784, 500), 100, 21, 7
LARGEST = 1e-3  # difference of weights, as a share of the largest change

PIXEL = Cell.of({"rate": "r : 1"}, {ONSET: "r = images(example*dt, i)"})
CELL = Cell.of(
    {
        "soma": "du/dt = (drive - u)/tau : 1",
        "input": "drive : 1  # from all synapses, in this step",
        "error": "error : 1\ntarget : 1",
    },
    {ONSET: "target = labels(example*dt, i)", "compare": "error = target - u\ndrive = 0"},
    constants={"tau": 10 * ms},
    integrator="euler",
)
LEARN = """
    D += dt/tau_w*(error_post*r_pre - D)
    w += dt*eta*D
    drive_post += w*r_pre
"""


def network(sizes=SIZES, steps=STEPS):
    """The layer as a network: an "image" is rates and targets, held for some steps."""
    synapses = Projection(
        "pixels",
        "cells",
        "w : 1  # weight\nD : 1  # low-passed change",
        {"up": Pathway(LEARN, "send")},
        symbols={"tau_w": 30 * ms, "eta": 0.3 * Hz},
    )
    order = Sweep((ONSET,)), Sweep(("compare",)), Sweep(("send",), "up"), Sweep(("move", "read"))
    return Network(
        Circuit(
            {
                "pixels": Population(sizes[0], PIXEL, {"send": Event("True")}),
                "cells": Population(sizes[1], CELL),
            },
            {"W": synapses},
            order,
            state={"W": ("W", "w")},
            outcome=("u",),
            outcome_at="read",
            targets=sizes[1],
        ),
        start=lambda seed: {"W": start(sizes, seed)[2]},
        read=lambda outcome, inputs: (outcome["u"], {}),
        phases={"held": steps},
        moments={
            ONSET: EACH_IMAGE._replace(phase="held"),
            "read": Moment("held", "last", "end", "potentials are read"),
        },
        dt=0.1 * ms,
    )


def start(sizes=SIZES, seed=1):
    """Rates, targets and weights, as single precision has them."""
    rng = np.random.default_rng(seed)
    rates, targets = (rng.random(n).astype(np.float32) for n in sizes)
    return rates, targets, (0.01 * rng.standard_normal(sizes)).astype(np.float32)


class Ours:
    """The compiled network, for so many stretches of steps."""

    def __init__(self, stretches, sizes=SIZES, steps=STEPS):
        rates, targets, weights = start(sizes)
        rows = np.ones((stretches, 1))
        self.inputs = Inputs(rows * rates, rows * targets, {"W": weights.astype(float)}, 1)
        self.program = measuring.program(network(sizes, steps), stretches)

    def run(self):
        """CPU seconds, and the weights at the end."""
        out = self.program.run(self.inputs)
        return out.seconds.cpu, out.state["W"]


class Hand:
    """The hand-written program, for the same."""

    def __init__(self, stretches, folder, sizes=SIZES, steps=STEPS):
        self.program, self.sizes, self.steps = built(HERE / "layer.cpp", folder), sizes, steps
        self.stretches = stretches
        self.given = b"".join(values.tobytes() for values in start(sizes))

    def run(self):
        """CPU seconds, and the weights at the end."""
        before = children()
        said = call(self.program, *self.sizes, self.stretches * self.steps, given=self.given)
        return children() - before, np.frombuffer(said, np.float32).reshape(self.sizes)


def difference(ours, theirs, sizes=SIZES):
    """Of weights at the end: the largest, as a share of the largest change from the start."""
    return np.abs(ours - theirs).max() / np.abs(theirs - start(sizes)[2]).max()


def measure(folder):
    """Rows of the table; times are differences of two lengths, so that no start is in them."""
    steps = (STRETCHES - 1) * STEPS
    long, short = Ours(STRETCHES), Ours(1)
    hand, brief = Hand(STRETCHES, folder), Hand(1, folder)
    apart = difference(long.run()[1], hand.run()[1])
    if apart > LARGEST:
        raise ValueError(f"weights differ by {apart:.1e} of their change: not the same model")
    found = Ratio.of(
        lambda: (long.run()[0] - short.run()[0]) / steps,
        lambda: (hand.run()[0] - brief.run()[0]) / steps,
        REPEATS,
    )
    rows, size, told = [], "-".join(map(str, SIZES)), [f"{x:.2f}" for x in found[2:]]
    show(rows, ("ours", size, PRECISION, f"{1e6 * found.ours:.1f}", f"{apart:.1e}", *told))
    show(rows, ("hand-written", size, "single", f"{1e6 * found.theirs:.1f}", "", "", "", ""))
    return rows


main = command_of(NAME, __doc__, COLUMNS, measure)

if __name__ == "__main__":
    sys.exit(main())
