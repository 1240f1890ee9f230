"""C++ from Brian2's statements: types of the run's precision, blocks of random numbers, rows.

Brian2 writes every formula; what is ours is the type of its numbers, and where its random numbers
and the two ends of a synapse come from.
"""

import numpy as np
from brian2 import get_device, prefs
from brian2.codegen.generators.cpp_generator import CPPCodeGenerator
from brian2.codegen.translation import get_identifiers_recursively
from brian2.core.functions import Function
from brian2.core.variables import ArrayVariable, DynamicArrayVariable
from brian2.parsing.rendering import CPPNodeRenderer
from brian2.utils.stringtools import get_identifiers, word_substitute

BLOCKS = {"_rand": "uniforms", "_randn": "normals"}  # a call -> the block of `draws.h`
ENDS = {"_presynaptic_idx", "_postsynaptic_idx"}


def single():
    """Whether code is generated in single precision."""
    return prefs.core.default_float_dtype == np.float32


class Renderer(CPPNodeRenderer):
    """An expression in C++; ``blocks`` collects the random numbers that each cell takes."""

    def __init__(self, blocks, vector, **keywords):
        super().__init__(**keywords)
        self.blocks, self.vector = blocks, vector

    def render_Constant(self, node):
        """A literal of the run's precision: one double makes a whole line double."""
        text = super().render_Constant(node)
        return f"{text}f" if single() and isinstance(node.value, float | np.floating) else text

    def render_Name(self, node):
        """A symbol; the time step is kept in double precision, but not calculated with."""
        name = super().render_Name(node)
        return "(float)dt" if name == "dt" and self.vector and single() else name

    def render_Call(self, node):
        """A call; of random numbers, the cell's own of a block."""
        if self.blocks is None or not (self.vector and single()):
            return super().render_Call(node)
        if node.func.id in BLOCKS:
            return self._own(BLOCKS[node.func.id])
        if _is_capped_poisson(node):
            mean, most = self.render_node(node.args[0].args[0]), node.args[2].value
            return f"_capped_poisson<{most}>({mean}, {self._own('uniforms')})"
        return super().render_Call(node)

    def _own(self, kind):
        """A cell's own number of a new block."""
        self.blocks.append(kind)
        return f"_drawn_{len(self.blocks) - 1}[_vectorisation_idx]"


def _is_capped_poisson(node):
    """Whether a call is ``clip(poisson(...), 0, most)``, which a few comparisons can decide."""
    names = [getattr(getattr(part, "func", None), "id", "") for part in (node, *node.args)]
    least, most = (getattr(part, "value", None) for part in (*node.args, None, None)[1:3])
    capped = names[:2] == ["_clip", "_poisson"] and least == 0
    return capped and isinstance(most, int) and 0 < most <= 32


class Generator(CPPCodeGenerator):
    """C++ of the run's precision."""

    universal_support_code = ""  # it is in arithmetic.h
    takes_blocks = False

    def __init__(self, *arguments, **keywords):
        super().__init__(*arguments, **keywords)
        self.blocks = [] if self.takes_blocks else None
        self._vector = True

    def translate_to_read_arrays(self, read, write, indices):
        """Lines that read variables; the time step is known, and what follows from it, too."""
        known = get_device().array_cache.get(self.variables["dt"]) if "dt" in read else None
        if known is None:
            return super().translate_to_read_arrays(read, write, indices)
        others = super().translate_to_read_arrays(set(read) - {"dt"}, write, indices)
        return [f"const double dt = {known.item()!r};", *others]

    def translate_statement(self, statement):
        """One statement, of one value for all cells or of one for each."""
        self._vector = not statement.scalar
        return super().translate_statement(statement)

    def translate_expression(self, expression):
        """An expression."""
        expression = word_substitute(expression, self.func_name_replacements)
        renderer = Renderer(self.blocks, self._vector, auto_vectorise=self.auto_vectorise)
        return renderer.render_expr(expression).strip()

    def translate_statement_sequence(self, scalar, vector):
        """The code of all blocks, and what the template has to know."""
        before, within, keywords = super().translate_statement_sequence(scalar, vector)
        if self._changes_what_is_copied(scalar) or self._changes_what_is_copied(vector):
            before = {block: [*lines, "changed++;"] for block, lines in before.items()}
        return before, within, keywords | self.told(vector)

    def _changes_what_is_copied(self, blocks):
        """Whether statements write what a condition reads from copies (``AmongGenerator``)."""
        written = {self.variables.get(s.var) for statements in blocks.values() for s in statements}
        cells = [v for v in written if isinstance(v, ArrayVariable)]
        return any(v.name in asked_of_listed(v.owner) for v in cells)

    def told(self, vector):
        """What the template has to know beside the code."""
        return {"declarations": self._declarations(), "blocks": self.blocks or ()}

    def _declarations(self):
        """Arrays that the code uses, so that it need not know all others of the network."""
        found = []
        for variable in self.variables.values():
            if isinstance(variable, ArrayVariable):
                kind = self.c_data_type(variable.dtype)
                name = self.get_array_name(variable, access_data=False)
                if not isinstance(variable, DynamicArrayVariable):
                    found.append(f"extern {kind}* {name};")
                elif variable.ndim == 1:
                    found.append(f"extern std::vector<{kind}> {name};")
                else:
                    found.append(f"extern DynamicArray2D<{kind}> {name};")
            elif isinstance(variable, Function):
                own = variable.implementations[self.codeobj_class].get_namespace(self.owner)
                found += [
                    f"extern {self.c_data_type(value.dtype)}* {name};"
                    for name, value in (own or {}).items()
                ]
        return sorted(set(found))


