"""What synapses of the interneurons do, one pair of cells at a time, and what a volley releases.

Parts of the page ``interneuron_bench``; each gives a ``Sheet``.
"""

import numpy as np

from experiments.interneurons import bench_protocols as protocols
from experiments.interneurons.bench_formulae import Soma, Synapse, felt, in_ms
from experiments.interneurons.bench_protocols import CLASSES, DT, E, Sheet
from models import units
from models.interneurons.pyramidal import DYNAMIC

SST_VIP = ("SST", "VIP")
TRAINS = {"once": 0, "10_hz": 100, "20_hz": 50, "50_hz": 20}  # intervals, ms
BEGIN, SHOWN = 50, 60  # ms
OPENED = {  # (from, onto) -> the mean conductance at a standard rate, and that rate
    ("PV", "E"): ("G_PE", "r_P0"),
    ("SST", "E"): ("G_S", "r_S0"),
    ("PV", "PV"): ("G_PP", "r_P0"),
    ("VIP", "SST"): ("G_VS", "r_V0"),
    ("SST", "VIP"): ("G_SV", "r_S0"),
}
AT_ONCE = SST_VIP  # VIP cells come after SST cells in a step, and feel a spike in its own
RATES = (10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 80.0, 100.0)  # Hz, of SST cells before they are silent
VOLLEY, LASTS = 300, 150  # ms
RESTING = 100  # ms, that potentials take to come to rest


# --- pairs ----------------------------------------------------------------------------------------


def pairs(setting):
    """What a spike of each class does to a cell of another one."""
    lasts, copies = setting.size(2000, 200), len(TRAINS) + len(CLASSES)
    steps = BEGIN + lasts
    fires = {kind: np.zeros((steps, copies), bool) for kind in (E, *CLASSES)}
    for copy, interval in enumerate(TRAINS.values()):
        fires[E][BEGIN :: interval or steps, copy] = True
    own = {kind: len(TRAINS) + k for k, kind in enumerate(CLASSES)}
    for kind, copy in own.items():
        fires[kind][BEGIN, copy] = True
    bench = protocols.Pairs(steps, copies, fires)
    seen, sheet = bench.run(), Sheet()
    for onto in DYNAMIC:
        excited(sheet, seen, onto, fires[E])
    for source, onto in OPENED:
        opened(sheet, seen, source, onto, own[source])
    return sheet


def excited(sheet, seen, onto, fires):
    """The potential after one spike, and what each spike of a train releases."""
    made = seen.pairs.parts.cells
    soma, synapse, name = Soma.of(made[onto]), Synapse.of(made[E], onto), f"E_to_{onto}"
    W_E = units.number(made[onto].params.W_E, "mV ms")[0]
    shown = slice(BEGIN, BEGIN + SHOWN)
    V = seen.trace(onto, "V")
    V, t = V[shown, 0] - V[BEGIN - 1, 0], DT * np.arange(1, SHOWN + 1)
    closed = W_E * synapse.U * soma.epsp(SHOWN, DT)
    sheet.curve(name, "epsp", t, V, closed)
    sheet.measure(name, "epsp_mv", V.max(), closed.max())
    sheet.measure(name, "epsp_peak_ms", t[V.argmax()], t[closed.argmax()])
    for copy, (train, interval) in enumerate(TRAINS.items()):
        when = np.flatnonzero(fires[:, copy])
        sent = seen.trace(E, f"sent_{onto}")[when, copy]
        if not interval:
            sheet.measure(name, "released_first", sent[0], synapse.U)
            continue
        whole = synapse.train(interval, len(when))
        sheet.curve(name, f"released_{train}", DT * (when - BEGIN), sent, whole)
        steady = synapse.steady(interval)
        sheet.measure(name, f"released_{train}", sent[-1], steady)
        sheet.measure(name, f"release_ratio_{train}", sent[-1] / sent[0], steady / synapse.U)


def opened(sheet, seen, source, onto, copy):
    """The conductance that a spike opens, and what it does to a soma at rest."""
    made, name = seen.pairs.parts.cells, f"{source}_to_{onto}"
    peak, tau = conductance(seen.pairs, source, onto)
    late = (source, onto) != AT_ONCE
    g = seen.trace(onto, f"g_{source}")[BEGIN : BEGIN + SHOWN, copy]
    t = DT * np.arange(SHOWN) + DT * (not late)  # since the spike has arrived
    sheet.curve(name, "conductance", t, g, peak * np.exp(-t / tau))
    fall, height = np.polyfit(t, np.log(g), 1)
    sheet.measure(name, "conductance_peak", np.exp(height), peak)
    sheet.measure(name, "conductance_rise_ms", t[g.argmax()] - t[0], 0.0)
    sheet.measure(name, "conductance_decay_ms", -1 / fall, tau)
    if (source, onto) == ("SST", E):
        return  # it shunts the apical dendrite, and does nothing to one at rest
    reversal = made[onto].namespace["E_PV" if onto == E else "E_I"]
    V, first = seen.trace(onto, "V")[:, copy], BEGIN + late
    V = V[first : first + SHOWN] - V[BEGIN - 1]
    closed = Soma.of(made[onto]).ipsp(peak, tau, units.number(reversal)[0], SHOWN, DT)
    sheet.curve(name, "ipsp", DT * np.arange(1, SHOWN + 1), V, closed)
    sheet.measure(name, "ipsp_mv", V.min(), closed.min())


