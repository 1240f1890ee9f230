"""A theory in time, for tests of the engine: what moves, fires, bursts, is delayed and is carried.

Pixels charge and fire; cells leak, fire, and know the first spike of a burst from the others; sinks
hear of all that, each in its own way. ``by_hand`` is the same in NumPy.
"""

import numpy as np
from brian2 import ms

from models.engine.cell import Cell
from models.engine.circuit import Circuit, Event, Pathway, Population, Projection, Sweep
from models.engine.network import Network
from models.engine.schedule import Moment
from models.theory import Variable

SIZES = {"pixels": 4, "cells": 3, "sinks": 2}
TAU, TAU_G, GAP = 5.0, 20.0, 3  # ms, ms, steps
PAIRS = np.array([2, 0, 0, 1]), np.array([0, 1, 0, 1])  # not in the order of a matrix

PIXEL = Cell.of(
    {"pixel": "p : 1\ndx/dt = (p - x)/tau : 1  # trace\nq : 1  # charge"},
    {"onset": "p = images(example*dt, i)", "tick": "q += x"},
    constants={"tau": TAU * ms},
)
CELL = Cell.of(
    {
        "soma": "dv/dt = -v/tau : 1  # potential",
        "burst": "age : integer  # steps since a spike\ninb : boolean\nfired : boolean",
        "learning": "m : 1  # running average\nerror : 1\nrate : 1 (shared)",
    },
    {
        "tick": "fired = False\nage += 1",
        "close": "age = age*int(not fired)",
        "learn": "rate = 0.9*rate + 0.01\nm += 0.1*(v - m)\nerror = gain(example*dt) - m",
    },
    constants={"tau": TAU * ms, "gap": GAP, "tau_g": TAU_G * ms},
    rest={"age": "100"},
)
SINK = Cell.of(
    {"sink": "y : 1\nz : 1\nshown : 1\nheld : 1\nmiss : 1"},
    {"tick": "y *= 0.9", "learn": "miss = goal(example*dt, i) - y"},
)
ORDER = (
    Sweep(("onset", "tick")),
    Sweep(("show",)),
    Sweep(("move", "spike"), "up"),
    Sweep(("event", "burst", "close")),
    Sweep(("learn",)),
)
MOMENTS = {
    "onset": Moment("look", "first", "start", "an image appears"),
    "show": Moment("look", "first", "groups", "its lit pixels are told"),
    "learn": Moment("look", "last", "end", "the image is gone"),
}
EVENTS = {
    "spike": Event("v > 1", "v -= 1\nfired = True"),
    "event": Event("fired and age > gap", "inb = False"),
    "burst": Event("fired and age <= gap and not inb", "inb = True"),
}
MOVES = """
    w                                     : 1  # weight
    dg/dt = (x_pre - g*(1 + v_post))/tau_g : 1 (clock-driven)  # eligibility
"""
STATE = {
    **{"W": ("W", "w"), "g": ("W", "g"), "S": ("S", "w"), "D": ("D", "w")},
    **{"x": ("pixels", "x"), "q": ("pixels", "q")},
    **{name: ("cells", name) for name in ("v", "age", "inb", "m", "rate")},
    **{name: ("sinks", name) for name in ("y", "z", "shown", "held")},
}


def circuit(delay):
    """All of it; ``delay`` is that of the pathway from cells to the sinks' ``z``."""
    show, hold = Pathway("shown_post += 1", "show"), Pathway("held_post += 1", "show", at="close")
    to_sinks = {
        "spike": Pathway("y_post = 0.5*y_post + w", "spike"),
        "event": Pathway("y_post = 2*y_post - w", "event"),
        "burst": Pathway("y_post = y_post**2 + w", "burst"),
    }
    return Circuit(
        {
            "pixels": Population(
                4, PIXEL, {"spike": Event("q > 1", "q -= 1"), "show": Event("p > 0.5")}
            ),
            "cells": Population(3, CELL, EVENTS),
            "sinks": Population(2, SINK),
        },
        {
            "W": Projection(
                "pixels",
                "cells",
                MOVES,
                {"spike": Pathway("v_post += w", "spike")},
                {"learn": "w += rate_post*g*error_post*plastic(example_post*dt)"},
            ),
            "S": Projection("cells", "sinks", "w : 1", to_sinks, pairs=PAIRS),
            "D": Projection(
                "cells", "sinks", "w : 1", {"up": Pathway("z_post += w", "spike", delay=delay)}
            ),
            "P": Projection("pixels", "sinks", "", {"show": show, "hold": hold}),
        },
        ORDER,
        STATE,
        outcome=("miss",),
        outcome_at="learn",
        inputs={"goal": 2, "gain": 0},
        outcomes={"v_end": ("cells", "v"), "m_end": ("cells", "m")},
    )


