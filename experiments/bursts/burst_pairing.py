"""What does the rule make of two spike trains: regular, Poisson, and of events and bursts?

    python -m experiments burst_pairing

Three protocols of Payeur et al. (2021), Fig 2b-d: two cells fire when they are told to, the weight
between them begins at 0 and has no bounds; steps of 1 ms, eta .1, traces of 50 ms, averages of
15 s. ``regular``: both fire together, five spikes at 1 to 100 Hz, 15 times, each 10 s; an event
counts in the trace that the other cell's event of the same step meets. Pbar begins at 15 %.
``poisson``: independent Poisson spikes of 1 to 50 Hz for 100 s, at least 2 ms apart; Pbar begins at
30 or 50 %. In both, averages begin at 5 Hz. ``doublets``: independent events of 5 or 10 Hz for
100 s, at least 20 ms apart, of which 0 to 45 % are followed by a second spike 2 to 12 ms later;
Pbar begins at 20 %, averages at the rate of the events. Sets of 20 realisations, of which the first
is drawn; slopes and crossings are means over ten sets.

Where the cells know nothing of each other, the rule has a closed form (``closed_form``). With
averages at the event rate E from the start it is eta tau_pre E^2 (p - P_0) tau_avg (1 -
exp(-T/tau_avg)). For Poisson spikes p and E follow from the rate, and the average of events moves
too.

Expected: regular spikes weaken the synapse, the more the faster, and strengthen it from 62.5 Hz on,
where all that follow the first are within 16 ms. Poisson: down at low rates, up at high ones, with
0 where p = P_0, at 23 and 44 Hz. Doublets: 0 at 20 % for both rates; slopes of 1.87 and 7.49
(closed form), within 15 %, so that they go with the square of the rate. Twenty seconds of processor
time.
"""

from typing import NamedTuple

import numpy as np
from brian2 import second

from experiments.study.page import Page
from experiments.study.statistics import summary
from models.bursts import protocols
from models.bursts.rule import Rule
from models.theory import Inputs

REALISATIONS, SETS, LASTS = 20, 10, 100_000  # of a condition; of those; ms
STRETCH, MOST = 10_000, 650  # steps, and the most spikes of a cell in them
ETA, TAU_PRE, TAU_AVG, GAP = 0.1, 0.05, 15.0, protocols.BURST  # s, s, ms
RULE = Rule(eta=ETA, tau_pre=TAU_PRE * second, tau_avg=TAU_AVG * second, w_min=-1e3, w_max=1e3)
# Intervals in whole steps: 1 to 100 Hz.
INTERVALS = (1000, 500, 200, 100, 67, 50, 40, 33, 29, 25, 22, 20, 18, *range(17, 9, -1))
RATES, DEAD = (1, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50), 2
EVENT_RATES, PERCENT, EVENT_DEAD, LATER = (5, 10), range(0, 50, 5), 20, (2, 12)  # Hz, %, ms, ms


class Condition(NamedTuple):
    """Of a pair of cells: ``line`` and ``x`` are its place in the figure."""

    part: str
    line: str
    x: float
    E_0: float  # Hz: where averages begin
    P_0: float
    trains: tuple  # of both cells: steps of spikes


def poisson(rate, dead, rng):
    """Steps of random spikes at least ``dead`` ms apart, on average ``rate`` in a second."""
    n = int(2 * rate * LASTS / 1000) + 50
    waits = dead + rng.exponential(1000 / rate - dead, n)
    times = np.cumsum(waits)
    return np.unique(times[times < LASTS].astype(int))


def doublets(rate, p, rng):
    """Random events, a share ``p`` of which are followed by a second spike."""
    events = poisson(rate, EVENT_DEAD, rng)
    second = events + rng.uniform(*LATER, len(events)).astype(int)
    both = np.append(events, second[rng.random(len(events)) < p])
    return np.unique(both[both < LASTS])


def regular(interval):
    """15 times five spikes at an interval, each 10 s."""
    return np.add.outer(10_000 * np.arange(15), interval * np.arange(5)).ravel()


def conditions(part, rng, realisations):
    """Conditions of a part, each as often as there are realisations."""
    if part == "regular":
        for interval in INTERVALS:
            train = regular(interval)
            yield Condition(part, "15 %", 1000 / interval, 5.0, 0.15, (train, train))
    for _ in range(realisations if part == "poisson" else 0):
        for P_0 in (0.3, 0.5):
            for rate in RATES:
                both = poisson(rate, DEAD, rng), poisson(rate, DEAD, rng)
                yield Condition(part, f"{100 * P_0:.0f} %", rate, 5.0, P_0, both)
    for _ in range(realisations if part == "doublets" else 0):
        for rate in EVENT_RATES:
            for percent in PERCENT:
                both = doublets(rate, percent / 100, rng), doublets(rate, percent / 100, rng)
                yield Condition(part, f"{rate} Hz", percent, float(rate), 0.2, both)


