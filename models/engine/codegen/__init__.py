"""Generated code that is faster where this model gives room: loops over cells, rows of weights.

Brian2 writes all equations and statements as before; what is ours is the loop around them. Any
object that is not one of the special cases goes through Brian2's own templates.
"""

import copy
import os

import numpy as np
from brian2 import EventClock, Synapses, get_device, prefs
from brian2.core.functions import DEFAULT_FUNCTIONS
from brian2.core.variables import Constant
from brian2.devices import all_devices
from brian2.devices.cpp_standalone.codeobject import CPPStandaloneCodeObject
from brian2.devices.cpp_standalone.device import CPPStandaloneDevice
from brian2.synapses.synapses import SynapticPathway

from models.engine.codegen.generators import (
    AmongGenerator,
    CellGenerator,
    DenseGenerator,
    Generator,
    single,
)

HERE = os.path.dirname(os.path.abspath(__file__))
NAME = "dense_standalone"
OF_CELLS = ("stateupdate", "threshold")  # templates of a loop over cells
INDICES = {"_synaptic_pre", "_synaptic_post"}


class DenseSynapses(Synapses):
    """All-to-all synapses without delays, in the order of a matrix (presynaptic, postsynaptic).

    On any device they are ordinary Brian2 synapses; on ours an event walks one row of the matrix.
    """

    def __init__(self, source, target, model, **keywords):
        super().__init__(source, target, model, **keywords)
        if isinstance(get_device(), CPPStandaloneDevice):
            self.connect()
        else:  # lists cost less than code that makes them
            i, j = np.indices((len(source), len(target)))
            self.connect(i=i.ravel(), j=j.ravel())

    @property
    def stride(self):
        """Values from one row of a compiled matrix to the next."""
        return _whole(len(self.target))


class FastCodeObject(CPPStandaloneCodeObject):
    """Code from our templates, and from Brian2's where we have none."""

    templater = CPPStandaloneCodeObject.templater.derive("models.engine.codegen")
    generator_class = Generator


class CellCodeObject(FastCodeObject):
    """Code of a loop over cells."""

    generator_class = CellGenerator


class AmongCodeObject(FastCodeObject):
    """Code of a condition of which only cells are asked that another event has listed."""

    generator_class = AmongGenerator


class DenseCodeObject(FastCodeObject):
    """Code of a dense projection."""

    generator_class = DenseGenerator


class FastStandaloneDevice(CPPStandaloneDevice):
    """Brian2's C++ standalone device with our loops."""

    def code_object_class(self, codeobj_class=None, fallback_pref=None):
        """Code objects of ours, unless another is asked for."""
        return codeobj_class or FastCodeObject

    def code_object(
        self, owner, name, abstract_code, variables, template_name, variable_indices, **keywords
    ):
        """A code object, from our template where we have one."""
        given = keywords.get("template_kwds") or {}
        pathway = given.get("pathway", owner)
        synapses = pathway.synapses if isinstance(pathway, SynapticPathway) else owner
        if isinstance(synapses, DenseSynapses):
            template_name = self._dense(template_name, variables)
            if template_name.startswith("dense"):
                keywords["codeobj_class"] = DenseCodeObject
                keywords["template_kwds"] = given | self._matrix(pathway, synapses)
                if owner is synapses and name.startswith(f"{synapses.name}_stateupdater"):
                    keywords["template_kwds"] |= self._rows(synapses)
        elif template_name in OF_CELLS and not isinstance(owner, Synapses):
            keywords["codeobj_class"] = CellCodeObject
            if template_name == "threshold":
                lists = self._lists(owner, given)
                keywords["template_kwds"] = given | lists
                if lists["asked"]:
                    keywords["codeobj_class"] = AmongCodeObject
        if single():
            variables = {name: _narrowed(variable) for name, variable in variables.items()}
        return super().code_object(
            owner, name, abstract_code, variables, template_name, variable_indices, **keywords
        )

    def init_with_zeros(self, var, dtype):
        """An array of zeros; times of an event clock are used where their file was read."""
        super().init_with_zeros(var, dtype)
        if _of_event_clock(var):
            self.zero_arrays.pop()

    def fill_with_array(self, var, arr):
        """Set values; see ``init_with_zeros``."""
        super().fill_with_array(var, arr)
        if _of_event_clock(var):
            _, (array, static, _) = self.main_queue.pop()
            self.insert_code("main", f"{var.owner.name}.times = {array} = {static};")

    def _lists(self, group, given):
        """The list of cells of which a condition is asked (empty: all); is its own such a list?"""
        event = given["eventspace_variable"].name.removeprefix("_").removesuffix("space")
        among = getattr(group, "among", {})
        other = among.get(event)
        asked = self.get_array_name(group.variables[f"_{other}space"]) if other else ""
        return {"asked": asked, "asks": event in among.values()}

    def _rows(self, synapses):
        """The list of cells whose synapses are stepped; none: all."""
        if not getattr(synapses, "stepped", ""):
            return {}
        events = synapses.source.variables[f"_{synapses.stepped}space"]
        return {"rows": self.get_array_name(events)}

    def _dense(self, name, variables):
        """The template for a dense projection; NotImplementedError if there is none."""
        known = {
            "synapses": "dense_synapses",
            "synapses_push_spikes": "no_queue",
            "synapses_create_generator": "dense_create",
            "stateupdate": "dense_statements",
        }
        if name not in known and INDICES & set(variables):
            raise NotImplementedError(f"dense synapses have no indices, which {name} asks for")
        return known.get(name, name)

    def _matrix(self, pathway, synapses):
        """What the dense templates have to know."""
        found = {"n_pre": len(synapses.source), "n_post": len(synapses.target)}
        found |= {"stride": synapses.stride, "stride_pre": _whole(len(synapses.source))}
        found["synapses"] = synapses.name
        if isinstance(pathway, SynapticPathway):
            events = pathway.source.variables[pathway.eventspace_name]
            found |= {"events": self.get_array_name(events), "prepost": pathway.prepost}
            found["n_events_index"] = len(pathway.source)
        return found


