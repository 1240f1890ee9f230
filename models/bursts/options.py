"""Every option of the theory, and its presets."""

from dataclasses import dataclass, replace

from models.theory import flag, option, refuse

FEEDBACK = ("learned", "fixed", "transposed", "backprop")

# Chosen on images held out (`burstprop_choice`). What comes down to a layer is a quarter of what is
# above, and less where weights are small: the further down, the faster a layer has to learn.
MNIST = {"dataset": "mnist", "layers": (500, 500, 500, 10), "epochs": 30, "decay": 0.9}
MNIST |= {"gain": (2.0, 2.0, 2.0, 1.0)}
LEARNED = MNIST | {"eta": (5000.0, 1250.0, 300.0, 5.0)}
DIGITS = {"decay": 0.93, "weight_decay": 3e-5, "batch": 4, "epochs": 30}
PRESETS = {
    "digits": DIGITS | {"layers": (100, 10), "eta": (160.0, 8.0), "gain": (2.0, 1.0)},
    "digits-2": DIGITS
    | {"layers": (100, 100, 10), "eta": (640.0, 160.0, 8.0), "gain": (2.0, 2.0, 1.0)},
    "digits-3": DIGITS
    | {
        "layers": (100, 100, 100, 10),
        "eta": (5000.0, 1250.0, 160.0, 8.0),
        "gain": (2.0, 2.0, 2.0, 1.0),
    },
    "mnist": LEARNED,
    "fashion": LEARNED | {"dataset": "fashion"},  # (`learning_rates`: a third is no better)
    "mnist-fixed": MNIST
    | {"feedback": "fixed", "feedback_width": 1.0, "eta": (640.0, 160.0, 20.0, 2.5)},
    # One network of three loses classes for good at the rates that bursts bear.
    "mnist-backprop": MNIST | {"feedback": "backprop", "eta": (2560.0, 640.0, 160.0, 5.0)},
}


@dataclass(frozen=True)
class Options:
    """Layers, feedback and learning; each field is an option of the command line."""

    layers: tuple = option((100, 100, 10), "hidden layers, then the output", type=int, least=1)
    feedback: str = option(
        "learned",
        "weights that bursts come back through: learned as the forward ones are, fixed and random, "
        "or transposed forward ones; or no bursts but backprop of the same network",
        choices=FEEDBACK,
    )
    eta: tuple = option(
        (1.0,),
        "learning rates, hidden layers first; one serves all",
        type=float,
        least=0,
        search=(1.0, 10_000.0),
    )
    decay: float = option(1.0, "factor on the learning rates after each epoch", least=0)
    momentum: float = option(
        0.0, "share of an update that is done again (paper: 0.9)", least=0, most=0.999
    )
    weight_decay: float = option(
        1e-5,
        "share of weights, forward and learned feedback, that a mini-batch takes away",
        least=0,
        most=1,
        search=(1e-8, 1e-4),
    )
    batch: int = option(32, "images of a mini-batch, whose updates are averaged", least=1)
    p_0: float = option(0.2, "burst probability of the output without a teacher", least=0, most=1)
    gain: tuple = option(
        (2.0,),
        "of initial forward weights: times sqrt(2/(cells below + cells)); one or one a layer",
        type=float,
        least=0,
        most=1e6,
    )
    feedback_width: float = option(
        0.1, "half-width of the initial feedback weights' uniform draw", least=0, most=1e6
    )
    eta_R: float = option(
        0.0,
        "learning rate of recurrent synapses, which keep dendrites near 0 (0: there are none)",
        least=0,
    )

    light_early: float = option(
        0.0, "what light adds to dendritic potentials before a teacher comes"
    )
    light_late: float = option(0.0, "the same with the teacher")

    def __post_init__(self):
        refuse(self)
        layers = len(self.layers)
        if not layers:
            raise ValueError("--layers: give at least the output layer")
        for name in ("eta", "gain"):
            if len(getattr(self, name)) not in (1, layers):
                raise ValueError(
                    f"{flag(name)}: one value, or one for each of {layers} layers, not "
                    f"{len(getattr(self, name))}"
                )
        if self.recurrent and self.feedback == "backprop":
            raise ValueError("--eta-R: with --feedback backprop nothing bursts")
        if (self.light_early or self.light_late) and self.feedback == "backprop":
            raise ValueError("--light-early, --light-late: with --feedback backprop nothing bursts")
        if (self.light_early or self.light_late) and layers == 1:
            raise ValueError("--light-early, --light-late: there are no hidden cells for it")

    def each(self, values):
        """A value for each layer."""
        return tuple(values) * len(self.layers) if len(values) == 1 else tuple(values)

    def exact(self):
        """The same options, but for backprop in the place of bursts."""
        return replace(self, feedback="backprop", eta_R=0.0, light_early=0.0, light_late=0.0)

    @property
    def recurrent(self):
        """Whether hidden layers have synapses among themselves."""
        return self.eta_R > 0
