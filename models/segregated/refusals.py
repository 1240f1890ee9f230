"""Which parts and options do not go together, each in a sentence."""

import re

import numpy as np
from brian2 import Equations

from models.engine.integration import integrate
from models.segregated import plasticity, pyramidal, timing
from models.segregated.spiking import DRAWS
from models.segregated.timing import OF_CELLS

ASSIGNED = re.compile(r"^\s*(\w+)\s*[-+*/]?=(?!=)", re.MULTILINE)  # what a statement sets


def refuse(model):
    """Raise ValueError, in one sentence, if the parts of a ``Model`` do not go together."""
    for ok, why in _rules(model):
        if not ok:
            raise ValueError(why)
    for cell in (model.hidden, model.output):
        integrate(cell.integrator)
    timing.training(model.phases, 100, model.asynchronous)  # do the windows fit?


def _rules(model):
    f, n_out, usual = model.feedback, model.layers[-1], type(model.feedback)()
    yield len(model.layers) > 1, "--layers: inputs and at least one layer above them"
    yield (
        min(model.layers) > 0,
        f"--layers: every layer needs at least 1 cell, not {min(model.layers)}",
    )
    yield (
        n_out % model.classes == 0,
        f"--layers: {n_out} outputs for {model.classes} classes is not a multiple of them",
    )
    rounding = model.phases.rounding
    yield rounding in ("nearest", "down"), f"unknown rounding of phases {rounding!r}"
    rules = " or ".join(plasticity.RULES)
    yield model.rule in plasticity.RULES, f"unknown rule {model.rule!r}: {rules}"
    yield model.spike_draw in DRAWS, f"unknown spike_draw {model.spike_draw!r}"
    yield from _cell_rules(model)
    yield f.kind in ("random", "symmetric"), f"unknown feedback kind {f.kind!r}"
    yield f.path in ("broadcast", "layerwise"), f"unknown feedback path {f.path!r}"
    yield 0 <= f.sparsity < 1, f"sparsity is a share from 0 to below 1, not {f.sparsity}"
    yield (
        f.sparsity > 0 or f.rescale == usual.rescale,
        "a factor on sparse feedback weights needs sparse feedback: give a sparsity as well",
    )
    yield f.noise >= 0, f"feedback noise is a standard deviation, not {f.noise}"
    yield (
        not f.noise or f.kind == "symmetric",
        "noisy feedback needs symmetric feedback: give both or neither",
    )
    yield (
        f.kind != "symmetric" or not f.sparsity,
        "symmetric feedback uses the feedforward synapses and cannot be sparse",
    )
    yield (
        not f.mirror or (f.kind == "random" and f.spiking and not f.learned),
        "feedback that mirrors forward weights has weights of its own, spikes, and no other rule",
    )
    yield (
        f.kind != "symmetric" or not f.learned,
        "symmetric feedback follows the feedforward weights and cannot be learned as well",
    )
    yield (
        f.kind != "symmetric" or f.path == "layerwise" or model.depth <= 1,
        "symmetric feedback to more than one hidden layer goes layer by layer: "
        "add --feedback-path layerwise",
    )
    yield (
        model.rule != "backprop" or model.depth > 0,
        "the backprop rule trains hidden layers, and this network has none",
    )
    yield (
        model.rule != "backprop" or not (f.learned or f.mirror or model.asynchronous or f.noise),
        "the backprop rule uses no apical signal: learned feedback, asynchronous plateaus "
        "and feedback noise would do nothing",
    )
    yield (
        model.depth > 0 or (f == usual and not model.asynchronous),
        "feedback and plateau options need a hidden layer, and this network has none",
    )
    yield (
        model.rule != "backprop"
        or not model.segregated
        or f._replace(kind="random", path="broadcast", bias=False) == usual,
        "the backprop rule uses no apical signal, and neither does a segregated soma: "
        "feedback options would do nothing",
    )
    yield (
        f.spiking or not (f.kind == "symmetric" or f.learned or model.memory),
        "feedback by rates needs weights of its own that do not learn, and the full kernel: "
        "leave out symmetric and learned feedback and --memory",
    )
    yield (
        f.spiking or model.hidden.parts["apical"] == pyramidal.PARTS["apical"],
        "feedback by rates has an apical dendrite of its own, and so has this variant",
    )
    limit = 51 if model.spike_draw == "bernoulli" else 16  # what `history` can hold
    yield (
        0 <= model.memory_steps <= limit,
        f"memory is 0 to {limit} ms with spike_draw {model.spike_draw}, not {model.memory}",
    )
    yield np.min(model.init) >= 0, f"init is a width, 0 or more, not {model.init}"
    for name, values, layers in (
        ("--init", model.init, model.depth + 1),
        ("--feedback", f.scale, model.depth),
    ):
        yield (
            np.size(values) in (1, layers),
            f"{name}: 1 or {layers} values for this network, not {np.size(values)}",
        )


def _cell_rules(model):
    """What a cell of one's own may be, and which options cannot do their work with it."""
    hidden, standard = model.hidden, pyramidal.HIDDEN
    learning = plasticity.RULES["plateau"].learning
    for name, cell, statements, synapses in (
        ("an input", model.input, (), ()),
        ("a hidden", hidden, learning, ("basal", "apical", "learn")),
        ("an output", model.output, (), ("basal", "learn")),
    ):
        for kind, given, known in (
            ("moment", cell.moments, OF_CELLS),
            ("statement of learning", cell.learning, statements),
            ("synapse", cell.synapses, synapses),
        ):
            strange = sorted(set(given) - set(known))
            choice = f"choose from {', '.join(known)}" if known else "it can have none"
            yield not strange, f"{name} cell with an unknown {kind} {strange}: {choice}"
    for name, cell, parts in (
        ("a hidden", hidden, model.learning_rule.parts),
        ("an output", model.output, plasticity.OUTPUT_PARTS),
    ):
        own = Equations("\n".join(parts.values())).names
        for moment, code in cell.moments.items():
            again = sorted(own & set(ASSIGNED.findall(code)))
            yield (
                not again,
                f"{name} cell sets {' and '.join(again)} at {moment}, which the learning rule "
                "does after it: use learning=",
            )
    yield (
        model.rule == "plateau" or not hidden.learning,
        f"this variant learns in its own way ({', '.join(hidden.learning)}), "
        f"which --rule {model.rule} does not have",
    )
    own = [n for cell in (hidden, model.output) for n in (cell.threshold, *cell.synapses) if n]
    yield (
        model.spike_draw == "bernoulli" or not own,
        "this variant has its own threshold or synapses: it needs --spike-draw bernoulli",
    )
    yield (
        not model.memory or not (hidden.synapses or model.output.synapses),
        "this variant has its own synapses, which do not forget: leave out --memory",
    )
    yield (
        model.feedback.kind != "symmetric" or "apical" not in hidden.synapses,
        "symmetric feedback has synapses of its own, and so has this variant",
    )
    apical = [m for m in OF_CELLS if m.endswith(("apical", "plateau"))]
    yield (
        not model.asynchronous or all(hidden.moments.get(m) == standard.moments[m] for m in apical),
        "asynchronous plateaus are the paper's at times of their own, and this variant has "
        "other plateaus",
    )
