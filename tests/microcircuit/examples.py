"""Small circuits for the tests: options, patterns, programs, and the reference of the same."""

import numpy as np
from scipy.special import logit

from models import theory
from models.engine.recording import Recording
from models.theory import Inputs
from tests.microcircuit import reference

MICROCIRCUIT = theory.find("microcircuit")
RECORDED = {
    "voltages": ("u", "v_B", "v_A", "v_TD", "v_PI", "v_D"),
    "rates": ("r",),
    "errors": ("e_W", "e_IP", "e_PI", "e_TD"),
}
EXACT = 1e-12
PLASTIC = {"eta_up": (0.05,), "eta_IP": (0.04,), "eta_PI": (0.03,), "eta_TD": (0.02,)}
BIG = (30, 20, 10)
SLOW = {name: (rate / 50,) for name, (rate,) in PLASTIC.items()}
MOST = 100  # patterns of a chunk of the compiled program


def options(sizes, **given):
    """Options of a circuit in time; ``sizes`` begin with the input."""
    return MICROCIRCUIT.options(layers=sizes[1:], **{"dynamics": "continuous"} | given)


def network(sizes, **given):
    """The circuit."""
    return MICROCIRCUIT.network(options(sizes, **given), sizes[0], sizes[-1])


def big(**rates):
    """30-20-10 in which all learns, compiled: the same build whatever the rates.

    Parameters
    ----------
    **rates
        eta_up, eta_IP, eta_PI, eta_TD: a learning rate, which may be 0, for all such synapses.

    Returns
    -------
    network, program
    """
    made = network(BIG, **SLOW)
    kinds = {name[4:]: 1000 * rate for name, rate in rates.items()}  # Hz
    kinds = {{"up": "W"}.get(kind, kind): rate for kind, rate in kinds.items()}
    usual = made.learning.settings

    def settings(epoch):
        return {n: kinds.get(n.split("_")[1], rate) for n, rate in usual(epoch).items()}

    made = made._replace(learning=made.learning._replace(settings=settings))
    return made, made.program(MOST)


def how(sizes, **given):
    """What the reference takes of the same options."""
    made = options(sizes, **given)
    return reference.How(**{n: getattr(made, n) for n in reference.How._fields if hasattr(made, n)})


def recording():
    """Of all that is compared."""
    return Recording(RECORDED)


def patterns(sizes, count, seed=0, classes=False):
    """Patterns, and the potentials that are asked for: at random, or those of the labels."""
    rng = np.random.default_rng(seed)
    x, goals = rng.uniform(0, 1, (count, sizes[0])), rng.uniform(-1, 1, (count, sizes[-1]))
    labels = rng.integers(0, sizes[-1], count)
    if classes:
        goals = np.where(np.arange(sizes[-1]) == labels[:, None], logit(0.8), logit(0.1))
    return x, goals, labels


def inputs(x, goals, state, taught=None, **more):
    """What a program is given for them; ``taught`` says which have a target, without it all."""
    taught = np.ones(len(x)) if taught is None else np.array(taught, dtype=float)
    told = {"goals": goals, "teaches": taught}
    return Inputs(x, np.zeros(len(x), int), state, 1, more=told, **more)


def begin(network_, sizes, given, seed=3, width=1.0, predicting=False):
    """A state in which nothing is 0: weights, thresholds, inductions, potentials and filters."""
    rng, known = np.random.default_rng(seed), network_.start(seed)
    drawn = reference.random(sizes, seed, width, width, width)
    drawn = reference.self_predicting(given, drawn) if predicting else drawn
    other = {n: rng.uniform(-0.3, 0.3, v.shape) for n, v in known.items() if n not in drawn}
    own = reference.Circuit({n: v for n, v in (drawn | other).items() if n in known}, given)
    follows = {f"{variable}_{cells}": v for (cells, variable), v in own.seen().items()}
    return {name: follows.get(name, own.state.get(name)) for name in known}


def replayed(state, given, x, goals, **more):
    """The reference after the same patterns."""
    own = reference.Circuit(state, given)
    own.run(x, goals, **more)
    return own


def compare_state(found, own):
    """All that goes on, beside the reference."""
    follows = {f"{variable}_{cells}": v for (cells, variable), v in own.seen().items()}
    for name, value in found.items():
        expected = follows[name] if name in follows else own.state[name]
        np.testing.assert_allclose(value, expected, rtol=0, atol=EXACT, err_msg=name)


def compare_records(records, own):
    """Each step, beside the reference: potentials as it ends, errors as it began."""
    begun, ended, seen = own.rows, [*own.rows[1:], own.seen()], set()
    for (_, cells, variable), values in records.items():
        if variable == "t":
            continue
        rows = begun if variable.startswith("e_") else ended
        expected = [row[cells, variable] for row in rows]
        np.testing.assert_allclose(
            values, expected, rtol=0, atol=EXACT, err_msg=f"{variable} of {cells}"
        )
        seen.add(variable)
    return seen


def moved(one, other):
    """Names of arrays that differ."""
    return {name for name in one if np.any(one[name] != other[name])}
