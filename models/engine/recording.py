"""Which spikes, potentials and plateaus are recorded, as Brian2 monitors.

Recording is asked for by name and for chosen neurons, because all of it would be gigabytes.
"""

from typing import NamedTuple

from brian2 import SpikeMonitor, StateMonitor

KINDS = ("spikes", "voltages", "plateaus", "losses", "averages", "errors")
POTENTIALS = ("V", "V_a", "V_b")
PER_IMAGE = {  # what a cell holds when an image ends
    "plateaus": ("alpha_f", "alpha_t", "d_f", "d_t"),
    "losses": ("V_bar", "phi_bar", "phi_star", "alpha_f", "alpha_t"),
    "averages": ("V_bar", "phi_bar"),
    "errors": ("error", "e_bp"),
}


class Recording(NamedTuple):
    """What to record.

    Attributes
    ----------
    kinds : tuple of str
        From ``KINDS``.
    neurons : tuple of int or None
        Neurons whose potentials and variables are recorded in each population that has them;
        None: all.
        Spikes, plateaus and losses are always those of all neurons. With counts
        (``spike_draw="poisson"``), a step with several spikes is recorded as one.
    variables : tuple of str
        Further variables of the cells, such as a variant's own, in each step.
    """

    kinds: tuple = ()
    neurons: tuple | None = None
    variables: tuple = ()


NOTHING = Recording()


def monitors(recording, populations, image_clock):
    """Monitors for a recording.

    Parameters
    ----------
    recording : Recording
        What to record.
    populations : dict of NeuronGroup
        From input to output.
    image_clock : EventClock
        The last step of every image.

    Returns
    -------
    dict
        ``(kind, population)`` -> monitor.
    """
    unknown = set(recording.kinds) - set(KINDS)
    if unknown:
        raise ValueError(f"unknown record {sorted(unknown)[0]!r}: choose from {', '.join(KINDS)}")
    result = {}
    for name, group in populations.items():
        if "spikes" in recording.kinds:
            result["spikes", name] = SpikeMonitor(group, name=f"spikes_{name}")
        wanted = range(len(group)) if recording.neurons is None else recording.neurons
        chosen = [i for i in range(len(group)) if i in wanted]
        potentials = POTENTIALS if "voltages" in recording.kinds else ()
        for kind, names in (("voltages", potentials), ("variables", recording.variables)):
            held = [v for v in names if v in group.variables]
            if held and chosen:
                result[kind, name] = StateMonitor(
                    group, held, record=chosen, when="end", name=f"{kind}_{name}"
                )
        for kind, names in PER_IMAGE.items():
            held = [v for v in names if v in group.variables]
            if kind in recording.kinds and len(held) > 1:
                result[kind, name] = StateMonitor(
                    group,
                    held,
                    record=True,
                    clock=image_clock,
                    when="end",
                    order=1000,
                    name=f"{kind}_{name}",
                )
    return result