def closed_form(E, p, E_0, P_0, seconds=LASTS / 1000):
    """What independent cells learn: E events a second, of which a share p are bursts.

    The mean change a second is eta tau_pre E^2 (p - Pbar), where Pbar = Bbar/Ebar and both averages
    go exponentially from where they begin to E and p E; its integral is closed. Fluctuations of
    Ebar are left out.
    """
    left = np.exp(-seconds / TAU_AVG)
    gain = ETA * TAU_PRE * E**2 * (p - P_0) * TAU_AVG
    if np.isclose(E, E_0):
        return gain * (1 - left)
    return gain * E_0 / (E - E_0) * np.log((E - (E - E_0) * left) / E_0)


def of_poisson(rate):
    """Event rate and burst probability of Poisson spikes: whether an interval is short is chance.

    An interval of n steps has the probability of a waiting time between n - 1 and n + 1 (both
    spikes fall anywhere in their steps); those of up to ``GAP`` steps are short.
    """
    mean = 1000 / rate - DEAD
    short = 1 - np.exp(-(GAP + 0.5 - DEAD) / mean)
    return rate * (1 - short), short


def expected(one):
    """The closed form of a condition; nan where the cells are not independent."""
    if one.part == "regular":
        return np.nan
    E, p = of_poisson(one.x) if one.part == "poisson" else (one.E_0, one.x / 100)
    return closed_form(E, p, one.E_0, one.P_0)


class Pairs:
    """One program, for all conditions at once."""

    def __init__(self, setting, number):
        self.number, self.steps = number, setting.size(STRETCH, 100)
        self.most = setting.size(MOST, 30)
        self.network = protocols.network(RULE, number, self.most, self.steps)
        where = setting.size("standalone", "runtime")
        self.program = self.network.program(1, device=where)

    def learned(self, found, stretches):
        """Weights of so many conditions after some stretches of their trains."""
        ends = stretches * self.steps
        room = self.number - len(found)
        trains = [
            [t[t < ends] for t in end] for end in zip(*(one.trains for one in found), strict=True)
        ]
        none = [np.zeros(0, dtype=int)] * room
        state = self.network.start(1)
        E_0, P_0 = (np.array([one[k] for one in found] + [1.0] * room) for k in (3, 4))
        state |= {"Ebar": E_0, "Bbar": E_0 * P_0}
        for image in protocols.packed(trains[0] + none, trains[1] + none, self.most, self.steps):
            given = Inputs(image[None], np.zeros(1, dtype=int), state, 1, learns=True)
            state = self.program.run(given).state
        return state["w"][: len(found)]


def rows_of(found, weights):
    """A row of each condition, with mean and spread over realisations."""
    groups = {}
    for one, w in zip(found, weights, strict=True):
        groups.setdefault((one.part, one.line, one.x), (expected(one), []))[1].append(w)
    for (part, line, x), (theory, ws) in groups.items():
        spread = np.std(ws, ddof=1) if len(ws) > 1 else 0.0
        row = {"part": part, "line": line, "x": x, "dw": np.mean(ws), "spread": spread}
        yield row | {"theory": theory, "n": len(ws)}


def crossing(rows):
    """Where the change goes from down to up for good, by straight lines between the points."""
    x, w = (np.array([row[key] for row in rows]) for key in ("x", "dw"))
    below = np.nonzero(w[:-1] < 0)[0]
    k = below[-1] if len(below) else 0
    return x[k] - w[k] * (x[k + 1] - x[k]) / (w[k + 1] - w[k])


def slope(rows):
    """Change by burst probability, by least squares."""
    return np.polyfit([row["x"] / 100 for row in rows], [row["dw"] for row in rows], 1)[0]


def headlines(sets):
    """Of each line over several sets: where it crosses 0, and its slope."""
    lines = dict.fromkeys((row["part"], row["line"]) for row in sets[0])
    for part, line in lines:
        each = [[r for r in rows if (r["part"], r["line"]) == (part, line)] for rows in sets]
        name = line.replace(" %", "").replace(" Hz", "")
        about = {"condition": part}
        crossings = [crossing(rows) for rows in each]
        found = summary(crossings) if part != "regular" else {"value": crossings[0]}  # by no chance
        yield about | {"measure": f"crossing_{name}"} | found
        if part == "doublets":
            yield about | {"measure": f"slope_{name}"} | summary([slope(rows) for rows in each])
            theory = closed_form(float(name), 1.2, float(name), 0.2)
            yield about | {"measure": f"slope_closed_{name}", "value": theory}


def study(setting):
    """All parts asked for."""
    parts, sets = setting.chosen(page.parts), []
    realisations = setting.size(REALISATIONS, 1)
    for seed in range(1, setting.size(SETS, 1) + 1):
        rng = np.random.default_rng([seed, 21])
        found = [one for part in parts for one in conditions(part, rng, realisations)]
        if seed == 1:
            pairs = Pairs(setting, len(found))
        weights = pairs.learned(found, setting.size(15, 2))
        sets.append(list(rows_of(found, weights)))
        print(f"set {seed}: {len(found)} pairs", flush=True)
    setting.results.update("pairing", sets[0], ("part",))
    setting.results.headline(list(headlines(sets)), setting.arguments)


page = Page(
    __name__,
    __doc__,
    study,
    title="Plasticity of pairs: regular spikes, Poisson spikes, events and bursts",
    parts=("regular", "poisson", "doublets"),
    trains=False,
)
