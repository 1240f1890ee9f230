"""Every option of the theory, and its presets."""

from dataclasses import dataclass

from models import units
from models.interneurons import variants
from models.interneurons.parameters import CLASSES, SHARES, Inhibited, Synapses
from models.interneurons.pyramidal import BEGINS
from models.theory import NEVER, flag, option, refuse

MOST_MS = 1e6
LIGHT = (*SHARES, "E", "none")
CELL, SYNAPSES = Inhibited(), Synapses()


def _of(table, name, unit="1/ms"):
    """The usual value of a constant, as a number."""
    return units.number(getattr(table, name), unit)[0]


# Feedback as strong as in the best settings of the segregated dendrites; phases long enough for a
# plateau that the circuit opens.
TIMED = {"eta": (0.2, 0.1), "feedback": (4.0,), "decay": 0.95}
MNIST = TIMED | {"layers": (500, 10), "epochs": 10}
PRESETS = {
    "digits": {
        **TIMED,
        "eta": (1.2, 0.6),
        "layers": (100, 10),
        "interneurons": 4.0,
        "epochs": 20,
        "decay": 0.9,
    },
    "digits-2": {
        **TIMED,
        "eta": (1.2, 1.2, 0.6),
        "feedback": (4.0, 4.0),
        "layers": (100, 100, 10),
        "interneurons": 4.0,
        "epochs": 20,
        "decay": 0.9,
    },
    "mnist": MNIST | {"dataset": "mnist"},
    "fashion": MNIST | {"dataset": "fashion"},  # (`learning_rates`: a third is no better)
}


def conductance(table, name, text):
    """An option that is a conductance of a table."""
    return option(_of(table, name), text, least=0, most=1e3, unit="1/ms")


