"""The conditions that experiments compare: what differs from one to the next, and what P found.

A condition is one trained network. Names are those of ``results/summary.csv``: ``printed_*`` are
the paper's settings as printed; ``best_*`` the presets ``best`` and ``best-deep``, to which
``three_hidden`` adds a layer; ``read_*`` differ from the printed in one reading of the paper; all
others share the settings ``CHOSEN``. Settings were chosen on
10,000 training images held out, never on the test set (``results/choice``).
"""

from typing import NamedTuple

from experiments.config import PRESETS


class Condition(NamedTuple):
    """One trained network.

    Attributes
    ----------
    options : dict
        Fields of ``experiments.config.Config``.
    epochs : int
        Passes through the training images.
    label : str
        For figures.
    paper : float or None
        The paper's test error, per cent, after 60 epochs; None: it gives no number.
    network : str or None
        The condition whose network it is, if not its own.
    """

    options: dict
    epochs: int
    label: str
    paper: float | None = None
    network: str | None = None


# An image begins at rest, weights have no mean, and rates fall slowly: see results/choice.
CHOSEN = {"centre": True, "clear": True, "decay": 0.95}
ONE = {**CHOSEN, "layers": (500, 10), "eta": (0.2, 0.1), "feedback": (16.0,)}
TWO = {**CHOSEN, "layers": (500, 100, 10), "eta": (0.2, 0.2, 0.1), "feedback": (16.0, 8.0)}
# The feedback weights are compared at the paper's scale and rates, where it matters how strong they
# are; nothing but the carry-over from image to image is taken away. ``strong_*``: as chosen.
PLAIN = {"layers": (500, 10), "clear": True}
LATE = {"forward_ms": 80.0, "window_ms": 20.0}
SPARSE = {"sparsity": 0.8}
ASYNCHRONOUS = {"asynchronous": True}
SYMMETRIC = {"feedback_kind": "symmetric"}
PRINTED_ONE, PRINTED_TWO = {"layers": (500, 10)}, {"layers": (500, 100, 10)}


def _best(name):
    return {key: value for key, value in PRESETS[name].items() if key != "epochs"}


# As best-deep; a layer more, so the forward plateau waits longer.
THREE = _best("best-deep") | {
    "layers": (500, 100, 100, 10),
    "eta": (0.2, 0.1, 0.1, 0.3),
    "feedback": (4.0, 1.0, 1.0),
    "forward_ms": 110.0,
}

CONDITIONS = {
    "no_hidden": Condition({**CHOSEN, "layers": (10,), "eta": (0.1,)}, 60, "none", 8.3),
    "one_hidden": Condition(ONE, 60, "one: 500", 4.1),
    "two_hidden": Condition(TWO, 60, "two: 500, 100", 3.2),
    "three_hidden": Condition(THREE, 20, "three, best"),
    "printed_no_hidden": Condition({"layers": (10,)}, 60, "none, as printed", 8.3),
    "printed_one_hidden": Condition(PRINTED_ONE, 60, "one, as printed", 4.1),
    "printed_two_hidden": Condition(PRINTED_TWO, 60, "two, as printed", 3.2),
    "best_one_hidden": Condition(_best("best"), 60, "one, best", 4.1),
    "best_two_hidden": Condition(_best("best-deep"), 60, "two, best", 3.2),
    "printed": Condition(PRINTED_ONE, 20, "as printed", 4.1, "printed_one_hidden"),
    "cleared": Condition(PLAIN, 20, "and images begin at rest", network="random"),
    "late": Condition({**PLAIN, **LATE}, 20, "and the forward plateau is later"),
    "best": Condition(_best("best"), 20, "and the best settings", network="best_one_hidden"),
    "random": Condition(PLAIN, 20, "random", 4.1),
    "sparse_x5": Condition({**PLAIN, **SPARSE}, 20, "sparse, 5 times as strong", 3.7),
    "sparse_x1": Condition({**PLAIN, **SPARSE, "sparse_rescale": 1.0}, 20, "sparse, unscaled"),
    "symmetric": Condition({**PLAIN, **SYMMETRIC}, 20, "symmetric", 3.6),
    "noisy_symmetric": Condition(
        {**PLAIN, **SYMMETRIC, "feedback_noise": 0.05}, 20, "symmetric, noisy"
    ),
    "strong_random": Condition(ONE, 20, "random, 16 times", network="one_hidden"),
    "strong_sparse_x5": Condition({**ONE, **SPARSE}, 20, "sparse, 80 times"),
    "strong_symmetric": Condition({**ONE, **SYMMETRIC}, 20, "symmetric, 16 times"),
    "synchronous": Condition(_best("best"), 20, "all at the phase's end", 4.1, "best_one_hidden"),
    "asynchronous": Condition(_best("best") | ASYNCHRONOUS, 20, "each at its own time"),
    "early_synchronous": Condition(ONE, 20, "at 50 ms, all at once", network="one_hidden"),
    "early_asynchronous": Condition(ONE | ASYNCHRONOUS, 20, "at 50 ms, each at its own time"),
    "g_a_0": Condition(_best("best-deep"), 20, "$g_a$ = 0", 3.2, "best_two_hidden"),
    "g_a_0.05": Condition(_best("best-deep") | {"g_a": 0.05}, 20, "$g_a$ = 0.05 /ms"),
    "g_a_0.6": Condition(_best("best-deep") | {"g_a": 0.6}, 20, "$g_a$ = 0.6 /ms"),
    "read_printed": Condition(PRINTED_ONE, 5, "as printed", network="printed_one_hidden"),
    "read_wide": Condition(PRINTED_ONE | {"init": (1.0,)}, 5, "weights twice as wide"),
    "read_centred": Condition(PRINTED_ONE | {"centre": True}, 5, "weights without a mean"),
    "read_literal": Condition(PRINTED_ONE | {"teaching": "literal"}, 5, "teaching as printed"),
    "read_code": Condition(PRINTED_ONE | PRESETS["code"], 5, "the authors' code"),
    "read_two": Condition(PRINTED_TWO, 5, "two layers", network="printed_two_hidden"),
    "read_two_reversed": Condition(
        PRINTED_TWO | {"eta": (0.12, 0.23, 0.23)}, 5, "two layers, rates reversed"
    ),
}
