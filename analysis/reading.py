"""What a run says of itself: its name, its layers and populations, its variables, its records."""

from pathlib import Path

from experiments.run.folder import RunError

KINDS = ("spikes", "voltages", "plateaus", "losses")  # of records, as all runs once had
# What reading a damaged file raises depends on the damage.
DAMAGE = (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, RuntimeError)


def layers(run):
    """Sizes of the hidden layers, then of the output, as a list of int."""
    config = run.config()
    if "layers" not in config and sizes(run):
        return list(sizes(run).values())[1:]
    try:
        return [int(size) for size in config["layers"]]
    except (KeyError, TypeError, ValueError) as error:
        raise RunError(f"{run.path / 'config.json'} does not say which layers there are") from error


def headline(run):
    """A line that tells one run from another: theory, variant, data set, layers, seed."""
    config = run.config()
    shown = "-".join(map(str, layers(run)))
    line = f"{config.get('dataset', '?')}, layers {shown}, seed {config.get('seed', '?')}"
    theory, variant = (Path(str(config.get(k, ""))).stem for k in ("theory", "variant"))
    names = [name for name in (theory, variant) if name not in ("", "paper")]
    return f"{', '.join(names)}: {line}" if names else line


def sizes(run):
    """Population -> its size, from the input to the output; empty in a run of an earlier version.

    RunError if ``model.json`` is damaged.
    """
    try:
        return {cell["name"]: int(cell["size"]) for cell in (run.model() or {}).get("cells", ())}
    except (KeyError, TypeError, ValueError) as error:
        raise RunError(f"{run.path / 'model.json'} is damaged: it names no cells") from error


def variables(run):
    """Name -> ``unit``, ``meaning`` and ``when`` of all that the network holds.

    Empty in a run of an earlier version. RunError if ``model.json`` is damaged.
    """
    found = (run.model() or {}).get("variables", {})
    try:
        return {name: {"unit": v["unit"], "meaning": v["meaning"]} | v for name, v in found.items()}
    except (AttributeError, KeyError, TypeError) as error:
        raise RunError(f"{run.path / 'model.json'} is damaged: it has no variables") from error


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
    except (OSError, KeyError, RuntimeError) as error:  # what h5py raises depends on the damage
        raise RunError(f"{file.filename} is damaged at {name}: {error}") from error
    kind = name.split("/")[0]
    raise RunError(
        f"{file.filename} has no {name}: record it with --record {kind}, if the theory has such"
    )