def narrow(timed):
    """Keep the values of a two-dimensional ``TimedArray`` in the precision of a compiled run."""
    if not single() or not isinstance(get_device(), FastStandaloneDevice):
        return
    timed.values = timed.values.astype(np.float32)
    rows, columns = timed.values.shape
    code = f"""
        inline float {timed.name}(const double t, const int i)
        {{
            const int row = std::min((int)(t/{float(timed.dt)!r} + 0.5), {rows - 1});
            if (i < 0 || i >= {columns})
                return NAN;
            return _namespace{timed.name}_values[row*(size_t){columns} + i];
        }}
    """
    timed.implementations.add_dynamic_implementation(
        FastCodeObject,
        code=lambda owner: {"support_code": code},
        namespace=lambda owner: {f"{timed.name}_values": timed.values.ravel()},
        name=timed.name,
    )


def _of_event_clock(variable):
    """Is it all times of an event clock?"""
    return isinstance(variable.owner, EventClock) and variable.name == "times"


def _whole(cells):
    """So many values or more, that fill lines of the cache."""
    line = 64 // np.dtype(prefs.core.default_float_dtype).itemsize
    return -(-cells // line) * line


def _narrowed(variable):
    """A constant of the equations in single precision; anything else as it is."""
    if isinstance(variable, Constant) and variable.dtype == np.float64:
        variable = copy.copy(variable)
        variable.dtype = np.dtype(np.float32)
    return variable


def install():
    """Register the device with Brian2, and our functions with its code."""

    def ours(name, called, code=None):
        about = {"code": {"support_code": code} if code else None, "name": called}
        DEFAULT_FUNCTIONS[name].implementations.add_implementation(FastCodeObject, **about)

    ours("rand", "_rand", "inline REAL _rand(const int) { return draws.uniform(); }")
    ours("exp", "_exp")
    ours("clip", "_clip")
    ours("exprel", "_exprel")
    DEFAULT_FUNCTIONS["randn"].implementations.add_dynamic_implementation(
        FastCodeObject, code=_normal, namespace=lambda owner: {}, name="_randn"
    )
    all_devices[NAME] = FastStandaloneDevice()


def _normal(owner):
    """Brian2's own normal numbers in double precision."""
    source = "draws.normal()" if single() else "brian::_random_generators[0].randn()"
    return {"support_code": f"inline REAL _randn(const int) {{ return {source}; }}"}
