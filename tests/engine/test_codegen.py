"""The loops around Brian2's formulas: rows of weights, functions, random numbers, precision."""

import sys

import numpy as np
import pytest
from brian2 import ms
from scipy import stats

from models.engine import compiler, program
from models.engine.cell import Cell
from models.engine.circuit import Circuit, Event, Pathway, Population, Projection, Sweep
from models.engine.program import Plan
from models.engine.recording import Recording
from models.engine.schedule import Moment, Schedule
from models.theory import Inputs

TOLERANCE = {"single": 2e-6, "double": 1e-13}
MOMENTS = {
    "onset": Moment("look", "first", "start", ""),
    "end": Moment("look", "last", "end", ""),
}
ORDER = (Sweep(("onset",)), Sweep(("up",)), Sweep(("all", "some"), "down"), Sweep(("end",)))

# --- dense projections: every width of a row, up and down ---------------------------------------

PIXELS = 70
WIDTHS = (17, 121, 130)  # of rows: whole vectors, halves and quarters, what is left over
PIXEL = Cell.of(
    {"p": "p : 1\nback : 1\nfew : 1"}, {"onset": "p = images(example*dt, i)\nback = 0\nfew = 0"}
)
SUM = Cell.of({"a": "a : 1\nq : 1"}, {"onset": "a = 0\nq = 0"})
PATHWAYS = {
    "up": Pathway("a_post += w*p_pre", "up"),
    "square": Pathway("q_post += w*w/4 - 0.5*p_pre", "up"),
    "all": Pathway("back_pre += w*a_post", "all", by="post"),
    "some": Pathway("few_pre += w*a_post", "some", by="post"),
    "learn": Pathway("w += 0.01*a_post*p_pre", "up", at="end"),
}


def sums(precision):
    above = {
        f"sum_{n}": Population(n, SUM, {"all": Event("True"), "some": Event("a > 0.1")})
        for n in WIDTHS
    }
    circuit = Circuit(
        {"pixels": Population(PIXELS, PIXEL, {"up": Event("p > 0.3")}), **above},
        {
            f"W_{n}": Projection(
                "pixels",
                f"sum_{n}",
                "w : 1",
                PATHWAYS,
                {"end": "w = w + 0.001*i - 0.002*j"},  # after all have learned
            )
            for n in WIDTHS
        },
        ORDER,
        state={f"W_{n}": (f"W_{n}", "w") for n in WIDTHS},
        outcome=("a",),
        outcome_at="end",
    )
    schedule = Schedule.of({"look": np.ones(2, dtype=int)}, MOMENTS, 1 * ms)
    record = Recording({"all": ("a", "q", "back", "few")}, ("all",))
    plan = Plan(circuit, schedule, lambda o, i, r: (o["a"], {}, {}), lambda epoch: {}, record)
    return program.build(plan, "standalone", precision)


@pytest.mark.parametrize("precision", TOLERANCE)
def test_rows_of_any_width_are_summed_and_learned(precision):
    rng = np.random.default_rng(1)
    images = rng.random((2, PIXELS))
    state = {f"W_{n}": rng.normal(size=(PIXELS, n)) / 8 for n in WIDTHS}
    out = sums(precision).run(Inputs(images, np.zeros(2, dtype=int), state, 1))
    back, few = np.zeros((2, PIXELS)), np.zeros((2, PIXELS))
    close = {"rtol": 10 * TOLERANCE[precision], "atol": 10 * TOLERANCE[precision]}
    for n in WIDTHS:
        w = state[f"W_{n}"]
        for k, p in enumerate(images):
            on = p > 0.3
            a = w[on].T @ p[on]
            q = (w[on] ** 2 / 4 - 0.5 * p[on, None]).sum(axis=0)
            np.testing.assert_allclose(out.records["all", f"sum_{n}", "a"][k], a, **close)
            np.testing.assert_allclose(out.records["all", f"sum_{n}", "q"][k], q, **close)
            back[k] += w @ a
            few[k] += w @ (a * (a > 0.1))
            # statements of all synapses come before what events send
            w = w + 0.001 * np.arange(PIXELS)[:, None] - 0.002 * np.arange(n)
            w = w + 0.01 * np.outer(p * on, a)
        np.testing.assert_allclose(out.state[f"W_{n}"], w, **close, err_msg=n)
    np.testing.assert_allclose(out.records["all", "pixels", "back"], back, **close)
    np.testing.assert_allclose(out.records["all", "pixels", "few"], few, **close)


