"""What commands share that ask every theory: options, networks by data set, and their results."""

from pathlib import Path

from experiments import RUNS
from experiments.run import provenance, seeds
from experiments.run.folder import RunFolder
from experiments.study import results as kept
from experiments.study import training
from models import theory as theories


def add_options(parser, sets, smoke):
    """Add what they all have; ``sets`` is name -> data set, with its ``networks``."""
    add = parser.add_argument
    add("--theories", nargs="+", help="names, or files.py of your own (default: all)")
    add("--sets", nargs="+", choices=sets, default=["digits"], help="(default: digits)")
    text = ", ".join(f"{one.networks} networks of {name}" for name, one in sets.items())
    add("--seeds", type=seeds.typed, nargs="+", help=f"(default: {text})")
    add("--data-dir", help="folder with a folder for each data set (else fetched)")
    add("--runs", default=RUNS, help="trained networks (default: runs)")
    add("--results", help="where results go (default: results; of a file.py: RUNS/results)")
    add("--smoke", action="store_true", help=smoke)


def title(name):
    """The name of a theory, which may be that of a file."""
    return Path(name).stem


def asked(given, sets):
    """Theories and data sets that are asked for, of those for which there is a preset."""
    for name in given.theories or theories.names():
        for data in given.sets:
            if sets[data].preset in theories.find(name).presets:
                yield name, data
            else:
                print(f"{title(name)} has no preset for {data}: left out", flush=True)


def options(given, name, dataset, seed):
    """Options of a run that any network has."""
    values = {"theory": name, "dataset": dataset, "seed": seed, "quick_examples": 0}
    return values | {"data_dir": None if dataset == "digits" else given.data_dir}


def runs(given, name):
    """The folder of a theory's networks."""
    return Path(given.runs) / ("smoke" if given.smoke else "") / title(name)


def refuse_other_model(out, network):
    """Raise RunError if a run folder holds a network of other equations."""
    if (out / "model.json").exists():
        provenance.refuse_other_model(RunFolder(out), network)


def results(given, name, page):
    """Where a theory's results go."""
    own = Path(given.runs) / "results" if name.endswith(".py") or given.smoke else kept.ROOT
    return kept.Results(title(name), page, given.results or own)


def train(networks, where, keep):
    """Train networks, and keep what there is of each theory and data set, also if some failed.

    ``networks`` is (theory, data set, ...) -> configuration, run folder; ``keep(theory, data,
    mine)`` is given those that have ended, by the rest of their keys. RuntimeError if one failed.
    """
    configs = {
        " ".join(map(str, key)): one
        for key, one in networks.items()
        if not training.has_ended(*one)
    }
    _, failures = training.train(configs, where, resume=True) if configs else ({}, [])
    for place in dict.fromkeys(key[:2] for key in networks):
        mine = {key[2:]: one for key, one in networks.items() if key[:2] == place}
        mine = {key: one for key, one in mine.items() if training.has_ended(*one)}
        if mine:
            keep(*place, mine)
    if failures:
        raise RuntimeError("; ".join(failures))
