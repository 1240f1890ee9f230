"""The circuit's own numbers in a table: values, units and where each one comes from.

A description of the equations names these symbols without saying more; here stand conductances,
standard rates, dynamic synapses, thresholds and times of plateaus, and who is connected to whom.
"""

from models import units
from models.engine import printing, variants
from models.interneurons import parameters, pyramidal

HEAD = "| symbol | value | unit | of | source |\n|---|---|---|---|---|"
SOURCES = """P: Guerguiev, Lillicrap & Richards (2017); B: Payeur et al. (2021); H: Hertaeg and
Sprekeler (2019). What is chosen is ours, most of it from a prototype.
"""
WIRED = "| from | onto | cells | cells | a synapse exists with |\n|---|---|---|---|---|"
STANDS = {"E": "pyramidal cells", "X": "input"}


def notes(parts, usual):
    """Text: constants of the circuit, its synapses between classes, and what a variant changes.

    Parameters
    ----------
    parts, usual : models.interneurons.circuit.Parts
        Of the network, and of the same one with the usual cells.

    Returns
    -------
    str
    """
    lines = ["numbers of the circuit", printing.RULE, SOURCES, HEAD, *_constants(parts)]
    lines += [
        "",
        "synapses between classes, drawn once (first hidden layer)",
        printing.RULE,
        WIRED,
        *_wired(parts),
    ]
    lines += ["", "what the variant changes", printing.RULE]
    lines += list(variants.changes(parts.cells, usual.cells)) or ["nothing"]
    return "\n".join([*lines, ""])


def _constants(parts):
    """A line for each constant of pyramidal cells, of their release, and of synapses."""
    known, usual = parts.cells["E"].constants, parameters.Inhibited()
    for name, (unit, source) in usual.about.items():
        yield _line(name, known[name], getattr(usual, name), unit, "E", source)
    for onto, standard in pyramidal.DYNAMIC.items():
        for name, (unit, source) in standard.about.items():
            own, of = f"{name}_{onto}", f"E to {onto}"
            yield _line(own, known[own], getattr(standard, name), unit, of, source)
    usual = parameters.Synapses()
    for name, (unit, source) in usual.about.items():
        yield _line(name, parts.symbols[name], getattr(usual, name), unit, "synapses", source)
    T_v = parts.symbols["T_v"]
    yield _line("T_v", T_v, T_v, "ms", "VIP", "an option: how long a volley lasts")


def _line(name, value, usual, unit, of, source):
    number, unit = units.number(value, unit)
    if value != usual:
        source = f"this network; usually {units.number(usual, unit)[0]:g} ({source})"
    return f"| {name} | {number:g} | {unit} | {of} | {source} |"


def _wired(parts):
    """A line for each pair of classes with synapses, beside the first hidden layer."""
    many = {"X": parts.layers[0], "E": parts.layers[1], **parts.many[0]}
    for source, onto in parts.pairs:
        ends = (STANDS.get(kind, kind) for kind in (source, onto))
        p = parameters.CONNECTED[source, onto]
        about = "ours, as pyramidal cells" if source == "X" else "H"
        row = (*ends, many[source], many[onto], f"probability {p:g} ({about}), weight 1/K")
        yield f"| {' | '.join(map(str, row))} |"
