"""Options become cells and synapses: which there are, and with which numbers."""

from types import MappingProxyType

from brian2 import ms, mV

from models.interneurons import cells, parameters, pyramidal, variants, wiring
from models.interneurons.circuit import Parts
from models.segregated import inputs, output

# Who is connected where both classes are there; the last four by an option that is not 0.
CONNECTED = MappingProxyType(
    {
        ("E", "PV"): None,
        ("PV", "E"): None,
        ("PV", "PV"): None,
        ("E", "SST"): None,
        ("SST", "E"): None,
        ("SST", "VIP"): None,
        ("VIP", "SST"): None,
        ("SST", "PV"): "G_SP",
        ("VIP", "PV"): "G_VP",
        ("E", "VIP"): "W_VE",
        ("X", "PV"): "W_PX",
    }
)
DRIVEN = {"PV": "W_PE", "SST": "W_SE", "VIP": "W_VE"}  # class -> its option
OF_CELL = ("g_ap", "G_S", "E_PV", "E_SST", "theta_p", "T_p", "T_ref")
OF_SYNAPSES = ("G_PE", "G_PP", "G_VS", "G_SV", "G_SP", "G_VP")
UNITS = MappingProxyType(
    {"g": 1 / ms, "G": 1 / ms, "E": mV, "W": mV * ms, "T": ms, "tau": ms, "theta": 1}
)


def quantity(options, name):
    """An option that is a constant, with its unit."""
    return getattr(options, name) * UNITS[name.split("_")[0]]


def parts(options, inputs_):
    """What the wiring table is made of.

    Parameters
    ----------
    options : Options
    inputs_ : int
        Input cells.

    Returns
    -------
    Parts
    """
    present = options.present
    variant = variants.read(options.variant)
    ends = {"input": inputs.INPUT, "output": output.OUTPUT}
    if options.clear:
        ends = {kind: cell.then(moments={"onset": cell.clear}) for kind, cell in ends.items()}
    made = {"E": _pyramidal(options), **ends}
    made |= {kind: _interneuron(options, kind) for kind in present}
    found = {kind: variant.of(kind, cell) for kind, cell in made.items()}
    many = [
        {
            kind: n
            for kind, n in wiring.counts(size, options.interneurons).items()
            if kind in present
        }
        for size in options.layers[:-1]
    ]
    there = {"E", "X", *present}
    pairs = tuple(
        pair
        for pair, by in CONNECTED.items()
        if there.issuperset(pair) and (by is None or getattr(options, by))
    )
    return Parts(
        (inputs_, *options.layers),
        MappingProxyType(found),
        tuple(many),
        pairs,
        options.plateaus,
        options.gate_all,
        MappingProxyType(_symbols(options)),
    )


def _symbols(options):
    """Constants of the whole circuit."""
    ends = options.forward_ms, options.forward_ms + options.target_ms
    table = parameters.Synapses()._replace(**{n: quantity(options, n) for n in OF_SYNAPSES})
    return {
        "per_class": 1,
        "apical_steps": 0,
        "T_v": options.volley_ms * ms,
        "t_f": (ends[0] - options.T_p) * ms,  # when imposed plateaus begin
        "t_t": (ends[1] - options.T_p) * ms,
        "n_plateau": round(options.T_p),
        "n_refractory": round(options.T_ref),
        **table._asdict(),
    }


def _pyramidal(options):
    static = [onto for onto, name in (("PV", "STD"), ("SST", "STF")) if not getattr(options, name)]
    synapses = {onto: parameters.static(pyramidal.DYNAMIC[onto]) for onto in static}
    cell = pyramidal.CELL.vary(
        params={"g_a": options.g_a / ms},
        constants={name: quantity(options, name) for name in OF_CELL}
        | {"tau_SST": quantity(options, "tau_SST")}
        | {f"{n}_{onto}": v for onto, own in synapses.items() for n, v in own._asdict().items()},
    )
    if options.clear:
        cell = cell.then(moments={"onset": pyramidal.CLEAR})
    return cell


def _interneuron(options, kind):
    params = {"W_E": quantity(options, DRIVEN[kind]), "tau_SST": quantity(options, "tau_SST")}
    if kind == "PV":
        params["W_X"] = quantity(options, "W_PX")
    return cells.CELLS[kind].vary(params=params)
