"""All theories side by side: the same data, the same measures, each with its own preset.

    python -m experiments side_by_side [--theories NAME|FILE.py ...] [--sets digits mnist ...]
                                       [--data-dir DIR] [--seeds S ...]
                                       [--points N] [--jobs N | --scheduler ADDRESS]

Every theory that there is in ``models``, with its preset for the data set (``digits-2`` and -3 have
so many hidden layers), from several seeds: test errors after each epoch, by images seen and CPU
seconds; the cost of an image, CPU time, and by records of twenty test images spikes and synaptic
operations; the bytes of the network; by epoch the angle of each layer's update to
backpropagation's in the network of rates that it is like (``experiments.study.credit``: 100
training images, each from the same weights), and that of feedback to forward weights; and, after
the first epoch, what virtual experiments do to what is learned (``experiments.study.virtual``). On
the digits, also how robust each is to its settings (``experiments.study.around``). Writes
``results/<theory>/side_by_side/``; a theory of a file of your own goes to ``runs/results``. Killed,
the same command goes on. Draw it: python -m analysis.side_by_side.
"""

import sys
from pathlib import Path
from typing import NamedTuple

from experiments.run import command
from experiments.run.folder import RunError, RunFolder

NAME = "experiments.side_by_side"
PAGE = "side_by_side"


class Set(NamedTuple):
    """A data set, the presets for it, networks of each theory, and the size of its examples."""

    dataset: str
    preset: str
    networks: int
    inputs: int
    classes: int = 10


SETS = {
    "digits": Set("digits", "digits", 5, 64),
    "digits-2": Set("digits", "digits-2", 5, 64),
    "digits-3": Set("digits", "digits-3", 5, 64),
    "mnist": Set("mnist", "mnist", 3, 784),
    "fashion": Set("fashion", "fashion", 3, 784),
}
SHOWN = tuple(range(20))  # test images of which spikes or rates are recorded
KINDS = ("spikes", "rates")
KEY = ("set", "seed")  # of a network, in TABLES
# Networks of another number of epochs, which were of another preset, make room in these.
TABLES = ("learning", "networks", "credit", "experiments", "alignment")
HEAD = ("condition", "measure")
COSTS = ("cpu_ms_per_image", "operations_per_image", "spikes_per_image", "footprint_bytes")
LOOKED = 100  # training images of an angle, or of a virtual experiment
ROBUST, POINTS = "digits", 24  # where robustness is studied, and points of a design
EARLY = 1  # epochs before virtual experiments
MEASURED = "side_by_side.json"  # what was measured of a network, in its run folder
ANGLE = {"epoch": int, "layer": int, "angle": (float, None)}
CHANGE = {"experiment": str, "cosine": float, "size": float, "shift": float}
SHAPE = {"credit": [ANGLE], "experiments": [CHANGE], "about": dict}
GOES_ON = "what was trained is kept, and the same command goes on"
SMOKE = {"epochs": 1, "train_examples": 20, "test_examples": 20, "device": "runtime", "chunk": 10}


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command.guarded(NAME, _main, arguments, GOES_ON)


def _main(arguments):
    from experiments.study import every_theory, jobs  # Brian2 takes a second: Ctrl-C may come
    from models.engine import device

    given = _given(arguments, every_theory, jobs)
    if given.points < 0:
        raise ValueError(f"--points: 0 or more, not {given.points}")
    where, networks = jobs.where(given), {}
    if given.smoke:
        device.interpret()
    for name, data in every_theory.asked(given, SETS):
        for seed in given.seeds or range(1, 1 + (2 if given.smoke else SETS[data].networks)):
            networks[name, data, seed] = _place(given, name, data, seed)

    def keep(name, data, mine):
        _keep(given, name, data, {seed: one for (seed,), one in mine.items()}, where)

    every_theory.train(networks, where, keep)


def _given(arguments, every_theory, jobs):
    parser = command.parser(NAME, __doc__)
    every_theory.add_options(parser, SETS, "one short epoch of two networks, in seconds")
    text = "of each study of robustness; 0: none"
    parser.add_argument("--points", type=int, default=POINTS, help=f"{text} (default: {POINTS})")
    jobs.add_options(parser)
    return parser.parse_args(arguments)


