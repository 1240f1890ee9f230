"""The conditions that experiments compare: what differs from one to the next, and what P found.

A condition is one trained network. Names are those of ``results/summary.csv``: ``printed_*`` are
the paper's settings as printed; ``best_*`` the presets ``best`` and ``best-deep``, to which
``three_hidden`` adds a layer; ``read_*`` differ from the printed in one reading of the paper; all
others share the settings ``CHOSEN``. Settings were chosen on training images held out, never on
the test set (``results/choice``).
"""

from typing import NamedTuple

from experiments.run.config import PRESETS


class Condition(NamedTuple):
    """One trained network.

    Attributes
    ----------
    options : dict
        Fields of ``experiments.config.Config``.
    epochs : int
        Passes through the training images.
    paper : float or None
        The paper's test error, per cent, after 60 epochs; None: it gives no number.
    network : str or None
        The condition whose network it is, if not its own.
    """

    options: dict
    epochs: int
    paper: float | None = None
    network: str | None = None


# An image begins at rest, weights have no mean, and rates fall slowly: see results/choice.
CHOSEN = {"centre": True, "clear": True, "decay": 0.95}
ONE = {**CHOSEN, "layers": (500, 10), "eta": (0.2, 0.1), "feedback": (16.0,)}
TWO = {**CHOSEN, "layers": (500, 100, 10), "eta": (0.2, 0.2, 0.1), "feedback": (16.0, 8.0)}
# The feedback weights are compared at the paper's scale and rates, where it matters how strong they
# are; nothing but the carry-over from image to image is taken away. ``late_*``: and the forward
# plateau waits until activity has reached the apical dendrites.
PLAIN = {"layers": (500, 10), "clear": True}
LATE = {name: PRESETS["best"][name] for name in ("forward_ms", "window_ms")}
LATE_TWO = {name: PRESETS["best-deep"][name] for name in ("forward_ms", "window_ms")}
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
    "no_hidden": Condition({**CHOSEN, "layers": (10,), "eta": (0.1,)}, 60, 8.3),
    "one_hidden": Condition(ONE, 60, 4.1),
    "two_hidden": Condition(TWO, 60, 3.2),
    "three_hidden": Condition(THREE, 20),
    "printed_no_hidden": Condition({"layers": (10,)}, 60, 8.3),
    "printed_one_hidden": Condition(PRINTED_ONE, 60, 4.1),
    "printed_two_hidden": Condition(PRINTED_TWO, 60, 3.2),
    "cleared_one_hidden": Condition(PLAIN, 20, 4.1, "random"),
    "cleared_two_hidden": Condition(PRINTED_TWO | {"clear": True}, 20, 3.2),
    "late_no_hidden": Condition(PLAIN | LATE | {"layers": (10,)}, 60, 8.3),
    "late_one_hidden": Condition(PLAIN | LATE, 60, 4.1, "late"),
    "late_two_hidden": Condition(PRINTED_TWO | {"clear": True} | LATE_TWO, 60, 3.2),
    "best_one_hidden": Condition(_best("best"), 60, 4.1),
    "best_two_hidden": Condition(_best("best-deep"), 60, 3.2),
    "printed": Condition(PRINTED_ONE, 20, 4.1, "printed_one_hidden"),
    "cleared": Condition(PLAIN, 20, network="random"),
    "late": Condition({**PLAIN, **LATE}, 20),
    "best": Condition(_best("best"), 20, network="best_one_hidden"),
    "random": Condition(PLAIN, 20, 4.1),
    "sparse_x5": Condition({**PLAIN, **SPARSE}, 20, 3.7),
    "sparse_x1": Condition({**PLAIN, **SPARSE, "sparse_rescale": 1.0}, 20),
    "symmetric": Condition({**PLAIN, **SYMMETRIC}, 20, 3.6),
    "noisy_symmetric": Condition({**PLAIN, **SYMMETRIC, "feedback_noise": 0.05}, 20),
    "noisier_symmetric": Condition({**PLAIN, **SYMMETRIC, "feedback_noise": 0.05**0.5}, 20),
    "late_random": Condition(PLAIN | LATE, 20, network="late"),
    "late_sparse_x5": Condition(PLAIN | LATE | SPARSE, 20),
    "late_symmetric": Condition(PLAIN | LATE | SYMMETRIC, 20),
    "synchronous": Condition(_best("best"), 20, 4.1, "best_one_hidden"),
    "asynchronous": Condition(_best("best") | ASYNCHRONOUS, 20),
    "asynchronous_20": Condition(_best("best") | ASYNCHRONOUS | {"plateau_window_ms": 20.0}, 20),
    "early_synchronous": Condition(ONE, 20, network="one_hidden"),
    "early_asynchronous": Condition(ONE | ASYNCHRONOUS, 20),
    "g_a_0": Condition(_best("best-deep"), 20, 3.2, "best_two_hidden"),
    "g_a_0.05": Condition(_best("best-deep") | {"g_a": 0.05}, 20),
    "g_a_0.6": Condition(_best("best-deep") | {"g_a": 0.6}, 20),
    "read_printed": Condition(PRINTED_ONE, 5, network="printed_one_hidden"),
    "read_wide": Condition(PRINTED_ONE | {"init": (1.0,)}, 5),
    "read_centred": Condition(PRINTED_ONE | {"centre": True}, 5),
    "read_literal": Condition(PRINTED_ONE | {"teaching": "literal"}, 5),
    "read_code": Condition(PRINTED_ONE | PRESETS["code"], 5),
    "read_two": Condition(PRINTED_TWO, 5, network="printed_two_hidden"),
    "read_two_reversed": Condition(PRINTED_TWO | {"eta": (0.12, 0.23, 0.23)}, 5),
}
