"""Which spikes are events of another kind, such as those that begin a volley."""

import numpy as np

SPIKES = "spikes"  # a kind of records, of times; others that have a cell ``i`` are, too


def single(kind):
    """What each of a kind of times is: "spike" of "spikes"."""
    return kind.removesuffix("s")


def of(records):
    """Marks of spikes, from records.

    Parameters
    ----------
    records : dict
        (kind, population, variable) -> ndarray; variables of a kind of times are ``i`` and ``t``.

    Returns
    -------
    dict
        (population, kind) -> 1 for each spike that is one of the kind, else 0: of uint8, shape
        (spikes,). Kinds that have a time at which their cell has no spike are left out.
    """
    found = {}
    for kind, population, variable in records:
        if variable == "i" and kind != SPIKES and (SPIKES, population, "i") in records:
            own, spikes = (_places(records, one, population) for one in (kind, SPIKES))
            if np.isin(own, spikes).all():
                found[population, kind] = np.isin(spikes, own).astype(np.uint8)
    return found


def _places(records, kind, population):
    """Cell and time of each in one number: those of a step have the same time, to the bit."""
    i, t = (np.asarray(records[kind, population, variable]) for variable in "it")
    return i + 1j * t
