"""What a search moves: parameters of a configuration, each between two bounds, on a log scale.

A theory says where a search may look, option by option: ``option(..., search=(lowest, highest))``,
and for a list of ``name=number`` a dict of such bounds by name. So every theory is searched by the
same command. ``around`` makes the comparable space: all that the theory names, within a factor of
the value that it has; ``within`` the theory's own bounds.
"""

import dataclasses
from typing import NamedTuple

import numpy as np
from scipy.stats import qmc

from experiments.run.config import Config

ALONE = (0.0, 0.25, 0.75, 1.0)  # places of a parameter that is moved alone
USUAL = 0.51  # a place beside the usual value, where a change is one
EDGE = 1e-3  # of a place in [0, 1]


class Parameter(NamedTuple):
    """A number of a configuration that a search moves.

    Attributes
    ----------
    name : str
        Such as "forward_ms", "eta[0]" (the first of a list) or "cell[tau_L]".
    value : float
        What it is in the configuration.
    low, high : float
        Bounds, both of the sign of ``value``.
    """

    name: str
    value: float
    low: float
    high: float

    @property
    def sizes(self):
        """Bounds without their sign, the lower one first."""
        return tuple(sorted((abs(self.low), abs(self.high))))

    def at(self, place):
        """The value at a place in [0, 1], on a log scale."""
        sign = np.sign(self.value)
        low, high = np.log(sign * self.low), np.log(sign * self.high)
        return float(sign * np.clip(np.exp(low + place * (high - low)), *self.sizes))


def around(config, factor):
    """Parameters of a configuration, each within a factor of what it is.

    Parameters
    ----------
    config : Config
    factor : float
        Above 1.

    Returns
    -------
    tuple of Parameter
        Those that are 0 cannot be moved so and are left out.
    """
    found = _found(config)
    return tuple(Parameter(name, v, v / factor, v * factor) for name, (v, _) in found.items() if v)


def within(config):
    """The same, each within the bounds that its theory gives."""
    found = (
        (name, value, sorted(bounds, key=abs)) for name, (value, bounds) in _found(config).items()
    )
    return tuple(Parameter(name, value or low, low, high) for name, value, (low, high) in found)


def _found(config):
    """Name -> value and bounds of all that the theory lets a search move."""
    found = {}
    for field in dataclasses.fields(config.options):
        bounds, value = field.metadata.get("search"), getattr(config.options, field.name)
        if isinstance(bounds, dict):
            given = dict(text.split("=") for text in value)
            usual = config.options.usual(field.name)
            for name, own in bounds.items():
                found[f"{field.name}[{name}]"] = float(given.get(name, usual[name])), own
        elif bounds and isinstance(value, tuple):
            found |= {f"{field.name}[{k}]": (v, bounds) for k, v in enumerate(value)}
        elif bounds and value is not None:
            found[field.name] = value, bounds
    return found


def moved(config, values):
    """A configuration with other values of parameters (name -> number).

    ValueError, in one sentence, if no network has them.
    """
    flat, listed = config.flat(), {}
    for name, value in values.items():
        field, mark, place = name.rstrip("]").partition("[")
        if not mark:
            flat[field] = round(value) if isinstance(flat[field], int) else value
        elif place.isdecimal():
            own = list(flat[field])
            own[int(place)] = value
            flat[field] = tuple(own)
        else:
            listed.setdefault(field, {})[place] = value
    for field, own in listed.items():
        given = dict(text.split("=") for text in flat[field]) | own
        flat[field] = tuple(f"{name}={value}" for name, value in given.items())
    return Config.of(flat)


def that_count(config, parameters, inputs, classes):
    """Those parameters that the theory takes a change of: others would do nothing in this network.

    Bounds beyond which no network is, such as a phase shorter than what is left out of it, are
    drawn in.

    Parameters
    ----------
    config : Config
    parameters : sequence of Parameter
    inputs, classes : int
        Of the data.

    Returns
    -------
    kept : tuple of Parameter
    refused : dict
        Name -> the theory's sentence.
    """

    def refusal(parameter, place):
        try:
            moved(config, {parameter.name: parameter.at(place)}).network(inputs, classes)
        except ValueError as error:
            return str(error)
        return ""

    kept, refused = [], {}
    for parameter in parameters:
        why = refusal(parameter, USUAL)
        if why:
            refused[parameter.name] = why
            continue
        ends = [_edge(end, lambda place, p=parameter: not refusal(p, place)) for end in (0, 1)]
        low, high = (parameter.at(place) for place in ends)
        kept.append(parameter._replace(low=low, high=high) if ends != [0, 1] else parameter)
    return tuple(kept), refused


def _edge(end, good):
    """The place nearest to an end of [0, 1] that is good, as far as the middle is."""
    if good(end):
        return end
    bad, fine = float(end), USUAL
    while abs(bad - fine) > EDGE:
        middle = (bad + fine) / 2
        bad, fine = (bad, middle) if good(middle) else (middle, fine)
    return fine


def one_by_one(parameters):
    """Points that differ from the usual one, which is the first, in one parameter each.

    Returns a list of dict, name -> value: the usual point, then for each parameter four places from
    its lowest to its highest value.
    """
    usual = {p.name: p.value for p in parameters}
    return [usual, *(usual | {p.name: p.at(place)} for p in parameters for place in ALONE)]


def design(parameters, points, seed):
    """Points that fill a space evenly: a scrambled Sobol sequence.

    Parameters
    ----------
    parameters : sequence of Parameter
    points : int
        The first of them are the same whatever their number.
    seed : int

    Returns
    -------
    list of dict
        Name -> value.
    """
    engine = qmc.Sobol(len(parameters), scramble=True, rng=seed)
    places = engine.random_base2(max(0, points - 1).bit_length())[:points]
    return [
        {p.name: p.at(place) for p, place in zip(parameters, row, strict=True)} for row in places
    ]