# --- cells: functions, random numbers, lists of events ------------------------------------------

CELLS = 1000
FUNCTIONS = {
    "exp(x)": np.exp,
    "exp(-x/4)": lambda x: np.exp(-x / 4),
    "1/(1 + exp(-x))": lambda x: 1 / (1 + np.exp(-x)),
    "log(1 + x**2)": lambda x: np.log1p(x**2),
    "sqrt(abs(x))": lambda x: np.sqrt(abs(x)),
    "sin(x) + cos(x)*tanh(x)": lambda x: np.sin(x) + np.cos(x) * np.tanh(x),
    "clip(x, -1.5, 2)": lambda x: np.clip(x, -1.5, 2),
    "int(x > 0.25)*3": lambda x: (x > 0.25) * 3.0,
    "(i % 7) + (i // 3)": lambda x: np.arange(CELLS) % 7 + np.arange(CELLS) // 3,
    "x % 0.75": lambda x: x % 0.75,
    "x**3 - 2.5*x": lambda x: x**3 - 2.5 * x,
    "exprel(x/8)": lambda x: np.expm1(x / 8) / (x / 8),
}
NAMES = {f"f_{k}": text for k, text in enumerate(FUNCTIONS)}
PROBE = Cell.of(
    {
        "x": "x : 1\nu : 1\nv : 1\ng : 1\nn : 1\nfires : 1\ntook : 1\nfew : 1",
        "f": "\n".join(f"{k} : 1" for k in NAMES),
    },
    {
        "onset": "x = images(example*dt, i)",
        "up": "\n".join(f"{name} = {text}" for name, text in NAMES.items())
        + "\nfires = 0\nu = rand()\nv = rand()\ng = randn()\ntook = rand() + 2*randn()"
        + "\nfew = clip(poisson(0.3*x), 0, 7)",
    },
)
DOES = "fires += 1\nn = rand()"  # each that fires draws a number of its own


def probe(precision):
    cell = {"one": Event("x > 1.5", DOES), "drawn": Event("rand() < 0.125", "fires += 10")}
    circuit = Circuit(
        {"pixels": Population(CELLS, PROBE), "probe": Population(CELLS, PROBE, cell)},
        {},
        (Sweep(("onset",)), Sweep(("up", "one", "drawn")), Sweep(("end",))),
        state={},
        outcome=("fires",),
        outcome_at="end",
    )
    schedule = Schedule.of({"look": np.ones(3, dtype=int)}, MOMENTS, 1 * ms)
    names = (*NAMES, "x", "u", "v", "g", "n", "fires", "took", "few")
    record = Recording({"all": names}, ("all",))
    plan = Plan(circuit, schedule, lambda o, i, r: (o["fires"], {}, {}), lambda e: {}, record)
    return program.build(plan, "standalone", precision)


@pytest.fixture(scope="module", params=TOLERANCE)
def probed(request):
    precision = request.param
    x = np.stack([np.linspace(-8, 8, CELLS), np.linspace(-0.01, 0.011, CELLS), np.ones(CELLS)])
    given = Inputs(x, np.zeros(3, dtype=int), {}, 12)
    built = probe(precision)
    out, again, other = (built.run(given._replace(seed=seed)).records for seed in (12, 12, 13))
    of = {name: out["all", "probe", name] for name in (*NAMES, "x", "u", "v", "g", "n", "fires")}
    of |= {name: out["all", "probe", name] for name in ("took", "few")}
    return precision, x, of, again, other


