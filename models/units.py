"""Every unit that this project writes, its size in SI units, and how it is written: the one table.

Numbers that leave Brian2 (weights, records, tables of parameters) are in the first unit here that
has their dimensions. A parameter that is better told in another one says so itself.
"""

from typing import NamedTuple

from brian2 import Hz, Quantity, cm, mmolar, mS, ms, mV, nS, pA, pF, uA, uF, um
from brian2.units.fundamentalunits import DIMENSIONLESS, fail_for_dimension_mismatch


class Unit(NamedTuple):
    """A unit.

    Attributes
    ----------
    text : str
        How it is written.
    size : float
        Of one such unit, in SI units: what a number is multiplied by on its way into Brian2.
    dim : brian2.Dimension
    latex : str
    """

    text: str
    size: float
    dim: object
    latex: str

    @property
    def factor(self):
        """What an SI value is multiplied by."""
        return 1 / self.size


UNITS = (
    Unit("1", 1.0, DIMENSIONLESS, ""),
    Unit("mV", 1e-3, mV.dim, "mV"),
    Unit("ms", 1e-3, ms.dim, "ms"),
    Unit("Hz", 1.0, Hz.dim, "Hz"),
    Unit("1/ms", 1e3, Hz.dim, "1/ms"),
    Unit("mV ms", 1e-6, (mV * ms).dim, r"mV\,ms"),
    Unit("mV/ms", 1.0, (mV / ms).dim, "mV/ms"),
    Unit("ms^2", 1e-6, (ms**2).dim, "ms^2"),
    Unit("Hz^2", 1.0, (Hz**2).dim, "Hz^2"),
    Unit("kHz^2", 1e6, (Hz**2).dim, "kHz^2"),
    Unit("1/mV", 1e3, (1 / mV).dim, "1/mV"),
    Unit("nS", 1e-9, nS.dim, "nS"),
    Unit("pF", 1e-12, pF.dim, "pF"),
    Unit("pA", 1e-12, pA.dim, "pA"),
    Unit("mM", 1.0, mmolar.dim, "mM"),
    Unit("um", 1e-6, um.dim, r"\\mu m"),
    Unit("mS/cm^2", 10.0, (mS / cm**2).dim, "mS/cm^2"),
    Unit("uF/cm^2", 1e-2, (uF / cm**2).dim, r"\\mu F/cm^2"),
    Unit("uA/cm^2", 1e-2, (uA / cm**2).dim, r"\\mu A/cm^2"),
)
NAMED = {unit.text: unit for unit in UNITS}
SI = ("m", "kg", "s", "A", "K", "mol", "cd")  # in the order of Brian2's dimensions
TENS = {"mV": -3, "ms": -3, "nA": -9, "nS": -9}  # powers of ten, in SI units


def of(quantity):
    """The unit of whatever has dimensions: a quantity, an equation, a variable, a number."""
    dim = getattr(quantity, "dim", DIMENSIONLESS)
    for unit in UNITS:
        if unit.dim is dim:  # Brian2 has one object for each dimension; to compare them is slow
            return unit
    best = Quantity(1.0, dim=dim).get_best_unit()
    if str(best).isalpha():  # of products it has those that someone has made in this process
        return Unit(str(best), float(best), dim, str(best))
    return _product(dim)


def _product(dim):
    """A unit for what has no name: of mV, ms, nA and nS, or of SI units if it has others."""
    powers = dict(zip(SI, map(float, dim._dims), strict=True))
    volts = powers["kg"]
    if powers["m"] == 2 * volts:  # V is m^2 kg s^-3 A^-1
        seconds, amperes = powers["s"] + 3 * volts, powers["A"] + volts
        own = {"mV": volts, "nA": amperes} if volts != -amperes else {"nS": amperes}
        own["ms"] = seconds
        powers = own | powers | dict.fromkeys(("m", "kg", "s", "A"), 0.0)
    parts = [(f"{name}^{abs(n):g}".removesuffix("^1"), n) for name, n in powers.items() if n]
    above = " ".join(name for name, n in parts if n > 0) or "1"
    below = [name for name, n in parts if n < 0]
    text = f"{above}/({' '.join(below)})" if len(below) > 1 else "/".join((above, *below))
    size = 10.0 ** sum(TENS.get(name, 0) * n for name, n in powers.items())
    return Unit(text, size, dim, text)


def number(quantity, text=None):
    """A quantity as (number, unit's text), in the unit of that name or the first that fits."""
    unit = NAMED[text] if text else of(quantity)
    fail_for_dimension_mismatch(
        quantity, Quantity(1.0, dim=unit.dim), f"no quantity in {unit.text}"
    )
    return float(Quantity(quantity) / Quantity(unit.size, dim=unit.dim)), unit.text


def written(quantity, text=None):
    """A quantity as text, such as "20 ms"; parameters as ``number``."""
    value, unit = number(quantity, text)
    return f"{value:g} {unit}"
