"""What a run recorded, read from ``records.h5`` and checked: what an export is made from."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analysis.drawing.figure import Phases, headline, read
from experiments.run.folder import QUANTITIES, RunError

KINDS = ("spikes", "voltages", "plateaus", "losses")
PLATEAUS = {"alpha_f": ("forward", "d_f"), "alpha_t": ("target", "d_t")}  # phase, time to its end
SAME = 1e-6  # ms: times nearer than this are the same step
# What reading a damaged file raises depends on the damage.
DAMAGE = (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, RuntimeError)


class About(NamedTuple):
    """Which run it is.

    Attributes
    ----------
    title, name : str
        Data set, layers and seed; the run folder's name.
    identifier : str
        SHA-256 of the records: the same wherever the run folder is.
    start : datetime
        When the records were written, UTC; it stands for the first image's onset.
    config : dict
        Options of the run, without paths of its machine.
    provenance : list of dict
        Versions, commit, ... of each start of the run, the last of which made the records.
    equations : str
        The equations as run.
    """

    title: str
    name: str
    identifier: str
    start: datetime
    config: dict
    provenance: list
    equations: str


class Trace(NamedTuple):
    """A variable of some cells in each step: its values, shape (steps, cells), and their unit."""

    values: np.ndarray
    unit: str


class Recorded(NamedTuple):
    """What is there of a run's records; times in ms, potentials in mV, rates in Hz.

    Attributes
    ----------
    about : About
    phases : analysis.command.Phases
        All phases of all images.
    images : dict
        Column -> ndarray, shape (images,): "label", the class; and, if the configuration tells,
        "place" among the images that the run was tested on, from 0.
    spikes : dict
        Population -> (cell, time, size); the first two of shape (spikes,).
    voltages : dict
        Population -> (time, cells, potentials), of shape (steps,), (cells,), and name ->
        (steps, cells).
    variables : dict
        The same for further variables, and name -> Trace.
    plateaus, losses : dict
        Population -> name -> ndarray, shape (images, size); the loss "L" is of shape (images,).
    rest : dict
        (population, potential) -> its value at rest, mV; records of earlier versions do not say.
    """

    about: About
    phases: Phases
    images: dict
    spikes: dict
    voltages: dict
    variables: dict
    plateaus: dict
    losses: dict
    rest: dict

    def span(self):
        """Start and end of each image, ndarrays of shape (images,)."""
        starts = self.phases.start[self.phases.name == "forward"]
        return starts, np.append(starts[1:], self.phases.end[-1])

    def moments(self, population, name):
        """When each cell had a plateau, ndarray of shape (images, size).

        Parameters
        ----------
        population : str
        name : {"alpha_f", "alpha_t"}
        """
        phase, ahead = PLATEAUS[name]
        found = self.plateaus[population]
        ends = self.phases.end[self.phases.name == phase]
        return ends[:, None] - found.get(ahead, np.zeros_like(found[name]))

    def left_out(self):
        """A sentence on what is not there: the pixels, and what was not recorded."""
        missing = [kind for kind in KINDS if not getattr(self, kind)]
        said = "The pixels of the images are not in a run folder"
        if "place" not in self.images:
            said += ", and its configuration does not tell which images they were"
        if missing:
            said += f"; not recorded, so not exported: {', '.join(missing)}"
        return f"{said}."


def load(run):
    """What a run recorded.

    Parameters
    ----------
    run : RunFolder

    Returns
    -------
    Recorded

    Raises
    ------
    RunError
        If it is no run folder, has no records, or a file of it is damaged.
    """
    title = headline(run)  # first of all: is it a run folder?
    config, path = run.config(), run.path / "records.h5"
    with run.records() as file:
        try:
            about = _about(run, title, config, path)
            return _read(file, about, config)
        except RunError:
            raise
        except DAMAGE as error:
            raise RunError(f"{path} is damaged ({type(error).__name__}: {error})") from error


def step(t):
    """The time step of regular times (ms), rid of what floating point adds to it."""
    return round(float(t[-1] - t[0]) / (len(t) - 1), 9)


def split(i, t, size):
    """Times of each cell's spikes.

    Parameters
    ----------
    i : ndarray of int, shape (spikes,)
        Cell of each spike.
    t : ndarray, shape (spikes,)
        Time of each spike.
    size : int
        Number of cells.

    Returns
    -------
    list of ndarray
        For each cell, in order of time.
    """
    order = np.lexsort((t, i))
    return np.split(t[order], np.searchsorted(i[order], np.arange(1, size)))


def unit(name):
    """The unit of a quantity as it is recorded, as a suffix of its name: "V" -> "V_mV"."""
    if name == "L":
        return "L_kHz2"
    text = QUANTITIES[name][0]
    return name if text == "1" else f"{name}_{text}"


def meaning(name, population=""):
    """What a quantity is, in words and in its symbol."""
    if name == "L":
        return "loss L of the layer for each image"
    text = QUANTITIES[name][2]
    if name == "V_b":
        text = "dendritic potential" if population == "output" else "basal potential"
    return f"{text}, {name}"


def _about(run, title, config, path):
    equations = run.text("equations.txt") or ""
    provenance = run.starts()
    if not all(isinstance(start.get("packages", {}), dict) for start in provenance):
        raise RunError(f"{run.path / 'provenance.json'} is damaged: packages have names")
    with path.open("rb") as file:
        identifier = hashlib.file_digest(file, "sha256").hexdigest()
    start = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
    neutral = {k: v for k, v in config.items() if k != "data_dir"}  # paths of one machine
    if "variant" in neutral:
        neutral["variant"] = Path(str(neutral["variant"])).name
    name = run.path.resolve().name
    return About(title, name, identifier, start, neutral, provenance, equations)


def _read(file, about, config):
    if "phases" not in file or "labels" not in file:
        raise RunError(f"{file.filename} holds no records of a run")
    labels = read(file, "labels")
    phases = Phases.read(file, max(1, len(labels)))
    _check(_whole(phases, len(labels)), file, "phases")
    images = {"label": labels}
    places = config.get("record_images")
    if isinstance(places, list) and len(places) == len(labels):
        images["place"] = np.array(places, dtype=int)
    found = {kind: {} for kind in _READ}
    for kind in _READ:
        for population in sorted(file.get(kind, ()), key=_place):
            values = _READ[kind](file, f"{kind}/{population}", phases, len(labels))
            found[kind][population] = values
    rest = {
        (population, name): float(file[f"voltages/{population}/{name}"].attrs["rest"])
        for population, (_, _, potentials) in found["voltages"].items()
        for name in potentials
        if "rest" in file[f"voltages/{population}/{name}"].attrs
    }
    return Recorded(about, phases, images, **found, rest=rest)


def _spikes(file, name, phases, images):
    i, t, size = *(read(file, f"{name}/{k}") for k in "it"), int(file[name].attrs["size"])
    good = len(i) == len(t) and np.isfinite(t).all()
    inside = not len(t) or (t.min() >= 0 and t.max() < phases.end[-1] and i.min() >= 0)
    _check(good and inside and (not len(i) or i.max() < size), file, name)
    return i, t, size


def _voltages(file, name, phases, images):
    t, cells = read(file, f"{name}/t"), np.asarray(file[name].attrs["neurons"], dtype=int)
    values = {k: read(file, f"{name}/{k}") for k in ("V", "V_b", "V_a") if k in file[name]}
    shaped = all(v.shape == (len(t), len(cells)) for v in values.values())
    _check(_regular(t, phases) and shaped and values and len(cells), file, name)
    return t, cells, values


def _variables(file, name, phases, images):
    t, cells = read(file, f"{name}/t"), np.asarray(file[name].attrs["neurons"], dtype=int)
    values = {
        k: Trace(read(file, f"{name}/{k}"), str(file[f"{name}/{k}"].attrs["units"]))
        for k in file[name]
        if k != "t"
    }
    shaped = all(trace.values.shape == (len(t), len(cells)) for trace in values.values())
    _check(_regular(t, phases) and shaped and values and len(cells), file, name)
    return t, cells, values


def _regular(t, phases):
    """Whether there is a time for each step, within the phases."""
    return len(t) > 1 and np.ptp(np.diff(t)) < SAME and 0 <= t[0] and t[-1] < phases.end[-1]


def _per_image(file, name, phases, images):
    size = int(file[name].attrs.get("size", 0))
    values = {k: read(file, f"{name}/{k}") for k in file[name] if k != "t"}
    shapes = {k: (images,) if k == "L" else (images, size) for k in values}
    known = all(k == "L" or k in QUANTITIES for k in values)
    _check(known and all(v.shape == shapes[k] for k, v in values.items()), file, name)
    return values


_READ = {
    "spikes": _spikes,
    "voltages": _voltages,
    "variables": _variables,
    "plateaus": _per_image,
    "losses": _per_image,
}


def _whole(phases, images):
    """Whether each image has its phases, forward and target in turn, without a gap."""
    names = np.tile(["forward", "target"], images)
    joined = phases.start[0] == 0 and (phases.start[1:] == phases.end[:-1]).all()
    return (
        np.array_equal(phases.name, names)
        and np.array_equal(phases.image, np.repeat(np.arange(images), 2))
        and joined
        and (phases.end > phases.start).all()
    )


def _check(good, file, name):
    if not good:
        raise RunError(f"{file.filename} is damaged at {name}: it is not what a run writes")


def _place(population):
    """Where a population stands from input to output."""
    layer = population.removeprefix("hidden_")
    return ("input", "hidden", "output").index("hidden" if layer != population else layer), (
        int(layer) if layer.isdigit() else 0
    )
