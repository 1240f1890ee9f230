"""Small networks for the tests: spike trains, a program, and the reference of the same."""

import numpy as np

from experiments.superspike import stimuli
from models import theory
from models.engine.recording import Recording
from models.theory import Inputs
from tests.superspike import reference

SUPERSPIKE = theory.find("superspike")
RECORDED = {"potentials": ("U", "I"), "errors": ("err", "a"), "traces": ("z", "zt", "sig")}
EXACT = 1e-10
ROOM = 5, 4  # spikes of an input, and targets of an output, that a row has place for


def network(sizes, **options):
    """A network that is shown spike trains; ``sizes`` begin with the input."""
    given = {"clear": False, "lasts": 40.0, "target": ()} | options
    given = SUPERSPIKE.options(layers=sizes[1:], **given)
    return SUPERSPIKE.network(given, stimuli.trains(ROOM[0], sizes[0]), sizes[-1], ROOM[1])


def trains(examples, cells, each, most, lasts=40.0, seed=0):
    """Spikes of some examples: about so many of each cell, on the grid of 1 ms, never two at once.

    None is in the last ms: what is on its way when an example ends is lost.
    """
    rng, found = np.random.default_rng(seed), []
    for _ in range(examples):
        times = [rng.permutation(int(lasts) - 1)[: rng.integers(0, 2 * each)] for _ in range(cells)]
        times = [np.sort(own[:most]).astype(float) for own in times]
        which = np.repeat(np.arange(cells), [len(own) for own in times])
        found.append(stimuli.Spikes(np.concatenate(times), which))
    return found


def inputs(shown, asked, sizes, state, **more):
    """What a program is given for such trains."""
    rows = stimuli.packed(shown, sizes[0], ROOM[0])
    target = stimuli.packed(asked, sizes[-1], ROOM[1])
    return Inputs(rows, np.zeros(len(shown), int), state, 1, more={"target": target}, **more)


def lists(spikes, cells):
    """Times of each cell."""
    return [list(spikes.times[spikes.cells == cell]) for cell in range(cells)]


def replayed(state, shown, asked, sizes, **options):
    """The reference, after the same trains: (reference, what is read of each example)."""
    known = {n: v for n, v in options.items() if n in reference.How._fields}
    own = reference.Reference(
        state, sizes, reference.How(**{"clear": False, "lasts": 40.0} | known)
    )
    examples = [
        reference.Example(lists(one, sizes[0]), lists(other, sizes[-1]))
        for one, other in zip(shown, asked, strict=True)
    ]
    return own, own.run(examples)


def recording():
    """Of all that is compared."""
    return Recording(RECORDED)


def names(reference_):
    """Populations of its layers."""
    return [*(f"hidden_{m}" for m in range(len(reference_.layers) - 1)), "output"]


def compare_state(found, own):
    """Weights and what else goes on, beside the reference."""
    for name, value in found.items():
        variable, _, owner = name.partition("_")
        if owner == "input":
            expected = getattr(own, variable)
        elif owner.isdigit():
            if variable == "B":
                continue
            expected = getattr(own.layers[int(owner)], variable.lower())
        else:
            layer = own.layers[names(own).index(owner)]
            expected = getattr(layer, variable)
        np.testing.assert_allclose(value, expected, rtol=0, atol=EXACT, err_msg=name)


def compare_records(records, own):
    """Potentials, errors and traces of each step, beside the reference."""
    seen = set()
    for (_, population, variable), values in records.items():
        if population == "input" or variable == "t":
            continue
        rows = [step[names(own).index(population)][variable] for step in own.rows]
        np.testing.assert_allclose(values, rows, rtol=0, atol=EXACT, err_msg=variable)
        seen.add(variable)
    assert seen == {"U", "I", "err", "a", "z", "zt", "sig"}


def compare_answers(out, read):
    """Answers and losses, beside the reference."""
    np.testing.assert_allclose(out.answers, read["decision"], rtol=0, atol=EXACT)
    loss = read["cost"].sum(axis=1)
    np.testing.assert_allclose(out.measures["loss"], loss, rtol=0, atol=EXACT)
