"""Which spikes and variables are recorded, as Brian2 monitors.

Recording is asked for by name and for chosen cells, because all of it would be gigabytes. A theory
names its kinds of records, and the variables of each; spikes have a kind of their own.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from brian2 import SpikeMonitor, StateMonitor

SPIKES, VARIABLES = "spikes", "variables"  # kinds that need no names
FIRST, LAST = -1, 10**6  # at the end of a step: before, and after, all that happens there


class Recording(NamedTuple):
    """What to record.

    Attributes
    ----------
    kinds : mapping of name -> tuple of str
        Kind -> variables; ``spikes`` has none. A population is left out of a kind that it has none
        (of ``per_image``: fewer than two) of the variables of.
    per_image : tuple of str
        Kinds that are recorded once, at the end of each image, of all cells; all others, but
        spikes, in each step.
    cells : tuple of int or None
        Cells that are recorded in each step, in the populations that have them; None: all.
    """

    kinds: Mapping = MappingProxyType({})
    per_image: tuple = ()
    cells: tuple | None = None


NOTHING = Recording()


def monitors(recording, groups, image_clock):
    """Monitors for a recording.

    Parameters
    ----------
    recording : Recording
        What to record.
    groups : dict of NeuronGroup
        From input to output.
    image_clock : Clock
        The last step of every image.

    Returns
    -------
    dict
        ``(kind, population)`` -> monitor.
    """
    found = {}
    for name, group in groups.items():
        wanted = range(len(group)) if recording.cells is None else recording.cells
        chosen = [i for i in range(len(group)) if i in wanted]
        for kind, variables in recording.kinds.items():
            about, held = {"name": f"{kind}_{name}"}, [v for v in variables if v in group.variables]
            if kind == SPIKES:
                if "spike" in group.events:
                    found[kind, name] = SpikeMonitor(group, **about)
            elif kind in recording.per_image:
                if len(held) > min(1, len(variables) - 1):
                    about |= {"clock": image_clock, "when": "end", "order": LAST}
                    found[kind, name] = StateMonitor(group, held, record=True, **about)
            elif held and chosen:
                about |= {"when": "end", "order": FIRST}
                found[kind, name] = StateMonitor(group, held, record=chosen, **about)
    return found
