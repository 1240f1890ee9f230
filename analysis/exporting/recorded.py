"""What a run recorded, read from ``records.h5`` and checked: what an export is made from.

Which kinds, populations and variables there are, their units and what they mean is in the file.
"""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analysis.drawing.phases import Phases
from analysis.reading import DAMAGE, KINDS, headline, in_order, read
from experiments.run.folder import RunError

FIRST = ("V", "V_b", "V_a")  # variables that come first, in this order
PLATEAUS = {"alpha_f": ("forward", "d_f"), "alpha_t": ("target", "d_t")}  # phase, time to its end
SAME = 1e-6  # ms: times nearer than this are the same step


class About(NamedTuple):
    """Which run it is."""

    title: str  # data set, layers and seed
    name: str  # of the run folder
    identifier: str  # SHA-256 of the records: the same wherever the run folder is
    start: datetime  # when the records were written, UTC: stands for the first image's onset
    config: dict  # options of the run, without paths of its machine
    provenance: list  # versions, commit, ... of each start; the last one made the records
    equations: str  # as run
    theory: str  # what its theory says of itself; empty in a run of an earlier version


class Quantity(NamedTuple):
    """What a recorded variable is: its unit, a text, and where it rests (None: not known)."""

    unit: str
    text: str
    rest: float | None = None


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
    traces: dict  # kind -> population -> as above
    values: dict  # kind -> population -> name -> ndarray
    quantities: dict  # (kind, population, name) -> Quantity

    def span(self):
        """Start and end of each image, ndarrays of shape (images,)."""
        starts = self.phases.onsets()
        return starts, np.append(starts[1:], self.phases.end[-1])

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
        there = [*self.traces, *self.values, *["spikes"] * bool(self.spikes)]
        missing = [kind for kind in KINDS if kind not in there]
        said = "The pixels of the images are not in a run folder"
        if "place" not in self.images:
            said += ", and its configuration does not tell which images they were"
        if missing:
            said += f"; not recorded, so not exported: {', '.join(missing)}"
        return f"{said}."


def load(run):
    """What a run recorded; RunError if it is no run, has no records, or a file is damaged."""
    title = headline(run)  # first of all: is it a run folder?
    config, path = run.config(), run.path / "records.h5"
    with run.records() as file:
        try:
            about = _about(run, title, config, path)
            return _read(run, file, about, config)
        except RunError:
            raise
        except DAMAGE as error:
            raise RunError(f"{path} is damaged ({type(error).__name__}: {error})") from error


def step(t):
    """The time step of regular times (ms), rid of what floating point adds to it."""
    return round(float(t[-1] - t[0]) / (len(t) - 1), 9)


def split(i, t, size):
    """Times of each cell's spikes: a list of ndarray, each in order of time.

    ``i`` and ``t``, shape (spikes,), are the cell and the time of each spike; ``size``: of cells.
    """
    order = np.lexsort((t, i))
    return np.split(t[order], np.searchsorted(i[order], np.arange(1, size)))


def _about(run, title, config, path):
    equations = run.text("equations.txt") or ""
    provenance = run.starts()
    if not all(isinstance(start.get("packages", {}), dict) for start in provenance):
        raise RunError(f"{run.path / 'provenance.json'} is damaged: packages have names")
    with path.open("rb") as file:
        identifier = hashlib.file_digest(file, "sha256").hexdigest()
    start = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
    neutral = {k: v for k, v in config.items() if k != "data_dir"}  # paths of one machine
    for key in {"theory", "variant"} & neutral.keys():  # which may be paths, too
        neutral[key] = Path(str(neutral[key])).name
    name = run.path.resolve().name
    theory = str((run.model() or {}).get("about", ""))
    return About(title, name, identifier, start, neutral, provenance, equations, theory)


def _read(run, file, about, config):
    if "phases" not in file or "labels" not in file:
        raise RunError(f"{file.filename} holds no records of a run")
    labels = read(file, "labels")
    phases = Phases.read(file, max(1, len(labels)))
    _check(_whole(phases, len(labels)), file, "phases")
    images = {"label": labels}
    places = config.get("record_images")
    if isinstance(places, list) and len(places) == len(labels):
        images["place"] = np.array(places, dtype=int)
    spikes, traces, values, quantities = {}, {}, {}, {}
    for kind in file:
        if kind in ("labels", "phases"):
            continue
        for population in in_order(run, file[kind]):
            name = f"{kind}/{population}"
            if kind == "spikes":
                spikes[population] = _spikes(file, name, phases)
                continue
            stepped = "neurons" in file[name].attrs
            names = [v for v in FIRST if v in file[name]]
            names += [v for v in file[name] if v not in (*FIRST, "t")]
            if stepped:
                traces.setdefault(kind, {})[population] = _traces(file, name, names, phases)
            else:
                values.setdefault(kind, {})[population] = _values(file, name, names, len(labels))
            for variable in names:
                told = file[f"{name}/{variable}"].attrs
                rest = float(told["rest"]) if "rest" in told else None
                quantity = Quantity(str(told["units"]), str(told["description"]), rest)
                quantities[kind, population, variable] = quantity
    return Recorded(about, phases, images, spikes, traces, values, quantities)


def _spikes(file, name, phases):
    i, t, size = *(read(file, f"{name}/{k}") for k in "it"), int(file[name].attrs["size"])
    good = len(i) == len(t) and np.isfinite(t).all()
    inside = not len(t) or (t.min() >= 0 and t.max() < phases.end[-1] and i.min() >= 0)
    _check(good and inside and (not len(i) or i.max() < size), file, name)
    return i, t, size


def _traces(file, name, names, phases):
    t, cells = read(file, f"{name}/t"), np.asarray(file[name].attrs["neurons"], dtype=int)
    values = {k: read(file, f"{name}/{k}") for k in names}
    shaped = all(v.shape == (len(t), len(cells)) for v in values.values())
    _check(_regular(t, phases) and shaped and values and len(cells), file, name)
    return t, cells, values


def _regular(t, phases):
    """Whether there is a time for each step, within the phases."""
    return len(t) > 1 and np.ptp(np.diff(t)) < SAME and 0 <= t[0] and t[-1] < phases.end[-1]


def _values(file, name, names, images):
    shapes = (images,), (images, int(file[name].attrs.get("size", 0)))
    values = {k: read(file, f"{name}/{k}") for k in names}
    _check(all(v.shape in shapes for v in values.values()), file, name)
    return values


def _whole(phases, images):
    """Whether each image has the same phases in turn, without a gap."""
    count = len(phases.names)
    names = np.tile(phases.names, images)
    joined = phases.start[0] == 0 and (phases.start[1:] == phases.end[:-1]).all()
    return (
        np.array_equal(phases.name, names)
        and np.array_equal(phases.image, np.repeat(np.arange(images), count))
        and joined
        and (phases.end > phases.start).all()
    )


def _check(good, file, name):
    if not good:
        raise RunError(f"{file.filename} is damaged at {name}: it is not what a run writes")