def test_functions_are_numpys(probed):
    precision, x, found, *_ = probed
    for name, text in NAMES.items():
        for k in range(3):
            given = found["x"][k].astype(float)
            expected = FUNCTIONS[text](given)
            close = {"rtol": TOLERANCE[precision], "atol": TOLERANCE[precision]}
            np.testing.assert_allclose(found[name][k], expected, **close, err_msg=text)


def test_an_exponential_that_leaves_the_range_of_numbers_stays_a_number():
    """-ffast-math does not know infinity: 1/(1 + exp(-V)) of a potential gone wild was NaN."""
    x = np.array([[-1e4, -100, -88, 88, 100, 1e4] + [0] * (CELLS - 6)] * 3)
    out = probe("single").run(Inputs(x, np.zeros(3, dtype=int), {}, 1)).records
    sigmoid = out["all", "probe", f"f_{list(FUNCTIONS).index('1/(1 + exp(-x))')}"]
    np.testing.assert_allclose(sigmoid[0, :6], [0, 0, 0, 1, 1, 1], atol=1e-37)
    assert np.isfinite(out["all", "probe", "f_0"]).all()


def test_random_numbers_are_uniform_normal_and_independent(probed):
    _, _, found, *_ = probed
    u, v, g = (found[name].ravel() for name in "uvg")
    assert u.min() >= 0 and u.max() < 1
    assert stats.kstest(u, "uniform").pvalue > 1e-4 and stats.kstest(v, "uniform").pvalue > 1e-4
    assert stats.kstest(g, "norm").pvalue > 1e-4
    assert len(np.unique(u)) > 0.99 * len(u)  # no block is given out twice
    for a, b in ((u, v), (u, g), (u[:-1], u[1:]), (u[:CELLS], u[CELLS : 2 * CELLS])):
        assert abs(np.corrcoef(a, b)[0, 1]) < 4.5 / np.sqrt(len(a))
    lagged = np.corrcoef(g[: len(g) // 2], g[len(g) // 2 :])[0, 1]  # both halves of a pair
    assert abs(lagged) < 4.5 / np.sqrt(len(g) / 2)
    mean, sd = 0.5, np.sqrt(1 / 12 + 4)
    assert abs(found["took"].mean() - mean) < 4.5 * sd / np.sqrt(3 * CELLS)
    assert abs(found["took"].std() / sd - 1) < 4.5 / np.sqrt(2 * 3 * CELLS)


def test_a_capped_poisson_number_has_its_probabilities(probed):
    _, x, found, *_ = probed
    few = found["few"]
    assert few.min() == 0 and few.max() <= 7 and (few == few.round()).all()
    for above, below in ((0, 1), (2, 3), (7, 8)):  # means of up to 2.4, in three places
        chosen = (found["x"] > above) & (found["x"] < below)
        expected = [stats.poisson.cdf(k, 0.3 * found["x"][chosen]).mean() for k in range(7)]
        got = [(few[chosen] <= k).mean() for k in range(7)]
        np.testing.assert_allclose(got, expected, atol=4.5 * 0.5 / np.sqrt(chosen.sum()))


def test_the_seed_says_which_numbers(probed):
    _, _, found, again, other = probed
    np.testing.assert_array_equal(found["g"], again["all", "probe", "g"])
    assert abs(np.corrcoef(found["u"].ravel(), other["all", "probe", "u"].ravel())[0, 1]) < 0.1


def test_events_are_those_whose_condition_holds(probed):
    _, _, found, *_ = probed
    fires, own = found["fires"], found["x"] > 1.5
    np.testing.assert_array_equal(fires % 10 == 1, own)
    assert abs((fires >= 10).mean() - 0.125) < 4.5 * np.sqrt(0.125 * 0.875 / fires.size)
    drawn = found["n"][own]  # each that fired drew a number of its own
    assert len(np.unique(drawn)) == own.sum() and not found["n"][0][~own[0]].any()


# --- events among those that another has listed ---------------------------------------------------

STEPS, LIT = 9, 70
CHANGES = {  # who changes what the condition reads: by statements, by the event itself, by synapses
    "none": ("", "", ""),
    "cell": ("y += x/4", "", ""),
    "event": ("", "z += 0.25", ""),
    "synapses": ("", "", "y_post -= w"),
}


@pytest.mark.parametrize("precision", TOLERANCE)
@pytest.mark.parametrize("change", CHANGES)
def test_a_condition_of_listed_cells_sees_every_change(change, precision):
    tick, own, sent = CHANGES[change]
    cell = Cell.of(
        {"x": "x : 1\ny : 1\nz : 1\nfires : 1\nhigh = y - z : 1"},
        {"onset": "x = images(example*dt, i)\nfires = 0", "tick": tick or "fires += 0"},
    )
    events = {
        "lit": Event("x > 0.3"),  # "fire" keeps copies of high of these
        "fire": Event("high > 1", f"fires += 1\n{own}", among="lit"),
    }
    circuit = Circuit(
        {"cells": Population(LIT, cell, events)},
        {"W": Projection("cells", "cells", "w : 1", {"fire": Pathway(sent or "w += 0", "fire")})},
        (Sweep(("onset", "lit")), Sweep(("tick", "fire"))),
        state={"W": ("W", "w"), "y": ("cells", "y"), "z": ("cells", "z")},
        outcome=("fires",),
        outcome_at="end",
    )
    each = Moment("look", "each", "groups", "")
    moments = MOMENTS | {"lit": MOMENTS["onset"], "tick": each, "fire": each}
    schedule = Schedule.of({"look": np.full(4, STEPS)}, moments, 1 * ms)
    plan = Plan(circuit, schedule, lambda o, i, r: (o["fires"], {}, {}), lambda e: {})
    draw = np.random.default_rng(5)  # fractions of 2, so that sums are exact
    images, y = draw.integers(0, 65, (4, LIT)) / 64, draw.integers(0, 129, LIT) / 64
    w, z, fires = np.full((LIT, LIT), 2.0**-8), np.zeros(LIT), np.zeros((4, LIT))
    given = Inputs(images, np.zeros(4, dtype=int), {"W": w, "y": y, "z": z}, 1)
    out = program.build(plan, "standalone", precision).run(given)
    for k, x in enumerate(images):
        for _ in range(STEPS):
            y = y + x / 4 * bool(tick)
            fired = (y - z > 1) & (x > 0.3)
            fires[k] += fired
            z, y = z + 0.25 * fired * bool(own), y - fired @ w * bool(sent)
    np.testing.assert_array_equal(out.answers, fires)
    assert change == "none" or len(np.unique(fires)) > 2


# --- precision ------------------------------------------------------------------------------------


def test_what_is_in_single_precision_is_so_whatever_brian2_prefers(probed):
    precision, _, found, *_ = probed
    assert found["u"].dtype == {"single": np.float32, "double": np.float64}[precision]


def test_it_works_without_the_registers_of_this_machine(monkeypatch):
    flags = tuple(f.replace("-march=native", "-march=x86-64") for f in compiler.FLAGS)
    if compiler.platform.machine() != "x86_64":
        pytest.skip("another kind of processor")
    monkeypatch.setattr(compiler, "FLAGS", flags)
    monkeypatch.setattr(sys.modules[__name__], "WIDTHS", (25,))
    for precision in TOLERANCE:
        test_rows_of_any_width_are_summed_and_learned(precision)
    x = np.linspace(-8, 8, CELLS)[None].repeat(3, 0)
    out = probe("single").run(Inputs(x, np.zeros(3, dtype=int), {}, 12)).records
    found = {key[2]: values for key, values in out.items() if key[1] == "probe"}
    one = "single", x, found, None, None
    test_functions_are_numpys(one)
    test_random_numbers_are_uniform_normal_and_independent(one)
    test_events_are_those_whose_condition_holds(one)