class CellGenerator(Generator):
    """Of a loop over cells, each of which takes its own of a block of random numbers."""

    takes_blocks = True


def asked_of_listed(group):
    """Names that conditions read of which only cells are asked that another event has listed."""
    conditions = [group.events[event] for event in getattr(group, "among", ())]
    return get_identifiers_recursively(conditions, group.variables) if conditions else set()


class AmongGenerator(CellGenerator):
    """Of a condition of which only cells are asked that another event has listed.

    It reads copies of their values, which lie beside each other and are made anew after a change.
    """

    def __init__(self, *arguments, **keywords):
        super().__init__(*arguments, **keywords)
        self._copied = {}  # name of a variable -> type, array

    def translate_to_read_arrays(self, read, write, indices):
        """Lines that read variables; those of cells, from copies."""
        lines, others = [], set()
        for name in read:
            if self.variable_indices[name] != "_idx" or name == "not_refractory":
                others.add(name)  # one value; or changed where we cannot see it
                continue
            kind = self.c_data_type(self.variables[name].dtype)
            self._copied[name] = kind, self.get_array_name(self.variables[name])
            lines.append(f"const {kind} {name} = _copy_{name}[_k];")
        return sorted(lines) + super().translate_to_read_arrays(others, write, indices)

    def told(self, vector):
        """What the template has to know beside the code."""
        return super().told(vector) | {"copied": self._copied}


class DenseGenerator(Generator):
    """Of a walk through a matrix: the two ends of a synapse come from the loop."""

    def translate_to_read_arrays(self, read, write, indices):
        """Lines that read variables; the loop has already set both ends."""
        cells = {"i": "_presynaptic_idx", "j": "_postsynaptic_idx"}.items()
        lines = [f"const int32_t {name} = {end};" for name, end in cells if name in read]
        read, indices = set(read) - {"i", "j"}, set(indices) - ENDS
        return [*lines, *super().translate_to_read_arrays(read, write, indices)]

    def told(self, vector):
        """What the template has to know beside the code."""
        statements = vector.get(None, ())
        writes = any(self.variable_indices.get(s.var) == "_idx" for s in statements)
        return super().told(vector) | {"sums": self._sums(statements), "writes": writes}

    def _sums(self, statements):
        """What is needed of ``var_post += expression of w`` (or ``var_pre``), which is a sum.

        None if the statements are more, or other: then each synapse does them by itself.
        """
        if len(statements) != 1:
            return None
        (statement,) = statements
        used = get_identifiers(statement.expr) & self.variables.keys()
        to = self.variable_indices.get(statement.var)
        arrays = (name for name in used if isinstance(self.variables[name], ArrayVariable))
        known = {name: self.variables[name] for name in arrays}
        at = {name: self.variable_indices[name] for name, v in known.items() if not v.scalar}
        calls = any(isinstance(self.variables[name], Function) for name in used)
        kinds = {self.variables[name].dtype for name in (statement.var, *at)}
        if statement.op != "+=" or to not in ENDS or to in at.values() or calls or len(kinds) > 1:
            return None
        self._vector = True
        array = self.get_array_name
        return {
            "to": array(self.variables[statement.var]),
            "along": to,
            "type": self.c_data_type(self.variables[statement.var].dtype),
            "synapses": {n: array(known[n]) for n, i in at.items() if i not in ENDS},
            "ends": {n: array(known[n]) for n, i in at.items() if i in ENDS},
            "expression": self.translate_expression(statement.expr),
        }
