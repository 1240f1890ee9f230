"""What a network of a page did, as a run folder: for exports, figures and the report.

Nothing was learned from a data set there, so it has neither metrics nor a result: ``config.json``
names the page, the condition and the seed.
"""

from types import SimpleNamespace

from experiments.run import provenance
from experiments.run.folder import RunFolder
from experiments.run.record import recording
from models.engine.recording import NOTHING

NEURONS = (0, 1, 2)


def options(parser):
    """Options of a page whose networks can be recorded."""
    parser.add_argument(
        "--record", nargs="+", default=(), metavar="KIND",
        help="records to write into RUNS/<theory>/<page>/<condition>: spikes, ...; first seed",
    )  # fmt: skip
    parser.add_argument(
        "--record-neurons", nargs="+", type=int, default=NEURONS, metavar="N",
        help="cells that are recorded in each step, for kinds that are (default: 0 1 2)",
    )  # fmt: skip


def asked(setting, network):
    """The ``Recording`` that the command line asks for; ValueError for what a network has not."""
    kinds = getattr(setting.given, "record", ())  # not every page has the option
    if not kinds:
        return NOTHING
    neurons = tuple(setting.given.record_neurons)
    for kind in kinds:
        if kind not in network.records:
            choice = ", ".join(network.records)
            raise ValueError(f"--record: unknown {kind!r}; choose from {choice}")
    if min(neurons) < 0 or min(neurons) >= max(network.sizes.values()):
        raise ValueError("--record-neurons: give at least one that a population has")
    return recording(network, tuple(kinds), neurons)


def both(own, asked):
    """A ``Recording`` of all that a page needs itself and that was ``asked`` for."""
    if not asked.kinds:
        return own
    cells = tuple(sorted({*(own.cells or ()), *asked.cells}))
    return asked._replace(kinds=dict(own.kinds) | dict(asked.kinds), cells=cells)


def write(setting, condition, network, records, phases, seed, cells=None, **more):
    """Write what was recorded of one condition, if anything was asked for.

    Parameters
    ----------
    setting : Setting
    condition : str
        The name of the folder.
    network : models.engine.network.Network
    records : dict
        Of a program's outputs, with those that were ``asked`` for; others are left out.
    phases : list of (start ms, end ms, name)
        What was given when; from 0 on, without a gap.
    seed : int
    cells : sequence of int, optional
        Those that were recorded in each step; default: those that were asked for.
    **more
        What else ``config.json`` is to say of it.
    """
    page, kinds = setting.page, list(getattr(setting.given, "record", ()))
    if not kinds:
        return
    records = {key: values for key, values in records.items() if key[0] in kinds}
    about = {"theory": page.theory, "page": page.name, "condition": condition, "seed": seed}
    about |= {"record": kinds, "precision": "single"} | more
    how = SimpleNamespace(theory=page.theory, device=setting.size("standalone", "runtime"))
    told = provenance.described(how, network)
    told |= {"about": f"{page.about.strip()}\n\n{told['about']}"}
    starts = provenance.started([], 0, provenance.origin(how))
    folder = RunFolder(setting.runs / page.theory / page.name / condition)
    folder.path.mkdir(parents=True, exist_ok=True)
    with folder.locked():
        folder.write_json("config.json", about)
        folder.write_json("provenance.json", {"seed": seed, "starts": starts})
        folder.write_text("equations.txt", network.text())
        folder.write_json("model.json", told)
        folder.write_records(
            records,
            sizes=network.sizes,
            variables=network.variables,
            labels=[0],
            classes=1,
            phases=phases,
            neurons=setting.given.record_neurons if cells is None else cells,
            per_image=(),
            rest={},
            events=network.events,
        )
    print(f"{condition}: recorded in {folder.path}", flush=True)
