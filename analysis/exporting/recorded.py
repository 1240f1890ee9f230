"""What a run recorded, read from ``records.h5`` and checked: what an export is made from.

Which kinds, populations and variables there are, their units and what they mean is in the file.
"""

import hashlib
import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analysis import intervals, reading
from analysis.drawing.phases import Phases
from analysis.reading import KINDS, in_order, read, when
from experiments.run import files, named
from experiments.run.folder import RunError
from experiments.run.records import ABOUT, name

LAST = 253402300799  # s: the last second that a calendar of four digits has
TAKEN = {"image", "phase", "population", "cell", "time_ms", "spike"}  # columns of any export
TAKEN |= {"duration_ms", "rate_Hz", "obs_intervals"}
FIRST = ("V", "V_b", "V_a")  # variables that come first, in this order
PLATEAUS = {"alpha_f": ("forward", "d_f"), "alpha_t": ("target", "d_t")}  # phase, time to its end


class About(NamedTuple):
    """Which run it is."""

    title: str  # data set, layers and seed, and of which epoch
    name: str  # of the run folder
    identifier: str  # SHA-256 of the records: the same wherever the run folder is
    start: datetime  # when the records were written, UTC: stands for the first image's onset
    config: dict  # options of the run, without paths of its machine
    provenance: list  # versions, commit, ... of each start; the last one made the records
    equations: str  # as run
    theory: str  # what its theory says of itself; empty in a run of an earlier version
    kinds: tuple = KINDS  # of records that it has


class Quantity(NamedTuple):
    """What a recorded variable is: its unit, a text, and where it rests (None: not known)."""

    unit: str
    text: str
    rest: float | None = None

    @property
    def part(self):
        """What it is of, by the first word of its text: "somatic" of "somatic potential"."""
        return re.sub(r"\W+", "", (self.text.split() or [""])[0]) or "unnamed"


class Recorded(NamedTuple):
    """What is there of a run's records; times in ms, values in the unit of their quantity.

    ``images`` has ndarrays of shape (images,): "label", the class, and, if the configuration tells,
    "place" among the images that the run was tested on, from 0. ``traces`` are (time, cells,
    values), of shape (steps,), (cells,), and name -> (steps, cells). An array of ``values`` has
    shape (images, size), or (images,) of what is one number for all cells.
    """

    about: About
    phases: Phases  # all phases of all images
    images: dict  # column -> ndarray
    spikes: dict  # population -> (cell, time, size); the first two of shape (spikes,)
    events: dict  # kind of other times -> population -> the same of them
    marks: dict  # population -> name of an event -> whether each spike is one, (spikes,)
    traces: dict  # kind -> population -> as above
    values: dict  # kind -> population -> name -> ndarray
    quantities: dict  # (kind, population, name) -> Quantity

    def span(self):
        """Start and end of each image, ndarrays of shape (images,)."""
        starts = self.phases.onsets()
        return starts, np.append(starts[1:], self.phases.end[-1])

    def sizes(self):
        """Population -> its size, of those whose spikes or other events were recorded."""
        kinds = (self.spikes, *self.events.values())
        return {name: size for own in kinds for name, (_, _, size) in own.items()}

    def intervals(self):
        """Kind -> population -> (cell, start, stop), of events whose ends were recorded, too."""
        return intervals.of(self.events, self.span()[1])

    def named_marks(self):
        """Names of what a spike may be marked as, of all populations."""
        return list(dict.fromkeys(mark for own in self.marks.values() for mark in own))

    def told(self, kind, name="t"):
        """What a variable is, in the words of the first population that has it."""
        found = (q.text for (k, _, n), q in self.quantities.items() if (k, n) == (kind, name))
        return next(found, kind)

    def phase_of(self, t):
        """The phase in which each time (ms) is: places in ``phases``, ndarray of int.

        A time that rounding put before the beginning of a phase is in it.
        """
        found = np.searchsorted(self.phases.start, t + reading.SAME, side="right") - 1
        return np.clip(found, 0, len(self.phases.start) - 1)

    def places(self):
        """What "place" counts."""
        if self.about.config.get("record_training") is True:
            return "place of the image among the training images, from 0"
        return "place of the image among those that the run was tested on, from 0"

    def moments(self, kind, population, name):
        """When each cell had a value of an image, ndarray of shape (images, size).

        At the image's end; a plateau at the end of its phase, or as much earlier as is recorded.
        """
        found = self.values[kind][population]
        phase, ahead = PLATEAUS.get(name, ("", "")) if kind == "plateaus" else ("", "")
        ends = self.span()[1]
        if phase in self.phases.names:
            ends = self.phases.end[self.phases.name == phase]
        return ends[:, None] - found.get(ahead, np.zeros_like(found[name]))

    def left_out(self):
        """A sentence on what is not there: the pixels, and what was not recorded."""
        there = [*self.traces, *self.values, *self.events, *["spikes"] * bool(self.spikes)]
        missing = [kind for kind in self.about.kinds if kind not in there]
        said = "The pixels of the images are not exported"
        if "page" in self.about.config:
            said = "What the network was given is not exported"
        elif "place" not in self.images:
            said += ", and the configuration does not tell which images they were"
        if missing:
            said += f"; not recorded, so not exported: {', '.join(missing)}"
        return f"{said}."