def _place(given, name, data, seed):
    """A network's configuration, and its run folder."""
    from experiments.run.config import chosen
    from experiments.study import every_theory
    from experiments.study.credit import refuse
    from models import theory as theories

    about = SETS[data]
    values = every_theory.options(given, name, about.dataset, seed)
    config = chosen(values | (SMOKE if given.smoke else {}), about.preset)
    network = config.network(about.inputs, about.classes)
    refuse(theories.find(name), network, config)
    record = next((kind for kind in KINDS if kind in network.records), None)
    if record:
        config = chosen(config.flat() | {"record": (record,), "record_images": SHOWN})
    out = every_theory.runs(given, name) / f"{PAGE}_{data}" / f"seed_{seed}"
    every_theory.refuse_other_model(out, network)
    return config, out


def _keep(given, name, data, networks, where):
    """Tables and headlines of a theory's networks on a data set: seed -> configuration, folder."""
    from experiments.study import every_theory
    from models import theory as theories

    results = every_theory.results(given, name, PAGE)
    curves, rows = [], []
    for seed, (_, out) in networks.items():
        folder, spent = RunFolder(out), 0.0
        found = folder.result()
        about = {"set": data, "seed": seed, "epochs": found["epochs"]}
        for row in folder.metrics():
            spent += 0.0 if row["training_error"] is None else row["cpu_seconds"]
            if row["test_error"] is not None:
                point = {"images": row["images_seen"], "test_error": row["test_error"]}
                curves.append(about | point | {"cpu_seconds": spent})
        costs = {key: found.get(key, float("nan")) for key in COSTS}
        rows.append(about | {"test_error": found["test_error"]} | costs)
    asked = theories.find(name).needs
    needs = {need: asked[need] if need in asked else "" for need in theories.NEEDS}
    table = [{"need": n, "asked": int(n in asked), "how": how} for n, how in needs.items()]
    results.write("needs", table)
    epochs = rows[-1]["epochs"]
    for table in TABLES:
        results.drop(table, lambda row: row["set"] == data and row["epochs"] != str(epochs))
    results.update("learning", curves, KEY)
    results.update("networks", rows, KEY)
    heads = _costs(results, data) + _looked(results, given, name, data, networks)
    heads += _aligned(results, name, data, networks)
    about, words = {"condition": PAGE, "epochs": epochs}, ("--theories", name, "--sets", data)
    results.headline([about | head for head in heads], words, HEAD)
    if data == ROBUST and given.points:
        heads = _robust(results, given, name, where)
        if heads:
            results.headline([about | head for head in heads], words, HEAD)
    print(f"{results.theory}, {data}: see {results.path}", flush=True)


def _by_depth(data):
    """Whether it is the digits with so many hidden layers, of which credit alone is of interest."""
    return "-" in data


def _costs(results, data):
    """Headlines of errors and costs."""
    from experiments.study.statistics import summary

    table, heads = results.table("networks").where(set=data), []
    for measure in ("test_error", *(() if _by_depth(data) else COSTS)):
        values = table[measure][table[measure] == table[measure]]
        if len(values):
            heads.append({"measure": _measure(data, measure)} | summary(values))
    return heads


def _looked(results, given, name, data, networks):
    """Keep what is measured of networks; headlines: the lowest layer's angle, and light."""
    from experiments.study.statistics import summary

    looking, last, lit = _Looking(name, given.smoke, _by_depth(data)), [], {}
    for seed, (config, out) in networks.items():
        found = looking.at(config, out)
        about = {"set": data, "seed": seed, "epochs": config.epochs}
        credit = [row | {"angle": _number(row["angle"])} for row in found["credit"]]
        if credit:
            results.update("credit", [about | row for row in credit], KEY)
        changes = [] if _by_depth(data) else found["experiments"]
        if changes:
            results.update("experiments", [about | row for row in changes], KEY)
        last += [r["angle"] for r in credit if r["epoch"] == config.epochs and not r["layer"]]
        for row in changes:
            lit.setdefault(row["experiment"], []).append(row["shift"])
    heads = [{"measure": _measure(data, "angle")} | summary(last)] if last else []
    for experiment, shifts in lit.items():
        if experiment.startswith("light"):
            about = {"measure": _measure(data, experiment.replace(" ", "_"))}
            heads.append(about | summary(shifts))
    return heads


def _aligned(results, name, data, networks):
    """Keep the angles of feedback to forward weights by epoch; the headline of the lowest layer."""
    from experiments.study.credit import alignment
    from experiments.study.statistics import summary
    from models import theory as theories

    last = []
    for seed, (config, out) in networks.items():
        about, rows = {"set": data, "seed": seed, "epochs": config.epochs}, []
        for epoch in _looked_at(config):
            found = alignment(RunFolder(out).after(epoch), theories.find(name).feedback)
            rows += [{"epoch": epoch, "layer": m, "angle": angle} for m, angle in found.items()]
        if rows:
            results.update("alignment", [about | row for row in rows], KEY)
            last.append(next(r["angle"] for r in rows if r["epoch"] == config.epochs))
    return [{"measure": _measure(data, "feedback_angle")} | summary(last)] if last else []


