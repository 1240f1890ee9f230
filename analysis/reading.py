"""What a run says of itself: its name, its layers and populations, its variables, its records."""

from pathlib import Path

import numpy as np

from experiments.run import files, named
from experiments.run import records as recorded
from experiments.run.folder import RunError

KINDS = ("spikes", "voltages", "plateaus", "losses")  # of records, as all runs once had
SAME = 1e-6  # ms: times nearer than this are the same step
LETTERS = 100  # of a text in a line
LARGEST = 1e100  # of a number that can be drawn
CELLS = recorded.CELLS
PLAIN = "pixels"  # the encoding of images that are shown as they are, as are those of older runs

# What ``model.json`` holds; see ``models.engine.printing``.
_BLOCK = {"name": str, "kind": str, "code": str, "meaning": str}
_CELL = {"name": str, "size": int, "integrator?": (str, None), "blocks?": [_BLOCK], "like?": str}
_SYNAPSES = {"name": str, "from": str, "to": str, "equations": str, "pairs?": int}
_SYNAPSES |= {"integrator?": str, "rows": [{"when": str, "code": str}]}
_PARAMETER = dict.fromkeys(("symbol", "value", "unit", "cells", "source"), str)
MODEL = {
    "cells?": [_CELL],
    "variables?": {...: {"unit": str, "meaning": str, "when?": str}},
    "records?": [str],
    "about?": str,
    "inputs?": {...: int},
    "synapses?": [_SYNAPSES],
    "order?": [{"moments": [str], "along": str}],
    "settings?": {...: str},
    "parameters?": [_PARAMETER],
}


def model(run):
    """What was simulated, as a dict; empty in a run of an earlier version.

    RunError if ``model.json`` is damaged.
    """
    found = run.model() or {}
    cells, told = found.get("cells", ()), found.get("variables", {})
    good = named.fits(found, MODEL) and all(
        recorded.is_name(cell["name"]) and 0 < cell["size"] <= CELLS for cell in cells
    )
    if not good or not all(recorded.is_unit(about["unit"]) for about in told.values()):
        raise RunError(f"{run.path / 'model.json'} is damaged: it is not what a run writes")
    return found


def layers(run):
    """Sizes of the hidden layers, then of the output, as a list of int."""
    config = run.config()
    if "layers" not in config and sizes(run):
        return list(sizes(run).values())[1:]
    found = config.get("layers")
    if not named.fits(found, [int]) or len(found) > recorded.MANY:
        raise RunError(f"{run.path / 'config.json'} does not say which layers there are")
    return found


def of_page(run):
    """Whether it is what a page recorded: nothing was trained, on no data set."""
    return "page" in run.config()


def headline(run):
    """A line that tells one run from another: theory, variant, data set, encoding, layers, seed.

    Of what a page recorded: theory, page, condition, seed.
    """
    config = run.config()
    seed = f"seed {line(config.get('seed', '?'))}"
    if of_page(run):
        page, condition = (line(config.get(key, "?")) for key in ("page", "condition"))
        return f"{line(config.get('theory', '?'))}, {page}: {condition}, {seed}"
    sized = line("-".join(map(str, layers(run))))
    dataset = line(config.get("dataset", "?"))
    encoding = line(config.get("encoding", PLAIN))
    shown = f"{Path(dataset).name}{'' if encoding == PLAIN else f' ({encoding})'}"
    text = f"{shown}, layers {sized}, {seed}"
    theory, variant = (line(config.get(key, "")) for key in ("theory", "variant"))
    names = [Path(name).stem for name in (theory, variant) if name not in ("", "paper")]
    return f"{', '.join(names)}: {text}" if names else text


def when(run):
    """The same of a run's state or records: with the epoch, if they are not of its end."""
    return headline(run) + ("" if run.epoch is None else f", after epoch {run.epoch}")


def line(value):
    """A value that a file holds, as text that any page, table or figure can show in a line."""
    return "".join(c if c.isprintable() else "?" for c in str(value)[:LETTERS])


