"""What stands in place of a line ``<!-- fill: ... -->`` of a page: tables made from ``results``."""

import json
import re
from pathlib import Path

from analysis import summary
from analysis.measures import MEASURES
from experiments.study.results import read_rows
from models.theory import NEEDS

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "results"
LINE = re.compile(r"^<!-- fill: (\w+)(?: of (\w+))? -->$", re.MULTILINE)
BY_HAND = ROOT / "docs" / "figures.md"  # figures that have a text of their own


def filled(text):
    """A page with its tables."""
    return LINE.sub(lambda found: MADE[found[1]](*filter(None, [found[2]])), text)


def figures(theory):
    """The figures of a theory's pages that no text shows yet: question, title and picture."""
    parts, by_hand = [], BY_HAND.read_text()
    for file in sorted((RESULTS / theory).glob("*/page.json")):
        page = json.loads(file.read_text())
        picture = f"results/{theory}/{page['page']}/{page['page']}.png"
        if picture in by_hand or not (ROOT / picture).exists():
            continue
        question = page["text"].strip().splitlines()[0]
        module = f"api/experiments.{theory}.{page['page']}.rst"
        parts += [f"### {page['page'].replace('_', ' ').capitalize()}", f"*{question}*"]
        parts += [f"![{page['title']}](../{picture})", f"[What it does and expects]({module})"]
    return "\n\n".join(parts)


def claims(theory):
    """The numbers of a theory for which its paper has one, too."""
    head = ("page", "network", "measure", "the paper", "here", "of", "epochs")
    lines, labels = [], _labels(theory)
    for row in read_rows(RESULTS / "summary.csv"):
        if row["theory"] != theory or not row["paper"] or row["measure"] not in MEASURES:
            continue
        measure, place = MEASURES[row["measure"]], (row["experiment"], row["condition"])
        here = f"{float(row['value']):.3g}"
        here += f" ± {float(row['spread']):.2g}" if row["spread"] else ""
        counted = f"{row['n']} {measure.counted}".strip()
        paper = f"{'< ' if measure.below else ''}{float(row['paper']):.3g}"
        named = labels.get(place, row["condition"].replace("_", " "))
        cells = row["experiment"], named, measure.text, paper, here, counted, row["epochs"]
        lines.append(cells)
    return table(head, lines) if lines else "No page of it has been run yet."


def speed():
    """CPU time of training and testing, as ratios to the hand-written programs."""
    rows = _benchmark("speed")
    programs = [name for name in dict.fromkeys(row["beside"] for row in rows) if name]
    shown = {}
    for r in rows:
        first = r["network"], r["what"]
        shown.setdefault(first, [*first, f"{float(r['ours_ms_per_image']):.2f}"])
        if r["beside"]:
            shown[first].append(_ratio(r))
    head = ("network", "what", "ms CPU an image", *(f"ratio to {name}" for name in programs))
    return _measured(head, shown.values())


def others():
    """Slower ways to run the same network."""
    shown = [(r["what"], r["cpu_ms_per_image"], r["times_ours"]) for r in _benchmark("others")]
    return _measured(("what", "ms CPU an image", "times ours"), shown)


def chunks():
    """The share of start-up by the length of a chunk."""
    shown = [(r["images"], f"{r['start_percent']} %") for r in _benchmark("chunks")]
    return _measured(("images in a chunk", "share of its time"), shown)


def growth():
    """CPU time by hidden units, and what each further hundred of them cost."""
    head = ("who", "hidden units", "ms CPU an image", "ms for each further 100", "to the mean")
    names = ("who", "hidden", "cpu_ms_per_image", "ms_per_further_100", "ratio_to_mean_growth")
    return _measured(head, [[r[name] for name in names] for r in _benchmark("growth")])


def memory():
    """Peak memory by synapses."""
    head = ("network", "synapses", "peak, MB", "bytes for each further synapse")
    names = ("network", "synapses", "peak_megabytes", "bytes_per_further_synapse")
    return _measured(head, [[r[name] for name in names] for r in _benchmark("memory")])