def _robust(results, given, name, where):
    """Keep how robust the settings are; headlines: the median accuracy within each factor.

    Left out, in a sentence, where there is no Optuna or nothing that a search may move.
    """
    from experiments.run.config import chosen
    from experiments.study import around, every_theory

    values = {"theory": name, "dataset": ROBUST} | (SMOKE if given.smoke else {})
    studies = Path(given.runs) / ("smoke" if given.smoke else "") / "studies"
    out = studies / f"{every_theory.title(name)}_{ROBUST}_{given.points}"
    try:
        rows = around.moved(chosen(values, ROBUST), given.points, out, where, given.smoke)
    except ValueError as error:
        print(f"{every_theory.title(name)}, robustness is left out: {error}", flush=True)
        return []
    results.write("robust", [{"set": ROBUST} | row for row in rows])
    return [head | {"measure": _measure(ROBUST, head["measure"])} for head in around.heads(rows)]


class _Looking:
    """Measures networks of a theory, or finds what was measured; programs are made once."""

    def __init__(self, name, smoke, by_depth):
        from experiments.run import named
        from experiments.study import virtual
        from models import theory as theories

        images = 2 if smoke else LOOKED
        self.theory, self.images, self.by_depth = theories.find(name), images, by_depth
        self.credit, theory = None, self.theory
        self.lesions = tuple(virtual.LESIONS)[: 1 if smoke else None]
        about = {"images": images, "epoch": EARLY, "lesions": self.lesions}
        about |= {"lights": {when: dict(options) for when, options in theory.lights.items()}}
        about |= {"feedback": theory.feedback, "memory": theory.memory}
        about |= {"equivalent": theory.equivalent and theory.equivalent._asdict()}
        if theory.inhibition:
            about["inhibition"] = theory.inhibition
        self.about = named.loads(named.dumps(about))  # as it will be read

    def at(self, config, out):
        """Angles and virtual experiments of a network, as ``SHAPE``."""
        from experiments.run import files, named

        try:
            found = named.loads(files.text(out, MEASURED))
            if not named.fits(found, SHAPE):
                raise ValueError("it is not what this command writes")
            there = found["about"] == self.about
        except FileNotFoundError:
            there = False
        except RunError:
            raise
        except ValueError as error:
            text = f"{out / MEASURED} is damaged: {error}; without it, it is made again"
            raise RunError(text) from error
        if not there:
            found = self._new(config, out) | {"about": self.about}
            files.write(out, MEASURED, (named.dumps(found, indent=1) + "\n").encode())
        return found

    def _new(self, config, out):
        from experiments.run import loop
        from experiments.study import every_theory, observe, virtual
        from experiments.study.credit import Credit, fresh

        print(
            f"{every_theory.title(config.theory)}, seed {config.seed}: angles, experiments",
            flush=True,
        )
        run = loop.Run(config, RunFolder(out))
        shown = observe.some(run, min(self.images, len(run.data.train_labels)))
        if self.credit is None and self.theory.equivalent:
            how = config.how | {"precision": "double"}
            self.credit = Credit(run.network, self.theory.equivalent, len(shown[1]), how)
        rows = []
        for epoch in (0, *_looked_at(config)) if self.credit else ():
            state = run.folder.after(epoch) if epoch else run.network.start(config.seed)
            state = fresh(state, self.theory)
            angles = self.credit.angles(*shown, state, config.seed, max(0, epoch - 1))
            rows += [
                {"epoch": epoch, "layer": k, "angle": None if angle != angle else angle}
                for k, angle in enumerate(angles)
            ]
        if self.by_depth:
            return {"credit": rows, "experiments": []}
        shown, state = (*shown, run.data.classes), run.folder.after(EARLY)
        told = config, self.theory, shown, state, config.seed, EARLY, self.lesions
        changes = virtual.measured(*told)
        return {"credit": rows, "experiments": changes}


def _looked_at(config):
    """Epochs after which a network is looked at: the first, the middle and the last."""
    return sorted({1, config.epochs // 2, config.epochs} - {0})


def _number(value):
    return float("nan") if value is None else value


def _measure(data, name):
    """What the summary calls it: costs without a data set's name are of MNIST."""
    if name == "test_error":
        return f"{data.replace('-', '_')}_error"
    return name if data == "mnist" else f"{data.replace('-', '_')}_{name}"


if __name__ == "__main__":
    sys.exit(main())