def network(steps=10, dt=1 * ms, delay=3 * ms, **changes):
    """A network of the contract; the theory keeps ``particles``, one of each training image."""

    def read(outcome, inputs):
        answers = np.concatenate([outcome[n] for n in ("miss", "v_end", "m_end")], axis=1)
        return answers, {"loss": np.zeros(len(answers))}

    def keep(state, outcome, inputs):
        particles = state["particles"].copy()
        particles[inputs.places] = outcome["v_end"].sum(axis=1)
        return state | {"particles": particles}

    return Network(
        circuit(delay)._replace(**changes),
        start,
        read,
        phases={"look": steps},
        moments=MOMENTS,
        dt=dt,
        given=lambda inputs: {"gain": inputs.state["particles"][inputs.places]},
        kept={"particles": Variable("1", 1.0, "what the cells held at the end", "state")},
        keep=keep,
    )


def start(seed):
    """A state in which all that is carried is somewhere."""
    rng = np.random.default_rng(seed)
    state = {"W": rng.uniform(0.2, 0.9, (4, 3)), "g": rng.uniform(0, 0.3, (4, 3))}
    state |= {"S": rng.uniform(0.1, 0.5, 4), "D": rng.uniform(0.5, 1.5, (3, 2))}
    state |= {name: rng.uniform(0, 0.5, 4) for name in "xq"}
    state |= {name: rng.uniform(0, 0.5, 3) for name in "vm"}
    state |= {"age": np.array([1, 2, 9]), "inb": np.array([False, True, False])}
    state |= {name: rng.uniform(0, 1, 2) for name in ("y", "z", "shown", "held")}
    return state | {"rate": np.array(0.02), "particles": rng.uniform(0, 1, 9)}


def by_hand(inputs, steps, dt, delay, lost=()):
    """The same in NumPy.

    Parameters
    ----------
    inputs : models.theory.Inputs
    steps, delay : int
        Of an image, and of the pathway to ``z``.
    dt : float
        ms.
    lost : collection of int
        Steps before which a chunk ends.

    Returns
    -------
    state : dict
    answers : ndarray, shape (images, 8)
    told : dict
        Event -> how often it happened.
    """
    s = {name: np.array(value) for name, value in inputs.state.items()}
    leak = np.exp(-dt / TAU)
    S = sorted(zip(*PAIRS, s["S"], strict=True))  # events are told in the order of the cells
    answers, told, waiting, now = [], dict.fromkeys(EVENTS, 0), {}, 0
    gains = s["particles"][inputs.places]
    for image, place, goal, gain in zip(
        inputs.images, inputs.places, inputs.more["goal"], gains, strict=True
    ):
        for step in range(steps):
            if now in lost:
                waiting = {}
            s["q"] += s["x"]
            s["age"] += 1
            s["y"] *= 0.9
            if step == 0:
                s["shown"] += (image > 0.5).sum()
            s["x"] = image + (s["x"] - image) * leak
            fires = s["q"] > 1
            s["q"] -= fires
            s["v"] = (s["v"] + fires @ s["W"]) * leak
            ends = s["x"][:, None] / (1 + s["v"])  # where g is pulled to
            s["g"] = ends + (s["g"] - ends) * np.exp(-(1 + s["v"]) * dt / TAU_G)
            fired = s["v"] > 1
            s["v"] = s["v"] - fired
            event = fired & (s["age"] > GAP)
            waiting[now + delay] = fired
            s["z"] += waiting.pop(now, np.zeros(3)) @ s["D"]
            for source, target, w in S:
                s["y"][target] = 0.5 * s["y"][target] + w if fired[source] else s["y"][target]
            s["inb"] &= ~event
            for source, target, w in S:
                s["y"][target] = 2 * s["y"][target] - w if event[source] else s["y"][target]
            burst = fired & (s["age"] <= GAP) & ~s["inb"]
            s["inb"] |= burst
            for source, target, w in S:
                s["y"][target] = s["y"][target] ** 2 + w if burst[source] else s["y"][target]
            s["age"] *= ~fired
            s["held"] += (image > 0.5).sum()
            for name, happened in (("spike", fired), ("event", event), ("burst", burst)):
                told[name] += happened.sum()
            now += 1
        s["m"] += 0.1 * (s["v"] - s["m"])
        s["rate"] = 0.9 * s["rate"] + 0.01
        s["W"] = s["W"] + s["rate"] * s["g"] * (gain - s["m"])
        answers.append(np.concatenate([goal - s["y"], s["v"], s["m"]]))
        s["particles"][place] = s["v"].sum()
    return s, np.array(answers), told
