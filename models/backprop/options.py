"""Every option of the theory, and its presets."""

from dataclasses import dataclass

from models.backprop.cells import HIDDEN
from models.theory import option, refuse

FEEDBACK = ("transpose", "random", "direct", "none")
LOSSES = {"squared": "sigmoid", "cross-entropy": "softmax"}  # and the output that goes with it

# The network of Lillicrap et al.; rates were chosen on images held out (the page `rates`).
MNIST = {"dataset": "mnist", "layers": (1000, 10), "epochs": 25}
PRESETS = {
    "digits": {"layers": (100, 10), "eta": (2.0, 0.1), "epochs": 10},
    "digits-2": {"layers": (100, 100, 10), "eta": (0.8, 0.4, 0.2), "epochs": 20},
    "digits-3": {"layers": (100, 100, 100, 10), "eta": (1.6, 1.6, 0.4, 0.2), "epochs": 30},
    "mnist": MNIST | {"eta": (3.0, 0.1), "decay": 0.85},
    "fashion": MNIST | {"dataset": "fashion", "eta": (0.9, 0.03), "decay": 0.85},
    "mnist-random": MNIST | {"feedback": "random", "eta": (1.0, 0.02), "decay": 0.9},
}


@dataclass(frozen=True)
class Options:
    """Layers, feedback and learning; each field is an option of the command line."""

    layers: tuple = option((100, 10), "hidden layers, then the output", type=int, least=1)
    feedback: str = option(
        "transpose",
        "how errors come back: transpose (backpropagation), random (feedback alignment), direct "
        "(from the output to each layer) or none (hidden layers do not learn)",
        choices=FEEDBACK,
    )
    nonlinearity: str = option("sigmoid", "of hidden layers", choices=tuple(HIDDEN))
    loss: str = option(
        "squared",
        "squared error of sigmoid outputs, or cross-entropy of a softmax",
        choices=tuple(LOSSES),
    )
    eta: tuple = option(
        (0.2,),
        "learning rates for one image, hidden layers first; one serves all",
        type=float,
        least=0,
        search=(0.001, 2.0),
    )
    decay: float = option(1.0, "factor on the learning rates after each epoch", least=0)
    batch: int = option(1, "images of a mini-batch, whose gradients are summed", least=1)
    momentum: float = option(
        0.0, "share of an update that is done again with the next", least=0, most=0.999
    )
    init: tuple = option(
        (),
        "half-width of the initial weights' uniform draw, one or one a layer "
        "(default: Glorot & Bengio's, sqrt(6/(cells below + cells)))",
        type=float,
        least=0,
    )
    feedback_width: float = option(
        1.0, "half-width of the random feedback weights' uniform draw", least=0, search=(0.1, 4.0)
    )
    sparsity: float = option(0.0, "share of all weights that are left out", least=0, most=0.99)

    light: float = option(0.0, "what light takes off the errors that come back to hidden cells")

    def __post_init__(self):
        refuse(self)
        layers = len(self.layers)
        if not layers:
            raise ValueError("--layers: give at least the output layer")
        for name, values, none in (("--eta", self.eta, False), ("--init", self.init, True)):
            if len(values) not in ((0, 1, layers) if none else (1, layers)):
                raise ValueError(
                    f"{name}: one value, or one for each layer above the input ({layers}), "
                    f"not {len(values)}"
                )
        if self.light and layers == 1:
            raise ValueError("--light: there are no hidden cells for it")
        if self.feedback_width != 1.0 and self.feedback not in ("random", "direct"):
            raise ValueError("--feedback-width needs --feedback random or direct")

    @property
    def online(self):
        """Whether a layer learns at each image, and from it alone."""
        return self.batch == 1 and not self.momentum

    def each(self, values):
        """A value for each layer."""
        return tuple(values) * len(self.layers) if len(values) == 1 else tuple(values)
