"""How populations fire in each phase: rates, events and bursts, as a table of the page on a run."""

import math
import sys

from analysis import reading
from analysis.drawing.html import Html, element, table
from analysis.drawing.phases import Phases
from analysis.raster import spikes
from experiments.firing import GAP, firing

COLUMNS = {  # of ``Firing`` -> heading, times what
    "firing_rate": ("spikes (Hz)", 1),
    "event_rate": ("events (Hz)", 1),
    "burst_rate": ("bursts (Hz)", 1),
    "burst_probability": ("burst probability (%)", 100),
    "by_chance": ("by chance (%)", 100),
    "spikes_per_burst": ("spikes in a burst", 1),
    "share_in_bursts": ("spikes in bursts (%)", 100),
    "variation": ("CV of intervals", 1),
}
SAID = (
    f"A spike that follows another of its cell within {GAP:g} ms belongs to the same burst. Events "
    "are spikes that none precedes so soon; bursts are counted at their second spike, and burst "
    "probability is their share of events. By chance: what Poisson spikes of cells with the same "
    "rates would have. CV: standard deviation of intervals between spikes by their mean, of a "
    "cell; the mean over cells."
)


def rows(run):
    """(population, phase, ``Firing``) of all whose spikes were recorded; RunError if none were."""
    with run.records() as file:
        phases = Phases.read(file, sys.maxsize)
        found = spikes(run, file, math.inf)
    for name, (i, t, size) in found.items():
        for phase in phases.names:
            own = phases.name == phase
            yield name, phase, firing(t, i, size, phases.start[own], phases.end[own])


def part(run):
    """The table, and what its columns are."""
    told = [
        (reading.line(name), reading.line(phase), *(_number(*one) for one in _values(found)))
        for name, phase, found in rows(run)
    ]
    head = ("population", "phase", *(text for text, _ in COLUMNS.values()))
    return Html(table(head, [("", told)], "numbers") + element("p", SAID, kind="hint"))


def _values(found):
    return [(getattr(found, name), times) for name, (_, times) in COLUMNS.items()]


def _number(value, times):
    return "–" if math.isnan(value) else f"{times * value:.3g}"
