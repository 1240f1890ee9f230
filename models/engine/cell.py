"""A kind of cell: parts (equations), moments (statements) and parameters, as a user edits them."""

from collections.abc import Mapping
from textwrap import dedent
from types import MappingProxyType
from typing import NamedTuple

from brian2 import Quantity

from models import units
from models.engine.device import parsed

NONE: Mapping = MappingProxyType({})


class NoParameters(NamedTuple):
    """Of a cell that has none."""


class Cell(NamedTuple):
    """A kind of cell: what a user edits.

    Attributes
    ----------
    parts : mapping of name -> str
        Brian2 equations, one string per anatomical part.
    moments : mapping of name -> str
        Statements that are run at a named moment of the theory's order.
    params : NamedTuple
        Parameters with units; its properties are derived values. Where it has ``about`` (symbol
        -> unit, source), tables say so.
    constants : mapping of name -> Quantity
        Further constants that a variant's equations use.
    integrator : str
        How potentials are stepped: "exact" (exponential, the traces' new values held over the
        step), "euler", or any integrator that Brian2 knows, e.g. "rk4".
    threshold : str
        When the cell fires; empty: as the theory has it.
    reset : str
        What a spike does to the cell itself, beside what it adds to the cell's own train.
    rest : mapping of name -> str
        Value at rest of each variable that does not rest at 0.
    learning : mapping of name -> str
        Statements in place of those of the learning rule that have the same name.
    synapses : mapping of name -> str
        What a synapse onto this cell does, in place of the standard, by the name of its pathway.
    double : tuple of str
        Variables that are in double precision in any run, as counts beyond 2**24.
    """

    parts: Mapping
    moments: Mapping = NONE
    params: tuple = NoParameters()
    constants: Mapping = NONE
    integrator: str = "exact"
    threshold: str = ""
    reset: str = ""
    rest: Mapping = NONE
    learning: Mapping = NONE
    synapses: Mapping = NONE
    double: tuple = ()

    def vary(self, params=NONE, integrator=None, threshold=None, reset=None, double=(), **mappings):
        """A new cell that differs in what is given: any attribute of ``Cell``.

        A part or moment of an existing name replaces it; a new name adds to the cell.

        Raises
        ------
        ValueError
            For a parameter that the cell does not have, or a part that is not text.
        TypeError
            For a word that is no attribute.
        """
        strange = set(mappings) - {n for n in self._fields if isinstance(getattr(self, n), Mapping)}
        if strange:
            raise TypeError(
                f"a cell has no {sorted(strange)[0]!r}: vary {', '.join(self._fields)}; "
                "what comes after its own parts and moments is added by .then(parts, moments)"
            )
        unknown = set(params) - set(self.params._fields)
        if unknown:
            raise ValueError(
                f"unknown parameter {sorted(unknown)[0]!r}: the cell has "
                f"{', '.join(self.params._fields)}; use constants= for a new symbol"
            )
        for kind, mapping in mappings.items():
            if not isinstance(mapping, Mapping):
                raise ValueError(f"{kind} is a dict of names and what they stand for: {mapping!r}")
            for name, text in mapping.items():
                if kind != "constants" and not isinstance(text, str):
                    raise ValueError(f"{kind}: {name!r} must be a string of equations")
        for name, value in params.items():
            if Quantity(value).dim != getattr(self.params, name).dim:
                usual = units.written(getattr(self.params, name), self.unit(name))
                raise ValueError(f"parameter {name!r} is a quantity such as {usual}, not {value}")
        return self._replace(
            params=self.params._replace(**params),
            integrator=integrator or self.integrator,
            threshold=self.threshold if threshold is None else threshold,
            reset=self.reset if reset is None else reset,
            double=(*self.double, *double),
            **{
                name: MappingProxyType({**getattr(self, name), **mapping})
                for name, mapping in mappings.items()
            },
        )

    def then(self, parts=NONE, moments=NONE):
        """This cell with more parts, and with statements after its own at some moments."""
        after = {
            name: "\n".join(
                dedent(code).strip("\n") for code in (self.moments.get(name), text) if code
            )
            for name, text in moments.items()
        }
        return self.vary(parts=parts, moments=after)

    @classmethod
    def of(cls, parts, moments=NONE, **others):
        """A cell of parts and moments that cannot be changed afterwards; other fields by name."""
        return cls(MappingProxyType(dict(parts)), MappingProxyType(dict(moments)), **others)

    @property
    def equations(self):
        """All parts as one ``Equations`` object; ModelError for what cannot be read."""
        return parsed("\n".join(self.parts.values()))

    @property
    def namespace(self):
        """Every symbol that the equations may refer to."""
        derived = {
            name: getattr(self.params, name)
            for name, value in vars(type(self.params)).items()
            if isinstance(value, property)
        }
        return self.params._asdict() | derived | dict(self.constants)

    def unit(self, name):
        """The unit in which a parameter is told, if its own table says one."""
        return getattr(self.params, "about", {}).get(name, (None,))[0]

    @property
    def clear(self):
        """Statements that return all potentials and traces to rest."""
        names = sorted(self.equations.diff_eq_names | set(self.rest))
        return "\n".join(f"{name} = {self.rest.get(name, f'0*{name}')}" for name in names)
