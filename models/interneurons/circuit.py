"""The wiring table: the paper's layers, with three classes of interneurons beside each hidden one.

A step is as in ``models.segregated``: from input to output potentials move, cells fire, and spikes
reach the layer above in the same step. Pyramidal cells reach their interneurons in the same step,
too, and are reached by them in the next. Then plateaus begin, go on and end.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from models.engine.cell import NONE
from models.engine.circuit import Circuit, Event, Pathway, Population, Projection, Sweep
from models.engine.printing import stripped
from models.interneurons import clock, pyramidal
from models.segregated import plasticity
from models.segregated.circuit import ACTIVE, LIT, W, counted
from models.segregated.spiking import DRAWS

ORDER = (
    Sweep(("onset", "lit", "teach")),
    Sweep(("move", "rate", "spike"), "up"),
    Sweep(("plateau", "during", "plateau_end")),
    Sweep(("forward_window", "forward_plateau")),
    Sweep(("target_window",)),
    Sweep(("tell",)),
    Sweep(("target_plateau", "hand_down"), "down"),
    Sweep(("learn",)),
    Sweep(("tick",), slot="end"),
)
DRAW = DRAWS["bernoulli"]
WEIGHT = "w                                                   : 1  # 1/K, of K synapses onto a cell"
# (from, onto) -> what a spike does there.
PATHS = MappingProxyType(
    {
        ("E", "PV"): "x_E_post += w*sent_PV_pre",
        ("E", "SST"): "x_E_post += w*sent_SST_pre",
        ("E", "VIP"): "x_E_post += w",
        ("X", "PV"): "x_X_post += w",
        ("PV", "E"): "g_PV_post += w*G_PE/(r_P0*tau_PV)",
        ("PV", "PV"): "g_PV_post += w*G_PP/(r_P0*tau_PV)",
        ("SST", "E"): "g_SST_post += w*G_S/(r_S0*tau_SST)",
        ("SST", "PV"): "g_SST_post += w*G_SP/(r_S0*tau_SST)",
        ("SST", "VIP"): "g_SST_post += w*G_SV/(r_S0*tau_SST)",
        ("VIP", "PV"): "g_VIP_post += w*G_VP/(r_V0*tau_VIP)",
        ("VIP", "SST"): "g_VIP_post += w*G_VS/(r_V0*tau_VIP)",
    }
)
# Cells that learn from plateaus below: output cells, if ACh is to reach them by these.
GATE = "gate                                                  : 1  # share of cells with a plateau"
GATED = """
    error = -k_d*phi_max*(phi_star - phi_max*sigma_bar)*sigma_bar*(1 - sigma_bar)
    delta = -gate*eta*plastic(example*dt)*P_1*error
    b += delta*mV
