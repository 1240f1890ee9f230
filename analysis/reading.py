"""What a run says of itself: its name, its layers and populations, its variables, its records."""

from pathlib import Path

from experiments.run.folder import RunError


def layers(run):
    """Sizes of the hidden layers, then of the output, as a list of int."""
    config = run.config()
    if "layers" not in config and run.model():
        return [cell["size"] for cell in run.model()["cells"][1:]]
    try:
        return [int(size) for size in config["layers"]]
    except (KeyError, TypeError, ValueError) as error:
        raise RunError(f"{run.path / 'config.json'} does not say which layers there are") from error


def headline(run):
    """A line that tells one run from another: theory, variant, data set, layers, seed."""
    config = run.config()
    sizes = "-".join(map(str, layers(run)))
    line = f"{config.get('dataset', '?')}, layers {sizes}, seed {config.get('seed', '?')}"
    theory, variant = config.get("theory"), Path(str(config.get("variant", "paper"))).stem
    names = [str(theory)] * bool(theory) + [variant] * (variant != "paper")
    return f"{', '.join(names)}: {line}" if names else line


def variables(run):
    """Name -> ``unit``, ``meaning`` and ``when`` of all that the network holds.

    Empty in a run of an earlier version.
    """
    return (run.model() or {}).get("variables", {})


def in_order(run, names):
    """Names of populations from the input to the output."""
    model = run.model()
    if model:
        place = {cell["name"]: k for k, cell in enumerate(model["cells"])}
        return sorted(names, key=lambda name: place.get(name, len(place)))
    return sorted(names, key=lambda n: ({"input": 0, "output": 2}.get(n, 1), len(n), n))


def read(file, name):
    """An array from an open file of records; RunError if it was not recorded."""
    try:
        if name in file:
            return file[name][()]
    except (OSError, KeyError, RuntimeError) as error:  # what h5py raises depends on the damage
        raise RunError(f"{file.filename} is damaged at {name}: {error}") from error
    kind = name.split("/")[0]
    raise RunError(f"{file.filename} has no {name}: record it with --record {kind}")
