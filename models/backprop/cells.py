"""Layers of rates: what they do with their drive, and with the error that comes back.

One step is one image. h_0 = x are the pixels; a_l = W_l h_(l-1) + b_l and h_l = s_l(a_l); delta_l
is the gradient of the loss by a_l. Symbols are those of Lillicrap et al. (2014), with the layers
counted.
"""

from models.engine.cell import Cell

INPUT = Cell.of(
    {"pixel": "h                                                 : 1  # h_0 = x, a pixel"},
    {"rate": "h = images(example*dt, i)"},
)

LAYER = {
    "rate": """
        a                                                     : 1  # drive from the layer below
        b                                                     : 1  # bias
        h                                                     : 1  # activity
    """,
    "error": """
        back                                                  : 1  # what comes back from above
        delta                                                 : 1  # gradient of the loss by a
        eta                                                   : 1 (shared)  # learning rate
        learns                                                : 1 (shared)  # 1, or 0: it only looks
    """,
}
FORGET = {"onset": "learns = plastic(example*dt)\na = 0\nback = 0"}
LIT = {"onset": "back = -light"}  # a virtual experiment: as if more of the cell were asked

# Hidden layers by their nonlinearity s: what it does, and its derivative s'.
HIDDEN = {
    "sigmoid": {"rate": "h = 1/(1 + exp(-(a + b)))", "error": "delta = back*h*(1 - h)"},
    "tanh": {"rate": "h = tanh(a + b)", "error": "delta = back*(1 - h**2)"},
    "relu": {"rate": "h = (a + b)*int(a + b > 0)", "error": "delta = back*int(h > 0)"},
    "linear": {"rate": "h = a + b", "error": "delta = back"},
}

# The output by nonlinearity and loss L; `target` is 1 for the class of the image, else 0.
TARGET = {
    "class": "target = int(i == labels(example*dt))                 : 1  # 1 for the class",
    "vector": "target = labels(example*dt, i)                        : 1",
}
OUTPUT = {
    ("sigmoid", "squared"): {  # L = |target - h|^2/2
        "rate": "h = 1/(1 + exp(-(a + b)))",
        "error": "delta = (h - target)*h*(1 - h)",
    },
    ("linear", "squared"): {
        "rate": "h = a + b",
        "error": "delta = h - target",
    },
    ("softmax", "cross-entropy"): {  # L = -log h of the class
        "rate": "h = exp(a + b)",
        "share": "h = h/total\ntotal = 0",
        "error": "delta = h - target",
    },
}
TOTAL = "total                                                 : 1  # of exp(a + b), all classes"

# How a layer learns: at each image, or from the sum over a mini-batch, also with momentum.
ONLINE = {"learn": "b -= eta*learns*delta"}
BATCH = {
    "part": "grad_b                                                : 1  # sum over the mini-batch",
    "learn": "grad_b += learns*delta",
    "update": "b -= eta*grad_b\ngrad_b = 0",
}
MOMENTUM = {
    "part": "b_moves                                               : 1  # the last update of b",
    "update": "b_moves = momentum*b_moves - eta*grad_b\nb += b_moves\ngrad_b = 0",
}


def hidden(options):
    """A hidden layer, with light on it."""
    cell, light = _layer(HIDDEN[options.nonlinearity], options), options.light
    return cell.vary(constants={"light": light}).then({}, LIT) if light else cell


def output(nonlinearity, options, target):
    """The output layer."""
    own = {"target": TARGET[target]} | ({"total": TOTAL} if nonlinearity == "softmax" else {})
    return _layer(OUTPUT[nonlinearity, options.loss], options).vary(parts=own)


def _layer(moments, options):
    if options.online:
        return Cell.of(LAYER, FORGET | moments | ONLINE)
    learns = {"learn": BATCH["learn"], "update": BATCH["update"]}
    cell = Cell.of(LAYER | {"batch": BATCH["part"]}, FORGET | moments | learns)
    if not options.momentum:
        return cell
    own = {"constants": {"momentum": options.momentum}, "parts": {"momentum": MOMENTUM["part"]}}
    return cell.vary(moments={"update": MOMENTUM["update"]}, **own)
