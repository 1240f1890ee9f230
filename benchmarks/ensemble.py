"""CPU time of an ensemble of bursting cells with noise, beside a hand-written program of the same.

    python -m benchmarks.ensemble

4,000 two-compartment cells (Naud & Sprekeler 2018) at steps of 0.1 ms, with independent noise for
soma and dendrite in each step: a circuit of strings in compiled Brian2, and ``ensemble.cpp``. Rates
of events and bursts show that it is the same model. Writes ``results/benchmarks/ensemble.csv``.
"""

import sys

import numpy as np
from brian2 import ms, mV, nS, pA, pF

from benchmarks import measuring
from benchmarks.measuring import HERE, PRECISION, Ratio, built, call, children, command_of, show
from models.engine.cell import Cell
from models.engine.circuit import Circuit, Event, Population, Sweep
from models.engine.network import EACH_IMAGE, Network
from models.engine.schedule import ONSET, Moment
from models.theory import Inputs

NAME = "benchmarks.ensemble"
COLUMNS = ("what", "cells", "precision", "cpu_ms_per_s", "event_rate_hz", "burst_percent")
COLUMNS += ("ratio", "lowest", "highest")
CELLS, STEPS, SIGMA = 4000, 1000, 450.0  # steps of a stretch of constant input; pA
LEVELS, BURN_IN, REPEATS = [(400, 400)] * 25, 5, 5  # pA into soma and dendrite, in each stretch

CONSTANTS = {
    "tau_s": 16 * ms, "tau_d": 7 * ms, "tau_ws": 100 * ms, "tau_wd": 30 * ms, "tau_n": 2 * ms,
    "C_s": 370 * pF, "C_d": 170 * pF, "g_s": 1300 * pA, "g_d": 1200 * pA,
    "b_ws": -200 * pA, "a_wd": -13 * nS, "c_d": 2600 * pA,
    "E_L": -70 * mV, "V_T": -50 * mV, "E_d": -38 * mV, "D_d": 6 * mV,
    "mu_s": 70 * pA, "mu_d": -270 * pA,
}  # fmt: skip
PARTS = {
    "soma": """
        dV_s/dt = int(age > 30)*((E_L - V_s)/tau_s + (g_s*f + w_s + I_s + n_s)/C_s) : volt
        dw_s/dt = -w_s/tau_ws : amp
        I_s : amp
    """,
    "dendrite": """
        dV_d/dt = (E_L - V_d)/tau_d + (g_d*f + c_d*bap + w_d + I_d + n_d)/C_d : volt
        dw_d/dt = (a_wd*(V_d - E_L) - w_d)/tau_wd : amp
        f = 1/(1 + exp((E_d - V_d)/D_d)) : 1
        bap = int(age >= 5)*int(age < 25) : 1  # the spike that comes back
        I_d : amp
    """,
    "noise": """
        dn_s/dt = (mu_s - n_s)/tau_n + sigma*sqrt(2/tau_n)*xi_s : amp
        dn_d/dt = (mu_d - n_d)/tau_n + sigma*sqrt(2/tau_n)*xi_d : amp
    """,
    # Ages are whole numbers of steps, so that every comparison is exact on the grid.
    "counts": """
        age : integer  # steps since the last spike
        in_burst : boolean
        events : 1
        bursts : 1
    """,
}
MOMENTS = {
    ONSET: """
        I_s = images(example*dt, 0)*pA
        I_d = images(example*dt, 1)*pA
        events = 0
        bursts = 0
    """,
    "grow": "age += 1",
}
EVENTS = {
    "event": Event("V_s > V_T and age > 160", "events += 1"),
    "burst": Event("V_s > V_T and age <= 160 and not in_burst", "bursts += 1"),
    "spike": Event(
        "V_s > V_T",
        """
        V_s = E_L
        w_s += b_ws
        in_burst = age <= 160
        age = 0
        """,
    ),
}
ORDER = tuple(
    Sweep(moments)
    for moments in ((ONSET,), ("grow",), ("move",), ("event",), ("burst",), ("spike",), ("read",))
)


def network(cells=CELLS, steps=STEPS, sigma=SIGMA):
    """The ensemble as a network: an "image" is a pair of currents, held for some steps."""
    rest = {"V_s": "E_L", "V_d": "E_L", "n_s": "mu_s", "n_d": "mu_d", "age": 1000}
    cell = Cell.of(
        PARTS,
        MOMENTS,
        constants=CONSTANTS | {"sigma": sigma * pA},
        integrator="euler",
        rest=rest,
    )
    populations = {
        "currents": Population(2, Cell.of({"level": "level : 1"})),
        "cells": Population(cells, cell, EVENTS),
    }
    return Network(
        Circuit(populations, {}, ORDER, {}, outcome=("events", "bursts"), outcome_at="read"),
        start=lambda seed: {},
        read=lambda outcome, inputs: (outcome["events"], {"bursts": outcome["bursts"]}),
        phases={"held": steps},
        moments={
            ONSET: EACH_IMAGE._replace(phase="held"),
            "read": Moment("held", "last", "end", "counts are read"),
        },
        dt=0.1 * ms,
    )


class Ours:
    """The compiled network, for so many stretches of constant input."""

    def __init__(self, levels, **words):
        self.levels = np.array(levels, dtype=float)
        self.program = measuring.program(network(**words), len(levels))

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


main = command_of(NAME, __doc__, COLUMNS, measure)

if __name__ == "__main__":
    sys.exit(main())