def load(run):
    """What a run recorded; RunError if it is no run, has no records, or a file is damaged."""
    title = when(run)  # first of all: is it a run folder?
    config = run.config()
    with run.records() as file:
        return _read(run, file, _about(run, title, config))


def step(t):
    """The time step of regular times (ms), rid of what floating point adds to it."""
    return round(float(t[-1] - t[0]) / (len(t) - 1), 9)


def split(i, t, size, values=None):
    """Times of each cell's spikes: a list of ndarray, each in order of time.

    ``i`` and ``t``, shape (spikes,), are the cell and the time of each spike; ``size``: of cells;
    ``values``: what is split in the place of times.
    """
    order = np.lexsort((t, i))
    values = t if values is None else values
    return np.split(values[order], np.searchsorted(i[order], np.arange(1, size)))


def _about(run, title, config):
    equations = reading.text(run.text("equations.txt") or "")
    provenance = run.starts()
    if not named.fits(provenance, [{"packages?": {...: str}}]):
        raise RunError(f"{run.path / 'provenance.json'} is damaged: packages have names")
    with files.opened(run.path, name(run.epoch)) as file:
        identifier = hashlib.file_digest(file, "sha256").hexdigest()
        written = os.fstat(file.fileno()).st_mtime
    start = datetime.fromtimestamp(min(max(0, int(written)), LAST), UTC)
    neutral = {k: v for k, v in config.items() if k != "data_dir"}  # paths of one machine
    for key in {"theory", "variant", "dataset", "weights"} & neutral.keys():  # may be paths, too
        neutral[key] = neutral[key] and Path(str(neutral[key])).name
    called = reading.line(run.path.resolve().name)
    called += f"@{run.epoch}" if run.epoch is not None else ""
    model = reading.model(run)
    theory, kinds = reading.text(model.get("about", "")), tuple(model.get("records", KINDS))
    return About(title, called, identifier, start, neutral, provenance, equations, theory, kinds)


def _read(run, file, about):
    phases = Phases.read(file, sys.maxsize)
    labels, end = read(file, "labels"), phases.end[-1]
    images, places = {"label": labels}, about.config.get("record_images")
    if named.fits(places, [int]) and len(places) == len(labels):
        if not all(0 <= place < 1 << 31 for place in places):
            raise RunError(
                f"{run.path / 'config.json'} is damaged: record_images are places of images"
            )
        images["place"] = np.array(places, dtype=int)
    spikes, events, marks, traces, values, quantities = {}, {}, {}, {}, {}, {}
    kinds = [kind for kind in file if kind not in ABOUT]
    order = in_order(run, {population for kind in kinds for population in file[kind]})
    for kind in kinds:
        for population in (one for one in order if one in file[kind]):
            name = f"{kind}/{population}"
            if kind == "spikes":
                spikes[population] = reading.spikes(file, population, end)
                names = marks[population] = reading.marks(file, population)
                reading.check(not TAKEN & {*names}, file, name)
            elif "i" in file[name]:
                found, names = reading.spikes(file, population, end, kind), ("t",)
                reading.check(kind not in TAKEN, file, name)
                events.setdefault(kind, {})[population] = found
            else:
                names = [v for v in FIRST if v in file[name]]
                names += [v for v in file[name] if v not in (*FIRST, "t")]
                if "neurons" in file[name].attrs:
                    found = reading.traces(file, name, names, end)
                    reading.check(len(found[1]), file, name)
                    traces.setdefault(kind, {})[population] = found
                else:
                    found = reading.per_image(file, name, names, len(labels))
                    values.setdefault(kind, {})[population] = found
            for variable in names:
                quantities[kind, population, variable] = _quantity(file[f"{name}/{variable}"])
    return Recorded(about, phases, images, spikes, events, marks, traces, values, quantities)


def _quantity(dataset):
    told = dataset.attrs
    rest = float(told["rest"]) if "rest" in told else None
    return Quantity(str(told["units"]), str(told["description"]), rest)
