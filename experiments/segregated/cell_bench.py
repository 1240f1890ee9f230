"""What kind of cell is it? One hidden cell on the bench, measured as a physiologist would.

    python -m experiments cell_bench --variant NAME|FILE.py [...] [--smoke] [--results DIR]

For a look at a new variant before it is trained: no data, no network, no compiler. Measured are
input resistance and time constant; gains, rates and intervals under constant drive; the responses
to a volley of basal and of apical spikes; plateaus against apical drive; spikes under Poisson
input; apical volleys of many sizes; basal and apical volleys together, and an apical volley with a
spike of the cell's own (BAC firing), both at several lags; and over one image all variables that
the paper's cell does not have. What a cell cannot have is said in words.

Where a cell differs from the paper's in its parameters alone, the closed form stands beside the
measure (``theory``); beside every cell stands the paper's (``paper``).

The bench has one hidden cell and nothing else: an output cell, phases or options of a variant stay
out of it, so that the sheets of ``asynchronous`` and ``oscillation`` are those of the paper's cell.

The gains around rest hold what the cell's own spikes do to it, as does the mean potential V_bar
from which it learns; those of a silent cell, far below rest, do not.

Expected of the paper's cell: 1/(g_l + g_b + g_a) for both resistance and time constant, gains k_b
and k_a, rates phi_max sigma(V), plateaus sigma(V_a), and spikes without memory: CV sqrt(1 - p) and
Fano factor 1 - p at p spikes a step. Its potentials add up: volleys of any size do what the
smallest predicts, and two things together what each does alone (1 in all these measures); a spike
does not reach the apical dendrite. Takes some 10 seconds a cell.
"""

from pathlib import Path

from experiments.run import seeds
from experiments.segregated.cell_protocols import FULL, SMOKE, characterise
from experiments.study.page import Page
from models.segregated import variants


def study(setting):
    """Characterise variants, by name or file, and write what was found."""
    results, seed, size = setting.results, setting.given.seed, setting.size(FULL, SMOKE)
    cells = {Path(variant).stem: (variant, variants.read(variant)) for variant in setting.only}
    if len(cells) < len(setting.only):
        raise ValueError("--variant: two of these have the same name")
    paper = variants.load("paper")
    for name, (variant, told) in cells.items():
        cell = told.hidden
        if name != "paper" and cell == paper:
            print(f"{name}: its hidden cell is the paper's", flush=True)
        sheet = characterise(name, cell, size, seed)
        sheet.about(told.about.strip().partition("\n")[0])
        arguments = ("--variant", variant, *(("--seed", str(seed)) if seed != 1 else ()))
        results.update("measures", sheet.measures, ("condition",))
        results.update("curves", [_short(row) for row in sheet.curves], ("condition",))
        results.update("words", sheet.words, ("condition",))
        keys = ("condition", "measure", "value", "spread", "n")
        results.headline([{k: row[k] for k in keys} for row in sheet.measures], arguments)
        for measure, (value, closed) in sheet.values().items():
            beside = "" if closed == "" else f"   theory {closed:.4g}"
            print(f"{name}  {measure:40s} {value:9.4g}{beside}", flush=True)
        for row in sheet.words:
            print(f"{name}  {row['kind']}: {row['text']}", flush=True)


def _short(row):
    """Four digits: a curve is for the eye."""
    return {k: f"{v:.4g}" if isinstance(v, float) else v for k, v in row.items()}


def _options(parser):
    parser.add_argument(
        "--variant", dest="only", nargs="+", default=["paper"], metavar="NAME|FILE.py",
        help="cells (default: paper); a file's code is run",
    )  # fmt: skip
    parser.add_argument("--seed", type=seeds.typed, default=1, help="(default: 1)")


page = Page(__name__, __doc__, study, options=_options, trains=False)
