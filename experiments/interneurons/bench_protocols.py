"""What is done to cells of each class on the bench; nothing of them is written here again.

Two set-ups: copies of one cell under a current (``under``), and pairs of cells (``Pairs``): the
circuit of the theory, with one synapse of weight 1 where it has many, and cells that fire when they
are told to.
"""

import numpy as np
from brian2 import BrianLogger, Hz, TimedArray, ms

from models.engine.cell import NONE
from models.engine.network import Network
from models.engine.recording import Recording
from models.interneurons import clock, making, pyramidal
from models.interneurons.circuit import circuit
from models.interneurons.network import FORWARD, moments
from models.interneurons.options import Options
from models.segregated import bench, timing
from models.segregated.parameters import Phases
from models.theory import NEVER, Inputs

E, CLASSES = "E", ("PV", "SST", "VIP")
DT = 1.0  # ms, the network's
FINE = 0.1  # ms, of the passive response
TRACED = ("V", "V_a", "V_d", "s_E", "sent_PV", "sent_SST", "g_PV", "g_SST", "g_VIP", "phi")


def cells(**options):
    """Kind -> cell, as the options make them."""
    return making.parts(Options(**options), 1).cells


class Sheet:
    """Measures and curves, as rows of two tables."""

    def __init__(self):
        self.measures, self.curves = [], []

    def measure(self, condition, name, value, theory):
        """One number beside its closed form (None: it has none)."""
        row = {"condition": condition, "measure": name, "value": float(value)}
        self.measures.append(row | {"theory": "" if theory is None else float(theory)})

    def curve(self, condition, name, x, value, theory):
        """Points, (points,) each; theory: None where there is none."""
        theory = [""] * len(x) if theory is None else theory
        for row in zip(x, value, theory, strict=True):
            about = {"condition": condition, "curve": name}
            self.curves.append(about | dict(zip(("x", "value", "theory"), row, strict=True)))


# --- one cell under a current ---------------------------------------------------------------------


def under(cell, current, steps, copies, dt=DT, seed=0, drive=None):
    """``models.segregated.bench.Traces`` of a cell alone: no light and no other cells.

    Parameters
    ----------
    cell : Cell
    current : array that fits (steps, copies)
        Into the soma, mV/ms.
    steps, copies : int
    dt : float
        Step, ms.
    seed : int
    drive : float, optional
        Of a VIP cell: the strength of a volley that does not end, 1/ms.
    """
    dark = {"g_ChR": 0 * Hz, "g_HaloR": 0 * Hz, "M": int(drive is not None), "ACh": 0}
    alone = cell.vary(moments={"onset": ""}, constants=dark)
    if "s" not in cell.equations:  # what the bench asks of all cells
        alone = alone.vary(parts={"train": pyramidal.PARTS["train"]})
    length = steps * dt * ms
    schedule = timing.testing(Phases(dt=dt * ms, test=length, settle=0 * ms), 1)
    start = NONE if drive is None else {"A": drive / ms}
    return bench.run(alone, schedule, copies, current=current, start=start, seed=seed)


# --- pairs of cells -------------------------------------------------------------------------------


class Pairs:
    """The circuit with as many cells of each class, each firing when it is told to, or never.

    Parameters
    ----------
    steps, size : int
        ms; cells of each class.
    fires : mapping of class -> ndarray of bool, shape (steps, size)
        Classes that are not named fire as they do where they are in ``free``, else never.
    free : tuple of str
    mixed : bool
        Whether each cell hears all of a class, by weights 1/size, and not its own partner alone.
    **options
        Of the theory.
    """

    def __init__(self, steps, size, fires=None, free=(), mixed=False, **options):
        self.steps, self.size = steps, size
        asked = {"layers": (size, 1), "test_ms": float(steps), "settle_ms": 0.0} | options
        self.options = Options(**asked)
        parts = making.parts(self.options, 1)
        told = {kind: np.zeros((steps, size)) for kind in (E, *CLASSES) if kind not in free}
        told |= fires or {}
        made = dict(parts.cells)
        for kind, when in told.items():
            given = {f"fires_{kind}": TimedArray(np.asarray(when, float), dt=DT * ms)}
            made[kind] = made[kind].vary(threshold=f"fires_{kind}(t, i) > 0", constants=given)
        self.parts = parts._replace(cells=made, many=(dict.fromkeys(CLASSES, size),))
        self.table = circuit(self.parts, learning=False)
        share = np.full((size, size), 1 / size) if mixed else np.eye(size)
        self.wired = {f"W_{one}_{onto}_0": share for one, onto in parts.pairs}

    def start(self, seed=0):
        """Synapses at rest, and potentials at 0 mV: cells come to rest within some ms."""
        state = {
            name: np.zeros(self.table.shape(*place)) for name, place in self.table.state.items()
        }
        constants = self.parts.cells[E].constants
        for onto in pyramidal.DYNAMIC:
            state[f"u_{onto}_hidden_0"] += float(constants[f"U_{onto}"])
            state[f"R_{onto}_hidden_0"] += 1
        state["n_p_hidden_0"] += pyramidal.READY
        return state | self.wired

    def run(self, seed=1, start=None, **more):
        """What happens: ``Seen``; ``more`` as ``models.interneurons.network.network`` has it."""
        BrianLogger.suppress_name("only_threshold")  # a spike of theirs does nothing to themselves
        dark = np.array([[0.0] * len(clock.KINDS) + [0, NEVER]])
        usual = {"M_from": NEVER, "ACh_from": NEVER, "A_VIP": self.options.drive} | more
        given = {name: np.array([float(value)]) for name, value in usual.items()}
        given["lights"] = dark
        timed = Network(
            self.table,
            self.start,
            lambda outcome, inputs: (outcome["V_bar"], {}),
            phases={FORWARD: self.steps},
            moments=moments(0),
            dt=DT * ms,
        )
        kinds = {"traces": TRACED, "plateaus": (), "plateau_ends": ()}
        program = timed.program(1, False, Recording(kinds), "runtime")
        state = self.start() | (start or {})
        shown = np.zeros((1, 1)), np.zeros(1, int), state, seed
        told = Inputs(*shown, learns=False, more=given)
        return Seen(self, program.run(told).records)


class Seen:
    """What cells did: traces of shape (steps, cells), of the end of each step."""

    def __init__(self, pairs, records):
        self.pairs, self.records = pairs, records

    def trace(self, kind, name):
        """A variable of a class: mV, 1/ms if it is a conductance, else as it is."""
        population = "hidden_0" if kind == E else f"{kind}_0"
        values = self.records["traces", population, name]
        return values / 1e3 if name.startswith("g_") else values

    def times(self, kind):
        """(step, cell) of plateaus or plateau_ends of pyramidal cells."""
        t, i = (self.records[kind, "hidden_0", name] for name in ("t", "i"))
        return np.rint(t / DT).astype(int), i.astype(int)