def compiling():
    """What it costs to compile a network."""
    head = ("network", "compilers, CPU s", "Python, CPU s", "wall s")
    names = ("what", "compiler_cpu_s", "python_cpu_s", "wall_s")
    return _measured(head, [[r[name] for name in names] for r in _benchmark("compiling")])


def accuracy():
    """Errors by CPU time."""
    names = ("what", "epoch", "test_error", "cpu_seconds")
    shown = [[r[name] for name in names] for r in _benchmark("time_to_accuracy")]
    return _measured(("what", "epochs", "test error, %", "CPU s"), shown)


def ensemble():
    """CPU time of bursting cells beside a hand-written program."""
    head = ("what", "ms CPU a second", "events a second", "bursts, %", "ratio (range)")
    names = ("what", "cpu_ms_per_s", "event_rate_hz", "burst_percent")
    shown = [[*(r[name] for name in names), _ratio(r)] for r in _benchmark("ensemble")]
    return _measured(head, shown)


def circuits():
    """CPU time of networks with interneurons beside the same without."""
    head = ("network", "interneurons", "ms CPU an image", "without them", "ratio (range)")
    names = ("what", "interneurons", "ms", "beside_ms")
    shown = [[*(r[name] for name in names), _ratio(r)] for r in _benchmark("circuits")]
    return _measured(head, shown)


def workers():
    """Folds of a study by one worker and by two."""
    shown = [[r["what"], r["folds_a_minute"], _ratio(r)] for r in _benchmark("workers")]
    return _measured(("what", "folds a minute", "ratio (range)"), shown)


def layer():
    """CPU time of a layer that learns in each step beside a hand-written program."""
    head = ("what", "us CPU a step", "ratio (range)")
    shown = [(r["what"], r["cpu_us_per_step"], _ratio(r)) for r in _benchmark("layer")]
    return _measured(head, shown)


def rates():
    """CPU time of backpropagation beside batched NumPy."""
    return _beside("rates")


def relaxing():
    """CPU time of equilibrium propagation beside batched NumPy."""
    return _beside("relaxing")


def firing():
    """CPU time of SuperSpike beside a hand-written program, and what leaving synapses out saves."""
    head = ("network", "what", "s CPU a second", "beside", "s CPU a second", "ratio (range)")
    head += ("cost differs by", "weights differ by")
    names = ("network", "what", "cpu_s_per_s", "beside", "its_cpu_s_per_s")
    ends = ("cost_differs_by", "weights_differ_by")
    return _both(head, "firing", names, ends)


def dendrites():
    """CPU time of microcircuits beside hand-written programs."""
    head = ("network", "what", "s CPU", "beside", "s CPU", "ratio (range)")
    head += ("potentials differ by", "weights differ by")
    names = ("network", "what", "cpu_s", "beside", "its_cpu_s")
    ends = ("potentials_differ_by", "weights_differ_by")
    return _both(head, "dendrites", names, ends)


def _both(head, name, names, ends):
    """Two programs, their ratio, and how far apart they end."""
    rows = _benchmark(name)
    shown = [[*(r[n] for n in names), _ratio(r), *(r[n] for n in ends)] for r in rows]
    return _measured(head, shown)


def _beside(name):
    head = ("network", "beside", "ours, ms CPU an image", "NumPy", "ratio (range)")
    shown = []
    for r in _benchmark(name):
        times = (f"{float(r[name]):.3f}" for name in ("ours_ms", "numpy_ms"))
        shown.append((r["network"], r["beside"], *times, _ratio(r)))
    return _measured(head, shown)