@dataclass(frozen=True)
class Options:
    """Cells, circuit, times and light; each field is an option of the command line."""

    layers: tuple = option((100, 10), "hidden layers, then the output", type=int, least=1)
    variant: str = option("paper", "cells: a name of a variant, or a file (its code is run)")
    plateaus: str = option(
        "circuit",
        "begin where the circuit lets them, or imposed: at the end of each phase",
        choices=tuple(BEGINS),
    )
    without: tuple = option(
        (), "classes of interneurons that are not there", type=str, choices=tuple(SHARES)
    )
    interneurons: float = option(
        1.0, "factor on their number: 1 is the cortex's", least=0, most=1e3
    )
    gate_all: bool = option(
        False, "output cells, too, learn only as far as cells below have plateaus with ACh"
    )
    eta: tuple = option(
        (0.21, 0.21),
        "learning rates, hidden layers first; one serves all",
        **{"type": float, "least": 0, "search": (0.01, 1.0)},
    )
    decay: float = option(1.0, "factor on the learning rates after each epoch", least=0)
    init: float = option(0.5, "width of initial weights: 0.5 matches the moments", least=0)
    centre: bool = option(False, "zero-mean initial weights, and biases")
    feedback: tuple = option(
        (4.0,),
        "factor on the feedback weights, of zero mean; one or one a hidden layer",
        **{"type": float, "search": (0.5, 64.0)},
    )
    clear: bool = option(True, "pyramidal cells to rest at each image's onset")

    forward_ms: float = option(100.0, "forward phase", least=1, most=MOST_MS)
    target_ms: float = option(100.0, "target phase", least=1, most=MOST_MS)
    test_ms: float = option(150.0, "forward phase of a test image", least=1, most=MOST_MS)
    settle_ms: float = option(
        30.0, "start of a phase that averages leave out", least=0, most=MOST_MS
    )
    volley_ms: float = option(
        50.0, "how long VIP cells are driven, at the end of each phase", least=0, most=MOST_MS
    )
    drive: float = option(
        1.0, "how strongly they are", least=0, most=1e3, unit="1/ms", search=(0.1, 2.0)
    )
    ach_ms: float | None = option(
        None,
        "when acetylcholine comes, after an image's onset (default: it ends with the image)",
        type=float,
        most=MOST_MS,
    )

    g_a: float = option(0.0, "apical dendrite to soma", least=0, most=1e3, unit="1/ms")
    g_ap: float = conductance(CELL, "g_ap", "synapses to apical dendrite")
    G_S: float = conductance(CELL, "G_S", "SST cells to apical dendrites")
    G_PE: float = conductance(SYNAPSES, "G_PE", "PV cells to somata")
    G_PP: float = conductance(SYNAPSES, "G_PP", "PV cells to each other")
    G_VS: float = conductance(SYNAPSES, "G_VS", "VIP to SST cells")
    G_SV: float = conductance(SYNAPSES, "G_SV", "SST to VIP cells")
    G_SP: float = conductance(SYNAPSES, "G_SP", "SST to PV cells")
    G_VP: float = conductance(SYNAPSES, "G_VP", "VIP to PV cells")
    W_PE: float = option(
        _of(CLASSES["PV"], "W_E", "mV ms"), "pyramidal to PV cells", least=0, unit="mV ms"
    )
    W_SE: float = option(
        _of(CLASSES["SST"], "W_E", "mV ms"), "pyramidal to SST cells", least=0, unit="mV ms"
    )
    W_VE: float = option(0.0, "pyramidal to VIP cells", least=0, unit="mV ms")
    W_PX: float = option(0.0, "input (or the layer below) to PV cells", least=0, unit="mV ms")
    E_PV: float = option(
        _of(CELL, "E_PV", "mV"), "reversal of what PV cells do", most=1e3, unit="mV"
    )
    E_SST: float = option(
        _of(CELL, "E_SST", "mV"), "reversal of what SST cells do", most=1e3, unit="mV"
    )
    tau_SST: float = option(
        _of(CLASSES["PV"], "tau_SST", "ms"), "decay of what SST cells do", least=0.1, unit="ms"
    )
    theta_p: float = option(
        CELL.theta_p, "share of G_S below which a plateau begins", least=0, most=1e3
    )
    T_p: float = option(
        _of(CELL, "T_p", "ms"), "how long a plateau lasts", least=1, most=MOST_MS, unit="ms"
    )
    T_ref: float = option(
        _of(CELL, "T_ref", "ms"), "how long no other may begin", least=0, most=MOST_MS, unit="ms"
    )
    STD: bool = option(True, "whether synapses onto PV cells are depressing; without, static")
    STF: bool = option(True, "whether synapses onto SST cells are facilitating; without, static")

    light: str = option("none", "which class is lit", choices=LIGHT)
    light_g: float = option(
        3.0,
        "what light opens: > 0 excites (channelrhodopsin), < 0 inhibits (halorhodopsin)",
        most=1e3,
        unit="1/ms",
    )
    light_on_ms: float = option(0.0, "when it goes on, after an image's onset", least=0)
    light_off_ms: float = option(NEVER, "when it goes off", least=0)

    def __post_init__(self):
        refuse(self)
        variants.read(self.variant)
        hidden = len(self.layers) - 1
        if not hidden:
            raise ValueError("--layers: interneurons belong to hidden layers: give at least one")
        if len(self.eta) not in (1, hidden + 1):
            raise ValueError(f"--eta: 1 or {hidden + 1} rates, not {len(self.eta)}")
        if len(self.feedback) not in (1, hidden):
            raise ValueError(f"--feedback: 1 or {hidden} factors, not {len(self.feedback)}")
        if len(set(self.without)) < len(self.without):
            raise ValueError("--without: each class once")
        for name in ("forward_ms", "target_ms", "test_ms"):
            if getattr(self, name) <= self.settle_ms:
                raise ValueError(f"{flag(name)}: longer than --settle-ms {self.settle_ms:g}")
        for name in ("volley_ms", "T_p"):
            if getattr(self, name) > min(self.forward_ms, self.target_ms):
                shown = f"{getattr(self, name):g} ms"
                raise ValueError(f"{flag(name)}: no longer than a phase, not {shown}")
        if self.light == "none" and self.light_on_ms:
            raise ValueError("--light-on-ms: say which class is lit (--light)")
        if self.light_off_ms <= self.light_on_ms:
            on, off = self.light_on_ms, self.light_off_ms
            raise ValueError(f"--light-off-ms: after it goes on, at {on:g} ms, not {off:g}")

    @property
    def present(self):
        """Classes of interneurons that are there."""
        return tuple(name for name in SHARES if name not in self.without)
