"""What a network costs, by measures that do not depend on hardware: those of NeuroBench.

Yik et al. (2025), Nature Communications 16:1545, https://doi.org/10.1038/s41467-025-56739-4:

``footprint_bytes``
    What it takes to hold the network: all that a checkpoint has (weights, biases, feedback, moments
    of an optimiser), in the precision in which it is calculated.
``connection_sparsity``
    Share of the weights that are 0, of all that there could be.
``spikes_per_image``, ``activation_sparsity``
    Spikes of all cells but the input's; share of these cells' activities that are 0. Of spiking
    cells each step is one activity, of rates each image.
``operations_per_image``
    Effective synaptic operations: for each activity that is not 0, the input's too, the weights
    that it goes through and that are not 0. A spike accumulates, a rate multiplies as well.

The last three are means over the images that a run records, shown as in training, and are left out
where it records neither spikes nor rates: another program would have to be compiled for them.
"""

import numpy as np

BYTES = {"single": 4, "double": 8}  # of a number
SPIKES, RATES = "spikes", "rates"  # kinds of records


def cost(run, state):
    """What the network of a run costs, at its end.

    Parameters
    ----------
    run : loop.Run
        Its records are written.
    state : dict of ndarray
        What was learned.

    Returns
    -------
    dict
        Name -> number, as above.
    """
    network, recorded = run.network, run.config.record
    through = connections(network, state)
    found = {"footprint_bytes": BYTES[run.config.precision] * sum(v.size for v in state.values())}
    if through:
        there = sum(np.count_nonzero(weights) for *_, weights in through)
        most = sum(weights.size for *_, weights in through)
        found["connection_sparsity"] = 1 - int(there) / most
    if SPIKES in recorded or RATES in recorded:
        with run.folder.records() as file:
            found |= _of_activity(file, run, through, spiking=SPIKES in recorded)
    return found


def _of_activity(file, run, through, spiking):
    """What is measured of the records: of spikes, or else of rates."""
    sizes, images = run.network.sizes, len(file["labels"])
    rate = "" if spiking else run.network.records[RATES][0]
    active = _spikes(file, sizes) if spiking else _rates(file, sizes, rate)
    if active.keys() != sizes.keys():
        return {}  # not of all cells
    own = list(sizes)[1:]
    count, each = sum(int(active[name].sum()) for name in own), images
    found = {"spikes_per_image": count / images} if spiking else {}
    if spiking:
        each = round(file["phases/end"][-1] / (1e3 * float(run.tester.schedule.dt)))  # steps
    found["activation_sparsity"] = 1 - count / (each * sum(sizes[name] for name in own))
    if through:
        done = sum(active[pre] @ np.count_nonzero(weights, axis=1) for pre, _, weights in through)
        found["operations_per_image"] = int(done) / images
    return found


def _spikes(file, sizes):
    """Population -> spikes of each cell, ndarray of int, shape (cells,)."""
    return {
        name: np.bincount(group["i"][()], minlength=sizes[name])
        for name, group in file[SPIKES].items()
    }


def _rates(file, sizes, variable):
    """Population -> in how many images each cell was active, ndarray of int, shape (cells,).

    Pixels are the activities of an input that is not recorded.
    """
    shape, found = file["labels"].shape, {}
    places = {name: f"{RATES}/{name}/{variable}" for name in sizes}
    first = next(iter(sizes))
    if places[first] not in file:
        places[first] = "images"
    for name, place in places.items():
        if place in file and file[place].shape == (*shape, sizes[name]):
            found[name] = np.count_nonzero(file[place][()], axis=0)
    return found


def connections(network, state):
    """Weights that activities go through: a list of (from, to, ndarray of shape (cells, cells)).

    Those on the way from the input to the output are ``W_0``, ``W_1``, ...; what else spikes go
    through, such as feedback, stands in the network's table of synapses.
    """
    sizes, found = network.sizes, {}
    names = list(sizes)
    for k, (pre, post) in enumerate(zip(names, names[1:], strict=False)):
        found[f"W_{k}"] = (pre, post)
    for synapses in network.model().get("synapses", ()):
        if any(row["when"] == f"spike of {synapses['from']}" for row in synapses["rows"]):
            found[synapses["name"]] = (synapses["from"], synapses["to"])
    return [
        (pre, post, state[name])
        for name, (pre, post) in found.items()
        if name in state and state[name].shape == (sizes[pre], sizes[post])
    ]
