"""CPU time of an ensemble of bursting cells with noise, beside a hand-written program of the same.

    python -m benchmarks.ensemble

4,000 two-compartment cells (Naud & Sprekeler 2018) at steps of 0.1 ms, with independent noise for
soma and dendrite in each step: the theory's ensemble in compiled Brian2, and ``ensemble.cpp``.
Rates of events and bursts show that it is the same model. Writes
``results/benchmarks/ensemble.csv``, and the ratio into the summary.
"""

import sys

import numpy as np
from brian2 import pA

from benchmarks import measuring
from benchmarks.measuring import HERE, PRECISION, Ratio, built, call, children, command_of, show
from models.bursts.cells import pyramidal
from models.bursts.ensemble import DT, network
from models.theory import Inputs

NAME = "benchmarks.ensemble"
COLUMNS = ("what", "cells", "precision", "cpu_ms_per_s", "event_rate_hz", "burst_percent")
COLUMNS += ("ratio", "lowest", "highest")
CELLS, STEPS, SIGMA = 4000, 1000, 450.0  # steps of a stretch of constant input; pA
LEVELS, BURN_IN, REPEATS = [(400, 400)] * 25, 5, 5  # pA into soma and dendrite, in each stretch


class Ours:
    """The compiled network, for so many stretches of constant input."""

    def __init__(self, levels, cells=CELLS, steps=STEPS, sigma=SIGMA):
        self.levels = np.array(levels, dtype=float)
        cell = pyramidal(sigma=sigma * pA)
        net = network(cells, hold=steps * DT, cell=cell, drives=False)
        self.program = measuring.program(net, len(levels))

    def run(self, seed=1):
        """CPU seconds, and (events, bursts) of all cells in each stretch."""
        inputs = Inputs(self.levels, np.zeros(len(self.levels), dtype=int), {}, seed)
        out = self.program.run(inputs)
        counts = np.column_stack([out.answers.sum(axis=1), out.measures["bursts"].sum(axis=1)])
        return out.seconds.cpu, counts


class Hand:
    """The hand-written program, for the same."""

    def __init__(self, levels, folder, cells=CELLS, steps=STEPS, sigma=SIGMA):
        self.program = built(HERE / "ensemble.cpp", folder)
        self.before, self.levels = (cells, steps, sigma), np.ravel(levels)

    def run(self, seed=1):
        """CPU seconds, and (events, bursts) of all cells in each stretch."""
        start = children()
        said = call(self.program, *self.before, seed, *self.levels)
        return children() - start, np.array(said.split(), dtype=int).reshape(-1, 2)


def rates(counts, cells=CELLS, steps=STEPS):
    """Event rate (Hz) and burst probability (per cent), after the first stretches."""
    events, bursts = counts[BURN_IN:].sum(axis=0)
    return events / (cells * 1e-4 * steps * (len(counts) - BURN_IN)), 100 * bursts / events


def measure(folder):
    """Rows of the table; times are differences of two lengths, so that no start is in them."""
    seconds = 1e-4 * STEPS * (len(LEVELS) - 1)
    long, short = Ours(LEVELS), Ours(LEVELS[:1])
    hand, brief = Hand(LEVELS, folder), Hand(LEVELS[:1], folder)
    found = Ratio.of(
        lambda: (long.run()[0] - short.run()[0]) / seconds,
        lambda: (hand.run()[0] - brief.run()[0]) / seconds,
        REPEATS,
    )
    rows, spread = [], [f"{x:.2f}" for x in found[2:]]
    for what, precision, cpu, run, ratios in (
        ("ours", PRECISION, found.ours, long.run, spread),
        ("hand-written", "single", found.theirs, hand.run, ("", "", "")),
    ):
        rate, percent = rates(run()[1])
        told = f"{1e3 * cpu:.1f}", f"{rate:.2f}", f"{percent:.1f}"
        show(rows, (what, CELLS, precision, *told, *ratios))
    return rows


def condition(row):
    """What the summary calls a row of the table."""
    return "speed_ensemble" if row["what"] == "ours" else None


main = measuring.with_headline(
    command_of(NAME, __doc__, COLUMNS, measure), NAME, "bursts", condition, REPEATS
)

if __name__ == "__main__":
    sys.exit(main())