def text(value):
    """The same of a text of several lines, however long."""
    return "".join(c if c.isprintable() or c in "\n\t" else "?" for c in value)


def sizes(run):
    """Population -> its size, from the input to the output; empty in a run of an earlier version.

    RunError if ``model.json`` is damaged.
    """
    return {cell["name"]: cell["size"] for cell in model(run).get("cells", ())}


def variables(run):
    """Name -> ``unit``, ``meaning`` and ``when`` of all that the network holds.

    Empty in a run of an earlier version. RunError if ``model.json`` is damaged.
    """
    return model(run).get("variables", {})


def in_order(run, names):
    """Names of populations from the input to the output."""
    order = list(sizes(run))
    if order:
        return sorted(names, key=lambda n: order.index(n) if n in order else len(order))
    return sorted(names, key=lambda n: ({"input": 0, "output": 2}.get(n, 1), len(n), n))


def output(run):
    """Name of the population that answers."""
    return list(sizes(run) or ["output"])[-1]


def read(file, name):
    """An array from an open file of records; RunError if it was not recorded."""
    try:
        if name in file:
            return file[name][()]
    except recorded.DAMAGE as error:
        raise RunError(f"{file.filename} is damaged at {name}: {files.said(error)}") from error
    kind = name.split("/")[0]
    raise RunError(
        f"{file.filename} has no {name}: record it with --record {kind}, if the theory has such"
    )


def check(good, file, name):
    """RunError if the records are not good at a name."""
    if not good:
        raise RunError(f"{file.filename} is damaged at {name}: it is not what a run writes")


def spikes(file, population, end, kind="spikes"):
    """Cell and time (ms) of each spike of a population, and its size; ``end`` (ms) of the records.

    ``kind``: of other times in the place of spikes.

    RunError if they are not those of its cells, in that time.
    """
    name = f"{kind}/{population}"
    i, t, size = *(read(file, f"{name}/{k}") for k in "it"), int(file[name].attrs["size"])
    check(i.ndim == t.ndim == 1 and len(i) == len(t) and i.dtype.kind in "iu", file, name)
    if len(i):
        inside = 0 <= t.min() and t.max() < end and 0 <= i.min() and i.max() < size
        check(inside, file, name)  # which no nan is
    return i, t, size


def marks(file, population):
    """Name -> whether each spike of a population is such an event, ndarray of bool."""
    group, found = file[f"spikes/{population}"], {}
    for name in (name for name in group if name not in recorded.TIMES):
        values = read(file, f"spikes/{population}/{name}")
        good = values.shape == group["t"].shape and np.isin(values, (0, 1)).all()
        check(good, file, f"spikes/{population}/{name}")
        found[name] = values == 1
    return found


def traces(file, name, names, end):
    """Times (ms) of steps, cells, and name -> values (steps, cells), of a kind and population.

    RunError if they do not go together, or with the ``end`` (ms) of the records.
    """
    check("neurons" in file[name].attrs and names, file, name)
    t, cells = read(file, f"{name}/t"), np.asarray(file[name].attrs["neurons"], dtype=int)
    values = {variable: read(file, f"{name}/{variable}") for variable in names}
    regular = t.ndim == 1 and len(t) > 1 and np.isfinite(t).all() and np.ptp(np.diff(t)) < SAME
    regular = regular and t[1] - t[0] > SAME and 0 <= t[0] and t[-1] < end
    check(regular and all(v.shape == (len(t), len(cells)) for v in values.values()), file, name)
    return t, cells, values


def per_image(file, name, names, images):
    """Name -> values of a kind and population, (images, cells), or (images,) of one for all.

    RunError if they are of other images or cells.
    """
    shapes = (images,), (images, int(file[name].attrs.get("size", 0)))
    values = {variable: read(file, f"{name}/{variable}") for variable in names}
    check(all(v.shape in shapes for v in values.values()), file, name)
    return values