"""
# What goes on from one chunk to the next, beside all that has an equation.
GOES_ON = ("n_p", "taught", "V_a_bar")


class Parts(NamedTuple):
    """What the table is made of.

    Attributes
    ----------
    layers : tuple of int
        Input, hidden layers, output.
    cells : mapping of kind -> Cell
        "input", "E", the classes of interneurons that there are, "output".
    many : tuple of mapping
        For each hidden layer: class -> number of cells.
    pairs : tuple of (from, onto)
        Keys of ``PATHS``: who is connected.
    begins : str
        When plateaus begin: a name in ``pyramidal.BEGINS``.
    gate_all : bool
        Whether output cells learn only as far as there were plateaus below.
    symbols : mapping of name -> value
        Constants of the whole circuit.
    """

    layers: tuple
    cells: Mapping
    many: tuple
    pairs: tuple
    begins: str
    gate_all: bool
    symbols: Mapping = NONE

    @property
    def depth(self):
        """Number of hidden layers."""
        return len(self.layers) - 2

    def name(self, kind, m):
        """Of a population beside, or in, hidden layer m."""
        if kind == "X":
            return f"hidden_{m - 1}" if m else "input"
        return f"hidden_{m}" if kind == "E" else f"{kind}_{m}"


def circuit(parts, learning=True, observe=False):
    """The circuit.

    Parameters
    ----------
    parts : Parts
    learning : bool
        Whether there are target phases, and plasticity.
    observe : bool
        Whether hidden cells also hold ``e_bp``, the error that backpropagation would give them.
    """
    back = plasticity.BACKWARD["transport"] if observe and learning else NONE
    populations, projections = {"input": _input(parts, learning)}, {}
    for m in range(parts.depth):
        populations[f"hidden_{m}"] = _pyramidal(parts, m, learning, back)
        for kind, size in parts.many[m].items():
            cell = _timed(parts.cells[kind], kind)
            populations[parts.name(kind, m)] = Population(size, cell, _fires(cell))
        projections |= {
            f"W_{source}_{onto}_{m}": _among(parts, m, source, onto, learning)
            for source, onto in parts.pairs
        }
    populations["output"] = _output(parts, learning, back)
    names = ["input", *(f"hidden_{m}" for m in range(parts.depth)), "output"]
    for m, (below, above) in enumerate(zip(names[:-1], names[1:], strict=True)):
        projections[f"W_{m}"] = _feedforward(parts, m, below, above, learning, back)
    for m in range(parts.depth):
        feedback = {"spike": Pathway(DRAW.apical, "spike")}
        projections[f"Y_{m}"] = Projection("output", f"hidden_{m}", W, feedback)
    eta = {f"eta_{m}": (name, "eta") for m, name in enumerate(names[1:])}
    learns = {"learned": ("hidden_0", "learned")} if learning and parts.depth else {}
    return Circuit(
        populations,
        projections,
        ORDER,
        dict(_state(populations, projections)),
        outcome=("V_bar", "phi_star") if learning else ("V_bar",),
        outcome_at="target_plateau" if learning else "forward_plateau",
        settings=eta if learning else {},
        symbols=parts.symbols,
        inputs={"M_from": 0, "ACh_from": 0, "A_VIP": 0, "lights": len(clock.KINDS) + 2},
        outcomes=learns,
    )


def _state(populations, projections):
    """Name -> (population or projection, variable) of all that goes on."""
    for name in projections:
        yield name, (name, "w")
    layers = [name for name in populations if name.startswith("hidden") or name == "output"]
    for m, name in enumerate(layers):
        yield f"b_{m}", (name, "b")
    for name, (_, cell, _) in populations.items():
        known = cell.equations
        for variable in known:
            if variable in known.diff_eq_names or variable in GOES_ON:
                yield f"{variable}_{name}", (name, variable)


# --- populations ----------------------------------------------------------------------------------


def _input(parts, learning):
    cell = counted(parts.cells["input"])
    own = stripped(DRAW.on_spike)
    events = {"lit": Event(LIT), "spike": Event(DRAW.lit, own, among="lit")}
    events |= {"learn": Event(ACTIVE)} if learning else {}
    return Population(parts.layers[0], cell, events)


def _timed(cell, kind):
    """A cell with the clock, and with light."""
    place = clock.KINDS.index(kind)
    onset = "\n".join((stripped(clock.TOLD), stripped(clock.SEEN)))
    own = {"onset": "\n".join(filter(None, (onset, cell.moments.get("onset")))), "tick": clock.TICK}
    return cell.vary(
        parts={"clock": clock.CLOCK, "light": clock.LIGHT},
        constants={"own_class": place, "n_classes": len(clock.KINDS)},
        moments=own,
    )


def _fires(cell, *does):
    own = "\n".join(stripped(code) for code in (*does, cell.reset) if code)
    return {"spike": Event(cell.threshold or DRAW.threshold, own)}


def _pyramidal(parts, m, learning, back):
    cell = parts.cells["E"]
    if learning:
        cell = cell.then(plasticity.HIDDEN_PARTS, {"target_plateau": pyramidal.LEARNING})
    if back:
        cell = cell.then(plasticity.BACKWARD["parts"], plasticity.BACKWARD["moments"])
    cell = _timed(counted(cell), "E")
    events = {
        **_fires(cell, DRAW.on_spike, pyramidal.RELEASED),
        "plateau": Event(
            pyramidal.BEGINS[parts.begins], pyramidal.BEGIN, about="its plateau begins"
        ),
        "plateau_end": Event(pyramidal.ENDS, pyramidal.END, about="its plateau has lasted T_p"),
    }
    if learning:
        events["learn"] = Event(ACTIVE)
    if learning and parts.gate_all and m == parts.depth - 1:
        events["tell"] = Event(pyramidal.TAUGHT)
    if back and m:
        events["hand_down"] = Event("True")
    return Population(parts.layers[m + 1], cell, events)


def _output(parts, learning, back):
    cell = parts.cells["output"]
    if learning:
        cell = cell.then(plasticity.OUTPUT_PARTS, plasticity.OUTPUT_MOMENTS["gradient"])
    if learning and parts.gate_all:
        cell = cell.vary(moments={"target_plateau": GATED})
        cell = cell.then({"gate": GATE}, {"onset": "gate = 0"})
    cell = counted(cell)
    events = _fires(cell, DRAW.on_spike)
    if back:
        events["hand_down"] = Event("True")
    return Population(parts.layers[-1], cell, events)


# --- synapses -------------------------------------------------------------------------------------


def _among(parts, m, source, onto, learning):
    """Synapses from one class onto another; the cell that they reach may have its own."""
    own, learns = parts.cells[onto].synapses, f"{source} learn"
    paths = {"spike": Pathway(own.get(source, PATHS[source, onto]), "spike")}
    statements = {"learn": own[learns]} if learning and learns in own else NONE
    return Projection(parts.name(source, m), parts.name(onto, m), WEIGHT, paths, statements)


def _feedforward(parts, m, below, above, learning, back):
    paths = {"spike": Pathway(DRAW.basal, "spike")}
    if learning:
        paths["learn"] = Pathway(plasticity.ON_LEARN, "learn")
    if back and m:
        code = back["output" if above == "output" else "hidden"]
        paths["hand_down"] = Pathway(code, "hand_down", by="post")
    if learning and parts.gate_all and above == "output" and m:
        paths["tell"] = Pathway("gate_post += 1/n_below", "tell")
    return Projection(below, above, W, paths, symbols={"n_below": parts.layers[m]})