def agreement():
    """Test errors of our learning curves and of the bound's."""
    rows = read_rows(RESULTS / "benchmarks" / "agreement" / "test_error.csv")
    places = [(epoch, who) for epoch in ("1", "5") for who in ("ours", "bound")]
    shown = []
    for settings in dict.fromkeys(row["settings"] for row in rows):
        cells = []
        for epoch, who in places:
            key = settings, who, epoch
            same = [r for r in rows if (r["settings"], r["who"], r["epoch"]) == key]
            errors = [float(r["test_error"]) for r in same]
            cells.append(f"{sum(errors) / len(errors):.2f} ({_range(min(errors), max(errors))})")
        shown.append((f"`{settings}`", *cells))
    return table(("settings", *(f"{who}, epoch {epoch}" for epoch, who in places)), shown)


def precision():
    """Test errors in single and double precision."""
    rows, shown = _benchmark("precision/test_error"), []
    ends = sorted({r["epoch"] for r in rows})
    ends = ends[:1] + ends[-1:]
    for preset in dict.fromkeys(r["preset"] for r in rows):
        line = [preset]
        for epoch in ends:
            for kind in ("single", "double"):
                same = {"preset": preset, "precision": kind, "epoch": epoch}
                of = [float(r["test_error"]) for r in rows if same.items() <= r.items()]
                line.append(f"{sum(of) / len(of):.2f} ({_range(min(of), max(of))})")
        shown.append(line)
    columns = [f"{kind}, epoch {epoch}" for epoch in ends for kind in ("single", "double")]
    return _measured(("preset", *columns), shown)


def writes():
    """Writes that failed, and what was lost."""
    names = ("what", "calls", "trials", "lost")
    return _measured(names, [[r[name] for name in names] for r in _benchmark("trust/writes")])


def attacks():
    """The other attacks on runs, and what was lost."""
    shown = [
        (f"a run is killed at any moment ({r['runs']} runs)", f"{r['kills']} kills", r["lost"])
        for r in _benchmark("trust/kills")
    ]
    shown += [
        (
            "a run folder is trained, killed, copied, moved, damaged, restored",
            f"{r['steps']} steps",
            r["lost"],
        )
        for r in _benchmark("trust/machine")
    ]
    strangers = _benchmark("trust/gallery")
    if strangers:
        commands = sum(int(r["commands"]) for r in strangers)
        wrong = sum(int(r["wrong"]) for r in strangers)
        shown.append(
            ("strangers' run folders", f"{len(strangers)} folders, {commands} commands", wrong)
        )
    return _measured(("what", "how often", "went wrong"), shown)


def fuzz():
    """Readers that were given damaged files."""
    names = ("reader", "target", "inputs", "faults", "seconds")
    return _measured(names, [[r[name] for name in names] for r in _benchmark("trust/fuzz")])


def soak():
    """A long run: time, memory and files."""
    head = ("images", "ms a chunk", "memory, MB", "open files")
    names = ("images", "ms_per_chunk", "resident_megabytes", "open_files")
    return _measured(head, [[r[name] for name in names] for r in _benchmark("trust/soak")])


def _spread(row):
    return row["measure"].endswith(("error", "angle")) and float(row["spread"] or 0) > 1e-3


def side_by_side(data):
    """Errors, credit and costs of all theories on a data set."""
    start = "" if data == "mnist" else f"{data}_"
    measures = {f"{data}_error": "test error, %", f"{start}angle": "angle to backprop, °"}
    measures |= {f"{start}{n}_angle": f"the same, {n} hidden layers" for n in (2, 3)}
    measures |= {f"{start}feedback_angle": "angle of feedback to forward weights, °"}
    measures |= {f"{start}robust_1": "share right, 600 images"}
    measures |= {f"{start}robust_2": "median with settings within × 2"}
    measures |= {f"{start}robust_4": "the same within × 4"}
    measures |= {f"{start}cpu_ms_per_image": "CPU ms an image"}
    measures |= {f"{start}operations_per_image": "operations an image"}
    measures |= {f"{start}spikes_per_image": "spikes an image"}
    measures |= {f"{start}footprint_bytes": "bytes of the network"}
    found = {}
    for row in read_rows(RESULTS / "summary.csv"):
        if row["condition"] == "side_by_side":
            value = float(row["value"])
            told = f"{value:,.0f}" if value >= 100 else f"{round(value, 5):.3g}"
            told += f" ± {float(row['spread']):.2g} ({row['n']})" if _spread(row) else ""
            found.setdefault(row["theory"], {})[row["measure"]] = told
    there = [key for key in measures if any(key in own for own in found.values())]
    rows = [[name, *(own.get(key, "") for key in there)] for name, own in found.items()]
    rows = [row for row in rows if any(row[1:])]
    return table(("theory", *(measures[key] for key in there)), rows)


