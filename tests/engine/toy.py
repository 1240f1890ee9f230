"""A theory of a few lines, for tests of the engine: it adds up what it sees, up and down."""

import numpy as np
from brian2 import ms

from models.engine.cell import Cell
from models.engine.circuit import Circuit, Event, Pathway, Population, Projection, Sweep
from models.engine.program import Plan
from models.engine.recording import NOTHING
from models.engine.schedule import Moment, Schedule

PIXEL = Cell.of(
    {"pixel": "p : 1  # what it sees\nback : 1"},
    {"onset": "p = images(example*dt, i)\nback = 0"},
)
SUM = Cell.of(
    {"sum": "a : 1  # sum of the lit\nk : 1 (shared)\nb : 1  # bias"},
    {"onset": "a = b", "grow": "b += k*a*plastic(example*dt)"},
)
MOMENTS = {
    "onset": Moment("look", "first", "start", "an image appears"),
    "grow": Moment("look", "last", "end", "the image is gone"),
}
ORDER = (Sweep(("onset",)), Sweep(("send",), "up"), Sweep(("answer",), "down"), Sweep(("grow",)))


def circuit(pixels=3, sums=2, order=ORDER, above=SUM):
    """Pixels that are lit send up through W, which learns from what comes back through it."""
    return Circuit(
        {
            "pixels": Population(pixels, PIXEL, {"send": Event("p > 0")}),
            "sums": Population(sums, above, {"answer": Event("a > 1", "a += 10")}),
        },
        {
            "W": Projection(
                "pixels",
                "sums",
                "w : 1  # weight",
                {
                    "up": Pathway("a_post += w*p_pre", "send"),
                    "down": Pathway("back_pre += w*a_post", "answer", by="post"),
                    "learn": Pathway("w += k_post*p_pre", "send", at="grow"),
                },
            )
        },
        order,
        state={"W": ("W", "w"), "b": ("sums", "b")},
        outcome=("a",),
        outcome_at="grow",
        settings={"k": ("sums", "k")},
    )


def plan(images=2, rate=0.5, record=NOTHING, steps=1):
    """How it is run: ``steps`` of 1 ms an image, in each of which it sends again."""
    schedule = Schedule.of({"look": np.full(images, steps)}, MOMENTS, 1 * ms)

    def read(outcome, inputs, records):
        return outcome["a"], {"loss": outcome["a"].sum(axis=1)}, {}

    return Plan(circuit(), schedule, read, lambda epoch: {"k": rate * 0.5**epoch}, record)
