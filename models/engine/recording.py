"""Which spikes, other events and variables are recorded, as Brian2 monitors.

Recording is asked for by name and for chosen cells, because all of it would be gigabytes. A theory
names its kinds of records, and the variables of each. A kind without variables is of times: those
of the event of its name, ``spikes`` of ``spike``, and so on.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from brian2 import EventMonitor, StateMonitor

SPIKES, VARIABLES = "spikes", "variables"  # kinds that need no names of variables
FIRST, LAST = -1, 10**6  # at the end of a step: before, and after, all that happens there


class Recording(NamedTuple):
    """What to record.

    Attributes
    ----------
    kinds : mapping of name -> tuple of str
        Kind -> variables; without any, it is of times, of all cells that have the event. A
        population is left out of a kind that it has none (of ``per_image``: fewer than two) of the
        variables of.
    per_image : tuple of str
        Kinds that are recorded once, at the end of each image, of all cells; all others, but
        times, in each step.
    cells : tuple of int or None
        Cells that are recorded in each step, in the populations that have them; None: all.
    """

    kinds: Mapping = MappingProxyType({})
    per_image: tuple = ()
    cells: tuple | None = None


NOTHING = Recording()


def event_of(kind):
    """The event whose times a kind without variables holds."""
    return kind.removesuffix("s")


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
            if not variables:
                if event_of(kind) in group.events:
                    monitor = EventMonitor(group, event_of(kind), **about)
                    monitor._clock = group.thresholder[event_of(kind)].clock  # when it is checked
                    found[kind, name] = monitor
            elif kind in recording.per_image:
                if len(held) > min(1, len(variables) - 1):
                    about |= {"clock": image_clock, "when": "end", "order": LAST}
                    found[kind, name] = StateMonitor(group, held, record=True, **about)
            elif held and chosen:
                about |= {"when": "end", "order": FIRST}
                found[kind, name] = StateMonitor(group, held, record=chosen, **about)
    return found
