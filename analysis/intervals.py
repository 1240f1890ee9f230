"""What lasts, such as plateaus: from each time of a kind to the next of the kind of its ends.

Kinds go together by their names, ``plateaus`` and ``plateau_ends``. A theory that records both as
events has intervals in exports and rasters.
"""

import numpy as np

from experiments.run.marks import single


def ends_of(kind):
    """The kind of times at which those of a kind end."""
    return f"{single(kind)}_ends"


def paired(begins, ends, last):
    """Intervals of cells.

    Parameters
    ----------
    begins, ends : tuple of ndarray
        Cell and time (ms) of each.
    last : ndarray, shape (images,)
        When images end (ms), in their order: what has not ended by then is cut there.

    Returns
    -------
    cell, start, stop : ndarray, shape (intervals,)
        In order of time. ``stop`` is the time of the last step in which it lasts.
    """
    order = np.lexsort((begins[0], begins[1]))
    cell, start = (values[order] for values in begins)
    stop = last[np.searchsorted(last, start, side="right").clip(max=len(last) - 1)].astype(float)
    for one in np.unique(cell):
        own, its = cell == one, np.sort(ends[1][ends[0] == one])
        after = np.append(its, np.inf)[np.searchsorted(its, start[own])]
        stop[own] = np.minimum(stop[own], after)
    return cell, start, stop


def of(times, last):
    """Kind -> population -> intervals, of all kinds whose ends are there, too.

    ``times``: kind -> population -> (cell, time in ms, size); ``last`` as for ``paired``.
    """
    return {
        kind: {
            name: paired(found[:2], times[ends_of(kind)][name][:2], last)
            for name, found in populations.items()
            if name in times[ends_of(kind)]
        }
        for kind, populations in times.items()
        if ends_of(kind) in times
    }
