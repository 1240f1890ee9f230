"""All theories side by side: the same data, the same measures, each with its own preset.

    python -m experiments side_by_side [--theories NAME|FILE.py ...] [--sets digits mnist]
                                       [--data-dir DIR] [--seeds S ...]
                                       [--jobs N | --scheduler ADDRESS]

Every theory that there is in ``models``, with its preset for the data set, from several seeds: test
errors after each epoch, by images seen and CPU seconds; the cost of an image, CPU time, and by
records of twenty test images spikes and synaptic operations; the bytes of the network. Writes
``results/<theory>/side_by_side/``; a theory of a file of your own goes to ``runs/results``. Killed,
the same command goes on. Draw it: python -m analysis.side_by_side.
"""

import sys
from pathlib import Path

from experiments import RUNS
from experiments.run import command, seeds
from experiments.run.folder import RunFolder

NAME = "experiments.side_by_side"
PAGE = "side_by_side"
SETS = {"digits": 5, "mnist": 3}  # data set, which is the preset's name as well -> networks
SHOWN = tuple(range(20))  # test images of which spikes or rates are recorded
KINDS = ("spikes", "rates")
KEY = ("set", "seed", "epochs")
COSTS = ("cpu_ms_per_image", "operations_per_image", "spikes_per_image", "footprint_bytes")
GOES_ON = "what was trained is kept, and the same command goes on"
SMOKE = {"epochs": 1, "train_examples": 20, "test_examples": 20, "device": "runtime", "chunk": 10}


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command.guarded(NAME, _main, arguments, GOES_ON)


def _main(arguments):
    from experiments.study import jobs, training  # Brian2 takes a second: Ctrl-C may come meanwhile
    from models import theory as theories
    from models.engine import device

    given = _given(arguments, jobs)
    where, asked = jobs.where(given), {}
    if given.smoke:
        device.interpret()
    for name in given.theories or theories.names():
        for data in given.sets:
            if data not in theories.find(name).presets:
                print(f"{_title(name)} has no preset {data}: left out", flush=True)
                continue
            for seed in _seeds(given, data):
                asked[name, data, seed] = _place(given, name, data, seed)
    configs = {" ".join(map(str, key)): one for key, one in asked.items() if not _ended(*one)}
    _, failures = training.train(configs, where, resume=True) if configs else ({}, [])
    for name, data in dict.fromkeys(key[:2] for key in asked):
        folders = {seed: out for (n, d, seed), (_, out) in asked.items() if (n, d) == (name, data)}
        _keep(given, name, data, folders)
    if failures:
        raise RuntimeError("; ".join(failures))


def _given(arguments, jobs):
    parser = command.parser(NAME, __doc__)
    add = parser.add_argument
    add("--theories", nargs="+", help="names, or files.py of your own (default: all)")
    add("--sets", nargs="+", choices=SETS, default=["digits"], help="(default: digits)")
    text = ", ".join(f"{n} networks of {name}" for name, n in SETS.items())
    add("--seeds", type=seeds.typed, nargs="+", help=f"(default: {text})")
    add("--data-dir", help="folder with a folder for each data set (else fetched)")
    add("--runs", default=RUNS, help="trained networks (default: runs)")
    add("--results", help="where results go (default: results; of a file.py: RUNS/results)")
    add("--smoke", action="store_true", help="one short epoch of two networks, in seconds")
    jobs.add_options(parser)
    return parser.parse_args(arguments)


def _seeds(given, data):
    return given.seeds or range(1, 1 + (2 if given.smoke else SETS[data]))


def _title(name):
    return Path(name).stem


def _place(given, name, data, seed):
    """A network's configuration, and its run folder."""
    from experiments.run.config import chosen

    values = {"theory": name, "dataset": data, "seed": seed, "quick_examples": 0}
    values |= {"data_dir": None if data == "digits" else given.data_dir}
    config = chosen(values | (SMOKE if given.smoke else {}), data)
    inputs, classes = {"digits": (64, 10), "mnist": (784, 10)}[data]
    kinds = config.network(inputs, classes).records
    record = next((kind for kind in KINDS if kind in kinds), None)
    if record:
        config = chosen(config.flat() | {"record": (record,), "record_images": SHOWN})
    runs = Path(given.runs) / ("smoke" if given.smoke else "")
    return config, runs / _title(name) / f"{PAGE}_{data}" / f"seed_{seed}"


def _ended(config, out):
    return (out / "result.json").exists()


def _keep(given, name, data, folders):
    """Tables and headlines of a theory on a data set."""
    from experiments.study import results as kept
    from experiments.study.statistics import summary

    own = Path(given.runs) / "results" if name.endswith(".py") or given.smoke else kept.ROOT
    results = kept.Results(_title(name), PAGE, given.results or own)
    curves, networks = [], []
    for seed, out in folders.items():
        if not _ended(None, out):
            continue
        folder, spent = RunFolder(out), 0.0
        found = folder.result()
        about = {"set": data, "seed": seed, "epochs": found["epochs"]}
        for row in folder.metrics():
            spent += 0.0 if row["training_error"] is None else row["cpu_seconds"]
            if row["test_error"] is not None:
                point = {"images": row["images_seen"], "test_error": row["test_error"]}
                curves.append(about | point | {"cpu_seconds": spent})
        costs = {key: found.get(key, float("nan")) for key in COSTS}
        networks.append(about | {"test_error": found["test_error"]} | costs)
    if not networks:
        return
    results.update("learning", curves, (*KEY, "images"))
    results.update("networks", networks, KEY)
    table, heads = results.table("networks").where(set=data), []
    for measure in ("test_error", *COSTS):
        values = table[measure][table[measure] == table[measure]]
        if len(values):
            about = {
                "condition": PAGE,
                "measure": _measure(data, measure),
                "epochs": networks[-1]["epochs"],
            }
            heads.append(about | summary(values))
    results.headline(heads, ("--theories", results.theory, "--sets", data))


def _measure(data, name):
    """What the summary calls it: costs without a data set's name are of MNIST."""
    if name == "test_error":
        return f"{data}_error"
    return name if data == "mnist" else f"{data}_{name}"


if __name__ == "__main__":
    sys.exit(main())