def conductance(bench, source, onto):
    """(what a spike through a weight of 1 opens in 1/ms, its decay in ms), from the parameters."""
    known = bench.parts.cells[onto].namespace | dict(bench.parts.symbols)
    mean, rate = (in_ms(known[name]) for name in OPENED[source, onto])
    tau = units.number(known[f"tau_{source}"])[0]
    return mean / (rate * tau), tau


# --- release --------------------------------------------------------------------------------------


def release(setting):
    """How long a shunt outlasts the SST cells that made it, and what a volley does to them."""
    sheet = Sheet()
    silenced(sheet, setting.size(200, 120))
    volley(sheet, setting.size((700, 200), (480, 20)))
    return sheet


def silenced(sheet, steps):
    """Plateaus of cells whose SST cells fired at some rate, and are silent from now on."""
    bench = protocols.Pairs(steps, len(RATES))
    known = bench.parts.cells[E].namespace
    G_S, tau, theta = in_ms(known["G_S"]), units.number(known["tau_SST"])[0], known["theta_p"]
    r_0 = units.number(bench.parts.symbols["r_S0"])[0]
    begun = {"g_SST_hidden_0": 1e3 * G_S * np.array(RATES) / r_0}  # in Hz
    seen = bench.run(start=begun)
    begins, ends = (Times(*seen.times(kind)) for kind in ("plateaus", "plateau_ends"))
    latency = [DT * (begins.of(k)[0] + 1) for k in range(len(RATES))]
    closed = [max(0.0, tau * np.log(r / (theta * r_0))) for r in RATES]
    sheet.curve("release", "latency", RATES, latency, closed)
    at = RATES.index(50.0)
    sheet.measure("release_50_hz", "release_latency_ms", latency[at], closed[at])
    lasts = DT * (ends.of(at)[0] - begins.of(at)[0] + 1)
    T_p, T_ref = (units.number(known[name])[0] for name in ("T_p", "T_ref"))
    sheet.measure("release_50_hz", "plateau_lasts_ms", lasts, T_p)
    again = DT * (begins.of(at)[1] - begins.of(at)[0])
    sheet.measure("release_50_hz", "plateau_again_ms", again, T_p + T_ref)


class Times:
    """Steps at which something happened to cells."""

    def __init__(self, steps, cells):
        self.steps, self.cells = steps, cells

    def of(self, cell):
        """Those of one cell."""
        return self.steps[self.cells == cell]


def volley(sheet, size):
    """VIP cells are driven for a while, and inhibit SST cells that nothing else reaches."""
    steps, copies = size
    long = {"forward_ms": 1000.0, "target_ms": 1000.0, "volley_ms": float(LASTS)}
    bench = protocols.Pairs(steps, copies, free=("SST", "VIP"), mixed=True, **long)
    seen = bench.run(M_from=VOLLEY)
    rate = {kind: seen.trace(kind, "phi").mean(axis=1) for kind in SST_VIP}
    g = seen.trace(E, "g_SST").mean(axis=1)
    shown = slice(VOLLEY - 50, VOLLEY + LASTS + 30)
    t = DT * (np.arange(steps)[shown] + 1 - VOLLEY)
    stretches = {"rest": (slice(RESTING, VOLLEY), 0.0)}
    stretches["volley"] = slice(VOLLEY + 50, VOLLEY + LASTS), bench.options.drive
    for name, (when, A) in stretches.items():
        for kind, expected in zip(SST_VIP, together(bench, A), strict=True):
            sheet.measure(f"volley_{name}", f"rate_{kind}_hz", rate[kind][when].mean(), expected)
    for kind in SST_VIP:
        sheet.curve("volley", f"rate_{kind}", t, rate[kind][shown], None)
    sheet.curve("volley", "g_SST", t, g[shown], None)
    known = bench.parts.cells[E].namespace
    low, half = known["theta_p"] * in_ms(known["G_S"]), rate["SST"][RESTING:VOLLEY].mean() / 2
    silent = first(rate["SST"][VOLLEY:] < half)
    opens = first(g[VOLLEY:] < low)
    begins = DT * (Times(*seen.times("plateaus")).steps.min() + 1 - VOLLEY)
    closes = first(g[VOLLEY + LASTS :] > low)
    for name, value in (
        ("sst_silent_ms", silent),
        ("release_opens_ms", opens),
        ("plateau_begins_ms", begins),
        ("release_closes_ms", closes),
        ("release_lasts_ms", LASTS - opens + closes),
        ("release_threshold", low),
    ):
        sheet.measure("volley", name, value, None)


def first(condition):
    """When it is first true, ms after the step before."""
    return DT * (1 + np.argmax(condition))


def together(bench, A):
    """Steady rates of SST and VIP cells that inhibit each other, by a drive of VIP cells."""
    made, known = bench.parts.cells, {}
    for source, onto in (("VIP", "SST"), ("SST", "VIP")):
        peak, tau = conductance(bench, source, onto)  # 1/ms of a spike; per Hz on average
        known[onto] = peak * tau / 1e3 * felt(tau, DT)
    E_E, E_I = (units.number(getattr(made["VIP"].params, name))[0] for name in ("E_E", "E_I"))
    SST = VIP = 0.0
    for _ in range(200):  # half a step each time, so that it settles
        to = Soma.of(made["SST"]).driven(0.0, E_E, known["SST"] * VIP, E_I)
        SST = (SST + to) / 2
        VIP = (VIP + Soma.of(made["VIP"]).driven(A, E_E, known["VIP"] * SST, E_I)) / 2
    return SST, VIP
