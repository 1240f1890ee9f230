"""Generated code that is faster where this model gives room: dense projections, spikes, draws.

Brian2 writes all equations and statements as before; what is ours is the loop around them. Any
object that is not one of the special cases goes through Brian2's own templates.
"""

import os

from brian2 import Synapses
from brian2.codegen.generators.cpp_generator import CPPCodeGenerator
from brian2.core.functions import DEFAULT_FUNCTIONS
from brian2.devices import all_devices
from brian2.devices.cpp_standalone.codeobject import CPPStandaloneCodeObject
from brian2.devices.cpp_standalone.device import CPPStandaloneDevice
from brian2.synapses.synapses import SynapticPathway

HERE = os.path.dirname(os.path.abspath(__file__))
NAME = "dense_standalone"


class DenseSynapses(Synapses):
    """All-to-all synapses without delays, in the order of a matrix (presynaptic, postsynaptic).

    On any device they are ordinary Brian2 synapses; on ours an event walks one row of the matrix.
    """

    def __init__(self, source, target, model, **keywords):
        super().__init__(source, target, model, **keywords)
        self.connect()


class DenseGenerator(CPPCodeGenerator):
    """C++ in which the two ends of a synapse come from the loop, not from an index array."""

    def translate_to_read_arrays(self, read, write, indices):
        """Lines that read variables; the loop has already set both ends."""
        indices = set(indices) - {"_presynaptic_idx", "_postsynaptic_idx"}
        return super().translate_to_read_arrays(read, write, indices)


class FastCodeObject(CPPStandaloneCodeObject):
    """Code from our templates, and from Brian2's where we have none."""

    templater = CPPStandaloneCodeObject.templater.derive("models.engine.codegen")


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
        """A code object, from our template where a projection is dense."""
        given = keywords.get("template_kwds") or {}
        pathway = given.get("pathway", owner)
        if isinstance(pathway, SynapticPathway) and isinstance(pathway.synapses, DenseSynapses):
            if template_name == "synapses":
                template_name = "dense_synapses"
                keywords["codeobj_class"] = DenseCodeObject
                keywords["template_kwds"] = given | self._matrix(pathway)
            elif template_name == "synapses_push_spikes":
                template_name = "no_queue"
        elif template_name == "synapses_create_generator" and isinstance(owner, DenseSynapses):
            template_name = "dense_create"
        return super().code_object(
            owner, name, abstract_code, variables, template_name, variable_indices, **keywords
        )

    def _matrix(self, pathway):
        """What the dense template has to know of a pathway."""
        return {
            "events": self.get_array_name(pathway.source.variables[pathway.eventspace_name]),
            "n_events_index": len(pathway.source),
            "n_pre": len(pathway.synapses.source),
            "n_post": len(pathway.synapses.target),
            "prepost": pathway.prepost,
        }


def install():
    """Register the device with Brian2, and our uniform numbers with its code."""
    DEFAULT_FUNCTIONS["rand"].implementations.add_implementation(
        FastCodeObject,
        code={"support_code": "inline double _rand(const int) { return draws.uniform(); }"},
        name="_rand",
    )
    all_devices[NAME] = FastStandaloneDevice()