# MNIST of each theory's own pages, on the whole test set.
BEST = (
    ("backprop", "full_mnist", "bp_784_1000"),
    ("backprop", "full_mnist", "fa_784_1000"),
    ("target_propagation", "targets_mnist", "dtp"),
    ("bursts", "burstprop_mnist", "burstprop_mnist"),
    ("segregated", "depth", "best_one_hidden"),
    ("segregated", "depth", "best_two_hidden"),
    ("segregated", "frontier", "frontier_poisson"),
    ("segregated", "frontier", "frontier_regular"),
    ("equilibrium", "relaxed_mnist", "one_hidden"),
    ("microcircuit", "microcircuit_mnist", "sharp"),
    ("interneurons", "interneuron_mnist", "circuit_mnist"),
    ("superspike", "latency_mnist", "mnist"),
)


def best():
    """Test errors on MNIST of each theory's own pages, and of its paper."""
    found, rows = read_rows(RESULTS / "summary.csv"), []
    labels = summary.labels(found, RESULTS)
    for theory, page, condition in BEST:
        label = labels[theory, page][condition]
        row, of = summary.told(found, (theory, page), condition)
        error = f"{float(row['value']):.2f} ± {float(row['spread']):.2g}"
        of = f"{row['n']} {'tests of one network' if of == 'tests' else of}"
        paper = f"{float(row['paper']):.3g}" if row["paper"] else "–"
        rows.append((theory.replace("_", " "), page, label, error, of, row["epochs"], paper))
    head = ("theory", "page", "network", "test error %", "of", "epochs", "its paper")
    return table(head, rows)


def demands():
    """What theories ask of a cell, and how."""
    found = {need: [] for need in NEEDS}
    for file in sorted(RESULTS.glob("*/side_by_side/needs.csv")):
        theory = file.parts[-3].replace("_", " ")
        for row in read_rows(file):
            if row["asked"] == "1":
                found[row["need"]].append(f"*{theory}*: {row['how']}")
    rows = [
        (f"{need}: {NEEDS[need]}", "; ".join(told) or "no theory") for need, told in found.items()
    ]
    return table(("of a cell it is asked", "by"), rows)


SPEED = (speed, others, chunks, growth, memory, compiling, accuracy, ensemble, circuits, layer)
SPEED += (rates, relaxing, firing, dendrites, workers)
RIGHT = (agreement, precision)
TRUST = (writes, attacks, fuzz, soak)
MADE = {
    made.__name__: made
    for made in (figures, claims, side_by_side, demands, best, *SPEED, *RIGHT, *TRUST)
}


def _labels(theory):
    """(page, condition) -> what figures call it."""
    found = {}
    for file in (RESULTS / theory).glob("*/page.json"):
        page = json.loads(file.read_text())
        named = {name: about["label"] for name, about in page["conditions"].items()}
        found |= {(page["page"], name): label for name, label in named.items()}
    return found


def _benchmark(name):
    return read_rows(RESULTS / "benchmarks" / f"{name}.csv")


def _ratio(row):
    return (
        f"{float(row['ratio']):.2f} ({_range(row['lowest'], row['highest'])})"
        if row["ratio"]
        else ""
    )


def _measured(head, rows):
    rows = list(rows)
    return table(head, rows) if rows else "It has not been measured yet."


def _range(low, high):
    return f"{float(low):.2f} to {float(high):.2f}"


def table(head, rows):
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, cells))} |" for cells in lines)
