"""Every option of the theory, and its presets."""

from dataclasses import dataclass
from math import exp

from brian2 import ms

from models import units
from models.superspike.cells import JUDGES, SURROGATE
from models.superspike.parameters import Spiking
from models.superspike.synapses import FEEDBACK, UPDATES
from models.theory import option, refuse

BOUND, _ = units.number(Spiking().w_max)
REST, _ = units.number(Spiking().U_rest)
HELD, _ = units.number(Spiking().tau_ref)
# Chosen on images held out. A surrogate steeper than the paper's, updates of many images,
# and times that vary make the most of few images.
IMAGES = {
    "error": "response",
    "window": 30.0,
    "lasts": 60.0,
    "jitter": 2.0,
    "beta": 2.0,
    "r_0": 2.0,
}
MNIST = IMAGES | {"layers": (256, 10), "batch": 100, "decay": 0.8, "epochs": 12}
PRESETS = {
    "digits": IMAGES | {"layers": (200, 10), "batch": 50, "decay": 0.92, "epochs": 35},
    "mnist": MNIST | {"dataset": "mnist"},
    "fashion": MNIST | {"dataset": "fashion", "r_0": 0.6, "epochs": 8},  # (`learning_rates`)
}


@dataclass(frozen=True)
class Options:
    """Layers, the code of images, errors and learning; each field is an option of the command."""

    layers: tuple = option((64, 10), "hidden layers, then the output", type=int, least=1)
    feedback: str = option(
        "symmetric",
        "how errors of the output reach hidden cells: through the weights above them (symmetric), "
        "through fixed random weights, all alike (uniform), or not at all (none)",
        choices=tuple(FEEDBACK),
    )
    error: str = option(
        "times",
        "of the output: spikes at the --target times, or any response of the class's cell in a "
        "--window",
        choices=tuple(JUDGES),
    )
    target: tuple = option(
        (40.0,), "when the class's cell is to fire", type=float, least=0, unit="ms"
    )
    window: float = option(40.0, "length of the response window", least=1, unit="ms")
    responses: int = option(
        1, "spikes in the window, without which the class's cell has not responded enough", least=1
    )
    lasts: float = option(80.0, "length of an example", least=1, most=10_000, unit="ms")
    latest: float = option(20.0, "when the darkest pixel fires", least=0, unit="ms")
    dark: float = option(0.1, "pixels below it do not fire", least=0, most=1)
    jitter: float = option(
        0.0, "spread of pixels' times where they are learned from (ours)", least=0, unit="ms"
    )
    clear: bool = option(True, "potentials and traces return to rest with each example")
    dt: float = option(0.5, "time step (paper: 0.1)", least=0.01, most=1, unit="ms")
    delay: float = option(0.0, "from a spike to its arrival (paper: 0.8)", least=0, unit="ms")
    surrogate: str = option(
        "sigmoid",
        "derivative of a spike: that of a fast sigmoid, or 1 (none)",
        choices=tuple(SURROGATE),
    )
    beta: float = option(
        1.0, "steepness of the surrogate derivative", least=0, most=1e6, unit="1/mV"
    )
    optimiser: str = option("rmaxprop", "what weights make of the gradient", choices=tuple(UPDATES))
    r_0: float = option(
        1.0,
        "learning rate (with --optimiser constant: mV a gradient)",
        least=0,
        unit="mV",
        search=(0.05, 5.0),
    )
    decay: float = option(1.0, "factor on the learning rate after each epoch", least=0)
    batch: int = option(1, "examples of an update", least=1)
    w_0: float = option(
        50.0,
        "width of the initial weights, times the root of a cell's inputs",
        least=0,
        most=20 * BOUND,
        unit="mV",
    )
    rho: float = option(0.0, "regulariser of hidden weights (0.005: the paper's 1)", least=0)
    z_min: float = option(
        0.0, "a cell whose traces are no larger takes no part in learning (0: exact)", least=0
    )

    light: float = option(0.0, "what light adds to the errors that hidden cells are sent")

    def __post_init__(self):
        refuse(self)
        if not self.layers:
            raise ValueError("--layers: give at least the output layer")
        if self.light and len(self.layers) == 1:
            raise ValueError("--light: there are no hidden cells for it")
        if self.optimiser != "constant" and self.r_0 > BOUND:
            raise ValueError(
                f"--r-0: in mV, {BOUND:g} or less, the bound of a weight; not {self.r_0}"
            )
        for name, value in (("lasts", self.lasts), ("delay", self.delay)):
            if not self._on_grid(value):
                raise ValueError(f"--{name}: a whole number of steps of {self.dt} ms, not {value}")
        if not self._on_grid(HELD):
            raise ValueError(
                f"--dt: the refractory period of {HELD:g} ms is a whole number of steps, which it "
                f"is not of {self.dt} ms"
            )
        if self.delay >= HELD:
            raise ValueError(
                f"--delay: less than the refractory period of {HELD:g} ms, not {self.delay}"
            )
        late = [time for time in self.target if time > self.lasts - self.dt / 2]
        if self.error == "times" and late:
            raise ValueError(
                f"--target: the last step of an example (--lasts {self.lasts}) is at "
                f"{self.lasts - self.dt} ms; {late[0]} ms is later"
            )
        if self.error == "response" and self.window >= self.lasts:
            raise ValueError(
                f"--window: it has to close before the example ends (--lasts {self.lasts}), "
                f"not after {self.window} ms"
            )

    def _on_grid(self, time):
        steps = time / self.dt
        return steps < 1e9 and abs(steps - round(steps)) < 1e-6

    @property
    def steps(self):
        """Of an example."""
        return round(self.lasts / self.dt)

    @property
    def refractory(self):
        """Steps of the refractory period."""
        return round(HELD / self.dt)

    @property
    def delayed(self):
        """Steps of the delay."""
        return round(self.delay / self.dt)

    @property
    def t_b(self):
        """Time from one update to the next."""
        return self.batch * self.lasts * ms

    @property
    def gam(self):
        """What RMaxProp forgets in it: exp(-t_b/tau_rms)."""
        return exp(-float(self.t_b / Spiking().tau_rms))
