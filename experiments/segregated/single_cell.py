"""What does the soma feel of its two dendrites (P Fig 3C, 9A)? One hidden cell, given its input.

    python -m experiments single_cell

Basal spikes come through both phases, apical ones in the target phase alone, with no apical
conductance (g_a = 0), strong (0.05 /ms) and weak attenuation (0.6 /ms). A cell without input rests
at ``REST``, where it is nearly silent; both dendrites get the same kind of input.

Expected: the soma follows the basal potential, and with g_a = 0 the apical one only sets the
plateau potential alpha. A steady step of 1 mV moves the soma by k_b = g_b/(g_l + g_b + g_a) if
basal, by k_a = g_a/(g_l + g_b + g_a) if apical. Takes some 20 seconds.
"""

import numpy as np
from brian2 import ms, mV

from experiments.study.page import Page
from experiments.study.results import joined
from models.segregated import bench, timing
from models.segregated.parameters import Phases
from models.segregated.pyramidal import HIDDEN

CELLS = {f"g_a_{g_a:g}": HIDDEN.vary(params={"g_a": g_a / ms}) for g_a in (0, 0.05, 0.6)}
SYNAPSES, RATE, WEIGHT = 10, 30.0, 10.0  # of each dendrite; Hz, mV ms: 3 mV on average
REST = -3.0  # basal potential without spikes, mV
SHOWN = Phases(random=False)
MEASURED = Phases(random=False, forward=530 * ms, target=530 * ms)
COPIES = 50
STEP = 1.0  # mV, at the start of the target phase
MEASURES = {
    "gain_basal": "gain_basal",
    "gain_apical": "gain_apical",
    "correlation_basal": "correlation_alone",
    "correlation_basal_with_apical": "correlation_with_apical",
    "apical_deflection_mV": "deflection",
}


def stimulus(schedule, copies, seed):
    """Spikes of the basal and of the apical synapses, each bool of (steps, copies, SYNAPSES)."""
    steps, teach = schedule.steps_in_all, int(schedule.starts("target")[0])
    target = (np.arange(steps) >= teach)[:, None, None]
    seeds = np.random.SeedSequence(seed).spawn(2)
    return (
        bench.trains(RATE, schedule, copies, SYNAPSES, seeds[0]),
        bench.trains(RATE * target, schedule, copies, SYNAPSES, seeds[1]),
    )


def show(seed):
    """One cell through two phases: tables of potentials, of input spikes and of plateaus."""
    schedule = timing.training(SHOWN, 1)
    basal, apical = stimulus(schedule, 1, seed)
    weights = np.full(SYNAPSES, WEIGHT)
    traces, plateaus = [], []
    for name, cell in CELLS.items():
        given = {"basal": basal @ weights, "apical": apical @ weights, "b": REST}
        rest = {"V": cell.params.k_b * REST * mV}
        out = bench.run(cell, schedule, **given, start=rest, seed=seed)
        columns = {k: getattr(out, k)[:, 0] for k in ("V_b", "V_a", "V")}
        columns["spike"] = out.spikes[:, 0].astype(int)
        traces.append({"condition": np.repeat(name, len(out.t)), "t_ms": out.t} | columns)
        for phase in ("forward", "target"):
            window = schedule.steps(f"{phase}_apical")
            row = {"condition": name, "phase": phase, "start_ms": out.t[window[0]]}
            row |= {"end_ms": out.t[window[-1]] + 1, "V_a_bar": out.V_a[window, 0].mean()}
            plateaus.append(row | {"alpha": out.final[f"alpha_{phase[0]}"][0]})
    spikes = []
    for dendrite, fired in (("basal", basal), ("apical", apical)):
        step, _, synapse = np.nonzero(fired)
        spikes.append({"dendrite": np.repeat(dendrite, len(step)), "synapse": synapse})
        spikes[-1]["t_ms"] = out.t[step]
    return joined(traces), joined(spikes), plateaus


def respond(cell):
    """Response of the soma to a step of each dendrite alone: (t, V) of (steps, 2), from the step.

    Basal first, then apical; ms, and mV per mV.
    """
    schedule = timing.training(SHOWN, 1)
    step = int(schedule.starts("target")[0])
    on = np.arange(schedule.steps_in_all) >= step
    out = bench.run(cell, schedule, 2, b=np.outer(on, [STEP, 0]), c=np.outer(on, [0, STEP]))
    before = out.V[step - 1]
    return out.t[on] - out.t[on][0] + 1, (out.V[on] - before) / STEP


def follow(cell, copies, seed):
    """How the soma follows its basal dendrite, of each copy: correlation in time, and deflection.

    Correlation of V with V_b without and with apical spikes, and how far apical spikes move the
    soma (mean ``|V with - V without|`` at the same basal spikes, mV); ndarrays of shape (copies,).
    """
    schedule = timing.training(MEASURED, 1)
    basal, apical = stimulus(schedule, copies, seed)
    weights, window = np.full(SYNAPSES, WEIGHT), schedule.steps("target_window")
    given = {"basal": basal @ weights, "b": REST, "seed": seed}
    alone = bench.run(cell, schedule, copies, **given)
    both = bench.run(cell, schedule, copies, **given, apical=apical @ weights)
    found = {"deflection": np.abs(both.V - alone.V)[window].mean(axis=0)}
    for key, out in (("correlation_alone", alone), ("correlation_with_apical", both)):
        pairs = zip(out.V[window].T, out.V_b[window].T, strict=True)
        found[key] = np.array([np.corrcoef(V, V_b)[0, 1] for V, V_b in pairs])
    return found


def measure(name, cell, copies, seed):
    """A row of measures of one condition, beside their closed forms, and its step responses."""
    t, V = respond(cell)
    p = cell.params
    total = p.g_l + p.g_b + p.g_a
    tau = (t[1] - t[0]) / np.log((V[-1, 0] - V[0, 0]) / (V[-1, 0] - V[1, 0]))
    row = {"condition": name, "g_a_per_ms": float(p.g_a * ms)}
    row |= {"gain_basal": V[-1, 0], "k_b": float(p.k_b)}
    row |= {"gain_apical": V[-1, 1], "k_a": float(p.g_a / total)}
    row |= {"time_constant_ms": tau, "time_constant_closed_ms": float(1 / total / ms)}
    for key, values in follow(cell, copies, seed).items():
        row |= {key: values.mean(), f"{key}_sd": values.std(ddof=1)}
    steps = {"condition": np.repeat(name, 10), "t_ms": t[:10]}
    return row | {"n": copies}, steps | {"basal": V[:10, 0], "apical": V[:10, 1]}


def study(setting):
    """Show one cell, and measure gains and correlations."""
    results, seed = setting.results, setting.seeds[0]
    traces, spikes, plateaus = show(seed)
    results.write("traces", {k: _short(v) for k, v in traces.items()})
    results.write("input_spikes", spikes)
    results.write("plateaus", plateaus)
    copies = setting.size(COPIES, 3)
    rows, steps = zip(*(measure(*item, copies, seed) for item in CELLS.items()), strict=True)
    results.write("measures", rows)
    results.write("steps", joined(steps))
    headlines = []
    for row in rows:
        for name, key in MEASURES.items():
            headline = {"condition": row["condition"], "measure": name, "value": row[key]}
            if f"{key}_sd" in row:
                headline |= {"spread": row[f"{key}_sd"], "n": row["n"]}
            headlines.append(headline)
    results.headline(headlines, setting.arguments)


def _short(values):
    return np.round(values, 4) if values.dtype.kind == "f" else values


page = Page(__name__, __doc__, study)
